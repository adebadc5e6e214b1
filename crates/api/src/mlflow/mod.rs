//! MLflow's REST API, of one project.

pub mod artifacts;
pub mod datasets;
pub mod experiments;
pub mod info;
pub mod logged_models;
pub mod metrics;
pub mod multipart;
mod objects;
pub mod params;
pub mod runs;
pub mod search;
pub mod tags;
