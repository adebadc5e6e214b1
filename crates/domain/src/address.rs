//! Addresses of artifacts: the trees that the path behind `mlflow-artifacts:/` may lead into.

use crate::artifact::ArtifactPath;
use crate::logged_model::ModelId;
use crate::run::RunId;

/// What has a tree, by the id that clients know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    Run(RunId),
    LoggedModel(ModelId),
}

/// One way to read an address: `<location>/<run id>/artifacts[/<rest>]`, or `models/<model id>` for the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split<'a> {
    /// Of the experiment that the tree has to be of.
    pub location: &'a str,
    pub tree: Named,
    /// Empty: the top of the tree.
    pub rest: &'a str,
}

/// The ways to read `address`. There is more than one only when the location of an experiment, which a client may
/// choose, itself looks like a tree.
pub fn splits(address: &ArtifactPath) -> impl Iterator<Item = Split<'_>> {
    let text = address.as_str();
    let mut start = 0;
    address.segments().filter_map(move |name| {
        let at = start;
        start += name.len() + 1;
        let rest = text.get(start..)?;
        let rest = rest.strip_prefix("artifacts/").or_else(|| (rest == "artifacts").then_some(""))?;
        let above = text[..at].trim_end_matches('/');
        if let Ok(id) = RunId::parse(name) {
            return Some(Split { location: above, tree: Named::Run(id), rest });
        }
        let tree = Named::LoggedModel(ModelId::parse(name).ok()?);
        let location = above.strip_suffix("models")?;
        let is_name = location.is_empty() || location.ends_with('/');
        is_name.then(|| Split { location: location.trim_end_matches('/'), tree, rest })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn an_address_comes_apart_at_the_tree() {
        let split = |text: &str| {
            let address = ArtifactPath::parse(text).unwrap();
            let splits: Vec<_> =
                splits(&address).map(|split| (split.location.to_owned(), split.rest.to_owned())).collect();
            splits
        };
        let model = format!("m-{RUN}");
        assert_eq!(split(&format!("0/models/{model}/artifacts/a/b")), [("0".to_owned(), "a/b".to_owned())]);
        assert_eq!(split(&format!("models/{model}/artifacts")), [(String::new(), String::new())]);
        assert_eq!(
            split(&format!("my/models/models/{model}/artifacts")),
            [("my/models".to_owned(), String::new())]
        );
        for no_tree in ["0/{}/artifacts/a", "0/xmodels/{}/artifacts/a", "0/models/{}/x", "models/{}"] {
            assert_eq!(split(&no_tree.replace("{}", &model)), [], "{no_tree}");
        }
        let one = |location: &str, rest: &str| vec![(location.to_owned(), rest.to_owned())];
        assert_eq!(split(&format!("0/{RUN}/artifacts")), one("0", ""));
        assert_eq!(split(&format!("0/{RUN}/artifacts/a/b")), one("0", "a/b"));
        assert_eq!(split(&format!("my/place/{RUN}/artifacts/a")), one("my/place", "a"));
        assert_eq!(split(&format!("{RUN}/artifacts/a")), one("", "a"));
        assert_eq!(split(&format!("0/{RUN}/artifactsx")), []);
        assert_eq!(split(&format!("0/{RUN}")), []);
        assert_eq!(split("0"), []);
        assert_eq!(
            split(&format!("0/{RUN}/artifacts/{RUN}/artifacts/x")),
            [("0".to_owned(), format!("{RUN}/artifacts/x")), (format!("0/{RUN}/artifacts"), "x".to_owned())]
        );
    }
}
