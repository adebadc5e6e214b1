//! The table of an experiment's runs: the columns asked for and no others, column by column.

use std::collections::HashMap;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_domain::filter;
use weir_domain::metric::{Point, Summary};
use weir_domain::run::{Run, ViewType};
use weir_domain::{Error, Result};
use weir_store::Tx;
use weir_store::cells::{self, Excerpt, PARENT_TAG, Texts};
use weir_store::keys::KeyNames;
use weir_store::search::Position;
use weir_store::search::runs::{self, Lead, Query};

use super::candidates::lifecycle_stage;
use super::request::{
    ExperimentPath, check_keys, experiment, optional_text, read_filter, read_size, read_state, text, texts,
};
use crate::app::App;
use crate::caller::Access;
use crate::error::ApiResult;
use crate::extract::{ApiJson, Path};
use crate::number::{Number, NumberOrWord};
use crate::openapi::{ProjectPath, Refusals};
use crate::reply::Reply;
use crate::time::Time;
use crate::upkeep::fold_all;

const PAGE: usize = 100;
const MAX_PAGE: usize = 1000;
/// Keys of one kind in a request.
const MAX_KEYS: usize = 500;
/// Characters of a param or tag when the request does not say, and at most.
const TEXT: usize = 250;
const MAX_TEXT: usize = 4000;
/// Characters that params and tags of one answer may come to.
const MAX_CHARACTERS: usize = 50_000_000;

#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TableRequest {
    #[serde(default)]
    columns: TableColumns,
    /// MLflow's filter language with `OR`, `NOT` and parentheses. An error names the character.
    #[serde(default, deserialize_with = "text")]
    filter: String,
    /// As MLflow has it, such as `metrics.loss DESC`, and also `metrics_min.loss`, `metrics_max.loss`.
    #[serde(default, deserialize_with = "texts")]
    order_by: Vec<String>,
    /// `active` when it is not said, `deleted` or `all`.
    #[serde(default)]
    lifecycle: Option<String>,
    /// Left out: nested or not. `top`: runs without a parent. The id of a run: its children.
    #[serde(default, deserialize_with = "optional_text")]
    parent: Option<String>,
    /// `cheap` when it is not said, `exact` or `none`: see `total`.
    #[serde(default)]
    count: Option<String>,
    /// From 0 (to count only) to 1,000; 100 when it is not said.
    #[serde(default)]
    max_results: Option<i64>,
    /// `next_page_token` of the page before.
    #[serde(default)]
    page_token: Option<String>,
}

/// What is told of each run besides its id and number.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TableColumns {
    #[serde(default)]
    attributes: Vec<Attribute>,
    #[serde(default)]
    metrics: Vec<MetricColumns>,
    #[serde(default, deserialize_with = "texts")]
    params: Vec<String>,
    #[serde(default, deserialize_with = "texts")]
    tags: Vec<String>,
    /// Characters of a param or tag that are told; 250 when it is not said, at most 4,000.
    #[serde(default)]
    text_limit: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Attribute {
    Name,
    Status,
    UserId,
    StartedAt,
    EndedAt,
    LifecycleStage,
    ArtifactUri,
    /// The run that it is a child of.
    Parent,
    /// How many children it has in the experiment.
    Children,
    /// Whether it is the run of a model version.
    OfModelVersion,
}

#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricColumns {
    #[serde(deserialize_with = "text")]
    key: String,
    /// `last` alone when it is not said.
    #[serde(default)]
    values: Vec<MetricValue>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MetricValue {
    /// Of the greatest step.
    Last,
    /// NaN apart.
    Min,
    Max,
    /// Logged first.
    First,
    /// Points logged, repeated ones included.
    Count,
}

/// Every list has a place for each row; `null` where a run has nothing.
#[derive(Serialize, ToSchema)]
pub struct RunTable {
    rows: usize,
    /// How many runs match in all. With `count: cheap` it is told on the first page only, and only when there is no
    /// filter, when a condition of the filter has fewer than 10,000 rows, or when the experiment has at most 10,000 runs;
    /// `exact` looks at every run (about 3 µs each); else it is `null`.
    #[schema(required = true)]
    total: Option<i64>,
    #[schema(required = true)]
    next_page_token: Option<String>,
    run_ids: Vec<String>,
    /// Numbers of the runs in the project.
    iids: Vec<i64>,
    attributes: AttributeCells,
    metrics: Vec<MetricCells>,
    params: Vec<TextCells>,
    tags: Vec<TextCells>,
}

/// The ones that were asked for.
#[derive(Default, Serialize, ToSchema)]
struct AttributeCells {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    started_at: Option<Vec<Time>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<Vec<Option<Time>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lifecycle_stage: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    artifact_uri: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<Vec<Option<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    children: Option<Vec<i64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    of_model_version: Option<Vec<bool>>,
}

/// The values that were asked for. Where a metric has only NaN, `min` and `max` are `null`.
#[derive(Serialize, ToSchema)]
struct MetricCells {
    key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Option<NumberOrWord>>>)]
    last: Option<Vec<Option<Number>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Option<NumberOrWord>>>)]
    min: Option<Vec<Option<Number>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Option<NumberOrWord>>>)]
    max: Option<Vec<Option<Number>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Option<NumberOrWord>>>)]
    first: Option<Vec<Option<Number>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<Vec<Option<i64>>>,
}

#[derive(Serialize, ToSchema)]
struct TextCells {
    key: String,
    values: Vec<Option<String>>,
    /// Rows whose value is longer than told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cut: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq)]
enum Count {
    Cheap,
    Exact,
    None,
}

/// A request, read and checked.
#[derive(Clone)]
struct Wanted {
    columns: TableColumns,
    text_limit: usize,
    count: Count,
    query: Query,
}

impl TableRequest {
    /// Without the experiment's row and the place to go on from; with what the page token is good for.
    fn read(self, place: (i64, i64)) -> Result<(Wanted, String, Option<String>)> {
        let most = read_size(self.max_results, 0, PAGE, MAX_PAGE)?;
        let view = read_state(self.lifecycle.as_deref(), "lifecycle")?;
        let count = match self.count.as_deref() {
            None | Some("cheap") => Count::Cheap,
            Some("exact") => Count::Exact,
            Some("none") => Count::None,
            Some(other) => {
                return Err(Error::Invalid(format!("count is '{other}', write cheap, exact or none")));
            }
        };
        let text_limit = self.columns.check(most)?;
        let seal =
            format!("table\0{place:?}\0{}\0{:?}\0{view:?}\0{:?}", self.filter, self.order_by, self.parent);
        let query = Query {
            experiments: Vec::new(),
            filter: read_filter(&self.filter, self.parent.as_deref())?,
            order: filter::runs::parse_order(&self.order_by)?,
            view,
            most,
            after: None,
        };
        Ok((Wanted { columns: self.columns, text_limit, count, query }, seal, self.page_token))
    }
}

impl TableColumns {
    /// The characters of a text that are told.
    fn check(&self, rows: usize) -> Result<usize> {
        let metrics: Vec<String> = self.metrics.iter().map(|column| column.key.clone()).collect();
        check_keys("columns.metrics", &metrics, MAX_KEYS)?;
        check_keys("columns.params", &self.params, MAX_KEYS)?;
        check_keys("columns.tags", &self.tags, MAX_KEYS)?;
        let limit = match self.text_limit {
            None => TEXT,
            Some(asked) => usize::try_from(asked)
                .ok()
                .filter(|limit| (1..=MAX_TEXT).contains(limit))
                .ok_or_else(|| {
                    Error::Invalid(format!(
                        "columns.text_limit is {asked}, write a number from 1 to {MAX_TEXT}"
                    ))
                })?,
        };
        let cells = rows * (self.params.len() + self.tags.len());
        if cells * limit > MAX_CHARACTERS {
            return Err(Error::Invalid(format!(
                "{cells} params and tags of up to {limit} characters are more than one answer holds: ask for fewer rows, fewer columns or a smaller columns.text_limit"
            )));
        }
        Ok(limit)
    }

    fn has(&self, attribute: Attribute) -> bool {
        self.attributes.contains(&attribute)
    }
}

/// `POST /ml/experiments/{experiment}/table`
#[utoipa::path(
    post,
    path = "/api/v4/projects/{project}/ml/experiments/{experiment}/table",
    operation_id = "list_experiment_runs",
    summary = "A page of the table of an experiment's runs: the columns asked for and no others",
    tag = "experiments",
    params(ProjectPath, ExperimentPath),
    request_body = TableRequest,
    responses((status = 200, description = "a page", body = RunTable), Refusals)
)]
pub async fn rows(
    State(app): State<App>,
    access: Access,
    Path(path): Path<ExperimentPath>,
    ApiJson(body): ApiJson<TableRequest>,
) -> ApiResult<Reply<RunTable>> {
    let iid = path.iid()?;
    let (mut wanted, seal, token) = body.read((access.project_id, iid))?;
    wanted.query.after = app.page_key.open(&seal, token.as_deref())?;
    if wanted.query.looks_at_metrics() {
        fold_all(&app).await?;
    }
    let names = app.store.key_names();
    let counts_all = wanted.count == Count::Exact;
    let page = move |tx: &mut Tx<'_>| {
        let experiment = experiment(tx, access.project_id, iid)?;
        let mut wanted = wanted.clone();
        wanted.query.experiments = vec![experiment.id];
        read(tx, &names, &wanted)
    };
    let (mut table, next) = match counts_all {
        true => app.store.read_long(page).await?,
        false => app.store.read(page).await?,
    };
    table.next_page_token = next.map(|position| app.page_key.seal(&seal, &position)).transpose()?;
    Ok(Reply(table))
}

/// The page, and where the next one starts.
fn read(tx: &mut Tx<'_>, names: &KeyNames, wanted: &Wanted) -> Result<(RunTable, Option<Position>)> {
    let mut lead = Lead::find(tx, names, &wanted.query)?;
    let total = match wanted.count {
        Count::None => None,
        Count::Cheap if wanted.query.after.is_some() => None,
        count => runs::count(tx, names, &wanted.query, &mut lead, count == Count::Exact)?,
    };
    let page = runs::search_led(tx, names, &wanted.query, &lead)?;
    let next = page.runs.last().filter(|_| page.more).map(|(_, position)| position.clone());
    let found: Vec<Run> = page.runs.into_iter().map(|(run, _)| run).collect();
    let ids: Vec<i64> = found.iter().map(|run| run.id).collect();
    let columns = &wanted.columns;
    let mut texts = |kind: Texts, keys: &[String]| -> Result<Vec<TextCells>> {
        let cells = cells::texts(tx, names, kind, &ids, keys, wanted.text_limit)?;
        Ok(keys.iter().zip(cells).map(|(key, cells)| TextCells::new(key, cells)).collect())
    };
    let (params, tags) = (texts(Texts::Params, &columns.params)?, texts(Texts::Tags, &columns.tags)?);
    let table = RunTable {
        rows: found.len(),
        total,
        next_page_token: None,
        run_ids: found.iter().map(|run| run.run_id.as_str().to_owned()).collect(),
        iids: found.iter().map(|run| run.iid).collect(),
        metrics: metrics(tx, names, columns, &ids)?,
        params,
        tags,
        attributes: attributes(tx, names, columns, wanted.query.view, found, &ids)?,
    };
    Ok((table, next))
}

impl TextCells {
    fn new(key: &str, cells: Vec<Option<Excerpt>>) -> Self {
        let is_cut = |cell: &Option<Excerpt>| cell.as_ref().is_some_and(|excerpt| excerpt.cut);
        let cut = cells.iter().enumerate().filter(|(_, cell)| is_cut(cell)).map(|(row, _)| row).collect();
        let values = cells.into_iter().map(|cell| cell.map(|excerpt| excerpt.text)).collect();
        Self { key: key.to_owned(), values, cut }
    }
}

fn metrics(
    tx: &mut Tx<'_>,
    names: &KeyNames,
    columns: &TableColumns,
    ids: &[i64],
) -> Result<Vec<MetricCells>> {
    let asks = |column: &MetricColumns, value: MetricValue| {
        column.values.contains(&value) || (column.values.is_empty() && value == MetricValue::Last)
    };
    let keys: Vec<String> = columns.metrics.iter().map(|column| column.key.clone()).collect();
    let summaries = cells::summaries(tx, names, ids, &keys)?;
    let of_first = columns.metrics.iter().filter(|column| asks(column, MetricValue::First));
    let first_keys: Vec<String> = of_first.map(|column| column.key.clone()).collect();
    let firsts = cells::firsts(tx, names, ids, &first_keys)?;
    let mut firsts: HashMap<String, Vec<Option<Point>>> = first_keys.into_iter().zip(firsts).collect();
    let mut answer = Vec::with_capacity(keys.len());
    for (column, cells) in columns.metrics.iter().zip(summaries) {
        let pick = |value: MetricValue, pick: fn(&Summary) -> Option<f64>| {
            asks(column, value).then(|| {
                cells.iter().map(|cell| cell.as_ref().and_then(pick).map(Number)).collect::<Vec<_>>()
            })
        };
        let first = firsts.remove(&column.key);
        answer.push(MetricCells {
            key: column.key.clone(),
            last: pick(MetricValue::Last, |summary| Some(summary.latest.value)),
            min: pick(MetricValue::Min, |summary| summary.min),
            max: pick(MetricValue::Max, |summary| summary.max),
            first: first
                .map(|cells| cells.into_iter().map(|point| point.map(|point| Number(point.value))).collect()),
            count: asks(column, MetricValue::Count)
                .then(|| cells.iter().map(|cell| cell.as_ref().map(|summary| summary.points)).collect()),
        });
    }
    Ok(answer)
}

fn attributes(
    tx: &mut Tx<'_>,
    names: &KeyNames,
    columns: &TableColumns,
    view: ViewType,
    runs: Vec<Run>,
    ids: &[i64],
) -> Result<AttributeCells> {
    let mut cells = AttributeCells::default();
    if columns.has(Attribute::Parent) {
        let parents = cells::texts(tx, names, Texts::Tags, ids, &[PARENT_TAG.to_owned()], 64)?;
        let parents = parents.into_iter().flatten().map(|cell| cell.map(|excerpt| excerpt.text));
        cells.parent = Some(parents.collect());
    }
    if let Some(first) = runs.first().filter(|_| columns.has(Attribute::Children)) {
        let run_ids: Vec<String> = runs.iter().map(|run| run.run_id.as_str().to_owned()).collect();
        let counted = cells::children(tx, names, first.experiment_id, &run_ids, view)?;
        cells.children = Some(run_ids.iter().map(|id| counted.get(id).copied().unwrap_or(0)).collect());
    } else if columns.has(Attribute::Children) {
        cells.children = Some(Vec::new());
    }
    let pick = |attribute| columns.has(attribute).then_some(&runs);
    cells.status = pick(Attribute::Status).map(|runs| runs.iter().map(|run| run.status.name()).collect());
    cells.user_id = pick(Attribute::UserId).map(|runs| runs.iter().map(|run| run.user_id.clone()).collect());
    cells.started_at =
        pick(Attribute::StartedAt).map(|runs| runs.iter().map(|run| Time(run.started_at)).collect());
    cells.ended_at =
        pick(Attribute::EndedAt).map(|runs| runs.iter().map(|run| run.ended_at.map(Time)).collect());
    cells.lifecycle_stage = pick(Attribute::LifecycleStage)
        .map(|runs| runs.iter().map(|run| lifecycle_stage(run.deleted)).collect());
    cells.artifact_uri =
        pick(Attribute::ArtifactUri).map(|runs| runs.iter().map(Run::artifact_uri).collect());
    cells.of_model_version =
        pick(Attribute::OfModelVersion).map(|runs| runs.iter().map(|run| run.version_id.is_some()).collect());
    cells.name = columns.has(Attribute::Name).then(|| runs.into_iter().map(|run| run.name).collect());
    Ok(cells)
}
