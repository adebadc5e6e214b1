//! Promotion: what a new version takes from a run, a logged model or another version. No bytes are copied.

use weir_domain::artifact::ArtifactPath;
use weir_domain::logged_model::{LoggedModel, ModelId};
use weir_domain::metric::Point;
use weir_domain::run::{Run, RunId};
use weir_domain::selector::Selector;
use weir_domain::source::Source;
use weir_domain::{Error, Result};

use super::create::NewVersion;
use crate::files::{self, Owner};
use crate::metrics::Batch;
use crate::metrics::block::KeyedPoint;
use crate::runs::RunRow;
use crate::{Tx, logged_models, metrics, registered_models, runs};

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
    /// The tree and the place in it whose files are linked.
    files: Option<(Owner, String)>,
    /// For people.
    pub(super) text: Option<String>,
}

/// Looks up what the request names. A run, model or version that is not in the project does not exist.
pub(super) fn origin(tx: &mut Tx<'_>, project_id: i64, new: &NewVersion<'_>) -> Result<Origin> {
    let mut origin = Origin::default();
    match new.source {
        Source::None | Source::Prompt | Source::External => {}
        Source::Run { run_id, path } => from_run(tx, project_id, run_id, path, &mut origin)?,
        Source::LoggedModel { model_id, path } => {
            from_logged_model(tx, project_id, model_id, path, new, &mut origin)?
        }
        Source::Version { model, selector } => from_version(tx, project_id, model, selector, &mut origin)?,
        Source::Artifact(path) => from_artifact(tx, project_id, path, &mut origin)?,
    }
    if let Some(given) = new.model_id {
        check_logged_model(tx, project_id, given, new, &mut origin)?;
    }
    // The run that the client names counts for params, metrics and tags, wherever the files are.
    if let Some(run_id) = new.run_id {
        let run = runs::get_locked(tx, project_id, run_id)?;
        run.check_writable()?;
        if origin.files.is_none() && matches!(new.source, Source::None) {
            origin.files = Some((Owner::Run(run.id), String::new()));
        }
        origin.run = Some(run);
    }
    if origin.run.is_some() || origin.model_id.is_some() || matches!(new.source, Source::External) {
        origin.text = Some(match (new.source_text, &origin.run) {
            ("", Some(run)) => format!("runs:/{}", run.run_id.as_str()),
            (text, _) => text.to_owned(),
        });
    }
    Ok(origin)
}

fn from_run(tx: &mut Tx<'_>, project_id: i64, run_id: &RunId, path: &str, origin: &mut Origin) -> Result<()> {
    // Locked: nothing is logged, uploaded or deleted while it is copied.
    let run = runs::get_locked(tx, project_id, run_id)?;
    run.check_writable()?;
    check_path(path)?;
    let owner = Owner::Run(run.id);
    origin.files = Some((owner, path.to_owned()));
    // MLflow 3 keeps what `log_model(name=…)` saves with the logged model, and still writes runs:/<id>/<name>.
    if !path.is_empty() && files::find(tx, owner, path)?.is_none() && !files::is_folder(tx, owner, path)? {
        let found = logged_models::by_run_and_name(tx, project_id, run_id.as_str(), path)?;
        if let Some(model) = found {
            take(tx, model, String::new(), origin)?;
        }
    }
    origin.run = Some(run);
    Ok(())
}

fn from_logged_model(
    tx: &mut Tx<'_>,
    project_id: i64,
    model_id: &str,
    path: &str,
    new: &NewVersion<'_>,
    origin: &mut Origin,
) -> Result<()> {
    check_path(path)?;
    let model_id = ModelId::parse(model_id)?;
    let model = logged_models::get_active(tx, project_id, &model_id)?;
    // Its run, when the client names none and it is still one of the project.
    if new.run_id.is_none()
        && let Ok(run_id) = RunId::parse(&model.source_run_id)
        && runs::row(tx, project_id, &run_id)?.is_some()
    {
        origin.run = Some(runs::get_locked(tx, project_id, &run_id)?).filter(|run| !run.deleted);
    }
    take(tx, model, path.to_owned(), origin)
}

/// Takes a logged model as what is promoted; locked, so that its files stay as they are meanwhile.
fn take(tx: &mut Tx<'_>, model: LoggedModel, path: String, origin: &mut Origin) -> Result<()> {
    files::lock_tree(tx, Owner::LoggedModel(model.id))?;
    origin.files = Some((Owner::LoggedModel(model.id), path));
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
    let model = logged_models::get_active(tx, project_id, &ModelId::parse(given)?)?;
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
    origin.files = Some((Owner::Run(run.id), String::new()));
    origin.run = Some(run);
    origin.model_id = version.source_model_id;
    origin.version = Some(version.version);
    Ok(())
}

/// `<experiment>/<run id>/artifacts[/<path>]`, as an artifact URI of this server has it behind the scheme.
fn from_artifact(tx: &mut Tx<'_>, project_id: i64, address: &str, origin: &mut Origin) -> Result<()> {
    let refused = || {
        Error::Invalid(format!(
            "Invalid model version source: 'mlflow-artifacts:/{address}'. It is in no run and no logged model of this project; write mlflow-artifacts:/<experiment id>/<run id>/artifacts/<path>"
        ))
    };
    check_path(address)?;
    let (owner, path) = address.split_once("/artifacts").ok_or_else(refused)?;
    let path = match path.strip_prefix('/') {
        Some(path) => path,
        None if path.is_empty() => "",
        None => return Err(refused()),
    };
    let (location, id) = owner.rsplit_once('/').unwrap_or(("", owner));
    let run = RunId::parse(id).and_then(|run_id| runs::get_locked(tx, project_id, &run_id));
    let run = match run {
        Ok(run)
            if run.experiment_location.strip_prefix("mlflow-artifacts:").map(|at| at.trim_matches('/'))
                == Some(location) =>
        {
            run
        }
        Ok(_) | Err(Error::NotFound(_)) => return Err(refused()),
        Err(error) => return Err(error),
    };
    run.check_writable()?;
    origin.files = Some((Owner::Run(run.id), path.to_owned()));
    origin.run = Some(run);
    Ok(())
}

fn check_path(path: &str) -> Result<()> {
    if path.is_empty() { Ok(()) } else { ArtifactPath::parse(path).map(|_| ()) }
}

/// Copies what `origin` has into the run `to` of the new version, the run's name excepted.
pub(super) fn copy(tx: &mut Tx<'_>, origin: &Origin, to: &RunRow, name_key: i64, now: i64) -> Result<()> {
    if let Some((owner, path)) = &origin.files {
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
    // The run's own points came with the run.
    let points = tx.list(
        "SELECT key_id, step, logged_at, value, is_nan FROM logged_model_metrics WHERE model_id = ?1 AND run_id <> ?2",
        &[&model.id, &run.unwrap_or(0)],
        |row| {
            let value = if row.bool(4)? { f64::NAN } else { row.real(3)? };
            Ok(KeyedPoint {
                key_id: row.int(0)?,
                point: Point { value, step: row.int(1)?, timestamp: row.int(2)? },
            })
        },
    )?;
    metrics::log(tx, to, &Batch::new(&points))
}
