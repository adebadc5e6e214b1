//! The open connections: accepted, served, and closed when their clients fall silent.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};

use crate::slow_body::SlowBody;
use crate::slow_reader::SlowReader;

/// How long a client may keep the server waiting.
#[derive(Clone, Copy)]
pub struct Limits {
    /// From one answer, or the connection's start, to the end of the next request's head.
    pub head: Duration,
    /// Between two pieces of a body.
    pub body: Duration,
    /// Between two pieces of an answer that the client takes. The system asks for the next one only when a good part of
    /// what it keeps for the connection has gone, up to some MiB: a slow client needs minutes for that.
    pub answer: Duration,
}

impl Default for Limits {
    /// The head has the longer time because it counts while a pooled connection is idle, too: a client must not find
    /// it closed just when it writes, and pools and proxies keep theirs for up to 75 s.
    fn default() -> Self {
        let minute = Duration::from_secs(60);
        Self { head: Duration::from_secs(90), body: minute, answer: 5 * minute }
    }
}

pub struct Connections {
    router: Router,
    limits: Limits,
    http: http1::Builder,
    open: GracefulShutdown,
}

impl Connections {
    pub fn new(router: Router, limits: Limits) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(limits.head);
        // The state is known: the routes are made here rather than for each request.
        Self { router: router.with_state(()), limits, http, open: GracefulShutdown::new() }
    }

    /// Accepts and serves until it is dropped.
    pub async fn accept(&self, listener: &TcpListener) -> Infallible {
        let mut complaint = Complaint::default();
        loop {
            match listener.accept().await {
                Ok((connection, peer)) => self.serve(connection, peer),
                Err(error) if is_of_one_client(&error) => {}
                Err(error) => {
                    // Such as too many open files: they stay too many until some connection closes.
                    complaint.make(&error);
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    fn serve(&self, connection: TcpStream, peer: SocketAddr) {
        // Answers are written whole; waiting to fill a packet would only delay them.
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
        let router = TowerToHyperService::new(self.router.clone());
        let limit = self.limits.body;
        let service = service_fn(move |mut request: hyper::Request<_>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            router.call(request.map(|body| SlowBody::new(body, limit)))
        });
        let serving = self
            .http
            .serve_connection(TokioIo::new(SlowReader::new(connection, self.limits.answer)), service);
        let serving = self.open.watch(serving);
        tokio::spawn(async move {
            if let Err(error) = serving.await {
                tracing::debug!(%error, "a connection broke off");
            }
        });
    }

    /// Lets running requests finish and closes the connections.
    pub async fn finish(self) {
        self.open.shutdown().await;
    }
}

/// How long accepting rests after a failure, rather than to fail as fast as it can.
const PAUSE: Duration = Duration::from_millis(100);

/// The client went away before it was accepted.
fn is_of_one_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Says at most once a second that no connection can be accepted.
#[derive(Default)]
struct Complaint {
    last: Option<Instant>,
}

impl Complaint {
    fn make(&mut self, error: &io::Error) {
        if self.last.is_none_or(|last| last.elapsed() >= Duration::from_secs(1)) {
            self.last = Some(Instant::now());
            tracing::error!(%error, "cannot accept connections");
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, Bytes};
    use axum::routing::{get, post};
    use futures_util::stream;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    const LONG: Duration = Duration::from_secs(20);
    const SHORT: Duration = Duration::from_millis(300);
    const PATIENT: Limits = Limits { head: LONG, body: LONG, answer: LONG };

    const PIECE: usize = 64 * 1024;

    #[expect(clippy::unnecessary_wraps, reason = "a body is made of results")]
    fn piece() -> io::Result<Bytes> {
        Ok(Bytes::from_static(&[b'x'; PIECE]))
    }

    /// A server with these limits, and a connection to it.
    async fn connected(limits: Limits) -> TcpStream {
        let router = Router::new()
            .route("/length", post(async |body: Bytes| body.len().to_string()))
            .route("/slow", get(async || tokio::time::sleep(SHORT * 3).await))
            .route("/endless", get(async || Body::from_stream(stream::repeat_with(piece))));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { match Connections::new(router, limits).accept(&listener).await {} });
        TcpStream::connect(address).await.unwrap()
    }

    /// What comes until the server closes, which it has to do about `SHORT` from now.
    async fn until_closed(connection: &mut TcpStream) -> String {
        let began = Instant::now();
        let mut answer = Vec::new();
        tokio::time::timeout(LONG / 2, connection.read_to_end(&mut answer)).await.unwrap().unwrap();
        assert!(began.elapsed() >= SHORT / 2, "closed after {:?}", began.elapsed());
        String::from_utf8(answer).unwrap()
    }

    #[tokio::test]
    async fn a_head_that_stops_half_way_is_given_up() {
        let mut connection = connected(Limits { head: SHORT, ..PATIENT }).await;
        connection.write_all(b"GET /slow HTTP/1.1\r\nHost:").await.unwrap();
        assert_eq!(until_closed(&mut connection).await, "");
    }

    #[tokio::test]
    async fn an_idle_connection_is_closed_after_its_answer() {
        let mut connection = connected(Limits { head: SHORT, ..PATIENT }).await;
        connection
            .write_all(b"POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab")
            .await
            .unwrap();
        let answer = until_closed(&mut connection).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("\r\n\r\n2"), "{answer}");
    }

    #[tokio::test]
    async fn a_body_that_stops_half_way_is_refused_and_its_connection_closed() {
        let mut connection = connected(Limits { body: SHORT, ..PATIENT }).await;
        connection
            .write_all(b"POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab")
            .await
            .unwrap();
        let answer = until_closed(&mut connection).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    }

    #[tokio::test]
    async fn a_body_in_pieces_and_a_slow_answer_have_their_time() {
        let mut connection = connected(Limits { head: SHORT, body: SHORT * 3, answer: SHORT * 3 }).await;
        connection
            .write_all(b"POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\n")
            .await
            .unwrap();
        // Each well within the limit on a busy machine, too, and all of them past it.
        for _ in 0..12 {
            tokio::time::sleep(SHORT / 3).await;
            connection.write_all(b"x").await.unwrap();
        }
        connection.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        let answers = until_closed(&mut connection).await;
        assert_eq!(answers.matches("HTTP/1.1 200").count(), 2, "{answers}");
    }

    #[tokio::test]
    async fn an_answer_that_nobody_reads_is_broken_off() {
        let mut connection = connected(Limits { answer: SHORT, ..PATIENT }).await;
        connection.write_all(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        // What the systems at both ends keep fills up, and then nothing more is taken.
        tokio::time::sleep(SHORT * 4).await;
        let mut answer = Vec::new();
        let end = tokio::time::timeout(LONG / 2, connection.read_to_end(&mut answer)).await;
        assert!(end.is_ok(), "{} bytes came, and no end", answer.len());
        assert!(answer.starts_with(b"HTTP/1.1 200"));
    }

    #[tokio::test]
    async fn an_answer_that_is_read_slowly_goes_on() {
        let mut connection = connected(Limits { answer: SHORT * 3, ..PATIENT }).await;
        connection.write_all(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        // Far more than the systems keep, with a pause each time that they are full again.
        let mut bytes = vec![0; 128 * PIECE];
        for _ in 0..12 {
            tokio::time::sleep(SHORT / 3).await;
            connection.read_exact(&mut bytes).await.unwrap();
        }
    }
}
