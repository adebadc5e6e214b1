//! The CI that a project is linked to.

use weir_domain::ci::Ci;
use weir_domain::{Error, Result};

use crate::tx::Row;
use crate::{Tx, ci_jobs};

#[derive(Clone, PartialEq, Eq)]
pub struct CiLink {
    pub project_id: i64,
    pub ci: Ci,
    /// Without a slash at its end.
    pub url: String,
    /// The project there, by path or number.
    pub ci_project: String,
    /// Sealed.
    pub token: Option<Vec<u8>>,
    pub updater: Option<String>,
    pub updated_at: i64,
}

pub struct NewLink<'a> {
    pub ci: Ci,
    pub url: &'a str,
    pub ci_project: &'a str,
    pub token: Option<&'a [u8]>,
    pub updater_id: i64,
    pub now: i64,
}

const SELECT: &str = "SELECT l.project_id, l.kind, l.url, l.ci_project, l.token, u.username, l.updated_at
     FROM ci_links l LEFT JOIN users u ON u.id = l.updater_id";

fn read(row: &Row<'_>) -> Result<CiLink> {
    let kind = row.str(1)?;
    Ok(CiLink {
        project_id: row.int(0)?,
        ci: Ci::find(kind).ok_or_else(|| Error::internal(format!("a CI of the kind '{kind}'")))?,
        url: row.text(2)?,
        ci_project: row.text(3)?,
        token: row.opt_blob(4)?,
        updater: row.opt_text(5)?,
        updated_at: row.int(6)?,
    })
}

pub fn find(tx: &mut Tx<'_>, project_id: i64) -> Result<Option<CiLink>> {
    tx.find(&format!("{SELECT} WHERE l.project_id = ?1"), &[&project_id], read)
}

/// The links of projects that have a job to be asked for at `now`.
pub fn due(tx: &mut Tx<'_>, now: i64) -> Result<Vec<CiLink>> {
    let sql = format!(
        "{SELECT} WHERE EXISTS (SELECT 1 FROM ci_jobs j
                         WHERE j.project_id = l.project_id AND j.kind = l.kind AND j.next_at <= ?1)
         ORDER BY l.project_id"
    );
    tx.list(&sql, &[&now], read)
}

/// Links a project, in the place of another link. What was not found, or has not ended, is asked for anew.
pub fn set(tx: &mut Tx<'_>, project_id: i64, new: &NewLink<'_>) -> Result<()> {
    tx.execute(
        "INSERT INTO ci_links (project_id, kind, url, ci_project, token, updater_id, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (project_id) DO UPDATE
         SET kind = excluded.kind, url = excluded.url, ci_project = excluded.ci_project, token = excluded.token,
             updater_id = excluded.updater_id, updated_at = excluded.updated_at",
        &[
            &project_id,
            &new.ci.name(),
            &new.url,
            &new.ci_project,
            &new.token,
            &new.updater_id,
            &new.now,
        ],
    )?;
    ci_jobs::ask_anew(tx, project_id)
}

/// Ends a link. What was found by it stays.
pub fn remove(tx: &mut Tx<'_>, project_id: i64) -> Result<()> {
    if tx.execute("DELETE FROM ci_links WHERE project_id = ?1", &[&project_id])? == 0 {
        return Err(Error::NotFound("this project is linked to no CI".to_owned()));
    }
    ci_jobs::ask_anew(tx, project_id)
}
