//! Packages: the files of runs and model versions as GitLab's package routes show them, and generic packages, whose
//! files are nobody else's.

use weir_domain::package::{PackageStatus, PackageType, RunAddress, file_id};
use weir_domain::run::Run;
use weir_domain::{Error, Result};

use crate::files::{self, File, Owner};
use crate::slice::{self, Listing, Part, Slice};
use crate::tx::{OwnedArg, Row, ToArg};
use crate::{Tx, runs};

#[derive(Clone, Debug)]
pub struct Package {
    pub id: i64,
    pub owner: Owner,
    pub name: String,
    pub version: String,
    pub status: PackageStatus,
    pub created_at: i64,
    /// Whose files they are, unless the package is generic.
    pub run: Option<PackageRun>,
}

/// The run, or the model version that it is.
#[derive(Clone, Debug)]
pub struct PackageRun {
    pub run_id: String,
    pub iid: i64,
    /// Rows of the version and of its model.
    pub version: Option<(i64, i64)>,
}

impl Package {
    pub fn package_type(&self) -> PackageType {
        match self.run {
            Some(_) => PackageType::MlModel,
            None => PackageType::Generic,
        }
    }
}

/// GitLab's names: a model's for its versions and the runs of its experiment, else the experiment's.
const NAME: &str = "COALESCE(p.name, m.name, 'ml_experiment_' || e.iid)";
const VERSION: &str = "COALESCE(p.version, v.version, 'candidate_' || r.iid)";
const JOINS: &str = "LEFT JOIN runs r ON r.id = p.run_id
     LEFT JOIN experiments e ON e.id = r.experiment_id
     LEFT JOIN registered_models m ON m.experiment_id = r.experiment_id
     LEFT JOIN model_versions v ON v.id = r.version_id";

fn columns() -> String {
    format!("p.id, p.run_id, {NAME}, {VERSION}, p.status, p.created_at, r.run_id, r.iid, v.id, v.model_id")
}

fn read(row: &Row<'_>) -> Result<Package> {
    let id = row.int(0)?;
    let version = row.opt_int(8)?.zip(row.opt_int(9)?);
    let run = match row.opt_text(6)? {
        Some(run_id) => Some(PackageRun { run_id, iid: row.int(7)?, version }),
        None => None,
    };
    Ok(Package {
        id,
        owner: row.opt_int(1)?.map_or(Owner::Package(id), Owner::Run),
        name: row.text(2)?,
        version: row.text(3)?,
        status: PackageStatus::from_number(row.int(4)?)?,
        created_at: row.int(5)?,
        run,
    })
}

/// Whose packages a caller may know of besides generic ones.
#[derive(Clone, Copy, Debug)]
pub struct Sight {
    /// Of runs that are no model version.
    pub runs: bool,
    pub versions: bool,
}

impl Sight {
    /// The condition of it. Packages of deleted runs are there for nobody.
    fn condition(self) -> &'static str {
        match (self.runs, self.versions) {
            (true, true) => "(p.run_id IS NULL OR NOT r.deleted)",
            (true, false) => "(p.run_id IS NULL OR (NOT r.deleted AND r.version_id IS NULL))",
            (false, true) => "(p.run_id IS NULL OR (NOT r.deleted AND r.version_id IS NOT NULL))",
            (false, false) => "p.run_id IS NULL",
        }
    }
}

/// What a list is to hold; `None`: whatever it is.
#[derive(Clone, Debug)]
pub struct Filter {
    pub sight: Sight,
    pub package_type: Option<PackageType>,
    /// A part of the name, in any case of its letters.
    pub name: Option<String>,
    pub version: Option<String>,
    pub status: PackageStatus,
}

/// What packages are listed by; the id decides between equals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    CreatedAt,
    Id,
    Name,
    Version,
    Type,
}

/// The condition of a filter, with its arguments.
fn condition(tx: &Tx<'_>, project_id: i64, filter: &Filter) -> (String, Vec<OwnedArg>) {
    let mut sql = format!("p.project_id = ?1 AND p.status = ?2 AND {}", filter.sight.condition());
    let mut args = vec![OwnedArg::Int(project_id), OwnedArg::Int(filter.status.number())];
    match filter.package_type {
        Some(PackageType::MlModel) => sql.push_str(" AND p.run_id IS NOT NULL"),
        Some(PackageType::Generic) => sql.push_str(" AND p.run_id IS NULL"),
        None => {}
    }
    if let Some(name) = &filter.name {
        args.push(OwnedArg::Text(name.clone()));
        sql.push_str(&format!(" AND {}", tx.contains_any_case(NAME, &format!("?{}", args.len()))));
    }
    if let Some(version) = &filter.version {
        args.push(OwnedArg::Text(version.clone()));
        sql.push_str(&format!(" AND {VERSION} = ?{}", args.len()));
    }
    (sql, args)
}

/// A part of the project's packages.
pub fn list(
    tx: &mut Tx<'_>,
    project_id: i64,
    filter: &Filter,
    (order, descending): (Order, bool),
    slice: Slice,
) -> Result<Part<Package>> {
    let (condition, args) = condition(tx, project_id, filter);
    let by = match order {
        Order::CreatedAt => "p.created_at",
        Order::Id => "p.id",
        Order::Name => NAME,
        Order::Version => VERSION,
        Order::Type => "CASE WHEN p.run_id IS NULL THEN 0 ELSE 1 END",
    };
    let direction = if descending { " DESC" } else { "" };
    let listing = Listing {
        columns: &columns(),
        from: &format!("packages p {JOINS} WHERE {condition}"),
        id: "p.id",
        order: &format!("{by}{direction}, p.id{direction}"),
    };
    let args: Vec<&dyn ToArg> = args.iter().map(|arg| arg as &dyn ToArg).collect();
    slice::read(tx, &listing, &args, slice, read)
}

pub fn find(tx: &mut Tx<'_>, project_id: i64, id: i64, sight: Sight) -> Result<Option<Package>> {
    let sql = format!(
        "SELECT {} FROM packages p {JOINS}
         WHERE p.id = ?1 AND p.project_id = ?2 AND {}",
        columns(),
        sight.condition()
    );
    tx.find(&sql, &[&id, &project_id], read)
}

/// The id of a generic package.
pub fn find_generic(tx: &mut Tx<'_>, project_id: i64, name: &str, version: &str) -> Result<Option<i64>> {
    generic(tx, project_id, name, version, "")
}

fn generic(tx: &mut Tx<'_>, project_id: i64, name: &str, version: &str, lock: &str) -> Result<Option<i64>> {
    let sql = format!(
        "SELECT id FROM packages WHERE project_id = ?1 AND name = ?2 AND version = ?3 AND run_id IS NULL{lock}"
    );
    tx.find(&sql, &[&project_id, &name, &version], |row| row.int(0))
}

/// The id of a generic package, made when there is none, and kept from deletion until the end of the transaction.
pub fn open_generic(tx: &mut Tx<'_>, project_id: i64, name: &str, version: &str, now: i64) -> Result<i64> {
    let lock = tx.for_update();
    if let Some(id) = generic(tx, project_id, name, version, lock)? {
        return Ok(id);
    }
    let made = tx.find(
        "INSERT INTO packages (project_id, name, version, status, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING
         RETURNING id",
        &[&project_id, &name, &version, &PackageStatus::Default.number(), &now],
        |row| row.int(0),
    )?;
    match made {
        Some(id) => Ok(id),
        // Another upload made it a moment ago; deleted once more since, it is for the client to try again.
        None => generic(tx, project_id, name, version, lock)?.ok_or(Error::Busy),
    }
}

/// The active run that a package address names.
pub fn find_run(tx: &mut Tx<'_>, project_id: i64, address: &RunAddress) -> Result<Option<Run>> {
    let (condition, first, second) = match *address {
        // `0 = ?3`: every form binds as many.
        RunAddress::Version(id) => ("r.version_id = ?2 AND 0 = ?3", id, 0),
        RunAddress::Candidate(iid) => ("r.iid = ?2 AND 0 = ?3", iid, 0),
        RunAddress::InExperiment { experiment_iid, run_iid } => {
            ("r.iid = ?2 AND e.iid = ?3", run_iid, experiment_iid)
        }
    };
    let sql = format!(
        "SELECT {} FROM runs r JOIN experiments e ON e.id = r.experiment_id
         WHERE r.project_id = ?1 AND NOT r.deleted AND {condition}",
        runs::COLUMNS
    );
    tx.find(&sql, &[&project_id, &first, &second], runs::read)
}

/// The id of the package of a run that has one: every run with a file, and every model version.
pub fn of_run(tx: &mut Tx<'_>, run: i64) -> Result<Option<i64>> {
    tx.find("SELECT id FROM packages WHERE run_id = ?1", &[&run], |row| row.int(0))
}

/// Makes a run a package.
pub(crate) fn add_run(tx: &mut Tx<'_>, project_id: i64, run: i64, now: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO packages (project_id, run_id, status, created_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO NOTHING",
        &[&project_id, &run, &PackageStatus::Default.number(), &now],
    )?;
    Ok(())
}

/// The tree of `owner`, which is locked, has a file: if it is a run's, that is a package from then on.
pub(crate) fn note(tx: &mut Tx<'_>, owner: Owner, now: i64) -> Result<()> {
    let Owner::Run(run) = owner else { return Ok(()) };
    if of_run(tx, run)?.is_none() {
        let project_id = tx.get("SELECT project_id FROM runs WHERE id = ?1", &[&run], |row| row.int(0))?;
        add_run(tx, project_id, run, now)?;
    }
    Ok(())
}

pub fn set_status(tx: &mut Tx<'_>, id: i64, status: PackageStatus) -> Result<()> {
    tx.execute("UPDATE packages SET status = ?2 WHERE id = ?1", &[&id, &status.number()])?;
    Ok(())
}

/// Deletes a package with its files. A run stays without files, and is another package when it gets some again; the
/// files of a published version stay.
pub fn delete(tx: &mut Tx<'_>, package: &Package, now: i64) -> Result<()> {
    files::delete(tx, package.owner, "", now)?;
    tx.execute("DELETE FROM packages WHERE id = ?1", &[&package.id])?;
    Ok(())
}

/// Removes some of the generic packages of a project that is being removed; answers whether there were any.
pub(crate) fn remove_some(tx: &mut Tx<'_>, project_id: i64, most: i64, now: i64) -> Result<bool> {
    let ids = tx.list(
        "SELECT id FROM packages WHERE project_id = ?1 AND run_id IS NULL ORDER BY id LIMIT ?2",
        &[&project_id, &most],
        |row| row.int(0),
    )?;
    files::remove_trees(tx, Owner::Package(0), &ids, now)?;
    tx.execute(&format!("DELETE FROM packages WHERE {}", tx.any_of("id", "?1")), &[&ids])?;
    Ok(!ids.is_empty())
}

/// The path of the file that has this number. It takes a look at each file, so it is for a read.
pub fn file_path(tx: &mut Tx<'_>, package: &Package, id: i64) -> Result<Option<String>> {
    let mut paths = Vec::new();
    files::each(tx, package.owner, |path, _, sha256| {
        if file_id(package.id, path, sha256) == id {
            paths.push(path.to_owned());
        }
        Ok(())
    })?;
    match paths.as_slice() {
        // Once in some 10^10 pairs of files.
        [one, other, ..] => Err(Error::Conflict(format!(
            "the files '{one}' and '{other}' have one number, {id}: put the one you mean once more with other bytes, then delete it"
        ))),
        _ => Ok(paths.pop()),
    }
}

/// Deletes the file at `path` while it has this number; answers whether it had.
pub fn delete_file(tx: &mut Tx<'_>, package: &Package, path: &str, id: i64, now: i64) -> Result<bool> {
    files::lock_tree(tx, package.owner)?;
    match files::find(tx, package.owner, path)? {
        Some(file) if file_id(package.id, path, &file.sha256) == id => {
            files::delete(tx, package.owner, path, now).map(|_| true)
        }
        _ => Ok(false),
    }
}

/// A part of a package's files.
pub fn files(
    tx: &mut Tx<'_>,
    package: &Package,
    order: (files::Order, bool),
    slice: Slice,
) -> Result<Part<File>> {
    files::part(tx, package.owner, order, slice)
}
