//! `weir gc`: removes for good what was deleted long enough ago.

use serde_json::{Value, json};
use weir_domain::Result;
use weir_store::Store;
use weir_store::gc::{self, Cut, Due, Kind};
use weir_store::projects::{self, ProjectRef};

use super::{ACTOR, audit};
use crate::cli::GcArgs;
use crate::{listing, out};

pub async fn run(store: &Store, args: GcArgs, now: i64) -> Result<()> {
    let project_id = match args.project.as_deref().map(ProjectRef::parse) {
        Some(project) => Some(store.read(move |tx| projects::get(tx, &project)).await?.id),
        None => None,
    };
    let cut = Cut { project_id, before: now - args.older_than };
    let due = store.read(move |tx| gc::due(tx, cut)).await?;
    if !args.dry_run {
        for kind in Kind::ALL {
            remove(store, cut, kind, now).await?;
        }
        audit::seal(store).await?;
    }
    let rows: Vec<Value> = due.iter().map(json_of).collect();
    listing::print(&rows, &["project", "experiments", "runs", "logged_models"], args.output.json)?;
    out::remark(match args.dry_run {
        true => "nothing was removed: this is what would be",
        false => "removed for good; a running server removes their files' bytes from an hour on",
    });
    Ok(())
}

/// In small transactions, between which a running server goes on.
async fn remove(store: &Store, cut: Cut, kind: Kind, now: i64) -> Result<()> {
    let mut after = 0;
    loop {
        let ids = store.read(move |tx| gc::next(tx, cut, kind, after)).await?;
        let Some(last) = ids.last() else { return Ok(()) };
        after = *last;
        store.write(move |tx| gc::remove(tx, ACTOR, cut, kind, &ids, now)).await?;
    }
}

fn json_of(due: &Due) -> Value {
    json!({
        "project_id": due.project_id,
        "project": due.project,
        "experiments": due.experiments,
        "runs": due.runs,
        "logged_models": due.logged_models,
    })
}
