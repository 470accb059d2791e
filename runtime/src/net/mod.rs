//! The edge: the only place that reads a clock, draws random numbers or touches tungstenite.

pub(crate) mod clock;
#[cfg(feature = "client")]
pub(crate) mod dial;
#[cfg(feature = "client")]
pub(crate) mod endpoint;
pub(crate) mod io;
pub(crate) mod random;

pub(crate) mod ws;
