//! Listings: what stands directly in a folder of a tree.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use weir_domain::artifact::ArtifactPath;
use weir_domain::{Error, Result as DomainResult};
use weir_store::files::{self, Listed, Owner};
use weir_store::search::{Position, SortValue};

use super::address::{Address, Spot, parse_folder};
use super::tree::TreeId;
use crate::app::App;
use crate::caller::Access;
use crate::error::Result;
use crate::extract::Query;
use crate::mlflow::objects::read_run_id;
use crate::reply::{EMPTY, Reply};
use crate::wire::Text;

/// Entries of a page.
const PAGE: usize = 1000;

/// `is_dir` always, as the clients insist; a size only where there are bytes, as MLflow has it.
#[derive(Serialize)]
struct FileInfo {
    path: String,
    is_dir: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_size: Option<i64>,
}

impl FileInfo {
    fn new(path: String, size_bytes: Option<i64>) -> Self {
        Self { path, is_dir: size_bytes.is_none(), file_size: size_bytes.filter(|size| *size > 0) }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ListArtifacts {
    run_id: Text,
    run_uuid: Text,
    path: Text,
    page_token: Text,
}

#[derive(Serialize)]
pub struct TreeArtifacts {
    root_uri: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<FileInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page_token: Option<String>,
}

/// `GET artifacts/list`
pub async fn list_run(
    State(app): State<App>,
    access: Access,
    Query(query): Query<ListArtifacts>,
) -> Result<Reply<TreeArtifacts>> {
    let tree = TreeId::Run(read_run_id(query.run_id, query.run_uuid)?);
    let path = query.path.or_default("path")?;
    list_of(&app, &access, tree, path, query.page_token).await
}

/// A page of a folder: paths relative to the root of the tree. A file, or what is not there, lists as nothing.
pub async fn list_of(
    app: &App,
    access: &Access,
    tree: TreeId,
    path: String,
    page_token: Text,
) -> Result<Reply<TreeArtifacts>> {
    let project_id = access.project_id;
    let folder = match path {
        path if path.is_empty() => None,
        path => Some(parse_folder(&path)?),
    };
    let prefix = folder.as_ref().map_or_else(String::new, |folder| format!("{folder}/"));
    let search = format!("artifacts/list {project_id} {tree} {prefix}");
    let token = page_token.optional("page_token")?;
    let after = name_of(app.page_key.open(&search, token.as_deref())?)?;

    let (root_uri, mut entries) = app
        .store
        .read(move |tx| {
            let spot = Spot::of(tx, project_id, &tree, folder.clone())?;
            let folder = spot.path.as_ref().map_or("", ArtifactPath::as_str);
            let entries = files::list(tx, spot.tree.owner(), folder, after.as_deref(), PAGE + 1)?;
            Ok((spot.tree.artifact_uri(), entries))
        })
        .await?;
    let mut next_page_token = None;
    if entries.len() > PAGE {
        entries.truncate(PAGE);
        let last = entries.last().map(|entry| SortValue::Text(entry.name.clone()));
        next_page_token = Some(app.page_key.seal(&search, &Position(last.into_iter().collect()))?);
    }
    let info = |entry: Listed| FileInfo::new(format!("{prefix}{}", entry.name), entry.size_bytes);
    Ok(Reply(TreeArtifacts { root_uri, files: entries.into_iter().map(info).collect(), next_page_token }))
}

fn name_of(position: Option<Position>) -> DomainResult<Option<String>> {
    match position.map(|position| position.0).as_deref() {
        None => Ok(None),
        Some([SortValue::Text(name)]) => Ok(Some(name.clone())),
        Some(_) => Err(Error::internal("a page token of a listing without a name")),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ListProxied {
    path: Text,
}

#[derive(Serialize)]
struct ProxiedArtifacts {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<FileInfo>,
}

/// `GET mlflow-artifacts/artifacts?path=…`: names alone. The protocol has no pages here, so a folder that is larger
/// than one is sent as it is read.
pub async fn list(
    State(app): State<App>,
    access: Access,
    Query(query): Query<ListProxied>,
) -> Result<Response> {
    let path = query.path.or_default("path")?;
    if path.is_empty() {
        return Ok(EMPTY.into_response());
    }
    let address = Address::of_query(&path)?;
    if address.is_above_trees() {
        return Ok(EMPTY.into_response());
    }
    let (owner, folder) = app
        .store
        .read(move |tx| {
            let spot = address.find(tx, access.project_id)?;
            let folder = spot.path.map_or_else(String::new, |path| path.as_str().to_owned());
            Ok((spot.tree.owner(), folder))
        })
        .await?;
    let first = page(&app, owner, folder.clone(), None).await?;
    if first.len() < PAGE {
        let files = first.into_iter().map(|entry| FileInfo::new(entry.name, entry.size_bytes)).collect();
        return Ok(Reply(ProxiedArtifacts { files }).into_response());
    }
    let rest = Rest { app, owner, folder, page: first, begun: false };
    let mut response = Response::new(Body::from_stream(stream::try_unfold(Some(rest), next_piece)));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

async fn page(app: &App, owner: Owner, folder: String, after: Option<String>) -> DomainResult<Vec<Listed>> {
    app.store.read(move |tx| files::list(tx, owner, &folder, after.as_deref(), PAGE)).await
}

/// A long listing on its way.
struct Rest {
    app: App,
    owner: Owner,
    folder: String,
    page: Vec<Listed>,
    begun: bool,
}

/// The JSON of one page, with what stands before and behind it.
async fn next_piece(rest: Option<Rest>) -> DomainResult<Option<(String, Option<Rest>)>> {
    let Some(mut rest) = rest else { return Ok(None) };
    let is_last = rest.page.len() < PAGE;
    let last = rest.page.last().map(|entry| entry.name.clone());
    let mut text = String::new();
    for entry in std::mem::take(&mut rest.page) {
        text.push_str(if rest.begun { "," } else { "{\"files\":[" });
        rest.begun = true;
        let info = FileInfo::new(entry.name, entry.size_bytes);
        text.push_str(&serde_json::to_string(&info).map_err(Error::internal)?);
    }
    if is_last {
        text.push_str("]}");
        return Ok(Some((text, None)));
    }
    rest.page = page(&rest.app, rest.owner, rest.folder.clone(), last).await?;
    Ok(Some((text, Some(rest))))
}
