//! Trust rules: which ID tokens of whom count as what role in a project.

use weir_domain::access::Role;
use weir_domain::{Error, Result};

use crate::claims::Claims;

const MAX_CONDITIONS: usize = 20;
const MAX_CLAIM_BYTES: usize = 255;
const MAX_PATTERN_BYTES: usize = 1024;
const MAX_ISSUER_BYTES: usize = 512;

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
    /// The text that the claim must equal; a `*` stands for any characters, also none and also `/`.
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
        if texts.iter().any(|text| glob(&self.pattern, text)) {
            return Ok(());
        }
        let found = texts.join(", ").chars().take(200).collect();
        Err(Mismatch::Differs { claim: self.claim.clone(), pattern: self.pattern.clone(), found })
    }

    /// Whether the condition tells tokens apart at all.
    fn says_something(&self) -> bool {
        self.pattern.chars().any(|c| c != '*')
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
        // Everybody on a public host can make its issuer sign a token for any audience.
        if !conditions.iter().any(Condition::says_something) {
            return Err(Error::Invalid(
                "a trust rule needs a condition that is not just '*', such as project_path=group/project: without one, every job of the issuer would be trusted"
                    .to_owned(),
            ));
        }
        Ok(Self { issuer: issuer.to_owned(), audience: audience.to_owned(), conditions, role })
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

/// Whether `text` is `pattern` with its stars filled in. It goes back to the last star only, so its time is bounded by
/// the product of the lengths.
fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    // After the last star: the rest of the pattern, and where in the text it was tried last.
    let mut retry = None;
    while t < text.len() {
        // The star first: a star in the text is no star.
        if pattern.get(p) == Some(&b'*') {
            p += 1;
            retry = Some((p, t));
        } else if pattern.get(p) == text.get(t) {
            p += 1;
            t += 1;
        } else if let Some((after_star, tried)) = retry {
            p = after_star;
            t = tried + 1;
            retry = Some((after_star, t));
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
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
    fn globs() {
        for (pattern, text, expected) in [
            ("main", "main", true),
            ("main", "Main", false),
            ("main", "main2", false),
            ("main", "", false),
            ("*", "", true),
            ("*", "a/b", true),
            ("release-*", "release-1", true),
            ("release-*", "release-", true),
            ("release-*", "a-release-1", false),
            ("*-rc", "1-rc", true),
            ("*-rc", "1-rc2-rc", true),
            ("a*b*c", "a1b2b3c", true),
            ("a*b*c", "acb", false),
            ("a**b", "ab", true),
            ("*a*", "bab", true),
            ("a*", "*a", false),
            ("a*c", "a*bc", true),
            ("grüße-*", "grüße-ü", true),
            ("a.c", "abc", false),
            ("a?c", "abc", false),
            ("[a]", "a", false),
        ] {
            assert_eq!(glob(pattern, text), expected, "{pattern} {text}");
        }
        // Not exponential.
        assert!(!glob(&"*a".repeat(500), &"a".repeat(499)));
        assert!(!glob(&format!("{}b", "a*".repeat(500)), &"a".repeat(16_000)));
    }

    /// What a glob means, said in the shortest way.
    fn meant(pattern: &[u8], text: &[u8]) -> bool {
        match (pattern.split_first(), text.split_first()) {
            (None, None) => true,
            (Some((b'*', rest)), _) => (0..=text.len()).any(|skipped| meant(rest, &text[skipped..])),
            (Some((p, pattern)), Some((t, text))) => p == t && meant(pattern, text),
            _ => false,
        }
    }

    proptest::proptest! {
        #[test]
        fn a_glob_matches_what_it_means(pattern in "[ab*]{0,8}", text in "[ab*]{0,10}") {
            assert_eq!(glob(&pattern, &text), meant(pattern.as_bytes(), text.as_bytes()));
        }
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
        let rule = rule(&["groups=ml-*"], Role::Reporter);
        assert_eq!(rule.check(&claims(json!({ "groups": ["ops", "ml-team"] }))), Ok(()));
        assert!(rule.check(&claims(json!({ "groups": ["ops", ["ml-team"]] }))).is_err());
        assert!(rule.check(&claims(json!({ "groups": [] }))).is_err());
        // Not all of it at once.
        assert!(rule.check(&claims(json!({ "groups": "ops, ml-team" }))).is_err());
    }

    #[test]
    fn a_name_with_two_meanings_has_none() {
        let rule = rule(&["realm.role=admin"], Role::Owner);
        assert_eq!(rule.check(&claims(json!({ "realm": { "role": "admin" } }))), Ok(()));
        assert_eq!(rule.check(&claims(json!({ "realm.role": "admin" }))), Ok(()));
        let both = claims(json!({ "realm.role": "admin", "realm": { "role": "guest" } }));
        assert_eq!(rule.check(&both), Err(Mismatch::Missing("realm.role".to_owned())));
    }

    #[test]
    fn issuer_and_audience_are_exact() {
        let rule = rule(&["ref=main"], Role::Developer);
        let with = |name: &str, value: Value| rule.check(&claims(json!({ "ref": "main", name: value })));
        assert_eq!(with("x", json!(1)), Ok(()));
        assert!(matches!(with("iss", json!("https://gitlab.com/")), Err(Mismatch::Issuer(_))));
        assert!(matches!(with("aud", json!("other")), Err(Mismatch::Audience(_))));
        assert!(matches!(with("aud", json!("https://weir/")), Err(Mismatch::Audience(_))));
    }

    #[test]
    fn the_highest_role_is_chosen() {
        let rules = [
            rule(&["ref=main"], Role::Reporter),
            rule(&["ref=*", "project_path=acme/ml"], Role::Maintainer),
            rule(&["project_path=acme/*"], Role::Developer),
        ];
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
        assert!(rule("https://gitlab.com", "https://weir", &["ref=main"]).is_ok());
        for (issuer, audience, conditions) in [
            ("https://gitlab.com", "https://weir", &[][..]),
            ("https://gitlab.com", "https://weir", &["project_path=*", "ref=**"][..]),
            ("https://gitlab.com", "", &["ref=main"][..]),
            ("gitlab.com", "https://weir", &["ref=main"][..]),
            ("", "https://weir", &["ref=main"][..]),
            ("https://gitlab.com?x", "https://weir", &["ref=main"][..]),
            ("https://gitlab.com", "https://weir", &["ref=main"; 21][..]),
        ] {
            assert!(rule(issuer, audience, conditions).is_err(), "{issuer} {audience} {conditions:?}");
        }
        for text in ["", "ref", "=main", "ref=", "ref=\u{7}", "re\nf=x"] {
            assert!(Condition::parse(text).is_err(), "{text:?}");
        }
        assert_eq!(Condition::parse("sub=a=b").unwrap(), Condition::new("sub", "a=b").unwrap());
    }
}
