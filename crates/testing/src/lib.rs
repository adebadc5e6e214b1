//! A server, a database and a bucket for tests; never shipped.

pub mod bucket;

pub use bucket::Bucket;
