//! `weir project`: make, list, show or hide, and the rule of its model versions.

use serde_json::{Value, json};
use weir_domain::access::Visibility;
use weir_domain::version::Part;
use weir_domain::{Result, expiry};
use weir_store::Store;
use weir_store::projects::{self, Project, ProjectRef};
use weir_store::users;

use super::change;
use crate::cli::ProjectCommand;
use crate::{listing, out};

pub async fn run(store: &Store, command: ProjectCommand, now: i64) -> Result<()> {
    match command {
        ProjectCommand::Create { path, visibility, creator, output } => {
            let visibility = Visibility::parse(&visibility)?;
            let project = change(store, now, move |tx| {
                let creator = users::by_name(tx, &creator)?;
                projects::create(tx, &path, visibility, creator.id, now)
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
        ProjectCommand::SetVisibility { project, visibility } => {
            let visibility = Visibility::parse(&visibility)?;
            let project = ProjectRef::parse(&project);
            let project = change(store, now, move |tx| {
                let project = projects::get(tx, &project)?;
                projects::set_visibility(tx, project.id, visibility)?;
                Ok(project)
            })
            .await?;
            out::line(&format!("project '{}' is {}", project.full_path, visibility.name()))
        }
        ProjectCommand::SetVersionPart { project, part } => {
            let part = Part::parse(&part)?;
            let project = ProjectRef::parse(&project);
            let project = change(store, now, move |tx| {
                let project = projects::get(tx, &project)?;
                projects::set_version_part(tx, project.id, part)?;
                Ok(project)
            })
            .await?;
            out::line(&format!(
                "versions of project '{}' raise the {} number",
                project.full_path,
                part.name()
            ))
        }
    }
}

/// With GitLab's field names.
fn json_of(project: &Project) -> Value {
    json!({
        "id": project.id,
        "path_with_namespace": project.full_path,
        "name": project.name,
        "visibility": project.visibility.name(),
        "creator_id": project.creator_id,
        "created_at": expiry::time(project.created_at),
    })
}
