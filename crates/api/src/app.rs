//! What every handler can reach: the store, the artifact store, the clock and the settings.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use weir_artifacts::Blobs;
use weir_domain::namespace::DELETION_DELAY_MS;
use weir_domain::{Error, Result};
use weir_identity::jwks::Issuers;
use weir_identity::outbound::{self, Outbound};
use weir_store::{Store, settings};

use crate::caller::refusals::Refusals;
use crate::caller::{Doorkeeper, IdTokens};
use crate::events::{Hub, Pace};
use crate::packages::listed::ListedFiles;
use crate::page::PageKey;
use crate::peer::Network;
use crate::seats::Seats;
use crate::secret_key::SecretKey;
use crate::sign_in::hashing::Hashing;
use crate::sign_in::oidc::{self, Provider};
use crate::telemetry::Telemetry;

/// Shared by all requests; clones are cheap.
#[derive(Clone)]
pub struct App(Arc<Inner>);

pub struct Inner {
    pub store: Store,
    pub blobs: Blobs,
    pub clock: Clock,
    pub settings: Settings,
    pub(crate) doorkeeper: Doorkeeper,
    pub(crate) refusals: Refusals,
    pub(crate) page_key: PageKey,
    pub telemetry: Telemetry,
    pub(crate) hashing: Hashing,
    /// The keys of issuers of ID tokens; its `outbound` is the door for everything else that is fetched.
    pub issuers: Arc<Issuers>,
    pub(crate) oidc: Option<Provider>,
    pub(crate) id_tokens: IdTokens,
    pub(crate) listed_files: ListedFiles,
    pub(crate) events: Arc<Hub>,
    /// Zip files that are being sent.
    pub(crate) archives: Seats,
}

impl Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// What the operator chose.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The project of the root mount.
    pub default_project: i64,
    /// Every caller is the user with this id (`--no-auth`).
    pub everybody_is: Option<i64>,
    /// Bytes of a JSON body.
    pub max_body_bytes: usize,
    /// The address that users reach this server at, without a slash at its end, when it is known.
    pub external_url: Option<String>,
    /// What stands before our own paths where there is no `external_url`, without a slash at its end.
    pub base_path: String,
    /// Proxies whose word on who the client is counts.
    pub trusted_proxies: Vec<Network>,
    /// What may be fetched from the network.
    pub outbound: outbound::Settings,
    /// What secrets are sealed with that the server must read again; without it none is taken.
    pub secret_key: Option<SecretKey>,
    /// Between the deletion of a project or group and its removal.
    pub deletion_delay_ms: i64,
    /// The provider that people may sign in through.
    pub oidc: Option<oidc::Settings>,
    /// How changes are told to those who watch.
    pub pace: Pace,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            default_project: 1,
            everybody_is: None,
            max_body_bytes: 32 * 1024 * 1024,
            external_url: None,
            base_path: String::new(),
            trusted_proxies: Vec::new(),
            outbound: outbound::Settings::default(),
            secret_key: None,
            deletion_delay_ms: DELETION_DELAY_MS,
            oidc: None,
            pace: Pace::default(),
        }
    }
}

/// The time in milliseconds since 1970, or what a test says it is.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    #[default]
    System,
    Set(Arc<AtomicI64>),
}

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system")]
    pub fn now(&self) -> i64 {
        match self {
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
            }
            Self::Set(now) => now.load(Ordering::Relaxed),
        }
    }
}

/// Random bytes from the operating system.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(bytes)
}

impl App {
    pub async fn new(store: Store, blobs: Blobs, clock: Clock, settings: Settings) -> Result<Self> {
        let fresh: [u8; 32] = random()?;
        let key = store.write(move |tx| settings::get_or_create(tx, "page_token_key", &fresh)).await?;
        let outbound = Outbound::new(settings.outbound.clone())?;
        let issuers = Arc::new(Issuers::new(Arc::new(outbound)));
        let oidc = settings.oidc.clone().map(|chosen| Provider::new(chosen, issuers.clone()));
        Ok(Self(Arc::new(Inner {
            store,
            blobs,
            clock,
            settings,
            doorkeeper: Doorkeeper::default(),
            refusals: Refusals::default(),
            page_key: PageKey::new(key),
            telemetry: Telemetry::default(),
            hashing: Hashing::default(),
            issuers,
            oidc,
            id_tokens: IdTokens::default(),
            listed_files: ListedFiles::default(),
            events: Arc::new(Hub::new()?),
            archives: Seats::default(),
        })))
    }

    /// Ends every stream of events, so that a server that stops need not wait for them.
    pub fn end_streams(&self) {
        self.events.close();
    }
}
