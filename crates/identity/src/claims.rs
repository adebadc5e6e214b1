//! What a verified token says.

use serde_json::{Map, Value};

/// The claims of an ID token whose signature, issuer, audience and times were checked: having them is the proof.
#[derive(Clone, Debug, PartialEq)]
pub struct Claims(Map<String, Value>);

/// Dots in a claim's name that are tried as steps into objects.
const MAX_STEPS: usize = 8;

impl Claims {
    /// For `id_token`, once it has checked them.
    pub(crate) fn new(claims: Map<String, Value>) -> Self {
        Self(claims)
    }

    /// Everything, as it stood in the token.
    pub fn all(&self) -> &Map<String, Value> {
        &self.0
    }

    pub fn issuer(&self) -> &str {
        self.0.get("iss").and_then(Value::as_str).unwrap_or_default()
    }

    pub fn subject(&self) -> Option<&str> {
        self.0.get("sub").and_then(Value::as_str)
    }

    pub fn audiences(&self) -> Vec<&str> {
        audiences(&self.0)
    }

    /// When the token ends, in milliseconds since 1970. It was checked that it says so; without it, it has ended.
    pub fn expires_at_ms(&self) -> i64 {
        self.0.get("exp").and_then(Value::as_f64).map_or(0, |seconds| (seconds * 1000.0) as i64)
    }

    /// A string, number or boolean as text.
    pub fn text(&self, name: &str) -> Option<String> {
        self.0.get(name).and_then(text)
    }

    /// The texts of the claim `name`: one, or the elements of a list. `None` when there is no such claim, or when it is
    /// an object. See [`find`] for names with dots.
    pub fn texts(&self, name: &str) -> Option<Vec<String>> {
        texts(find(&self.0, name)?)
    }
}

pub(crate) fn audiences(claims: &Map<String, Value>) -> Vec<&str> {
    match claims.get("aud") {
        Some(Value::String(audience)) => vec![audience],
        Some(Value::Array(audiences)) => audiences.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The claim `name`: as it stands, or with its dots as steps into objects (`realm_access.roles`). Where both can be
/// read the name means two things, and nothing is found: trust is never given on one of two readings.
pub(crate) fn find<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let mut readings = Vec::new();
    read(claims, name, MAX_STEPS, &mut readings);
    match readings[..] {
        [only] => Some(only),
        _ => None,
    }
}

fn read<'a>(object: &'a Map<String, Value>, name: &str, steps: usize, readings: &mut Vec<&'a Value>) {
    readings.extend(object.get(name));
    if steps == 0 {
        return;
    }
    for (dot, _) in name.match_indices('.').take(MAX_STEPS) {
        if let Some(Value::Object(inner)) = object.get(&name[..dot]) {
            read(inner, &name[dot + 1..], steps - 1, readings);
        }
    }
}

pub(crate) fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        // An element without a text, such as an object, matches nothing.
        Value::Array(elements) => Some(elements.iter().filter_map(text).collect()),
        other => text(other).map(|text| vec![text]),
    }
}

pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(state) => Some(state.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(value: Value) -> Claims {
        Claims::new(value.as_object().unwrap().clone())
    }

    #[test]
    fn texts_are_strings_numbers_booleans_and_lists_of_them() {
        let claims = claims(json!({
            "s": "a", "n": 42, "b": true, "l": ["a", 1, null, {"x": 1}, ["y"]], "o": {"x": 1}, "z": null, "e": []
        }));
        let texts = |name| claims.texts(name).map(|texts| texts.join(" "));
        assert_eq!(texts("s"), Some("a".to_owned()));
        assert_eq!(texts("n"), Some("42".to_owned()));
        assert_eq!(texts("b"), Some("true".to_owned()));
        assert_eq!(texts("l"), Some("a 1".to_owned()));
        assert_eq!(texts("e"), Some(String::new()));
        assert_eq!(texts("o"), None);
        assert_eq!(texts("z"), None);
        assert_eq!(texts("missing"), None);
    }

    #[test]
    fn dots_are_steps_where_that_is_the_only_reading() {
        let claims = claims(json!({
            "realm_access": {"roles": ["dev"], "x.y": "inner"},
            "https://a.example/groups": ["g"],
            "a": {"b": "nested", "b.c": 1}, "a.b": "flat", "a.b.c": 2,
            "d": {"e": {"f": "deep"}},
        }));
        assert_eq!(claims.texts("realm_access.roles"), Some(vec!["dev".to_owned()]));
        assert_eq!(claims.texts("realm_access.x.y"), Some(vec!["inner".to_owned()]));
        assert_eq!(claims.texts("https://a.example/groups"), Some(vec!["g".to_owned()]));
        assert_eq!(claims.texts("d.e.f"), Some(vec!["deep".to_owned()]));
        assert_eq!(claims.texts("a.b"), None);
        assert_eq!(claims.texts("a.b.c"), None);
        assert_eq!(claims.texts("d.e"), None);
        assert_eq!(claims.texts("."), None);
        assert_eq!(claims.texts(&"a.".repeat(10_000)), None);
    }
}
