//! The only door through which the server fetches anything from the network on somebody's behalf.
//!
//! - Only what the administrator's list allows ([`Entry`]), and only http and https.
//! - Every address is checked when it is connected to, after the name was resolved ([`Zone`]).
//! - No redirect is followed, no proxy of the environment is used, no cookie is kept.
//! - One deadline for everything, a limit on the answer's size, a limit on how many requests are under way.

mod address;
mod allow;
mod names;

use std::error::Error as _;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use reqwest::Client;
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};
use url::Url;

pub use address::{Zone, zone};
pub use allow::Entry;
pub use names::Names;

use allow::Trust;
use names::{Astray, Resolver};

/// What the operator chose.
#[derive(Clone, Debug)]
pub struct Settings {
    pub allow: Vec<Entry>,
    pub connect_timeout: Duration,
    /// For everything: the wait for a free slot, resolving, connecting, and the whole answer.
    pub total_timeout: Duration,
    pub max_concurrent: usize,
    pub names: Names,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            allow: Vec::new(),
            connect_timeout: Duration::from_secs(5),
            total_timeout: Duration::from_secs(10),
            max_concurrent: 16,
            names: Names::System,
        }
    }
}

/// Bytes of an answer, unless the request says otherwise.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// Why something was not fetched. For logs; they name hosts and addresses, so callers tell their users less.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("'{0}' is not an http or https address without a user name")]
    NotWeb(String),
    #[error("'{0}' is not on the administrator's list of outbound addresses (--outbound-allow)")]
    NotAllowed(String),
    #[error(
        "'{origin}' leads to {address}, which is not public: only an allowed origin such as http://host:port may be private, and only an address written out link-local"
    )]
    NotPublic { origin: String, address: IpAddr },
    #[error("'{origin}' answered {status}, a redirect, which is not followed")]
    Redirect { origin: String, status: u16 },
    #[error("'{origin}' answered with more than {limit} bytes")]
    TooLarge { origin: String, limit: usize },
    #[error("'{origin}' took longer than {limit_ms} ms")]
    TimedOut { origin: String, limit_ms: u128 },
    #[error("no free slot for a request to '{0}': too many are under way")]
    Busy(String),
    #[error("'{origin}' cannot be reached: {cause}")]
    Unreachable { origin: String, cause: String },
    #[error("'{origin}' answered with something else than the JSON expected: {cause}")]
    NotJson { origin: String, cause: String },
}

pub type Result<T> = std::result::Result<T, Error>;

/// Not `Debug`: its headers and its body hold secrets.
#[derive(Clone)]
pub struct Request {
    method: Method,
    url: String,
    headers: HeaderMap,
    body: Bytes,
    max_bytes: usize,
}

impl Request {
    pub fn get(url: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            url: url.into(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            max_bytes: MAX_ANSWER_BYTES,
        }
    }

    /// A POST of form fields.
    pub fn form(url: impl Into<String>, fields: &[(&str, &str)]) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut request = Self { method: Method::POST, body: body.into(), ..Self::get(url) };
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers.insert(header::CONTENT_TYPE, form);
        request
    }

    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The most bytes that the answer may have.
    pub fn max_bytes(mut self, max_bytes: usize) -> Self {
        self.max_bytes = max_bytes;
        self
    }
}

/// What came back, whatever its status; redirects are errors.
#[derive(Clone)]
pub struct Answer {
    /// Whose answer it is, for messages.
    pub origin: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Without headers and body, which may hold tokens.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("origin", &self.origin)
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Answer {
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body).map_err(|cause| {
            // Not the reader's own sentence, which quotes what it found: that may be long, or a secret.
            let (kind, line, column) = (cause.classify(), cause.line(), cause.column());
            let cause = format!("{kind:?} error at line {line} column {column}").to_lowercase();
            Error::NotJson { origin: self.origin.clone(), cause }
        })
    }
}

pub struct Outbound {
    allow: Vec<Entry>,
    /// For hosts: connects to public addresses only.
    to_hosts: Client,
    /// For origins that the administrator named: connects to private networks too.
    to_origins: Client,
    slots: Semaphore,
    total_timeout: Duration,
}

impl Outbound {
    pub fn new(settings: Settings) -> weir_domain::Result<Self> {
        let client = |furthest| client(&settings, furthest).map_err(weir_domain::Error::internal);
        Ok(Self {
            to_hosts: client(Zone::Public)?,
            to_origins: client(Zone::Private)?,
            slots: Semaphore::new(settings.max_concurrent),
            total_timeout: settings.total_timeout,
            allow: settings.allow,
        })
    }

    /// Whether `url` could be fetched, as far as that can be told without resolving its name: for settings that
    /// somebody makes now and that are used later.
    pub fn check(&self, url: &str) -> Result<()> {
        self.admit(url).map(|_| ())
    }

    /// Sends `request` and reads the whole answer.
    pub async fn send(&self, request: Request) -> Result<Answer> {
        let (url, trust) = self.admit(&request.url)?;
        let origin = url.origin().ascii_serialization();
        let deadline = Instant::now() + self.total_timeout;
        let Ok(slot) = timeout_at(deadline, self.slots.acquire()).await else {
            return Err(Error::Busy(origin));
        };
        // The semaphore is never closed; if it were, the slot would be an error, which also limits nothing.
        let _slot = slot.map_err(|_| Error::Busy(origin.clone()))?;
        let client = match trust {
            Trust::Host => &self.to_hosts,
            Trust::Origin => &self.to_origins,
        };
        let limit_ms = self.total_timeout.as_millis();
        timeout_at(deadline, fetch(client, url, request, &origin))
            .await
            .unwrap_or_else(|_| Err(Error::TimedOut { origin: origin.clone(), limit_ms }))
    }

    fn admit(&self, text: &str) -> Result<(Url, Trust)> {
        let url = Url::parse(text)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            // Names and passwords in addresses end up in logs, and mislead whoever reads the host.
            .filter(|url| url.has_host() && url.username().is_empty() && url.password().is_none());
        let Some(url) = url else {
            // What is not a plain address may hold a password or be endless: only its beginning is told.
            let scheme = text.split(':').next().unwrap_or_default();
            return Err(Error::NotWeb(format!("{}:…", scheme.chars().take(32).collect::<String>())));
        };
        let origin = || url.origin().ascii_serialization();
        let Some(trust) = allow::trust(&self.allow, &url) else {
            return Err(Error::NotAllowed(origin()));
        };
        if let Some(address) = allow::literal(&url) {
            let furthest = match trust {
                Trust::Host => Zone::Public,
                Trust::Origin => Zone::Guarded,
            };
            if zone(address) > furthest {
                return Err(Error::NotPublic { origin: origin(), address });
            }
        }
        Ok((url, trust))
    }
}

fn client(settings: &Settings, furthest: Zone) -> reqwest::Result<Client> {
    Client::builder()
        .dns_resolver(Resolver { names: settings.names.clone(), furthest })
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .connect_timeout(settings.connect_timeout)
        .pool_idle_timeout(Duration::from_secs(30))
        .pool_max_idle_per_host(2)
        .user_agent(concat!("weir/", env!("CARGO_PKG_VERSION")))
        .build()
}

async fn fetch(client: &Client, url: Url, request: Request, origin: &str) -> Result<Answer> {
    let sending = client.request(request.method, url).headers(request.headers).body(request.body).send();
    let mut response = sending.await.map_err(|error| told(error, origin))?;
    let status = response.status();
    // 304 is no redirect: it answers a request that named what it has.
    if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
        return Err(Error::Redirect { origin: origin.to_owned(), status: status.as_u16() });
    }
    let too_large = || Error::TooLarge { origin: origin.to_owned(), limit: request.max_bytes };
    let announced = response.content_length().unwrap_or_default();
    if usize::try_from(announced).map_or(true, |announced| announced > request.max_bytes) {
        return Err(too_large());
    }
    let headers = std::mem::take(response.headers_mut());
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| told(error, origin))? {
        if body.len() + chunk.len() > request.max_bytes {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { origin: origin.to_owned(), status, headers, body: body.freeze() })
}

/// What reqwest says, without the address (whose query may hold secrets) and with its innermost cause.
fn told(error: reqwest::Error, origin: &str) -> Error {
    let error = error.without_url();
    let mut cause = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(astray) = inner.downcast_ref::<Astray>() {
            return Error::NotPublic { origin: origin.to_owned(), address: astray.address };
        }
        cause = inner.to_string();
        source = inner.source();
    }
    Error::Unreachable { origin: origin.to_owned(), cause }
}
