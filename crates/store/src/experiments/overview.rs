//! Experiments as a list shows them: how many runs each has, who made it, when something last happened in it.

use std::collections::HashMap;

use weir_domain::Result;
use weir_domain::experiment::Experiment;
use weir_domain::run::{RunId, ViewType};

use super::{COLUMNS, read};
use crate::Tx;
use crate::search::{Args, Column, Kind, Page, Position, keyset};
use crate::tx::Row;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderBy {
    Name,
    CreatedAt,
    LastActivityAt,
    /// Counts the runs of every experiment of the project for each page.
    RunCount,
}

#[derive(Clone, Debug)]
pub struct Query {
    pub project_id: i64,
    /// A part of the name, in any case.
    pub search: Option<String>,
    pub view: ViewType,
    pub order_by: OrderBy,
    pub descending: bool,
    pub most: usize,
    pub after: Option<Position>,
}

#[derive(Clone, Debug)]
pub struct Overview {
    pub experiment: Experiment,
    pub creator_id: i64,
    pub creator: Option<String>,
    /// Runs that are not deleted.
    pub run_count: i64,
    /// The latest of: the experiment was made, renamed, deleted or restored; a run was made; a run ended.
    pub last_activity_at: i64,
    pub newest: Option<NewestRun>,
    /// Of the registered model whose versions are the runs.
    pub model: Option<String>,
}

/// The run that was made last.
#[derive(Clone, Debug)]
pub struct NewestRun {
    pub iid: i64,
    pub run_id: RunId,
    pub name: String,
    pub created_at: i64,
}

/// A few look-ups in indexes for each experiment of the project, so that the order by activity needs no column that
/// every write to a run would change.
pub fn list(tx: &mut Tx<'_>, query: &Query) -> Result<Page<Overview>> {
    let columns = columns(query);
    let mut args = Args::default();
    let raw = raw(tx, query, &mut args);
    let mut conditions = vec!["1 = 1".to_owned()];
    if let Some(position) = &query.after {
        let kinds: Vec<Kind> = columns.iter().map(|column| column.kind).collect();
        keyset::check(position, &kinds)?;
        conditions.push(keyset::behind(&columns, position, &mut args));
    }
    let sql = format!(
        "WITH raw AS MATERIALIZED ({raw}),
         seen AS MATERIALIZED (
           SELECT raw.*, n.iid AS newest_iid, n.run_id AS newest_run_id, n.name AS newest_name, n.created_at AS newest_at,
                  {ACTIVITY} AS last_activity_at
           FROM raw LEFT JOIN runs n ON n.id = raw.newest_id
         )
         SELECT {COLUMNS}, e.creator_id, u.username, e.last_activity_at, e.newest_iid, e.newest_run_id, e.newest_name,
                e.newest_at, m.name, {}
         FROM seen e
         LEFT JOIN users u ON u.id = e.creator_id
         LEFT JOIN registered_models m ON m.experiment_id = e.id
         WHERE {} ORDER BY {} LIMIT {}",
        keyset::select(&columns),
        conditions.join(" AND "),
        keyset::order_by(&columns),
        args.int(query.most as i64 + 1)
    );
    let rows = tx.list(&sql, &args.references(), |row| {
        Ok((read_overview(row)?, keyset::read(row, WIDTH, &columns)?))
    })?;
    let mut page = Page::of_first(rows, query.most);
    count_runs(tx, &mut page)?;
    Ok(page)
}

/// The greatest of three times.
const ACTIVITY: &str = "CASE
    WHEN COALESCE(n.created_at, 0) >= COALESCE(raw.ended_at, 0) AND COALESCE(n.created_at, 0) >= raw.updated_at
    THEN n.created_at
    WHEN COALESCE(raw.ended_at, 0) >= raw.updated_at THEN raw.ended_at
    ELSE raw.updated_at END";

/// The experiments with what their order may ask for.
fn raw(tx: &Tx<'_>, query: &Query, args: &mut Args) -> String {
    let mut conditions = vec![format!("e.project_id = {}", args.int(query.project_id))];
    if let Some(deleted) = query.view.deleted() {
        conditions.push(if deleted { "e.deleted" } else { "NOT e.deleted" }.to_owned());
    }
    if let Some(search) = &query.search {
        conditions.push(tx.contains_any_case("e.name", &args.text(search)));
    }
    let counted = match query.order_by {
        OrderBy::RunCount => {
            ", (SELECT COUNT(*) FROM runs r WHERE r.experiment_id = e.id AND r.deleted = FALSE) AS run_count"
        }
        _ => "",
    };
    format!(
        "SELECT {COLUMNS}, e.creator_id,
                (SELECT MAX(r.id) FROM runs r WHERE r.experiment_id = e.id AND r.deleted = FALSE) AS newest_id,
                (SELECT MAX(r.ended_at) FROM runs r WHERE r.experiment_id = e.id AND r.ended_at IS NOT NULL) AS ended_at{counted}
         FROM experiments e WHERE {}",
        conditions.join(" AND ")
    )
}

fn columns(query: &Query) -> Vec<Column> {
    let first = match query.order_by {
        OrderBy::Name => Column::new("e.name", Kind::Text, query.descending),
        OrderBy::CreatedAt => Column::new("e.created_at", Kind::Int, query.descending),
        OrderBy::LastActivityAt => Column::new("e.last_activity_at", Kind::Int, query.descending),
        OrderBy::RunCount => Column::new("e.run_count", Kind::Int, query.descending),
    };
    vec![first, Column::new("e.iid", Kind::Int, query.descending)]
}

/// Columns of an overview before those of the order.
const WIDTH: usize = 16;

fn read_overview(row: &Row<'_>) -> Result<Overview> {
    let newest = match row.opt_int(11)? {
        Some(iid) => Some(NewestRun {
            iid,
            run_id: RunId::parse(row.str(12)?)?,
            name: row.text(13)?,
            created_at: row.int(14)?,
        }),
        None => None,
    };
    Ok(Overview {
        experiment: read(row)?,
        creator_id: row.int(8)?,
        creator: row.opt_text(9)?,
        run_count: 0,
        last_activity_at: row.int(10)?,
        newest,
        model: row.opt_text(15)?,
    })
}

/// One statement for the page.
fn count_runs(tx: &mut Tx<'_>, page: &mut Page<Overview>) -> Result<()> {
    let ids: Vec<i64> = page.rows.iter().map(|(overview, _)| overview.experiment.id).collect();
    let sql = format!(
        "SELECT experiment_id, COUNT(*) FROM runs WHERE {} AND deleted = FALSE GROUP BY experiment_id",
        tx.any_of("experiment_id", "?1")
    );
    let mut counts = HashMap::new();
    tx.each(&sql, &[&ids], |row| {
        counts.insert(row.int(0)?, row.int(1)?);
        Ok(())
    })?;
    for (overview, _) in &mut page.rows {
        overview.run_count = counts.get(&overview.experiment.id).copied().unwrap_or(0);
    }
    Ok(())
}
