//! The words of the trade and their rules; no I/O, no SQL, no wire formats.

pub mod error;

pub use error::{Error, Result};
