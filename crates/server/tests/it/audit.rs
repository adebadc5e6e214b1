//! The audit log by command: what commands leave in it, and a chain that somebody broke.

use serde_json::{Value, json};

use crate::http::get;
use crate::program::{Home, text};

/// The entries of `audit list`, the oldest first.
fn listed(home: &Home, more: &[&str]) -> Vec<Value> {
    let listed = home.json(&[&["audit", "list"][..], more].concat());
    let mut events = listed.as_array().unwrap().clone();
    events.reverse();
    events
}

fn names(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["event"].as_str().unwrap()).collect()
}

/// Commands, in this order, and the entry that each leaves: the event, what it belongs to, and what it was done to.
const ACTS: &[(&str, &str, &str, &str)] = &[
    ("user create alice --email alice@example.org", "user_created", "alice", "alice"),
    ("user update alice --name Alice", "user_updated", "alice", "alice"),
    ("user sign-in-link alice", "sign_in_link_created", "alice", "alice"),
    ("user block alice", "user_blocked", "alice", "alice"),
    ("user unblock alice", "user_unblocked", "alice", "alice"),
    ("group create team", "group_created", "team", "team"),
    ("group update team --description Ours", "group_updated", "team", "team"),
    ("group delete team", "group_deleted", "team", "team"),
    ("group restore team", "group_restored", "team", "team"),
    ("project create team/iris", "project_created", "team/iris", "team/iris"),
    ("project update team/iris --name Iris", "project_updated", "team/iris", "team/iris"),
    ("project set-visibility 1 internal", "project_updated", "root/default", "root/default"),
    ("project set-version-part 1 minor", "project_updated", "root/default", "root/default"),
    ("project archive team/iris", "project_archived", "team/iris", "team/iris"),
    ("project unarchive team/iris", "project_unarchived", "team/iris", "team/iris"),
    ("project delete team/iris", "project_deleted", "team/iris", "team/iris"),
    ("project restore team/iris", "project_restored", "team/iris", "team/iris"),
    ("member add 1 alice developer", "member_added", "root/default", "alice"),
    ("member add 1 alice maintainer", "member_updated", "root/default", "alice"),
    ("member remove 1 alice", "member_removed", "root/default", "alice"),
    ("member add team alice guest --group", "member_added", "team", "alice"),
    ("token create --user alice --name mine", "access_token_created", "alice", "mine"),
    ("token create --project 1 --name bot", "access_token_created", "root/default", "bot"),
    ("token create --group team --name crew", "access_token_created", "team", "crew"),
    ("token rotate 1", "access_token_rotated", "alice", "mine"),
    ("token revoke 2", "access_token_revoked", "root/default", "bot"),
    (
        "trust add 1 --issuer https://gitlab.com --audience a --claim project_path=acme/vision --name ci",
        "trust_rule_created",
        "root/default",
        "ci",
    ),
    ("trust remove 1 1", "trust_rule_removed", "root/default", "ci"),
    ("ci-link set 1 --kind gitlab --ci-project acme/vision", "ci_link_set", "root/default", "acme/vision"),
    ("ci-link remove 1", "ci_link_removed", "root/default", "acme/vision"),
    ("group delete team --now", "group_deleted", "team", "team"),
    ("user delete alice", "user_destroyed", "alice", "alice"),
];

#[test]
fn every_command_that_changes_something_leaves_an_entry() {
    for home in Home::each() {
        home.done(&["migrate"]);
        let mut seen = 0;
        for (command, event, entity, target) in ACTS {
            home.done(&command.split(' ').collect::<Vec<_>>());
            let events = listed(&home, &[]);
            // The first also makes user root and its project, as the server's first start would.
            let new = &events[seen..];
            let first = seen == 0;
            seen = events.len();
            // The last but one takes a project along.
            let count = if first { 3 } else { 1 + usize::from(command.ends_with("--now")) };
            assert_eq!(new.len(), count, "{command}: {:?}", names(new));
            let left = new.last().unwrap();
            let told = (&left["event"], &left["entity"], &left["target"]);
            assert_eq!(told, (&json!(event), &json!(entity), &json!(target)), "{command}");
            let actor = (&left["author"], &left["means"], &left["author_id"], &left["address"]);
            assert_eq!(actor, (&json!("command line"), &json!("command line"), &json!(0), &Value::Null));
        }
        assert_eq!(names(&listed(&home, &[])[..2]), ["user_created", "project_created"]);
        let of_project = listed(&home, &["--project", "1"]);
        assert!(of_project.len() > 10 && of_project.iter().all(|event| event["entity_id"] == 1));

        // What changes nothing leaves nothing, and a refused command neither.
        for refused in ["token rotate 77", "user create root", "token revoke 77", "ci-link remove 1"] {
            let output = home.run(&refused.split(' ').collect::<Vec<_>>());
            assert_eq!(output.status.code(), Some(1), "{refused}");
        }
        for silent in ["token revoke 2", "token list", "user list", "audit verify"] {
            home.done(&silent.split(' ').collect::<Vec<_>>());
        }
        assert_eq!(listed(&home, &[]).len(), seen);
        assert!(!Value::from(listed(&home, &[])).to_string().contains("glpat-"));
    }
}

#[test]
fn a_password_and_a_reused_token_are_told_without_their_secrets() {
    for home in Home::each() {
        home.done(&["migrate"]);
        let set = home.run_with(&["user", "set-password", "root"], "a long enough password\n");
        assert!(!set.status.success(), "nobody is there yet");
        home.done(&["token", "create", "--user", "root"]);
        home.done(&["token", "rotate", "1"]);
        assert!(!home.run(&["token", "rotate", "1"]).status.success());
        let set = home.run_with(&["user", "set-password", "root"], "a long enough password\n");
        assert!(set.status.success(), "{}", text(&set.stderr));
        let events = listed(&home, &[]);
        let (events, told) = (names(&events), Value::from(events.clone()).to_string());
        assert_eq!(
            events[2..],
            ["access_token_created", "access_token_rotated", "access_token_reused", "password_updated"]
        );
        assert!(!told.contains("long enough") && !told.contains("glpat-"), "{told}");
    }
}

#[test]
fn acts_beside_a_running_server_stand_in_its_log() {
    for home in Home::each() {
        let mut server = home.serve();
        let token = server.first_token();
        home.done(&["user", "create", "bob"]);
        let events = get(server.address, "/api/v4/audit_events", Some(&token));
        let newest = &events.json()[0];
        assert_eq!((&newest["event_name"], &newest["author_id"]), (&json!("user_created"), &json!(0)));
        assert_eq!(newest["details"]["author_name"], "command line");
    }
}

/// A log of ten entries.
fn filled(home: &Home) {
    home.done(&["migrate"]);
    for number in 0..8 {
        home.done(&["user", "create", &format!("user-{number}")]);
    }
    assert_eq!(home.done(&["audit", "verify"]), "the audit log holds: 10 entries");
}

/// Takes away what keeps our own mistakes out, as whoever means harm would.
fn disarm(home: &Home) {
    for (trigger, table) in [
        ("audit_events_stay", "audit_events"),
        ("audit_events_remain", "audit_events"),
        ("audit_head_advances", "audit_head"),
        ("audit_head_remains", "audit_head"),
    ] {
        match home.database_url {
            None => home.sql(&format!("DROP TRIGGER {trigger}")),
            Some(_) => home.sql(&format!("DROP TRIGGER {trigger} ON {table}")),
        }
    }
}

/// `audit verify` ends with 1 and says where; returns the JSON that it prints for scripts.
fn broken(home: &Home, args: &[&str], part: &str) -> Value {
    let args = [&["audit", "verify"][..], args].concat();
    let output = home.run(&args);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    let error = text(&output.stderr);
    assert!(error.lines().count() == 1 && error.contains(part), "{error}");
    assert_eq!(text(&output.stdout), "");
    let output = home.run(&[&args[..], &["--json"]].concat());
    assert_eq!(output.status.code(), Some(1));
    serde_json::from_str(&text(&output.stdout)).unwrap()
}

#[test]
fn a_chain_that_was_broken_is_found_with_its_place() {
    let head =
        "UPDATE audit_head SET sequence = 7, hash = (SELECT hash FROM audit_events WHERE sequence = 7)";
    for (sql, part, first) in [
        (
            "UPDATE audit_events SET actor = 'mallory' WHERE sequence = 4",
            "entry 4 is not what was sealed",
            json!(4),
        ),
        ("DELETE FROM audit_events WHERE sequence = 4", "entry 4 is missing", json!(4)),
        ("DELETE FROM audit_events WHERE sequence > 8", "the entries 9 to 10 are missing", json!(9)),
        (head, "entry 8 stands behind the head", json!(8)),
        ("DELETE FROM audit_head", "the head is gone", Value::Null),
    ] {
        for home in Home::each() {
            filled(&home);
            disarm(&home);
            home.sql(sql);
            let told = broken(&home, &[], part);
            assert_eq!((&told["holds"], &told["first_broken"]), (&json!(false), &first), "{sql}");
        }
    }
}

#[test]
fn a_head_that_is_kept_elsewhere_finds_a_log_that_was_cut() {
    for home in Home::each() {
        filled(&home);
        let kept = home.done(&["audit", "head"]);
        assert!(kept.starts_with("10:") && kept.len() == 3 + 64, "{kept}");
        let head = home.json(&["audit", "head"]);
        assert_eq!((&head["head"], &head["sequence"]), (&json!(kept), &json!(10)));
        assert_eq!(home.done(&["audit", "verify", "--head", &kept]), "the audit log holds: 10 entries");
        let told = home.json(&["audit", "verify", "--head", &kept]);
        assert_eq!((&told["holds"], &told["checked"]), (&json!(true), &json!(10)));

        disarm(&home);
        home.sql("DELETE FROM audit_events WHERE sequence > 7");
        home.sql(
            "UPDATE audit_head SET sequence = 7, hash = (SELECT hash FROM audit_events WHERE sequence = 7)",
        );
        assert_eq!(home.done(&["audit", "verify"]), "the audit log holds: 7 entries");
        broken(&home, &["--head", &kept], "ends before entry 10");
        let bad = home.run(&["audit", "verify", "--head", "ten"]);
        assert!(bad.status.code() == Some(1) && text(&bad.stderr).contains("'ten'"), "{}", text(&bad.stderr));
    }
}

#[test]
fn a_list_is_cut_by_project_time_and_number() {
    for home in Home::each() {
        filled(&home);
        let table = home.done(&["audit", "list", "--limit", "2"]);
        let lines: Vec<&str> = table.lines().collect();
        assert!(
            lines[0].starts_with("SEQUENCE") && lines[1].contains("user-7") && lines.len() == 3,
            "{table}"
        );
        assert_eq!(listed(&home, &["--limit", "3"]).len(), 3);
        assert_eq!(listed(&home, &["--before", "2001-01-01"]).len(), 0);
        assert_eq!(listed(&home, &["--after", "2001-01-01"]).len(), 10);
        assert_eq!(names(&listed(&home, &["--project", "root/default"])), ["project_created"]);
        home.done(&["group", "create", "team"]);
        assert_eq!(names(&listed(&home, &["--group", "team"])), ["group_created"]);
        for (args, part) in
            [(&["--after", "yesterday"][..], "'yesterday'"), (&["--project", "root/nowhere"], "root/nowhere")]
        {
            let output = home.run(&[&["audit", "list"][..], args].concat());
            assert!(output.status.code() == Some(1) && text(&output.stderr).contains(part), "{args:?}");
        }
    }
}

/// The demo makes up three weeks of history. When it was made, and by whom, is not made up.
#[test]
fn the_demo_leaves_entries_that_say_when_it_was_made() {
    for home in Home::each() {
        home.done(&["migrate"]);
        home.done(&["project", "create", "root/other"]);
        let before = listed(&home, &[]);
        home.done(&["demo"]);
        home.done(&["demo", "--remove"]);
        let events = &listed(&home, &[])[before.len()..];
        let names = names(events);
        assert_eq!(names.first(), Some(&"project_created"), "{names:?}");
        assert_eq!(names.last(), Some(&"project_deleted"), "{names:?}");
        for made in ["ml_model_created", "ml_model_version_published", "ml_model_alias_set"] {
            assert!(names.contains(&made), "{names:?}");
        }
        let earliest = before.last().unwrap()["created_at"].as_str().unwrap();
        for event in events {
            assert_eq!(event["means"], "command line", "{event}");
            assert!(event["created_at"].as_str().unwrap() >= earliest, "{event}");
        }
        home.done(&["audit", "verify"]);
    }
}
