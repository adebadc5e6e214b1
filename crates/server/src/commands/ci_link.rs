//! `weir ci-link`: the CI that a project is linked to.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde_json::{Value, json};
use weir_api::SecretKey;
use weir_domain::ci::{Link, check_token, token_purpose};
use weir_domain::{Error, Result, expiry};
use weir_store::Store;
use weir_store::ci_links::{self, CiLink, NewToken};
use weir_store::projects::{self, ProjectRef};

use super::{ACTOR, change};
use crate::cli::{CiLinkCommand, NewLinkArgs};
use crate::{listing, out, typed};

/// `key` finds the key that tokens are sealed with.
pub async fn run(
    store: &Store,
    command: CiLinkCommand,
    key: impl Fn() -> Result<Option<SecretKey>>,
    now: i64,
) -> Result<()> {
    match command {
        CiLinkCommand::Set(args) => set(store, args, key, now).await,
        CiLinkCommand::Show { project, output } => {
            let project = ProjectRef::parse(&project);
            let link = store
                .read(move |tx| {
                    let project = projects::get(tx, &project)?;
                    ci_links::get(tx, project.id)
                })
                .await?;
            show(&link, key, output.json)
        }
        CiLinkCommand::Remove { project } => {
            let project = ProjectRef::parse(&project);
            let path = change(store, now, move |tx| {
                let project = projects::get(tx, &project)?;
                ci_links::remove(tx, ACTOR, project.id, now)?;
                Ok(project.full_path)
            })
            .await?;
            out::line(&format!("project '{path}' is linked to no CI any more"))
        }
    }
}

fn show(link: &CiLink, key: impl Fn() -> Result<Option<SecretKey>>, as_json: bool) -> Result<()> {
    let Some(sealed) = &link.token else { return print(link, "none", as_json) };
    let trouble = match key() {
        Ok(Some(key)) if key.open(&token_purpose(link.project_id), sealed).is_some() => None,
        Ok(_) => {
            Some("it was sealed with another secret key than there is now: link the project anew".to_owned())
        }
        Err(error) => Some(error.to_string()),
    };
    print(link, if trouble.is_none() { "kept" } else { "unreadable" }, as_json)?;
    if let Some(trouble) = trouble {
        out::remark(&format!("the token of the link cannot be read: {trouble}"));
    }
    Ok(())
}

async fn set(
    store: &Store,
    args: NewLinkArgs,
    key: impl Fn() -> Result<Option<SecretKey>>,
    now: i64,
) -> Result<()> {
    let wanted = Link::parse(&args.kind, args.url.as_deref(), &args.ci_project)?;
    let project = ProjectRef::parse(&args.project);
    let project = change(store, now, move |tx| projects::get(tx, &project)).await?;
    let token = match (args.token_file.as_deref().map(read).transpose()?, args.no_token) {
        (Some(token), _) => NewToken::Sealed(seal(key()?, project.id, &token)?),
        (None, true) => NewToken::None,
        (None, false) => NewToken::Kept,
    };
    let id = project.id;
    let link = change(store, now, move |tx| ci_links::set(tx, ACTOR, id, &wanted, &token, now)).await?;
    if args.output.json {
        print(&link, if link.token.is_some() { "kept" } else { "none" }, true)?;
    } else {
        let CiLink { ci_project, url, token, .. } = &link;
        let with = if token.is_some() { "with" } else { "without" };
        let path = &project.full_path;
        out::line(&format!("project '{path}' is linked to '{ci_project}' at {url}, {with} a token"))?;
    }
    out::remark("the server must be allowed to fetch from there: see --outbound-allow of `weir serve`");
    Ok(())
}

/// More than the longest token.
const MOST_BYTES: u64 = 4096;

/// The token in a file, or the one that is typed in. Never an argument, which others could read.
fn read(file: &Path) -> Result<String> {
    let text = match file.to_str() {
        Some("-") => typed::token()?,
        _ => {
            let mut text = String::new();
            let read = File::open(file).and_then(|file| file.take(MOST_BYTES).read_to_string(&mut text));
            read.map_err(|error| Error::invalid(format!("cannot read '{}': {error}", file.display())))?;
            text
        }
    };
    let token = text.trim();
    if token.is_empty() {
        return Err(Error::invalid("there is no token: --no-token links without one"));
    }
    check_token(token)?;
    Ok(token.to_owned())
}

fn seal(key: Option<SecretKey>, project_id: i64, token: &str) -> Result<Vec<u8>> {
    let Some(key) = key else {
        return Err(Error::Conflict(
            "there is no secret key to keep a token with: set WEIR_SECRET_KEY to that of the servers"
                .to_owned(),
        ));
    };
    key.seal(&token_purpose(project_id), token)
}

/// `token` is what can be told of it.
fn print(link: &CiLink, token: &str, as_json: bool) -> Result<()> {
    let row = json_of(link, token);
    match as_json {
        true => out::line(&row.to_string()),
        false => {
            listing::print(&[row], &["kind", "url", "project", "token", "updated_by", "updated_at"], false)
        }
    }
}

/// With the field names of the REST API.
fn json_of(link: &CiLink, token: &str) -> Value {
    json!({
        "kind": link.ci.name(),
        "url": link.url,
        "project": link.ci_project,
        "has_token": link.token.is_some(),
        "token": token,
        "tag": link.ci.tag(),
        "updated_by": link.updater,
        "updated_at": expiry::time(link.updated_at),
    })
}
