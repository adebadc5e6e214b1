//! Whom a list is for: the projects and groups that a caller may see.

use weir_domain::Result;
use weir_domain::access::Role;

use crate::Tx;

/// A caller, as lists see it.
#[derive(Clone, Copy, Debug)]
pub struct Viewer {
    pub user_id: i64,
    /// Sees everything.
    pub administrator: bool,
    /// What the caller's token is confined to.
    pub confined: Option<Confined>,
    pub now: i64,
}

/// The token of a project or a group reaches no further than that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confined {
    Project(i64),
    Group(i64),
}

/// Projects in which user `?1` has at least role `?3` at time `?2`.
pub(crate) const MEMBER_PROJECTS: &str = "
    SELECT m.project_id FROM project_members m
    WHERE m.user_id = ?1 AND m.role >= ?3 AND (m.expires_at IS NULL OR m.expires_at > ?2)
    UNION
    SELECT q.id FROM group_members g
    JOIN namespace_ancestors a ON a.ancestor_id = g.group_id
    JOIN projects q ON q.namespace_id = a.namespace_id
    WHERE g.user_id = ?1 AND g.role >= ?3 AND (g.expires_at IS NULL OR g.expires_at > ?2)
    UNION
    SELECT q.id FROM projects q JOIN namespaces o ON o.id = q.namespace_id WHERE o.owner_id = ?1";

/// Groups in which user `?1` has at least role `?3` at time `?2`.
pub(crate) const MEMBER_GROUPS: &str = "
    SELECT a.namespace_id FROM group_members g
    JOIN namespace_ancestors a ON a.ancestor_id = g.group_id
    WHERE g.user_id = ?1 AND g.role >= ?3 AND (g.expires_at IS NULL OR g.expires_at > ?2)";

impl Viewer {
    /// Whether the viewer is a member of the project or group that a bot acts in.
    pub fn sees_bot(&self, tx: &mut Tx<'_>, bot_id: i64) -> Result<bool> {
        if self.administrator || self.user_id == bot_id {
            return Ok(true);
        }
        let sql = format!(
            "SELECT 1 FROM access_tokens t
             WHERE t.user_id = ?4 AND (t.project_id IN ({MEMBER_PROJECTS}) OR t.group_id IN ({MEMBER_GROUPS}))
             UNION ALL
             SELECT 1 FROM trust_rules r WHERE r.user_id = ?4 AND r.project_id IN ({MEMBER_PROJECTS})
             LIMIT 1"
        );
        let least = Role::Guest.number();
        Ok(tx.find(&sql, &[&self.user_id, &self.now, &least, &bot_id], |_| Ok(()))?.is_some())
    }

    /// What a list is cut to by the token: `project` and `namespace` are the columns of their ids.
    pub(crate) fn confinement(&self, project: Option<&str>, namespace: &str) -> String {
        match (self.confined, project) {
            (None, _) => String::new(),
            (Some(Confined::Project(id)), Some(project)) => format!(" AND {project} = {id}"),
            // A project's token sees no group.
            (Some(Confined::Project(_)), None) => " AND 1 = 0".to_owned(),
            (Some(Confined::Group(id)), _) => format!(
                " AND {namespace} IN (SELECT namespace_id FROM namespace_ancestors WHERE ancestor_id = {id})"
            ),
        }
    }
}
