//! What the address of a package's file names: a run, a model version (which is a run), or a generic package.

use weir_domain::artifact::ArtifactPath;
use weir_domain::package::{RunAddress, check_name, check_version};
use weir_domain::run::Run;
use weir_domain::{Error, Result};
use weir_store::files::{self, File, Owner};
use weir_store::{Tx, packages};

use super::list::sight;
use crate::caller::Access;
use crate::mlflow::artifacts::{Spot, TreeId};

#[derive(Clone, Debug)]
pub enum Target {
    Run(RunAddress),
    Generic { name: String, version: String },
}

impl Target {
    /// By the text behind `packages/ml_models/`.
    pub fn of_ml_model(text: &str) -> Result<Self> {
        RunAddress::of_ml_model(text).map(Self::Run).ok_or_else(|| {
            not_found(&format!(
                "'{text}' is neither the id of a model version nor candidate:<number of a run in its project>"
            ))
        })
    }

    /// By the two texts behind `packages/generic/`.
    pub fn of_generic(name: String, version: String) -> Result<Self> {
        check_name(&name)?;
        check_version(&version)?;
        let run = RunAddress::of_generic(&name, &version).map(Self::Run);
        Ok(run.unwrap_or(Self::Generic { name, version }))
    }

    /// Refuses a run's files where experiments are switched off for the caller. Those of `ml_models` ask for the
    /// registry besides, by their route.
    pub fn check_seen(&self, access: &Access) -> Result<()> {
        match self {
            Self::Run(_) if !sight(access).runs => {
                Err(not_found(&format!("this project has no {}", self.what())))
            }
            _ => Ok(()),
        }
    }

    /// Whose tree the files are in; `None`: a generic package that is still to be made.
    pub fn find(&self, tx: &mut Tx<'_>, project_id: i64) -> Result<Option<Owner>> {
        match self {
            Self::Run(address) => run(tx, project_id, address).map(|run| Some(Owner::Run(run.id))),
            Self::Generic { name, version } => {
                Ok(packages::find_generic(tx, project_id, name, version)?.map(Owner::Package))
            }
        }
    }

    /// The same, made when it is not there.
    pub fn open(&self, tx: &mut Tx<'_>, project_id: i64, now: i64) -> Result<Owner> {
        match self {
            Self::Run(address) => run(tx, project_id, address).map(|run| Owner::Run(run.id)),
            Self::Generic { name, version } => {
                packages::open_generic(tx, project_id, name, version, now).map(Owner::Package)
            }
        }
    }

    /// The file at `path`. Folders are none, as in GitLab.
    pub fn file(&self, tx: &mut Tx<'_>, project_id: i64, path: &ArtifactPath) -> Result<File> {
        let file = match self.find(tx, project_id)? {
            Some(owner) => files::find(tx, owner, path.as_str())?,
            None => None,
        };
        file.ok_or_else(|| not_found(&format!("no file '{path}' in {}", self.what())))
    }

    /// For messages.
    fn what(&self) -> String {
        match self {
            Self::Run(RunAddress::Version(id)) => format!("model version {id}"),
            Self::Run(RunAddress::Candidate(iid)) => format!("run {iid}"),
            Self::Run(RunAddress::InExperiment { experiment_iid, run_iid }) => {
                format!("run {run_iid} of experiment {experiment_iid}")
            }
            Self::Generic { name, version } => format!("the package '{name}', version '{version}'"),
        }
    }
}

fn run(tx: &mut Tx<'_>, project_id: i64, address: &RunAddress) -> Result<Run> {
    let Some(run) = packages::find_run(tx, project_id, address)? else {
        return Err(not_found(&format!("this project has no {}", Target::Run(*address).what())));
    };
    // Refused when its files are kept elsewhere.
    Spot::of(tx, project_id, &TreeId::Run(run.run_id.clone()), None)?;
    Ok(run)
}

/// GitLab's words, and what it is that is not there.
pub fn not_found(reason: &str) -> Error {
    Error::NotFound(format!("404 Not Found - {reason}"))
}
