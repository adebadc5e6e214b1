//! Names and paths of users, groups and projects, by GitLab's rules.

use crate::{Error, Result};

/// Groups in groups at most, as in GitLab.
pub const MAX_DEPTH: usize = 20;
/// Between the deletion of a project or group and its removal: a week.
pub const DELETION_DELAY_MS: i64 = 7 * 24 * 60 * 60 * 1000;
const MAX_SEGMENT: usize = 255;
/// Characters of descriptions, as in GitLab.
pub const PROJECT_DESCRIPTION: usize = 2000;
pub const GROUP_DESCRIPTION: usize = 500;
pub const TOKEN_DESCRIPTION: usize = 255;

/// First segments of the server's own addresses: a group or user of that name would hide pages, or be hidden.
const RESERVED: &[&str] = &[
    "-",
    "admin",
    "ajax-api",
    "api",
    "assets",
    "dashboard",
    "explore",
    "favicon.ico",
    "get-artifact",
    "graphql",
    "groups",
    "health",
    "help",
    "jwt",
    "login",
    "logout",
    "metrics",
    "new",
    "oauth",
    "profile",
    "projects",
    "public",
    "ready",
    "robots.txt",
    "search",
    "sign-in",
    "sign_in",
    "static",
    "users",
    "v1",
    "version",
];

/// One segment of a path: letters, digits, `_`, `-`, `.`; no odd start or end. `what` it is stands in the message.
pub fn check_path(what: &str, path: &str) -> Result<()> {
    let allowed = path.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let start = path.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let end = !path.ends_with(['.', '-']) && !path.ends_with(".git") && !path.ends_with(".atom");
    if !allowed || !start || !end || path.is_empty() || path.len() > MAX_SEGMENT {
        return Err(Error::Invalid(format!(
            "'{path}' is not a {what}: use up to {MAX_SEGMENT} letters, digits, '_', '-' and '.', starting with a letter, digit or '_' and not ending in '.', '-', '.git' or '.atom'"
        )));
    }
    Ok(())
}

/// The same for a user or a group that lies in no other.
pub fn check_top_path(what: &str, path: &str) -> Result<()> {
    check_path(what, path)?;
    if RESERVED.contains(&path.to_ascii_lowercase().as_str()) {
        return Err(Error::Invalid(format!(
            "'{path}' is not a {what}: it is reserved for the server's own pages"
        )));
    }
    Ok(())
}

/// The name that people read: what is there is up to them, but it is one line and there is something in it.
pub fn check_name(what: &str, name: &str) -> Result<()> {
    let visible = name.chars().any(|c| !c.is_whitespace());
    if !visible || name.chars().any(char::is_control) || name.chars().count() > MAX_SEGMENT {
        return Err(Error::Invalid(format!(
            "'{name}' is not a name of a {what}: write one line of up to {MAX_SEGMENT} characters"
        )));
    }
    Ok(())
}

/// What a description of a `what` may be: anything that a database of ours keeps, of at most `most` characters.
pub fn check_description(what: &str, description: &str, most: usize) -> Result<()> {
    let count = description.chars().count();
    if count > most {
        return Err(Error::Invalid(format!(
            "the description of a {what} is too long (maximum is {most} characters): it has {count}"
        )));
    }
    Ok(())
}

/// The path that GitLab makes from a name when none is given: lower case, `-` for all that a path has not.
pub fn path_of_name(name: &str) -> String {
    let mut path = String::new();
    for c in name.trim().chars().flat_map(char::to_lowercase) {
        match c {
            c if c.is_ascii_alphanumeric() || matches!(c, '_' | '.') => path.push(c),
            _ if !path.ends_with('-') => path.push('-'),
            _ => {}
        }
    }
    path.trim_matches(['-', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_follow_gitlabs_rules() {
        for path in ["a", "iris", "_x", "9", "A.b-c_d", "x.y"] {
            check_path("path", path).unwrap();
        }
        for path in ["", "-a", ".a", "a.", "a-", "a.git", "a.atom", "a/b", "a b", "ä", &"x".repeat(256)] {
            assert!(check_path("path", path).is_err(), "{path}");
        }
        assert!(check_top_path("group path", "API").is_err());
        check_path("project path", "api").unwrap();
    }

    #[test]
    fn descriptions_are_counted_in_characters() {
        check_description("group", &"ü".repeat(500), GROUP_DESCRIPTION).unwrap();
        assert!(check_description("group", &"ü".repeat(501), GROUP_DESCRIPTION).is_err());
    }

    #[test]
    fn a_path_is_made_from_a_name() {
        for (name, path) in [
            ("My Models", "my-models"),
            ("  a  --b ", "a-b"),
            ("v1.2_x", "v1.2_x"),
            ("Ärger!", "rger"),
            ("!", ""),
        ] {
            assert_eq!(path_of_name(name), path);
        }
        assert!(check_name("group", " \t").is_err());
        assert!(check_name("group", "a\nb").is_err());
        check_name("group", "Ärger & Co.").unwrap();
    }
}
