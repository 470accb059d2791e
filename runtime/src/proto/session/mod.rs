//! Socket.IO over one Engine.IO session: namespaces, the handshake of each, and attachments.

pub mod client;
pub mod server;
