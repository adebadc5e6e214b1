//! Groups: namespaces that people share. They nest; a member of one is a member of all that lies in it.

use weir_domain::access::{Role, Visibility, group_not_found};
use weir_domain::audit::{Actor, Verb};
use weir_domain::namespace::{GROUP_DESCRIPTION, check_description, check_name, check_path, check_top_path};
use weir_domain::{Error, Result};

use crate::members::{self, Place};
use crate::namespaces::{self, COLUMNS, Namespace, NewNamespace};
use crate::slice::{self, Listing, Part, Slice};
use crate::tx::ToArg;
use crate::viewer::{MEMBER_GROUPS, Viewer};
use crate::{Tx, audit, projects, redirects, removal, users};

/// A group as an address names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GroupRef {
    Id(i64),
    /// The full path, whatever its letter case.
    Path(String),
}

impl GroupRef {
    /// A number, or a full path (already URL-decoded).
    pub fn parse(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Path(text.to_owned()), Self::Id)
    }
}

impl std::fmt::Display for GroupRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => write!(f, "{id}"),
            Self::Path(path) => f.write_str(path),
        }
    }
}

pub struct NewGroup<'a> {
    pub name: &'a str,
    pub path: &'a str,
    pub parent: Option<&'a Namespace>,
    pub description: &'a str,
    pub visibility: Visibility,
    /// Becomes its owner.
    pub creator_id: i64,
    pub now: i64,
}

pub fn create(tx: &mut Tx<'_>, new: &NewGroup<'_>) -> Result<Namespace> {
    check_name("group", new.name)?;
    check_description("group", new.description, GROUP_DESCRIPTION)?;
    let full_path = match new.parent {
        None => {
            check_top_path("group path", new.path)?;
            new.path.to_owned()
        }
        Some(parent) => {
            check_path("group path", new.path)?;
            namespaces::lock(tx, parent.id)?;
            check_inside(parent, new.visibility, "group")?;
            format!("{}/{}", parent.full_path, new.path)
        }
    };
    let namespace = NewNamespace {
        full_path: &full_path,
        name: new.name,
        owner_id: None,
        parent: new.parent,
        description: new.description,
        visibility: new.visibility,
        now: new.now,
    };
    let id = namespaces::insert(tx, &namespace)?
        .ok_or_else(|| Error::AlreadyExists(format!("the path '{full_path}' has already been taken")))?;
    redirects::remove(tx, &full_path)?;
    let inherited = members::role(tx, Place::Group(id), new.creator_id, new.now)?;
    // A bot has the role that its token names, and no other.
    if inherited < Some(Role::Owner) && !users::get(tx, new.creator_id)?.bot {
        members::set(tx, Place::Group(id), new.creator_id, Role::Owner, None, new.now)?;
    }
    get(tx, &GroupRef::Id(id))
}

/// What lies in a group is seen by no more people than the group; what is made in it must wait no deletion.
pub(crate) fn check_inside(parent: &Namespace, visibility: Visibility, what: &str) -> Result<()> {
    if visibility > parent.visibility && parent.is_group() {
        return Err(Error::Invalid(format!(
            "visibility '{}' is not allowed: the {what} would be more visible than its group '{}', which is {}",
            visibility.name(),
            parent.full_path,
            parent.visibility.name()
        )));
    }
    if parent.deletes_at.is_some() {
        return Err(Error::Conflict(format!("the group '{}' waits to be deleted", parent.full_path)));
    }
    Ok(())
}

pub fn find(tx: &mut Tx<'_>, group: &GroupRef) -> Result<Option<Namespace>> {
    let found = match group {
        GroupRef::Id(id) => namespaces::by_id(tx, *id)?,
        GroupRef::Path(path) => namespaces::find(tx, path)?,
    };
    Ok(found.filter(Namespace::is_group))
}

pub fn get(tx: &mut Tx<'_>, group: &GroupRef) -> Result<Namespace> {
    find(tx, group)?.ok_or_else(|| group_not_found(&group.to_string()))
}

/// Whether a namespace is this group or lies in it.
pub fn contains(tx: &mut Tx<'_>, group_id: i64, namespace_id: i64) -> Result<bool> {
    let found = tx.find(
        "SELECT 1 FROM namespace_ancestors WHERE namespace_id = ?1 AND ancestor_id = ?2",
        &[&namespace_id, &group_id],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Every group, oldest first.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Namespace>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM namespaces n WHERE n.owner_id IS NULL AND NOT n.removing ORDER BY n.id"
    );
    tx.list(&sql, &[], |row| namespaces::read(row, 0))
}

/// Which groups.
#[derive(Clone, Debug, Default)]
pub struct GroupFilter {
    /// Part of the name or path.
    pub search: Option<String>,
    /// Only those in which the caller has this role at least.
    pub least_role: Option<i64>,
    pub visibility: Option<Visibility>,
    /// Only those that lie in no other.
    pub top_level: bool,
    pub parent: Option<i64>,
    /// With `parent`: those below its children, too.
    pub descendants: bool,
}

/// The order of a list of groups by GitLab's names for it.
pub fn order(by: &str, descending: bool) -> Result<String> {
    let column = match by {
        "id" => "n.id",
        "name" => "lower(n.name)",
        "path" => "n.full_path",
        other => {
            return Err(Error::Invalid(format!("'{other}' is not an order of groups: use id, name or path")));
        }
    };
    let direction = if descending { "DESC" } else { "ASC" };
    Ok(format!("{column} {direction}, n.id {direction}"))
}

/// A page of the groups that the viewer may see, in an order that [`order`] gave.
pub fn page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    filter: &GroupFilter,
    order: &str,
    slice: Slice,
) -> Result<Part<Namespace>> {
    let mut from = format!(
        "namespaces n WHERE n.owner_id IS NULL AND NOT n.removing
           AND (?4 OR n.visibility >= 10 OR n.id IN ({MEMBER_GROUPS}))
           AND (?5 = '' OR {} OR {})
           AND (?6 = -1 OR n.visibility = ?6)",
        tx.contains("n.full_path", "?5"),
        tx.contains("n.name", "?5"),
    );
    from.push_str(&viewer.confinement(None, "n.id"));
    if filter.least_role.is_some() {
        from.push_str(&format!(" AND n.id IN ({MEMBER_GROUPS})"));
    }
    if filter.top_level {
        from.push_str(" AND n.parent_id IS NULL");
    }
    let search = filter.search.as_deref().unwrap_or_default().to_lowercase();
    let visibility = filter.visibility.map_or(-1, Visibility::number);
    let least = filter.least_role.unwrap_or(1);
    let mut args: Vec<&dyn ToArg> =
        vec![&viewer.user_id, &viewer.now, &least, &viewer.administrator, &search, &visibility];
    if let Some(parent) = &filter.parent {
        from.push_str(match filter.descendants {
            false => " AND n.parent_id = ?7",
            true => {
                " AND n.id <> ?7 AND n.id IN (SELECT namespace_id FROM namespace_ancestors WHERE ancestor_id = ?7)"
            }
        });
        args.push(parent);
    }
    let listing = Listing { columns: COLUMNS, from: &from, id: "n.id", order };
    slice::read(tx, &listing, &args, slice, |row| namespaces::read(row, 0))
}

/// What is changed of a group; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct GroupChange {
    pub name: Option<String>,
    pub path: Option<String>,
    pub description: Option<String>,
    pub visibility: Option<Visibility>,
}

pub fn update(tx: &mut Tx<'_>, group: &Namespace, change: &GroupChange) -> Result<Namespace> {
    let name = change.name.as_deref().unwrap_or(&group.name);
    let description = change.description.as_deref().unwrap_or(&group.description);
    let visibility = change.visibility.unwrap_or(group.visibility);
    check_name("group", name)?;
    // One that is there already and longer is no reason to refuse another change.
    if description != group.description {
        check_description("group", description, GROUP_DESCRIPTION)?;
    }
    namespaces::lock(tx, group.id)?;
    if visibility != group.visibility {
        check_visibility(tx, group, visibility)?;
    }
    if let Some(path) = change.path.as_deref().filter(|path| *path != group.path()) {
        relocate(tx, group, path)?;
    }
    tx.execute(
        "UPDATE namespaces SET name = ?2, description = ?3, visibility = ?4 WHERE id = ?1",
        &[&group.id, &name, &description, &visibility.number()],
    )?;
    get(tx, &GroupRef::Id(group.id))
}

fn check_visibility(tx: &mut Tx<'_>, group: &Namespace, visibility: Visibility) -> Result<()> {
    if let Some(parent) = group.parent_id
        && let Some(parent) = namespaces::by_id(tx, parent)?
    {
        check_inside(&parent, visibility, "group")?;
    }
    let inside = tx.find(
        "SELECT p.full_path FROM projects p
         JOIN namespace_ancestors a ON a.namespace_id = p.namespace_id
         WHERE a.ancestor_id = ?1 AND p.visibility > ?2 AND p.removing = ?3
         UNION ALL
         SELECT n.full_path FROM namespaces n
         JOIN namespace_ancestors a ON a.namespace_id = n.id
         WHERE a.ancestor_id = ?1 AND n.id <> ?1 AND n.visibility > ?2
         LIMIT 1",
        &[&group.id, &visibility.number(), &false],
        |row| row.text(0),
    )?;
    match inside {
        None => Ok(()),
        Some(path) => Err(Error::Invalid(format!(
            "visibility '{}' is not allowed: '{path}' in it is more visible; change that first",
            visibility.name()
        ))),
    }
}

/// Moves a group to another last segment, with all that lies in it. The projects' old paths lead to the new ones.
fn relocate(tx: &mut Tx<'_>, group: &Namespace, path: &str) -> Result<()> {
    let parent = group.full_path.rsplit_once('/').map(|(parent, _)| parent);
    let full_path = match parent {
        None => {
            check_top_path("group path", path)?;
            path.to_owned()
        }
        Some(parent) => {
            check_path("group path", path)?;
            format!("{parent}/{path}")
        }
    };
    if let Some(parent) = group.parent_id {
        namespaces::lock(tx, parent)?;
    }
    let same = full_path.eq_ignore_ascii_case(&group.full_path);
    if !same && (namespaces::has(tx, &full_path)? || namespaces::project_has(tx, &full_path)?) {
        return Err(Error::AlreadyExists(format!("the path '{full_path}' has already been taken")));
    }
    let inside = "SELECT namespace_id FROM namespace_ancestors WHERE ancestor_id = ?1";
    let projects = tx.list(
        &format!("SELECT id, full_path FROM projects WHERE namespace_id IN ({inside}) AND removing = ?2"),
        &[&group.id, &false],
        |row| Ok((row.int(0)?, row.text(1)?)),
    )?;
    // From the length of the old path on; paths are ASCII.
    let rest = group.full_path.len() as i64 + 1;
    tx.execute(
        &format!("UPDATE namespaces SET full_path = ?2 || substr(full_path, ?3) WHERE id IN ({inside})"),
        &[&group.id, &full_path, &rest],
    )?;
    tx.execute(
        &format!(
            "UPDATE projects SET full_path = ?2 || substr(full_path, ?3)
             WHERE namespace_id IN ({inside}) AND removing = ?4"
        ),
        &[&group.id, &full_path, &rest, &false],
    )?;
    for (id, old) in projects {
        redirects::add(tx, &old, id)?;
        redirects::remove(tx, &format!("{full_path}{}", &old[group.full_path.len()..]))?;
    }
    Ok(())
}

/// Marks a group and all that lies in it for removal at `at`. What was marked before keeps its own day.
pub fn delete(tx: &mut Tx<'_>, group: &Namespace, at: i64) -> Result<()> {
    let inside = "SELECT namespace_id FROM namespace_ancestors WHERE ancestor_id = ?1";
    tx.execute(
        &format!("UPDATE namespaces SET deletes_at = ?2 WHERE deletes_at IS NULL AND id IN ({inside})"),
        &[&group.id, &at],
    )?;
    tx.execute(
        &format!(
            "UPDATE projects SET deletes_at = ?2 WHERE deletes_at IS NULL AND namespace_id IN ({inside})"
        ),
        &[&group.id, &at],
    )?;
    Ok(())
}

/// Takes a group and all that lies in it out of sight, and their paths free; their content goes soon. The audit log is
/// told of each while it still has its path.
pub fn delete_at_once(tx: &mut Tx<'_>, group: &Namespace, actor: &Actor, now: i64) -> Result<()> {
    namespaces::lock(tx, group.id)?;
    for project in projects::list_in_group(tx, group.id)? {
        audit::acts::project(tx, actor, Verb::Destroyed, Some(&project), None, now)?;
        projects::delete(tx, &project, now, now)?;
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM namespaces n JOIN namespace_ancestors a ON a.namespace_id = n.id
         WHERE a.ancestor_id = ?1 ORDER BY n.id"
    );
    for inner in tx.list(&sql, &[&group.id], |row| namespaces::read(row, 0))? {
        let verb = if inner.id == group.id { Verb::Deleted } else { Verb::Destroyed };
        audit::acts::group(tx, actor, verb, Some(&inner), None, now)?;
        // No path has a colon.
        let path = format!("removed:{}", inner.id);
        tx.execute(
            "UPDATE namespaces SET removing = ?2, full_path = ?3, deletes_at = ?4 WHERE id = ?1",
            &[&inner.id, &true, &path, &now],
        )?;
    }
    Ok(())
}

/// Takes the mark away again, of all that got it at that moment.
pub fn restore(tx: &mut Tx<'_>, group: &Namespace) -> Result<()> {
    let Some(at) = group.deletes_at else {
        return Err(Error::Invalid(format!("the group '{}' does not wait to be deleted", group.full_path)));
    };
    if let Some(parent) = group.parent_id
        && let Some(parent) = namespaces::by_id(tx, parent)?
        && parent.deletes_at.is_some()
    {
        return Err(Error::Conflict(format!(
            "the group '{}' lies in '{}', which waits to be deleted: restore that",
            group.full_path, parent.full_path
        )));
    }
    let inside = "SELECT namespace_id FROM namespace_ancestors WHERE ancestor_id = ?1";
    for (table, key) in [("namespaces", "id"), ("projects", "namespace_id")] {
        tx.execute(
            &format!("UPDATE {table} SET deletes_at = NULL WHERE deletes_at = ?2 AND {key} IN ({inside})"),
            &[&group.id, &at],
        )?;
    }
    Ok(())
}

/// Removes groups whose time has come and in which nothing lies any more; answers how many.
pub fn remove_due(tx: &mut Tx<'_>, now: i64) -> Result<usize> {
    let empty = tx.list(
        "SELECT n.id FROM namespaces n
         WHERE n.deletes_at <= ?1
           AND NOT EXISTS (SELECT 1 FROM projects p WHERE p.namespace_id = n.id)
           AND NOT EXISTS (SELECT 1 FROM namespaces c WHERE c.parent_id = n.id)
         ORDER BY n.id LIMIT 100",
        &[&now],
        |row| row.int(0),
    )?;
    for id in &empty {
        namespaces::lock(tx, *id)?;
        // Nobody finds one that was removed at once, which the log tells already.
        let group = find(tx, &GroupRef::Id(*id))?;
        audit::acts::group(tx, &Actor::SERVER, Verb::Destroyed, group.as_ref(), None, now)?;
        removal::bots(tx, "group_id", *id, now)?;
        for (table, key) in
            [("group_members", "group_id"), ("namespace_ancestors", "namespace_id"), ("namespaces", "id")]
        {
            tx.execute(&format!("DELETE FROM {table} WHERE {key} = ?1"), &[id])?;
        }
    }
    Ok(empty.len())
}
