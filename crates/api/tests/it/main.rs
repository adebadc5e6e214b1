//! The behaviour of the server, through HTTP, on the engine that the environment chooses.

#![expect(clippy::unwrap_used, reason = "an answer of another form fails the test")]

mod access;
mod artifacts;
mod bad_input;
mod datasets;
mod experiments;
mod metrics;
mod multipart;
mod operation;
mod runs;
mod search;
