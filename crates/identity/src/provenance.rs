//! Where a CI job's token says that it comes from.

use url::Url;
use weir_domain::provenance::{Kind, Provenance};

use crate::claims::Claims;

/// The issuer of GitHub's own jobs, and the end of the one of an Enterprise Server.
const GITHUB: &str = "https://token.actions.githubusercontent.com";
const GITHUB_SERVER: &str = "/_services/token";

/// The longest of GitLab's and GitHub's are paths and refs.
const MAX_BYTES: usize = 2048;

/// What `claims` say of the job that they are of.
pub fn of(claims: &Claims) -> Provenance {
    let kind = kind(claims);
    // A job without an environment has no claim of it, or an empty one. What no database keeps is as good as missing.
    let text = |name: &str| {
        claims.text(name).filter(|text| (1..=MAX_BYTES).contains(&text.len()) && !text.contains('\0'))
    };
    let (pipeline, job, workflow, actor, project, web_url) = match kind {
        Kind::Gitlab => (
            "pipeline_id",
            text("job_id"),
            "ci_config_ref_uri",
            "user_login",
            "project_path",
            gitlab_page(claims),
        ),
        Kind::Github => {
            ("run_id", text("check_run_id"), "workflow", "actor", "repository", github_page(claims))
        }
        Kind::Other => ("", None, "", "", "", None),
    };
    let known = |name: &str| if kind == Kind::Other { None } else { text(name) };
    Provenance {
        kind,
        issuer: claims.issuer().to_owned(),
        subject: text("sub"),
        project: known(project),
        pipeline: known(pipeline),
        attempt: known("run_attempt"),
        job,
        workflow: known(workflow),
        commit: known("sha"),
        git_ref: known("ref"),
        ref_protected: known("ref_protected").and_then(|text| text.parse().ok()),
        environment: known("environment"),
        actor: known(actor),
        web_url,
    }
}

/// By the claims that only one of them makes. The issuer is trusted by a rule, so it does not pose as another.
fn kind(claims: &Claims) -> Kind {
    let has = |names: &[&str]| names.iter().all(|name| claims.text(name).is_some());
    if has(&["project_path", "pipeline_id", "job_id"]) {
        Kind::Gitlab
    } else if has(&["repository", "run_id"]) {
        Kind::Github
    } else {
        Kind::Other
    }
}

fn gitlab_page(claims: &Claims) -> Option<String> {
    // Of a merge request from a fork, `project_path` is the fork, and the job runs in `job_project_path`, which servers
    // older than 18.4 do not tell; the two differ only there.
    let project = claims.text("job_project_path").or_else(|| claims.text("project_path"))?;
    page(claims.issuer(), &project, &["-", "jobs"], &[claims.text("job_id")?])
}

fn github_page(claims: &Claims) -> Option<String> {
    let host = github_host(claims.issuer())?;
    let page = page(&host, &claims.text("repository")?, &["actions", "runs"], &[claims.text("run_id")?])?;
    match claims.text("run_attempt") {
        Some(attempt) if is_number(&attempt) => Some(format!("{page}/attempts/{attempt}")),
        _ => Some(page),
    }
}

/// The web address of the GitHub that `issuer` speaks for.
fn github_host(issuer: &str) -> Option<String> {
    // An enterprise may have an issuer of its own below the common one.
    if issuer == GITHUB || issuer.strip_prefix(GITHUB).is_some_and(|rest| rest.starts_with('/')) {
        return Some("https://github.com".to_owned());
    }
    if let Some(server) = issuer.strip_suffix(GITHUB_SERVER) {
        return Some(server.to_owned());
    }
    // Data residency: token.actions.<name>.ghe.com speaks for <name>.ghe.com.
    let name = issuer.strip_prefix("https://token.actions.")?;
    name.ends_with(".ghe.com").then(|| format!("https://{name}"))
}

/// An address from parts that others wrote: only a plain path of the host, or nothing.
fn page(host: &str, project: &str, middle: &[&str], numbers: &[String]) -> Option<String> {
    let mut url = Url::parse(host).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let names = project.split('/').collect::<Vec<_>>();
    if names.iter().any(|name| name.is_empty() || *name == "." || *name == "..")
        || !numbers.iter().all(|n| is_number(n))
    {
        return None;
    }
    url.set_query(None);
    url.set_fragment(None);
    url.path_segments_mut().ok()?.pop_if_empty().extend(names).extend(middle).extend(numbers);
    Some(url.into())
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn provenance(claims: Value) -> Provenance {
        super::of(&Claims::new(claims.as_object().unwrap().clone()))
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    fn gitlab() -> Value {
        json!({
            "iss": "https://gitlab.example.com", "aud": "https://weir", "iat": 1, "exp": 2,
            "sub": "project_path:acme/ml/vision:ref_type:branch:ref:main",
            "namespace_id": "72", "namespace_path": "acme/ml", "project_id": "20", "project_path": "acme/ml/vision",
            "user_id": "1", "user_login": "alice", "user_email": "alice@example.com", "pipeline_id": "574",
            "pipeline_source": "push", "job_id": "302", "ref": "main", "ref_type": "branch",
            "ref_path": "refs/heads/main", "ref_protected": "true", "environment": "production",
            "ci_config_ref_uri": "gitlab.example.com/acme/ml/vision//.gitlab-ci.yml@refs/heads/main",
            "sha": "714a629c0b401fdce83e847fc9589983fc6f46bc",
        })
    }

    fn github() -> Value {
        json!({
            "iss": "https://token.actions.githubusercontent.com", "sub": "repo:octo/ml:environment:prod",
            "aud": "https://weir", "ref": "refs/heads/main", "sha": "6dcb09b5b57875f334f61aebed695e2e4193db5e",
            "repository": "octo/ml", "repository_owner": "octo", "actor": "octocat", "workflow": "train",
            "run_id": "9001", "run_number": "10", "run_attempt": "2", "ref_protected": "false",
            "check_run_id": "77", "environment": "prod", "job_workflow_ref": "octo/ml/.github/workflows/train.yml@refs/heads/main",
        })
    }

    #[test]
    fn of_gitlab() {
        let found = provenance(gitlab());
        let expected = Provenance {
            kind: Kind::Gitlab,
            issuer: "https://gitlab.example.com".to_owned(),
            subject: some("project_path:acme/ml/vision:ref_type:branch:ref:main"),
            project: some("acme/ml/vision"),
            pipeline: some("574"),
            attempt: None,
            job: some("302"),
            workflow: some("gitlab.example.com/acme/ml/vision//.gitlab-ci.yml@refs/heads/main"),
            commit: some("714a629c0b401fdce83e847fc9589983fc6f46bc"),
            git_ref: some("main"),
            ref_protected: Some(true),
            environment: some("production"),
            actor: some("alice"),
            web_url: some("https://gitlab.example.com/acme/ml/vision/-/jobs/302"),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn of_a_fork_the_page_is_where_the_job_runs() {
        let mut claims = gitlab();
        claims["project_path"] = json!("mallory/vision");
        claims["job_project_path"] = json!("acme/ml/vision");
        let found = provenance(claims);
        assert_eq!(found.project, some("mallory/vision"));
        assert_eq!(found.web_url, some("https://gitlab.example.com/acme/ml/vision/-/jobs/302"));
    }

    #[test]
    fn of_github() {
        let found = provenance(github());
        let expected = Provenance {
            kind: Kind::Github,
            issuer: "https://token.actions.githubusercontent.com".to_owned(),
            subject: some("repo:octo/ml:environment:prod"),
            project: some("octo/ml"),
            pipeline: some("9001"),
            attempt: some("2"),
            job: some("77"),
            workflow: some("train"),
            commit: some("6dcb09b5b57875f334f61aebed695e2e4193db5e"),
            git_ref: some("refs/heads/main"),
            ref_protected: Some(false),
            environment: some("prod"),
            actor: some("octocat"),
            web_url: some("https://github.com/octo/ml/actions/runs/9001/attempts/2"),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn githubs_pages_are_on_the_issuers_host() {
        for (issuer, host) in [
            ("https://token.actions.githubusercontent.com/octo-inc", Some("https://github.com")),
            ("https://ghes.example.com/_services/token", Some("https://ghes.example.com")),
            ("https://token.actions.octo.ghe.com", Some("https://octo.ghe.com")),
            ("https://token.actions.githubusercontent.com.evil.example", None),
            ("https://token.actions.evil.example", None),
            ("https://ci.example.com", None),
        ] {
            let mut claims = github();
            claims["iss"] = json!(issuer);
            let expected = host.map(|host| format!("{host}/octo/ml/actions/runs/9001/attempts/2"));
            assert_eq!(provenance(claims).web_url, expected, "{issuer}");
        }
    }

    #[test]
    fn a_page_is_made_of_plain_parts_only() {
        for (claim, value) in [
            ("project_path", "acme/../root"),
            ("project_path", "/evil.example"),
            ("project_path", ""),
            ("job_id", "302/../../x"),
            ("job_id", "javascript:1"),
            ("job_id", ""),
            ("iss", "javascript:alert(1)"),
            ("iss", "gitlab"),
        ] {
            let mut claims = gitlab();
            claims[claim] = json!(value);
            assert_eq!(provenance(claims).web_url, None, "{claim}={value}");
        }
        let mut claims = gitlab();
        claims["project_path"] = json!("acme/a b?x#y");
        claims["iss"] = json!("https://host.example/gitlab/");
        let expected = some("https://host.example/gitlab/acme/a%20b%3Fx%23y/-/jobs/302");
        assert_eq!(provenance(claims).web_url, expected);
    }

    #[test]
    fn of_others_only_the_subject_is_known() {
        let found = provenance(
            json!({ "iss": "https://id.example.com", "sub": "bot", "sha": "x", "ref": "y", "job_id": 1 }),
        );
        assert_eq!((found.kind, found.subject), (Kind::Other, some("bot")));
        assert_eq!((found.commit, found.git_ref, found.job, found.web_url), (None, None, None, None));
    }

    #[test]
    fn what_no_database_keeps_is_none() {
        let mut claims = gitlab();
        claims["ref"] = json!("a\u{0}b");
        claims["user_login"] = json!("a".repeat(2049));
        let found = provenance(claims);
        assert_eq!((found.git_ref, found.actor), (None, None));
        assert_eq!(found.job, some("302"));
    }

    #[test]
    fn what_is_missing_or_empty_is_none() {
        let found = provenance(json!({
            "iss": "https://gitlab.com", "project_path": "a/b", "pipeline_id": 1, "job_id": 2, "environment": "", "ref_protected": "maybe"
        }));
        assert_eq!((found.pipeline, found.job), (some("1"), some("2")));
        assert_eq!((found.environment, found.ref_protected, found.actor), (None, None, None));
        assert_eq!(found.web_url, some("https://gitlab.com/a/b/-/jobs/2"));
    }
}
