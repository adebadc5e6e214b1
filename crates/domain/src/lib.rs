//! The words of the trade and their rules; no I/O, no SQL, no wire formats.

pub mod access;
pub mod address;
pub mod alias;
pub mod artifact;
pub mod audit;
pub mod ci;
pub mod dataset;
pub mod error;
pub mod experiment;
pub mod expiry;
pub mod filter;
pub mod grant;
pub mod key;
pub mod logged_model;
pub mod metric;
pub mod mlmodel;
pub mod model_event;
pub mod model_version;
pub mod namespace;
pub mod nickname;
pub mod package;
pub mod password;
pub mod provenance;
pub mod registered_model;
pub mod run;
pub mod seal;
pub mod secret;
pub mod selector;
pub mod series;
pub mod source;
pub mod stage;
pub mod statistics;
pub mod token;
pub mod value;
pub mod version;

pub use error::{Error, Result};
