//! GitLab's packages: the files of runs and model versions by other addresses, and generic packages.

mod files;
mod form;
pub mod generic;
pub mod list;
pub(crate) mod listed;
pub mod ml_models;
pub mod package_files;
mod target;
mod upload;
