//! One keep-alive connection that sends hand-written requests: every answer but 200 ends the run with its body shown.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Result;
use crate::http::{BodyReader, parse_head};

/// The token the benchmark starts its server with; the server lives on loopback and dies with the run.
pub const TOKEN: &str = "glpat-bench-0123456789012345";

/// The MLflow API of project 1.
const MLFLOW: &str = "/api/v4/projects/1/ml/mlflow/api/2.0/mlflow/";
/// The artifact proxy of project 1.
const ARTIFACTS: &str = "/api/v4/projects/1/ml/mlflow/api/2.0/mlflow-artifacts/artifacts/";

/// Upload and file copy move this much at a time.
pub const PIECE_BYTES: usize = 1 << 20;

pub struct Connection {
    stream: TcpStream,
    /// Sent with every request.
    token: Option<&'static str>,
    request: Vec<u8>,
    input: Vec<u8>,
    body: Vec<u8>,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let input = Vec::with_capacity(64 << 10);
        Ok(Self { stream, token: Some(TOKEN), request: Vec::new(), input, body: Vec::new() })
    }

    /// As a client calls that knows no token.
    pub fn without_token(self) -> Self {
        Self { token: None, ..self }
    }

    /// `count` connections to one server.
    pub async fn open_many(address: SocketAddr, count: usize) -> Result<Vec<Self>> {
        let mut connections = Vec::with_capacity(count);
        for _ in 0..count {
            connections.push(Self::open(address).await?);
        }
        Ok(connections)
    }

    /// Posts JSON to a route of the MLflow API and gives the answer's body.
    pub async fn post(&mut self, route: &str, body: &[u8]) -> Result<&[u8]> {
        self.send("POST", &[MLFLOW, route], body).await
    }

    /// Gets a route of the MLflow API, query included.
    pub async fn get(&mut self, route: &str) -> Result<&[u8]> {
        self.send("GET", &[MLFLOW, route], b"").await
    }

    /// Gets any path of the server.
    pub async fn get_path(&mut self, path: &str) -> Result<&[u8]> {
        self.send("GET", &[path], b"").await
    }

    /// Posts JSON to any path of the server; gets it when there is no body.
    pub async fn ask(&mut self, path: &str, body: &[u8]) -> Result<&[u8]> {
        self.send(if body.is_empty() { "GET" } else { "POST" }, &[path], body).await
    }

    async fn send(&mut self, method: &str, path: &[&str], body: &[u8]) -> Result<&[u8]> {
        self.write_head(method, path, body.len() as u64);
        self.request.extend_from_slice(body);
        self.stream.write_all(&self.request).await?;
        self.body.clear();
        let kept = &mut self.body;
        let status =
            read_answer(&mut self.stream, &mut self.input, |bytes| kept.extend_from_slice(bytes)).await?;
        self.check(status, method, path)?;
        Ok(&self.body)
    }

    /// Sends `size_bytes` bytes as an artifact; `piece` is sent over and over, stamped with its number.
    pub async fn upload(&mut self, artifact: &str, size_bytes: u64, piece: &mut [u8]) -> Result<()> {
        self.write_head("PUT", &[ARTIFACTS, artifact], size_bytes);
        self.stream.write_all(&self.request).await?;
        let mut left = size_bytes;
        while left > 0 {
            piece[..8].copy_from_slice(&left.to_le_bytes());
            let take = piece.len().min(usize::try_from(left)?);
            // A refusal arrives while the body is still going out: stop and read it.
            if self.stream.write_all(&piece[..take]).await.is_err() {
                break;
            }
            left -= take as u64;
        }
        self.body.clear();
        let kept = &mut self.body;
        let status =
            read_answer(&mut self.stream, &mut self.input, |bytes| kept.extend_from_slice(bytes)).await?;
        self.check(status, "PUT", &[ARTIFACTS, artifact])
    }

    /// Reads an artifact and throws its bytes away; the answer is their number.
    pub async fn download(&mut self, artifact: &str) -> Result<u64> {
        self.write_head("GET", &[ARTIFACTS, artifact], 0);
        self.stream.write_all(&self.request).await?;
        self.input.reserve(PIECE_BYTES);
        self.body.clear();
        let (mut size_bytes, mut start) = (0_u64, Vec::new());
        let status = read_answer(&mut self.stream, &mut self.input, |bytes| {
            size_bytes += bytes.len() as u64;
            if start.len() < 1024 {
                start.extend_from_slice(&bytes[..bytes.len().min(1024)]);
            }
        })
        .await?;
        self.body = start;
        self.check(status, "GET", &[ARTIFACTS, artifact])?;
        Ok(size_bytes)
    }

    fn write_head(&mut self, method: &str, path: &[&str], body_bytes: u64) {
        let request = &mut self.request;
        request.clear();
        request.extend_from_slice(method.as_bytes());
        request.push(b' ');
        for part in path {
            request.extend_from_slice(part.as_bytes());
        }
        request.extend_from_slice(b" HTTP/1.1\r\nHost: 127.0.0.1");
        if let Some(token) = self.token {
            request.extend_from_slice(b"\r\nAuthorization: Bearer ");
            request.extend_from_slice(token.as_bytes());
        }
        if method != "GET" {
            let kind: &[u8] = if method == "PUT" { b"application/octet-stream" } else { b"application/json" };
            request.extend_from_slice(b"\r\nContent-Type: ");
            request.extend_from_slice(kind);
            request.extend_from_slice(b"\r\nContent-Length: ");
            request.extend_from_slice(itoa::Buffer::new().format(body_bytes).as_bytes());
        }
        request.extend_from_slice(b"\r\n\r\n");
    }

    fn check(&self, status: u16, method: &str, path: &[&str]) -> Result<()> {
        if status == 200 {
            return Ok(());
        }
        let body = String::from_utf8_lossy(&self.body);
        Err(format!("{method} {} answered {status}: {body}", path.concat()).into())
    }
}

/// Reads one answer; `sink` gets its body, the result is its status.
async fn read_answer(
    stream: &mut TcpStream,
    input: &mut Vec<u8>,
    mut sink: impl FnMut(&[u8]),
) -> Result<u16> {
    input.clear();
    let head = loop {
        if stream.read_buf(input).await? == 0 {
            return Err("the server closed the connection before it answered".into());
        }
        if let Some(head) = parse_head(input)? {
            break head;
        }
    };
    let mut reader = BodyReader::new(head.framing);
    let mut bytes = &input[head.size_bytes..];
    loop {
        // Requests are not pipelined, so nothing may follow an answer.
        if reader.read(bytes, &mut sink)? < bytes.len() {
            return Err("more bytes than the answer announced".into());
        }
        if reader.is_done() {
            return Ok(head.status);
        }
        input.clear();
        if stream.read_buf(input).await? == 0 {
            return Err("the server closed the connection inside an answer".into());
        }
        bytes = input;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::net::TcpListener;

    use super::*;
    use crate::{echo, load};

    /// Serves one connection with canned answers and gives back what it was asked.
    async fn canned(answers: Vec<&'static [u8]>) -> (SocketAddr, tokio::task::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let served = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = Vec::new();
            for answer in answers {
                let mut request = vec![0; 4096];
                let size = stream.read(&mut request).await.unwrap();
                asked.push(String::from_utf8_lossy(&request[..size]).into_owned());
                for byte in answer {
                    stream.write_all(&[*byte]).await.unwrap();
                }
            }
            asked
        });
        (address, served)
    }

    #[tokio::test]
    async fn a_connection_serves_many_requests_and_both_framings() {
        let (address, served) = canned(vec![
            b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        ])
        .await;
        let mut connection = Connection::open(address).await.unwrap();
        assert_eq!(connection.post("runs/log-metric", b"{\"a\":1}").await.unwrap(), b"{}");
        assert_eq!(connection.get("runs/get?run_id=1").await.unwrap(), b"abcde");
        let asked = served.await.unwrap();
        assert!(
            asked[0]
                .starts_with("POST /api/v4/projects/1/ml/mlflow/api/2.0/mlflow/runs/log-metric HTTP/1.1\r\n")
        );
        assert!(
            asked[0].ends_with("\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}")
        );
        assert!(asked[1].contains("\r\nAuthorization: Bearer glpat-bench-0123456789012345\r\n"));
    }

    #[tokio::test]
    async fn a_connection_without_a_token_sends_none() {
        let (address, served) = canned(vec![b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"]).await;
        let mut connection = Connection::open(address).await.unwrap().without_token();
        connection.get_path("/health").await.unwrap();
        assert_eq!(served.await.unwrap(), ["GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"]);
    }

    #[tokio::test]
    async fn any_other_status_is_an_error_that_shows_the_body() {
        let (address, _) = canned(vec![b"HTTP/1.1 400 Bad Request\r\ncontent-length: 5\r\n\r\nwrong"]).await;
        let mut connection = Connection::open(address).await.unwrap();
        let error = connection.post("runs/create", b"{}").await.unwrap_err().to_string();
        assert!(error.ends_with("runs/create answered 400: wrong"), "{error}");
    }

    #[tokio::test]
    async fn a_closed_connection_is_an_error() {
        let (address, _) = canned(vec![b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"]).await;
        let mut connection = Connection::open(address).await.unwrap();
        assert!(connection.get("x").await.is_err());
    }

    #[tokio::test]
    async fn the_echo_gives_back_bodies_and_large_answers() {
        let address = echo::serve_for_test().await;
        let mut connection = Connection::open(address).await.unwrap();
        assert_eq!(connection.post("runs/log-metric", b"{\"value\":1}").await.unwrap(), b"{\"value\":1}");
        assert_eq!(connection.get_path("/bytes/3000000").await.unwrap().len(), 3_000_000);
    }

    #[tokio::test]
    async fn a_loop_of_clients_counts_what_it_measured() {
        let address = echo::serve_for_test().await;
        let mut clients = Connection::open_many(address, 8).await.unwrap();
        let phase = Duration::from_millis(200);
        let load = load::closed_loop(&mut clients, phase, async |client: &mut Connection| {
            client.post("x", b"body").await.map(drop)
        })
        .await
        .unwrap();
        assert!(load.count() > 8);
        assert!(load.elapsed() >= phase / 2);
        assert!(load.percentile(99.0) >= load.percentile(50.0));
    }
}
