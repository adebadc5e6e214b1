//! Registered models and their versions as answers carry them, and what requests on both have in common.

use std::collections::HashSet;

use serde::Serialize;
use weir_domain::model_version::ModelVersion;
use weir_domain::registered_model::{RegisteredModel, VERSION_TAG, check_tag, check_tags};
use weir_domain::selector::Selector;
use weir_domain::value::Entry;
use weir_domain::{Error, Result};
use weir_store::{Tx, aliases, model_versions, registered_models, registry_sizes};

use super::objects::{KeyValue, Pair};
use crate::wire::{List, Text};

#[derive(Serialize)]
pub struct RegisteredModelObject {
    name: String,
    creation_timestamp: i64,
    last_updated_timestamp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    latest_versions: Vec<ModelVersionObject>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Pair>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<AliasObject>,
}

#[derive(Serialize)]
struct AliasObject {
    alias: String,
    version: String,
}

#[derive(Serialize)]
pub struct ModelVersionObject {
    name: String,
    /// MLflow's number; its clients insist on a text.
    version: String,
    creation_timestamp: i64,
    last_updated_timestamp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    current_stage: &'static str,
    description: String,
    source: String,
    run_id: String,
    /// The client waits for minutes when it is anything else.
    status: &'static str,
    status_message: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Pair>,
    run_link: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model_id: Option<String>,
}

/// What an object takes beside its texts, which are what can be long.
const OBJECT_BYTES: usize = 400;

/// A model and the highest version of each stage, before their tags and aliases are read.
pub type WithLatest = (RegisteredModel, Vec<ModelVersion>);

/// `models` in their order.
pub fn with_latest(tx: &mut Tx<'_>, models: Vec<RegisteredModel>) -> Result<Vec<WithLatest>> {
    let ids: Vec<i64> = models.iter().map(|model| model.id).collect();
    let mut latest = model_versions::latest(tx, &ids)?;
    let with = |model: RegisteredModel| {
        let versions = latest.remove(&model.id).unwrap_or_default();
        (model, versions)
    };
    Ok(models.into_iter().map(with).collect())
}

/// About how many bytes answers take for each of `models`, told before their tags and aliases are read.
pub fn sizes_of_models(tx: &mut Tx<'_>, models: &[&WithLatest]) -> Result<Vec<usize>> {
    let ids: Vec<i64> = models.iter().map(|(model, _)| model.id).collect();
    let beside = registry_sizes::of_models(tx, &ids)?;
    let versions: Vec<&ModelVersion> = models.iter().flat_map(|(_, versions)| versions).collect();
    let mut sizes_of_versions = sizes_of_versions(tx, &versions)?.into_iter();
    let size = |(model, versions): &&WithLatest| {
        let of_versions: usize = sizes_of_versions.by_ref().take(versions.len()).sum();
        let texts = model.name.len() + model.description.len();
        OBJECT_BYTES + texts + beside.get(&model.id).unwrap_or(&0) + of_versions
    };
    Ok(models.iter().map(size).collect())
}

/// The same for versions.
pub fn sizes_of_versions(tx: &mut Tx<'_>, versions: &[&ModelVersion]) -> Result<Vec<usize>> {
    let ids: Vec<i64> = versions.iter().map(|version| version.id).collect();
    let beside = registry_sizes::of_versions(tx, &ids)?;
    let size = |version: &&ModelVersion| {
        let texts = [&version.model_name, &version.description, &version.source, &version.run_link];
        let texts: usize = texts.into_iter().map(String::len).sum();
        OBJECT_BYTES + texts + beside.get(&version.id).unwrap_or(&0)
    };
    Ok(versions.iter().map(size).collect())
}

/// Everything that answers tell of `models`, with a few statements however many they are.
pub fn load_models(tx: &mut Tx<'_>, models: Vec<WithLatest>) -> Result<Vec<RegisteredModelObject>> {
    let ids: Vec<i64> = models.iter().map(|(model, _)| model.id).collect();
    let mut tags = registered_models::tags(tx, &ids)?;
    let mut aliases = aliases::list(tx, &ids)?;
    let (models, latest): (Vec<_>, Vec<_>) = models.into_iter().unzip();
    let mut latest = by_model(tx, latest.into_iter().flatten().collect())?;
    let object = |model: RegisteredModel| RegisteredModelObject {
        name: model.name,
        creation_timestamp: model.created_at,
        last_updated_timestamp: model.updated_at,
        user_id: model.creator,
        description: model.description,
        latest_versions: latest.remove(&model.id).unwrap_or_default(),
        tags: pairs(tags.remove(&model.id)),
        aliases: aliases
            .remove(&model.id)
            .unwrap_or_default()
            .into_iter()
            .map(|(alias, number)| AliasObject { alias, version: number.to_string() })
            .collect(),
    };
    Ok(models.into_iter().map(object).collect())
}

fn by_model(
    tx: &mut Tx<'_>,
    mut versions: Vec<ModelVersion>,
) -> Result<std::collections::HashMap<i64, Vec<ModelVersionObject>>> {
    versions.sort_by_key(|version| (version.model_id, version.number));
    let models: Vec<i64> = versions.iter().map(|version| version.model_id).collect();
    let mut found = std::collections::HashMap::new();
    for (model, object) in models.into_iter().zip(load_versions(tx, versions)?) {
        found.entry(model).or_insert_with(Vec::new).push(object);
    }
    Ok(found)
}

fn pairs(entries: Option<Vec<Entry>>) -> Vec<Pair> {
    entries.unwrap_or_default().into_iter().map(Pair::from).collect()
}

/// Everything that answers tell of `versions`, in their order.
pub fn load_versions(tx: &mut Tx<'_>, versions: Vec<ModelVersion>) -> Result<Vec<ModelVersionObject>> {
    let ids: Vec<i64> = versions.iter().map(|version| version.id).collect();
    let mut tags = model_versions::tags(tx, &ids)?;
    let mut aliases = aliases::of_versions(tx, &ids)?;
    let object = |version: ModelVersion| {
        let id = version.id;
        version_object(version, tags.remove(&id), aliases.remove(&id))
    };
    Ok(versions.into_iter().map(object).collect())
}

/// The SemVer is an alias and a tag, as GitLab's client reads it; a prompt has none.
fn version_object(
    version: ModelVersion,
    tags: Option<Vec<Entry>>,
    own_aliases: Option<Vec<String>>,
) -> ModelVersionObject {
    let mut tags = pairs(tags);
    let mut aliases = Vec::new();
    if !version.is_prompt {
        aliases.push(version.version.clone());
        tags.push(Pair { key: VERSION_TAG.to_owned(), value: version.version });
    }
    aliases.extend(own_aliases.unwrap_or_default());
    ModelVersionObject {
        name: version.model_name,
        version: version.number.to_string(),
        creation_timestamp: version.created_at,
        last_updated_timestamp: version.updated_at,
        user_id: version.creator,
        current_stage: version.stage.name(),
        description: version.description,
        source: version.source,
        run_id: version.run_id.as_str().to_owned(),
        status: "READY",
        status_message: "",
        tags,
        run_link: version.run_link,
        aliases,
        model_id: version.source_model_id,
    }
}

/// A version that was just made, of which everything is known.
pub fn made_version(version: ModelVersion, tags: Vec<Entry>) -> ModelVersionObject {
    version_object(version, Some(tags), None)
}

/// One version as an answer.
pub fn load_version(tx: &mut Tx<'_>, version: ModelVersion) -> Result<ModelVersionObject> {
    load_versions(tx, vec![version])?.pop().ok_or_else(|| Error::internal("a version was not read"))
}

#[derive(Serialize)]
pub struct OneVersion {
    pub model_version: ModelVersionObject,
}

/// The tags of a model or a version, each key once.
pub fn read_tags(list: List<KeyValue>) -> Result<Vec<Entry>> {
    let items = list.or_default("tags")?;
    check_tags(items.len(), 0)?;
    let mut keys = HashSet::with_capacity(items.len());
    let mut tags: Vec<Entry> = Vec::with_capacity(items.len());
    for (index, item) in items.into_iter().enumerate() {
        let (key, value) = item.read("tags", index)?;
        check_tag(&key, &value)?;
        if !keys.insert(key.clone()) {
            return Err(Error::Invalid(format!("Duplicate tag key '{key}' in 'tags': give each key once")));
        }
        tags.push(Entry { key, value });
    }
    check_tags(tags.len(), tags.iter().map(|tag| tag.key.len() + tag.value.len()).sum())?;
    Ok(tags)
}

pub fn read_tag(key: Text, value: Text) -> Result<Entry> {
    let tag = Entry { key: key.filled("key")?, value: value.or_default("value")? };
    check_tag(&tag.key, &tag.value)?;
    Ok(tag)
}

/// A `version` parameter: MLflow's number or the SemVer.
pub fn read_version(version: Text) -> Result<Selector> {
    Selector::of_version(&version.filled("version")?)
}
