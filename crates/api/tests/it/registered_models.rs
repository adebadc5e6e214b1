//! Registered models: their names, the experiments that belong to them, descriptions, tags and aliases.

use serde_json::{Value, json};
use weir_domain::access::{Role, Visibility};
use weir_testing::TestServer;

#[tokio::test]
async fn a_model_is_made_with_its_experiment_and_goes_with_it() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let fields =
        json!({ "name": "iris", "description": "flowers", "tags": [{ "key": "team", "value": "a" }] });
    let made = alice.post("registered-models/create", fields).await.ok()["registered_model"].clone();
    assert_eq!(
        (&made["name"], &made["description"], &made["user_id"], &made["tags"]),
        (&json!("iris"), &json!("flowers"), &json!("alice"), &json!([{ "key": "team", "value": "a" }]))
    );
    assert_eq!(made["creation_timestamp"], server.now());
    assert_eq!(alice.get("registered-models/get?name=iris").await.ok()["registered_model"], made);

    let by_name = "experiments/get-by-name?experiment_name=%5Bmodel%5Diris";
    let experiment = alice.get(by_name).await.ok()["experiment"]["experiment_id"].clone();
    let body = json!({ "experiment_id": experiment });
    let answer = alice.post("experiments/delete", body.clone()).await;
    assert!(answer.to_string().contains("Cannot delete an experiment associated to a model"), "{answer}");
    let renamed = json!({ "experiment_id": experiment, "new_name": "x" });
    assert_eq!(alice.post("experiments/update", renamed).await.status, 400);

    alice.create_version("iris", json!({})).await;
    alice.delete("registered-models/delete", json!({ "name": "iris" })).await.ok();
    assert_eq!(
        alice.get("registered-models/get?name=iris").await.to_string(),
        "404 RESOURCE_DOES_NOT_EXIST: Registered Model with name=iris not found"
    );
    assert_eq!(alice.get(by_name).await.status, 404);
    let again = alice.create_model("iris").await;
    assert!(again.get("latest_versions").is_none());
    assert_eq!(alice.create_version("iris", json!({})).await["version"], "1", "numbers start again");
}

#[tokio::test]
async fn every_refused_name_says_why() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("taken").await;
    alice.create_experiment("busy").await;
    alice.create_experiment("[model]odd").await;
    for (name, status, part) in [
        ("", 400, "Missing value for required parameter 'name'"),
        ("taken", 400, "RESOURCE_ALREADY_EXISTS: Registered Model (name=taken) already exists."),
        ("busy", 400, "'busy' is the name of an experiment"),
        ("odd", 400, "needs the experiment '[model]odd'"),
        ("a/b", 400, "Invalid model name 'a/b'. Names cannot contain '/' or ':'."),
        ("a:b", 400, "Invalid model name 'a:b'. Names cannot contain '/' or ':'."),
        ("..", 400, "Invalid model name '..'"),
        (&"n".repeat(256), 400, "exceeds the maximum length of 255 characters (got 256"),
    ] {
        let answer = alice.post("registered-models/create", json!({ "name": name })).await;
        assert_eq!(answer.status, status, "{name}");
        assert!(answer.to_string().contains(part), "{name}: {answer}");
    }
    for name in ["é 模型", "a.b-c_d", "100%", "a#b?c"] {
        alice.create_model(name).await;
    }
    let description = json!({ "name": "long", "description": "d".repeat(65 * 1024) });
    assert!(alice.post("registered-models/create", description).await.to_string().contains("'description'"));
    let twice = json!({ "name": "t", "tags": [{ "key": "a", "value": "1" }, { "key": "a", "value": "2" }] });
    assert!(
        alice.post("registered-models/create", twice).await.to_string().contains("Duplicate tag key 'a'")
    );
    assert_eq!(alice.get("registered-models/get?name=t").await.status, 404, "nothing is half made");
}

#[tokio::test]
async fn a_renamed_model_keeps_everything() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("old").await;
    alice.create_model("other").await;
    let version = alice.create_version("old", json!({})).await;
    let alias = json!({ "name": "old", "alias": "champion", "version": "1" });
    alice.post("registered-models/alias", alias).await.ok();
    let to = |name: &str, new: &str| json!({ "name": name, "new_name": new });
    let taken = alice.post("registered-models/rename", to("old", "other")).await;
    assert_eq!(
        taken.to_string(),
        "400 RESOURCE_ALREADY_EXISTS: Registered Model (name=other) already exists."
    );

    let renamed =
        alice.post("registered-models/rename", to("old", "new")).await.ok()["registered_model"].clone();
    assert_eq!(renamed["name"], "new");
    assert_eq!(renamed["aliases"], json!([{ "alias": "champion", "version": "1" }]));
    assert_eq!(renamed["latest_versions"][0]["name"], "new");
    assert_eq!(alice.get("registered-models/get?name=old").await.status, 404);
    let found = alice.get("registered-models/alias?name=new&alias=champion").await.ok();
    assert_eq!(found["model_version"]["run_id"], version["run_id"]);
    assert_eq!(alice.get("experiments/get-by-name?experiment_name=%5Bmodel%5Dnew").await.status, 200);
    assert_eq!(alice.post("registered-models/rename", to("old", "x")).await.status, 404);
}

#[tokio::test]
async fn descriptions_and_tags_change_as_in_mlflow() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    server.advance_ms(5);
    let body = json!({ "name": "m", "description": "two" });
    let updated = alice.patch("registered-models/update", body).await.ok()["registered_model"].clone();
    assert_eq!(updated["description"], "two");
    assert_eq!(updated["last_updated_timestamp"], server.now());
    let cleared = alice.patch("registered-models/update", json!({ "name": "m" })).await.ok();
    assert_eq!(cleared["registered_model"]["description"], "");

    for value in ["a", "b"] {
        let tag = json!({ "name": "m", "key": "k", "value": value });
        alice.post("registered-models/set-tag", tag).await.ok();
    }
    let tags = |answer: Value| answer["registered_model"].get("tags").cloned();
    let get = "registered-models/get?name=m";
    assert_eq!(tags(alice.get(get).await.ok()), Some(json!([{ "key": "k", "value": "b" }])));
    for _ in 0..2 {
        alice.delete("registered-models/delete-tag", json!({ "name": "m", "key": "k" })).await.ok();
    }
    assert_eq!(tags(alice.get(get).await.ok()), None);
    let long = json!({ "name": "m", "key": "k".repeat(251), "value": "v" });
    assert!(alice.post("registered-models/set-tag", long).await.to_string().contains("250"));
}

#[tokio::test]
async fn an_alias_moves_and_none_looks_like_a_version() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    for version in ["1.0.0", "1.1.0"] {
        alice.create_semver("m", version).await;
    }
    let set = async |alias: &str, version: &str| {
        let body = json!({ "name": "m", "alias": alias, "version": version });
        alice.post("registered-models/alias", body).await
    };
    set("champion", "1").await.ok();
    set("champion", "1.1.0").await.ok();
    let model = alice.get("registered-models/get?name=m").await.ok();
    assert_eq!(model["registered_model"]["aliases"], json!([{ "alias": "champion", "version": "2" }]));
    let version = alice.get("model-versions/get?name=m&version=2").await.ok();
    assert_eq!(version["model_version"]["aliases"], json!(["1.1.0", "champion"]));

    for (alias, part) in [
        ("1.2.0", "looks like"),
        ("^1.2", "looks like"),
        (">=1,<2", "looks like"),
        ("1.x", "looks like"),
        ("Latest", "'latest' alias name (case insensitive) is reserved."),
        ("v2", "Version alias name 'v2' is reserved."),
        ("a b", "Invalid alias name: 'a b'."),
        ("", "Missing value for required parameter 'alias'"),
    ] {
        let answer = set(alias, "1").await;
        assert_eq!(answer.status, 400, "{alias}");
        assert!(answer.to_string().contains(part), "{alias}: {answer}");
    }
    assert_eq!(set("champion", "9").await.status, 404);
    for _ in 0..2 {
        let body = json!({ "name": "m", "alias": "champion" });
        alice.delete("registered-models/alias", body).await.ok();
    }
    assert_eq!(alice.get("registered-models/alias?name=m&alias=champion").await.status, 404);
}

#[tokio::test]
async fn models_of_another_project_do_not_exist() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("secret").await;
    let other = server.project("root/other", Visibility::Private).await;
    let mallory = server
        .user("mallory", &[(other, Role::Owner)], weir_domain::access::Scopes::API, &other.to_string())
        .await;
    assert_eq!(mallory.get("registered-models/get?name=secret").await.status, 404);
    let body = json!({ "name": "secret", "source": "" });
    assert_eq!(mallory.post("model-versions/create", body).await.status, 404);
    mallory.create_model("secret").await;
    let body = json!({ "name": "secret", "source": "models:/secret/1" });
    let answer = mallory.post("model-versions/create", body).await;
    assert!(answer.to_string().starts_with("404"), "{answer}");
}
