//! Trees of artifacts: what has one, by the id that clients know and as it is in the database.

use std::fmt;

use weir_domain::address::Named;
use weir_domain::experiment::proxied;
use weir_domain::logged_model::{LoggedModel, ModelId};
use weir_domain::run::{Run, RunId};
use weir_domain::{Error, Result};
use weir_store::files::Owner;
use weir_store::{Tx, logged_models, runs};

/// What a tree is named by.
#[derive(Clone, Debug)]
pub enum TreeId {
    Run(RunId),
    LoggedModel(ModelId),
}

/// What has a tree.
pub enum Tree {
    Run(Run),
    LoggedModel(LoggedModel),
}

impl TreeId {
    /// The tree in the project, of something active or deleted.
    pub fn get(&self, tx: &mut Tx<'_>, project_id: i64) -> Result<Tree> {
        match self {
            Self::Run(id) => runs::get(tx, project_id, id).map(Tree::Run),
            Self::LoggedModel(id) => logged_models::get(tx, project_id, id).map(Tree::LoggedModel),
        }
    }

    /// The same as the routes that name it by its id show it: to MLflow a deleted run is there, a deleted model is not.
    pub fn get_shown(&self, tx: &mut Tx<'_>, project_id: i64) -> Result<Tree> {
        match self {
            Self::Run(_) => self.get(tx, project_id),
            Self::LoggedModel(id) => logged_models::get_active(tx, project_id, id).map(Tree::LoggedModel),
        }
    }

    /// Whose files are to be changed; refused when it is deleted.
    pub fn writable(&self, tx: &mut Tx<'_>, project_id: i64) -> Result<Owner> {
        match self {
            Self::Run(id) => runs::active(tx, project_id, id).map(|run| Owner::Run(run.id)),
            Self::LoggedModel(_) => {
                let tree = self.get(tx, project_id)?;
                tree.check_writable()?;
                Ok(tree.owner())
            }
        }
    }

    /// What it is, for messages.
    pub fn what(&self) -> &'static str {
        match self {
            Self::Run(_) => "run",
            Self::LoggedModel(_) => "logged model",
        }
    }
}

impl From<Named> for TreeId {
    fn from(named: Named) -> Self {
        match named {
            Named::Run(id) => Self::Run(id),
            Named::LoggedModel(id) => Self::LoggedModel(id),
        }
    }
}

impl fmt::Display for TreeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Run(id) => id.as_str(),
            Self::LoggedModel(id) => id.as_str(),
        })
    }
}

impl Tree {
    pub fn id(&self) -> TreeId {
        match self {
            Self::Run(run) => TreeId::Run(run.run_id.clone()),
            Self::LoggedModel(model) => TreeId::LoggedModel(model.model_id.clone()),
        }
    }

    pub fn owner(&self) -> Owner {
        match self {
            Self::Run(run) => Owner::Run(run.id),
            Self::LoggedModel(model) => Owner::LoggedModel(model.id),
        }
    }

    pub fn name(&self) -> &str {
        match self {
            Self::Run(run) => &run.name,
            Self::LoggedModel(model) => &model.name,
        }
    }

    pub fn project_id(&self) -> i64 {
        match self {
            Self::Run(run) => run.project_id,
            Self::LoggedModel(model) => model.project_id,
        }
    }

    pub fn check_writable(&self) -> Result<()> {
        match self {
            Self::Run(run) => run.check_writable(),
            Self::LoggedModel(model) => model.check_writable(),
        }
    }

    /// Refuses a tree that is kept elsewhere: answering that there is nothing would be wrong, and so would be to put
    /// files here, where no client looks for them.
    pub fn check_here(&self) -> Result<()> {
        let uri = self.artifact_uri();
        if proxied(&uri).is_some() {
            return Ok(());
        }
        let id = self.id();
        Err(Error::Conflict(format!(
            "The artifacts of {} {id} are in '{uri}', where this server does not look; use the client's own access to it",
            id.what()
        )))
    }

    /// The location of its experiment.
    pub fn experiment_location(&self) -> &str {
        match self {
            Self::Run(run) => &run.experiment_location,
            Self::LoggedModel(model) => &model.experiment_location,
        }
    }

    pub fn artifact_uri(&self) -> String {
        match self {
            Self::Run(run) => run.artifact_uri(),
            Self::LoggedModel(model) => model.artifact_uri(),
        }
    }
}
