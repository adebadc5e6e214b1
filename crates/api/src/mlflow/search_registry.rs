//! The searches for registered models and for model versions.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use weir_domain::filter;
use weir_domain::{Error, Result as DomainResult};
use weir_store::search::{Page, Position};
use weir_store::{Tx, search};

use super::model_objects::{
    ModelVersionObject, RegisteredModelObject, load_models, load_versions, sizes_of_models,
    sizes_of_versions, with_latest,
};
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
/// Rows looked up at a time, before it is known how large what belongs to them is.
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
            let search = |tx: &mut Tx<'_>, most, after| {
                let query = search::registered_models::Query { most, after, ..query.clone() };
                let Page { rows, more } = search::registered_models::search(tx, &query)?;
                let (models, positions): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
                let models = with_latest(tx, models)?;
                Ok(Page { rows: models.into_iter().zip(positions).collect(), more })
            };
            gather(tx, query.most, query.after.clone(), search, sizes_of_models, load_models)
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
            let search = |tx: &mut Tx<'_>, most, after| {
                let query = search::model_versions::Query { most, after, ..query.clone() };
                search::model_versions::search(tx, &query)
            };
            gather(tx, query.most, query.after.clone(), search, sizes_of_versions, load_versions)
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

/// A page of `most` rows behind `after`, read in parts. It ends early, but not empty, before it grows past
/// [`PAGE_BYTES`]: what belongs to the rows is measured first, and read for those that fit.
fn gather<R, T>(
    tx: &mut Tx<'_>,
    most: usize,
    after: Option<Position>,
    search: impl Fn(&mut Tx<'_>, usize, Option<Position>) -> DomainResult<Page<R>>,
    sizes: impl Fn(&mut Tx<'_>, &[&R]) -> DomainResult<Vec<usize>>,
    load: impl Fn(&mut Tx<'_>, Vec<R>) -> DomainResult<Vec<T>>,
) -> DomainResult<(Vec<T>, Option<Position>)> {
    let (mut found, mut bytes, mut last) = (Vec::new(), 0, after);
    loop {
        let Page { mut rows, mut more } = search(tx, (most - found.len()).min(AT_ONCE), last.clone())?;
        let sizes = sizes(tx, &rows.iter().map(|(row, _)| row).collect::<Vec<_>>())?;
        for (index, size) in sizes.into_iter().enumerate() {
            if bytes + size > PAGE_BYTES && bytes > 0 {
                rows.truncate(index);
                more = true;
                break;
            }
            bytes += size;
        }
        // Nothing more fits when there is nothing here.
        let full = rows.is_empty() || bytes >= PAGE_BYTES;
        let (rows, positions): (Vec<R>, Vec<Position>) = rows.into_iter().unzip();
        last = positions.into_iter().last().or(last);
        found.extend(load(tx, rows)?);
        if !more || full || found.len() >= most {
            return Ok((found, last.filter(|_| more)));
        }
    }
}
