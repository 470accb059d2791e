//! ackord: see the README.
