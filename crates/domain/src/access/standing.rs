//! What a caller is in a project or a group, and which rights follow from it.

use super::{Feature, FeatureAccess, Right, Role, Scopes, Visibility};
use crate::{Error, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The highest of the direct and the inherited ones.
    pub role: Option<Role>,
    pub visibility: Visibility,
    pub administrator: bool,
    pub scopes: Scopes,
    pub experiments: FeatureAccess,
    pub registry: FeatureAccess,
    /// Archived, or waiting to be deleted: nothing in it changes.
    pub read_only: bool,
}

impl Standing {
    /// Whether the project or group exists for the caller.
    pub fn sees(&self) -> bool {
        self.administrator || self.role.is_some() || self.visibility >= Visibility::Internal
    }

    /// Whether the caller may delete what is published.
    pub fn may_unseal(&self) -> bool {
        self.has(Role::Maintainer)
    }

    pub fn has(&self, role: Role) -> bool {
        self.administrator || self.role >= Some(role)
    }

    /// Checks `right` in a project. Seeing is checked first, so that what is invisible stays so.
    pub fn check(&self, right: Right, project: &str) -> Result<()> {
        if !self.sees() {
            return Err(project_not_found(project));
        }
        self.permit(right, "project")?;
        if right == Right::Write && self.read_only {
            return Err(Error::Forbidden(
                "you may not change anything in this project: it is archived or waits to be deleted"
                    .to_owned(),
            ));
        }
        Ok(())
    }

    /// Checks `right` in a group.
    pub fn check_in_group(&self, right: Right, group: &str) -> Result<()> {
        if !self.sees() {
            return Err(group_not_found(group));
        }
        self.permit(right, "group")
    }

    /// Whether a part of the project is on for the caller. Nobody, not even an administrator, gets at one that is off.
    pub fn check_feature(&self, feature: Feature, project: &str) -> Result<()> {
        let open = |access: FeatureAccess| match access {
            FeatureAccess::Disabled => false,
            FeatureAccess::Private => self.administrator || self.role.is_some(),
            FeatureAccess::Enabled => true,
        };
        let (on, what) = match feature {
            Feature::Experiments => (open(self.experiments), "model experiments"),
            Feature::Registry => (open(self.experiments) && open(self.registry), "a model registry"),
        };
        if on { Ok(()) } else { Err(Error::NotFound(format!("Project '{project}' has not {what}"))) }
    }

    fn permit(&self, right: Right, place: &str) -> Result<()> {
        right.check_scope(self.scopes)?;
        let Some(least) = right.least_role() else { return Ok(()) };
        // Whoever sees it may read it.
        let open = match right {
            Right::Read | Right::See => true,
            Right::ReadPackages => self.visibility > Visibility::Private,
            _ => false,
        };
        if open || self.has(least) {
            return Ok(());
        }
        let role = self.role.map_or("no member", Role::name);
        let what = match right {
            Right::Write => "change anything in",
            Right::ReadPackages => "read packages of",
            _ => "do this in",
        };
        Err(Error::Forbidden(format!(
            "you may not {what} this {place}: you are {role}, and it needs {} or above",
            least.name()
        )))
    }
}

/// The same sentence for a project that is not there and one that the caller may not see.
pub fn project_not_found(project: &str) -> Error {
    Error::NotFound(format!("Project '{project}' not found"))
}

/// The same for a group.
pub fn group_not_found(group: &str) -> Error {
    Error::NotFound(format!("Group '{group}' not found"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(role: Option<Role>, visibility: Visibility, scopes: Scopes) -> Standing {
        Standing {
            role,
            visibility,
            administrator: false,
            scopes,
            experiments: FeatureAccess::Enabled,
            registry: FeatureAccess::Enabled,
            read_only: false,
        }
    }

    #[test]
    fn a_private_project_is_not_there_for_a_stranger() {
        let stranger = standing(None, Visibility::Private, Scopes::API);
        for right in [Right::Read, Right::Write, Right::See, Right::Inspect, Right::Maintain, Right::Own] {
            assert!(matches!(stranger.check(right, "p"), Err(Error::NotFound(_))), "{right:?}");
            assert!(matches!(stranger.check_in_group(right, "g"), Err(Error::NotFound(_))), "{right:?}");
        }
    }

    #[test]
    fn roles_and_scopes_add_up() {
        for role in Role::ALL {
            let full = standing(Some(role), Visibility::Private, Scopes::API);
            assert!(full.check(Right::Read, "p").is_ok());
            assert_eq!(full.check(Right::Write, "p").is_ok(), role >= Role::Developer);
            assert_eq!(full.check(Right::Inspect, "p").is_ok(), role >= Role::Maintainer);
            assert_eq!(full.check(Right::Maintain, "p").is_ok(), role >= Role::Maintainer);
            assert_eq!(full.check(Right::Own, "p").is_ok(), role == Role::Owner);
            let read = standing(Some(role), Visibility::Private, Scopes::READ_API);
            assert!(read.check(Right::Read, "p").is_ok());
            assert_eq!(read.check(Right::Inspect, "p").is_ok(), role >= Role::Maintainer);
            assert_eq!(read.check_in_group(Right::Audit, "g").is_ok(), role == Role::Owner);
            for right in [Right::Write, Right::Leave, Right::Maintain, Right::Own] {
                let refused = read.check(right, "p");
                assert!(matches!(refused, Err(Error::InsufficientScope { scopes: "api", .. })), "{right:?}");
            }
        }
        let visitor = standing(None, Visibility::Internal, Scopes::API);
        assert!(visitor.check(Right::Read, "p").is_ok());
        assert!(matches!(visitor.check(Right::Write, "p"), Err(Error::Forbidden(_))));
    }

    #[test]
    fn a_read_only_project_still_has_settings() {
        let owner =
            Standing { read_only: true, ..standing(Some(Role::Owner), Visibility::Private, Scopes::API) };
        assert!(matches!(owner.check(Right::Write, "p"), Err(Error::Forbidden(_))));
        assert!(owner.check(Right::Read, "p").is_ok());
        assert!(owner.check(Right::Own, "p").is_ok());
    }

    #[test]
    fn the_registry_stands_on_experiments() {
        let mut member = standing(Some(Role::Guest), Visibility::Public, Scopes::API);
        let mut visitor = standing(None, Visibility::Public, Scopes::API);
        for (experiments, registry, member_may, visitor_may) in [
            (FeatureAccess::Enabled, FeatureAccess::Enabled, (true, true), (true, true)),
            (FeatureAccess::Enabled, FeatureAccess::Private, (true, true), (true, false)),
            (FeatureAccess::Private, FeatureAccess::Enabled, (true, true), (false, false)),
            (FeatureAccess::Enabled, FeatureAccess::Disabled, (true, false), (true, false)),
            (FeatureAccess::Disabled, FeatureAccess::Enabled, (false, false), (false, false)),
        ] {
            for (standing, may) in [(&mut member, member_may), (&mut visitor, visitor_may)] {
                (standing.experiments, standing.registry) = (experiments, registry);
                let open = |feature| standing.check_feature(feature, "p").is_ok();
                assert_eq!((open(Feature::Experiments), open(Feature::Registry)), may, "{standing:?}");
            }
        }
    }
}
