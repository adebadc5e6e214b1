//! Weir's own routes of experiments and runs: what tables and charts are made of.

pub mod candidates;
pub mod columns;
pub mod experiments;
pub mod groups;
mod request;
pub mod series;
mod series_body;
pub mod table;
