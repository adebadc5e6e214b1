//! The behaviour of the server, through HTTP, on the engine that the environment chooses.

#![expect(clippy::unwrap_used, clippy::panic, reason = "an answer of another form fails the test")]

mod access;
mod archives;
mod artifacts;
mod audit;
mod bad_input;
mod ci;
mod datasets;
mod events;
mod experiments;
mod logged_models;
mod metrics;
mod model_versions;
mod multipart;
mod openapi;
mod operation;
mod packages;
mod promotion;
mod reads;
mod registered_models;
mod registry;
mod rest;
mod runs;
mod search;
mod search_registry;
mod selectors;
mod sign_in;
mod sources;
mod tracking;
