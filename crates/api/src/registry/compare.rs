//! Two versions of a model side by side: what is not the same in what they take and give, need, measured and hold.

use std::collections::{BTreeMap, HashSet};

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weir_domain::mlmodel::MlModel;
use weir_domain::mlmodel::difference::{Change, FieldsDifference, Placed, SchemaDifference};
use weir_domain::mlmodel::requirements::Requirements;
use weir_domain::model_version::ModelVersion;
use weir_domain::{Error, Result};
use weir_store::files::Owner;
use weir_store::keys::{Key, KeyNames};
use weir_store::records::{self, Record};
use weir_store::{Tx, model_versions, registered_models, runs};

use super::describe::FieldInfo;
use super::events::ModelPath;
use super::file_difference::{FilesDifference, compare_files};
use super::model_file::{self, Located, ModelFile};
use super::versions::{locate, read_selector};
use crate::app::App;
use crate::caller::Access;
use crate::error::ApiResult;
use crate::extract::{ApiQuery, Path};
use crate::number::{Number, NumberOrWord};
use crate::openapi::{ProjectPath, Refusals};
use crate::reply::Reply;
use crate::wire::Text;

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct CompareVersions {
    /// MLflow's number, a SemVer, a range, `latest`, a stage or an alias.
    #[param(value_type = String, required = true)]
    from: Text,
    /// The same.
    #[param(value_type = String, required = true)]
    to: Text,
}

#[derive(Serialize, ToSchema)]
pub struct Comparison {
    model: String,
    from: Side,
    to: Side,
    /// `null` when a side has no `MLmodel` that can be read.
    #[schema(required = true)]
    schema: Option<SchemaInfo>,
    #[schema(required = true)]
    flavors: Option<FlavorsInfo>,
    /// `null` when a side has no requirements that can be read.
    #[schema(required = true)]
    requirements: Option<Vec<TextChange>>,
    params: Vec<TextChange>,
    metrics: Vec<NumberChange>,
    files: FilesDifference,
    warnings: Vec<String>,
}

#[derive(Serialize, ToSchema)]
struct Side {
    number: i64,
    version: String,
}

#[derive(Serialize, ToSchema)]
struct SchemaInfo {
    inputs: FieldsInfo,
    outputs: FieldsInfo,
    params: FieldsInfo,
}

#[derive(Serialize, ToSchema)]
struct FieldsInfo {
    added: Vec<PlacedInfo>,
    removed: Vec<PlacedInfo>,
    changed: Vec<ChangeInfo>,
}

/// A field; one without a name has its place among those without.
#[derive(Serialize, ToSchema)]
struct PlacedInfo {
    #[schema(required = true)]
    position: Option<usize>,
    #[serde(flatten)]
    field: FieldInfo,
}

#[derive(Serialize, ToSchema)]
struct ChangeInfo {
    #[schema(required = true)]
    name: Option<String>,
    #[schema(required = true)]
    position: Option<usize>,
    /// `type`, `required`, `shape`, `default`.
    changed: Vec<&'static str>,
    from: FieldInfo,
    to: FieldInfo,
}

#[derive(Serialize, ToSchema)]
struct FlavorsInfo {
    added: Vec<String>,
    removed: Vec<String>,
    /// Options of flavours that both have.
    changed: Vec<OptionChange>,
}

#[derive(Serialize, ToSchema)]
struct OptionChange {
    flavor: String,
    option: String,
    #[schema(required = true)]
    from: Option<String>,
    #[schema(required = true)]
    to: Option<String>,
}

/// `null` where it is not there.
#[derive(Serialize, ToSchema)]
struct TextChange {
    name: String,
    #[schema(required = true)]
    from: Option<String>,
    #[schema(required = true)]
    to: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct NumberChange {
    name: String,
    #[schema(required = true, value_type = Option<NumberOrWord>)]
    from: Option<Number>,
    #[schema(required = true, value_type = Option<NumberOrWord>)]
    to: Option<Number>,
}

/// What the database knows of one of the two.
struct Loaded {
    version: ModelVersion,
    record: Record,
    described: Result<Option<Located>>,
}

/// `GET /ml/models/{name}/compare?from=…&to=…`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/ml/models/{name}/compare",
    operation_id = "compare_model_versions",
    summary = "What differs between two versions of a model",
    tag = "model registry",
    params(ProjectPath, ModelPath, CompareVersions),
    responses(
        (status = 200, description = "the difference", body = Comparison),
        Refusals
    )
)]
pub async fn compare(
    State(app): State<App>,
    access: Access,
    Path(path): Path<ModelPath>,
    ApiQuery(query): ApiQuery<CompareVersions>,
) -> ApiResult<Reply<Comparison>> {
    let from = read_selector(&query.from.filled("from")?)?;
    let to = read_selector(&query.to.filled("to")?)?;
    let names = app.store.key_names();
    let (from, to, files) = app
        .store
        .read(move |tx| {
            let model = registered_models::get(tx, access.project_id, &path.name)?;
            let from = model_versions::select(tx, &model, &from)?;
            let to = model_versions::select(tx, &model, &to)?;
            let files = compare_files(tx, Owner::Run(from.run_row), Owner::Run(to.run_row))?;
            Ok((load(tx, &names, from)?, load(tx, &names, to)?, files))
        })
        .await?;
    let mut warnings = Vec::new();
    let before = described(&app, from.described, &from.version, &mut warnings).await;
    let after = described(&app, to.described, &to.version, &mut warnings).await;
    // Of a version beside itself, everything was said twice.
    let mut said = HashSet::new();
    warnings.retain(|warning| said.insert(warning.clone()));
    let both = before.as_ref().zip(after.as_ref());
    let side = |version: &ModelVersion| Side { number: version.number, version: version.version.clone() };
    Ok(Reply(Comparison {
        model: from.version.model_name.clone(),
        from: side(&from.version),
        to: side(&to.version),
        schema: both.map(|(from, to)| schema(&from.model, &to.model)),
        flavors: both.map(|(from, to)| flavors(&from.model, &to.model)),
        requirements: both.and_then(|(from, to)| {
            Some(requirements(from.requirements.as_ref()?, to.requirements.as_ref()?))
        }),
        metrics: metrics(&from.record, &to.record),
        params: params(from.record.params, to.record.params),
        files,
        warnings,
    }))
}

fn load(tx: &mut Tx<'_>, names: &KeyNames, version: ModelVersion) -> Result<Loaded> {
    let described = locate(tx, &version)?;
    let run = runs::get(tx, version.project_id, &version.run_id)?;
    let record = records::load(tx, names, vec![run])?.pop();
    let record = record.ok_or_else(|| Error::internal("a run without its record"))?;
    Ok(Loaded { version, record, described })
}

async fn described(
    app: &App,
    located: Result<Option<Located>>,
    version: &ModelVersion,
    warnings: &mut Vec<String>,
) -> Option<ModelFile> {
    let (file, warning) = model_file::read_or_warn(app, located).await;
    let about = |text: &String| format!("version {}: {text}", version.version);
    warnings.extend(warning.as_ref().map(about));
    match &file {
        Some(file) => warnings.extend(file.model.warnings.iter().map(about)),
        None if warning.is_none() => warnings.push(about(&"there is no MLmodel file".to_owned())),
        None => {}
    }
    file
}

fn schema(from: &MlModel, to: &MlModel) -> SchemaInfo {
    let (from, to) = (from.signature.clone().unwrap_or_default(), to.signature.clone().unwrap_or_default());
    let difference = SchemaDifference::between(&from, &to);
    SchemaInfo {
        inputs: difference.inputs.into(),
        outputs: difference.outputs.into(),
        params: difference.params.into(),
    }
}

impl From<FieldsDifference> for FieldsInfo {
    fn from(difference: FieldsDifference) -> Self {
        let placed = |placed: Vec<Placed>| placed.into_iter().map(Into::into).collect();
        Self {
            added: placed(difference.added),
            removed: placed(difference.removed),
            changed: difference.changed.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Placed> for PlacedInfo {
    fn from(placed: Placed) -> Self {
        Self { position: placed.position, field: placed.field.into() }
    }
}

impl From<Change> for ChangeInfo {
    fn from(change: Change) -> Self {
        Self {
            name: change.to.name.clone(),
            position: change.position,
            changed: change.aspects.into_iter().map(|aspect| aspect.name()).collect(),
            from: change.from.into(),
            to: change.to.into(),
        }
    }
}

fn flavors(from: &MlModel, to: &MlModel) -> FlavorsInfo {
    let missing = |a: &MlModel, b: &MlModel| {
        a.flavors.keys().filter(|name| !b.flavors.contains_key(*name)).cloned().collect()
    };
    let mut changed = Vec::new();
    for (flavor, options) in &from.flavors {
        let Some(other) = to.flavors.get(flavor) else { continue };
        let changes = text_changes(options.clone(), other.clone());
        changed.extend(changes.into_iter().map(|TextChange { name, from, to }| OptionChange {
            flavor: flavor.clone(),
            option: name,
            from,
            to,
        }));
    }
    FlavorsInfo { added: missing(to, from), removed: missing(from, to), changed }
}

fn requirements(from: &Requirements, to: &Requirements) -> Vec<TextChange> {
    let changes = Requirements::difference(from, to).into_iter();
    changes.map(|change| TextChange { name: change.name, from: change.from, to: change.to }).collect()
}

fn params(from: Vec<(Key, String)>, to: Vec<(Key, String)>) -> Vec<TextChange> {
    let by_name = |params: Vec<(Key, String)>| {
        params.into_iter().map(|(key, value)| (key.to_string(), value)).collect::<BTreeMap<_, _>>()
    };
    text_changes(by_name(from), by_name(to))
}

/// The entries that are not the same, by name.
fn text_changes(mut from: BTreeMap<String, String>, to: BTreeMap<String, String>) -> Vec<TextChange> {
    let mut changes = Vec::new();
    for (name, to) in to {
        let from = from.remove(&name);
        if from.as_ref() != Some(&to) {
            changes.push(TextChange { name, from, to: Some(to) });
        }
    }
    changes.extend(from.into_iter().map(|(name, from)| TextChange { name, from: Some(from), to: None }));
    changes.sort_by(|a, b| a.name.cmp(&b.name));
    changes
}

/// By their latest values; NaN is the same as NaN.
fn metrics(from: &Record, to: &Record) -> Vec<NumberChange> {
    let mut values: BTreeMap<&str, [Option<f64>; 2]> = BTreeMap::new();
    for (side, record) in [from, to].into_iter().enumerate() {
        for (key, summary) in &record.metrics {
            values.entry(key).or_default()[side] = Some(summary.latest.value);
        }
    }
    let same = |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan());
    let differs = |[from, to]: &[Option<f64>; 2]| match (from, to) {
        (Some(from), Some(to)) => !same(*from, *to),
        _ => true,
    };
    values
        .into_iter()
        .filter(|(_, values)| differs(values))
        .map(|(name, [from, to])| NumberChange {
            name: name.to_owned(),
            from: from.map(Number),
            to: to.map(Number),
        })
        .collect()
}
