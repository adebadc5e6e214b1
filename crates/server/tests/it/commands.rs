//! The commands beside a running server: what they make works at once, what they end ends within a second.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::http::{get, post};
use crate::program::{Home, text};

const DEFAULT_EXPERIMENT: &str = "/ml/mlflow/api/2.0/mlflow/experiments/get?experiment_id=0";

fn list(home: &Home, args: &[&str]) -> Vec<Value> {
    home.json(args).as_array().unwrap().clone()
}

#[test]
fn made_users_tokens_and_members_work_with_a_running_server() {
    for home in Home::each() {
        let server = home.serve();
        home.done(&["user", "create", "alice", "--name", "Alice A.", "--email", "alice@example.org"]);
        home.done(&["project", "create", "alice/iris", "--creator", "alice"]);
        let token = home.done(&["token", "create", "--user", "alice"]);
        assert!(token.starts_with("glpat-") && token.lines().count() == 1, "{token}");

        let own =
            get(server.address, &format!("/api/v4/projects/alice%2Firis{DEFAULT_EXPERIMENT}"), Some(&token));
        assert_eq!(own.status, 200, "{}", own.body);
        assert_eq!(own.json()["experiment"]["name"], "Default");
        let foreign = get(server.address, &format!("/api/v4/projects/1{DEFAULT_EXPERIMENT}"), Some(&token));
        assert_eq!(foreign.status, 404, "{}", foreign.body);

        home.done(&["member", "add", "root/default", "alice", "reporter", "--expires", "2999-01-01"]);
        let members = list(&home, &["member", "list", "root/default"]);
        let of = |key: &str| members.iter().map(|member| member[key].clone()).collect::<Vec<_>>();
        assert_eq!(of("username"), ["root", "alice"]);
        assert_eq!(of("access_level"), [50, 20]);
        assert_eq!(members[1]["expires_at"], "2999-01-01");

        home.done(&["member", "remove", "1", "alice"]);
        let again = home.run(&["member", "remove", "1", "alice"]);
        assert!(text(&again.stderr).contains("'alice' is no member of project 'root/default'"));
        home.done(&["project", "set-visibility", "alice/iris", "public"]);
        assert_eq!(list(&home, &["project", "list"])[1]["visibility"], "public");
        home.done(&["project", "set-version-part", "alice/iris", "minor"]);
        let bad = home.run(&["project", "set-version-part", "alice/iris", "micro"]);
        assert!(text(&bad.stderr).contains("'micro'"), "{}", text(&bad.stderr));

        let log = server.log();
        assert!(!log.contains("glpat-") && !log.contains(token.trim_start_matches("glpat-")), "{log}");
    }
}

#[test]
fn a_projects_token_acts_in_its_project_with_its_role_only() {
    for home in Home::each() {
        let server = home.serve();
        home.done(&["project", "create", "root/other"]);
        let reporter = home.done(&["token", "create", "--project", "root/default", "--role", "reporter"]);
        let developer =
            home.done(&["token", "create", "--project", "1", "--name", "ci", "--expires", "never"]);
        let create = "/api/v4/projects/1/ml/mlflow/api/2.0/mlflow/experiments/create";
        let try_create = |token: &str, name: &str| {
            post(server.address, create, Some(token), &format!(r#"{{"name": "{name}"}}"#)).status
        };
        assert_eq!(try_create(&reporter, "by a reporter"), 403);
        assert_eq!(try_create(&developer, "by a developer"), 200);
        let other = get(
            server.address,
            &format!("/api/v4/projects/root%2Fother{DEFAULT_EXPERIMENT}"),
            Some(&developer),
        );
        assert_eq!(other.status, 404, "{}", other.body);

        let tokens = list(&home, &["token", "list"]);
        assert_eq!(tokens[2]["name"], "ci");
        assert_eq!(tokens[2]["project_id"], 1);
        assert_eq!(tokens[2]["expires_at"], Value::Null);
        assert!(tokens[1]["expires_at"].is_string());
        // Its bot is not among the people.
        assert_eq!(list(&home, &["user", "list"]).len(), 1);
    }
}

#[test]
fn a_revoked_token_and_a_blocked_user_are_refused_within_a_second() {
    for home in Home::each() {
        let mut server = home.serve();
        let root = server.first_token();
        home.done(&["user", "create", "bob", "--admin"]);
        let bob = home.done(&["token", "create", "--user", "bob", "--scopes", "read_api"]);
        let status = |token: &str| {
            get(server.address, &format!("/api/v4/projects/1{DEFAULT_EXPERIMENT}"), Some(token)).status
        };
        assert_eq!((status(&root), status(&bob)), (200, 200));

        // The server has just looked at both tokens, and remembers them.
        let refused_since = |token: &str| {
            let begun = Instant::now();
            while status(token) != 401 {
                assert!(begun.elapsed() < Duration::from_secs(1), "still let in");
                std::thread::sleep(Duration::from_millis(20));
            }
        };
        home.done(&["user", "block", "bob"]);
        refused_since(&bob);
        let blocked = home.run(&["token", "create", "--user", "bob"]);
        assert!(text(&blocked.stderr).contains("'bob' is blocked"));
        home.done(&["user", "unblock", "bob"]);
        home.done(&["token", "revoke", "1"]);
        refused_since(&root);
        assert_eq!(status(&bob), 200);
        let states: Vec<Value> = list(&home, &["token", "list"]).iter().map(|t| t["state"].clone()).collect();
        assert_eq!(states, ["revoked", "active"]);
    }
}

#[test]
fn trust_rules_are_added_listed_and_removed() {
    for home in Home::each() {
        home.done(&["migrate"]);
        let issuer = "https://gitlab.example.com";
        let claims = ["--claim", "project_path=acme/ml", "--claim", "ref=release-*"];
        let mut add =
            vec!["trust", "add", "root/default", "--issuer", issuer, "--audience", "https://weir", "--json"];
        add.extend(claims);
        let rule: Value = serde_json::from_str(&home.done(&add)).unwrap();
        assert_eq!(rule["claims"], serde_json::json!({ "project_path": "acme/ml", "ref": "release-*" }));
        assert_eq!((&rule["role"], &rule["id"]), (&"developer".into(), &1.into()));
        assert_eq!(list(&home, &["trust", "list", "1"]), [rule]);

        let table = home.done(&["trust", "list", "1"]);
        assert!(table.contains("project_path=acme/ml,ref=release-*"), "{table}");
        home.done(&["trust", "remove", "1", "1"]);
        assert_eq!(list(&home, &["trust", "list", "1"]), [Value::Null; 0]);
        for (args, part) in [
            (&["trust", "remove", "1", "1"][..], "no trust rule '1'"),
            (
                &["trust", "add", "1", "--issuer", issuer, "--audience", "a", "--claim", "ref"],
                "'ref' is not a condition",
            ),
            (
                &["trust", "add", "1", "--issuer", "x", "--audience", "a", "--claim", "ref=a"],
                "'x' is not an issuer",
            ),
            (
                &["trust", "add", "1", "--issuer", issuer, "--audience", "a", "--claim", "ref=main"],
                "needs a condition that says whose jobs it trusts",
            ),
            (
                &[
                    "trust",
                    "add",
                    "1",
                    "--issuer",
                    issuer,
                    "--audience",
                    "a",
                    "--claim",
                    "sub=b",
                    "--claim",
                    "sub=c",
                ],
                "the claim 'sub' was given already",
            ),
        ] {
            let output = home.run(args);
            assert!(
                !output.status.success() && text(&output.stderr).contains(part),
                "{args:?}: {}",
                text(&output.stderr)
            );
        }
    }
}

#[test]
fn a_prepared_database_greets_its_first_server_with_a_token() {
    for home in Home::each() {
        if home.database_url.is_none() {
            let missing = home.run(&["user", "list"]);
            assert!(text(&missing.stderr).contains("there is no database"), "{}", text(&missing.stderr));
        }
        home.done(&["migrate"]);
        home.done(&["user", "create", "carol"]);
        let users = list(&home, &["user", "list"]);
        let names: Vec<&Value> = users.iter().map(|user| &user["username"]).collect();
        assert_eq!(names, ["root", "carol"]);
        let mut server = home.serve();
        let token = server.first_token();
        let found = get(server.address, &format!("/api/v4/projects/1{DEFAULT_EXPERIMENT}"), Some(&token));
        assert_eq!(found.status, 200, "{}", found.body);
    }
}

#[test]
fn what_cannot_be_made_is_named() {
    let home = Home::sqlite();
    home.done(&["migrate"]);
    home.done(&["user", "create", "alice"]);
    for (args, part) in [
        (&["user", "create", "Alice"][..], "'Alice' is taken"),
        (&["user", "create", "a/b"], "'a/b'"),
        (&["project", "create", "iris"], "'iris' is not a project path"),
        (&["project", "create", "nobody/iris"], "no namespace 'nobody'"),
        (&["project", "create", "alice/x", "--visibility", "secret"], "'secret'"),
        (&["member", "add", "1", "alice", "boss"], "'boss' is not a role"),
        (&["member", "add", "1", "nobody", "guest"], "no user 'nobody'"),
        (&["member", "add", "1", "alice", "guest", "--expires", "2001-01-01"], "'2001-01-01'"),
        (&["token", "create", "--user", "nobody"], "no user 'nobody'"),
        (&["token", "create", "--user", "alice", "--scopes", "write"], "'write' is not a scope"),
        (&["token", "create", "--user", "alice", "--expires", "soon"], "'soon' is not a date"),
        (&["token", "create", "--project", "alice/gone"], "alice/gone"),
        (&["token", "revoke", "77"], "'77'"),
    ] {
        let output = home.run(args);
        let error = text(&output.stderr);
        assert!(
            !output.status.success() && error.lines().count() == 1 && error.contains(part),
            "{args:?}: {error}"
        );
        assert_eq!(text(&output.stdout), "", "{args:?}");
    }
    // Which of the two, must be said.
    assert!(!home.run(&["token", "create"]).status.success());
    assert!(!home.run(&["token", "create", "--user", "alice", "--project", "1"]).status.success());
}

#[test]
fn help_and_version_answer() {
    let home = Home::sqlite();
    assert!(home.done(&["--version"]).starts_with("weir 0."));
    let help =
        home.command(&["serve", "--help"]).env("WEIR_DATABASE_URL", "postgres://a:hunter2@h/d").output();
    let help = text(&help.unwrap().stdout);
    for flag in
        ["--listen", "--data", "--database-url", "--artifacts", "--no-auth", "WEIR_LISTEN", "WEIR_NO_AUTH"]
    {
        assert!(help.contains(flag), "{flag}");
    }
    assert!(!help.contains("hunter2"));
}
