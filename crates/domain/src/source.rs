//! The source of a model version: where a client says that its files come from.

use crate::run::RunId;
use crate::selector::Selector;
use crate::version::Version;
use crate::{Error, Result};

/// Characters of a source.
const MAX_SOURCE: usize = 2048;

#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// Nothing to link: empty, as GitLab's client sends it, or the version itself, as GitLab's page has it.
    None,
    /// A prompt of MLflow, which has no files.
    Prompt,
    /// `runs:/<run id>[/<path>]`
    Run { run_id: RunId, path: String },
    /// `models:/m-…`, with a path below it.
    LoggedModel { model_id: String, path: String },
    /// `models:/<name>/<version>` or `models:/<name>@<alias>`
    Version { model: String, selector: Selector },
    /// `mlflow-artifacts:/…`: the path behind the scheme.
    Artifact(String),
    /// Files in a place of the client's own, such as `s3://…`: kept as a word, nothing is linked.
    External,
    /// A path of a file system: fine inside the artifacts of the run that the request names, where that keeps them in
    /// one (see [`local`]).
    Local,
}

impl Source {
    /// Reads what a client sent. `prompt`: the version has MLflow's tag of a prompt.
    pub fn parse(text: &str, prompt: bool) -> Result<Self> {
        crate::key::check_text("source", text)?;
        let length = text.chars().count();
        if length > MAX_SOURCE {
            return Err(Error::Invalid(format!(
                "'source' exceeds the maximum length of {MAX_SOURCE} characters (got {length})"
            )));
        }
        if text.is_empty() || Version::parse(text).is_ok() {
            return Ok(Self::None);
        }
        if prompt && matches!(text, "dummy-source" | "prompt-template") {
            return Ok(Self::Prompt);
        }
        if climbs(text) {
            return Err(refused(
                text,
                "If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references present. Please provide an absolute path.",
            ));
        }
        if let Some(rest) = text.strip_prefix("runs:/") {
            return run(rest).ok_or_else(|| {
                refused(text, "Write runs:/<run id>/<path>, the run id being 32 hexadecimal digits.")
            });
        }
        if let Some(rest) = text.strip_prefix("models:/") {
            return model(rest.trim_start_matches('/'), text);
        }
        if let Some(rest) = text.strip_prefix("mlflow-artifacts:/") {
            if rest.starts_with('/') && !rest.starts_with("//") {
                return Err(refused(
                    text,
                    "Its artifacts are on another server; write mlflow-artifacts:/<path>.",
                ));
            }
            return Ok(Self::Artifact(rest.trim_matches('/').to_owned()));
        }
        match text.split_once("://") {
            Some((scheme, _)) if OBJECT_STORES.contains(&scheme.to_ascii_lowercase().as_str()) => {
                Ok(Self::External)
            }
            Some((scheme, _)) if scheme.eq_ignore_ascii_case("file") => Ok(Self::Local),
            Some((scheme, _)) => Err(refused(
                text,
                &format!(
                    "MLflow tracking server doesn't allow the scheme '{scheme}' here; write runs:/…, models:/…, mlflow-artifacts:/… or the address of a bucket."
                ),
            )),
            None => Ok(Self::Local),
        }
    }
}

/// What MLflow takes unseen, and its clients read themselves.
const OBJECT_STORES: &[&str] = &["s3", "gs", "wasb", "wasbs", "abfs", "abfss", "dbfs", "oci", "azureml"];

fn run(rest: &str) -> Option<Source> {
    let (id, path) =
        rest.trim_start_matches('/').split_once('/').unwrap_or((rest.trim_start_matches('/'), ""));
    let run_id = RunId::parse(id).ok()?;
    Some(Source::Run { run_id, path: path.trim_matches('/').to_owned() })
}

fn model(rest: &str, text: &str) -> Result<Source> {
    let (first, behind) = rest.split_once('/').unwrap_or((rest, ""));
    // A name may have an `@` of its own; an alias has none, and stands behind the last.
    if !rest.contains('/')
        && let Some((name, alias)) = rest.rsplit_once('@')
    {
        return Ok(Source::Version { model: name.to_owned(), selector: Selector::of_alias(alias)? });
    }
    let logged = first.strip_prefix("m-").is_some_and(|hex| hex.len() == 32);
    if logged {
        return Ok(Source::LoggedModel {
            model_id: first.to_owned(),
            path: behind.trim_matches('/').to_owned(),
        });
    }
    if first.is_empty() || behind.is_empty() {
        return Err(refused(
            text,
            "Write models:/<name>/<version>, models:/<name>@<alias> or models:/<model id>.",
        ));
    }
    Ok(Source::Version { model: first.to_owned(), selector: Selector::of_stage(behind)? })
}

/// Whether a path in it leads upwards, also when it is percent-encoded, however often.
fn climbs(text: &str) -> bool {
    let mut text = text.to_owned();
    for _ in 0..4 {
        if text.split(['/', '\\', '?', '#', '&', '=']).any(|segment| segment == "..") {
            return true;
        }
        let decoded = text.replace("%25", "%").replace("%2e", ".").replace("%2E", ".");
        let decoded =
            decoded.replace("%2f", "/").replace("%2F", "/").replace("%5c", "\\").replace("%5C", "\\");
        if decoded == text {
            return false;
        }
        text = decoded;
    }
    // Encoded this often it is nobody's file.
    true
}

fn refused(source: &str, why: &str) -> Error {
    let shown: String = source.chars().take(200).collect();
    Error::Invalid(format!("Invalid model version source: '{shown}'. {why}"))
}

/// Whether `source` is `uri` or below it; `file:///a` is `/a`.
pub fn is_within(source: &str, uri: &str) -> bool {
    let path = |text: &str| text.strip_prefix("file://").unwrap_or(text).trim_end_matches('/').to_owned();
    let (source, uri) = (path(source), path(uri));
    source.strip_prefix(&uri).is_some_and(|below| below.is_empty() || below.starts_with('/'))
}

/// Why a local path is no source.
pub fn local(source: &str) -> Error {
    refused(
        source,
        "To use a local path as a model version source, the run_id request parameter has to be specified and the local path has to be contained within the artifact directory of the run specified by the run_id. This server reads no local paths; write runs:/<run id>/<path>.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn every_form_of_the_clients_is_read() {
        let parse = |text: &str| Source::parse(text, false).unwrap();
        let run_id = RunId::parse(RUN).unwrap();
        assert_eq!(parse(""), Source::None);
        assert_eq!(parse("1.2.0"), Source::None);
        assert_eq!(
            parse(&format!("runs:/{RUN}")),
            Source::Run { run_id: run_id.clone(), path: String::new() }
        );
        assert_eq!(parse(&format!("runs:/{RUN}/a/b/")), Source::Run { run_id, path: "a/b".into() });
        let model_id = format!("m-{RUN}");
        assert_eq!(
            parse(&format!("models:/{model_id}")),
            Source::LoggedModel { model_id, path: String::new() }
        );
        assert_eq!(
            parse("models:/m/3"),
            Source::Version { model: "m".into(), selector: Selector::Number(3) }
        );
        assert_eq!(
            parse("models:/m@champion"),
            Source::Version { model: "m".into(), selector: Selector::Alias("champion".into()) }
        );
        let version = |model: &str, selector| Source::Version { model: model.into(), selector };
        assert_eq!(parse("models:/a@b/1"), version("a@b", Selector::Number(1)));
        assert_eq!(parse("models:/a@b@champion"), version("a@b", Selector::Alias("champion".into())));
        assert_eq!(parse("models:/a@b@1.x/latest"), version("a@b@1.x", Selector::Latest));
        assert_eq!(parse("mlflow-artifacts:/1/x/artifacts/m"), Source::Artifact("1/x/artifacts/m".into()));
        assert_eq!(parse("s3://bucket/a"), Source::External);
        for local in ["/etc/passwd", "file:///etc/passwd", "a/b", "dummy-source"] {
            assert_eq!(parse(local), Source::Local);
        }
        assert_eq!(Source::parse("dummy-source", true).unwrap(), Source::Prompt);
    }

    #[test]
    fn a_path_is_within_another_name_by_name() {
        for (source, uri) in [
            ("file:///a/b/artifacts/model", "file:///a/b/artifacts"),
            ("/a/b/artifacts/", "file:///a/b/artifacts"),
            ("file:///a/b", "/a/b/"),
        ] {
            assert!(is_within(source, uri), "{source} {uri}");
        }
        for (source, uri) in
            [("/a/bc", "/a/b"), ("/a", "/a/b"), ("/etc", "mlflow-artifacts:/0/x"), ("/a", "s3://a")]
        {
            assert!(!is_within(source, uri), "{source} {uri}");
        }
    }

    #[test]
    fn what_leads_elsewhere_is_refused() {
        for bad in [
            "/etc/../passwd",
            "http://h/x",
            "s3://b/../x",
            "s3://b/%2e%2e/x",
            "s3://b/%252e%252e/x",
            "runs:/zzz/model",
            "models:/m",
            "models:/m@champion/",
            "mlflow-artifacts://host/x",
        ] {
            let error = Source::parse(bad, false).unwrap_err().to_string();
            assert!(error.starts_with("Invalid model version source"), "{bad}: {error}");
        }
    }
}
