//! Reading the log: all of it, or what belongs to one project, group or user.

use weir_domain::audit::{Entity, Link};
use weir_domain::{Error, Result};

use super::seal::{COLUMNS, digest, read};
use crate::Tx;
use crate::slice::{self, Listing, Part, Slice};
use crate::tx::{Row, ToArg};

/// Which entries.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub created_after: Option<i64>,
    pub created_before: Option<i64>,
    /// Of GitLab's kinds; used when all entries are listed.
    pub entity_kind: Option<String>,
    pub entity_id: Option<i64>,
}

const PLACE: &str = "sequence, entity_number, hash";
/// Columns of [`PLACE`].
const PLACE_WIDTH: usize = 3;

pub(super) fn columns() -> String {
    format!("{PLACE}, {COLUMNS}")
}

pub(super) fn read_link(row: &Row<'_>) -> Result<Link> {
    Ok(Link {
        sequence: row.int(0)?,
        entity_number: row.int(1)?,
        hash: digest(row.bytes(2)?)?,
        event: read(row, PLACE_WIDTH)?,
    })
}

/// A page of the whole log, the newest first unless a keyset says otherwise; its ids are the places in the chain.
pub fn page(tx: &mut Tx<'_>, filter: &Filter, slice: Slice) -> Result<Part<Link>> {
    let mut from = "audit_events WHERE sequence > 0".to_owned();
    let mut args: Vec<&dyn ToArg> = Vec::new();
    if let Some(kind) = &filter.entity_kind {
        args.push(kind);
        from.push_str(&format!(" AND entity_kind = ?{}", args.len()));
    }
    if let Some(id) = &filter.entity_id {
        args.push(id);
        from.push_str(&format!(" AND entity_id = ?{}", args.len()));
    }
    cut(&mut from, &mut args, filter);
    list(tx, &from, "sequence", &args, slice)
}

/// A page of what belongs to one entity; its ids are the numbers there, which tell nothing of others.
pub fn page_of(tx: &mut Tx<'_>, entity: Entity, filter: &Filter, slice: Slice) -> Result<Part<Link>> {
    let mut from = "audit_events WHERE entity_kind = ?1 AND entity_id = ?2".to_owned();
    let (kind, id) = (entity.kind(), entity.id());
    let mut args: Vec<&dyn ToArg> = vec![&kind, &id];
    cut(&mut from, &mut args, filter);
    list(tx, &from, "entity_number", &args, slice)
}

fn cut<'a>(from: &mut String, args: &mut Vec<&'a dyn ToArg>, filter: &'a Filter) {
    for (end, than) in [(&filter.created_after, ">="), (&filter.created_before, "<=")] {
        if let Some(end) = end {
            args.push(end);
            from.push_str(&format!(" AND created_at {than} ?{}", args.len()));
        }
    }
}

fn list(tx: &mut Tx<'_>, from: &str, id: &str, args: &[&dyn ToArg], slice: Slice) -> Result<Part<Link>> {
    let (columns, order) = (columns(), format!("{id} DESC"));
    let listing = Listing { columns: &columns, from, id, order: &order };
    slice::read(tx, &listing, args, slice, read_link)
}

/// GitLab's words for an entry that is not there.
fn missing() -> Error {
    Error::not_found("404 Audit Event Not Found")
}

pub fn get(tx: &mut Tx<'_>, sequence: i64) -> Result<Link> {
    let sql = format!("SELECT {} FROM audit_events WHERE sequence = ?1", columns());
    tx.find(&sql, &[&sequence], read_link)?.ok_or_else(missing)
}

pub fn get_of(tx: &mut Tx<'_>, entity: Entity, number: i64) -> Result<Link> {
    let sql = format!(
        "SELECT {} FROM audit_events WHERE entity_kind = ?1 AND entity_id = ?2 AND entity_number = ?3",
        columns()
    );
    tx.find(&sql, &[&entity.kind(), &entity.id(), &number], read_link)?.ok_or_else(missing)
}
