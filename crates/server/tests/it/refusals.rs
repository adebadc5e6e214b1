//! Starts that cannot be: one clear sentence, a non-zero exit, no secret and no Rust in it.

use std::net::TcpListener;
use std::process::Output;

use crate::program::{Home, bare_command, text};

/// The one sentence of a command that must fail.
fn sentence(output: &Output) -> String {
    assert!(!output.status.success());
    assert_eq!(text(&output.stdout), "");
    let error = text(&output.stderr);
    // Beside what is logged, a JSON object a line.
    let lines: Vec<&str> = error.lines().filter(|line| !line.starts_with('{')).collect();
    assert!(lines.len() == 1 && lines[0].starts_with("weir: "), "{error}");
    for rust in ["Error {", "Err(", "Some(", "panicked", "backtrace", "src/", "Internal"] {
        assert!(!error.contains(rust), "{error}");
    }
    lines[0].to_owned()
}

fn assert_refused(output: &Output, parts: &[&str]) {
    let sentence = sentence(output);
    for part in parts {
        assert!(sentence.contains(part), "'{part}' is not in: {sentence}");
    }
}

#[test]
fn a_busy_port() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let home = Home::sqlite();
    assert_refused(&home.run(&["serve", "--listen", &address]), &[&address, "another program", "--listen"]);
    // Nothing was made whose token nobody saw.
    drop(taken);
    let mut server = home.serve();
    assert!(server.first_token().starts_with("glpat-"));
}

#[test]
fn an_address_that_is_none() {
    let home = Home::sqlite();
    for address in ["5000", "127.0.0.1:http", "127.0.0.1:70000", ":5000"] {
        assert_refused(&home.run(&["serve", "--listen", address]), &[address, "HOST:PORT"]);
    }
}

#[test]
fn a_data_folder_that_cannot_be() {
    let home = Home::sqlite();
    // Permissions do not stop a root user; a file in the way stops everybody.
    std::fs::write(home.folder.path().join("file"), "").unwrap();
    let below = home.folder.path().join("file/data");
    let below = below.to_str().unwrap();
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["migrate"], &["user", "list"]] {
        let output = bare_command().args(command).args(["--data", below]).output().unwrap();
        assert_refused(&output, &[below, "data folder"]);
    }
    let artifacts = home.run(&["serve", "--listen", "127.0.0.1:0", "--artifacts", below]);
    assert_refused(&artifacts, &[below, "artifacts"]);
}

#[test]
fn a_database_that_cannot_be_reached() {
    let home = Home::sqlite();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("postgres://weir:hunter2@{closed}/weir");
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["migrate"], &["user", "list"]] {
        let output = home.command(command).args(["--database-url", &url]).output().unwrap();
        assert_refused(&output, &["cannot use the database", "weir:***@", "onnection refused"]);
        assert!(!text(&output.stderr).contains("hunter2"));
    }
}

#[test]
fn a_database_that_is_not_there() {
    for home in Home::each() {
        let Some(url) = &home.database_url else { continue };
        let output = home.command(&["migrate"]).args(["--database-url", &format!("{url}_gone")]).output();
        assert_refused(&output.unwrap(), &["cannot use the database", "_gone", "does not exist"]);
    }
}

#[test]
fn a_database_url_that_is_none() {
    let home = Home::sqlite();
    for url in
        ["mysql://weir:hunter2@host/db", "weir:hunter2@host/db", "postgres://weir:hunter2@host:port/db"]
    {
        let output = home.command(&["serve"]).args(["--database-url", url]).output().unwrap();
        assert_refused(&output, &["database URL", "***"]);
        assert!(!text(&output.stderr).contains("hunter2"));
    }
}

#[test]
fn a_file_that_is_no_database() {
    let home = Home::sqlite();
    std::fs::create_dir(home.data()).unwrap();
    std::fs::write(home.data().join("weir.db"), "this is a letter to my grandmother, not a database")
        .unwrap();
    assert_refused(&home.run(&["serve", "--listen", "127.0.0.1:0"]), &["weir.db", "not a database"]);
}

#[test]
fn a_newer_schema() {
    for home in Home::each() {
        home.done(&["migrate"]);
        let newer = "INSERT INTO schema_migrations (number, name) VALUES (9999, 'tomorrow')";
        match &home.database_url {
            Some(url) => {
                postgres::Client::connect(url, postgres::NoTls).unwrap().batch_execute(newer).unwrap();
            }
            None => {
                rusqlite::Connection::open(home.data().join("weir.db")).unwrap().execute(newer, []).unwrap();
            }
        }
        for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["migrate"], &["user", "list"]] {
            assert_refused(&home.run(command), &["schema 9999", "newer weir"]);
        }
    }
}

#[test]
fn a_bad_first_token() {
    let home = Home::sqlite();
    for token in ["hunter2", "glpat-short", "glpat-with a blank in the middle"] {
        let output = home.command(&["serve"]).env("WEIR_ROOT_TOKEN", token).output().unwrap();
        assert_refused(&output, &["WEIR_ROOT_TOKEN", "glpat-", "20"]);
        assert!(!text(&output.stderr).contains(token));
    }
}

#[test]
fn no_auth_off_loopback() {
    let home = Home::sqlite();
    for address in ["0.0.0.0:0", "[::]:0"] {
        let output = home.run(&["serve", "--no-auth", "--listen", address]);
        assert_refused(&output, &["--no-auth", "loopback", address]);
    }
    let output = home.command(&["serve", "--listen", "0.0.0.0:0"]).env("WEIR_NO_AUTH", "1").output();
    assert_refused(&output.unwrap(), &["--no-auth"]);
}

#[test]
fn a_second_server_on_the_same_folder() {
    let home = Home::sqlite();
    let server = home.serve();
    let second = home.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_refused(&second, &["another weir server", "data folder", home.data().to_str().unwrap()]);
    // The first is none the worse for it, and its folder is free when it has gone.
    assert_eq!(crate::http::get(server.address, "/ready", None).status, 200);
    server.stop();
    home.serve();
}

#[test]
fn a_default_project_that_is_not_there() {
    let home = Home::sqlite();
    assert_refused(
        &home.run(&["serve", "--listen", "127.0.0.1:0", "--default-project", "7"]),
        &["no project", "7"],
    );
    // Nothing was made whose token nobody saw.
    assert!(home.serve().first_token().starts_with("glpat-"));
}
