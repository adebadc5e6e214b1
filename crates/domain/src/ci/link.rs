//! The link of a project to a CI, as somebody asks for it.

use super::{Ci, is_job_id};
use crate::{Error, Result};

/// A link whose parts have the right form. Whether the server may fetch from the address is another question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub ci: Ci,
    /// Without a slash at its end.
    pub url: String,
    /// The project there: a path or number, `owner/repository`.
    pub project: String,
}

const MAX_BYTES: usize = 512;

impl Link {
    /// Without `url`, the address that most use.
    pub fn parse(kind: &str, url: Option<&str>, project: &str) -> Result<Self> {
        let Some(ci) = Ci::find(kind) else {
            return Err(Error::invalid(format!("'{kind:.200}' is not a kind of CI: use gitlab or github")));
        };
        let url = url.unwrap_or(ci.default_url()).trim_end_matches('/');
        check_url(url)?;
        check_project(ci, project)?;
        Ok(Self { ci, url: url.to_owned(), project: project.to_owned() })
    }
}

/// Whether a token can be sent to a CI: in a header.
pub fn check_token(token: &str) -> Result<()> {
    if token.len() <= MAX_BYTES && token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "token is not an access token: it has blanks, other characters than ASCII's, or more than {MAX_BYTES} of them"
    )))
}

/// What the token of a project's link is sealed for.
pub fn token_purpose(project_id: i64) -> String {
    format!("the token of the CI link of project {project_id}")
}

fn check_url(url: &str) -> Result<()> {
    let web =
        ["https://", "http://"].iter().any(|scheme| url.len() > scheme.len() && url.starts_with(scheme));
    let odd = |c: char| matches!(c, '?' | '#' | '@') || c.is_whitespace() || c.is_control();
    if web && url.len() <= MAX_BYTES && !url.contains(odd) {
        return Ok(());
    }
    // What stands before an @ may be a password.
    let shown = if url.contains('@') { "…" } else { url };
    Err(Error::invalid(format!(
        "'{shown:.200}' is not the address of a CI: write one such as https://gitlab.com"
    )))
}

fn check_project(ci: Ci, project: &str) -> Result<()> {
    let parts = project.split('/').collect::<Vec<_>>();
    let plain = project.len() <= MAX_BYTES
        && !project.contains(|c: char| c.is_whitespace() || c.is_control())
        && parts.iter().all(|part| !matches!(*part, "" | "." | ".."));
    let number = parts.len() == 1 && is_job_id(project);
    let right = match ci {
        Ci::Gitlab => number || parts.len() >= 2,
        Ci::Github => parts.len() == 2,
    };
    if plain && right {
        return Ok(());
    }
    let form = match ci {
        Ci::Gitlab => "a full path such as group/project, or a number",
        Ci::Github => "owner/repository",
    };
    Err(Error::invalid(format!("'{project:.200}' is not a project of {}: write {form}", ci.name())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_names_a_project_of_a_ci() {
        let link = Link::parse("gitlab", None, "acme/vision/iris").unwrap();
        assert_eq!((link.ci, &*link.url), (Ci::Gitlab, "https://gitlab.com"));
        let link = Link::parse("github", Some("http://10.0.0.7:8080/api/"), "octo/ml").unwrap();
        assert_eq!((link.ci, &*link.url), (Ci::Github, "http://10.0.0.7:8080/api"));
        assert!(Link::parse("gitlab", None, "4711").is_ok());
        for (kind, url, project, part) in [
            ("jenkins", None, "a/b", "'jenkins' is not a kind of CI"),
            ("gitlab", Some("gitlab.com"), "a/b", "'gitlab.com' is not the address"),
            ("gitlab", Some("https://"), "a/b", "'https:' is not the address"),
            ("gitlab", Some("https://x/?a=b"), "a/b", "is not the address"),
            ("gitlab", Some("https://ann:hunter2@x"), "a/b", "'…' is not the address"),
            ("gitlab", None, "acme", "'acme' is not a project of gitlab"),
            ("gitlab", None, "acme/../x", "is not a project of gitlab"),
            ("gitlab", None, "a/b c", "is not a project of gitlab"),
            ("github", None, "octo/ml/x", "write owner/repository"),
            ("github", None, "4711", "write owner/repository"),
        ] {
            let error = Link::parse(kind, url, project).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn a_token_can_stand_in_a_header() {
        assert!(check_token("glpat-abc").is_ok() && check_token("").is_ok());
        for token in ["a b", "a\n", "é", &"x".repeat(513)] {
            assert!(check_token(token).is_err(), "{token}");
        }
    }
}
