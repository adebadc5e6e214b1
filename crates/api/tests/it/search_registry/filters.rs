//! What the filters of the registry's searches find.

use serde_json::json;
use weir_testing::TestServer;

use super::{PROMPT, model, models, registry, version, versions};

#[tokio::test]
async fn models_are_filtered_by_name_and_tags() {
    let (_server, alice) = registry().await;
    for (filter, found) in [
        ("", "Delta alpha beta gamma"),
        ("name = 'alpha'", "alpha"),
        ("attribute.name = \"Alpha\"", ""),
        ("name != 'alpha'", "Delta beta gamma"),
        ("name LIKE '%a' AND name LIKE '_e%'", "Delta beta"),
        ("name like 'd%'", ""),
        ("name ilike 'd%'", "Delta"),
        ("name IN ('beta', 'gamma', 'none')", "beta gamma"),
        ("name NOT IN ('beta', 'gamma')", "Delta alpha"),
        ("tags.team = 'a'", "alpha"),
        ("tag.team != 'a'", "beta gamma"),
        ("tags.team ILIKE 'a'", "alpha gamma"),
        ("tags.note = \"it's\"", "alpha"),
        ("tags.`x.y/z` LIKE '100_'", "gamma"),
        ("tags.team IS NULL", "Delta"),
        ("tags.team IS NOT NULL", "alpha beta gamma"),
        ("NOT tags.team = 'a'", "Delta beta gamma"),
        ("tags.unknown = 'a'", ""),
        ("tags.team = 'a' OR name = 'Delta'", "Delta alpha"),
        ("(tags.team = 'a' OR tags.team = 'b') AND NOT (name = 'beta')", "alpha"),
        ("tags.team = 'a' AND tags.note = 'it'", ""),
        ("tags.team = 'a' AND name = 'beta'", ""),
    ] {
        assert_eq!(models(&alice, filter).await, found, "{filter}");
    }
}

#[tokio::test]
async fn versions_are_filtered_by_every_attribute() {
    let (_server, alice) = registry().await;
    for (filter, found) in [
        ("", "alpha/1 alpha/2 beta/1 beta/2"),
        ("name = 'alpha'", "alpha/1 alpha/2"),
        ("name = 'alpha' AND name = 'beta'", ""),
        ("name = 'alpha' AND name LIKE 'al%'", "alpha/1 alpha/2"),
        ("name = 'alpha' OR name = 'beta'", "alpha/1 alpha/2 beta/1 beta/2"),
        ("name = 'none'", ""),
        ("NOT name = 'alpha'", "beta/1 beta/2"),
        ("name != 'alpha'", "beta/1 beta/2"),
        ("name ILIKE 'ALPHA'", "alpha/1 alpha/2"),
        ("name IN ('beta', 'none')", "beta/1 beta/2"),
        ("name IN ('none')", ""),
        ("name NOT IN ('beta')", "alpha/1 alpha/2"),
        ("version_number = 2", "alpha/2 beta/2"),
        ("version_number != '2'", "alpha/1 beta/1"),
        ("version_number < 2 AND name = 'beta'", "beta/1"),
        ("version_number >= 9223372036854775807", ""),
        ("version_number > -9223372036854775808", "alpha/1 alpha/2 beta/1 beta/2"),
        ("source_path = 's3://bucket/one'", "alpha/1"),
        ("source_path = ''", "beta/2"),
        ("source_path LIKE '%/one'", "alpha/1 beta/1"),
        ("source_path ILIKE 'GS://bucket%'", "beta/1"),
        ("source_path != 's3://bucket/one' AND name = 'alpha'", "alpha/2"),
        ("tags.step = '1'", "alpha/1 beta/1"),
        ("name = 'alpha' AND tags.step = '1'", "alpha/1"),
        ("tags.step != '1'", "alpha/2"),
        ("tags.step IS NULL", "beta/2"),
        ("tags.step = '1' AND tags.lang = 'en'", "beta/1"),
        ("tags.step = '1' OR tags.step IS NULL", "alpha/1 beta/1 beta/2"),
        ("NOT (tags.step = '1' OR version_number = 2)", ""),
        ("NOT tags.step LIKE '1%'", "alpha/2 beta/2"),
    ] {
        assert_eq!(versions(&alice, filter).await, found, "{filter}");
    }
}

#[tokio::test]
async fn the_semver_is_a_tag_of_every_version_but_a_prompts() {
    let (_server, alice) = registry().await;
    for (filter, found) in [
        ("tags.gitlab.version = '1.0.0'", "alpha/1 beta/1"),
        ("name = 'alpha' AND tags.`gitlab.version` = '2.0.0-rc.1'", "alpha/2"),
        ("name = 'alpha' AND tags.`gitlab.version` = '1.0.1'", ""),
        ("tags.`gitlab.version` != '1.0.0'", "alpha/2 beta/2"),
        ("tags.`gitlab.version` LIKE '%-rc%'", "alpha/2"),
        ("tags.`gitlab.version` IS NULL", ""),
        ("NOT tags.`gitlab.version` IS NULL AND name = 'beta'", "beta/1 beta/2"),
        ("tags.`gitlab.version` IS NOT NULL AND name = 'beta'", "beta/1 beta/2"),
        ("tags.`gitlab.version` IS NULL AND tags.mlflow.prompt.is_prompt = 'true'", "greet/1"),
        ("tags.`gitlab.version` IS NOT NULL AND tags.mlflow.prompt.is_prompt = 'true'", ""),
    ] {
        assert_eq!(versions(&alice, filter).await, found, "{filter}");
    }
    let tag = json!({ "name": "greet", "version": "1", "key": "gitlab.version", "value": "7.7.7" });
    assert_eq!(alice.post("model-versions/set-tag", tag).await.status, 400);
    let prompts = "tags.mlflow.prompt.is_prompt = 'true' AND";
    for filter in [
        "tags.gitlab.version = '7.7.7'",
        "tags.gitlab.version = '1.0.0'",
        "name = 'greet' AND tags.gitlab.version = '1.0.0'",
        "name = 'greet' AND tags.gitlab.version = 'none'",
    ] {
        assert_eq!(versions(&alice, &format!("{prompts} {filter}")).await, "", "{filter}");
    }
}

#[tokio::test]
async fn prompts_are_left_out_unless_the_filter_speaks_of_them() {
    let (_server, alice) = registry().await;
    let all = "Delta alpha beta gamma greet";
    let only_models = "Delta alpha beta gamma";
    for (filter, found) in [
        ("name LIKE '%'", only_models),
        ("tags.team = 'a'", "alpha"),
        ("name = 'greet'", ""),
        ("tags.`mlflow.prompt.is_prompt` = 'true'", "greet"),
        ("tag.mlflow.prompt.is_prompt != 'false'", "greet"),
        ("tags.`mlflow.prompt.is_prompt` = 'true' AND name = 'greet'", "greet"),
        ("tags.`mlflow.prompt.is_prompt` = 'true' AND name = 'alpha'", ""),
        ("tags.`mlflow.prompt.is_prompt` = 'false'", only_models),
        ("tags.`mlflow.prompt.is_prompt` != 'true'", only_models),
        ("name LIKE '%' AND tag.`mlflow.prompt.is_prompt` != 'true'", only_models),
        ("tags.`mlflow.prompt.is_prompt` = 'TRUE'", ""),
        ("tags.`mlflow.prompt.is_prompt` = 'other'", ""),
        ("tags.`mlflow.prompt.is_prompt` != 'other'", "greet"),
        ("tags.`mlflow.prompt.is_prompt` LIKE 't%'", "greet"),
        ("tags.`mlflow.prompt.is_prompt` IS NULL", only_models),
        ("NOT tags.`mlflow.prompt.is_prompt` = 'true'", only_models),
        ("tags.`mlflow.prompt.is_prompt` = 'true' OR tags.team IS NULL", "Delta greet"),
        ("tags.`mlflow.prompt.is_prompt` = 'true' OR tags.`mlflow.prompt.is_prompt` = 'false'", all),
        ("tags.`Mlflow.prompt.is_prompt` IS NULL", only_models),
    ] {
        assert_eq!(models(&alice, filter).await, found, "{filter}");
    }
    let versions_of_models = "alpha/1 alpha/2 beta/1 beta/2";
    for (filter, found) in [
        ("name = 'greet'", ""),
        ("tags.step = '1'", "alpha/1 beta/1"),
        ("name = 'greet' AND tag.`mlflow.prompt.is_prompt` = 'true'", "greet/1"),
        ("tags.mlflow.prompt.is_prompt = 'true'", "greet/1"),
        ("tags.mlflow.prompt.is_prompt = 'false'", versions_of_models),
        ("tags.mlflow.prompt.is_prompt != 'true'", versions_of_models),
        ("tags.mlflow.prompt.is_prompt = 'TRUE'", ""),
        ("NOT tags.mlflow.prompt.is_prompt IS NULL", "greet/1"),
    ] {
        assert_eq!(versions(&alice, filter).await, found, "{filter}");
    }
    // A model that becomes a prompt, and is none any more.
    let tag = json!({ "name": "Delta", "key": PROMPT.0, "value": PROMPT.1 });
    alice.post("registered-models/set-tag", tag.clone()).await.ok();
    assert_eq!(models(&alice, "").await, "alpha beta gamma");
    alice.delete("registered-models/delete-tag", tag).await.ok();
    assert_eq!(models(&alice, "").await, only_models);
}

#[tokio::test]
async fn a_version_is_found_by_its_run_and_by_the_run_it_was_made_from() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    model(&alice, "m", &[]).await;
    let run = alice.create_run().await;
    let source = format!("runs:/{}/model", run.id);
    let promoted = alice.create_version("m", json!({ "source": source, "run_id": run.id })).await;
    let plain = alice.create_version("m", json!({})).await;
    let (own, other) = (promoted["run_id"].as_str().unwrap(), plain["run_id"].as_str().unwrap());
    let (id, prefix) = (&run.id, &run.id[..31]);
    for (filter, found) in [
        (format!("run_id = '{id}'"), "m/1"),
        (format!("run_id = '{own}'"), "m/1"),
        (format!("run_id = '{other}'"), "m/2"),
        (format!("run_id IN ('{id}', '{other}')"), "m/1 m/2"),
        (format!("name = 'm' AND run_id = '{id}'"), "m/1"),
        (format!("name = 'none' AND run_id = '{id}'"), ""),
        (format!("run_id = '{id}' AND run_id = '{own}'"), "m/1"),
        (format!("run_id = '{id}' OR run_id = '{other}'"), "m/1 m/2"),
        (format!("run_id != '{id}'"), "m/2"),
        (format!("run_id != '{own}'"), "m/2"),
        (format!("run_id NOT IN ('{own}', '{other}')"), ""),
        (format!("NOT run_id = '{id}'"), "m/2"),
        (format!("run_id LIKE '{prefix}_'"), "m/1"),
        (format!("NOT run_id LIKE '{prefix}_'"), "m/2"),
        (format!("run_id ILIKE '{}%'", id.to_uppercase()), "m/1"),
        ("run_id = 'none'".to_owned(), ""),
        ("run_id != 'none'".to_owned(), "m/1 m/2"),
    ] {
        assert_eq!(versions(&alice, &filter).await, found, "{filter}");
    }
}

#[tokio::test]
async fn values_longer_than_an_index_holds_are_told_apart() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let long = "é".repeat(100);
    let values = [("a", long.clone()), ("b", format!("{long}x")), ("c", "é".repeat(99))];
    for (name, value) in &values {
        model(&alice, name, &[("t", value)]).await;
        version(&alice, name, "", &[("t", value)]).await;
    }
    for (name, value) in &values {
        assert_eq!(models(&alice, &format!("tags.t = '{value}'")).await, *name);
        assert_eq!(versions(&alice, &format!("tags.t = '{value}'")).await, format!("{name}/1"));
    }
    assert_eq!(models(&alice, &format!("tags.t = '{}'", "é".repeat(98))).await, "");
}
