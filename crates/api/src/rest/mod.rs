//! GitLab's REST API of people, projects, groups, members and tokens.

pub mod about;
pub mod access_tokens;
pub mod audit_events;
pub mod groups;
pub mod members;
pub mod paging;
pub mod personal_access_tokens;
mod place;
pub mod projects;
mod tokens;
pub mod users;

use weir_domain::{Error, Result};

/// What happens to what is wanted at once must be named in full, as GitLab has it.
fn check_full_path(given: Option<&str>, full_path: &str) -> Result<()> {
    match given {
        Some(path) if path.eq_ignore_ascii_case(full_path) => Ok(()),
        given => Err(Error::invalid(format!(
            "full_path is '{}': write '{full_path}' to have it removed at once",
            given.unwrap_or_default()
        ))),
    }
}

/// A path that is taken is the request's fault on these routes, as GitLab has it.
fn taken(error: Error) -> Error {
    match error {
        Error::AlreadyExists(sentence) => Error::Invalid(sentence),
        other => other,
    }
}
