//! The `MLmodel` file that MLflow writes beside every model: what the model is, takes, gives and needs.

pub mod difference;
pub mod requirements;
pub mod signature;
mod yaml;

use std::collections::BTreeMap;

use self::signature::{Field, Signature, parse_params, parse_schema};
use self::yaml::{NodeId, Tree};
use crate::{Error, Result};

/// The name of the file, at the top of a model's folder.
pub const FILE_NAME: &str = "MLmodel";
/// The name of the file beside it that lists the Python packages.
pub const REQUIREMENTS_NAME: &str = "requirements.txt";
/// Longest text that is read.
pub const MAX_BYTES: usize = 1024 * 1024;
/// Keys and values that all flavours may have together; aliases could make more of a small file.
const MAX_OPTIONS: usize = 10_000;
/// Bytes of all options together.
const MAX_OPTION_BYTES: usize = 1024 * 1024;

/// A model as its file describes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MlModel {
    pub flavors: BTreeMap<String, Flavor>,
    /// `None` when the file has no signature, or one that cannot be read.
    pub signature: Option<Signature>,
    pub model_size_bytes: Option<i64>,
    pub model_uuid: Option<String>,
    pub model_id: Option<String>,
    pub run_id: Option<String>,
    pub mlflow_version: Option<String>,
    /// As MLflow wrote it: `2026-01-01 12:00:00.000000`.
    pub utc_time_created: Option<String>,
    pub artifact_path: Option<String>,
    pub saved_input_example_info: Option<BTreeMap<String, String>>,
    /// What the file says that could not be read, a sentence each.
    pub warnings: Vec<String>,
}

/// The options of a flavour as texts; those one level further down by `outer.inner`, lists joined by `, `.
pub type Flavor = BTreeMap<String, String>;

impl MlModel {
    /// Reads any text. It is an error only when it is no YAML map, or over a limit.
    pub fn parse(text: &str) -> Result<Self> {
        if text.len() > MAX_BYTES {
            return Err(Error::TooLarge(format!(
                "the {FILE_NAME} file has {} bytes, at most {MAX_BYTES} are read",
                text.len()
            )));
        }
        let unreadable =
            |reason: String| Error::Invalid(format!("the {FILE_NAME} file cannot be read: {reason}"));
        let tree = Tree::parse(text).map_err(unreadable)?;
        let root = tree.root();
        if tree.entries(root).is_none() {
            return Err(unreadable("it is no map of keys and values".to_owned()));
        }
        let text_at = |key: &str| tree.value(root, key).and_then(|id| tree.text(id)).map(ToOwned::to_owned);
        let mut model = Self {
            flavors: flavors(&tree).map_err(unreadable)?,
            model_uuid: text_at("model_uuid"),
            model_id: text_at("model_id"),
            run_id: text_at("run_id"),
            mlflow_version: text_at("mlflow_version"),
            utc_time_created: text_at("utc_time_created"),
            artifact_path: text_at("artifact_path"),
            ..Self::default()
        };
        if let Some(size) = text_at("model_size_bytes") {
            model.model_size_bytes = size.parse().ok().filter(|size| *size >= 0);
            if model.model_size_bytes.is_none() {
                model.warnings.push(format!("model_size_bytes '{}' is no size", shown(&size)));
            }
        }
        if let Some(info) =
            tree.value(root, "saved_input_example_info").filter(|id| tree.entries(*id).is_some())
        {
            let mut budget = Budget::default();
            model.saved_input_example_info = Some(options(&tree, info, &mut budget).map_err(unreadable)?);
        }
        if let Some(id) = tree.value(root, "signature").filter(|id| tree.entries(*id).is_some()) {
            match signature(&tree, id) {
                Ok(signature) => model.signature = Some(signature),
                Err(reason) => model.warnings.push(format!("the signature cannot be read: {reason}")),
            }
        }
        Ok(model)
    }
}

fn flavors(tree: &Tree) -> std::result::Result<BTreeMap<String, Flavor>, String> {
    let mut budget = Budget::default();
    let mut flavors = BTreeMap::new();
    let Some(id) = tree.value(tree.root(), "flavors") else { return Ok(flavors) };
    for (name, id) in tree.entries(id).ok_or("'flavors' is no map")? {
        budget.spend(name)?;
        flavors.insert(name.to_owned(), options(tree, id, &mut budget)?);
    }
    Ok(flavors)
}

/// The scalars of a map and of the maps in it.
fn options(tree: &Tree, id: NodeId, budget: &mut Budget) -> std::result::Result<Flavor, String> {
    let mut options = Flavor::new();
    for (key, id) in tree.entries(id).into_iter().flatten() {
        budget.spend(key)?;
        if let Some(text) = plain(tree, id, budget)? {
            options.insert(key.to_owned(), text);
            continue;
        }
        for (inner, id) in tree.entries(id).into_iter().flatten() {
            budget.spend(key)?;
            budget.spend(inner)?;
            if let Some(text) = plain(tree, id, budget)? {
                options.insert(format!("{key}.{inner}"), text);
            }
        }
    }
    Ok(options)
}

/// A scalar, or a list of scalars, as one text.
fn plain(tree: &Tree, id: NodeId, budget: &mut Budget) -> std::result::Result<Option<String>, String> {
    if let Some(text) = tree.text(id) {
        budget.spend(text)?;
        return Ok(Some(text.to_owned()));
    }
    let Some(items) = tree.list(id) else { return Ok(None) };
    let mut texts = Vec::with_capacity(items.len());
    for item in items {
        let Some(text) = tree.text(*item) else { return Ok(None) };
        budget.spend(text)?;
        texts.push(text);
    }
    Ok((!texts.is_empty()).then(|| texts.join(", ")))
}

/// What may still be copied out of a tree whose aliases could stand for much more than its text.
struct Budget {
    texts: usize,
    bytes: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { texts: MAX_OPTIONS, bytes: MAX_OPTION_BYTES }
    }
}

impl Budget {
    fn spend(&mut self, text: &str) -> std::result::Result<(), String> {
        let texts = self.texts.checked_sub(1);
        let bytes = self.bytes.checked_sub(text.len());
        let (Some(texts), Some(bytes)) = (texts, bytes) else {
            return Err(format!(
                "its flavors have more than {MAX_OPTIONS} keys and values or {MAX_OPTION_BYTES} bytes of them"
            ));
        };
        *self = Self { texts, bytes };
        Ok(())
    }
}

fn signature(tree: &Tree, id: NodeId) -> std::result::Result<Signature, String> {
    let side = |key: &str, read: fn(&str) -> std::result::Result<Vec<Field>, String>| {
        let Some(json) = tree.value(id, key).and_then(|id| tree.text(id)) else { return Ok(Vec::new()) };
        read(json).map_err(|reason| format!("{key}: {reason}"))
    };
    Ok(Signature {
        inputs: side("inputs", parse_schema)?,
        outputs: side("outputs", parse_schema)?,
        params: side("params", parse_params)?,
    })
}

/// Of a text that may be long, what a sentence can hold.
fn shown(text: &str) -> String {
    text.chars().take(100).collect()
}

#[cfg(test)]
mod tests;
