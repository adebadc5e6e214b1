//! Asking a linked CI for a job: GitLab by its jobs, GitHub by the runs of its workflows.

use axum::http::header::{ACCEPT, AUTHORIZATION};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use weir_domain::ci::Ci;
use weir_identity::outbound::{self, Outbound, Request};
use weir_store::ci_jobs::JobDetails;

/// A linked project with the token in plain text. Not `Debug`: it would show that.
pub struct Source<'a> {
    pub ci: Ci,
    pub url: &'a str,
    pub project: &'a str,
    pub token: Option<&'a str>,
}

/// Why nothing was learned of a job.
#[derive(Debug, PartialEq, Eq)]
pub enum Miss {
    /// The CI says that there is no such job.
    Unknown(String),
    /// It did not say; it may later.
    Trouble(String),
}

/// What a description may take: those of jobs have some KiB.
const MAX_BYTES: usize = 256 * 1024;

/// Asks for a job, whose number is checked.
pub async fn ask(outbound: &Outbound, source: &Source<'_>, job: &str) -> Result<JobDetails, Miss> {
    match source.ci {
        Ci::Gitlab => gitlab(outbound, source, job).await,
        Ci::Github => github(outbound, source, job).await,
    }
}

#[derive(Deserialize)]
struct GitlabJob {
    name: Option<String>,
    status: Option<String>,
    web_url: Option<String>,
    r#ref: Option<String>,
    commit: Option<GitlabCommit>,
    pipeline: Option<GitlabPipeline>,
    user: Option<GitlabUser>,
}

#[derive(Deserialize)]
struct GitlabCommit {
    id: Option<String>,
}

#[derive(Deserialize)]
struct GitlabPipeline {
    id: Option<i64>,
    r#ref: Option<String>,
    web_url: Option<String>,
}

#[derive(Deserialize)]
struct GitlabUser {
    username: Option<String>,
    web_url: Option<String>,
}

#[derive(Deserialize)]
struct GitlabMergeRequest {
    title: Option<String>,
    web_url: Option<String>,
}

async fn gitlab(outbound: &Outbound, source: &Source<'_>, job: &str) -> Result<JobDetails, Miss> {
    let project = utf8_percent_encode(source.project, NON_ALPHANUMERIC);
    let project = format!("{}/api/v4/projects/{project}", source.url);
    let found = get::<GitlabJob>(outbound, source, &format!("{project}/jobs/{job}")).await?;
    let pipeline = found.pipeline.as_ref();
    let mut details = JobDetails {
        name: text(found.name),
        ended: found.status.as_deref().is_some_and(has_ended),
        status: text(found.status),
        web_url: page(found.web_url),
        pipeline: pipeline.and_then(|pipeline| pipeline.id).map(|id| id.to_string()),
        pipeline_url: page(pipeline.and_then(|pipeline| pipeline.web_url.clone())),
        git_ref: text(found.r#ref),
        commit: text(found.commit.and_then(|commit| commit.id)),
        user_name: text(found.user.as_ref().and_then(|user| user.username.clone())),
        user_url: page(found.user.and_then(|user| user.web_url)),
        ..JobDetails::default()
    };
    if let Some(number) = pipeline.and_then(|pipeline| merge_request(pipeline.r#ref.as_deref()?)) {
        // The title is an extra: without it the job is found all the same.
        let address = format!("{project}/merge_requests/{number}");
        if let Ok(request) = get::<GitlabMergeRequest>(outbound, source, &address).await {
            details.merge_request_title = text(request.title);
            details.merge_request_url = page(request.web_url);
        }
        details.merge_request = Some(number);
    }
    Ok(details)
}

/// GitLab's states from which a job does not come back by itself. One that is retried has a new number.
fn has_ended(status: &str) -> bool {
    matches!(status, "success" | "failed" | "canceled" | "skipped")
}

/// The number of the merge request that a pipeline belongs to: its ref is `refs/merge-requests/<number>/head`.
fn merge_request(git_ref: &str) -> Option<String> {
    let number = git_ref.strip_prefix("refs/merge-requests/")?.split('/').next()?;
    weir_domain::ci::is_job_id(number).then(|| number.to_owned())
}

#[derive(Deserialize)]
struct GithubRun {
    name: Option<String>,
    status: Option<String>,
    conclusion: Option<String>,
    html_url: Option<String>,
    head_branch: Option<String>,
    head_sha: Option<String>,
    actor: Option<GithubUser>,
    #[serde(default)]
    pull_requests: Vec<GithubPullRequest>,
}

#[derive(Deserialize)]
struct GithubUser {
    login: Option<String>,
    html_url: Option<String>,
}

#[derive(Deserialize)]
struct GithubPullRequest {
    number: i64,
}

async fn github(outbound: &Outbound, source: &Source<'_>, run: &str) -> Result<JobDetails, Miss> {
    let (owner, name) = source.project.split_once('/').unwrap_or((source.project, ""));
    let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
    let address = format!("{}/repos/{}/{}/actions/runs/{run}", source.url, encode(owner), encode(name));
    let found = get::<GithubRun>(outbound, source, &address).await?;
    let web_url = page(found.html_url);
    let request = found.pull_requests.first().map(|request| request.number);
    let repository =
        web_url.as_deref().and_then(|url| url.split_once("/actions/runs/")).map(|(address, _)| address);
    Ok(JobDetails {
        name: text(found.name),
        ended: found.status.as_deref() == Some("completed"),
        status: text(found.conclusion.or(found.status)),
        pipeline: Some(run.to_owned()),
        pipeline_url: web_url.clone(),
        git_ref: text(found.head_branch),
        commit: text(found.head_sha),
        user_name: text(found.actor.as_ref().and_then(|actor| actor.login.clone())),
        user_url: page(found.actor.and_then(|actor| actor.html_url)),
        merge_request: request.map(|number| number.to_string()),
        merge_request_title: None,
        merge_request_url: request
            .and_then(|number| repository.map(|address| format!("{address}/pull/{number}"))),
        web_url,
    })
}

async fn get<T: DeserializeOwned>(
    outbound: &Outbound,
    source: &Source<'_>,
    address: &str,
) -> Result<T, Miss> {
    let mut request = Request::get(address).max_bytes(MAX_BYTES).header(ACCEPT, accept(source.ci));
    if let Some(token) = source.token {
        let (name, value) = match source.ci {
            Ci::Gitlab => (HeaderName::from_static("private-token"), token.to_owned()),
            Ci::Github => (AUTHORIZATION, format!("Bearer {token}")),
        };
        let Ok(mut value) = HeaderValue::from_str(&value) else {
            return Err(Miss::Trouble("the link's token cannot stand in a header".to_owned()));
        };
        value.set_sensitive(true);
        request = request.header(name, value);
    }
    let answer = outbound.send(request).await.map_err(|error| {
        tracing::warn!(%error, "a linked CI cannot be asked");
        Miss::Trouble(outside(&error).to_owned())
    })?;
    match answer.status {
        StatusCode::OK => answer
            .json()
            .map_err(|_| Miss::Trouble("the linked CI answered with something else than a job".to_owned())),
        StatusCode::NOT_FOUND => Err(Miss::Unknown(format!(
            "'{}' has no such job, or the link's token may not see it",
            source.project
        ))),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(Miss::Trouble(format!(
            "the linked CI refuses the link's token ({}) for '{}'",
            answer.status.as_u16(),
            source.project
        ))),
        status => Err(Miss::Trouble(format!("the linked CI answered {}", status.as_u16()))),
    }
}

/// What readers of the project hear of a failure: nothing of addresses inside of the network.
fn outside(error: &outbound::Error) -> &'static str {
    match error {
        outbound::Error::NotWeb(_) | outbound::Error::NotAllowed(_) | outbound::Error::NotPublic { .. } => {
            "the administrator's list of outbound addresses does not allow the linked CI"
        }
        outbound::Error::TimedOut { .. } | outbound::Error::Busy(_) => "the linked CI did not answer in time",
        outbound::Error::TooLarge { .. } | outbound::Error::NotJson { .. } => {
            "the linked CI answered with something else than a job"
        }
        outbound::Error::Redirect { .. } => "the linked CI answered with a redirect, which is not followed",
        outbound::Error::Unreachable { .. } => "the linked CI cannot be reached",
    }
}

fn accept(ci: Ci) -> HeaderValue {
    HeaderValue::from_static(match ci {
        Ci::Gitlab => "application/json",
        Ci::Github => "application/vnd.github+json",
    })
}

/// The longest text that is taken from a CI; titles and refs are shorter.
const MAX_TEXT_BYTES: usize = 2048;

fn text(text: Option<String>) -> Option<String> {
    text.filter(|text| (1..=MAX_TEXT_BYTES).contains(&text.len()) && !text.contains('\0'))
}

/// An address that may become a link in a page.
fn page(address: Option<String>) -> Option<String> {
    text(address).filter(|address| {
        let web = address.starts_with("https://") || address.starts_with("http://");
        web && !address.contains(|c: char| c.is_control() || c.is_whitespace())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_web_addresses() {
        let page = |address: &str| page(Some(address.to_owned()));
        assert!(page("https://gitlab.com/a/b/-/jobs/1").is_some());
        for address in
            ["", "javascript:alert(1)", "data:text/html,x", "https://a b", "https://a\u{0}", "//a", "a"]
        {
            assert_eq!(page(address), None, "{address}");
        }
        assert_eq!(page(&format!("https://{}", "a".repeat(2048))), None);
    }

    #[test]
    fn a_pipelines_ref_may_name_a_merge_request() {
        assert_eq!(merge_request("refs/merge-requests/12/head").as_deref(), Some("12"));
        assert_eq!(merge_request("refs/merge-requests/12/merge").as_deref(), Some("12"));
        for git_ref in ["main", "refs/heads/main", "refs/merge-requests/", "refs/merge-requests/../x"] {
            assert_eq!(merge_request(git_ref), None, "{git_ref}");
        }
    }
}
