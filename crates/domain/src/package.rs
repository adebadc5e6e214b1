//! Packages in GitLab's sense: their types, names and versions, and the forms in which they name a run.

use sha2::{Digest, Sha256};

use crate::{Error, Result};

/// Characters of a generic package's name or version, as in GitLab.
pub const MAX_NAME: usize = 255;

/// GitLab's types that there are here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackageType {
    /// The files of a run or of a model version.
    MlModel,
    /// Files under a name and a version of the client's own.
    Generic,
}

/// Types that GitLab has besides: nothing is of them here.
const FOREIGN_TYPES: &[&str] = &[
    "composer",
    "conan",
    "debian",
    "golang",
    "helm",
    "maven",
    "npm",
    "nuget",
    "pypi",
    "rpm",
    "rubygems",
    "terraform_module",
];

impl PackageType {
    pub fn name(self) -> &'static str {
        match self {
            Self::MlModel => "ml_model",
            Self::Generic => "generic",
        }
    }

    /// `None`: one of GitLab's types that there are no packages of.
    pub fn parse(text: &str) -> Result<Option<Self>> {
        match text {
            "ml_model" => Ok(Some(Self::MlModel)),
            "generic" => Ok(Some(Self::Generic)),
            foreign if FOREIGN_TYPES.contains(&foreign) => Ok(None),
            other => Err(bad_value("package_type", other, "ml_model or generic")),
        }
    }
}

/// Whether lists show a package without being asked for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PackageStatus {
    #[default]
    Default = 0,
    Hidden = 1,
}

/// States that packages pass through in GitLab's background work.
const FOREIGN_STATUSES: &[&str] = &["processing", "error", "pending_destruction", "deprecated"];

impl PackageStatus {
    pub fn number(self) -> i64 {
        self as i64
    }

    pub fn from_number(number: i64) -> Result<Self> {
        match number {
            0 => Ok(Self::Default),
            1 => Ok(Self::Hidden),
            other => Err(Error::internal(format!("package status {other}"))),
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Hidden => "hidden",
        }
    }

    /// What an upload may set.
    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "default" => Ok(Self::Default),
            "hidden" => Ok(Self::Hidden),
            other => Err(bad_value("status", other, "default or hidden")),
        }
    }

    /// What a list may ask for. `None`: one of GitLab's states that no package is ever in here.
    pub fn parse_filter(text: &str) -> Result<Option<Self>> {
        if FOREIGN_STATUSES.contains(&text) { Ok(None) } else { Self::parse(text).map(Some) }
    }
}

/// GitLab's sentence for a parameter that has a few values, and what they are.
pub fn bad_value(name: &str, value: &str, values: &str) -> Error {
    Error::Invalid(format!("{name} does not have a valid value: '{value}' is not {values}"))
}

/// A run as package addresses name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunAddress {
    /// `<id of a model version>`
    Version(i64),
    /// `candidate:<iid of a run>`
    Candidate(i64),
    /// The generic package `ml_experiment_<experiment iid>` in version `<run iid>`, as GitLab had it before 17.
    InExperiment { experiment_iid: i64, run_iid: i64 },
}

impl RunAddress {
    /// What stands in `packages/ml_models/<…>/files`.
    pub fn of_ml_model(text: &str) -> Option<Self> {
        match text.strip_prefix("candidate:") {
            Some(iid) => number(iid).map(Self::Candidate),
            None => number(text).map(Self::Version),
        }
    }

    /// A generic package that is a run's. Others are packages of their own.
    pub fn of_generic(name: &str, version: &str) -> Option<Self> {
        let experiment_iid = number(name.strip_prefix("ml_experiment_")?)?;
        let run_iid = number(version.strip_prefix("candidate_").unwrap_or(version))?;
        Some(Self::InExperiment { experiment_iid, run_iid })
    }
}

/// In the one form that it is written in, so that two texts never name one thing.
fn number(text: &str) -> Option<i64> {
    let plain = text == "0" || (!text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit()));
    text.parse().ok().filter(|_| plain)
}

/// The name of a generic package.
pub fn check_name(name: &str) -> Result<()> {
    check("package_name", name)
}

/// The version of a generic package; any text of these characters, not only SemVer.
pub fn check_version(version: &str) -> Result<()> {
    check("package_version", version)
}

fn check(what: &str, text: &str) -> Result<()> {
    let clean = |character: char| character.is_ascii_alphanumeric() || "._-+".contains(character);
    let shown: String = text.chars().take(MAX_NAME).collect();
    if text.is_empty() || !text.chars().all(clean) {
        return Err(Error::Invalid(format!(
            "{what} is invalid: '{shown}' may have letters, digits, '.', '_', '-' and '+' only"
        )));
    }
    if text == "." || text.contains("..") {
        return Err(Error::Invalid(format!("{what} is invalid: '{shown}' may not be '.' or contain '..'")));
    }
    if text.len() > MAX_NAME {
        return Err(Error::Invalid(format!(
            "{what} is invalid: '{shown}…' has {} characters, at most {MAX_NAME} are allowed",
            text.len()
        )));
    }
    Ok(())
}

/// The last name of a path that is put into a model's package. Reading is wider: MLflow's routes take any name.
pub fn check_model_file_name(name: &str) -> Result<()> {
    let clean = |character: char| character.is_ascii_alphanumeric() || "._-+ ".contains(character);
    if !name.chars().all(clean) {
        return Err(Error::Invalid(format!(
            "file_name is invalid: '{name}' may have letters, digits, '.', '_', '-', '+' and blanks only; the mlflow-artifacts routes take others"
        )));
    }
    Ok(())
}

/// The number of a file of a package: of these bytes at this path, so that what was replaced meanwhile is not deleted
/// in its place. Within what JavaScript counts exactly.
pub fn file_id(package_id: i64, path: &str, sha256: &[u8]) -> i64 {
    let digest = Sha256::new()
        .chain_update(package_id.to_be_bytes())
        .chain_update((path.len() as u64).to_be_bytes())
        .chain_update(path)
        .chain_update(sha256)
        .finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    (u64::from_be_bytes(first) >> 11) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_named_in_three_ways() {
        let (experiment_iid, run_iid) = (3, 17);
        let in_experiment = Some(RunAddress::InExperiment { experiment_iid, run_iid });
        assert_eq!(RunAddress::of_ml_model("12"), Some(RunAddress::Version(12)));
        assert_eq!(RunAddress::of_ml_model("candidate:12"), Some(RunAddress::Candidate(12)));
        for text in ["", "candidate:", "candidate:x", "012", "+1", "1.0.0", "candidate:99999999999999999999"]
        {
            assert_eq!(RunAddress::of_ml_model(text), None, "{text}");
        }
        assert_eq!(RunAddress::of_generic("ml_experiment_3", "17"), in_experiment);
        assert_eq!(RunAddress::of_generic("ml_experiment_3", "candidate_17"), in_experiment);
        for (name, version) in
            [("ml_experiment_03", "17"), ("ml_experiment_3", "1.0.0"), ("ml_experiment_", "1"), ("m", "1")]
        {
            assert_eq!(RunAddress::of_generic(name, version), None, "{name} {version}");
        }
    }

    #[test]
    fn names_and_versions_are_plain() {
        for text in ["a", "My.Package_1-2+3", "1.0.0-rc.1", &"a".repeat(255)] {
            check_name(text).unwrap();
            check_version(text).unwrap();
        }
        for text in ["", "a b", "a/b", "é", ".", "..", "a..b", "a%2Fb", &"a".repeat(256)] {
            assert!(
                check_name(text).unwrap_err().to_string().starts_with("package_name is invalid"),
                "{text}"
            );
            assert!(check_version(text).is_err(), "{text}");
        }
        check_model_file_name("MLmodel 1_2-3+4.bin").unwrap();
        for name in ["é", "a@b", "a%20b", "a\\b"] {
            assert!(check_model_file_name(name).unwrap_err().to_string().contains(name));
        }
    }

    #[test]
    fn filters_take_what_gitlab_has_and_nothing_else() {
        assert_eq!(PackageType::parse("generic").unwrap(), Some(PackageType::Generic));
        assert_eq!(PackageType::parse("npm").unwrap(), None);
        assert!(PackageType::parse("mlmodel").unwrap_err().to_string().contains("'mlmodel'"));
        assert_eq!(PackageStatus::parse_filter("hidden").unwrap(), Some(PackageStatus::Hidden));
        assert_eq!(PackageStatus::parse_filter("processing").unwrap(), None);
        assert!(PackageStatus::parse("processing").is_err() && PackageStatus::parse_filter("x").is_err());
    }

    #[test]
    fn the_number_of_a_file_is_of_its_place_and_bytes() {
        let id = file_id(1, "a", &[1; 32]);
        assert_eq!(id, file_id(1, "a", &[1; 32]));
        for other in [file_id(2, "a", &[1; 32]), file_id(1, "b", &[1; 32]), file_id(1, "a", &[2; 32])] {
            assert!(id != other && (0..1_i64 << 53).contains(&other));
        }
    }
}
