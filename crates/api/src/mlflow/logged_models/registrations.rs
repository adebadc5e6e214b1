//! The tag in which MLflow keeps the model versions that a logged model was registered as.

use serde::Serialize;
use serde_json::{Value, json};
use weir_domain::logged_model::ModelId;
use weir_domain::value::{Entry, MAX_VALUE};
use weir_domain::{Error, Result};
use weir_store::{Tx, logged_models};

const TAG: &str = "mlflow.modelVersions";

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Registration {
    name: String,
    version: String,
}

/// What the tag says, each version once: the server writes its number, and the client, after it, the same as a text.
pub fn read(tags: &[Entry]) -> Vec<Registration> {
    let Some(tag) = tags.iter().find(|tag| tag.key == TAG) else { return Vec::new() };
    // Anyone may write the tag; what is no registration is none.
    let items = serde_json::from_str::<Vec<Value>>(&tag.value).unwrap_or_default();
    let mut found: Vec<Registration> = Vec::new();
    for item in items {
        let version = match &item["version"] {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => continue,
        };
        let Some(name) = item["name"].as_str() else { continue };
        let registration = Registration { name: name.to_owned(), version };
        if !found.contains(&registration) {
            found.push(registration);
        }
    }
    found
}

/// Notes that a logged model was registered as `version` of the model `name`, once; a copy of a version counts too, as in
/// MLflow. A model that is gone or deleted by now takes no note.
pub fn add(tx: &mut Tx<'_>, project_id: i64, model_id: &str, name: &str, version: i64) -> Result<()> {
    let model_id = ModelId::parse(model_id)?;
    // Locked: of two registrations at once both are kept.
    logged_models::lock(tx, project_id, &model_id)?;
    let model = match logged_models::get(tx, project_id, &model_id) {
        Ok(model) if model.check_writable().is_ok() => model,
        Ok(_) | Err(Error::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    let old = logged_models::find_tag(tx, model.id, TAG)?;
    let value = appended(old.as_deref(), name, version)?;
    if old.as_deref() != Some(&value) {
        logged_models::set_tags(tx, model.id, &[Entry { key: TAG.to_owned(), value }])?;
    }
    Ok(())
}

/// Bytes of entries that the server keeps in the tag, the newest: far from what a tag may hold, because the client adds
/// its own entry to them afterwards, writes letters of other alphabets as escapes, and fails when that is refused.
const MAX_KEPT: usize = MAX_VALUE / 4;

fn appended(old: Option<&str>, name: &str, version: i64) -> Result<String> {
    let mut items: Vec<Value> = match old.filter(|old| !old.is_empty()) {
        None => Vec::new(),
        Some(old) => serde_json::from_str(old).map_err(|error| {
            Error::Conflict(format!(
                "the tag '{TAG}' of the logged model is no JSON list ({error}), so this registration cannot be added to it; delete the tag first"
            ))
        })?,
    };
    let item = json!({ "name": name, "version": version });
    if !items.contains(&item) {
        items.push(item);
    }
    let mut texts = Vec::with_capacity(items.len());
    // With the bracket that no comma makes up for.
    let mut size = 1;
    for item in items.iter().rev() {
        let text = serde_json::to_string(item).map_err(Error::internal)?;
        size += text.len() + 1;
        if size > MAX_KEPT && !texts.is_empty() {
            break;
        }
        texts.push(text);
    }
    texts.reverse();
    Ok(format!("[{}]", texts.join(",")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registration_is_added_once() {
        let first = appended(None, "m", 1).unwrap();
        assert_eq!(first, r#"[{"name":"m","version":1}]"#);
        assert_eq!(appended(Some(&first), "m", 1).unwrap(), first);
        let second = appended(Some(&first), "n", 2).unwrap();
        assert_eq!(second, r#"[{"name":"m","version":1},{"name":"n","version":2}]"#);
        assert!(appended(Some("{}"), "m", 1).unwrap_err().to_string().contains("delete the tag first"));
    }

    #[test]
    fn the_oldest_registrations_make_room() {
        let mut value = appended(None, "first", 1).unwrap();
        for version in 1..=1000 {
            value = appended(Some(&value), "another", version).unwrap();
            assert!(value.len() <= MAX_KEPT, "{}", value.len());
        }
        let found = read(&[Entry { key: TAG.to_owned(), value: value.clone() }]);
        assert!(found.len() > 400, "{}", found.len());
        assert_eq!(found.last().map(|last| last.version.as_str()), Some("1000"));
        assert!(!value.contains("first"));
        let written_by_a_client = format!(r#"[{{"name":"{}","version":"1"}}]"#, "x".repeat(MAX_VALUE));
        assert_eq!(appended(Some(&written_by_a_client), "m", 2).unwrap(), r#"[{"name":"m","version":2}]"#);
    }

    #[test]
    fn a_version_written_twice_is_one_registration() {
        let value = r#"[{"name":"m","version":1},{"name":"m","version":"1"},{"name":"n","version":"2"},7,{"name":3}]"#;
        let tags = [Entry { key: TAG.to_owned(), value: value.to_owned() }];
        let found: Vec<(String, String)> =
            read(&tags).into_iter().map(|found| (found.name, found.version)).collect();
        let pair = |name: &str, version: &str| (name.to_owned(), version.to_owned());
        assert_eq!(found, [pair("m", "1"), pair("n", "2")]);
        assert!(read(&[Entry { key: TAG.to_owned(), value: "nonsense".to_owned() }]).is_empty());
    }
}
