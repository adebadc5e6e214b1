//! Removal for good of what was deleted long enough ago: `weir gc`. Never of what a model version stands on.

use weir_domain::Result;
use weir_domain::audit::{Actor, Entity, Facts, Noun, Verb};

use crate::audit::{self, Act};
use crate::tx::Row;
use crate::{Tx, removal};

/// What is meant: deleted at this time or earlier, in one project or in all.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    pub project_id: Option<i64>,
    pub before: i64,
}

/// How much of a project that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub project_id: i64,
    pub project: String,
    pub experiments: i64,
    pub runs: i64,
    pub logged_models: i64,
}

/// One kind of what is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Runs,
    LoggedModels,
    Experiments,
}

impl Kind {
    /// In this order: an experiment goes once its runs are gone.
    pub const ALL: [Self; 3] = [Self::Runs, Self::LoggedModels, Self::Experiments];

    /// The table, and which of its rows (`t`) are due: `?1` is true, `?2` the time.
    fn rows(self) -> (&'static str, &'static str) {
        match self {
            Self::Runs => ("runs", RUN),
            Self::LoggedModels => ("logged_models", "t.deleted_at <= ?2"),
            Self::Experiments => ("experiments", EXPERIMENT),
        }
    }
}

/// The run of a model version goes with that.
const RUN: &str = "t.deleted = ?1 AND t.deleted_at <= ?2 AND t.version_id IS NULL";
/// Not the default one, which every project has, and not a model's. Deleting an experiment deletes its runs, but not its
/// logged models: one that nobody deleted keeps it.
const EXPERIMENT: &str = "t.deleted = ?1 AND t.updated_at <= ?2 AND t.iid <> 0
     AND NOT EXISTS (SELECT 1 FROM registered_models m WHERE m.experiment_id = t.id)
     AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.experiment_id = t.id
                     AND (r.deleted <> ?1 OR r.deleted_at > ?2 OR r.version_id IS NOT NULL))
     AND NOT EXISTS (SELECT 1 FROM logged_models l WHERE l.experiment_id = t.id
                     AND (l.deleted_at IS NULL OR l.deleted_at > ?2))";

/// What is due, by project; projects without any are left out.
pub fn due(tx: &mut Tx<'_>, cut: Cut) -> Result<Vec<Due>> {
    let count = |kind: Kind| {
        let (table, due) = kind.rows();
        format!("(SELECT COUNT(*) FROM {table} t WHERE t.project_id = p.id AND {due})")
    };
    let sql = format!(
        "SELECT p.id, p.full_path, {}, {}, {} FROM projects p
         WHERE (CAST(?3 AS BIGINT) = 0 OR p.id = ?3) AND p.removing <> ?1 ORDER BY p.id",
        count(Kind::Experiments),
        count(Kind::Runs),
        count(Kind::LoggedModels)
    );
    let read = |row: &Row<'_>| {
        Ok(Due {
            project_id: row.int(0)?,
            project: row.text(1)?,
            experiments: row.int(2)?,
            runs: row.int(3)?,
            logged_models: row.int(4)?,
        })
    };
    let mut rows = tx.list(&sql, &[&true, &cut.before, &cut.project_id.unwrap_or(0)], read)?;
    rows.retain(|due| due.experiments + due.runs + due.logged_models > 0);
    Ok(rows)
}

/// Rows that one transaction removes.
const STEP: i64 = 50;

/// The next rows that are due, behind row `after`.
pub fn next(tx: &mut Tx<'_>, cut: Cut, kind: Kind, after: i64) -> Result<Vec<i64>> {
    let (table, due) = kind.rows();
    let sql = format!(
        "SELECT t.id FROM {table} t WHERE t.id > ?3 AND (CAST(?4 AS BIGINT) = 0 OR t.project_id = ?4) AND ?1 AND {due}
         ORDER BY t.id LIMIT ?5"
    );
    tx.list(&sql, &[&true, &cut.before, &after, &cut.project_id.unwrap_or(0), &STEP], |row| row.int(0))
}

/// A row that is still due.
struct Found {
    id: i64,
    project_id: i64,
    experiment: String,
    /// What its users call it.
    name: String,
}

/// Removes those of `ids` that are still due, and tells the audit log; answers how many.
pub fn remove(tx: &mut Tx<'_>, actor: &Actor, cut: Cut, kind: Kind, ids: &[i64], now: i64) -> Result<usize> {
    let (table, due) = kind.rows();
    let lock =
        format!("SELECT id FROM {table} WHERE {} ORDER BY id{}", tx.any_of("id", "?1"), tx.for_update());
    tx.list(&lock, &[&ids], |_| Ok(()))?;
    let (name, of) = match kind {
        Kind::Runs => ("t.run_id", "JOIN experiments e ON e.id = t.experiment_id"),
        Kind::LoggedModels => ("t.model_id", "JOIN experiments e ON e.id = t.experiment_id"),
        Kind::Experiments => ("CAST(t.iid AS TEXT)", "JOIN experiments e ON e.id = t.id"),
    };
    let sql = format!(
        "SELECT t.id, t.project_id, e.name, {name} FROM {table} t {of}
         WHERE {} AND ?1 AND {due} ORDER BY t.project_id, t.id",
        tx.any_of("t.id", "?3")
    );
    let found = tx.list(&sql, &[&true, &cut.before, &ids], |row| {
        Ok(Found { id: row.int(0)?, project_id: row.int(1)?, experiment: row.text(2)?, name: row.text(3)? })
    })?;
    let rows: Vec<i64> = found.iter().map(|found| found.id).collect();
    for of_one in found.chunk_by(|a, b| (a.project_id, &a.experiment) == (b.project_id, &b.experiment)) {
        tell(tx, actor, kind, of_one, now)?;
    }
    match kind {
        Kind::Runs => removal::runs(tx, &rows, now)?,
        Kind::LoggedModels => removal::logged_models(tx, &rows, now)?,
        Kind::Experiments => {
            for id in &rows {
                removal::experiment(tx, *id, now)?;
            }
        }
    }
    Ok(rows.len())
}

/// One entry for what one transaction removes of an experiment.
fn tell(tx: &mut Tx<'_>, actor: &Actor, kind: Kind, found: &[Found], now: i64) -> Result<()> {
    let [first, ..] = found else { return Ok(()) };
    let noun = match kind {
        Kind::Runs => Noun::Run,
        Kind::LoggedModels => Noun::LoggedModel,
        Kind::Experiments => Noun::Experiment,
    };
    let entity = Entity::Project(first.project_id);
    let names: Vec<&str> = found.iter().map(|found| found.name.as_str()).collect();
    let target = if kind == Kind::Experiments { &first.experiment } else { &first.name };
    let act = Act::new(noun, Verb::Destroyed, entity, &first.name, target, now);
    let before = match kind {
        Kind::Experiments => Facts::new(),
        _ => Facts::new().with("experiment", &first.experiment).with("ids", names.join(", ")),
    };
    audit::record(tx, actor, &Act { before, count: found.len() as i64, ..act })
}
