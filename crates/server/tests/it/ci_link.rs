//! Links of projects to a CI by command.

use std::process::Output;

use serde_json::{Value, json};

use crate::program::{Home, text};

const TOKEN: &str = "glpat-a-token-of-the-ci-1";
const KEY: &str = "0123456789abcdef0123456789abcdef";
const SET: [&str; 7] = ["ci-link", "set", "1", "--kind", "gitlab", "--ci-project", "acme/vision"];

/// With PostgreSQL, the key is the operator's choice.
fn run(home: &Home, args: &[&str]) -> Output {
    let mut command = home.command(args);
    if home.database_url.is_some() {
        command.env("WEIR_SECRET_KEY", KEY);
    }
    command.output().unwrap()
}

fn json_of(home: &Home, args: &[&str]) -> Value {
    let output = run(home, &[args, &["--json"]].concat());
    assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
    serde_json::from_str(&text(&output.stdout)).unwrap()
}

fn error(home: &Home, args: &[&str]) -> String {
    let output = run(home, args);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(1), ""), "{args:?}");
    text(&output.stderr)
}

#[test]
fn a_link_is_set_shown_changed_and_removed() {
    for home in Home::each() {
        home.done(&["migrate"]);
        home.done(&["project", "create", "root/iris"]);
        assert!(error(&home, &["ci-link", "show", "1"]).contains("linked to no CI"));
        let file = home.folder.path().join("token");
        std::fs::write(&file, format!("{TOKEN}\n")).unwrap();
        let file = file.to_str().unwrap();
        let link =
            json_of(&home, &[&SET[..], &["--url", "https://gitlab.corp/", "--token-file", file]].concat());
        let expected = json!({
            "kind": "gitlab", "url": "https://gitlab.corp", "project": "acme/vision", "has_token": true,
            "token": "kept", "tag": "gitlab.CI_JOB_ID", "updated_by": null, "updated_at": link["updated_at"],
        });
        assert_eq!(link, expected);
        assert_eq!(json_of(&home, &["ci-link", "show", "root/default"]), expected);
        let table = text(&run(&home, &["ci-link", "show", "1"]).stdout);
        assert!(
            table.starts_with("KIND") && table.contains("acme/vision") && !table.contains(TOKEN),
            "{table}"
        );

        // The token stays as long as nothing else changes.
        let again = json_of(&home, &[&SET[..], &["--url", "https://gitlab.corp"]].concat());
        assert_eq!(again["has_token"], true);
        let elsewhere = json_of(&home, &SET);
        assert_eq!((&elsewhere["url"], &elsewhere["token"]), (&json!("https://gitlab.com"), &json!("none")));
        let output =
            run(&home, &["ci-link", "set", "2", "--kind", "github", "--ci-project", "octo/ml", "--no-token"]);
        let told = text(&output.stdout);
        assert_eq!(
            told,
            "project 'root/iris' is linked to 'octo/ml' at https://api.github.com, without a token\n"
        );
        assert!(text(&output.stderr).contains("--outbound-allow"));
        assert!(run(&home, &["ci-link", "remove", "1"]).status.success());
        assert!(error(&home, &["ci-link", "remove", "1"]).contains("linked to no CI"));
    }
}

#[test]
fn a_token_comes_by_standard_input_and_is_never_shown() {
    for home in Home::each() {
        home.done(&["migrate"]);
        let set = [&SET[..], &["--token-file", "-"]].concat();
        let mut outputs = Vec::new();
        if home.database_url.is_some() {
            // A key made here would be another on every replica.
            let refused = home.run_with(&set, TOKEN);
            assert!(text(&refused.stderr).contains("set WEIR_SECRET_KEY"), "{}", text(&refused.stderr));
            outputs.push(refused);
        } else {
            let done = home.run_with(&set, &format!("{TOKEN}\n"));
            assert!(done.status.success(), "{}", text(&done.stderr));
            assert_eq!(json_of(&home, &["ci-link", "show", "1"])["token"], "kept");
            outputs.push(done);
        }
        outputs.push(home.run(&["audit", "list", "--json"]));
        for output in outputs {
            assert!(!text(&output.stdout).contains(TOKEN) && !text(&output.stderr).contains(TOKEN));
        }
        for input in ["", "\n", "two words\n"] {
            assert_eq!(home.run_with(&set, input).status.code(), Some(1), "{input:?}");
        }
    }
}

#[test]
fn what_cannot_be_linked_is_named() {
    let home = Home::sqlite();
    home.done(&["migrate"]);
    for (args, part) in [
        (&["ci-link", "set", "77", "--kind", "gitlab", "--ci-project", "a/b"][..], "'77'"),
        (
            &["ci-link", "set", "1", "--kind", "jenkins", "--ci-project", "a/b"],
            "'jenkins' is not a kind of CI",
        ),
        (&["ci-link", "set", "1", "--kind", "gitlab", "--ci-project", "a"], "'a' is not a project of gitlab"),
        (
            &["ci-link", "set", "1", "--kind", "github", "--ci-project", "a/b", "--url", "x"],
            "'x' is not the address of a CI",
        ),
        (
            &["ci-link", "set", "1", "--kind", "github", "--ci-project", "a/b", "--token-file", "nowhere"],
            "cannot read 'nowhere'",
        ),
        (&["ci-link", "show", "root/nowhere"], "root/nowhere"),
    ] {
        let error = error(&home, args);
        assert!(error.lines().count() == 1 && error.contains(part), "{args:?}: {error}");
    }
    let both = home.run(&[&SET[..], &["--no-token", "--token-file", "x"]].concat());
    assert_eq!(both.status.code(), Some(2));
    assert_eq!(home.run(&["ci-link", "set", "1"]).status.code(), Some(2));
}
