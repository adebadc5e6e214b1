//! The first start, later starts, and two at once.

use std::io::Write as _;

use serde_json::Value;

use crate::http::{connect, get, post, read};
use crate::program::{Home, Server};

const GIVEN: &str = "glpat-given-by-the-operator-1";
const EXPERIMENTS: &str = "/api/2.0/mlflow/experiments";

fn experiment_names(server: &Server, token: &str) -> Vec<String> {
    let answer = get(server.address, &format!("{EXPERIMENTS}/search?max_results=100"), Some(token));
    assert_eq!(answer.status, 200, "{}", answer.body);
    let answer = answer.json();
    let experiments = answer["experiments"].as_array().unwrap();
    experiments.iter().map(|experiment| experiment["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_first_start_prints_exports_that_work_and_a_restart_keeps_everything() {
    for home in Home::each() {
        let mut server = home.serve();
        let uri = server.wait_for("export MLFLOW_TRACKING_URI=");
        let token = server.first_token();
        let path = uri.strip_prefix(&format!("http://{}", server.address)).unwrap();
        assert_eq!(path, "/api/v4/projects/1/ml/mlflow");
        let created =
            post(server.address, &format!("{path}{EXPERIMENTS}/create"), Some(&token), r#"{"name": "iris"}"#);
        assert_eq!(created.status, 200, "{}", created.body);
        assert_eq!(get(server.address, "/ready", None).status, 200);
        server.stop();

        let mut server = home.serve();
        server.wait_for("To make one: weir token create");
        assert!(!server.printed().contains("glpat-"), "{}", server.printed());
        assert_eq!(experiment_names(&server, &token), ["iris", "Default"]);
        let log = server.log();
        server.stop();
        assert!(!log.contains("glpat-") && !log.contains(token.trim_start_matches("glpat-")), "{log}");
    }
}

#[test]
fn the_operators_token_is_the_first_and_is_never_printed() {
    for home in Home::each() {
        let mut server = home.serve_with(&["--log-level", "debug"], &[("WEIR_ROOT_TOKEN", GIVEN)]);
        assert_eq!(server.first_token(), "$WEIR_ROOT_TOKEN");
        assert_eq!(experiment_names(&server, GIVEN), ["Default"]);
        let refused = get(server.address, &format!("{EXPERIMENTS}/search?max_results=1"), Some("glpat-x"));
        assert_eq!(refused.status, 401, "{}", refused.body);
        assert!(!server.printed().contains(GIVEN));
        server.stop();

        // Known already: nothing to say.
        let server = home.serve_with(&[], &[("WEIR_ROOT_TOKEN", GIVEN)]);
        assert!(!server.log().contains("is ignored"), "{}", server.log());
        server.stop();

        let other = "glpat-another-one-of-someone";
        let server = home.serve_with(&[], &[("WEIR_ROOT_TOKEN", other)]);
        let refused = get(server.address, &format!("{EXPERIMENTS}/search?max_results=1"), Some(other));
        assert_eq!(refused.status, 401, "{}", refused.body);
        let log = server.log();
        assert_eq!(log.matches("WEIR_ROOT_TOKEN is ignored").count(), 1, "{log}");
        assert!(!log.contains(GIVEN) && !log.contains(other), "{log}");
    }
}

#[test]
fn without_auth_everybody_is_root() {
    let home = Home::sqlite();
    let server = home.serve_with(&["--no-auth"], &[]);
    let created = post(server.address, &format!("{EXPERIMENTS}/create"), None, r#"{"name": "open"}"#);
    assert_eq!(created.status, 200, "{}", created.body);
    assert!(server.printed().contains("--no-auth"));

    // A page of another site in a browser on this machine, by address and by a name that points here.
    for foreign in ["Host: localhost\r\nOrigin: https://evil.example", "Host: evil.example:5000"] {
        let mut connection = connect(server.address);
        let request = format!(
            "GET {EXPERIMENTS}/get?experiment_id=0 HTTP/1.1\r\n{foreign}\r\nConnection: close\r\n\r\n"
        );
        connection.write_all(request.as_bytes()).unwrap();
        let answer = read(connection);
        assert_eq!(answer.status, 403, "{}", answer.body);
        assert_eq!(answer.json()["error_code"], "PERMISSION_DENIED");
    }
}

#[test]
fn two_that_start_together_make_one_installation() {
    for home in Home::each() {
        let commands = [1, 2].map(|number| {
            let mut command = home.command(&["serve", "--listen", "127.0.0.1:0"]);
            command.env("WEIR_ROOT_TOKEN", GIVEN);
            (command, home.folder.path().join(format!("log-{number}")))
        });
        let servers: Vec<_> = commands
            .map(|(command, log)| std::thread::spawn(move || Server::start(command, log)))
            .into_iter()
            .map(std::thread::JoinHandle::join)
            .collect();
        let serving: Vec<&Server> = servers.iter().filter_map(|server| server.as_ref().ok()).collect();
        // One folder is one server's; a PostgreSQL database is everybody's.
        let expected = if home.database_url.is_some() { 2 } else { 1 };
        assert_eq!(serving.len(), expected);
        for server in serving {
            assert_eq!(experiment_names(server, GIVEN), ["Default"]);
        }
        let count = |command: &str| {
            let list: Value = serde_json::from_str(&home.done(&[command, "list", "--json"])).unwrap();
            list.as_array().unwrap().len()
        };
        assert_eq!((count("user"), count("project"), count("token")), (1, 1, 1));
    }
}
