//! The search for logged models.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use weir_domain::filter;
use weir_domain::key::missing;
use weir_domain::logged_model::LoggedModel;
use weir_domain::{Error, Result as DomainResult};
use weir_store::keys::KeyNames;
use weir_store::logged_models::{self, Record};
use weir_store::search::Position;
use weir_store::search::logged_models::{self as search, Dataset, Order, Page, Query};
use weir_store::{Tx, experiments};

use super::objects::{POINTS, found};
use crate::app::App;
use crate::caller::Access;
use crate::error::Result;
use crate::extract::Json;
use crate::mlflow::datasets::read_experiment_ids;
use crate::mlflow::objects::page_size;
use crate::mlflow::search::PAGE_BYTES;
use crate::wire::{Field, Flag, Int, List, Text};

const DEFAULT: i64 = 50;
/// MLflow takes any size here. Past this one a page ends early, and its token goes on.
const MOST: usize = 10_000;
/// Datasets of one search.
const MOST_DATASETS: usize = 100;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SearchLoggedModels {
    #[serde(alias = "experimentIds")]
    experiment_ids: List<Text>,
    filter: Text,
    datasets: List<DatasetItem>,
    #[serde(alias = "maxResults")]
    max_results: Int,
    #[serde(alias = "orderBy")]
    order_by: List<OrderItem>,
    #[serde(alias = "pageToken")]
    page_token: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct DatasetItem {
    #[serde(alias = "datasetName")]
    dataset_name: Text,
    #[serde(alias = "datasetDigest")]
    dataset_digest: Text,
}

/// `POST logged-models/search`
pub async fn search(
    State(app): State<App>,
    access: Access,
    Json(body): Json<SearchLoggedModels>,
) -> Result<Response> {
    if matches!(body.experiment_ids, Field::Absent) {
        return Err(Error::Invalid(missing("experiment_ids")).into());
    }
    let ids = read_experiment_ids(body.experiment_ids)?;
    let filter = body.filter.or_default("filter")?;
    let datasets = read_datasets(body.datasets)?;
    let order = read_order(body.order_by)?;
    // MLflow reads 0 as absent here.
    let most = body.max_results.optional("max_results")?.filter(|most| *most != 0);
    let most = page_size(most, DEFAULT, i64::MAX)?.min(MOST);
    let token = body.page_token.optional("page_token")?;
    let project_id = access.project_id;
    let seal = format!("logged-models\0{project_id}\0{ids:?}\0{filter}\0{datasets:?}\0{order:?}");
    let after = app.page_key.open(&seal, token.as_deref())?;
    let filter = filter::logged_models::parse(&filter)?;
    let mut query = Query { experiments: Vec::new(), filter, datasets, order, most, after };
    query.experiments = app.store.read(move |tx| experiments::rows(tx, project_id, &ids)).await?;
    let names = app.store.key_names();
    let (records, next) = app
        .store
        .read(move |tx| {
            let page = search::search(tx, &names, &query)?;
            load(tx, &names, page)
        })
        .await?;
    let token = next.map(|position| app.page_key.seal(&seal, &position)).transpose()?;
    Ok(found(&app, records, token)?)
}

fn read_datasets(list: List<DatasetItem>) -> DomainResult<Vec<Dataset>> {
    let items = list.or_default("datasets")?;
    check_count("datasets", items.len(), MOST_DATASETS)?;
    items.into_iter().map(read_dataset).collect()
}

fn read_dataset(item: DatasetItem) -> DomainResult<Dataset> {
    let name = item.dataset_name.or_default("dataset_name")?;
    if name.is_empty() {
        return Err(Error::invalid("`dataset_name` in the `datasets` clause must be specified."));
    }
    // MLflow's own server finds nothing by a name alone; here that means whatever the digest.
    let digest = item.dataset_digest.or_default("dataset_digest")?;
    Ok(Dataset { name, digest: (!digest.is_empty()).then_some(digest) })
}

/// An element of `order_by`: an object, unlike in every other search.
#[derive(Default, Deserialize)]
#[serde(default)]
struct OrderItem {
    #[serde(alias = "fieldName")]
    field_name: Text,
    ascending: Flag,
    #[serde(alias = "datasetName")]
    dataset_name: Text,
    #[serde(alias = "datasetDigest")]
    dataset_digest: Text,
}

fn read_order(list: List<OrderItem>) -> DomainResult<Vec<Order>> {
    let items = list.or_default("order_by")?;
    check_count("order_by", items.len(), filter::MAX_ORDER_KEYS)?;
    items.into_iter().map(read_key).collect()
}

fn read_key(item: OrderItem) -> DomainResult<Order> {
    let key = filter::logged_models::order_key(&item.field_name.or_default("field_name")?)?;
    let descending = !item.ascending.optional("ascending")?.unwrap_or(true);
    let name = item.dataset_name.or_default("dataset_name")?;
    let digest = item.dataset_digest.or_default("dataset_digest")?;
    if name.is_empty() && !digest.is_empty() {
        return Err(Error::invalid("'dataset_digest' in 'order_by' needs the 'dataset_name' that it is of"));
    }
    let dataset =
        (!name.is_empty()).then(|| Dataset { name, digest: (!digest.is_empty()).then_some(digest) });
    if dataset.is_some() && !matches!(key, filter::logged_models::OrderKey::Metric(_)) {
        return Err(Error::invalid("'dataset_name' in 'order_by' is for metrics only"));
    }
    Ok(Order { key, descending, dataset })
}

fn check_count(what: &str, count: usize, most: usize) -> DomainResult<()> {
    if count > most {
        return Err(Error::Invalid(format!("'{what}' has {count} elements, and at most {most} are allowed")));
    }
    Ok(())
}

const MODELS_AT_ONCE: usize = 100;

/// Reads the models of a page whole, until it is large enough: it may then hold fewer than were asked for. Returns
/// with them where the next page starts.
fn load(tx: &mut Tx<'_>, names: &KeyNames, page: Page) -> DomainResult<(Vec<Record>, Option<Position>)> {
    let mut records: Vec<Record> = Vec::new();
    let (mut bytes, mut points_left, mut last) = (0, POINTS, None);
    let mut models = page.models.into_iter().peekable();
    while models.peek().is_some() && bytes < PAGE_BYTES && points_left > 0 {
        let (batch, positions): (Vec<LoggedModel>, Vec<Position>) =
            models.by_ref().take(MODELS_AT_ONCE).unzip();
        let asked = batch.len();
        let loaded = logged_models::load(tx, names, batch, points_left)?;
        let read = loaded.len();
        bytes += loaded.iter().map(Record::size_bytes).sum::<usize>();
        points_left -= loaded.iter().map(|record| record.metrics.len()).sum::<usize>();
        last = positions.into_iter().nth(read.saturating_sub(1));
        records.extend(loaded);
        if read < asked {
            return Ok((records, last));
        }
    }
    let more = page.more || models.peek().is_some();
    Ok((records, last.filter(|_| more)))
}
