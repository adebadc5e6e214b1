//! Addresses of artifacts: the text behind MLflow's proxy, read once and looked up among the runs and logged models of
//! a project.

use percent_encoding::percent_decode_str;
use weir_domain::address::{self, Named, Split};
use weir_domain::artifact::ArtifactPath;
use weir_domain::experiment::proxied;
use weir_domain::{Error, Result, logged_model, run};
use weir_store::Tx;

use super::tree::{Tree, TreeId};

/// What files are addressed by, for messages.
const FORM: &str = "<experiment id>/<run id>/artifacts/<path>";
const MODEL_FORM: &str = "<experiment id>/models/<model id>/artifacts/<path>";

/// `<location of an experiment>/<run id>/artifacts[/<path>]`, the same with `models/<model id>` for the run, or some
/// other clean path.
#[derive(Clone, Debug)]
pub struct Address(ArtifactPath);

/// A place in a tree.
pub struct Spot {
    pub tree: Tree,
    /// `None` is the top of the tree.
    pub path: Option<ArtifactPath>,
}

impl Address {
    /// The address behind `route` in the raw path of a request: decoded exactly once, and `+` stays `+`.
    pub fn of_file(raw: &str, route: &str) -> Result<Self> {
        Ok(Self(ArtifactPath::parse_address(&decode(raw, route)?)?))
    }

    /// The same of a folder, whose address may end with a slash.
    pub fn of_folder(raw: &str, route: &str) -> Result<Self> {
        Self::of_query(&decode(raw, route)?)
    }

    /// The folder that a query names, already decoded.
    pub fn of_query(text: &str) -> Result<Self> {
        Ok(Self(ArtifactPath::parse_address(without_slash(text))?))
    }

    /// Whether it stands above all trees: the location of an experiment, or nothing at all.
    pub fn is_above_trees(&self) -> bool {
        self.splits().next().is_none() && self.0.segments().count() == 1
    }

    /// Refuses an address that names no tree, before anything is put there or deleted.
    pub fn check_form(&self) -> Result<()> {
        if self.splits().next().is_some() {
            return Ok(());
        }
        match self.reserved() {
            Some(error) => Err(error),
            None => Err(Error::Invalid(format!(
                "Invalid path: '{}' is not inside a run or logged model, write {FORM} or {MODEL_FORM}",
                self.0
            ))),
        }
    }

    /// The tree in the project that it names, of something active or deleted, and the place in it.
    pub fn find(&self, tx: &mut Tx<'_>, project_id: i64) -> Result<Spot> {
        let mut first = None;
        for split in self.splits() {
            let Split { location, tree, rest } = split;
            match TreeId::from(tree.clone()).get(tx, project_id) {
                Ok(tree) if proxied(tree.experiment_location()) == Some(location) => {
                    tree.check_here()?;
                    let path = if rest.is_empty() { None } else { Some(ArtifactPath::parse(rest)?) };
                    return Ok(Spot { tree, path });
                }
                Ok(_) | Err(Error::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
            first.get_or_insert(tree);
        }
        Err(match first {
            Some(Named::Run(id)) => run::not_found(id.as_str()),
            Some(Named::LoggedModel(id)) => logged_model::not_found(id.as_str()),
            None => self.reserved().unwrap_or_else(|| {
                Error::NotFound(format!("No such artifact: '{}'; the files of a run are at {FORM}", self.0))
            }),
        })
    }

    /// The ways to read it.
    fn splits(&self) -> impl Iterator<Item = Split<'_>> {
        address::splits(&self.0)
    }

    /// Addresses of logged models that there cannot be, and of traces, which are not kept.
    fn reserved(&self) -> Option<Error> {
        let names: Vec<&str> = self.0.segments().collect();
        names.windows(3).skip(1).find_map(|names| match names {
            ["models", id, "artifacts"] => Some(logged_model::not_found(id)),
            ["traces", id, "artifacts"] => Some(Error::NotFound(format!("no trace '{id}'"))),
            _ => None,
        })
    }
}

impl Spot {
    /// A place named by an id and a path, for the routes that do not go through the proxy.
    pub fn of(tx: &mut Tx<'_>, project_id: i64, id: &TreeId, path: Option<ArtifactPath>) -> Result<Self> {
        let tree = id.get_shown(tx, project_id)?;
        tree.check_here()?;
        Ok(Self { tree, path })
    }
}

/// A path that may be a folder's: a slash at its end is no part of it.
pub fn parse_folder(text: &str) -> Result<ArtifactPath> {
    ArtifactPath::parse(without_slash(text))
}

fn without_slash(text: &str) -> &str {
    text.strip_suffix('/').filter(|path| !path.is_empty()).unwrap_or(text)
}

fn decode(raw: &str, route: &str) -> Result<String> {
    let rest = raw.split_once(route).map_or("", |(_, rest)| rest);
    let shown: String = rest.chars().take(200).collect();
    // Decoded it would be a slash like any other, and the path another than the one a proxy checked.
    if rest.to_ascii_lowercase().contains("%2f") {
        return Err(Error::Invalid(format!(
            "Invalid path: '{shown}' has an encoded slash '%2F', write plain slashes between names"
        )));
    }
    let decoded = percent_decode_str(rest).decode_utf8();
    decoded.map(Into::into).map_err(|_| Error::Invalid(format!("Invalid path: '{shown}' is not UTF-8")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_decoded_once_and_keeps_its_plus() {
        let read = |rest: &str| {
            Address::of_file(&format!("/x/api{rest}"), "/api/").map(|address| address.0.to_string())
        };
        assert_eq!(read("/0/a%20b+c~%C3%A9").unwrap(), "0/a b+c~é");
        assert_eq!(read("/0/100%.txt").unwrap(), "0/100%.txt");
        for bad in [
            "/0/a%2Fb",
            "/0/a%2fb",
            "/0/%2e%2e/b",
            "/0/../b",
            "/0/%252e%252e/b",
            "/0/a%00",
            "/0/%ff",
            "/0/a/",
            "//a",
        ] {
            assert!(read(bad).unwrap_err().to_string().starts_with("Invalid path"), "{bad}");
        }
        assert_eq!(Address::of_folder("/api/0/a/", "/api/").unwrap().0.as_str(), "0/a");
        assert!(Address::of_query("/").is_err() && Address::of_query("a//").is_err());
    }
}
