//! Projects over GitLab's REST API.

mod change;
mod create;
mod info;
mod list;

pub use self::change::{Delete, archive, delete, restore, unarchive, update};
pub use self::create::create;
pub use self::info::ProjectInfo;
pub use self::list::{get, list, of_group, of_user};
