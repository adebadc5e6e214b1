//! Trust rules: which ID tokens of whom count as what role in a project.

use weir_domain::access::Role;
use weir_domain::{Error, Result};

use crate::claims::Claims;
use crate::glob;

const MAX_CONDITIONS: usize = 20;
const MAX_CLAIM_BYTES: usize = 255;
const MAX_PATTERN_BYTES: usize = 1024;
const MAX_ISSUER_BYTES: usize = 512;
/// Claims of GitLab and GitHub that say whose job it is, as a path that begins with its owner.
const PATHS: &[&str] = &["project_path", "namespace_path", "repository"];
/// The same as one name or number. Who started a job is not among them: one can be brought to start a stranger's.
const WHOLE: &[&str] =
    &["project_id", "namespace_id", "repository_id", "repository_owner", "repository_owner_id"];

/// Tokens of `issuer` for `audience` whose claims meet all `conditions` have `role`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub issuer: String,
    pub audience: String,
    pub conditions: Vec<Condition>,
    pub role: Role,
}

/// What one claim must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub claim: String,
    /// The text that the claim must equal; a `*` stands for any characters but `/`, `**` for any, both also for none.
    pub pattern: String,
}

/// Why a rule does not match, for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    #[error("the issuer is not '{0}'")]
    Issuer(String),
    #[error("the audience is not '{0}'")]
    Audience(String),
    #[error("the token has no claim '{0}' with one meaning")]
    Missing(String),
    #[error("the claim '{claim}' is {found:?}, not '{pattern}'")]
    Differs { claim: String, pattern: String, found: String },
}

impl Condition {
    pub fn new(claim: &str, pattern: &str) -> Result<Self> {
        let refused = |why: &str| {
            Err(Error::Invalid(format!(
                "'{claim}={pattern}' is not a condition: {why}; use claim=text, such as project_path=group/project or ref=release-*"
            )))
        };
        if claim.is_empty() || claim.len() > MAX_CLAIM_BYTES || claim.contains(char::is_control) {
            return refused("the claim's name has 1 to 255 bytes");
        }
        if pattern.len() > MAX_PATTERN_BYTES || pattern.contains(char::is_control) {
            return refused("the text has at most 1024 bytes and no control characters");
        }
        // An empty text would match a claim that an issuer left blank, such as no environment.
        if pattern.is_empty() {
            return refused("the text is empty");
        }
        Ok(Self { claim: claim.to_owned(), pattern: pattern.to_owned() })
    }

    /// `claim=pattern`, as the command line takes it.
    pub fn parse(text: &str) -> Result<Self> {
        let Some((claim, pattern)) = text.split_once('=') else {
            return Err(Error::Invalid(format!(
                "'{text}' is not a condition: use claim=text, such as project_path=group/project or ref=release-*"
            )));
        };
        Self::new(claim.trim(), pattern.trim())
    }

    fn check(&self, claims: &Claims) -> std::result::Result<(), Mismatch> {
        let Some(texts) = claims.texts(&self.claim) else {
            return Err(Mismatch::Missing(self.claim.clone()));
        };
        if texts.iter().any(|text| glob::matches(&self.pattern, text)) {
            return Ok(());
        }
        let found = texts.join(", ").chars().take(200).collect();
        Err(Mismatch::Differs { claim: self.claim.clone(), pattern: self.pattern.clone(), found })
    }

    /// Whether it says whose job it is: what an issuer writes there belongs to somebody, and enough of it is spelled
    /// out that nobody else can have it, too.
    fn names_somebody(&self) -> bool {
        let (written, open) = match self.pattern.split_once('*') {
            Some((written, _)) => (written, true),
            None => (self.pattern.as_str(), false),
        };
        // The text behind which only the owner of what stands before it decides.
        let owned = |text: &str, ends: &[char]| text.find(ends).is_some_and(|at| at > 0);
        match self.claim.as_str() {
            claim if WHOLE.contains(&claim) => !open,
            claim if PATHS.contains(&claim) => !open || owned(written, &['/']),
            // project_path:acme/*, repo:octo/*, repository_owner_id:7:*
            "sub" => !open || written.split_once(':').is_some_and(|(_, rest)| owned(rest, &['/', ':'])),
            _ => false,
        }
    }
}

impl Rule {
    pub fn new(issuer: &str, audience: &str, conditions: Vec<Condition>, role: Role) -> Result<Self> {
        let web = ["https://", "http://"].iter().any(|scheme| issuer.starts_with(scheme));
        if !web || issuer.len() > MAX_ISSUER_BYTES || issuer.contains(['?', '#', ' ']) {
            return Err(Error::Invalid(format!(
                "'{issuer}' is not an issuer: use its address as it stands in the token's claim 'iss', such as https://gitlab.com"
            )));
        }
        if audience.is_empty() || audience.len() > MAX_ISSUER_BYTES {
            return Err(Error::Invalid(format!(
                "'{audience}' is not an audience: use the text of the token's claim 'aud', such as this server's address"
            )));
        }
        if conditions.len() > MAX_CONDITIONS {
            let count = conditions.len();
            return Err(Error::Invalid(format!("{count} conditions are more than {MAX_CONDITIONS}")));
        }
        let rule = Self { issuer: issuer.to_owned(), audience: audience.to_owned(), conditions, role };
        // Everybody on a public host can make its issuer sign a token for any audience, on a branch of any name.
        if !rule.names_somebody() {
            return Err(Error::Invalid(format!(
                "a trust rule needs a condition that says whose jobs it trusts: {}, {} or sub, whole or with the owner spelled out before the first '*', such as project_path=group/project or repository=octo/*; without one, everybody's jobs at '{issuer}' would be trusted",
                PATHS.join(", "),
                WHOLE.join(", ")
            )));
        }
        Ok(rule)
    }

    /// Whether a condition says whose jobs it trusts. Rules from before that was asked for may have none.
    pub fn names_somebody(&self) -> bool {
        self.conditions.iter().any(Condition::names_somebody)
    }

    pub fn check(&self, claims: &Claims) -> std::result::Result<(), Mismatch> {
        if claims.issuer() != self.issuer {
            return Err(Mismatch::Issuer(self.issuer.clone()));
        }
        if !claims.audiences().contains(&self.audience.as_str()) {
            return Err(Mismatch::Audience(self.audience.clone()));
        }
        self.conditions.iter().try_for_each(|condition| condition.check(claims))
    }
}

/// The rule that gives the highest role among those that match; the first of equals. Else why each does not.
pub fn choose<'a>(rules: &'a [Rule], claims: &Claims) -> std::result::Result<&'a Rule, Vec<Mismatch>> {
    let mut chosen: Option<&Rule> = None;
    let mut mismatches = Vec::new();
    for rule in rules {
        match rule.check(claims) {
            Ok(()) if chosen.is_none_or(|chosen| rule.role > chosen.role) => chosen = Some(rule),
            Ok(()) => {}
            Err(mismatch) => mismatches.push(mismatch),
        }
    }
    chosen.ok_or(mismatches)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::id_token::Refusal;

    fn claims(more: Value) -> Claims {
        let mut all = json!({ "iss": "https://gitlab.com", "aud": ["https://weir", "other"] });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Claims::new(all.as_object().unwrap().clone())
    }

    fn rule(conditions: &[&str], role: Role) -> Rule {
        let conditions = conditions.iter().map(|text| Condition::parse(text).unwrap()).collect();
        Rule::new("https://gitlab.com", "https://weir", conditions, role).unwrap()
    }

    #[test]
    fn all_conditions_must_hold() {
        let rule = rule(
            &["project_path=acme/ml", "ref=release-*", "ref_protected=true", "project_id=42"],
            Role::Developer,
        );
        let good = json!({ "project_path": "acme/ml", "ref": "release-7", "ref_protected": "true", "project_id": "42" });
        assert_eq!(rule.check(&claims(good.clone())), Ok(()));
        // Numbers and booleans are their texts.
        let typed =
            json!({ "project_path": "acme/ml", "ref": "release-7", "ref_protected": true, "project_id": 42 });
        assert_eq!(rule.check(&claims(typed)), Ok(()));
        for (claim, value) in [
            ("project_path", json!("acme/ml2")),
            ("project_path", json!("ACME/ml")),
            ("project_path", json!(["other"])),
            ("ref", json!("main")),
            ("ref_protected", json!("false")),
            ("ref_protected", json!("")),
            ("project_id", json!(421)),
            ("project_id", json!(42.5)),
        ] {
            let mut changed = good.clone();
            changed[claim] = value.clone();
            let mismatch = rule.check(&claims(changed)).unwrap_err();
            assert!(
                matches!(&mismatch, Mismatch::Differs { claim: told, .. } if told == claim),
                "{mismatch}"
            );
        }
        for claim in ["project_path", "ref"] {
            for value in [json!(null), json!({ "acme/ml": true })] {
                let mut changed = good.clone();
                changed[claim] = value;
                assert_eq!(rule.check(&claims(changed)), Err(Mismatch::Missing(claim.to_owned())));
            }
        }
    }

    #[test]
    fn one_element_of_a_list_is_enough() {
        let rule = rule(&["sub=x", "groups=ml-*"], Role::Reporter);
        let claims = |mut more: Value| {
            more["sub"] = json!("x");
            claims(more)
        };
        assert_eq!(rule.check(&claims(json!({ "groups": ["ops", "ml-team"] }))), Ok(()));
        assert!(rule.check(&claims(json!({ "groups": ["ops", ["ml-team"]] }))).is_err());
        assert!(rule.check(&claims(json!({ "groups": [] }))).is_err());
        // Not all of it at once.
        assert!(rule.check(&claims(json!({ "groups": "ops, ml-team" }))).is_err());
    }

    #[test]
    fn a_name_with_two_meanings_has_none() {
        let rule = rule(&["sub=x", "realm.role=admin"], Role::Owner);
        let claims = |mut more: Value| {
            more["sub"] = json!("x");
            claims(more)
        };
        assert_eq!(rule.check(&claims(json!({ "realm": { "role": "admin" } }))), Ok(()));
        assert_eq!(rule.check(&claims(json!({ "realm.role": "admin" }))), Ok(()));
        let both = claims(json!({ "realm.role": "admin", "realm": { "role": "guest" } }));
        assert_eq!(rule.check(&both), Err(Mismatch::Missing("realm.role".to_owned())));
    }

    #[test]
    fn issuer_and_audience_are_exact() {
        let rule = rule(&["sub=x"], Role::Developer);
        let with = |name: &str, value: Value| rule.check(&claims(json!({ "sub": "x", name: value })));
        assert_eq!(with("x", json!(1)), Ok(()));
        assert!(matches!(with("iss", json!("https://gitlab.com/")), Err(Mismatch::Issuer(_))));
        assert!(matches!(with("aud", json!("other")), Err(Mismatch::Audience(_))));
        assert!(matches!(with("aud", json!("https://weir/")), Err(Mismatch::Audience(_))));
    }

    #[test]
    fn the_highest_role_is_chosen() {
        let rules = [
            rule(&["ref=main", "sub=x"], Role::Reporter),
            rule(&["ref=*", "project_path=acme/ml"], Role::Maintainer),
            rule(&["project_path=acme/*"], Role::Developer),
        ];
        let claims = |mut more: Value| {
            more["sub"] = json!("x");
            claims(more)
        };
        let role = |more| choose(&rules, &claims(more)).map(|rule| rule.role);
        assert_eq!(role(json!({ "ref": "main", "project_path": "acme/ml" })), Ok(Role::Maintainer));
        assert_eq!(role(json!({ "ref": "main", "project_path": "acme/x" })), Ok(Role::Developer));
        assert_eq!(role(json!({ "ref": "main" })), Ok(Role::Reporter));
        assert_eq!(role(json!({ "ref": "dev" })).unwrap_err().len(), 3);
        assert_eq!(choose(&[], &claims(json!({}))), Err(Vec::new()));
        let refusal = Refusal::from(choose(&rules[..1], &claims(json!({ "ref": "x\n" }))).unwrap_err());
        assert_eq!(
            refusal.to_string(),
            r#"no trust rule matches its claims: the claim 'ref' is "x\n", not 'main'"#
        );
    }

    #[test]
    fn a_rule_that_trusts_everybody_is_refused() {
        let rule = |issuer: &str, audience: &str, conditions: &[&str]| {
            let conditions = conditions.iter().map(|text| Condition::parse(text).unwrap()).collect();
            Rule::new(issuer, audience, conditions, Role::Developer)
        };
        for conditions in [
            "project_path=acme/ml",
            "project_path=acme/*",
            "project_path=acme/**",
            "namespace_path=acme",
            "namespace_path=acme/*",
            "project_id=7",
            "repository=octo/*",
            "repository_owner=octo",
            "sub=project_path:acme/ml:*",
            "sub=repo:octo/**",
            "sub=repository_owner_id:7:**",
        ] {
            assert!(rule("https://gitlab.com", "https://weir", &[conditions]).is_ok(), "{conditions}");
        }
        for conditions in [
            "ref=main",
            "ref_protected=true",
            "iss=http*",
            "aud=W",
            "exp=1*",
            "project_path=*/*",
            "project_path=*",
            "project_path=acme*",
            "project_path=/**",
            "namespace_path=a*",
            "project_id=7*",
            "repository=**/ml",
            "repository_owner=octo*",
            "sub=*",
            "sub=repo:*",
            "sub=repo:octo*",
            "sub=:/*",
            "actor=octo",
            "user_login=al",
            "job_workflow_ref=octo/ml/.github/workflows/x.yml@refs/heads/main",
        ] {
            let refused = rule("https://gitlab.com", "https://weir", &[conditions, "environment=prod"]);
            let sentence = refused.unwrap_err().to_string();
            assert!(
                sentence.contains("everybody's jobs at 'https://gitlab.com' would be trusted"),
                "{conditions}"
            );
        }
        for (issuer, audience, conditions) in [
            ("https://gitlab.com", "https://weir", &[][..]),
            ("https://gitlab.com", "https://weir", &["project_path=*", "ref=**"][..]),
            ("https://gitlab.com", "", &["sub=x"][..]),
            ("gitlab.com", "https://weir", &["sub=x"][..]),
            ("", "https://weir", &["sub=x"][..]),
            ("https://gitlab.com?x", "https://weir", &["sub=x"][..]),
            ("https://gitlab.com", "https://weir", &["sub=x"; 21][..]),
        ] {
            assert!(rule(issuer, audience, conditions).is_err(), "{issuer} {audience} {conditions:?}");
        }
        for text in ["", "ref", "=main", "ref=", "ref=\u{7}", "re\nf=x"] {
            assert!(Condition::parse(text).is_err(), "{text:?}");
        }
        assert_eq!(Condition::parse("sub=a=b").unwrap(), Condition::new("sub", "a=b").unwrap());
    }
}
