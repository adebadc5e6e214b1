//! The searches for registered models and model versions: what the tests of both search, and who may see it.

mod filters;
mod pages;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use weir_domain::access::{Role, Scopes, Visibility};
use weir_testing::{Answer, Client, TestServer};

const MODELS: &str = "registered-models/search";
const VERSIONS: &str = "model-versions/search";

async fn search(client: &Client, path: &str, params: &[(&str, &str)]) -> Answer {
    let pair =
        |(name, value): &(&str, &str)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC));
    let query: Vec<String> = params.iter().map(pair).collect();
    client.get(&format!("{path}?{}", query.join("&"))).await
}

/// What a page holds, as `name` or `name/number`.
fn names(page: &Value) -> Vec<String> {
    let list = page.get("registered_models").or(page.get("model_versions"));
    let name = |item: &Value| {
        let name = item["name"].as_str().unwrap();
        item["version"].as_str().map_or(name.to_owned(), |number| format!("{name}/{number}"))
    };
    list.map_or(Vec::new(), |list| list.as_array().unwrap().iter().map(name).collect())
}

async fn models(client: &Client, filter: &str) -> String {
    names(&search(client, MODELS, &[("filter", filter)]).await.ok()).join(" ")
}

async fn versions(client: &Client, filter: &str) -> String {
    let order = [("order_by", "name"), ("order_by", "version_number")];
    let params = [&[("filter", filter)], &order[..]].concat();
    names(&search(client, VERSIONS, &params).await.ok()).join(" ")
}

async fn model(client: &Client, name: &str, tags: &[(&str, &str)]) {
    let tags: Vec<Value> = tags.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
    client.post("registered-models/create", json!({ "name": name, "tags": tags })).await.ok();
}

async fn version(client: &Client, model: &str, source: &str, tags: &[(&str, &str)]) -> Value {
    let tags: Vec<Value> = tags.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
    client.create_version(model, json!({ "source": source, "tags": tags })).await
}

/// The tag of a prompt.
const PROMPT: (&str, &str) = ("mlflow.prompt.is_prompt", "true");

/// Four models and a prompt; each thing is made a millisecond after the one before.
async fn registry() -> (TestServer, Client) {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    for (name, tags) in [
        ("alpha", &[("team", "a"), ("note", "it's")][..]),
        ("beta", &[("team", "b")]),
        ("gamma", &[("team", "A"), ("x.y/z", "100%")]),
        ("Delta", &[]),
        ("greet", &[PROMPT, ("team", "a")]),
    ] {
        server.advance_ms(1);
        model(&alice, name, tags).await;
    }
    for (model, source, tags) in [
        ("alpha", "s3://bucket/one", &[("step", "1"), ("gitlab.version", "1.0.0")][..]),
        ("alpha", "s3://bucket/two", &[("step", "2"), ("gitlab.version", "2.0.0-rc.1")]),
        ("beta", "gs://Bucket/one", &[("step", "1"), ("lang", "en")]),
        ("greet", "dummy-source", &[PROMPT, ("step", "1")]),
        ("beta", "", &[]),
    ] {
        server.advance_ms(1);
        version(&alice, model, source, tags).await;
    }
    (server, alice)
}

#[tokio::test]
async fn what_another_project_has_is_not_there() {
    let (server, alice) = registry().await;
    let project = server.project("root/other", Visibility::Private).await;
    let bob = server.user("bob", &[(project, Role::Developer)], Scopes::API, &project.to_string()).await;
    model(&bob, "alpha", &[("team", "a")]).await;
    let made = version(&bob, "alpha", "s3://bob/one", &[("step", "1")]).await;
    for filter in ["", "name = 'alpha'", "tags.team = 'a'", "name LIKE '%'", "name IN ('alpha', 'beta')"] {
        assert_eq!(models(&bob, filter).await, "alpha", "{filter}");
    }
    for filter in
        ["", "name = 'alpha'", "tags.step = '1'", "source_path LIKE 's3%'", "name IN ('alpha', 'beta')"]
    {
        assert_eq!(versions(&bob, filter).await, "alpha/1", "{filter}");
    }
    let run = format!("run_id = '{}'", made["run_id"].as_str().unwrap());
    assert_eq!(versions(&bob, &run).await, "alpha/1");
    assert_eq!(versions(&alice, &run).await, "");
    assert_eq!(versions(&alice, "source_path = 's3://bob/one'").await, "");

    let page = search(&alice, MODELS, &[("max_results", "1")]).await.ok();
    let token = page["next_page_token"].as_str().unwrap();
    for (client, path, filter) in
        [(&bob, MODELS, ""), (&alice, MODELS, "name != 'x'"), (&alice, VERSIONS, "")]
    {
        let answer = search(client, path, &[("filter", filter), ("page_token", token)]).await.to_string();
        assert!(answer.starts_with("400 INVALID_PARAMETER_VALUE: Invalid page token '"), "{answer}");
        assert!(answer.contains("it does not belong to this search"), "{answer}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let (_server, alice) = registry().await;
    let long = format!("name LIKE '{}'", "%a".repeat(501));
    for (path, name, value, sentence) in [
        (
            MODELS,
            "max_results",
            "0",
            "Invalid value 0 for parameter 'max_results' supplied. It must be a positive integer",
        ),
        (
            MODELS,
            "max_results",
            "-1",
            "Invalid value -1 for parameter 'max_results' supplied. It must be a positive",
        ),
        (
            MODELS,
            "max_results",
            "1001",
            "Invalid value 1001 for parameter 'max_results' supplied. It must be at most 1000",
        ),
        (MODELS, "max_results", "x", "Invalid value \"x\" for parameter 'max_results' supplied:"),
        (VERSIONS, "max_results", "x", "Invalid value \"x\" for parameter 'max_results' supplied:"),
        (MODELS, "max_results", "1.5", "Invalid value \"1.5\" for parameter 'max_results' supplied:"),
        (MODELS, "max_results", "99999999999999999999", "for parameter 'max_results' supplied:"),
        (VERSIONS, "max_results", "99999999999999999999", "for parameter 'max_results' supplied:"),
        (VERSIONS, "max_results", "9223372036854775807", "It must be at most 200000"),
        (
            VERSIONS,
            "max_results",
            "0",
            "Invalid value for max_results. It must be a positive integer, but got 0",
        ),
        (
            VERSIONS,
            "max_results",
            "-7",
            "Invalid value for max_results. It must be a positive integer, but got -7",
        ),
        (
            VERSIONS,
            "max_results",
            "200001",
            "for parameter 'max_results' supplied. It must be at most 200000",
        ),
        (MODELS, "page_token", "%%%", "Invalid page token, could not base64-decode"),
        (MODELS, "filter", "name = 'a\0'", "it contains a NUL character"),
        (VERSIONS, "order_by", "na\0me", "it contains a NUL character"),
        (MODELS, "filter", &long, "has 1002 characters, at most 1000 are allowed"),
        (VERSIONS, "filter", &format!("name = 'alpha' AND {long}"), "at most 1000 are allowed"),
        (
            MODELS,
            "filter",
            "name = 'a' foo",
            "Invalid clause(s) in filter string: foo (at character 12: 'foo')",
        ),
        (MODELS, "filter", "name > 'a'", "Invalid comparator for attribute: > (at character 6: '>')"),
        (MODELS, "filter", "version_number = 1", "Invalid attribute key 'version_number' specified."),
        (
            VERSIONS,
            "filter",
            "  version = '1'",
            "Invalid attribute key 'version' specified. Valid keys are '{'name', ",
        ),
        (VERSIONS, "filter", "  version = '1'", "(at character 3: 'version')"),
        (VERSIONS, "filter", "name = 'a' AND version_number = 'x'", "(at character 33: ''x'')"),
        (VERSIONS, "filter", "foo.x = 'y'", "Valid entity types are ('attribute', 'tag', 'tags')"),
        (
            MODELS,
            "order_by",
            "bogus",
            "Invalid order by key 'bogus' specified. Valid keys are '{'name', 'timestamp'}'",
        ),
        (MODELS, "order_by", "name foo", "Invalid ordering key in order_by clause 'name foo'."),
        (MODELS, "order_by", "", "Invalid order_by clause ''. Could not be parsed."),
        (VERSIONS, "order_by", "tags.x", "Invalid order by key 'x' specified."),
        (VERSIONS, "order_by", "name, version_number", "Could not be parsed."),
    ] {
        let answer = search(&alice, path, &[(name, value)]).await.to_string();
        assert!(answer.starts_with("400 INVALID_PARAMETER_VALUE: "), "{value}: {answer}");
        assert!(answer.contains(sentence), "{value}: {answer}");
    }
    for path in [MODELS, VERSIONS] {
        let twice =
            search(&alice, path, &[("order_by", "name"), ("order_by", "name DESC")]).await.to_string();
        assert!(
            twice.contains("400 INVALID_PARAMETER_VALUE: `order_by` contains duplicate fields"),
            "{twice}"
        );
        assert_eq!(alice.post(path, json!({})).await.status, 405);
    }
}

#[tokio::test]
async fn a_filter_has_a_limit() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    // More than fits into an address: without a query, the body is read.
    let filter = format!("name = '{}'", "a".repeat(64 * 1024));
    for path in [MODELS, VERSIONS] {
        let request = alice.request(reqwest::Method::GET, &format!("/api/2.0/mlflow/{path}"));
        let answer = alice.send(request.json(&json!({ "filter": filter }))).await;
        assert_eq!(answer.status, 400, "{answer}");
        assert!(answer.to_string().contains("65536"), "{answer}");
    }
}

#[tokio::test]
async fn a_search_reads_as_gitlabs_clients_write_it() {
    let (_server, alice) = registry().await;
    let params =
        [("filter", "name='beta'"), ("order_by", "name desc"), ("max_results", "200"), ("page_token", "")];
    let page = search(&alice, MODELS, &params).await.ok();
    assert_eq!(names(&page), ["beta"]);
    let found = &page["registered_models"][0];
    assert_eq!(*found, alice.get("registered-models/get?name=beta").await.ok()["registered_model"]);
    let order = [("order_by", "last_updated_timestamp desc")];
    assert_eq!(names(&search(&alice, MODELS, &order).await.ok())[0], "beta");
    // As MLflow's client writes every search.
    let appended = "name LIKE 'b%' AND tag.`mlflow.prompt.is_prompt` != 'true'";
    assert_eq!(models(&alice.at_root(), appended).await, "beta");

    let page = search(&alice, VERSIONS, &[("filter", "name='alpha' AND version_number=2")]).await.ok();
    let version = alice.get("model-versions/get?name=alpha&version=2").await.ok();
    assert_eq!(page["model_versions"][0], version["model_version"]);
}
