//! `tracing`, or nothing without the feature.

use std::fmt::Arguments;

/// Something that an operator should look at.
pub(crate) fn warn(message: Arguments<'_>) {
    #[cfg(feature = "tracing")]
    tracing::warn!(target: "ackord", "{message}");
    #[cfg(not(feature = "tracing"))]
    let _ = message;
}

/// Something that explains what happened, when somebody asks.
pub(crate) fn debug(message: Arguments<'_>) {
    #[cfg(feature = "tracing")]
    tracing::debug!(target: "ackord", "{message}");
    #[cfg(not(feature = "tracing"))]
    let _ = message;
}
