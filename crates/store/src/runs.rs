//! Runs: creation, status, deletion.

use std::collections::HashMap;

use weir_domain::experiment::{Experiment, location};
use weir_domain::run::{Run, RunId, RunStatus, not_found};
use weir_domain::{Error, Result};

use crate::changes::{Subject, What};
use crate::{Tx, model_versions, projects};

/// The tag that mirrors a run's name.
pub const NAME_TAG: &str = "mlflow.runName";

/// What logging needs to know of a run.
#[derive(Clone, Copy, Debug)]
pub struct RunRow {
    pub id: i64,
    pub experiment_id: i64,
    sealed: bool,
}

fn read_row(row: &crate::tx::Row<'_>) -> Result<RunRow> {
    Ok(RunRow { id: row.int(0)?, experiment_id: row.int(1)?, sealed: row.bool(2)? })
}

impl RunRow {
    /// The run of a published version takes no params, metrics, inputs, models and files, and keeps its status, times
    /// and name.
    pub fn check_open(&self, tx: &mut Tx<'_>) -> Result<()> {
        if self.sealed { Err(model_versions::sealed(tx, self.id)?) } else { Ok(()) }
    }
}

impl From<&Run> for RunRow {
    fn from(run: &Run) -> Self {
        Self { id: run.id, experiment_id: run.experiment_id, sealed: run.sealed }
    }
}

pub struct NewRun<'a> {
    pub run_id: &'a RunId,
    pub name: &'a str,
    pub user_id: &'a str,
    pub creator_id: i64,
    pub started_at: i64,
    pub now: i64,
    /// Of a model version: the row of that, and then the run is finished when it is made.
    pub version_id: Option<i64>,
    /// Where the files of that version are, when they are not here.
    pub location: Option<&'a str>,
}

pub(crate) const COLUMNS: &str = "r.id, r.run_id, r.project_id, r.experiment_id, e.iid, e.artifact_location,
    r.iid, r.name, r.user_id, r.status, r.started_at, r.ended_at, r.deleted, r.version_id, r.sealed, r.location";
/// How many these are.
pub(crate) const WIDTH: usize = 16;

pub(crate) fn read(row: &crate::tx::Row<'_>) -> Result<Run> {
    let experiment_iid = row.int(4)?;
    let status = row.int(9)?;
    Ok(Run {
        id: row.int(0)?,
        run_id: RunId::parse(row.str(1)?)?,
        project_id: row.int(2)?,
        experiment_id: row.int(3)?,
        experiment_iid,
        experiment_location: location(row.opt_text(5)?.as_deref(), experiment_iid),
        iid: row.int(6)?,
        name: row.text(7)?,
        user_id: row.text(8)?,
        status: RunStatus::from_number(status)
            .ok_or_else(|| Error::internal(format!("run status {status}")))?,
        started_at: row.int(10)?,
        ended_at: row.opt_int(11)?,
        deleted: row.bool(12)?,
        version_id: row.opt_int(13)?,
        sealed: row.bool(14)?,
        location: row.opt_text(15)?,
    })
}

/// Makes a run of `experiment`, which must be active.
pub fn create(tx: &mut Tx<'_>, experiment: &Experiment, new: &NewRun<'_>) -> Result<Run> {
    experiment.check_active()?;
    let iid = projects::next_run_iid(tx, experiment.project_id)?;
    insert(tx, experiment, iid, new)
}

/// Gives a run the next number of the project, in the place of the one that it was inserted with.
pub(crate) fn give_iid(tx: &mut Tx<'_>, run: &RunRow, project_id: i64) -> Result<()> {
    let iid = projects::next_run_iid(tx, project_id)?;
    tx.execute("UPDATE runs SET iid = ?2 WHERE id = ?1", &[&run.id, &iid])?;
    Ok(())
}

/// The row of a run, numbered `iid`.
pub(crate) fn insert(tx: &mut Tx<'_>, experiment: &Experiment, iid: i64, new: &NewRun<'_>) -> Result<Run> {
    // Nothing is running behind a version.
    let (status, ended_at) = match new.version_id {
        Some(_) => (RunStatus::Finished, Some(new.now)),
        None => (RunStatus::Running, None),
    };
    let id = tx.get(
        "INSERT INTO runs (run_id, project_id, experiment_id, iid, name, user_id, creator_id, status,
                           started_at, ended_at, deleted, deleted_at, created_at, version_id, sealed,
                           location)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, NULL, ?12, ?13, ?11, ?14)
         RETURNING id",
        &[
            &new.run_id.as_str(),
            &experiment.project_id,
            &experiment.id,
            &iid,
            &new.name,
            &new.user_id,
            &new.creator_id,
            &status.number(),
            &new.started_at,
            &ended_at,
            &false,
            &new.now,
            &new.version_id,
            &new.location,
        ],
        |row| row.int(0),
    )?;
    tx.note(Subject::Run(id), What::CREATED);
    Ok(Run {
        id,
        run_id: new.run_id.clone(),
        project_id: experiment.project_id,
        experiment_id: experiment.id,
        experiment_iid: experiment.iid,
        experiment_location: experiment.location(),
        iid,
        name: new.name.to_owned(),
        user_id: new.user_id.to_owned(),
        status,
        started_at: new.started_at,
        ended_at,
        deleted: false,
        version_id: new.version_id,
        sealed: false,
        location: new.location.map(ToOwned::to_owned),
    })
}

/// A run of the project, active or deleted.
pub fn get(tx: &mut Tx<'_>, project_id: i64, run_id: &RunId) -> Result<Run> {
    let sql = format!(
        "SELECT {COLUMNS} FROM runs r JOIN experiments e ON e.id = r.experiment_id
         WHERE r.run_id = ?1 AND r.project_id = ?2"
    );
    tx.find(&sql, &[&run_id.as_str(), &project_id], read)?.ok_or_else(|| not_found(run_id.as_str()))
}

/// The run of the project with this number in it, active or deleted.
pub fn by_iid(tx: &mut Tx<'_>, project_id: i64, iid: i64) -> Result<Run> {
    let sql = format!(
        "SELECT {COLUMNS} FROM runs r JOIN experiments e ON e.id = r.experiment_id
         WHERE r.project_id = ?1 AND r.iid = ?2"
    );
    tx.find(&sql, &[&project_id, &iid], read)?
        .ok_or_else(|| Error::NotFound(format!("there is no run with number {iid} in this project")))
}

/// The same, kept as it is for others until the end of the transaction.
pub fn get_locked(tx: &mut Tx<'_>, project_id: i64, run_id: &RunId) -> Result<Run> {
    let lock = format!("SELECT id FROM runs WHERE run_id = ?1 AND project_id = ?2{}", tx.for_update());
    tx.find(&lock, &[&run_id.as_str(), &project_id], |row| row.int(0))?;
    get(tx, project_id, run_id)
}

/// An active run of the project that takes params, metrics and inputs: not one of a published version.
pub fn open(tx: &mut Tx<'_>, project_id: i64, run_id: &RunId) -> Result<RunRow> {
    let row = writable(tx, project_id, run_id)?;
    row.check_open(tx)?;
    Ok(row)
}

/// An active run of the project, as little of it as setting tags needs. Call it where something is written: the run
/// of a version stays as it is until the end of the transaction.
pub fn writable(tx: &mut Tx<'_>, project_id: i64, run_id: &RunId) -> Result<RunRow> {
    let (row, of_version) = find_active(tx, project_id, run_id, "")?;
    if !of_version {
        return Ok(row);
    }
    // A version is published and deleted at one stroke; other runs are spared the lock on their busiest path.
    find_active(tx, project_id, run_id, tx.for_share()).map(|(row, _)| row)
}

/// The same without holding it: for reads, and where [`files::lock_tree`](crate::files::lock_tree) follows.
pub fn active(tx: &mut Tx<'_>, project_id: i64, run_id: &RunId) -> Result<RunRow> {
    find_active(tx, project_id, run_id, "").map(|(row, _)| row)
}

/// And whether the run is one of a version.
fn find_active(tx: &mut Tx<'_>, project_id: i64, run_id: &RunId, lock: &str) -> Result<(RunRow, bool)> {
    let found = tx.find(
        &format!(
            "SELECT id, experiment_id, sealed, deleted, version_id IS NOT NULL FROM runs
             WHERE run_id = ?1 AND project_id = ?2{lock}"
        ),
        &[&run_id.as_str(), &project_id],
        |row| Ok((read_row(row)?, row.bool(3)?, row.bool(4)?)),
    )?;
    match found {
        Some((row, false, of_version)) => Ok((row, of_version)),
        // Read whole, for its own sentence.
        Some((_, true, of_version)) => {
            let run = get(tx, project_id, run_id)?;
            run.check_writable()?;
            Ok((RunRow::from(&run), of_version))
        }
        None => Err(not_found(run_id.as_str())),
    }
}

/// The row of a run that may be read, active or deleted.
pub fn row(tx: &mut Tx<'_>, project_id: i64, run_id: &RunId) -> Result<Option<RunRow>> {
    tx.find(
        "SELECT id, experiment_id, sealed FROM runs WHERE run_id = ?1 AND project_id = ?2",
        &[&run_id.as_str(), &project_id],
        read_row,
    )
}

/// Row and start of those of `run_ids` that there are in the project, active or deleted.
pub fn starts(tx: &mut Tx<'_>, project_id: i64, run_ids: &[String]) -> Result<HashMap<String, (i64, i64)>> {
    // By id alone: SQLite could think that a project has fewer runs than these.
    let sql =
        format!("SELECT run_id, id, started_at, project_id FROM runs WHERE {}", tx.any_of("run_id", "?1"));
    let rows = tx.list(&sql, &[&run_ids], |row| {
        Ok(((row.text(0)?, (row.int(1)?, row.int(2)?)), row.int(3)? == project_id))
    })?;
    Ok(rows.into_iter().filter(|(_, own)| *own).map(|(run, _)| run).collect())
}

/// What `runs/update` may change; `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub status: Option<RunStatus>,
    /// 0 erases the time, as MLflow's own server has it.
    pub ended_at: Option<i64>,
    pub name: Option<String>,
}

/// Changes an active run and answers with it.
pub fn update(tx: &mut Tx<'_>, project_id: i64, run_id: &RunId, change: &Change) -> Result<Run> {
    let mut run = get_locked(tx, project_id, run_id)?;
    run.check_writable()?;
    RunRow::from(&run).check_open(tx)?;
    run.status = change.status.unwrap_or(run.status);
    run.ended_at = match change.ended_at {
        Some(0) => None,
        Some(at) => Some(at),
        None => run.ended_at,
    };
    if let Some(name) = &change.name {
        run.name.clone_from(name);
    }
    tx.execute(
        "UPDATE runs SET status = ?2, ended_at = ?3, name = ?4 WHERE id = ?1",
        &[&run.id, &run.status.number(), &run.ended_at, &run.name],
    )?;
    tx.note(Subject::Run(run.id), What::UPDATED);
    Ok(run)
}

pub fn rename(tx: &mut Tx<'_>, id: i64, name: &str) -> Result<()> {
    tx.execute("UPDATE runs SET name = ?2 WHERE id = ?1", &[&id, &name])?;
    tx.note(Subject::Run(id), What::RENAMED);
    Ok(())
}

/// Deletes or restores; doing it again changes nothing. The run of a model version goes with that alone.
pub fn set_deleted(tx: &mut Tx<'_>, run: &Run, deleted: bool, now: i64) -> Result<()> {
    if run.version_id.is_some() {
        let id = run.run_id.as_str();
        // The first is GitLab's sentence.
        return Err(Error::Conflict(if deleted {
            format!(
                "Cannot delete a run associated to a model version: run {id} goes when its version is deleted"
            )
        } else {
            format!(
                "Cannot restore a run associated to a model version: run {id} is there as long as its version is"
            )
        }));
    }
    let deleted_at = deleted.then_some(now);
    tx.execute(
        "UPDATE runs SET deleted = ?2, deleted_at = ?3 WHERE id = ?1 AND deleted <> ?2",
        &[&run.id, &deleted, &deleted_at],
    )?;
    tx.note(Subject::Run(run.id), if deleted { What::DELETED } else { What::RESTORED });
    Ok(())
}
