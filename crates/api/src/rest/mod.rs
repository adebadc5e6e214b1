//! GitLab's REST API of people, projects, groups, members and tokens.

pub mod about;
pub mod access_tokens;
pub mod audit_events;
mod deletion;
mod filters;
pub mod groups;
pub mod members;
pub mod paging;
pub mod personal_access_tokens;
mod place;
pub mod projects;
pub mod sign_in_link;
mod tokens;
pub mod users;

use weir_domain::Error;

/// A path that is taken is the request's fault on these routes, as GitLab has it.
fn taken(error: Error) -> Error {
    match error {
        Error::AlreadyExists(sentence) => Error::Invalid(sentence),
        other => other,
    }
}
