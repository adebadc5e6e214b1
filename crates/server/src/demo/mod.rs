//! `weir demo`: a project full of experiments, runs and model versions to look around in, and its removal.

mod caller;
mod dice;
mod files;
mod models;
mod png;
mod runs;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use weir_api::{App, Clock, Settings, Upkeep};
use weir_artifacts::{Blobs, Location, Options};
use weir_domain::access::Visibility;
use weir_domain::audit::{Actor, Verb};
use weir_domain::{Error, Result};
use weir_store::audit::acts;
use weir_store::projects::{self, Project, ProjectRef};
use weir_store::{Store, Tx, settings, users};

use self::caller::Caller;
use crate::cli::DemoArgs;
use crate::{first_start, out};

/// The user whose project it becomes.
const OWNER: &str = "root";
const ACTOR: Actor = Actor::COMMAND_LINE;

pub async fn run(store: &Store, data: &Path, args: DemoArgs, now: i64) -> Result<()> {
    let path =
        if args.project.contains('/') { args.project.clone() } else { format!("{OWNER}/{}", args.project) };
    if args.remove {
        return remove(store, &path, now).await;
    }
    let blobs = Blobs::open(&artifacts(data, &args)?, Options::default()).await?;
    let named = path.clone();
    let (project, owner) = store.write(move |tx| make(tx, &named, now)).await?;
    let clock = Arc::new(AtomicI64::new(now));
    let settings = Settings { everybody_is: Some(owner), default_project: project.id, ..Settings::default() };
    let app = App::new(store.clone(), blobs, Clock::Set(clock.clone()), settings).await?;
    Upkeep::claim(&app).await?;
    let routes = weir_api::router(app.clone(), Arc::new(|_| None));
    let actor = Actor { user_id: owner, done_at: Some(now), ..ACTOR };
    let caller = Caller::new(routes, project.id, clock, actor);
    let best = runs::fill(&caller, now).await?;
    models::fill(&caller, &best, now).await?;
    Upkeep::tell_others(&app).await?;
    out::line(&format!(
        "filled project '{path}' (id {}) with 3 experiments, {} runs and a model: see /{path}/-/ml/experiments",
        project.id,
        runs::RUNS
    ))
}

fn artifacts(data: &Path, args: &DemoArgs) -> Result<Location> {
    match args.artifacts.as_deref().filter(|url| !url.is_empty()) {
        Some(url) => Location::parse(url),
        None => Ok(Location::Folder(data.join("artifacts"))),
    }
}

/// What tells a demo from a project that somebody works in.
fn mark(project: i64) -> String {
    format!("demo_project_{project}")
}

/// Makes the project, with its mark; answers with it and its owner.
fn make(tx: &mut Tx<'_>, path: &str, now: i64) -> Result<(Project, i64)> {
    first_start::people(tx, now)?;
    if let Some(project) = projects::find(tx, &ProjectRef::parse(path))? {
        return Err(match settings::find(tx, &mark(project.id))? {
            Some(_) => Error::AlreadyExists(format!(
                "the demo '{path}' is there already: look at /{path}/-/ml/experiments, or remove it with weir demo --remove"
            )),
            None => Error::AlreadyExists(format!(
                "there is a project '{path}' already, which is no demo: name another one with --project"
            )),
        });
    }
    let owner = users::by_name(tx, OWNER)?;
    let project = projects::create(tx, path, Visibility::Private, owner.id, now)?;
    acts::project(tx, &ACTOR, Verb::Created, None, Some(&project), now)?;
    settings::get_or_create(tx, &mark(project.id), path.as_bytes())?;
    Ok((project, owner.id))
}

async fn remove(store: &Store, path: &str, now: i64) -> Result<()> {
    let named = path.to_owned();
    let id = store
        .write(move |tx| {
            let Some(project) = projects::find(tx, &ProjectRef::parse(&named))? else {
                return Err(Error::not_found(format!("there is no project '{named}'")));
            };
            if settings::find(tx, &mark(project.id))?.is_none() {
                return Err(Error::invalid(format!(
                    "'{named}' is no demo: weir demo did not make it, so it does not remove it (weir project delete does)"
                )));
            }
            projects::delete(tx, &project, now, now)?;
            let after = projects::find(tx, &ProjectRef::Id(project.id))?;
            acts::project(tx, &ACTOR, Verb::Deleted, Some(&project), after.as_ref(), now)?;
            Ok(project.id)
        })
        .await?;
    while !store.write(move |tx| projects::remove_step(tx, id, now)).await? {}
    store.write(move |tx| settings::remove(tx, &mark(id))).await?;
    out::line(&format!("removed the demo '{path}'"))
}
