//! Weir's own routes of the model registry: what the pages need and MLflow's API lacks.

pub mod compare;
mod describe;
pub mod events;
mod file_difference;
pub mod model_file;
pub mod versions;
