//! What a request to delete a project or a group asks for: that it begins to wait, or that it goes at once.

use serde::Deserialize;
use utoipa::IntoParams;
use weir_domain::{Error, Result};

use crate::wire::{Flag, Text};

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Delete {
    /// At once, of what waits to be removed already.
    #[param(value_type = Option<bool>)]
    permanently_remove: Flag,
    /// Its full path, which must be named then.
    #[param(value_type = Option<String>)]
    full_path: Text,
}

/// The same, read.
pub struct Deletion {
    at_once: bool,
    full_path: String,
}

impl Delete {
    pub fn read(self) -> Result<Deletion> {
        Ok(Deletion {
            full_path: self.full_path.or_default("full_path")?,
            at_once: self.permanently_remove.or_default("permanently_remove")?,
        })
    }
}

impl Deletion {
    /// Whether `what` at `full_path` goes at once: only what `waits` already, and is named in full, as GitLab has it.
    pub fn is_at_once(&self, what: &str, full_path: &str, waits: bool) -> Result<bool> {
        match (self.at_once, waits) {
            (true, true) if self.full_path.eq_ignore_ascii_case(full_path) => Ok(true),
            (true, true) => Err(Error::invalid(format!(
                "full_path is '{}': write '{full_path}' to have it removed at once",
                self.full_path
            ))),
            (true, false) => Err(Error::invalid(format!(
                "the {what} '{full_path}' does not wait to be deleted: delete it first without permanently_remove"
            ))),
            (false, true) => {
                Err(Error::invalid(format!("the {what} '{full_path}' waits to be deleted already")))
            }
            (false, false) => Ok(false),
        }
    }
}
