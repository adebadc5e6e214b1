//! Groups, projects, members and tokens by command: the same functions as over HTTP, beside a running server.

use serde_json::Value;

use crate::http::{delete, get};
use crate::program::{Home, text};

#[test]
fn a_team_is_set_up_without_a_browser() {
    for home in Home::each() {
        let server = home.serve();
        let group = home.json(&["group", "create", "team", "--name", "The Team"]);
        assert_eq!((&group["full_path"], &group["visibility"]), (&"team".into(), &"private".into()));
        home.done(&["group", "create", "team/vision", "--description", "eyes"]);
        home.done(&["project", "create", "team/vision/iris"]);
        home.done(&["user", "create", "alice"]);
        home.done(&["member", "add", "team", "alice", "developer", "--group"]);
        let members = home.json(&["member", "list", "team", "--group"]);
        assert_eq!(members[1]["username"], "alice");
        let alice = home.done(&["token", "create", "--user", "alice"]);
        let read = |path: &str, token: &str| {
            get(server.address, &format!("/api/v4/projects/{path}"), Some(token)).status
        };
        assert_eq!(read("team%2Fvision%2Firis", &alice), 200);
        home.done(&["member", "remove", "team", "alice", "--group"]);
        std::thread::sleep(std::time::Duration::from_millis(600));
        assert_eq!(read("team%2Fvision%2Firis", &alice), 404);

        let bot = home.done(&[
            "token",
            "create",
            "--group",
            "team",
            "--role",
            "maintainer",
            "--scopes",
            "read_api",
        ]);
        assert_eq!(read("team%2Fvision%2Firis", &bot), 200);
        assert_eq!(read("1", &bot), 404);
        let tokens = home.json(&["token", "list"]);
        let made = tokens.as_array().unwrap().last().unwrap();
        assert_eq!((&made["group_id"], &made["project_id"]), (&group["id"], &Value::Null));
        let id = made["id"].to_string();
        let rotated = home.done(&["token", "rotate", &id]);
        assert_eq!((read("team%2Fvision%2Firis", &rotated), rotated.lines().count()), (200, 1));
        let again = home.run(&["token", "rotate", &id]);
        assert!(text(&again.stderr).contains("has been revoked already"), "{}", text(&again.stderr));
        std::thread::sleep(std::time::Duration::from_millis(600));
        assert_eq!(read("team%2Fvision%2Firis", &rotated), 401);

        home.done(&["group", "update", "team", "--path", "crew"]);
        assert_eq!(home.json(&["project", "list"])[1]["path_with_namespace"], "crew/vision/iris");
        home.done(&["group", "delete", "crew"]);
        assert!(home.json(&["group", "list"])[1]["marked_for_deletion_on"].is_string());
        home.done(&["group", "restore", "crew"]);
        assert!(home.json(&["project", "list"])[1]["marked_for_deletion_on"].is_null());
    }
}

/// The day on which the last of a list is removed, counted from 1970.
fn removed_on(home: &Home, command: &str) -> i64 {
    let listed = home.json(&[command, "list"]);
    let day =
        listed.as_array().unwrap().last().unwrap()["marked_for_deletion_on"].as_str().unwrap().to_owned();
    weir_domain::expiry::moment(&day, "day").unwrap() / (24 * 60 * 60 * 1000)
}

#[test]
fn the_operator_says_how_long_what_is_deleted_waits() {
    for home in Home::each() {
        let mut server = home.serve_with(&["--deletion-delay", "30d"], &[]);
        let token = server.first_token();
        home.done(&["project", "create", "root/iris"]);
        let path = "/api/v4/projects/root%2Firis";
        assert_eq!(delete(server.address, path, Some(&token)).status, 202);
        let thirty = removed_on(&home, "project");

        // Midnight may pass in between.
        home.done(&["project", "create", "root/tulips"]);
        home.done(&["project", "delete", "root/tulips", "--deletion-delay", "90d"]);
        let later = removed_on(&home, "project") - thirty;
        assert!((60..=61).contains(&later), "{later}");
        home.done(&["group", "create", "team"]);
        let mut command = home.command(&["group", "delete", "team"]);
        assert!(command.env("WEIR_DELETION_DELAY", "1w").status().unwrap().success());
        let earlier = thirty - removed_on(&home, "group");
        assert!((22..=23).contains(&earlier), "{earlier}");
        home.done(&["group", "restore", "team"]);
        home.done(&["group", "delete", "team"]);
        let earlier = thirty - removed_on(&home, "group");
        assert!((22..=23).contains(&earlier), "a week unless it is said: {earlier}");
        let refused = home.run(&["serve", "--deletion-delay", "7"]);
        assert!(text(&refused.stderr).contains("such as 7d"), "{}", text(&refused.stderr));
    }
}

#[test]
fn a_project_is_changed_archived_deleted_and_restored() {
    for home in Home::each() {
        home.done(&["migrate"]);
        home.done(&["project", "create", "root/iris"]);
        let changed = home.json(&[
            "project",
            "update",
            "root/iris",
            "--path",
            "flowers",
            "--name",
            "Flowers",
            "--registry-access",
            "disabled",
            "--version-part",
            "major",
        ]);
        assert_eq!(changed["version_part"], "major");
        assert_eq!(changed["path_with_namespace"], "root/flowers");
        assert_eq!(changed["model_registry_access_level"], "disabled");
        home.done(&["project", "archive", "root/flowers"]);
        assert_eq!(home.json(&["project", "list"])[1]["archived"], true);
        home.done(&["project", "unarchive", "root/flowers"]);
        home.done(&["project", "delete", "root/flowers"]);
        home.done(&["project", "restore", "root/flowers"]);
        home.done(&["project", "delete", "root/flowers", "--now"]);
        assert_eq!(home.json(&["project", "list"]).as_array().unwrap().len(), 1);

        let user = home.json(&["user", "create", "bob"]);
        let changed = home.json(&["user", "update", "bob", "--email", "bob@example.org", "--admin", "true"]);
        assert_eq!((&changed["id"], &changed["is_admin"]), (&user["id"], &true.into()));
        home.done(&["user", "delete", "bob"]);
        assert_eq!(home.json(&["user", "list"]).as_array().unwrap().len(), 1);
        for (args, part) in [
            (&["user", "delete", "root"][..], "last administrator"),
            (&["project", "update", "root/default"], "required"),
            (&["group", "create", "nobody/x"], "no group 'nobody'"),
            (&["group", "create", "api"], "reserved"),
            (&["group", "delete", "root"], "Group 'root' not found"),
            (&["project", "restore", "root/default"], "does not wait to be deleted"),
            (&["member", "add", "nowhere", "root", "guest", "--group"], "Group 'nowhere' not found"),
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
