//! The runs of a search by the value of a param or tag, with what their metrics came to.

use std::collections::HashMap;

use weir_domain::statistics::Statistics;
use weir_domain::{Error, Result};

use super::super::Args;
use super::driver::{COUNTED, Lead};
use super::matching::{Source, source};
use super::{NOWHERE, Query, left_join, number};
use crate::keys::KeyNames;
use crate::tx::Tx;

/// Groups that are held at most.
pub const MAX_GROUPS: usize = 10_000;
/// Characters of a value that tell groups apart.
const HEAD: usize = 500;
/// Runs read at a time: what PostgreSQL's client holds.
const AT_ONCE: i64 = COUNTED;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupBy {
    Param(String),
    Tag(String),
}

#[derive(Clone, Debug)]
pub struct Group {
    /// `None`: the runs that lack it.
    pub value: Option<String>,
    pub runs: i64,
    /// Of the latest values of each metric asked for; NaN is no number and counts nowhere.
    pub metrics: Vec<Statistics>,
}

/// Every group of the runs that match, in no order. Reads all of them: the work grows with their number.
pub fn groups(
    tx: &mut Tx<'_>,
    names: &KeyNames,
    query: &Query,
    by: &GroupBy,
    metrics: &[String],
) -> Result<Vec<Group>> {
    if query.experiments.is_empty() {
        return Ok(Vec::new());
    }
    let (table, key) = match by {
        GroupBy::Param(key) => ("params", key),
        GroupBy::Tag(key) => ("tags", key),
    };
    let key_id = number(tx, names, key)?;
    let mut metric_ids = Vec::with_capacity(metrics.len());
    for name in metrics {
        metric_ids.push(number(tx, names, name)?);
    }
    let lead = Lead::find(tx, names, query)?;
    // A condition that leads has fewer rows than that, in an order of its own.
    let at_once = lead.driver().is_some();
    let mut groups: HashMap<Option<String>, Group> = HashMap::new();
    let mut behind = NOWHERE;
    loop {
        let mut args = Args::default();
        let mut joins = left_join(table, "g", &args.int(key_id));
        let mut columns = format!("r.id, substr(g.value, 1, {HEAD})");
        for (index, id) in metric_ids.iter().enumerate() {
            joins += &left_join("metrics", &format!("m{index}"), &args.int(*id));
            columns += &format!(", m{index}.value");
        }
        let Source { tables, conditions } = source(tx, names, query, lead.driver(), &mut args)?;
        let mut sql = format!("SELECT {columns} FROM {tables}{joins} WHERE {conditions}");
        if !at_once {
            sql += &format!(" AND r.id > {} ORDER BY r.id LIMIT {AT_ONCE}", args.int(behind));
        }
        let mut rows = 0;
        tx.each(&sql, &args.references(), |row| {
            rows += 1;
            behind = row.int(0)?;
            let value = row.opt_text(1)?;
            if !groups.contains_key(&value) && groups.len() >= MAX_GROUPS {
                return Err(too_many(key));
            }
            let group = groups.entry(value).or_insert_with_key(|value| Group {
                value: value.clone(),
                runs: 0,
                metrics: vec![Statistics::default(); metrics.len()],
            });
            group.runs += 1;
            for (index, statistics) in group.metrics.iter_mut().enumerate() {
                row.opt_real(index + 2)?.into_iter().for_each(|value| statistics.add(value));
            }
            Ok(())
        })?;
        if at_once || rows < AT_ONCE {
            return Ok(groups.into_values().collect());
        }
    }
}

fn too_many(key: &str) -> Error {
    Error::Invalid(format!(
        "'{key}' has more than {MAX_GROUPS} different values among these runs: group by something with fewer, or filter"
    ))
}
