//! Puts what was written down into the chain, in order.

use std::collections::HashMap;

use weir_domain::audit::{AuditEvent, Head};
use weir_domain::{Error, Result};

use crate::Tx;
use crate::tx::Row;

/// The columns that the inbox and the chain share.
pub(super) const COLUMNS: &str = "event, actor_id, actor, means, address, entity_kind, entity_id, entity_path, \
                                  target_kind, target_id, target, before, after, count, created_at";

/// Reads [`COLUMNS`], the first of which is column `at`.
pub(super) fn read(row: &Row<'_>, at: usize) -> Result<AuditEvent> {
    Ok(AuditEvent {
        event: row.text(at)?,
        actor_id: row.int(at + 1)?,
        actor: row.text(at + 2)?,
        means: row.text(at + 3)?,
        address: row.opt_text(at + 4)?,
        entity_kind: row.text(at + 5)?,
        entity_id: row.int(at + 6)?,
        entity_path: row.text(at + 7)?,
        target_kind: row.text(at + 8)?,
        target_id: row.text(at + 9)?,
        target: row.text(at + 10)?,
        before: row.opt_text(at + 11)?,
        after: row.opt_text(at + 12)?,
        count: row.int(at + 13)?,
        created_at: row.int(at + 14)?,
    })
}

pub(super) fn digest(bytes: &[u8]) -> Result<[u8; 32]> {
    bytes.try_into().map_err(|_| Error::internal("a hash of the audit log has not 32 bytes"))
}

/// Whether anything waits for its place.
pub fn waits(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(tx.find("SELECT 1 FROM audit_inbox LIMIT 1", &[], |_| Ok(()))?.is_some())
}

/// The end of the chain; `None` when somebody has taken it away.
pub fn head(tx: &mut Tx<'_>) -> Result<Option<Head>> {
    find_head(tx, "")
}

fn find_head(tx: &mut Tx<'_>, lock: &str) -> Result<Option<Head>> {
    let sql = format!("SELECT sequence, hash FROM audit_head WHERE id = 1{lock}");
    tx.find(&sql, &[], |row| Ok(Head { sequence: row.int(0)?, hash: digest(row.bytes(1)?)? }))
}

/// Gives at most `most` entries their places; answers how many. The head is the lock of sealers.
pub fn seal(tx: &mut Tx<'_>, most: i64) -> Result<usize> {
    let lock = tx.for_update();
    let head = find_head(tx, lock)?;
    let mut head =
        head.ok_or_else(|| Error::internal("the audit log has lost its head: see weir audit verify"))?;
    let sql = format!("SELECT id, {COLUMNS} FROM audit_inbox ORDER BY id LIMIT ?1");
    let waiting = tx.list(&sql, &[&most], |row| Ok((row.int(0)?, read(row, 1)?)))?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let mut numbers = HashMap::new();
    for (_, event) in &waiting {
        let number = next_number(tx, &mut numbers, event)?;
        head = head.next(event, number);
        insert(tx, &head, number, event)?;
    }
    let ids: Vec<i64> = waiting.iter().map(|(id, _)| *id).collect();
    tx.execute(&format!("DELETE FROM audit_inbox WHERE {}", tx.any_of("id", "?1")), &[&ids])?;
    tx.execute("UPDATE audit_head SET sequence = ?1, hash = ?2 WHERE id = 1", &[&head.sequence, &head.hash])?;
    Ok(ids.len())
}

/// The number of an entry among those of its entity.
fn next_number(
    tx: &mut Tx<'_>,
    numbers: &mut HashMap<(String, i64), i64>,
    event: &AuditEvent,
) -> Result<i64> {
    let entity = (event.entity_kind.clone(), event.entity_id);
    let last = match numbers.get(&entity) {
        Some(last) => *last,
        None => tx.get(
            "SELECT COALESCE(MAX(entity_number), 0) FROM audit_events WHERE entity_kind = ?1 AND entity_id = ?2",
            &[&entity.0, &entity.1],
            |row| row.int(0),
        )?,
    };
    numbers.insert(entity, last + 1);
    Ok(last + 1)
}

fn insert(tx: &mut Tx<'_>, head: &Head, number: i64, event: &AuditEvent) -> Result<()> {
    tx.execute(
        "INSERT INTO audit_events (sequence, entity_number, hash, event, actor_id, actor, means, address, entity_kind,
                                   entity_id, entity_path, target_kind, target_id, target, before, after, count,
                                   created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
        &[
            &head.sequence,
            &number,
            &head.hash,
            &event.event,
            &event.actor_id,
            &event.actor,
            &event.means,
            &event.address,
            &event.entity_kind,
            &event.entity_id,
            &event.entity_path,
            &event.target_kind,
            &event.target_id,
            &event.target,
            &event.before,
            &event.after,
            &event.count,
            &event.created_at,
        ],
    )?;
    Ok(())
}
