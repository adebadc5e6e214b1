//! What something was like, in words: fields that an entry of the audit log tells before and after.

use serde_json::{Map, Value};

/// Characters of a value that are kept.
const MOST: usize = 200;

/// Named values. No secret is ever one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts(Vec<(&'static str, String)>);

impl Facts {
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more. A long value is cut, and says so.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        let value = value.to_string();
        let characters = value.chars().count();
        let value = match characters > MOST {
            false => value,
            true => {
                let kept: String = value.chars().take(MOST).collect();
                format!("{kept}… (cut: the first {MOST} of {characters} characters)")
            }
        };
        self.0.push((name, value));
        self
    }

    /// With one more, if there is one.
    #[must_use]
    pub fn with_some(self, name: &'static str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// What differs: the same fields of both are left out.
    pub fn changes(before: Self, after: Self) -> (Self, Self) {
        let (old, new) = (before.0, after.0);
        let only = |these: &[(&'static str, String)], those: &[(&'static str, String)]| {
            Self(these.iter().filter(|fact| !those.contains(fact)).cloned().collect())
        };
        (only(&old, &new), only(&new, &old))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A JSON object; `None` when there is nothing to tell.
    pub fn json(&self) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        let pairs = self.0.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())));
        Some(Value::Object(pairs.collect::<Map<_, _>>()).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_told() {
        let before = Facts::new().with("name", "a").with("role", 30).with_some("email", Some("a@b"));
        let after = Facts::new().with("name", "a").with("role", 40).with_some("email", None::<&str>);
        let (before, after) = Facts::changes(before, after);
        assert_eq!(before.json().unwrap(), r#"{"email":"a@b","role":"30"}"#);
        assert_eq!(after.json().unwrap(), r#"{"role":"40"}"#);
        let (before, after) = Facts::changes(after.clone(), after);
        assert!(before.is_empty() && after.json().is_none());
    }

    #[test]
    fn a_long_value_says_that_it_was_cut() {
        let facts = Facts::new().with("description", "ä".repeat(201));
        let told = facts.json().unwrap();
        assert!(told.contains("(cut: the first 200 of 201 characters)"), "{told}");
        assert_eq!(Facts::new().with("a", "ä".repeat(200)).json().unwrap().chars().count(), 208);
    }
}
