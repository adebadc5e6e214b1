//! Live events: what a page hears of, and who hears it.

mod changes;
mod replicas;
mod streams;

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;
use weir_api::Pace;
use weir_testing::{Client, TestServer, Wishes};

/// As fast as a test can wait for; signs of life have time to come on a busy machine.
const PACE: Pace =
    Pace { tell_ms: 20, beat_ms: 3000, check_ms: 100, doubt_ms: 10_000, streams_of_user: 3, streams: 5 };

async fn server() -> TestServer {
    server_at(PACE).await
}

async fn server_at(pace: Pace) -> TestServer {
    let server = TestServer::with(Wishes { pace: Some(pace), ..Wishes::default() }).await;
    listening(&server.root()).await;
    server
}

/// Waits until a server hears what is told.
async fn listening(client: &Client) {
    for _ in 0..200 {
        let request = client.request(Method::GET, &format!("{}/metrics", client.server));
        let text = String::from_utf8(client.send(request).await.bytes).unwrap();
        if text.lines().any(|line| line == "weir_events_listening 1") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the server does not listen");
}

/// An open stream.
struct Stream {
    response: reqwest::Response,
    buffer: String,
    last_id: String,
}

#[derive(Debug)]
struct Event {
    name: String,
    id: String,
    data: Value,
}

impl Stream {
    /// Opens a stream of project 1, behind an event if one is named; its `ready` is read.
    async fn open(client: &Client, last: Option<&str>) -> (Self, bool) {
        let response = ask(client, last).await;
        assert_eq!(response.status().as_u16(), 200);
        let mut stream = Self { response, buffer: String::new(), last_id: String::new() };
        let ready = stream.any().await;
        assert_eq!(ready.name, "ready");
        let resumed = ready.data["resumed"].as_bool().unwrap();
        (stream, resumed)
    }

    async fn new(client: &Client) -> Self {
        Self::open(client, None).await.0
    }

    /// The next event of any kind; `None` at the end of the stream.
    async fn find(&mut self) -> Option<Event> {
        loop {
            if let Some((event, rest)) = self.buffer.split_once("\n\n") {
                let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("");
                let (name, id) = (field("event: ").to_owned(), field("id: ").to_owned());
                let data = serde_json::from_str(field("data: ")).unwrap();
                self.buffer = rest.to_owned();
                if !id.is_empty() {
                    self.last_id.clone_from(&id);
                }
                return Some(Event { name, id, data });
            }
            let piece = tokio::time::timeout(Duration::from_secs(20), self.response.chunk()).await;
            let piece = piece.unwrap().unwrap()?;
            self.buffer.push_str(std::str::from_utf8(&piece).unwrap());
        }
    }

    async fn any(&mut self) -> Event {
        self.find().await.unwrap()
    }

    /// The next that is no sign of life.
    async fn next(&mut self) -> Event {
        let next = async {
            loop {
                let event = self.any().await;
                if event.name != "beat" {
                    return event;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(30), next).await.unwrap()
    }

    /// The next change, as a line of text without the ids.
    async fn change(&mut self) -> String {
        let event = self.next().await;
        assert_eq!(event.name, "change", "{event:?}");
        assert!(!event.id.is_empty());
        let words = |value: &Value| {
            value.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let data = &event.data;
        let mut line = format!("{} {}", data["kind"].as_str().unwrap(), words(&data["changes"]).join("+"));
        for field in ["experiment_id", "model", "version", "semver"] {
            if let Some(value) = data[field].as_str() {
                line.push_str(&format!(" {field}={value}"));
            }
        }
        line
    }

    /// Changes until `done` has been seen, in any order.
    async fn until(&mut self, done: &str) -> Vec<String> {
        let mut seen = Vec::new();
        loop {
            seen.push(self.change().await);
            if seen.last().is_some_and(|line| line == done) {
                return seen;
            }
        }
    }
}

async fn ask(client: &Client, last: Option<&str>) -> reqwest::Response {
    let mut request = client.request(Method::GET, &format!("{}/api/v4/projects/1/ml/events", client.server));
    if let Some(last) = last {
        request = request.header("Last-Event-ID", last);
    }
    request.send().await.unwrap()
}
