//! A real S3 protocol server over a temporary folder, on a free loopback port, with its own thread.

#![expect(clippy::expect_used, reason = "a test that has no bucket must stop there")]

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::thread::JoinHandle;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

const ACCESS_KEY: &str = "weir-test-access";
const SECRET_KEY: &str = "weir-test-secret";

/// The server and its one bucket; both are gone when it is dropped. It checks the signature of each request.
pub struct Bucket {
    address: SocketAddr,
    files: tempfile::TempDir,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Bucket {
    pub const NAME: &str = "weir-test";

    pub fn start() -> Self {
        let files = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(files.path().join(Self::NAME)).expect("the bucket's folder");
        let mut service =
            S3ServiceBuilder::new(s3s_fs::FileSystem::new(files.path()).expect("an S3 file system"));
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let service = service.build();
        let (stop, stopped) = oneshot::channel();
        let (started, address) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
                started.send(listener.local_addr().expect("its address")).expect("the test waits for it");
                tokio::select! {
                    () = serve(&listener, &service) => {}
                    _ = stopped => {}
                }
            });
            // Not waiting for what still runs: a test may end in the middle of a request.
            runtime.shutdown_background();
        });
        let address = address.recv().expect("the S3 server starts");
        Self { address, files, stop: Some(stop), thread: Some(thread) }
    }

    /// For `--artifacts`; each prefix is a store of its own.
    pub fn url(&self, prefix: &str) -> String {
        format!("s3://{}/{prefix}", Self::NAME)
    }

    /// The variables that make a client use this server.
    pub fn env(&self) -> [(&'static str, String); 4] {
        [
            ("AWS_ENDPOINT_URL", format!("http://{}", self.address)),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET_KEY.to_owned()),
        ]
    }

    /// Where the objects are as plain files, for a test to look at or to damage.
    pub fn folder(&self) -> PathBuf {
        self.files.path().join(Self::NAME)
    }

    /// How many files of S3's own incomplete multipart uploads the server holds.
    pub fn incomplete_uploads(&self) -> usize {
        let entries = std::fs::read_dir(self.files.path()).expect("the server's folder");
        entries.flatten().filter(|entry| entry.file_name().as_encoded_bytes().starts_with(b".upload")).count()
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // Its panic, if any, was printed; a second one here would hide the test's own.
            let _ = thread.join();
        }
    }
}

async fn serve(listener: &TcpListener, service: &S3Service) {
    loop {
        // A connection that failed before it began is the client's to report.
        let Ok((socket, _)) = listener.accept().await else { continue };
        let service = service.clone();
        tokio::spawn(async move {
            let connections = auto::Builder::new(TokioExecutor::new());
            // Ends with an error when the test hangs up, as tests do.
            let _ = connections.serve_connection(TokioIo::new(socket), service).await;
        });
    }
}
