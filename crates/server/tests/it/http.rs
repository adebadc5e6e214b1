//! One HTTP request at a time over a plain connection, so that a test decides when which byte is sent.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// What the header `cookie` has to be from now on, with its line end.
    pub fn cookie(&self) -> String {
        let (_, cookie) = self.head.split_once("set-cookie: ").unwrap_or_else(|| panic!("{}", self.head));
        format!("Cookie: {}\r\n", cookie.split(';').next().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

pub fn get(address: SocketAddr, path: &str, token: Option<&str>) -> Answer {
    send(address, &head("GET", path, token, 0), "")
}

pub fn post(address: SocketAddr, path: &str, token: Option<&str>, body: &str) -> Answer {
    send(address, &head("POST", path, token, body.len()), body)
}

pub fn delete(address: SocketAddr, path: &str, token: Option<&str>) -> Answer {
    send(address, &head("DELETE", path, token, 0), "")
}

/// A request of a browser: with a header `cookie` and others, and no token.
pub fn browse(address: SocketAddr, method: &str, path: &str, headers: &str, body: &str) -> Answer {
    let head = head(method, path, None, body.len());
    send(address, &head.replace("\r\n\r\n", &format!("\r\n{headers}\r\n")), body)
}

pub fn head(method: &str, path: &str, token: Option<&str>, length: usize) -> String {
    let token = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n{token}Content-Length: {length}\r\n\r\n"
    )
}

fn send(address: SocketAddr, head: &str, body: &str) -> Answer {
    let mut connection = connect(address);
    connection.write_all(format!("{head}{body}").as_bytes()).unwrap();
    read(connection)
}

pub fn connect(address: SocketAddr) -> TcpStream {
    let connection = TcpStream::connect(address).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    connection
}

/// Reads to the end of the connection.
pub fn read(mut connection: TcpStream) -> Answer {
    let mut bytes = Vec::new();
    connection.read_to_end(&mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer but '{text}'"));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}
