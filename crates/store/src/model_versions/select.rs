//! Finding the version that a selector means, or saying what there is.

use weir_domain::model_version::{ModelVersion, not_found};
use weir_domain::registered_model::RegisteredModel;
use weir_domain::selector::Selector;
use weir_domain::stage::Stage;
use weir_domain::version::{Range, Version};
use weir_domain::{Error, Result};

use super::{latest, list};
use crate::tx::ToArg;
use crate::{Tx, aliases};

/// The version of `model` that `selector` means. A selector that matches nothing is an error, never the latest.
pub fn select(tx: &mut Tx<'_>, model: &RegisteredModel, selector: &Selector) -> Result<ModelVersion> {
    if let Some(version) = find(tx, model, selector)? {
        return Ok(version);
    }
    let rest = format!(": {}", available(tx, model)?);
    Err(match selector {
        Selector::Alias(alias) => Error::NotFound(format!("Registered model alias {alias} not found{rest}")),
        Selector::Latest => {
            Error::NotFound(format!("Latest version not found for model {}{rest}", model.name))
        }
        other => not_found(&model.name, &other.to_string(), &rest),
    })
}

fn find(tx: &mut Tx<'_>, model: &RegisteredModel, selector: &Selector) -> Result<Option<ModelVersion>> {
    let mut found = match selector {
        Selector::Number(number) => list(tx, "v.model_id = ?1 AND v.number = ?2", &[&model.id, number])?,
        Selector::Exact(version) => {
            let exact = "v.model_id = ?1 AND v.is_release = ?2 AND v.precedence = ?3 AND v.version = ?4";
            let args: [&dyn ToArg; 4] =
                [&model.id, &version.is_release(), &version.precedence(), &version.to_string()];
            list(tx, exact, &args)?
        }
        Selector::Range(range) => match highest_in(tx, model.id, range)? {
            Some(id) => list(tx, "v.id = ?1", &[&id])?,
            None => Vec::new(),
        },
        Selector::Latest => list(
            tx,
            "v.model_id = ?1 ORDER BY v.is_release DESC, v.precedence DESC, v.number DESC LIMIT 1",
            &[&model.id],
        )?,
        Selector::Stage(stage) => {
            let each = latest(tx, &[model.id])?.remove(&model.id).unwrap_or_default();
            each.into_iter().filter(|version| version.stage == *stage).collect()
        }
        Selector::Alias(alias) => match aliases::find(tx, model.id, alias)? {
            Some(id) => list(tx, "v.id = ?1", &[&id])?,
            None => Vec::new(),
        },
    };
    Ok(found.pop())
}

/// Versions read at a time while a range is looked through.
const AT_ONCE: usize = 64;

/// The row of the highest version in `range`, the newest of equals: among the releases and, when the range names one,
/// the prereleases.
fn highest_in(tx: &mut Tx<'_>, model_id: i64, range: &Range) -> Result<Option<i64>> {
    let release = highest_of(tx, model_id, range, true)?;
    let prerelease = if range.only_releases() { None } else { highest_of(tx, model_id, range, false)? };
    Ok(release.into_iter().chain(prerelease).max().map(|(_, _, id)| id))
}

type Candidate = (Vec<u8>, i64, i64);

fn highest_of(tx: &mut Tx<'_>, model_id: i64, range: &Range, is_release: bool) -> Result<Option<Candidate>> {
    let (lower, upper) = range.bounds();
    // Behind every precedence there is.
    let mut upper = upper.unwrap_or_else(|| vec![u8::MAX; 26]);
    let mut number = i64::MAX;
    loop {
        let page = tx.list(
            "SELECT precedence, number, id, version FROM model_versions
             WHERE model_id = ?1 AND is_release = ?2 AND precedence >= ?3 AND precedence <= ?4
               AND (precedence < ?4 OR number < ?5)
             ORDER BY precedence DESC, number DESC
             LIMIT ?6",
            &[&model_id, &is_release, &lower, &upper, &number, &(AT_ONCE as i64)],
            |row| Ok(((row.blob(0)?, row.int(1)?, row.int(2)?), Version::parse(row.str(3)?)?)),
        )?;
        let Some((last, _)) = page.last().cloned() else { return Ok(None) };
        let full = page.len() == AT_ONCE;
        if let Some((candidate, _)) = page.into_iter().find(|(_, version)| range.matches(version)) {
            return Ok(Some(candidate));
        }
        if !full {
            return Ok(None);
        }
        (upper, number) = (last.0, last.1);
    }
}

/// Versions and aliases that a sentence names at most.
const NAMED: i64 = 10;

/// A sentence on the versions, aliases and stages that `model` has.
pub fn available(tx: &mut Tx<'_>, model: &RegisteredModel) -> Result<String> {
    let total =
        tx.get("SELECT COUNT(*) FROM model_versions WHERE model_id = ?1", &[&model.id], |row| row.int(0))?;
    if total == 0 {
        return Ok(format!("the model '{}' has no versions", model.name));
    }
    let versions = tx.list(
        "SELECT version, number, stage FROM model_versions WHERE model_id = ?1
         ORDER BY is_release DESC, precedence DESC, number DESC
         LIMIT ?2",
        &[&model.id, &NAMED],
        |row| {
            let stage = Stage::from_number(row.int(2)?).filter(|stage| *stage != Stage::None);
            let stage = stage.map_or_else(String::new, |stage| format!(", {}", stage.name()));
            Ok(format!("{} ({}{stage})", row.str(0)?, row.int(1)?))
        },
    )?;
    let mut text = format!("the model '{}' has the versions {}", model.name, versions.join(", "));
    if total > NAMED {
        text.push_str(&format!(" and {} more", total - NAMED));
    }
    let aliases = aliases::list(tx, &[model.id])?.remove(&model.id).unwrap_or_default();
    if !aliases.is_empty() {
        let shown: Vec<String> = aliases
            .iter()
            .take(NAMED as usize)
            .map(|(alias, version)| format!("{alias} ({version})"))
            .collect();
        text.push_str(&format!("; aliases: {}", shown.join(", ")));
    }
    Ok(text)
}
