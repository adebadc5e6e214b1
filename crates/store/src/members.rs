//! Members of projects and groups. A role in a group is one in all that lies in it; the highest counts.

use std::collections::HashMap;

use weir_domain::access::Role;
use weir_domain::{Error, Result};

use crate::slice::{self, Listing, Part, Slice};
use crate::tx::Row;
use crate::{Tx, grants, namespaces, users};

/// What one is a member of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Project(i64),
    Group(i64),
}

impl Place {
    fn table(self) -> (&'static str, &'static str, i64) {
        match self {
            Self::Project(id) => ("project_members", "project_id", id),
            Self::Group(id) => ("group_members", "group_id", id),
        }
    }

    /// The memberships that count here as `role, expires_at, user_id, created_at, direct, from_id`, the last being the
    /// namespace that an inherited one comes from; the place is `?1`. The owner of a user's namespace owns what is in it.
    fn counting(self) -> &'static str {
        match self {
            Self::Project(_) => {
                "(SELECT m.user_id, m.role, m.expires_at, m.created_at, 1 AS direct, CAST(NULL AS BIGINT) AS from_id
                  FROM project_members m WHERE m.project_id = ?1
                  UNION ALL
                  SELECT g.user_id, g.role, g.expires_at, g.created_at, 0, g.group_id
                  FROM projects p
                  JOIN namespace_ancestors a ON a.namespace_id = p.namespace_id
                  JOIN group_members g ON g.group_id = a.ancestor_id WHERE p.id = ?1
                  UNION ALL
                  SELECT n.owner_id, 50, NULL, n.created_at, 0, n.id
                  FROM projects p JOIN namespaces n ON n.id = p.namespace_id
                  WHERE p.id = ?1 AND n.owner_id IS NOT NULL)"
            }
            Self::Group(_) => {
                "(SELECT g.user_id, g.role, g.expires_at, g.created_at,
                         CASE WHEN g.group_id = ?1 THEN 1 ELSE 0 END AS direct,
                         CASE WHEN g.group_id <> ?1 THEN g.group_id END AS from_id
                  FROM namespace_ancestors a JOIN group_members g ON g.group_id = a.ancestor_id
                  WHERE a.namespace_id = ?1)"
            }
        }
    }

    fn id(self) -> i64 {
        self.table().2
    }

    fn name(self) -> String {
        match self {
            Self::Project(id) => format!("project '{id}'"),
            Self::Group(id) => format!("group '{id}'"),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Member {
    pub user: users::User,
    pub role: Role,
    pub expires_at: Option<i64>,
    pub created_at: i64,
    /// The full path of the group or of the user's namespace that the role comes from; `None`: it is a direct one.
    pub inherited_from: Option<String>,
}

/// Adds a member or changes its role and expiry (milliseconds since 1970). From now on it is nothing that a group at
/// the provider gave. A group keeps an owner.
pub fn set(
    tx: &mut Tx<'_>,
    place: Place,
    user_id: i64,
    role: Role,
    expires_at: Option<i64>,
    now: i64,
) -> Result<()> {
    if role < Role::Owner || expires_at.is_some() {
        keep_owner(tx, place, user_id, now)?;
    }
    let (table, key, id) = place.table();
    tx.execute(
        &format!(
            "INSERT INTO {table} ({key}, user_id, role, expires_at, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT ({key}, user_id) DO UPDATE SET role = excluded.role, expires_at = excluded.expires_at"
        ),
        &[&id, &user_id, &role.number(), &expires_at, &now],
    )?;
    grants::forget(tx, user_id, place)
}

/// Ends a direct membership. A group keeps an owner.
pub fn remove(tx: &mut Tx<'_>, place: Place, user_id: i64, now: i64) -> Result<()> {
    keep_owner(tx, place, user_id, now)?;
    let (table, key, id) = place.table();
    let removed =
        tx.execute(&format!("DELETE FROM {table} WHERE {key} = ?1 AND user_id = ?2"), &[&id, &user_id])?;
    if removed == 0 {
        return Err(Error::NotFound(format!("user '{user_id}' is no member of {}", place.name())));
    }
    grants::forget(tx, user_id, place)
}

/// Ends every direct membership of a user who goes.
pub(crate) fn remove_from_all(tx: &mut Tx<'_>, user_id: i64) -> Result<()> {
    for table in ["project_members", "group_members"] {
        tx.execute(&format!("DELETE FROM {table} WHERE user_id = ?1"), &[&user_id])?;
    }
    Ok(())
}

/// The highest role that counts in a place and has not expired.
pub fn role(tx: &mut Tx<'_>, place: Place, user_id: i64, now: i64) -> Result<Option<Role>> {
    let (direct, inherited) = roles(tx, place, user_id, now)?;
    Ok(direct.max(inherited))
}

/// The direct role and the highest inherited one.
pub type Roles = (Option<Role>, Option<Role>);

pub fn roles(tx: &mut Tx<'_>, place: Place, user_id: i64, now: i64) -> Result<Roles> {
    let sql = format!(
        "SELECT MAX(CASE WHEN m.direct = 1 THEN m.role END), MAX(CASE WHEN m.direct = 0 THEN m.role END)
         FROM {} m WHERE m.user_id = ?2 AND (m.expires_at IS NULL OR m.expires_at > ?3)",
        place.counting()
    );
    tx.get(&sql, &[&place.id(), &user_id, &now], |row| {
        let role = |number: Option<i64>| number.map(Role::from_number).transpose();
        Ok((role(row.opt_int(0)?)?, role(row.opt_int(1)?)?))
    })
}

/// By project, the direct role of a user and the highest inherited one, as [`roles`] gives them of one.
pub fn roles_in(tx: &mut Tx<'_>, projects: &[i64], user_id: i64, now: i64) -> Result<HashMap<i64, Roles>> {
    let sql = format!(
        "SELECT c.project_id, MAX(CASE WHEN c.direct = 1 THEN c.role END), MAX(CASE WHEN c.direct = 0 THEN c.role END)
         FROM (SELECT m.project_id, m.role, 1 AS direct FROM project_members m
               WHERE m.user_id = ?2 AND (m.expires_at IS NULL OR m.expires_at > ?3)
               UNION ALL
               SELECT p.id, g.role, 0 FROM projects p
               JOIN namespace_ancestors a ON a.namespace_id = p.namespace_id
               JOIN group_members g ON g.group_id = a.ancestor_id
               WHERE g.user_id = ?2 AND (g.expires_at IS NULL OR g.expires_at > ?3) AND {}
               UNION ALL
               SELECT p.id, 50, 0 FROM projects p JOIN namespaces n ON n.id = p.namespace_id
               WHERE n.owner_id = ?2 AND {}) c
         WHERE {} GROUP BY c.project_id",
        tx.any_of("p.id", "?1"),
        tx.any_of("p.id", "?1"),
        tx.any_of("c.project_id", "?1")
    );
    let rows = tx.list(&sql, &[&projects, &user_id, &now], |row| {
        let role = |number: Option<i64>| number.map(Role::from_number).transpose();
        Ok((row.int(0)?, (role(row.opt_int(1)?)?, role(row.opt_int(2)?)?)))
    })?;
    Ok(rows.into_iter().collect())
}

/// The group members that a place inherits nothing from is empty; else the name of the group with the highest role.
pub fn inherited_from(
    tx: &mut Tx<'_>,
    place: Place,
    user_id: i64,
    now: i64,
) -> Result<Option<(Role, String)>> {
    let above = match place {
        Place::Project(_) => {
            "projects p JOIN namespace_ancestors a ON a.namespace_id = p.namespace_id AND p.id = ?1"
        }
        Place::Group(_) => {
            "namespaces p JOIN namespace_ancestors a ON a.namespace_id = p.id AND p.id = ?1 AND a.ancestor_id <> ?1"
        }
    };
    let sql = format!(
        "SELECT g.role, n.full_path FROM {above}
         JOIN group_members g ON g.group_id = a.ancestor_id
         JOIN namespaces n ON n.id = g.group_id
         WHERE g.user_id = ?2 AND (g.expires_at IS NULL OR g.expires_at > ?3)
         ORDER BY g.role DESC LIMIT 1"
    );
    tx.find(&sql, &[&place.id(), &user_id, &now], |row| Ok((Role::from_number(row.int(0)?)?, row.text(1)?)))
}

/// Which members of a place.
#[derive(Clone, Debug, Default)]
pub struct MemberFilter {
    /// Those of the groups that it lies in, too.
    pub inherited: bool,
    /// Part of the name or user name.
    pub search: Option<String>,
    pub user_ids: Option<Vec<i64>>,
}

const COLUMNS: &str = "m.role, m.expires_at, m.created_at, f.full_path";
const DIRECT_COLUMNS: &str = "m.role, m.expires_at, m.created_at, CAST(NULL AS TEXT)";

fn read(row: &Row<'_>) -> Result<Member> {
    Ok(Member {
        user: users::read(row, 4)?,
        role: Role::from_number(row.int(0)?)?,
        expires_at: row.opt_int(1)?,
        created_at: row.int(2)?,
        inherited_from: row.opt_text(3)?,
    })
}

/// Members by id, each once with its highest role. An expired membership is none.
pub fn page(
    tx: &mut Tx<'_>,
    place: Place,
    filter: &MemberFilter,
    slice: Slice,
    now: i64,
) -> Result<Part<Member>> {
    // One row a user: the highest role; a direct membership before an inherited one of the same role.
    let mut from = format!(
        "(SELECT c.user_id, c.role, c.expires_at, c.created_at, c.from_id,
                 ROW_NUMBER() OVER (PARTITION BY c.user_id ORDER BY c.role DESC, c.direct DESC) AS rank
          FROM {} c
          WHERE (c.expires_at IS NULL OR c.expires_at > ?2) AND (?3 OR c.direct = 1)) m
         JOIN users u ON u.id = m.user_id
         LEFT JOIN namespaces f ON f.id = m.from_id
         WHERE m.rank = 1 AND (?4 = '' OR {} OR {})",
        place.counting(),
        tx.contains("u.username", "?4"),
        tx.contains("u.name", "?4"),
    );
    let search = filter.search.as_deref().unwrap_or_default().to_lowercase();
    let id = place.id();
    let mut args: Vec<&dyn crate::tx::ToArg> = vec![&id, &now, &filter.inherited, &search];
    if let Some(ids) = &filter.user_ids {
        from.push_str(&format!(" AND {}", tx.any_of("u.id", "?5")));
        args.push(ids);
    }
    let columns = format!("{COLUMNS}, {}", users::COLUMNS);
    let listing = Listing { columns: &columns, from: &from, id: "u.id", order: "u.id" };
    slice::read(tx, &listing, &args, slice, read)
}

/// The direct member, or with `inherited` whoever has a role here.
pub fn find(
    tx: &mut Tx<'_>,
    place: Place,
    user_id: i64,
    inherited: bool,
    now: i64,
) -> Result<Option<Member>> {
    let filter = MemberFilter { inherited, user_ids: Some(vec![user_id]), search: None };
    let slice = Slice { limit: 1, place: slice::Place::Keyset { beyond: None, descending: false } };
    Ok(page(tx, place, &filter, slice, now)?.rows.pop())
}

/// A direct membership, an expired one too.
pub fn direct(tx: &mut Tx<'_>, place: Place, user_id: i64) -> Result<Option<Member>> {
    let (table, key, id) = place.table();
    let sql = format!(
        "SELECT {DIRECT_COLUMNS}, {} FROM {table} m JOIN users u ON u.id = m.user_id WHERE m.{key} = ?1 AND m.user_id = ?2",
        users::COLUMNS
    );
    tx.find(&sql, &[&id, &user_id], read)
}

/// Every direct member, the expired ones too.
pub fn list(tx: &mut Tx<'_>, place: Place) -> Result<Vec<Member>> {
    let (table, key, id) = place.table();
    let sql = format!(
        "SELECT {DIRECT_COLUMNS}, {} FROM {table} m JOIN users u ON u.id = m.user_id WHERE m.{key} = ?1 ORDER BY m.user_id",
        users::COLUMNS
    );
    tx.list(&sql, &[&id], read)
}

/// Refuses to take the ownership of a group from the last person who has it.
fn keep_owner(tx: &mut Tx<'_>, place: Place, user_id: i64, now: i64) -> Result<()> {
    let Place::Group(group_id) = place else { return Ok(()) };
    let Some(member) = direct(tx, place, user_id)? else { return Ok(()) };
    if member.role < Role::Owner || member.user.bot || member.expires_at.is_some_and(|at| at <= now) {
        return Ok(());
    }
    // Two owners who remove each other at once wait for one another here.
    namespaces::lock(tx, group_id)?;
    if has_other_owner(tx, group_id, user_id, now)? {
        return Ok(());
    }
    Err(Error::Forbidden(format!(
        "'{}' is the last owner of the group, which needs one",
        member.user.username
    )))
}

/// Whether somebody beside this user owns a group, or one that it lies in: a person who is not blocked.
pub(crate) fn has_other_owner(tx: &mut Tx<'_>, group_id: i64, user_id: i64, now: i64) -> Result<bool> {
    let found = tx.find(
        "SELECT 1 FROM namespace_ancestors a
         JOIN group_members g ON g.group_id = a.ancestor_id
         JOIN users u ON u.id = g.user_id
         WHERE a.namespace_id = ?1 AND g.user_id <> ?2 AND g.role >= 50 AND u.bot = ?4 AND u.blocked = ?4
           AND (g.expires_at IS NULL OR g.expires_at > ?3)
         LIMIT 1",
        &[&group_id, &user_id, &now, &false],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}
