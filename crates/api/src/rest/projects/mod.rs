//! Projects over GitLab's REST API.

pub mod change;
pub mod create;
mod info;
pub mod list;

pub use self::change::{archive, delete, restore, unarchive, update};
pub use self::create::create;
pub use self::info::ProjectInfo;
pub use self::list::{get, list, of_group, of_user};
