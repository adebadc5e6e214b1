//! A server, a database and a bucket for tests; never shipped.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

pub mod bucket;
pub mod client;
pub mod database;
pub mod server;

pub use bucket::Bucket;
pub use client::{Answer, Client, TestRun};
pub use database::Database;
pub use server::{Artifacts, Replica, TestServer, Wishes};
