//! The client's side of one Engine.IO session.
