//! The end of a server: what runs may finish, nothing holds it up for long.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::http::{connect, get, head, read};
use crate::program::{Home, Server};

const CREATE: &str = "/api/2.0/mlflow/experiments/create";

/// A request of which half has been sent, and the other half.
fn half_sent(server: &Server, token: &str, name: &str) -> (TcpStream, String) {
    let body = format!(r#"{{"name": "{name}"}}"#);
    let mut connection = connect(server.address);
    connection.write_all(head("POST", CREATE, Some(token), body.len()).as_bytes()).unwrap();
    let (now, later) = body.split_at(4);
    connection.write_all(now.as_bytes()).unwrap();
    // Until the server has read it, it is no running request.
    std::thread::sleep(Duration::from_millis(300));
    (connection, later.to_owned())
}

#[test]
fn a_running_request_finishes_and_new_ones_are_refused() {
    for home in Home::each() {
        let mut server = home.serve();
        let token = server.first_token();
        let (mut slow, rest) = half_sent(&server, &token, "slow");

        server.signal("TERM");
        while TcpStream::connect(server.address).is_ok() {
            std::thread::sleep(Duration::from_millis(5));
        }
        slow.write_all(rest.as_bytes()).unwrap();
        let answer = read(slow);
        assert_eq!(answer.status, 200, "{}", answer.body);
        let (status, took) = server.ended();
        assert!(status.success() && took < Duration::from_secs(5), "{status} after {took:?}");

        let server = home.serve();
        let found =
            get(server.address, "/api/2.0/mlflow/experiments/get-by-name?experiment_name=slow", Some(&token));
        assert_eq!(found.status, 200, "{}", found.body);
    }
}

#[test]
fn a_request_that_never_ends_is_cut_off_within_ten_seconds() {
    let home = Home::sqlite();
    let mut server = home.serve();
    let token = server.first_token();
    let (_endless, _) = half_sent(&server, &token, "endless");

    let took = server.stop();

    assert!(took > Duration::from_secs(5) && took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn idle_connections_hold_nothing_up() {
    let home = Home::sqlite();
    let server = home.serve();
    // One that has said nothing yet, and one that waits for its client's next request.
    let _silent = connect(server.address);
    let mut kept = connect(server.address);
    kept.write_all(b"GET /health HTTP/1.1\r\nHost: weir\r\n\r\n").unwrap();
    let mut first = [0; 12];
    kept.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    std::thread::sleep(Duration::from_millis(100));

    let took = server.stop();

    assert!(took < Duration::from_secs(3), "{took:?}");
}

#[test]
fn open_event_streams_hold_nothing_up() {
    for home in Home::each() {
        let mut server = home.serve();
        let token = server.first_token();
        let mut stream = connect(server.address);
        let head = head("GET", "/api/v4/projects/1/ml/events", Some(&token), 0);
        stream.write_all(head.as_bytes()).unwrap();
        let mut seen = String::new();
        while !seen.contains("event: ready") {
            let mut piece = [0; 1024];
            let length = stream.read(&mut piece).unwrap();
            assert!(length > 0, "{seen}");
            seen.push_str(std::str::from_utf8(&piece[..length]).unwrap());
        }

        let took = server.stop();

        assert!(took < Duration::from_secs(3), "{took:?}");
        let mut rest = String::new();
        stream.read_to_string(&mut rest).unwrap();
        assert!(rest.contains(r#"{"reason":"stop"}"#), "{rest}");
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let home = Home::sqlite();
    let mut server = home.serve();
    let token = server.first_token();
    let (_endless, _) = half_sent(&server, &token, "endless");
    server.signal("INT");
    while TcpStream::connect(server.address).is_ok() {
        std::thread::sleep(Duration::from_millis(5));
    }

    server.signal("INT");

    let (status, took) = server.ended();
    assert!(!status.success() && took < Duration::from_secs(2), "{status} after {took:?}");
}
