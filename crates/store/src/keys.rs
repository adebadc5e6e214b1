//! The dictionary of metric, param and tag names: rows elsewhere hold a number.
//!
//! Names are never deleted and numbers never reused, so what was read once may be remembered for good.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::RwLock;
use weir_domain::Result;

use crate::{Store, Tx};

/// A name, shared by everything that speaks of it.
pub type Key = Arc<str>;

/// Names remembered at most; past it the cache starts again.
const REMEMBERED: usize = 200_000;

#[derive(Default)]
pub(crate) struct Cache {
    known: RwLock<Known>,
}

#[derive(Default)]
struct Known {
    ids: HashMap<Key, i64>,
    names: HashMap<i64, Key>,
}

impl Cache {
    fn id(&self, name: &str) -> Option<i64> {
        self.known.read().ids.get(name).copied()
    }

    fn remember(&self, pairs: &[(i64, Key)]) {
        let mut known = self.known.write();
        if known.ids.len() + pairs.len() > REMEMBERED {
            *known = Known::default();
        }
        for (id, name) in pairs {
            known.ids.insert(name.clone(), *id);
            known.names.insert(*id, name.clone());
        }
    }
}

impl Store {
    /// The numbers of `names`, in their order; names that are new get one.
    pub async fn intern<S: AsRef<str>>(&self, names: &[S]) -> Result<Vec<i64>> {
        let known: Vec<Option<i64>> = {
            let cache = self.key_cache().known.read();
            names.iter().map(|name| cache.ids.get(name.as_ref()).copied()).collect()
        };
        if let Some(ids) = known.iter().copied().collect::<Option<Vec<i64>>>() {
            return Ok(ids);
        }
        // In one order everywhere, so that two writers of the same new names do not lock each other out.
        let mut new: Vec<Key> = names
            .iter()
            .zip(&known)
            .filter(|(_, id)| id.is_none())
            .map(|(name, _)| Key::from(name.as_ref()))
            .collect();
        new.sort_unstable();
        new.dedup();
        let pairs = self
            .write(move |tx| {
                new.iter().map(|name| Ok((create(tx, name)?, name.clone()))).collect::<Result<Vec<_>>>()
            })
            .await?;
        self.key_cache().remember(&pairs);
        let fresh: HashMap<&str, i64> = pairs.iter().map(|(id, name)| (&**name, *id)).collect();
        Ok(names
            .iter()
            .zip(known)
            .map(|(name, id)| id.or_else(|| fresh.get(name.as_ref()).copied()).unwrap_or_default())
            .collect())
    }

    /// A reader of names for use inside a transaction.
    pub fn key_names(&self) -> KeyNames {
        KeyNames { store: self.clone() }
    }
}

fn create(tx: &mut Tx<'_>, name: &str) -> Result<i64> {
    let found = find(tx, name)?;
    if let Some(id) = found {
        return Ok(id);
    }
    tx.execute("INSERT INTO keys (name) VALUES (?1) ON CONFLICT (name) DO NOTHING", &[&name])?;
    tx.get("SELECT id FROM keys WHERE name = ?1", &[&name], |row| row.int(0))
}

fn find(tx: &mut Tx<'_>, name: &str) -> Result<Option<i64>> {
    tx.find("SELECT id FROM keys WHERE name = ?1", &[&name], |row| row.int(0))
}

/// Looks names and numbers up through the store's memory.
#[derive(Clone)]
pub struct KeyNames {
    store: Store,
}

impl KeyNames {
    /// The name of `id`. Only what a committed transaction wrote is asked for, so it is safe to remember.
    pub fn name(&self, tx: &mut Tx<'_>, id: i64) -> Result<Key> {
        let cache = self.store.key_cache();
        if let Some(name) = cache.known.read().names.get(&id) {
            return Ok(name.clone());
        }
        let name: Key = tx.get("SELECT name FROM keys WHERE id = ?1", &[&id], |row| row.text(0))?.into();
        cache.remember(&[(id, name.clone())]);
        Ok(name)
    }

    /// The number of `name`, which is remembered: ask in a read, where only committed names are seen. Or `None` when nothing was ever logged under it.
    pub fn id(&self, tx: &mut Tx<'_>, name: &str) -> Result<Option<i64>> {
        let cache = self.store.key_cache();
        if let Some(id) = cache.id(name) {
            return Ok(Some(id));
        }
        let id = find(tx, name)?;
        if let Some(id) = id {
            cache.remember(&[(id, name.into())]);
        }
        Ok(id)
    }
}
