//! The key that seals secrets: made once, kept, and told of when it is another or none.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use crate::http::get;
use crate::program::{Home, text};

const SET: [&str; 9] =
    ["ci-link", "set", "1", "--kind", "gitlab", "--ci-project", "acme/vision", "--token-file", "-"];
const TOKEN: &str = "glpat-a-token-of-the-ci-1";

fn key_file(home: &Home) -> PathBuf {
    home.data().join("secret.key")
}

fn token_state(home: &Home) -> (String, String) {
    let output = home.run(&["ci-link", "show", "1", "--json"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let link: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    (link["token"].as_str().unwrap().to_owned(), text(&output.stderr))
}

#[test]
fn the_first_start_makes_a_key_for_its_owner_alone_and_the_next_keeps_it() {
    let home = Home::sqlite();
    home.serve().stop();
    let made = std::fs::read_to_string(key_file(&home)).unwrap();
    assert!(made.trim().len() == 64 && made.trim().bytes().all(|byte| byte.is_ascii_hexdigit()), "{made}");
    let mode = std::fs::metadata(key_file(&home)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "{mode:o}");
    let server = home.serve();
    assert_eq!(std::fs::read_to_string(key_file(&home)).unwrap(), made);
    assert!(!server.log().contains(made.trim()) && !server.printed().contains(made.trim()));
    server.stop();
    // A command takes the same one; and nothing else is left in the folder.
    assert!(home.run_with(&SET, TOKEN).status.success());
    assert_eq!(std::fs::read_to_string(key_file(&home)).unwrap(), made);
    assert_eq!(token_state(&home).0, "kept");
    let names = std::fs::read_dir(home.data()).unwrap().map(|file| file.unwrap().file_name());
    let like: Vec<_> = names.filter(|name| name.to_string_lossy().starts_with("secret")).collect();
    assert_eq!(like, ["secret.key"]);
}

#[test]
fn with_postgres_no_key_is_made() {
    for home in Home::each().into_iter().filter(|home| home.database_url.is_some()) {
        home.serve().stop();
        assert!(!key_file(&home).exists());
        let key = [("WEIR_SECRET_KEY", "0123456789abcdef0123456789abcdef")];
        let server = home.serve_with(&[], &key);
        assert!(!key_file(&home).exists());
        assert!(!server.log().contains("0123456789abcdef"));
    }
}

#[test]
fn a_lost_key_is_told_in_a_sentence_and_breaks_nothing_else() {
    let home = Home::sqlite();
    home.serve().stop();
    assert!(home.run_with(&SET, TOKEN).status.success());
    std::fs::remove_file(key_file(&home)).unwrap();
    let server = home.serve();
    assert_eq!(get(server.address, "/health", None).status, 200);
    let (token, told) = token_state(&home);
    assert_eq!(token, "unreadable");
    assert!(told.lines().count() == 1 && told.contains("sealed with another secret key"), "{told}");
    // Linked anew, all is well.
    assert!(home.run_with(&SET, TOKEN).status.success());
    assert_eq!(token_state(&home).0, "kept");
}

#[test]
fn a_key_that_cannot_be_used_is_told_in_a_sentence_and_breaks_nothing_else() {
    let home = Home::sqlite();
    home.serve().stop();
    assert!(home.run_with(&SET, TOKEN).status.success());
    std::fs::write(key_file(&home), "short").unwrap();
    let mut server = home.serve();
    let log = server.log();
    let told: Vec<&str> = log.lines().filter(|line| line.contains("secret.key")).collect();
    assert!(told.len() == 1 && told[0].contains("has 5 characters: it needs 32 or more"), "{log}");
    let token = home.done(&["token", "create", "--user", "root"]);
    assert_eq!(get(server.address, "/api/v4/projects/1", Some(&token)).status, 200);
    let (state, told) = token_state(&home);
    assert!(state == "unreadable" && told.contains("it needs 32 or more"), "{told}");
    // It is not replaced: it may come back from a backup.
    let refused = home.run_with(&SET, TOKEN);
    assert!(refused.status.code() == Some(1) && text(&refused.stderr).lines().count() == 1);
    assert_eq!(std::fs::read_to_string(key_file(&home)).unwrap(), "short");
    server.signal("TERM");
    assert!(server.ended().0.success());

    // A setting that is wrong is refused, as others are.
    let output =
        home.command(&["serve", "--listen", "127.0.0.1:0"]).env("WEIR_SECRET_KEY", "short").output().unwrap();
    let error = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(error.contains("WEIR_SECRET_KEY: the secret key has 5 characters"), "{error}");
}
