//! The runs of an experiment grouped by a param or tag, with the mean and spread of metrics.

use std::cmp::Ordering;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_domain::statistics::Statistics;
use weir_domain::{Error, Result};
use weir_store::search::runs::{self, Group, GroupBy, MAX_GROUPS, Query};

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
use crate::upkeep::fold_all;

const PAGE: usize = 100;
/// Metrics of one request: each is a join.
const MAX_METRICS: usize = 20;

#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupsRequest {
    /// The param whose values make the groups; this or `tag`.
    #[serde(default, deserialize_with = "optional_text")]
    param: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    tag: Option<String>,
    /// Metrics whose latest values are summed up, at most 20.
    #[serde(default, deserialize_with = "texts")]
    metrics: Vec<String>,
    /// As for the table.
    #[serde(default, deserialize_with = "text")]
    filter: String,
    /// As for the table.
    #[serde(default)]
    lifecycle: Option<String>,
    /// As for the table.
    #[serde(default, deserialize_with = "optional_text")]
    parent: Option<String>,
    #[serde(default)]
    order_by: GroupOrder,
    /// Groups that are answered, at most 10,000; 100 when it is not said.
    #[serde(default)]
    max_results: Option<i64>,
}

/// Groups without a number come last in both directions.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupOrder {
    #[serde(default)]
    by: GroupOrderBy,
    /// Of `metrics`, for the orders that are of a metric.
    #[serde(default, deserialize_with = "optional_text")]
    metric: Option<String>,
    #[serde(default)]
    descending: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupOrderBy {
    /// By number when both values are numbers.
    #[default]
    Value,
    Runs,
    Mean,
    Min,
    Max,
    StdDev,
}

/// Every list has a place for each group.
#[derive(Serialize, ToSchema)]
pub struct RunGroups {
    /// `null`: the runs that lack the param or tag. The first 500 characters of a value make the group.
    values: Vec<Option<String>>,
    runs: Vec<i64>,
    metrics: Vec<RunGroupMetric>,
    /// How many groups there are, those included that are not answered.
    total: usize,
}

/// Over the latest values of the group's runs, NaN apart; `null` where there are none.
#[derive(Serialize, ToSchema)]
struct RunGroupMetric {
    key: String,
    /// Runs with a number.
    count: Vec<u64>,
    #[schema(value_type = Vec<Option<NumberOrWord>>)]
    mean: Vec<Option<Number>>,
    #[schema(value_type = Vec<Option<NumberOrWord>>)]
    min: Vec<Option<Number>>,
    #[schema(value_type = Vec<Option<NumberOrWord>>)]
    max: Vec<Option<Number>>,
    /// Of a sample (divided by count - 1).
    #[schema(value_type = Vec<Option<NumberOrWord>>)]
    std_dev: Vec<Option<Number>>,
}

/// `POST /ml/experiments/{experiment}/groups`
#[utoipa::path(
    post,
    path = "/api/v4/projects/{project}/ml/experiments/{experiment}/groups",
    operation_id = "group_experiment_runs",
    summary = "The runs of an experiment by the value of a param or tag, with count, mean, range and standard deviation of metrics",
    description = "Looks at every run that matches. More than 10,000 groups are refused.",
    tag = "experiments",
    params(ProjectPath, ExperimentPath),
    request_body = GroupsRequest,
    responses((status = 200, description = "the groups", body = RunGroups), Refusals)
)]
pub async fn list(
    State(app): State<App>,
    access: Access,
    Path(path): Path<ExperimentPath>,
    ApiJson(body): ApiJson<GroupsRequest>,
) -> ApiResult<Reply<RunGroups>> {
    let iid = path.iid()?;
    let by = match (body.param, body.tag) {
        (Some(param), None) => GroupBy::Param(param),
        (None, Some(tag)) => GroupBy::Tag(tag),
        _ => return Err(Error::invalid("write either param or tag: what the runs are grouped by").into()),
    };
    check_keys("metrics", &body.metrics, MAX_METRICS)?;
    let metrics = body.metrics;
    let order = Order::new(&body.order_by, &metrics)?;
    let most = read_size(body.max_results, 1, PAGE, MAX_GROUPS)?;
    let query = Query {
        experiments: Vec::new(),
        filter: read_filter(&body.filter, body.parent.as_deref())?,
        order: Vec::new(),
        view: read_state(body.lifecycle.as_deref(), "lifecycle")?,
        most,
        after: None,
    };
    if query.looks_at_metrics() || !metrics.is_empty() {
        fold_all(&app).await?;
    }
    let (names, keys) = (app.store.key_names(), metrics.clone());
    let mut groups = app
        .store
        .read_long(move |tx| {
            let experiment = experiment(tx, access.project_id, iid)?;
            let query = Query { experiments: vec![experiment.id], ..query.clone() };
            runs::groups(tx, &names, &query, &by, &keys)
        })
        .await?;
    groups.sort_by(|a, b| order.compare(a, b));
    let total = groups.len();
    groups.truncate(most);
    Ok(Reply(RunGroups::new(&metrics, &groups, total)))
}

impl RunGroups {
    fn new(metrics: &[String], groups: &[Group], total: usize) -> Self {
        let column = |index: usize, pick: fn(&Statistics) -> Option<f64>| {
            groups.iter().map(|group| pick(&group.metrics[index]).map(Number)).collect::<Vec<_>>()
        };
        let metric = |(index, key): (usize, &String)| RunGroupMetric {
            key: key.clone(),
            count: groups.iter().map(|group| group.metrics[index].count()).collect(),
            mean: column(index, Statistics::mean),
            min: column(index, Statistics::min),
            max: column(index, Statistics::max),
            std_dev: column(index, Statistics::std_dev),
        };
        Self {
            values: groups.iter().map(|group| group.value.clone()).collect(),
            runs: groups.iter().map(|group| group.runs).collect(),
            metrics: metrics.iter().enumerate().map(metric).collect(),
            total,
        }
    }
}

struct Order {
    by: GroupOrderBy,
    metric: usize,
    descending: bool,
}

impl Order {
    fn new(wish: &GroupOrder, metrics: &[String]) -> Result<Self> {
        let place = wish.metric.as_ref().and_then(|wanted| metrics.iter().position(|key| key == wanted));
        let metric = match (wish.by, place, &wish.metric) {
            (GroupOrderBy::Value | GroupOrderBy::Runs, _, _) => 0,
            (_, Some(place), _) => place,
            (_, None, Some(key)) => {
                return Err(Error::Invalid(format!(
                    "order_by.metric is '{key}', which is not among metrics"
                )));
            }
            (_, None, None) => return Err(Error::invalid("order_by.metric is missing")),
        };
        Ok(Self { by: wish.by, metric, descending: wish.descending })
    }

    fn compare(&self, a: &Group, b: &Group) -> Ordering {
        let number = |group: &Group| {
            let statistics = &group.metrics[self.metric];
            match self.by {
                GroupOrderBy::Mean => statistics.mean(),
                GroupOrderBy::Min => statistics.min(),
                GroupOrderBy::Max => statistics.max(),
                _ => statistics.std_dev(),
            }
            .filter(|number| !number.is_nan())
        };
        let turn = |order: Ordering| if self.descending { order.reverse() } else { order };
        let order = match self.by {
            GroupOrderBy::Value => by_value(a, b, turn),
            GroupOrderBy::Runs => turn(a.runs.cmp(&b.runs)),
            _ => last_if_none(number(a), number(b), |a, b| turn(a.total_cmp(b))),
        };
        order.then_with(|| by_value(a, b, |order| order))
    }
}

fn by_value(a: &Group, b: &Group, turn: impl Fn(Ordering) -> Ordering) -> Ordering {
    last_if_none(a.value.as_deref(), b.value.as_deref(), |a, b| {
        let numbers = (a.trim().parse::<f64>(), b.trim().parse::<f64>());
        turn(match numbers {
            (Ok(x), Ok(y)) => x.total_cmp(&y).then_with(|| a.cmp(b)),
            // Numbers before words, so that the order stays one.
            (Ok(_), Err(_)) => Ordering::Less,
            (Err(_), Ok(_)) => Ordering::Greater,
            _ => a.cmp(b),
        })
    })
}

fn last_if_none<T>(a: Option<T>, b: Option<T>, compare: impl Fn(&T, &T) -> Ordering) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => compare(&a, &b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}
