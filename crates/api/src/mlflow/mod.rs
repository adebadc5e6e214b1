//! MLflow's REST API, of one project.

pub mod aliases;
pub mod artifacts;
pub mod datasets;
pub mod experiments;
pub mod info;
pub mod logged_models;
pub mod metrics;
mod model_objects;
pub mod model_versions;
pub mod multipart;
mod objects;
pub mod params;
pub mod registered_models;
pub mod runs;
pub mod search;
pub mod search_registry;
pub mod tags;

pub use self::objects::double;
