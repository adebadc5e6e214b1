//! How much there is beside the rows of models and versions: measured before it is read, and bounded where it is written.

use std::collections::HashMap;

use weir_domain::registered_model::check_tags;
use weir_domain::{Error, Result};

use crate::Tx;

/// What a tag or an alias takes beside its texts.
const ENTRY_BYTES: i64 = 64;

/// About how many bytes the tags and aliases of each of `models` (rows) take.
pub fn of_models(tx: &mut Tx<'_>, models: &[i64]) -> Result<HashMap<i64, usize>> {
    measure(tx, "registered_model_tags", "model_id", models)
}

/// The same for versions (rows).
pub fn of_versions(tx: &mut Tx<'_>, versions: &[i64]) -> Result<HashMap<i64, usize>> {
    measure(tx, "model_version_tags", "version_id", versions)
}

/// `octet_length` is known without reading the text, on both engines.
fn measure(tx: &mut Tx<'_>, tags: &str, owner: &str, rows: &[i64]) -> Result<HashMap<i64, usize>> {
    let any = tx.any_of(owner, "?1");
    let sql = format!(
        "SELECT owner, SUM(bytes)
         FROM (SELECT {owner} AS owner, octet_length(key) + octet_length(value) + {ENTRY_BYTES} AS bytes
               FROM {tags} WHERE {any}
               UNION ALL
               SELECT {owner}, octet_length(alias) + {ENTRY_BYTES} FROM model_aliases WHERE {any}) s
         GROUP BY owner"
    );
    let mut sizes = HashMap::new();
    tx.each(&sql, &[&rows], |row| {
        sizes.insert(row.int(0)?, usize::try_from(row.int(1)?).map_err(Error::internal)?);
        Ok(())
    })?;
    Ok(sizes)
}

/// Refuses what was just written to the tags of a model (row) when they are too many or too large now.
pub(crate) fn check_model(tx: &mut Tx<'_>, model: i64) -> Result<()> {
    check(tx, "registered_model_tags", "model_id", model)
}

/// The same for a version (row).
pub(crate) fn check_version(tx: &mut Tx<'_>, version: i64) -> Result<()> {
    check(tx, "model_version_tags", "version_id", version)
}

fn check(tx: &mut Tx<'_>, tags: &str, owner: &str, id: i64) -> Result<()> {
    let sql = format!(
        "SELECT COUNT(*), SUM(octet_length(key) + octet_length(value)) FROM {tags} WHERE {owner} = ?1"
    );
    let (count, bytes) = tx.get(&sql, &[&id], |row| Ok((row.int(0)?, row.opt_int(1)?.unwrap_or(0))))?;
    check_tags(
        usize::try_from(count).map_err(Error::internal)?,
        usize::try_from(bytes).map_err(Error::internal)?,
    )
}
