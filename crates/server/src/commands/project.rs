//! `weir project`: make, list, show or hide, and the rule of its model versions.

use serde_json::{Value, json};
use weir_domain::access::{FeatureAccess, Visibility};
use weir_domain::audit::Verb;
use weir_domain::version::Part;
use weir_domain::{Result, expiry};
use weir_store::audit::acts;
use weir_store::projects::{self, Project, ProjectChange, ProjectRef};
use weir_store::{Store, Tx, users};

use super::{ACTOR, change};
use crate::cli::{ProjectChanges, ProjectCommand};
use crate::{listing, out};

pub async fn run(store: &Store, command: ProjectCommand, now: i64) -> Result<()> {
    match command {
        ProjectCommand::Create { path, visibility, creator, output } => {
            let visibility = Visibility::parse(&visibility)?;
            let project = change(store, now, move |tx| {
                let creator = users::by_name(tx, &creator)?;
                let project = projects::create(tx, &path, visibility, creator.id, now)?;
                acts::project(tx, ACTOR, Verb::Created, None, Some(&project), now)?;
                Ok(project)
            })
            .await?;
            match output.json {
                true => out::line(&json_of(&project).to_string()),
                false => out::line(&format!("made project '{}' with id {}", project.full_path, project.id)),
            }
        }
        ProjectCommand::List { output } => {
            let projects = store.read(projects::list).await?;
            let rows: Vec<Value> = projects.iter().map(json_of).collect();
            listing::print(&rows, &["id", "path_with_namespace", "visibility", "created_at"], output.json)
        }
        ProjectCommand::Update { project, changes, output } => {
            let wanted = read(changes)?;
            let project = update(store, &project, wanted, now).await?;
            match output.json {
                true => out::line(&json_of(&project).to_string()),
                false => out::line(&format!("changed project '{}'", project.full_path)),
            }
        }
        ProjectCommand::Archive { project } => set_archived(store, &project, true, now).await,
        ProjectCommand::Unarchive { project } => set_archived(store, &project, false, now).await,
        ProjectCommand::Delete { project, now: at_once, deletion } => {
            let due = if at_once { now } else { now + deletion.deletion_delay };
            delete(store, &project, due, now).await
        }
        ProjectCommand::Restore { project } => {
            let restore = move |tx: &mut Tx<'_>, project: &Project| projects::restore(tx, project, now);
            let project = act(store, &project, Verb::Restored, now, restore).await?;
            out::line(&format!("project '{}' is not deleted any more", project.full_path))
        }
        ProjectCommand::SetVisibility { project, visibility } => {
            let visibility = Visibility::parse(&visibility)?;
            let wanted = ProjectChange { visibility: Some(visibility), ..ProjectChange::default() };
            let project = update(store, &project, wanted, now).await?;
            out::line(&format!("project '{}' is {}", project.full_path, visibility.name()))
        }
        ProjectCommand::SetVersionPart { project, part } => {
            let part = Part::parse(&part)?;
            let wanted = ProjectChange { version_part: Some(part), ..ProjectChange::default() };
            let project = update(store, &project, wanted, now).await?;
            out::line(&format!(
                "versions of project '{}' raise the {} number",
                project.full_path,
                part.name()
            ))
        }
    }
}

/// Does something with a project; answers what it is then.
async fn act(
    store: &Store,
    project: &str,
    verb: Verb,
    now: i64,
    act: impl Fn(&mut Tx<'_>, &Project) -> Result<()> + Send + 'static,
) -> Result<Project> {
    let project = ProjectRef::parse(project);
    change(store, now, move |tx| {
        let before = projects::get(tx, &project)?;
        act(tx, &before)?;
        let project = projects::get(tx, &ProjectRef::Id(before.id))?;
        acts::project(tx, ACTOR, verb, Some(&before), Some(&project), now)?;
        Ok(project)
    })
    .await
}

async fn update(store: &Store, project: &str, wanted: ProjectChange, now: i64) -> Result<Project> {
    let update = move |tx: &mut Tx<'_>, project: &Project| {
        projects::update(tx, project, &wanted, now)?;
        Ok(())
    };
    act(store, project, Verb::Updated, now, update).await
}

fn read(changes: ProjectChanges) -> Result<ProjectChange> {
    let access = |text: Option<String>| text.map(|text| FeatureAccess::parse(&text)).transpose();
    Ok(ProjectChange {
        name: changes.name,
        path: changes.path,
        description: changes.description,
        visibility: changes.visibility.map(|text| Visibility::parse(&text)).transpose()?,
        experiments_access: access(changes.experiments_access)?,
        registry_access: access(changes.registry_access)?,
        version_part: changes.version_part.map(|text| Part::parse(&text)).transpose()?,
    })
}

async fn set_archived(store: &Store, project: &str, archived: bool, now: i64) -> Result<()> {
    let set = move |tx: &mut Tx<'_>, project: &Project| projects::set_archived(tx, project.id, archived, now);
    let verb = if archived { Verb::Archived } else { Verb::Unarchived };
    let project = act(store, project, verb, now, set).await?;
    let state = if archived { "archived: nothing in it changes" } else { "not archived" };
    out::line(&format!("project '{}' is {state}", project.full_path))
}

async fn delete(store: &Store, project: &str, due: i64, now: i64) -> Result<()> {
    let project = ProjectRef::parse(project);
    let project = change(store, now, move |tx| {
        let project = projects::get(tx, &project)?;
        projects::delete(tx, &project, due, now)?;
        let after = projects::find(tx, &ProjectRef::Id(project.id))?;
        acts::project(tx, ACTOR, Verb::Deleted, Some(&project), after.as_ref(), now)?;
        Ok(project)
    })
    .await?;
    let when = if due <= now { "now".to_owned() } else { expiry::date(due) };
    out::line(&format!("project '{}' is removed: {when}", project.full_path))
}

/// With GitLab's field names.
fn json_of(project: &Project) -> Value {
    json!({
        "id": project.id,
        "path_with_namespace": project.full_path,
        "name": project.name,
        "description": project.description,
        "visibility": project.visibility.name(),
        "model_experiments_access_level": project.experiments_access.name(),
        "model_registry_access_level": project.registry_access.name(),
        "version_part": project.version_part.name(),
        "archived": project.archived,
        "marked_for_deletion_on": project.deletes_at.map(expiry::date),
        "creator_id": project.creator_id,
        "created_at": expiry::time(project.created_at),
    })
}
