//! The CI that a project is linked to.

use weir_domain::audit::{Actor, Verb};
use weir_domain::ci::{Ci, Link};
use weir_domain::{Error, Result};

use crate::audit::acts;
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

impl CiLink {
    fn leads_to(&self, link: &Link) -> bool {
        (self.ci, &self.url, &self.ci_project) == (link.ci, &link.url, &link.project)
    }
}

/// What becomes of the link's token.
pub enum NewToken {
    /// The link has the one that it had, if it goes where it went. For another project, or at another address, the old
    /// one is not used: whoever changes that need not know it.
    Kept,
    None,
    Sealed(Vec<u8>),
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
pub fn set(
    tx: &mut Tx<'_>,
    actor: &Actor,
    project_id: i64,
    link: &Link,
    token: &NewToken,
    now: i64,
) -> Result<CiLink> {
    let before = find(tx, project_id)?;
    let token = match token {
        NewToken::Sealed(sealed) => Some(sealed.clone()),
        NewToken::None => None,
        NewToken::Kept => {
            before.as_ref().filter(|before| before.leads_to(link)).and_then(|old| old.token.clone())
        }
    };
    tx.execute(
        "INSERT INTO ci_links (project_id, kind, url, ci_project, token, updater_id, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (project_id) DO UPDATE
         SET kind = excluded.kind, url = excluded.url, ci_project = excluded.ci_project, token = excluded.token,
             updater_id = excluded.updater_id, updated_at = excluded.updated_at",
        &[
            &project_id,
            &link.ci.name(),
            &link.url,
            &link.project,
            &token,
            &actor.user_id,
            &now,
        ],
    )?;
    ci_jobs::ask_anew(tx, project_id)?;
    let after = find(tx, project_id)?.ok_or_else(not_linked)?;
    acts::ci_link(tx, actor, Verb::Set, before.as_ref(), Some(&after), now)?;
    Ok(after)
}

/// The link of a project that has one.
pub fn get(tx: &mut Tx<'_>, project_id: i64) -> Result<CiLink> {
    find(tx, project_id)?.ok_or_else(not_linked)
}

fn not_linked() -> Error {
    Error::not_found("this project is linked to no CI")
}

/// Ends a link. What was found by it stays.
pub fn remove(tx: &mut Tx<'_>, actor: &Actor, project_id: i64, now: i64) -> Result<()> {
    let link = get(tx, project_id)?;
    tx.execute("DELETE FROM ci_links WHERE project_id = ?1", &[&project_id])?;
    acts::ci_link(tx, actor, Verb::Removed, Some(&link), None, now)?;
    ci_jobs::ask_anew(tx, project_id)
}
