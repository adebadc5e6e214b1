//! The searches for registered models and for model versions.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use weir_domain::filter;
use weir_domain::{Error, Result as DomainResult};
use weir_store::{Tx, search};

use super::model_objects::{ModelVersionObject, RegisteredModelObject, load_models, load_versions};
use super::objects::page_size;
use super::search::{PAGE_BYTES, read_order_by};
use crate::app::App;
use crate::caller::Access;
use crate::error::Result;
use crate::extract::Query;
use crate::reply::Reply;
use crate::wire::{Int, List, Text};

const DEFAULT_MODELS: i64 = 100;
/// Models of one page at most, as in MLflow.
const MOST_MODELS: i64 = 1000;
/// Versions of one page, asked for or not, as in MLflow.
const MOST_VERSIONS: i64 = 200_000;
/// Rows read at a time, so that a page that grows too large is noticed soon.
const AT_ONCE: usize = 100;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SearchRegistry {
    filter: Text,
    max_results: Int,
    order_by: List<Text>,
    page_token: Text,
}

/// A search as it was asked for.
struct Asked {
    filter: String,
    order_by: Vec<String>,
    max_results: Option<i64>,
    page_token: Option<String>,
}

impl SearchRegistry {
    fn read(self) -> DomainResult<Asked> {
        Ok(Asked {
            filter: self.filter.or_default("filter")?,
            order_by: read_order_by(self.order_by)?,
            max_results: self.max_results.optional("max_results")?,
            page_token: self.page_token.optional("page_token")?,
        })
    }
}

impl Asked {
    /// What the request for the next page must repeat.
    fn seal(&self, what: &str, project_id: i64) -> String {
        format!("{what}\0{project_id}\0{}\0{:?}", self.filter, self.order_by)
    }
}

#[derive(Serialize)]
pub struct FoundModels {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    registered_models: Vec<RegisteredModelObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page_token: Option<String>,
}

/// `GET registered-models/search`
pub async fn models(
    State(app): State<App>,
    access: Access,
    Query(query): Query<SearchRegistry>,
) -> Result<Reply<FoundModels>> {
    let asked = query.read()?;
    let seal = asked.seal("registered models", access.project_id);
    let query = search::registered_models::Query {
        project_id: access.project_id,
        filter: filter::registered_models::parse(&asked.filter)?,
        order: filter::registered_models::parse_order(&asked.order_by)?,
        most: page_size(asked.max_results, DEFAULT_MODELS, MOST_MODELS)?,
        after: app.page_key.open(&seal, asked.page_token.as_deref())?,
    };
    let (registered_models, next) = app
        .store
        .read(move |tx| {
            gather(tx, query.most, query.after.clone(), |tx, most, after| {
                let (models, next) = search::registered_models::search(
                    tx,
                    &search::registered_models::Query { most, after, ..query.clone() },
                )?;
                let objects = load_models(tx, models)?;
                let bytes = objects.iter().map(RegisteredModelObject::size_bytes).sum();
                Ok((objects, bytes, next))
            })
        })
        .await?;
    let next_page_token = next.map(|position| app.page_key.seal(&seal, &position)).transpose()?;
    Ok(Reply(FoundModels { registered_models, next_page_token }))
}

#[derive(Serialize)]
pub struct FoundVersions {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    model_versions: Vec<ModelVersionObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page_token: Option<String>,
}

/// `GET model-versions/search`
pub async fn versions(
    State(app): State<App>,
    access: Access,
    Query(query): Query<SearchRegistry>,
) -> Result<Reply<FoundVersions>> {
    let asked = query.read()?;
    let seal = asked.seal("model versions", access.project_id);
    let query = search::model_versions::Query {
        project_id: access.project_id,
        filter: filter::model_versions::parse(&asked.filter)?,
        order: filter::model_versions::parse_order(&asked.order_by)?,
        most: versions_page_size(asked.max_results)?,
        after: app.page_key.open(&seal, asked.page_token.as_deref())?,
    };
    let (model_versions, next) = app
        .store
        .read(move |tx| {
            gather(tx, query.most, query.after.clone(), |tx, most, after| {
                let (versions, next) = search::model_versions::search(
                    tx,
                    &search::model_versions::Query { most, after, ..query.clone() },
                )?;
                let objects = load_versions(tx, versions)?;
                let bytes = objects.iter().map(ModelVersionObject::size_bytes).sum();
                Ok((objects, bytes, next))
            })
        })
        .await?;
    let next_page_token = next.map(|position| app.page_key.seal(&seal, &position)).transpose()?;
    Ok(Reply(FoundVersions { model_versions, next_page_token }))
}

/// MLflow words this search's refusal in its own way.
fn versions_page_size(asked: Option<i64>) -> DomainResult<usize> {
    match asked {
        Some(size) if size <= 0 => Err(Error::invalid(format!(
            "Invalid value for max_results. It must be a positive integer, but got {size}"
        ))),
        _ => page_size(asked, MOST_VERSIONS, MOST_VERSIONS),
    }
}

/// A part of a page, its bytes, and where the next part starts.
type Part<T> = (Vec<T>, usize, Option<search::Position>);

/// A page of `most` rows behind `after`, read in parts; one that grows past [`PAGE_BYTES`] ends early.
fn gather<T>(
    tx: &mut Tx<'_>,
    most: usize,
    after: Option<search::Position>,
    part: impl Fn(&mut Tx<'_>, usize, Option<search::Position>) -> DomainResult<Part<T>>,
) -> DomainResult<(Vec<T>, Option<search::Position>)> {
    let (mut found, mut bytes, mut next) = (Vec::new(), 0, after);
    loop {
        let wanted = (most - found.len()).min(AT_ONCE);
        let (objects, size_bytes, behind) = part(tx, wanted, next)?;
        found.extend(objects);
        bytes += size_bytes;
        next = behind;
        if next.is_none() || found.len() >= most || bytes >= PAGE_BYTES {
            return Ok((found, next));
        }
    }
}
