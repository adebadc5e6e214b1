//! What the requests of tables have in common: which experiment, which of its runs, which keys.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use utoipa::IntoParams;
use weir_domain::experiment::{Experiment, parse_iid};
use weir_domain::filter::runs::Term;
use weir_domain::filter::{self, Expr, TextTest};
use weir_domain::run::{RunId, ViewType};
use weir_domain::{Error, Result};
use weir_store::cells::PARENT_TAG;
use weir_store::{Tx, experiments, runs};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ExperimentPath {
    /// Its number in the project, which is its id for MLflow.
    pub experiment: String,
}

impl ExperimentPath {
    pub fn iid(&self) -> Result<i64> {
        parse_iid(&self.experiment)
    }
}

/// A text; no database of ours keeps a NUL in one.
pub fn text<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.contains('\0') {
        return Err(D::Error::custom("a text contains a NUL character"));
    }
    Ok(text)
}

pub fn optional_text<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    struct Plain(#[serde(deserialize_with = "text")] String);
    Ok(Option::<Plain>::deserialize(deserializer)?.map(|Plain(text)| text))
}

pub fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    struct Plain(#[serde(deserialize_with = "text")] String);
    Ok(Vec::<Plain>::deserialize(deserializer)?.into_iter().map(|Plain(text)| text).collect())
}

/// `active` (the default), `deleted` or `all`.
pub fn read_state(state: Option<&str>, name: &str) -> Result<ViewType> {
    match state {
        None | Some("active") => Ok(ViewType::ActiveOnly),
        Some("deleted") => Ok(ViewType::DeletedOnly),
        Some("all") => Ok(ViewType::All),
        Some(other) => Err(Error::Invalid(format!("{name} is '{other}', write active, deleted or all"))),
    }
}

/// A number of results within `most`.
pub fn read_size(asked: Option<i64>, least: i64, default: usize, most: usize) -> Result<usize> {
    let Some(asked) = asked else { return Ok(default) };
    usize::try_from(asked).ok().filter(|size| asked >= least && *size <= most).ok_or_else(|| {
        Error::Invalid(format!("max_results is {asked}, write a number from {least} to {most}"))
    })
}

/// Keys of one kind, each once.
pub fn check_keys(name: &str, keys: &[String], most: usize) -> Result<()> {
    if keys.len() > most {
        return Err(Error::Invalid(format!("{name} has {} keys, at most {most} are answered", keys.len())));
    }
    let mut sorted: Vec<&String> = keys.iter().collect();
    sorted.sort_unstable();
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(twice) => Err(Error::Invalid(format!("{name} names '{}' twice", twice[0]))),
        None => Ok(()),
    }
}

/// The filter as it is written, and the place of the runs among nested ones: `top` for those without a parent, or the
/// parent's id.
pub fn read_filter(filter: &str, parent: Option<&str>) -> Result<Option<Expr<Term>>> {
    let filter = filter::runs::parse(filter)?;
    let test = match parent {
        None => return Ok(filter),
        Some("top") => TextTest::IsNull,
        Some(id) => {
            let id = RunId::parse(id)
                .map_err(|_| Error::Invalid(format!("parent is '{id}', write top or the id of a run")))?;
            TextTest::Eq(id.as_str().to_owned())
        }
    };
    let nested = Expr::Term(Term::Tag { key: PARENT_TAG.to_owned(), test });
    Ok(Some(match filter {
        None => nested,
        Some(Expr::And(mut parts)) => {
            parts.push(nested);
            Expr::And(parts)
        }
        Some(other) => Expr::And(vec![other, nested]),
    }))
}

/// The experiment, active or deleted.
pub fn experiment(tx: &mut Tx<'_>, project_id: i64, iid: i64) -> Result<Experiment> {
    experiments::get(tx, project_id, iid)
}

/// The run that a number in the project or an id names.
pub fn run(tx: &mut Tx<'_>, project_id: i64, name: &str) -> Result<weir_domain::run::Run> {
    let by_number = name.len() < 20 && name.bytes().all(|byte| byte.is_ascii_digit());
    match name.parse() {
        Ok(iid) if by_number => runs::by_iid(tx, project_id, iid),
        _ => runs::get(tx, project_id, &RunId::parse(name)?),
    }
}
