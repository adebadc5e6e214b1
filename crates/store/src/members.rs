//! Members of projects and their roles.

use weir_domain::access::Role;
use weir_domain::{Error, Result};

use crate::Tx;

#[derive(Clone, Debug)]
pub struct Member {
    pub user_id: i64,
    pub username: String,
    pub role: Role,
    pub expires_at: Option<i64>,
}

/// Adds a member or changes its role and expiry (milliseconds since 1970).
pub fn set(
    tx: &mut Tx<'_>,
    project_id: i64,
    user_id: i64,
    role: Role,
    expires_at: Option<i64>,
    now: i64,
) -> Result<()> {
    tx.execute(
        "INSERT INTO project_members (project_id, user_id, role, expires_at, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (project_id, user_id) DO UPDATE SET role = excluded.role, expires_at = excluded.expires_at",
        &[&project_id, &user_id, &role.number(), &expires_at, &now],
    )?;
    Ok(())
}

pub fn remove(tx: &mut Tx<'_>, project_id: i64, user_id: i64) -> Result<()> {
    let removed = tx.execute(
        "DELETE FROM project_members WHERE project_id = ?1 AND user_id = ?2",
        &[&project_id, &user_id],
    )?;
    if removed == 0 {
        return Err(Error::NotFound(format!("user '{user_id}' is no member of project '{project_id}'")));
    }
    Ok(())
}

/// The role that has not expired, if there is one.
pub fn role(tx: &mut Tx<'_>, project_id: i64, user_id: i64, now: i64) -> Result<Option<Role>> {
    let number = tx.find(
        "SELECT role FROM project_members
         WHERE project_id = ?1 AND user_id = ?2 AND (expires_at IS NULL OR expires_at > ?3)",
        &[&project_id, &user_id, &now],
        |row| row.int(0),
    )?;
    number.map(Role::from_number).transpose()
}

pub fn list(tx: &mut Tx<'_>, project_id: i64) -> Result<Vec<Member>> {
    tx.list(
        "SELECT m.user_id, u.username, m.role, m.expires_at
         FROM project_members m JOIN users u ON u.id = m.user_id
         WHERE m.project_id = ?1 ORDER BY m.user_id",
        &[&project_id],
        |row| {
            Ok(Member {
                user_id: row.int(0)?,
                username: row.text(1)?,
                role: Role::from_number(row.int(2)?)?,
                expires_at: row.opt_int(3)?,
            })
        },
    )
}
