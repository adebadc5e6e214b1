//! The searches for runs and experiments.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use weir_domain::filter;
use weir_domain::run::ViewType;
use weir_domain::{Error, Result as DomainResult};
use weir_store::keys::KeyNames;
use weir_store::records::{self, Record};
use weir_store::{Tx, experiments as stored_experiments, search};

use super::datasets::read_experiment_ids;
use super::objects::{ExperimentObject, RunObject, page_size};
use crate::app::App;
use crate::caller::Access;
use crate::error::Result;
use crate::extract::{Json, Query};
use crate::reply::Reply;
use crate::upkeep::fold_all;
use crate::wire::{Int, List, Text, wrong_type};

/// Results of one page at most, as in MLflow.
const MOST: i64 = 50_000;
const DEFAULT_RUNS: i64 = 1000;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SearchRuns {
    #[serde(alias = "experimentIds")]
    experiment_ids: List<Text>,
    filter: Text,
    #[serde(alias = "runViewType")]
    run_view_type: serde_json::Value,
    #[serde(alias = "maxResults")]
    max_results: Int,
    #[serde(alias = "orderBy")]
    order_by: List<Text>,
    #[serde(alias = "pageToken")]
    page_token: Text,
}

#[derive(Serialize)]
pub struct FoundRuns {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    runs: Vec<RunObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page_token: Option<String>,
}

/// `POST runs/search`
pub async fn runs(
    State(app): State<App>,
    access: Access,
    Json(body): Json<SearchRuns>,
) -> Result<Reply<FoundRuns>> {
    let ids = read_experiment_ids(body.experiment_ids)?;
    let filter = body.filter.or_default("filter")?;
    let order_by = read_order_by(body.order_by)?;
    let view = read_view(&body.run_view_type, "run_view_type")?;
    let most = page_size(body.max_results.optional("max_results")?, DEFAULT_RUNS, MOST)?;
    let token = body.page_token.optional("page_token")?;
    let seal = format!("runs\0{}\0{ids:?}\0{filter}\0{order_by:?}\0{view:?}", access.project_id);
    let after = app.page_key.open(&seal, token.as_deref())?;
    let mut query = search::runs::Query {
        experiments: Vec::new(),
        filter: filter::runs::parse(&filter)?,
        order: filter::runs::parse_order(&order_by)?,
        view,
        most,
        after,
    };
    let project_id = access.project_id;
    query.experiments = app.store.read(move |tx| stored_experiments::rows(tx, project_id, &ids)).await?;
    if query.looks_at_metrics() {
        fold_all(&app).await?;
    }
    let names = app.store.key_names();
    let (found, next) = app
        .store
        .read(move |tx| {
            let page = search::runs::search(tx, &names, &query)?;
            load(tx, &names, page)
        })
        .await?;
    let next_page_token = next.map(|position| app.page_key.seal(&seal, &position)).transpose()?;
    Ok(Reply(FoundRuns { runs: found.into_iter().map(RunObject::from).collect(), next_page_token }))
}

/// Bytes of params and tags past which a page ends early; its token goes on from there.
pub(super) const PAGE_BYTES: usize = 32 * 1024 * 1024;
/// Runs read at a time, so that the limit is noticed soon.
const RUNS_AT_ONCE: usize = 100;

/// Everything logged to the runs of a page, and where the next page starts.
fn load(
    tx: &mut Tx<'_>,
    names: &KeyNames,
    page: search::runs::Page,
) -> DomainResult<(Vec<Record>, Option<search::Position>)> {
    let mut records: Vec<Record> = Vec::with_capacity(page.runs.len());
    let (mut bytes, mut last) = (0, None);
    let mut runs = page.runs.into_iter().peekable();
    while runs.peek().is_some() && bytes < PAGE_BYTES {
        let (batch, positions): (Vec<_>, Vec<_>) = runs.by_ref().take(RUNS_AT_ONCE).unzip();
        last = positions.into_iter().last();
        let loaded = records::load(tx, names, batch)?;
        bytes += loaded.iter().map(Record::size_bytes).sum::<usize>();
        records.extend(loaded);
    }
    let more = page.more || runs.peek().is_some();
    Ok((records, last.filter(|_| more)))
}

pub(super) fn read_order_by(list: List<Text>) -> DomainResult<Vec<String>> {
    let items = list.or_default("order_by")?.into_iter().enumerate();
    items.map(|(index, text)| text.required(format!("order_by[{index}]"))).collect()
}

/// A name or number of MLflow's enum; 0 is the default. Any other name is refused instead of being passed over.
fn read_view(value: &serde_json::Value, name: &str) -> DomainResult<ViewType> {
    match value {
        serde_json::Value::Null => Ok(ViewType::ActiveOnly),
        serde_json::Value::String(text) => match text.as_str() {
            "ACTIVE_ONLY" | "1" | "" => Ok(ViewType::ActiveOnly),
            "DELETED_ONLY" | "2" => Ok(ViewType::DeletedOnly),
            "ALL" | "3" => Ok(ViewType::All),
            _ => Err(Error::invalid(format!(
                "Invalid value {value} for parameter '{name}' supplied: use ACTIVE_ONLY, DELETED_ONLY or ALL"
            ))),
        },
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(0 | 1) => Ok(ViewType::ActiveOnly),
            Some(2) => Ok(ViewType::DeletedOnly),
            Some(3) => Ok(ViewType::All),
            _ => Err(wrong_type(name, value)),
        },
        _ => Err(wrong_type(name, value)),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SearchExperiments {
    #[serde(alias = "maxResults")]
    max_results: Int,
    #[serde(alias = "pageToken")]
    page_token: Text,
    filter: Text,
    #[serde(alias = "orderBy")]
    order_by: List<Text>,
    #[serde(alias = "viewType")]
    view_type: serde_json::Value,
}

#[derive(Serialize)]
pub struct FoundExperiments {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    experiments: Vec<ExperimentObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page_token: Option<String>,
}

/// `POST experiments/search`
pub async fn experiments(
    State(app): State<App>,
    access: Access,
    Json(body): Json<SearchExperiments>,
) -> Result<Reply<FoundExperiments>> {
    search_experiments(&app, access, body).await
}

/// `GET experiments/search`
pub async fn experiments_by_query(
    State(app): State<App>,
    access: Access,
    Query(query): Query<SearchExperiments>,
) -> Result<Reply<FoundExperiments>> {
    search_experiments(&app, access, query).await
}

async fn search_experiments(
    app: &App,
    access: Access,
    body: SearchExperiments,
) -> Result<Reply<FoundExperiments>> {
    let filter = body.filter.or_default("filter")?;
    let order_by = read_order_by(body.order_by)?;
    let view = read_view(&body.view_type, "view_type")?;
    // MLflow reads an absent size as 0, which it refuses.
    let most = page_size(body.max_results.optional("max_results")?, 0, MOST)?;
    let token = body.page_token.optional("page_token")?;
    let seal = format!("experiments\0{}\0{filter}\0{order_by:?}\0{view:?}", access.project_id);
    let query = search::experiments::Query {
        project_id: access.project_id,
        filter: filter::experiments::parse(&filter)?,
        order: filter::experiments::parse_order(&order_by)?,
        view,
        most,
        after: app.page_key.open(&seal, token.as_deref())?,
    };
    let (experiments, next) = find_experiments(app, query).await?;
    let next_page_token = next.map(|position| app.page_key.seal(&seal, &position)).transpose()?;
    Ok(Reply(FoundExperiments { experiments, next_page_token }))
}

/// Every active experiment of a project, in the default order.
pub(super) fn all(project_id: i64) -> search::experiments::Query {
    search::experiments::Query {
        project_id,
        filter: None,
        order: Vec::new(),
        view: ViewType::ActiveOnly,
        most: MOST as usize,
        after: None,
    }
}

pub(super) async fn find_experiments(
    app: &App,
    query: search::experiments::Query,
) -> DomainResult<(Vec<ExperimentObject>, Option<search::Position>)> {
    app.store
        .read(move |tx| {
            let (found, next) = search::experiments::search(tx, &query)?;
            let ids: Vec<i64> = found.iter().map(|experiment| experiment.id).collect();
            let mut tags = stored_experiments::tags(tx, &ids)?;
            let objects = found
                .into_iter()
                .map(|experiment| {
                    let tags = tags.remove(&experiment.id);
                    ExperimentObject::new(experiment, tags)
                })
                .collect();
            Ok((objects, next))
        })
        .await
}
