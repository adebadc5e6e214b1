//! Lists of projects, of those that the caller may see.

use weir_domain::access::Visibility;
use weir_domain::{Error, Result};

use super::{FROM, Project, columns, read};
use crate::Tx;
use crate::slice::{self, Listing, Part, Slice};
use crate::tx::ToArg;
use crate::viewer::{MEMBER_PROJECTS, Viewer};

/// Which projects.
#[derive(Clone, Debug, Default)]
pub struct ProjectFilter {
    /// Part of the name or path; of the full path with `search_namespaces`.
    pub search: Option<String>,
    pub search_namespaces: bool,
    pub visibility: Option<Visibility>,
    /// Only those in which the caller has this role at least.
    pub least_role: Option<i64>,
    pub archived: Option<bool>,
    /// Those that wait to be deleted, too.
    pub deleted: bool,
    /// Only those of this namespace.
    pub namespace: Option<i64>,
    /// With `namespace`: those of the groups in it, too.
    pub subgroups: bool,
    /// Only those in this user's own namespace.
    pub owner: Option<i64>,
}

/// The order of a list of projects by GitLab's names for it.
pub fn order(by: &str, descending: bool) -> Result<String> {
    let column = match by {
        "id" => "p.id",
        "name" => "lower(p.name)",
        "path" => "lower(p.path)",
        "created_at" => "p.created_at",
        // Nothing counts the activity in a project; the last change of its settings comes closest.
        "updated_at" | "last_activity_at" => "p.updated_at",
        other => {
            return Err(Error::Invalid(format!(
                "'{other}' is not an order of projects: use id, name, path, created_at, updated_at or last_activity_at"
            )));
        }
    };
    let direction = if descending { "DESC" } else { "ASC" };
    Ok(format!("{column} {direction}, p.id {direction}"))
}

/// A page of the projects that the viewer may see, in an order that [`order`] gave.
pub fn page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    filter: &ProjectFilter,
    order: &str,
    slice: Slice,
) -> Result<Part<Project>> {
    let searched = if filter.search_namespaces { "p.full_path" } else { "p.path" };
    let mut from = format!(
        "{FROM}
           AND (?4 OR p.visibility >= 10 OR p.id IN ({MEMBER_PROJECTS}))
           AND (?5 = '' OR {} OR {})
           AND (?6 = -1 OR p.visibility = ?6)
           AND (?7 = -1 OR p.archived = (?7 = 1))
           AND (?8 OR p.deletes_at IS NULL)",
        tx.contains(searched, "?5"),
        tx.contains("p.name", "?5"),
    );
    from.push_str(&viewer.confinement(Some("p.id"), "p.namespace_id"));
    if filter.least_role.is_some() {
        from.push_str(&format!(" AND p.id IN ({MEMBER_PROJECTS})"));
    }
    let search = filter.search.as_deref().unwrap_or_default().to_lowercase();
    let visibility = filter.visibility.map_or(-1, Visibility::number);
    let archived = filter.archived.map_or(-1, i64::from);
    let least = filter.least_role.unwrap_or(1);
    let mut args: Vec<&dyn ToArg> = vec![
        &viewer.user_id,
        &viewer.now,
        &least,
        &viewer.administrator,
        &search,
        &visibility,
        &archived,
        &filter.deleted,
    ];
    if let Some(namespace) = &filter.namespace {
        args.push(namespace);
        let number = args.len();
        from.push_str(&match filter.subgroups {
            false => format!(" AND p.namespace_id = ?{number}"),
            true => format!(
                " AND p.namespace_id IN (SELECT namespace_id FROM namespace_ancestors WHERE ancestor_id = ?{number})"
            ),
        });
    }
    if let Some(owner) = &filter.owner {
        args.push(owner);
        from.push_str(&format!(" AND n.owner_id = ?{}", args.len()));
    }
    let columns = columns();
    let listing = Listing { columns: &columns, from: &from, id: "p.id", order };
    slice::read(tx, &listing, &args, slice, read)
}
