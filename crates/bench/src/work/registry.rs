//! The model registry: searches and their deep pages, the latest version, an alias, a range, and making versions.

use std::collections::HashSet;
use std::time::Instant;

use serde_json::{Value, json};

use super::registry_models::{self as models, ALIAS, LARGE, TEAMS, VERSIONS};
use super::{on_sqlite, ready_answers};
use crate::bodies;
use crate::client::Connection;
use crate::load::Load;
use crate::report::{Goal, Measure, Row};
use crate::weir::Weir;
use crate::{Bench, Engine, Result};

/// What MLflow's client adds to every search of registered models.
const NO_PROMPTS: &str = "tag.`mlflow.prompt.is_prompt` != 'true'";
const DEEP_PAGE: usize = 50;
/// "As fast as page 1" with room for the noise of two percentiles.
const DEEP_PAGE_RATIO: f64 = 1.25;

pub async fn run(bench: &mut Bench, engine: Engine) -> Result<()> {
    let weir = Weir::start(&bench.settings, engine).await?;
    seed(bench, &weir).await?;
    models_by_page(bench, engine, &weir).await.map_err(|error| weir.explain(error))?;
    models_by_filter(bench, engine, &weir).await?;
    versions_by_page(bench, engine, &weir).await.map_err(|error| weir.explain(error))?;
    one_version(bench, engine, &weir).await
}

async fn seed(bench: &mut Bench, weir: &Weir) -> Result<()> {
    let count = bench.settings.models;
    let started_at = Instant::now();
    models::seed_many(weir, count).await?;
    let rate = (count * (VERSIONS + 1)) as f64 / started_at.elapsed().as_secs_f64();
    let row = Row::new("models created, 5 versions each", Measure::per_second(rate, "requests"));
    bench.report.add(&row);
    let started_at = Instant::now();
    models::seed_large(weir, count).await?;
    let rate = count as f64 / started_at.elapsed().as_secs_f64();
    let row = Row::new("versions of one model created, 8 clients", Measure::per_second(rate, "requests"));
    bench.report.add(&row);
    Ok(())
}

/// A search whose first page and one far behind it are asked for in turns.
struct Pages {
    path: &'static str,
    filter: String,
    order: &'static [&'static str],
    size: usize,
}

impl Pages {
    fn route(&self, token: Option<&str>) -> String {
        let size = self.size.to_string();
        let mut query = vec![("filter", self.filter.as_str()), ("max_results", &size)];
        query.extend(self.order.iter().map(|order| ("order_by", *order)));
        query.extend(token.map(|token| ("page_token", token)));
        bodies::route(self.path, &query)
    }

    /// The route of the deep page, walked to by the tokens; `seen` gets the answer of each page on the way.
    async fn deep(
        &self,
        connection: &mut Connection,
        mut seen: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<String> {
        let mut route = self.route(None);
        for page in 1..DEEP_PAGE {
            let answer = connection.get(&route).await?;
            seen(answer)?;
            let token = bodies::next_page_token(answer)?;
            let token =
                token.ok_or_else(|| format!("the pages end at {page} instead of {DEEP_PAGE} or later"))?;
            route = self.route(Some(&token));
        }
        seen(connection.get(&route).await?)?;
        Ok(route)
    }

    async fn measure(
        &self,
        bench: &mut Bench,
        engine: Engine,
        weir: &Weir,
        work: &str,
        deep: &str,
    ) -> Result<()> {
        let mut connection = Connection::open(weir.address()).await?;
        let first = self.route(None);
        let size_bytes = connection.get(&first).await?.len();
        let (mut of_first, mut of_deep) = (Vec::new(), Vec::new());
        let started_at = Instant::now();
        while started_at.elapsed() < bench.settings.phase {
            for (route, latencies) in [(first.as_str(), &mut of_first), (deep, &mut of_deep)] {
                let sent_at = Instant::now();
                connection.get(route).await?;
                latencies.push(sent_at.elapsed());
            }
        }
        let elapsed = started_at.elapsed();
        let (of_first, of_deep) = (p95(&Load::new(elapsed, of_first)?), p95(&Load::new(elapsed, of_deep)?));
        let ready = ready_answers(bench, size_bytes, bench.settings.phase / 10).await?;
        let row = Row::new(format!("{work}, page 1, p95"), of_first);
        let row = row.limit(p95(&ready), "the same bytes, ready-made");
        bench.report.add(&row.goal(on_sqlite(engine, Goal::Under(20.0))));
        let row = Row::new(format!("{work}, page {DEEP_PAGE}, p95"), of_deep).limit(of_first, "page 1");
        bench.report.add(&row.goal(on_sqlite(engine, Goal::RatioAtMost(DEEP_PAGE_RATIO))));
        Ok(())
    }
}

/// All models, as the client lists them without a filter.
async fn models_by_page(bench: &mut Bench, engine: Engine, weir: &Weir) -> Result<()> {
    let pages = Pages {
        path: "registered-models/search",
        filter: NO_PROMPTS.to_owned(),
        order: &[],
        size: bench.settings.models / 100,
    };
    let mut connection = Connection::open(weir.address()).await?;
    let mut names = Vec::new();
    let deep = pages
        .deep(&mut connection, |answer| {
            names.extend(texts(answer, "registered_models", "name")?);
            Ok(())
        })
        .await?;
    // The large model's name comes before the others'.
    let mut expected = vec![LARGE.to_owned()];
    expected.extend((0..DEEP_PAGE * pages.size - 1).map(models::name));
    check(&names, &expected, "registered-models/search by page")?;
    pages.measure(bench, engine, weir, "registered-models/search", &deep).await
}

/// Models by their tag and by their name; no two requests have the same text.
async fn models_by_filter(bench: &mut Bench, engine: Engine, weir: &Weir) -> Result<()> {
    let count = bench.settings.models;
    let by_tag = |asked: usize| format!("tags.team = 'team-7' AND name != 'no-{asked}' AND {NO_PROMPTS}");
    let by_name = |asked: usize| format!("name = '{}' AND {NO_PROMPTS}", models::name(asked % count));
    let by_part = |asked: usize| format!("name ILIKE '%EL-{:04}%' AND {NO_PROMPTS}", asked % (count / 10));
    let of_team = (0..count).filter(|number| number % TEAMS == 7).take(100).map(models::name).collect();
    let of_part = (0..10).map(models::name).collect();
    by_filter(bench, engine, weir, "tag, 5 % match", by_tag, of_team).await?;
    by_filter(bench, engine, weir, "one name", by_name, vec![models::name(0)]).await?;
    by_filter(bench, engine, weir, "part of the name, 10 match", by_part, of_part).await
}

/// `filter` makes a text for each number; that of 0 has to find `expected`.
async fn by_filter(
    bench: &mut Bench,
    engine: Engine,
    weir: &Weir,
    work: &str,
    filter: impl Fn(usize) -> String,
    expected: Vec<String>,
) -> Result<()> {
    let route = |asked| {
        let filter = filter(asked);
        bodies::route("registered-models/search", &[("filter", &filter), ("max_results", "100")])
    };
    let first = ask(weir, &route(0)).await?;
    check(&texts(&first, "registered_models", "name")?, &expected, work)?;
    let work = format!("registered-models/search, {work}, p95");
    measure(bench, engine, weir, &work, Goal::Under(20.0), route).await
}

/// The versions of the large model, as the client lists them.
async fn versions_by_page(bench: &mut Bench, engine: Engine, weir: &Weir) -> Result<()> {
    let pages = Pages {
        path: "model-versions/search",
        filter: format!("name = '{LARGE}'"),
        order: &[],
        size: bench.settings.models / 100,
    };
    let mut connection = Connection::open(weir.address()).await?;
    let mut numbers = HashSet::new();
    let mut total = 0;
    let deep = pages
        .deep(&mut connection, |answer| {
            let page = texts(answer, "model_versions", "version")?;
            total += page.len();
            numbers.extend(page);
            Ok(())
        })
        .await?;
    if (total, numbers.len()) != (DEEP_PAGE * pages.size, DEEP_PAGE * pages.size) {
        let wanted = DEEP_PAGE * pages.size;
        return Err(format!("{total} versions, {} different, came instead of {wanted}", numbers.len()).into());
    }
    pages.measure(bench, engine, weir, "model-versions/search by name", &deep).await?;

    let count = bench.settings.models;
    let route = |asked: usize| {
        let filter = format!("name = '{}'", models::name(asked % count));
        bodies::route("model-versions/search", &[("filter", &filter), ("max_results", "10000")])
    };
    let found = texts(&ask(weir, &route(0)).await?, "model_versions", "version")?.len();
    if found != VERSIONS {
        return Err(format!("{found} versions of a model were found instead of {VERSIONS}").into());
    }
    let work = "model-versions/search by name, 5 found, p95";
    measure(bench, engine, weir, work, Goal::Under(20.0), route).await
}

/// One version of the large model: the latest, that of an alias, the highest of a range.
async fn one_version(bench: &mut Bench, engine: Engine, weir: &Weir) -> Result<()> {
    let count = bench.settings.models;
    let goal = Goal::Under(10.0);
    let body = json!({ "name": LARGE }).to_string();
    let mut connections = Connection::open_many(weir.address(), 1).await?;
    let path = "registered-models/get-latest-versions";
    let answer = connections[0].post(path, body.as_bytes()).await.map_err(|error| weir.explain(error))?;
    let size_bytes = answer.len();
    check(&semvers(answer)?, &[models::semver(count - 1)], "get-latest-versions")?;
    let phase = bench.settings.phase * 3 / 5;
    let load = weir
        .load(&mut connections, phase, async |connection: &mut Connection| {
            connection.post(path, body.as_bytes()).await.map(drop)
        })
        .await?;
    add(bench, engine, "get-latest-versions, p95", goal, &load, size_bytes).await?;

    let of_alias = tagged(&ask(weir, &alias_route(ALIAS)).await?)?;
    if of_alias.is_empty() {
        return Err("the alias gave no version".into());
    }
    measure(bench, engine, weir, "alias, own, p95", goal, |_| alias_route(ALIAS)).await?;
    for (range, expected) in [("^1.2", models::highest_below_two(count)), (">=1.0,<1.3", models::semver(149))]
    {
        check(&[tagged(&ask(weir, &alias_route(range)).await?)?], &[expected], range)?;
        let work = format!("alias, range {range}, p95");
        measure(bench, engine, weir, &work, goal, |_| alias_route(range)).await?;
    }
    Ok(())
}

/// 64 clients that make versions of 64 models, beside 64 that log metrics.
/// One client that gets `route(0)`, `route(1)` and so on.
async fn measure(
    bench: &mut Bench,
    engine: Engine,
    weir: &Weir,
    work: &str,
    goal: Goal,
    route: impl Fn(usize) -> String,
) -> Result<()> {
    let size_bytes = ask(weir, &route(0)).await?.len();
    let mut clients: Vec<(Connection, usize)> = Connection::open_many(weir.address(), 1)
        .await?
        .into_iter()
        .map(|connection| (connection, 0))
        .collect();
    let phase = bench.settings.phase * 3 / 5;
    let load = weir
        .load(&mut clients, phase, async |(connection, asked): &mut (Connection, usize)| {
            *asked += 1;
            connection.get(&route(*asked)).await.map(drop)
        })
        .await?;
    add(bench, engine, work, goal, &load, size_bytes).await
}

async fn add(
    bench: &mut Bench,
    engine: Engine,
    work: &str,
    goal: Goal,
    load: &Load,
    size_bytes: usize,
) -> Result<()> {
    let ready = ready_answers(bench, size_bytes, bench.settings.phase / 10).await?;
    let row = Row::new(work, p95(load)).limit(p95(&ready), "the same bytes, ready-made");
    bench.report.add(&row.goal(on_sqlite(engine, goal)));
    Ok(())
}

async fn ask(weir: &Weir, route: &str) -> Result<Vec<u8>> {
    let mut connection = Connection::open(weir.address()).await?;
    connection.get(route).await.map(<[u8]>::to_vec).map_err(|error| weir.explain(error))
}

fn alias_route(alias: &str) -> String {
    bodies::route("registered-models/alias", &[("name", LARGE), ("alias", alias)])
}

/// One field of each object of a list.
fn texts(answer: &[u8], list: &str, field: &str) -> Result<Vec<String>> {
    let answer: Value = serde_json::from_slice(answer)?;
    let none = Vec::new();
    let objects = answer[list].as_array().unwrap_or(&none);
    Ok(objects.iter().filter_map(|object| object[field].as_str().map(str::to_owned)).collect())
}

/// The SemVer of each version of a list.
fn semvers(answer: &[u8]) -> Result<Vec<String>> {
    let answer: Value = serde_json::from_slice(answer)?;
    let none = Vec::new();
    Ok(answer["model_versions"].as_array().unwrap_or(&none).iter().map(semver_tag).collect())
}

/// The SemVer of the one version of an answer.
fn tagged(answer: &[u8]) -> Result<String> {
    let answer: Value = serde_json::from_slice(answer)?;
    Ok(semver_tag(&answer["model_version"]))
}

fn semver_tag(version: &Value) -> String {
    let none = Vec::new();
    let tags = version["tags"].as_array().unwrap_or(&none);
    let tag = tags.iter().find(|tag| tag["key"] == "gitlab.version");
    tag.and_then(|tag| tag["value"].as_str()).unwrap_or_default().to_owned()
}

fn check(found: &[String], expected: &[String], what: &str) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    let at = found.iter().zip(expected).take_while(|(found, expected)| found == expected).count();
    let (count, wanted) = (found.len(), expected.len());
    let (found, expected) = (found.get(at), expected.get(at));
    Err(format!("{what}: {count} came instead of {wanted}, number {at} is {found:?} instead of {expected:?}")
        .into())
}

fn p95(load: &Load) -> Measure {
    Measure::milliseconds(load.percentile(95.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_told_by_their_tag() {
        let version =
            r#"{"version":"3","tags":[{"key":"k","value":"v"},{"key":"gitlab.version","value":"1.2.0"}]}"#;
        let list = format!(r#"{{"model_versions":[{version}]}}"#);
        assert_eq!(semvers(list.as_bytes()).unwrap(), ["1.2.0"]);
        assert_eq!(texts(list.as_bytes(), "model_versions", "version").unwrap(), ["3"]);
        assert_eq!(tagged(format!(r#"{{"model_version":{version}}}"#).as_bytes()).unwrap(), "1.2.0");
        assert_eq!(tagged(b"{}").unwrap(), "");
    }

    #[test]
    fn an_answer_with_other_models_is_an_error() {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert!(check(&names(&["a", "b"]), &names(&["a", "b"]), "x").is_ok());
        let error = check(&names(&["a", "c"]), &names(&["a", "b"]), "x").unwrap_err().to_string();
        assert!(error.contains(r#"number 1 is Some("c") instead of Some("b")"#), "{error}");
        assert!(check(&names(&["a"]), &names(&["a", "b"]), "x").is_err());
    }
}
