//! The crate's tests against servers on the loopback.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod id_tokens;
mod jwks;
mod oidc;
mod outbound;
mod web;
