//! Making a model version: its number, its SemVer, its run, and what is promoted into it.

use weir_domain::audit::Actor;
use weir_domain::experiment::Experiment;
use weir_domain::model_event::EventKind;
use weir_domain::model_version::ModelVersion;
use weir_domain::registered_model::{VERSION_TAG, experiment_name};
use weir_domain::run::{Run, RunId};
use weir_domain::source::Source;
use weir_domain::stage::Stage;
use weir_domain::value::Entry;
use weir_domain::version::{Part, Version};
use weir_domain::{Error, Result};

use super::promote::{self, Origin};
use crate::changes::{Subject, What};
use crate::model_events::{self, Model, NewEvent};
use crate::runs::{NAME_TAG, NewRun, RunRow};
use crate::{Tx, ci_jobs, packages, registered_models, runs, tags};

/// What a client asks for.
pub struct NewVersion<'a> {
    pub model: &'a str,
    /// `None`: chosen by the project's rule.
    pub version: Option<&'a Version>,
    pub source: &'a Source,
    pub source_text: &'a str,
    /// The run to promote.
    pub run_id: Option<&'a RunId>,
    /// The logged model to promote.
    pub model_id: Option<&'a str>,
    pub description: &'a str,
    pub run_link: &'a str,
    /// With distinct keys, none of them the one of the version.
    pub tags: &'a [Entry],
    pub is_prompt: bool,
    /// Of the run that the version is.
    pub new_run_id: &'a RunId,
    /// The number of the key of a run's name.
    pub name_key: i64,
    pub creator: &'a Actor,
    pub now: i64,
}

/// The model as far as making a version needs it, and what else one statement can tell.
struct Target {
    model_id: i64,
    number: i64,
    experiment: Experiment,
    part: Part,
    creator: String,
}

pub fn create(tx: &mut Tx<'_>, project_id: i64, new: &NewVersion<'_>) -> Result<ModelVersion> {
    // The model's row first: those who make versions of one model take turns from here on.
    let target = next_number(tx, project_id, new)?;
    let origin = promote::origin(tx, project_id, new)?;
    let version = match new.version {
        // MLflow's `copy_model_version` sends all tags of the version that it copies, so this one too, and a second copy
        // into one model has to work: where the copied SemVer is taken, nobody has chosen it.
        Some(version) if origin.version.as_deref() == Some(&*version.to_string()) => {
            copied_version(tx, &target, version)?
        }
        Some(version) if is_taken(tx, &target, version)? => return Err(taken(new.model, version)),
        Some(version) => version.clone(),
        None => next_version(tx, &target)?,
    };
    let id = insert(tx, project_id, new, &target, &version, &origin)?;
    for tag in new.tags {
        super::insert_tag(tx, id, tag)?;
    }
    let run = make_run(tx, new, &target, &version, id, &origin)?;
    let row = RunRow::from(&run);
    // A version is a package before its first file, a prompt is none.
    if !new.is_prompt {
        packages::add_run(tx, project_id, run.id, new.now)?;
    }
    let name = Entry { key: NAME_TAG.to_owned(), value: version.to_string() };
    tags::insert(tx, &row, &[crate::params::Keyed { key_id: new.name_key, entry: name }])?;
    if !origin.is_nothing() {
        promote::copy(tx, &origin, &row, new.name_key, new.now)?;
        runs::give_iid(tx, &row, project_id)?;
    }
    // Behind the tags of what is promoted: they say less than those of the version itself.
    for tag in new.tags {
        ci_jobs::note_tag(tx, row.id, &tag.key, &tag.value)?;
    }

    let event = NewEvent {
        after: origin.text.as_deref(),
        ..NewEvent::new(EventKind::VersionCreated, new.creator, new.now)
    };
    let version = version.to_string();
    let subject = Subject::Version {
        project_id,
        model: new.model.to_owned(),
        number: target.number,
        version: version.clone(),
    };
    tx.note(subject, What::CREATED);
    let model = Model { id: target.model_id, project_id, name: new.model };
    model_events::add(tx, model, &event.about(target.number, &version))?;
    Ok(ModelVersion {
        id,
        project_id,
        model_id: target.model_id,
        model_name: new.model.to_owned(),
        number: target.number,
        version,
        is_prompt: new.is_prompt,
        stage: Stage::None,
        description: new.description.to_owned(),
        source: new.source_text.to_owned(),
        run_link: new.run_link.to_owned(),
        run_row: run.id,
        run_id: run.run_id,
        experiment_iid: run.experiment_iid,
        location: run.location,
        source_run_id: origin.run.map(|run| run.run_id.as_str().to_owned()),
        source_model_id: origin.model_id,
        creator: Some(target.creator),
        publisher: None,
        created_at: new.now,
        updated_at: new.now,
        published_at: None,
        digest: None,
    })
}

fn next_number(tx: &mut Tx<'_>, project_id: i64, new: &NewVersion<'_>) -> Result<Target> {
    let target = tx.find(
        "UPDATE registered_models SET next_number = next_number + 1, updated_at = ?3
         WHERE project_id = ?1 AND name = ?2
         RETURNING id, next_number - 1, experiment_id,
                   (SELECT e.iid FROM experiments e WHERE e.id = experiment_id),
                   (SELECT p.version_part FROM projects p WHERE p.id = ?1),
                   (SELECT u.username FROM users u WHERE u.id = ?4)",
        &[&project_id, &new.model, &new.now, &new.creator.user_id],
        |row| {
            let part = row.int(4)?;
            Ok(Target {
                model_id: row.int(0)?,
                number: row.int(1)?,
                experiment: Experiment {
                    id: row.int(2)?,
                    project_id,
                    iid: row.int(3)?,
                    name: experiment_name(new.model),
                    artifact_location: None,
                    deleted: false,
                    created_at: new.now,
                    updated_at: new.now,
                },
                part: Part::from_number(part)
                    .ok_or_else(|| Error::internal(format!("version part {part}")))?,
                creator: row.text(5)?,
            })
        },
    )?;
    target.ok_or_else(|| registered_models::not_found(new.model))
}

/// The SemVer of a copy: the one of what is copied, or when that is taken, the one behind it. A prerelease stays a
/// prerelease: copying one twice must make no release.
fn copied_version(tx: &mut Tx<'_>, target: &Target, version: &Version) -> Result<Version> {
    if !is_taken(tx, target, version)? {
        return Ok(version.clone());
    }
    if version.is_release() {
        return next_version(tx, target);
    }
    // Whatever stands between a prerelease and its release is a prerelease of it too.
    let highest = tx.get(
        "SELECT version FROM model_versions WHERE model_id = ?1 AND is_release = ?2 AND precedence < ?3
         ORDER BY precedence DESC, number DESC
         LIMIT 1",
        &[&target.model_id, &false, &version.release().precedence()],
        |row| Version::parse(row.str(0)?),
    )?;
    highest.next_prerelease()
}

/// The run that the version (row) is.
fn make_run(
    tx: &mut Tx<'_>,
    new: &NewVersion<'_>,
    target: &Target,
    version: &Version,
    id: i64,
    origin: &Origin,
) -> Result<Run> {
    let run = NewRun {
        run_id: new.new_run_id,
        name: &version.to_string(),
        user_id: &target.creator,
        creator_id: new.creator.user_id,
        started_at: new.now,
        now: new.now,
        version_id: Some(id),
        location: origin.location(),
    };
    if origin.is_nothing() {
        return runs::create(tx, &target.experiment, &run);
    }
    // Whoever takes a number of the project holds its row, and copying may take a while: until it is done, a number
    // that no run has.
    runs::insert(tx, &target.experiment, -id, &run)
}

/// The version that nobody chose: behind the highest release.
fn next_version(tx: &mut Tx<'_>, target: &Target) -> Result<Version> {
    let latest = tx.find(
        "SELECT version FROM model_versions WHERE model_id = ?1
         ORDER BY is_release DESC, precedence DESC, number DESC
         LIMIT 1",
        &[&target.model_id],
        |row| Version::parse(row.str(0)?),
    )?;
    Version::next(latest.as_ref(), target.part)
}

/// Whether the model has this SemVer. It holds until the end of the transaction, which has the model's row.
fn is_taken(tx: &mut Tx<'_>, target: &Target, version: &Version) -> Result<bool> {
    let found = tx.find(
        "SELECT 1 FROM model_versions WHERE model_id = ?1 AND is_release = ?2 AND precedence = ?3 AND version = ?4",
        &[&target.model_id, &version.is_release(), &version.precedence(), &version.to_string()],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

fn taken(model: &str, version: &Version) -> Error {
    // GitLab's words, which its client knows.
    Error::AlreadyExists(format!(
        "Version has already been taken: the model '{model}' has a version {version}; give another in the tag '{VERSION_TAG}', or none"
    ))
}

fn insert(
    tx: &mut Tx<'_>,
    project_id: i64,
    new: &NewVersion<'_>,
    target: &Target,
    version: &Version,
    origin: &Origin,
) -> Result<i64> {
    let text = version.to_string();
    let source_run_id = origin.run.as_ref().map(|run| run.run_id.as_str());
    tx.get(
        "INSERT INTO model_versions (project_id, model_id, number, version, precedence, is_release, is_prompt, stage,
                                     description, source, run_link, source_run_id, source_model_id, creator_id,
                                     created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?15)
         RETURNING id",
        &[
            &project_id,
            &target.model_id,
            &target.number,
            &text,
            &version.precedence(),
            &version.is_release(),
            &new.is_prompt,
            &Stage::None.number(),
            &new.description,
            &new.source_text,
            &new.run_link,
            &source_run_id,
            &origin.model_id,
            &new.creator.user_id,
            &new.now,
        ],
        |row| row.int(0),
    )
}
