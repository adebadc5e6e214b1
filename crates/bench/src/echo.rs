//! The limit of HTTP itself: an axum server that gives back the body it got, run as a child process like Weir.

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use axum::Router;
use axum::body::Bytes;
use axum::http::{StatusCode, Uri};
use tokio::net::TcpListener;

use crate::Result;
use crate::process::Process;

/// The largest answer that `/bytes/<size>` gives.
const LARGEST_ANSWER: usize = 64 << 20;

/// What such answers are cut from; made by the first of them, so that an idle echo stays small.
static FILLER: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(vec![b'x'; LARGEST_ANSWER]));

fn router() -> Router {
    Router::new().route("/health", axum::routing::get(async || "OK")).fallback(answer)
}

/// `/bytes/<size>` is that many bytes without any work; every other path gives back what was sent.
async fn answer(uri: Uri, body: Bytes) -> std::result::Result<Bytes, StatusCode> {
    let Some(size) = uri.path().strip_prefix("/bytes/") else {
        return Ok(body);
    };
    let size: usize = size.parse().map_err(|_| StatusCode::BAD_REQUEST)?;
    if size > LARGEST_ANSWER {
        return Err(StatusCode::BAD_REQUEST);
    }
    Ok(FILLER.slice(..size))
}

/// The child's whole life: serves until its standard input ends, which it does when the benchmark is gone.
pub fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("http://{}", listener.local_addr()?);
        std::thread::spawn(|| {
            // Whether it ends or fails, nobody is there any more.
            let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
            std::process::exit(0);
        });
        axum::serve(listener, router()).await?;
        Ok(())
    })
}

/// Starts the echo as a child of this process.
pub fn start(scratch: &Path) -> Result<Process> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("echo-server");
    Process::spawn(command, &scratch.join("echo.log"))
}

#[cfg(test)]
pub async fn serve_for_test() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, router()).await });
    address
}
