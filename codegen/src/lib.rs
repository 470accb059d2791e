//! TypeScript typings from ackord contracts.
