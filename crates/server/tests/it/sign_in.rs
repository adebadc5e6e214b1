//! Ways into the web pages that the operator gives: the first start's link, further links, passwords.

use std::net::SocketAddr;
use std::process::Output;
use std::time::{Duration, Instant};

use crate::http::browse;
use crate::program::{Home, text};

/// Uses a link up, and returns the cookie.
fn follow(address: SocketAddr, link: &str) -> String {
    let (_, path) = link.split_once("/-/").unwrap();
    let used = browse(address, "POST", &format!("/-/{path}"), "", "");
    assert_eq!(used.status, 303, "{}", used.body);
    used.cookie()
}

fn user_of(address: SocketAddr, cookie: &str) -> Option<String> {
    let answer = browse(address, "GET", "/-/session", cookie, "");
    assert!(matches!(answer.status, 200 | 401), "{}", answer.body);
    (answer.status == 200).then(|| answer.json()["user"]["username"].as_str().unwrap().to_owned())
}

#[test]
fn the_first_start_prints_a_link_that_signs_root_in_once() {
    for home in Home::each() {
        let mut server = home.serve_with(&["--log-level", "debug"], &[]);
        let path = format!("/-/sign-in/link/{}", server.wait_for("/-/sign-in/link/"));
        let page = browse(server.address, "GET", &path, "Accept: text/html\r\n", "");
        assert!(page.status == 200 && page.body.contains("<b>root</b>"), "{}", page.body);
        let cookie = follow(server.address, &path);
        assert_eq!(user_of(server.address, &cookie).as_deref(), Some("root"));
        assert_eq!(browse(server.address, "POST", &path, "", "").status, 404);
        let log = server.log();
        assert!(log.contains("signed in by a link"), "{log}");
        let secrets = [path.rsplit('/').next().unwrap(), cookie.trim().rsplit('=').next().unwrap()];
        assert!(secrets.iter().all(|secret| secret.len() == 64 && !log.contains(secret)), "{log}");
        server.stop();

        // Sessions outlive a restart; another link is made by a command.
        let server = home.serve();
        assert!(!server.printed().contains("/-/sign-in/link/"), "{}", server.printed());
        assert_eq!(user_of(server.address, &cookie).as_deref(), Some("root"));
    }
}

#[test]
fn who_chose_the_first_token_gets_no_link_in_the_log() {
    let home = Home::sqlite();
    let mut server = home.serve_with(&[], &[("WEIR_ROOT_TOKEN", "glpat-given-by-the-operator-1")]);
    let command = server.wait_for("A link that signs root in with a browser: ");
    assert!(command.starts_with("weir user sign-in-link root"), "{command}");
    assert!(!server.printed().contains("/-/sign-in/link/"));
}

#[test]
fn a_link_is_made_by_a_command_and_its_session_ends_with_a_block() {
    for home in Home::each() {
        let server = home.serve();
        home.done(&["user", "create", "alice"]);
        let args = ["user", "sign-in-link", "alice", "--external-url", "https://weir.example/ml/"];
        let link = home.done(&args);
        assert!(link.starts_with("https://weir.example/ml/-/sign-in/link/"), "{link}");
        let cookie = follow(server.address, &link);
        assert_eq!(user_of(server.address, &cookie).as_deref(), Some("alice"));
        let told = home.json(&["user", "sign-in-link", "alice"]);
        assert!(told["url"].as_str().unwrap().starts_with("http://127.0.0.1:5000/-/sign-in/link/"), "{told}");
        assert!(told["expires_at"].is_string());

        home.done(&["user", "block", "alice"]);
        let begun = Instant::now();
        while user_of(server.address, &cookie).is_some() {
            assert!(begun.elapsed() < Duration::from_secs(1), "still signed in");
        }
        let refused = home.run(&args);
        assert!(text(&refused.stderr).contains("'alice' is blocked"), "{}", text(&refused.stderr));
        home.done(&["user", "unblock", "alice"]);
        assert_eq!(user_of(server.address, &cookie), None, "it does not come back");
    }
}

fn set_password(home: &Home, username: &str, input: &str) -> Output {
    home.run_with(&["user", "set-password", username], input)
}

#[test]
fn a_password_is_read_from_standard_input() {
    for home in Home::each() {
        let server = home.serve();
        let sign_in = |password: &str| {
            let body = serde_json::json!({ "username": "root", "password": password }).to_string();
            browse(server.address, "POST", "/-/session", "", &body)
        };
        assert_eq!(sign_in("correct horse").status, 401);
        let done = set_password(&home, "root", "correct horse\r\n");
        assert!(done.status.success(), "{}", text(&done.stderr));
        let signed_in = sign_in("correct horse");
        assert_eq!(signed_in.status, 200, "{}", signed_in.body);
        assert_eq!(signed_in.json()["session"]["address"], "127.0.0.1");

        for (username, input, reason) in [
            ("root", "short", "8 to 128 characters, and this one has 5"),
            ("root", "", "this one has 0"),
            ("root", &"x".repeat(129), "8 to 128"),
            ("nobody", "long enough", "no user 'nobody'"),
        ] {
            let refused = set_password(&home, username, input);
            let told = text(&refused.stderr);
            assert!(!refused.status.success() && told.contains(reason), "{told}");
        }
        let cookie = signed_in.cookie();
        assert_eq!(user_of(server.address, &cookie).as_deref(), Some("root"));
        assert!(set_password(&home, "root", "another one").status.success());
        assert_eq!(user_of(server.address, &cookie), None, "signed out by the new password");
        let log = server.log();
        assert!(!log.contains("correct horse") && !log.contains("another one"), "{log}");
    }
}

#[test]
fn the_proxy_that_is_trusted_says_who_the_client_is() {
    let home = Home::sqlite();
    let server = home.serve_with(&["--trusted-proxies", "10.0.0.0/8, 127.0.0.1"], &[]);
    assert!(set_password(&home, "root", "correct horse").status.success());
    let body = r#"{"username": "root", "password": "correct horse"}"#;
    let headers = "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n";
    let answer = browse(server.address, "POST", "/-/session", headers, body);
    assert_eq!(answer.json()["session"]["address"], "203.0.113.9");
    assert!(answer.head.contains("; Secure"), "{}", answer.head);
    let refused = home.run(&["serve", "--listen", "127.0.0.1:0", "--trusted-proxies", "10.0.0.0/33"]);
    assert!(text(&refused.stderr).contains("'10.0.0.0/33' is not a network"), "{}", text(&refused.stderr));
}
