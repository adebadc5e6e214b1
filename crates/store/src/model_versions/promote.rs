//! Promotion: what a new version takes from a run, a logged model or another version. No bytes are copied.

use weir_domain::address::{self, Named};
use weir_domain::artifact::ArtifactPath;
use weir_domain::experiment::proxied;
use weir_domain::logged_model::{LoggedModel, ModelId};
use weir_domain::run::{Run, RunId};
use weir_domain::selector::Selector;
use weir_domain::source::{self, Source};
use weir_domain::{Error, Result};

use super::create::NewVersion;
use crate::files::{self, Owner};
use crate::metrics::Batch;
use crate::metrics::block::KeyedPoint;
use crate::runs::RunRow;
use crate::{Tx, ci_jobs, logged_models, metrics, registered_models, runs};

/// Where a version comes from.
#[derive(Default)]
pub(super) struct Origin {
    /// Whose params, metrics and tags are copied.
    pub(super) run: Option<Run>,
    /// The logged model that was promoted, whose params, points and tags come on top.
    pub(super) logged_model: Option<LoggedModel>,
    /// What a copied version was promoted from.
    pub(super) model_id: Option<String>,
    /// The SemVer of the version that is copied.
    pub(super) version: Option<String>,
    /// `None`: it has none.
    files: Option<Files>,
    /// For people.
    pub(super) text: Option<String>,
}

/// Where the files of what is promoted are.
enum Files {
    /// In a tree of this server, at this path: they are linked.
    Here(Owner, String),
    /// At an address that clients read themselves. It is the version's from now on, whatever becomes of the source.
    Elsewhere(String),
}

impl Files {
    /// What is at `path` of the tree of `owner`, whose root clients know as `uri`.
    fn below(uri: String, owner: Owner, path: &str) -> Result<Self> {
        if !path.is_empty() {
            ArtifactPath::parse(path)?;
        }
        if proxied(&uri).is_some() {
            return Ok(Self::Here(owner, path.to_owned()));
        }
        let uri = if path.is_empty() { uri } else { format!("{}/{path}", uri.trim_end_matches('/')) };
        Ok(Self::Elsewhere(uri))
    }

    /// Whether this server has a file or a folder there.
    fn are_known(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let Self::Here(owner, path) = self else { return Ok(false) };
        Ok(files::find(tx, *owner, path)?.is_some() || files::is_folder(tx, *owner, path)?)
    }
}

impl Origin {
    /// Where the files of the version will be, when that is not here.
    pub(super) fn location(&self) -> Option<&str> {
        match &self.files {
            Some(Files::Elsewhere(uri)) => Some(uri),
            _ => None,
        }
    }

    /// Whether [`copy`] has nothing to do.
    pub(super) fn is_nothing(&self) -> bool {
        self.run.is_none() && self.logged_model.is_none() && !matches!(self.files, Some(Files::Here(..)))
    }
}

/// Looks up what the request names. A run, model or version that is not in the project does not exist.
pub(super) fn origin(tx: &mut Tx<'_>, project_id: i64, new: &NewVersion<'_>) -> Result<Origin> {
    let mut origin = Origin::default();
    match new.source {
        Source::None | Source::Prompt | Source::Local => {}
        Source::External => origin.files = Some(Files::Elsewhere(new.source_text.to_owned())),
        Source::Run { run_id, path } => {
            // Locked: nothing is logged, uploaded or deleted while it is copied.
            let run = runs::get_locked(tx, project_id, run_id)?;
            take_run(tx, run, path, &mut origin)?;
        }
        Source::LoggedModel { model_id, path } => {
            from_logged_model(tx, project_id, &ModelId::parse(model_id)?, path, new, &mut origin)?
        }
        Source::Version { model, selector } => from_version(tx, project_id, model, selector, &mut origin)?,
        Source::Artifact(path) => from_artifact(tx, project_id, path, new, &mut origin)?,
    }
    if let Some(given) = new.model_id {
        check_logged_model(tx, project_id, given, new, &mut origin)?;
    }
    // The run that the client names counts for params, metrics and tags, wherever the files are.
    if let Some(run_id) = new.run_id {
        let run = runs::get_locked(tx, project_id, run_id)?;
        run.check_writable()?;
        if origin.files.is_none() && matches!(new.source, Source::None) {
            origin.files = Some(Files::below(run.artifact_uri(), Owner::Run(run.id), "")?);
        }
        origin.run = Some(run);
    }
    if matches!(new.source, Source::Local) {
        // MLflow's clients name the files of a run so whose experiment is in a folder that they share.
        if !origin.run.as_ref().is_some_and(|run| source::is_within(new.source_text, &run.artifact_uri())) {
            return Err(source::local(new.source_text));
        }
        origin.files = Some(Files::Elsewhere(new.source_text.to_owned()));
    }
    if origin.run.is_some() || origin.model_id.is_some() || matches!(new.source, Source::External) {
        origin.text = Some(match (new.source_text, &origin.run) {
            ("", Some(run)) => format!("runs:/{}", run.run_id.as_str()),
            (text, _) => text.to_owned(),
        });
    }
    Ok(origin)
}

/// Takes what stands at `path` of the tree of a locked run; nothing is fine, as MLflow has it.
fn take_run(tx: &mut Tx<'_>, run: Run, path: &str, origin: &mut Origin) -> Result<()> {
    run.check_writable()?;
    let files = Files::below(run.artifact_uri(), Owner::Run(run.id), path)?;
    // MLflow 3 keeps what `log_model(name=…)` saves with the logged model, and still writes runs:/<id>/<name>, or what
    // its `get_underlying_uri` makes of that.
    if !path.is_empty()
        && !files.are_known(tx)?
        && let Some(model) = logged_models::by_run_and_name(tx, run.project_id, run.run_id.as_str(), path)?
    {
        if model.deleted_at.is_some() {
            return Err(Error::NotFound(format!(
                "Logged model with ID '{}' not found. It is the '{path}' of run {}, and it is deleted",
                model.model_id.as_str(),
                run.run_id.as_str()
            )));
        }
        take(tx, &model, "", origin)?;
    } else {
        origin.files = Some(files);
    }
    origin.run = Some(run);
    Ok(())
}

fn from_logged_model(
    tx: &mut Tx<'_>,
    project_id: i64,
    model_id: &ModelId,
    path: &str,
    new: &NewVersion<'_>,
    origin: &mut Origin,
) -> Result<()> {
    let model = logged_models::get_active(tx, project_id, model_id)?;
    // Its run, when the client names none and it is still one of the project.
    if new.run_id.is_none()
        && let Ok(run_id) = RunId::parse(&model.source_run_id)
        && runs::row(tx, project_id, &run_id)?.is_some()
    {
        origin.run = Some(runs::get_locked(tx, project_id, &run_id)?).filter(|run| !run.deleted);
    }
    take(tx, &model, path, origin)
}

/// Takes a logged model as what is promoted; locked, so that its files stay as they are meanwhile.
fn take(tx: &mut Tx<'_>, model: &LoggedModel, path: &str, origin: &mut Origin) -> Result<()> {
    // Read again behind the lock: a model that was deleted just now, or is of a deleted experiment, is none to promote.
    let model = logged_models::get_locked(tx, model.project_id, &model.model_id)?;
    let files = Files::below(model.artifact_uri(), Owner::LoggedModel(model.id), path)?;
    if !path.is_empty() && matches!(files, Files::Here(..)) && !files.are_known(tx)? {
        return Err(Error::NotFound(format!(
            "No such artifact: '{path}' in the logged model '{}'",
            model.model_id.as_str()
        )));
    }
    origin.files = Some(files);
    origin.model_id = Some(model.model_id.as_str().to_owned());
    origin.logged_model = Some(model);
    Ok(())
}

/// The model id beside the source has to be the model that the source means.
fn check_logged_model(
    tx: &mut Tx<'_>,
    project_id: i64,
    given: &str,
    new: &NewVersion<'_>,
    origin: &mut Origin,
) -> Result<()> {
    let given_id = ModelId::parse(given)?;
    // MLflow's `copy_model_version` says of the copied version what that was made from, and that may be gone by now.
    if origin.version.is_some()
        && let Some(known) = &origin.model_id
    {
        return if known == given_id.as_str() {
            Ok(())
        } else {
            Err(Error::Invalid(format!(
                "Invalid model version source: '{}'. The run_id and model_id request parameters must match the referenced model version. It is of the logged model '{known}', and 'model_id' says '{given}'",
                new.source_text
            )))
        };
    }
    let model = logged_models::get_active(tx, project_id, &given_id)?;
    match &origin.logged_model {
        Some(known) if known.model_id != model.model_id => Err(Error::Invalid(format!(
            "Invalid model version source: '{}'. It is the logged model '{}', and 'model_id' says '{given}'",
            new.source_text,
            known.model_id.as_str()
        ))),
        Some(_) => Ok(()),
        // Files of a run or of nobody, said to be of the model: recorded.
        None => {
            origin.model_id = Some(model.model_id.as_str().to_owned());
            Ok(())
        }
    }
}

fn from_version(
    tx: &mut Tx<'_>,
    project_id: i64,
    model: &str,
    selector: &Selector,
    origin: &mut Origin,
) -> Result<()> {
    let model = registered_models::get(tx, project_id, model)?;
    let version = super::select(tx, &model, selector)?;
    let run = runs::get_locked(tx, project_id, &version.run_id)?;
    origin.files = Some(Files::below(run.artifact_uri(), Owner::Run(run.id), "")?);
    origin.run = Some(run);
    origin.model_id = version.source_model_id;
    origin.version = Some(version.version);
    Ok(())
}

/// The path of an artifact URI of this server: in the tree of a run or of a logged model.
fn from_artifact(
    tx: &mut Tx<'_>,
    project_id: i64,
    text: &str,
    new: &NewVersion<'_>,
    origin: &mut Origin,
) -> Result<()> {
    let path = ArtifactPath::parse_address(text)?;
    for split in address::splits(&path) {
        let is_at = |location: &str| proxied(location) == Some(split.location);
        match &split.tree {
            Named::Run(run_id) => {
                let run = if_there(runs::get_locked(tx, project_id, run_id))?;
                // Where a version's files are elsewhere, its run has no such address.
                let run = run.filter(|run| is_at(&run.experiment_location) && run.location.is_none());
                if let Some(run) = run {
                    return take_run(tx, run, split.rest, origin);
                }
            }
            Named::LoggedModel(model_id) => {
                let model = if_there(logged_models::get(tx, project_id, model_id))?;
                if model.is_some_and(|model| is_at(&model.experiment_location)) {
                    return from_logged_model(tx, project_id, model_id, split.rest, new, origin);
                }
            }
        }
    }
    Err(Error::Invalid(format!(
        "Invalid model version source: 'mlflow-artifacts:/{text}'. It is in no run and no logged model of this project; write mlflow-artifacts:/<experiment id>/<run id>/artifacts/<path>, or models/<model id> for the run"
    )))
}

fn if_there<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Err(Error::NotFound(_)) => Ok(None),
        found => found.map(Some),
    }
}

/// Copies what `origin` has into the run `to` of the new version, the run's name excepted.
pub(super) fn copy(tx: &mut Tx<'_>, origin: &Origin, to: &RunRow, name_key: i64, now: i64) -> Result<()> {
    if let Some(Files::Here(owner, path)) = &origin.files {
        files::link(tx, *owner, path, Owner::Run(to.id), now)?;
    }
    let from = origin.run.as_ref().map(|run| run.id);
    if let Some(from) = from {
        copy_run(tx, from, to, name_key)?;
    }
    match &origin.logged_model {
        Some(model) => copy_logged_model(tx, model, from, to, name_key),
        None => Ok(()),
    }
}

fn copy_run(tx: &mut Tx<'_>, from: i64, to: &RunRow, name_key: i64) -> Result<()> {
    for table in ["params", "tags"] {
        tx.execute(
            &format!(
                "INSERT INTO {table} (run_id, key_id, experiment_id, value)
                 SELECT ?1, key_id, ?2, value FROM {table} WHERE run_id = ?3 AND key_id <> ?4"
            ),
            &[&to.id, &to.experiment_id, &from, &name_key],
        )?;
    }
    ci_jobs::copy(tx, from, to.id)?;
    // The whole history, with what is still in the inbox.
    tx.execute(
        "INSERT INTO metrics (run_id, key_id, experiment_id, value, step, logged_at, min_value, max_value, points)
         SELECT ?1, key_id, ?2, value, step, logged_at, min_value, max_value, points FROM metrics WHERE run_id = ?3",
        &[&to.id, &to.experiment_id, &from],
    )?;
    tx.execute(
        "INSERT INTO metric_chunks (run_id, key_id, chunk, first_at, last_at, points, body)
         SELECT ?1, key_id, chunk, first_at, last_at, points, body FROM metric_chunks WHERE run_id = ?2",
        &[&to.id, &from],
    )?;
    tx.execute(
        "INSERT INTO metric_inbox (experiment_id, run_id, points, body)
         SELECT ?1, ?2, points, body FROM metric_inbox WHERE run_id = ?3",
        &[&to.experiment_id, &to.id, &from],
    )?;
    Ok(())
}

/// Points of a logged model that are copied at a time.
const POINTS_AT_ONCE: i64 = 10_000;

/// Where the run has a param or a tag of the same name, that stays.
fn copy_logged_model(
    tx: &mut Tx<'_>,
    model: &LoggedModel,
    run: Option<i64>,
    to: &RunRow,
    name_key: i64,
) -> Result<()> {
    for (from, table) in [("logged_model_params", "params"), ("logged_model_tags", "tags")] {
        tx.execute(
            &format!(
                "INSERT INTO keys (name) SELECT key FROM {from} WHERE model_id = ?1 ORDER BY key
                 ON CONFLICT (name) DO NOTHING"
            ),
            &[&model.id],
        )?;
        tx.execute(
            &format!(
                "INSERT INTO {table} (run_id, key_id, experiment_id, value)
                 SELECT ?1, k.id, ?2, f.value FROM {from} f JOIN keys k ON k.name = f.key
                 WHERE f.model_id = ?3 AND k.id <> ?4
                 ON CONFLICT (run_id, key_id) DO NOTHING"
            ),
            &[&to.id, &to.experiment_id, &model.id, &name_key],
        )?;
    }
    let mut after = None;
    loop {
        let page = logged_models::metrics::page(tx, model.id, after.as_ref(), POINTS_AT_ONCE)?;
        let is_last = page.len() < POINTS_AT_ONCE as usize;
        // The run's own points came with the run.
        let points = page.iter().filter(|point| run != Some(point.run));
        let points: Vec<KeyedPoint> =
            points.map(|point| KeyedPoint { key_id: point.key_id, point: point.point }).collect();
        metrics::log(tx, to, &Batch::new(&points))?;
        if is_last {
            return Ok(());
        }
        after = page.into_iter().next_back();
    }
}
