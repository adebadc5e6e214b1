//! What the people of a group at an identity provider are here: a role in a project or a group, or administrators.

use std::str::FromStr;

use crate::access::Role;
use crate::{Error, Result};

/// One line of the operator's mapping, such as `ml-team=developer@vision/iris` or `ops=administrator`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// As the provider names it.
    pub group: String,
    pub gives: Gives,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gives {
    Administrator,
    /// A role in the group or project with this full path.
    Role {
        role: Role,
        path: String,
    },
}

impl FromStr for Grant {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let wrong = || {
            Error::Invalid(format!(
                "'{text}' gives no role: write GROUP=ROLE@PATH, such as ml-team=developer@vision, or GROUP=administrator"
            ))
        };
        // A provider's group may have a `=` in its name; what stands behind the last one never has.
        let (group, gives) = text.trim().rsplit_once('=').ok_or_else(wrong)?;
        let gives = match gives.split_once('@') {
            None if gives == "administrator" => Gives::Administrator,
            Some((role, path)) if !path.is_empty() => {
                Gives::Role { role: Role::parse(role)?, path: path.to_owned() }
            }
            _ => return Err(wrong()),
        };
        if group.is_empty() {
            return Err(wrong());
        }
        Ok(Self { group: group.to_owned(), gives })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_is_a_group_and_what_it_gives() {
        let grant = |text: &str| text.parse::<Grant>().unwrap();
        let role = |role, path: &str| Gives::Role { role, path: path.to_owned() };
        assert_eq!(grant("ops=administrator").gives, Gives::Administrator);
        assert_eq!(grant("ml=developer@vision").gives, role(Role::Developer, "vision"));
        let nested = grant(" cn=ml,dc=x=30@vision/iris ");
        assert_eq!(
            (nested.group.as_str(), nested.gives),
            ("cn=ml,dc=x", role(Role::Developer, "vision/iris"))
        );
        for text in
            ["", "ml", "ml=", "=administrator", "ml=developer", "ml=boss@x", "ml=developer@", "=guest@x"]
        {
            assert!(text.parse::<Grant>().is_err_and(|error| error.to_string().contains('\'')), "{text}");
        }
    }
}
