//! `weir audit`: read the log of what was done, and check that nobody changed it.

use serde_json::{Value, json};
use weir_domain::audit::{Entity, Head, Link, hash_text};
use weir_domain::{Error, Result, expiry};
use weir_store::audit::{self, Filter};
use weir_store::groups::{self, GroupRef};
use weir_store::projects::{self, ProjectRef};
use weir_store::slice::{Place, Slice};
use weir_store::{Store, Tx};

use crate::cli::AuditCommand;
use crate::{listing, out};

pub async fn run(store: &Store, command: AuditCommand, now: i64) -> Result<()> {
    match command {
        AuditCommand::List { project, group, after, before, limit, output } => {
            let time = |text: Option<String>, name| text.map(|text| expiry::moment(&text, name)).transpose();
            let filter = Filter {
                created_after: time(after, "--after")?,
                created_before: time(before, "--before")?,
                ..Filter::default()
            };
            seal(store).await?;
            let entity = entity(store, project.as_deref(), group.as_deref()).await?;
            let rows = list(store, entity, filter, limit.into()).await?;
            let columns =
                ["sequence", "created_at", "author", "means", "address", "event", "entity", "target"];
            listing::print(&rows, &columns, output.json)
        }
        AuditCommand::Verify { head, output } => verify(store, head, now, output.json).await,
        AuditCommand::Head { output } => {
            seal(store).await?;
            let head = store.read(audit::head).await?;
            let head = head.ok_or_else(|| Error::Conflict("the audit log has lost its head".to_owned()))?;
            match output.json {
                true => out::line(&json_of_head(&head).to_string()),
                false => out::line(&head.to_string()),
            }
        }
    }
}

/// Entries that get their place in one transaction.
const SEALED: i64 = 500;

/// Brings all that was done so far into the chain.
pub async fn seal(store: &Store) -> Result<()> {
    while store.read(audit::waits).await? {
        store.write(|tx| audit::seal(tx, SEALED)).await?;
    }
    Ok(())
}

/// Entries that are read at once.
const PAGE: i64 = 500;

/// What the entries are to belong to, when that is said.
async fn entity(store: &Store, project: Option<&str>, group: Option<&str>) -> Result<Option<Entity>> {
    if let Some(project) = project.map(ProjectRef::parse) {
        let project = store.read(move |tx| projects::get(tx, &project)).await?;
        return Ok(Some(Entity::Project(project.id)));
    }
    let Some(group) = group.map(GroupRef::parse) else { return Ok(None) };
    let group = store.read(move |tx| groups::get(tx, &group)).await?;
    Ok(Some(Entity::Group(group.id)))
}

async fn list(store: &Store, entity: Option<Entity>, filter: Filter, limit: i64) -> Result<Vec<Value>> {
    let mut rows: Vec<Value> = Vec::new();
    let mut beyond = None;
    loop {
        let left = limit - rows.len() as i64;
        let slice = Slice { limit: left.min(PAGE), place: Place::Keyset { beyond, descending: true } };
        let filter = filter.clone();
        let read = move |tx: &mut Tx<'_>| match entity {
            None => audit::page(tx, &filter, slice),
            Some(entity) => audit::page_of(tx, entity, &filter, slice),
        };
        let part = store.read(read).await?;
        let last = part.rows.last();
        beyond = last.map(|link| if entity.is_some() { link.entity_number } else { link.sequence });
        rows.extend(part.rows.iter().map(json_of));
        if !part.more || rows.len() as i64 >= limit {
            return Ok(rows);
        }
    }
}

fn json_of(link: &Link) -> Value {
    let event = &link.event;
    let object = |text: &Option<String>| -> Value {
        // What is no JSON was not written by Weir, and is shown as it stands there.
        text.as_ref().map_or(Value::Null, |text| serde_json::from_str(text).unwrap_or_else(|_| json!(text)))
    };
    json!({
        "sequence": link.sequence,
        "created_at": expiry::time(event.created_at),
        "event": event.event,
        "author_id": event.actor_id,
        "author": event.actor,
        "means": event.means,
        "address": event.address,
        "entity_type": event.entity_kind,
        "entity_id": event.entity_id,
        "entity": event.entity_path,
        "target_type": event.target_kind,
        "target_id": event.target_id,
        "target": event.target,
        "before": object(&event.before),
        "after": object(&event.after),
        "count": event.count,
        "hash": hash_text(&link.hash),
    })
}

fn json_of_head(head: &Head) -> Value {
    json!({ "sequence": head.sequence, "hash": hash_text(&head.hash), "head": head.to_string() })
}

async fn verify(store: &Store, kept: Option<String>, now: i64, as_json: bool) -> Result<()> {
    let kept = kept.map(|text| text.parse()).transpose()?;
    let report = audit::verify(store, kept, now).await?;
    if as_json {
        let fault = report.fault.as_ref().map(ToString::to_string);
        let sequence = report.fault.as_ref().and_then(audit::Fault::sequence);
        out::line(
            &json!({
                "holds": report.holds(),
                "checked": report.checked,
                "head": report.head.to_string(),
                "fault": fault,
                "first_broken": sequence,
                "waiting": report.waiting,
            })
            .to_string(),
        )?;
    }
    if let Some(fault) = report.fault {
        return Err(Error::Conflict(format!(
            "the audit log is broken: {fault}; it holds up to entry {}",
            report.checked
        )));
    }
    if report.waiting > 0 {
        return Err(Error::Conflict(format!(
            "{} entries have waited for more than a minute for their place in the audit log, which holds up to entry {}: \
             start the server, or see its log",
            report.waiting, report.checked
        )));
    }
    if as_json { Ok(()) } else { out::line(&format!("the audit log holds: {} entries", report.checked)) }
}
