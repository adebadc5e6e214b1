//! `weir group`: make, list, change, delete and restore.

use serde_json::{Value, json};
use weir_domain::access::Visibility;
use weir_domain::audit::Verb;
use weir_domain::{Error, Result, expiry};
use weir_store::audit::acts;
use weir_store::groups::{self, GroupChange, GroupRef, NewGroup};
use weir_store::namespaces::Namespace;
use weir_store::{Store, Tx, users};

use super::{ACTOR, change};
use crate::cli::GroupCommand;
use crate::{listing, out};

pub async fn run(store: &Store, command: GroupCommand, now: i64) -> Result<()> {
    match command {
        GroupCommand::Create { path, name, description, visibility, creator, output } => {
            let visibility = Visibility::parse(&visibility)?;
            let group = change(store, now, move |tx| {
                let creator_id = users::by_name(tx, &creator)?.id;
                let group = create(tx, &path, name.as_deref(), &description, visibility, creator_id, now)?;
                acts::group(tx, ACTOR, Verb::Created, None, Some(&group), now)?;
                Ok(group)
            })
            .await?;
            tell(&group, output.json, &format!("made group '{}' with id {}", group.full_path, group.id))
        }
        GroupCommand::List { output } => {
            let groups = store.read(groups::list).await?;
            let rows: Vec<Value> = groups.iter().map(json_of).collect();
            let columns = ["id", "full_path", "name", "visibility", "marked_for_deletion_on", "created_at"];
            listing::print(&rows, &columns, output.json)
        }
        GroupCommand::Update { group, name, path, description, visibility, output } => {
            let visibility = visibility.map(|text| Visibility::parse(&text)).transpose()?;
            let wanted = GroupChange { name, path, description, visibility };
            let group = GroupRef::parse(&group);
            let group = change(store, now, move |tx| {
                let before = groups::get(tx, &group)?;
                let group = groups::update(tx, &before, &wanted)?;
                acts::group(tx, ACTOR, Verb::Updated, Some(&before), Some(&group), now)?;
                Ok(group)
            })
            .await?;
            tell(&group, output.json, &format!("changed group '{}'", group.full_path))
        }
        GroupCommand::Delete { group, now: at_once, deletion } => {
            let due = now + deletion.deletion_delay;
            let group = GroupRef::parse(&group);
            let group = change(store, now, move |tx| {
                let group = groups::get(tx, &group)?;
                if at_once {
                    groups::delete_at_once(tx, &group, ACTOR, now)?;
                } else {
                    groups::delete(tx, &group, due)?;
                    let after = groups::get(tx, &GroupRef::Id(group.id))?;
                    acts::group(tx, ACTOR, Verb::Deleted, Some(&group), Some(&after), now)?;
                }
                Ok(group)
            })
            .await?;
            let when = if at_once { "now".to_owned() } else { expiry::date(due) };
            out::line(&format!("group '{}' and all that lies in it is removed: {when}", group.full_path))
        }
        GroupCommand::Restore { group } => {
            let group = GroupRef::parse(&group);
            let group = change(store, now, move |tx| {
                let group = groups::get(tx, &group)?;
                groups::restore(tx, &group)?;
                let after = groups::get(tx, &GroupRef::Id(group.id))?;
                acts::group(tx, ACTOR, Verb::Restored, Some(&group), Some(&after), now)?;
                Ok(after)
            })
            .await?;
            out::line(&format!("group '{}' is not deleted any more", group.full_path))
        }
    }
}

fn create(
    tx: &mut Tx<'_>,
    path: &str,
    name: Option<&str>,
    description: &str,
    visibility: Visibility,
    creator_id: i64,
    now: i64,
) -> Result<Namespace> {
    let (parent, own) = match path.rsplit_once('/') {
        None => (None, path),
        Some((parent, own)) => {
            let found = groups::find(tx, &GroupRef::Path(parent.to_owned()))?;
            (Some(found.ok_or_else(|| Error::not_found(format!("no group '{parent}'")))?), own)
        }
    };
    let new = NewGroup {
        name: name.unwrap_or(own),
        path: own,
        parent: parent.as_ref(),
        description,
        visibility,
        creator_id,
        now,
    };
    groups::create(tx, &new)
}

fn tell(group: &Namespace, json: bool, sentence: &str) -> Result<()> {
    if json { out::line(&json_of(group).to_string()) } else { out::line(sentence) }
}

/// With GitLab's field names.
fn json_of(group: &Namespace) -> Value {
    json!({
        "id": group.id,
        "name": group.name,
        "path": group.path(),
        "full_path": group.full_path,
        "parent_id": group.parent_id,
        "description": group.description,
        "visibility": group.visibility.name(),
        "marked_for_deletion_on": group.deletes_at.map(expiry::date),
        "created_at": expiry::time(group.created_at),
    })
}
