//! GitLab's filters that Weir does not know: a list that left one out without a word would show what was not asked for.

use percent_encoding::percent_decode_str;
use weir_domain::{Error, Result};

/// The filters that are refused in some lists.
struct Unknown {
    /// The last segment of a list's address.
    lists: &'static [&'static str],
    /// What GitLab leaves out unless it is true: `false` asks for nothing, and is no reason to refuse a list.
    switches: &'static [&'static str],
    others: &'static [&'static str],
}

const UNKNOWN: &[Unknown] = &[
    Unknown {
        lists: &["users"],
        switches: &[
            "external",
            "exclude_active",
            "exclude_external",
            "exclude_humans",
            "without_projects",
            "auditors",
        ],
        others: &[
            "extern_uid",
            "provider",
            "created_after",
            "created_before",
            "two_factor",
            "saml_provider_id",
        ],
    },
    Unknown {
        lists: &["projects"],
        switches: &[
            "starred",
            "imported",
            "wiki_checksum_failed",
            "repository_checksum_failed",
            "with_issues_enabled",
            "with_merge_requests_enabled",
        ],
        others: &[
            "topic",
            "topic_id",
            "with_programming_language",
            "last_activity_after",
            "last_activity_before",
            "updated_after",
            "updated_before",
            "active",
            "marked_for_deletion_on",
            "repository_storage",
        ],
    },
    Unknown {
        lists: &["groups", "subgroups", "descendant_groups"],
        switches: &[],
        others: &["skip_groups", "active", "archived", "marked_for_deletion_on", "repository_storage"],
    },
    Unknown { lists: &["members", "all"], switches: &[], others: &["user_ids", "skip_users", "state"] },
];

/// Refuses a filter that would be passed over.
pub(super) fn check(path: &str, query: &str) -> Result<()> {
    let list = path.rsplit('/').next().unwrap_or_default();
    let unknown = UNKNOWN.iter().find(|unknown| unknown.lists.contains(&list));
    let pairs = || query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let by_key = pairs().any(|pair| pair == ("pagination", "keyset"));
    for (name, value) in pairs() {
        let name = percent_decode_str(name).decode_utf8_lossy();
        let name = name.strip_suffix("[]").unwrap_or(&name);
        if unknown.is_some_and(|unknown| unknown.refuses(name, value)) {
            return Err(Error::invalid(format!("the filter '{name}' is not known here: leave it out")));
        }
        if matches!(name, "id_after" | "id_before") && !by_key {
            return Err(Error::invalid(format!("'{name}' goes with pagination=keyset")));
        }
    }
    Ok(())
}

impl Unknown {
    fn refuses(&self, name: &str, value: &str) -> bool {
        let on = self.switches.contains(&name) && !value.eq_ignore_ascii_case("false");
        on || self.others.contains(&name)
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_filter_that_nobody_reads_is_refused_where_it_would_count() {
        let refused = |path: &str, query: &str| check(path, query).err().map(|error| error.to_string());
        let sentence = refused("/api/v4/projects/3/members", "page=1&user_ids%5B%5D=999").unwrap();
        assert_eq!(sentence, "the filter 'user_ids' is not known here: leave it out");
        for (path, query) in [
            ("/api/v4/users", "extern_uid=1"),
            ("/api/v4/projects/3/members/all", "skip_users[]=1"),
            ("/api/v4/groups/a%2Fb/projects", "updated_after=2026-01-01"),
            ("/api/v4/groups", "skip_groups[]=8"),
            ("/api/v4/projects", "id_after=5"),
            ("/api/v4/projects", "starred=true"),
            ("/api/v4/users/7/projects", "topic=false"),
            ("/api/v4/projects", "active=false"),
        ] {
            assert!(refused(path, query).is_some(), "{path}?{query}");
        }
        for (path, query) in [
            ("/api/v4/audit_events", "created_after=2026-01-01"),
            ("/api/v4/projects", "pagination=keyset&id_after=5"),
            ("/api/v4/projects", "search=active&with_custom_attributes=true"),
            ("/api/v4/projects", "starred=false&imported=False&with_issues_enabled=false"),
            ("/api/v4/users", "external=false"),
            ("/api/v4/users", ""),
        ] {
            assert_eq!(refused(path, query), None, "{path}?{query}");
        }
    }
}
