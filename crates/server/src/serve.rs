//! `weir serve`: from the command line to a server that answers.

use std::path::Path;

use axum::Router;
use axum::middleware::from_fn_with_state;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use weir_api::{App, Clock, Network, SecretKey, Settings, Upkeep};
use weir_artifacts::{Blobs, Location, Options};
use weir_domain::{Error, Result};
use weir_identity::outbound;
use weir_store::Store;

use crate::cli::{LogArgs, ServeArgs, StoreArgs};
use crate::first_start::{self, FirstToken, Installation};
use crate::greeting::Greeting;
use crate::stop::{self, Signals};
use crate::{data_folder, database, listen, local_only, logging, oidc, out, pages, secret_key};

/// What the operator chose, checked.
struct Config {
    args: ServeArgs,
    artifacts: Location,
    external_url: Option<String>,
    trusted_proxies: Vec<Network>,
    outbound_allow: Vec<outbound::Entry>,
    oidc: Option<oidc::Chosen>,
    /// Found once the data folder is locked.
    secret_key: Option<SecretKey>,
    base_path: String,
    first_token: FirstToken,
    store_options: String,
}

/// Runs the server until it is asked to stop.
///
/// Whatever can fail for a reason that the operator can mend comes before the first start's token is made, since
/// that is shown only once.
pub fn run(store_args: &StoreArgs, log: &LogArgs, args: ServeArgs) -> Result<()> {
    logging::start(log, "info")?;
    let addresses = listen::resolve(&args.listen)?;
    if args.no_auth && !listen::is_loopback(&addresses) {
        return Err(Error::invalid(format!(
            "--no-auth makes everybody root, so it needs a loopback address: listen on 127.0.0.1 instead of '{}'",
            args.listen
        )));
    }
    let location = database::location(store_args, args.database_connections)?;
    let mut config = Config::read(store_args, args)?;
    // Held until the process ends.
    let _lock = match database::is_sqlite(&location) {
        true => Some(data_folder::lock(&store_args.data)?),
        false => None,
    };
    config.secret_key = secret_key::find_for_server(&store_args.data, database::is_sqlite(&location))?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::internal)?;
    let listener = runtime.block_on(listen::bind(&config.args.listen, &addresses))?;
    // Outside the runtime: opening blocks, and the PostgreSQL driver has a runtime of its own.
    let store = database::open(&location)?;
    let served = serve(&runtime, config, listener, store.clone());
    stop::finish(runtime, store);
    served
}

impl Config {
    fn read(store_args: &StoreArgs, mut args: ServeArgs) -> Result<Self> {
        let oidc = oidc::read(std::mem::take(&mut args.oidc))?;
        let artifacts = match args.artifacts.as_deref().filter(|url| !url.is_empty()) {
            Some(url) => Location::parse(url)?,
            None => Location::Folder(store_args.data.join("artifacts")),
        };
        let external_url = args.external_url.as_deref().filter(|url| !url.is_empty());
        let trusted_proxies =
            args.trusted_proxies.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
        let outbound_allow =
            args.outbound_allow.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
        let mut outbound_allow = outbound_allow.map(outbound::Entry::parse).collect::<Result<Vec<_>>>()?;
        outbound_allow.extend(oidc.as_ref().map(oidc::Chosen::origin).transpose()?);
        let external_url = external_url.map(listen::external_url).transpose()?;
        Ok(Self {
            secret_key: None,
            outbound_allow,
            oidc,
            trusted_proxies: trusted_proxies.map(str::parse).collect::<Result<_>>()?,
            artifacts,
            base_path: listen::base_path(args.base_path.as_deref(), external_url.as_deref())?,
            external_url,
            first_token: FirstToken::prepare()?,
            store_options: store_options(store_args),
            args,
        })
    }

    fn artifact_options(&self) -> Options {
        Options {
            max_file_bytes: self.args.max_file_bytes,
            min_free_bytes: self.args.min_free_bytes,
            ..Options::default()
        }
    }
}

/// What has to stand behind another command for it to find the same database. Never the password of one.
fn store_options(args: &StoreArgs) -> String {
    match &args.database_url {
        Some(url) if !url.is_empty() => " --database-url …".to_owned(),
        _ if args.data == Path::new("./weir-data") => String::new(),
        _ => format!(" --data {}", quoted(&args.data.display().to_string())),
    }
}

/// `text` as one word of a shell.
fn quoted(text: &str) -> String {
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-+:@%".contains(&byte));
    if plain && !text.is_empty() { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

fn serve(runtime: &Runtime, config: Config, listener: TcpListener, store: Store) -> Result<()> {
    runtime.block_on(async {
        let mut signals = Signals::listen()?;
        let base_path = config.base_path.clone();
        let app = tokio::select! {
            app = start(config, &listener, store) => app?,
            _ = signals.asked() => return Ok(()),
        };
        let upkeep = Upkeep::start(&app);
        let router = router(app.clone(), base_path);
        let served = stop::serve(listener, router, &mut signals, || app.end_streams()).await;
        drop(upkeep);
        Upkeep::finish(&app).await?;
        served
    })
}

fn router(app: App, base_path: String) -> Router {
    let settings = &app.settings;
    let guarded = settings.everybody_is.is_some();
    let external = settings.external_url.as_deref().map(|url| local_only::host(url).to_owned());
    let router = based(weir_api::router(app, pages::at(base_path.clone())), &base_path);
    match guarded {
        true => router.layer(from_fn_with_state(external, local_only::check)),
        false => router,
    }
}

/// Below the base path as well as without it, since some proxies take it away and others pass it on.
fn based(router: Router, base_path: &str) -> Router {
    match base_path.trim_end_matches('/') {
        "" => router,
        base => Router::new().nest_service(base, router.clone()).fallback_service(router),
    }
}

/// Everything up to the first request, and the greeting.
async fn start(config: Config, listener: &TcpListener, store: Store) -> Result<App> {
    let blobs = Blobs::open(&config.artifacts, config.artifact_options()).await?;
    let address = listener.local_addr().map_err(Error::internal)?;
    let clock = Clock::System;
    let Config {
        args,
        base_path,
        external_url,
        trusted_proxies,
        outbound_allow,
        oidc,
        secret_key,
        first_token,
        store_options,
        ..
    } = config;
    let local_url = listen::local_url(address);
    let oidc = oidc.map(|chosen| chosen.settings(external_url.as_deref().unwrap_or(&local_url)));
    let oidc = oidc.transpose()?;
    let Installation { root_id, project_id, token } =
        first_start::complete(&store, first_token, args.default_project, clock.now()).await?;
    let everybody_is = match (args.no_auth, root_id) {
        (false, _) => None,
        (true, Some(root_id)) => Some(root_id),
        (true, None) => return Err(Error::invalid("--no-auth needs the user root, and there is none")),
    };
    let greeting = Greeting {
        local_url: &local_url,
        external_url: external_url.as_deref(),
        project_id,
        token: &token,
        no_auth: args.no_auth,
        store_options: &store_options,
    };
    out::line(&greeting.text())?;
    let settings = Settings {
        default_project: project_id,
        everybody_is,
        external_url,
        base_path: base_path.trim_end_matches('/').to_owned(),
        trusted_proxies,
        oidc,
        secret_key,
        deletion_delay_ms: args.deletion.deletion_delay,
        outbound: outbound::Settings { allow: outbound_allow, ..outbound::Settings::default() },
        ..Settings::default()
    };
    let app = App::new(store, blobs, clock, settings).await?;
    tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "serving");
    Ok(app)
}
