//! GitLab's REST API of people, projects, groups, members and tokens.

pub mod about;
pub mod access_tokens;
pub mod paging;
pub mod personal_access_tokens;
mod place;
mod tokens;
pub mod users;
