//! The server, in the test's process, on a free port.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tempfile::TempDir;
use weir_api::{App, Clock, Network, OidcSettings, Pace, Route, SecretKey, Settings, Upkeep};
use weir_artifacts::{Blobs, Location, Options};
use weir_domain::access::{Role, Scopes, Visibility};
use weir_domain::audit::Actor;
use weir_domain::selector::Selector;
use weir_domain::token;
use weir_identity::outbound::Entry;
use weir_store::groups::{self, GroupRef, NewGroup};
use weir_store::members::Place;
use weir_store::projects::ProjectRef;
use weir_store::{Limits, Store, members, model_versions, projects, registered_models, tokens, users};

use crate::bucket::Bucket;
use crate::client::Client;
use crate::database::Database;

/// When a test server's clock begins, in milliseconds: 2026-01-01.
pub const BEGIN: i64 = 1_767_225_600_000;

/// Where a test server keeps artifacts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Artifacts {
    #[default]
    Folder,
    Bucket,
}

/// What a test wants otherwise than usual.
#[derive(Default)]
pub struct Wishes {
    pub artifacts: Artifacts,
    pub max_file_bytes: Option<u64>,
    pub max_body_bytes: Option<usize>,
    pub external_url: Option<&'static str>,
    pub trusted_proxies: Vec<Network>,
    /// Every caller is `root`.
    pub no_auth: bool,
    /// What the server may fetch from.
    pub outbound_allow: Vec<String>,
    pub oidc: Option<OidcSettings>,
    /// How changes are told.
    pub pace: Option<Pace>,
    /// How long reads may take.
    pub limits: Limits,
}

/// A running server with user `root` and project 1, `root/default`; gone when dropped.
pub struct TestServer {
    pub address: String,
    pub app: App,
    pub store: Store,
    /// The folder of artifacts, when they are in one.
    pub artifact_folder: std::path::PathBuf,
    root: String,
    now: Arc<AtomicI64>,
    database: Database,
    _folder: TempDir,
    _bucket: Option<Bucket>,
    _upkeep: Upkeep,
    serving: tokio::task::JoinHandle<()>,
}

/// A second server beside a [`TestServer`]; gone when dropped.
pub struct Replica {
    pub address: String,
    pub app: App,
    upkeep: Option<Upkeep>,
    serving: tokio::task::JoinHandle<()>,
}

impl Replica {
    /// The same caller, at this server.
    pub fn client(&self, client: &Client) -> Client {
        Client::new(&self.address, "1", client.token.clone())
    }

    /// Stops it as an operator does.
    pub async fn stop(mut self) {
        self.app.end_streams();
        self.upkeep = None;
        Upkeep::finish(&self.app).await.expect("the end of a server");
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Serves `app` on a free port; answers with the address.
async fn serve(app: &App) -> (String, tokio::task::JoinHandle<()>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let router = weir_api::router(app.clone(), Arc::new(|_| None));
    let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    let serving = tokio::spawn(async move {
        axum::serve(listener, service).await.expect("the server serves");
    });
    (address, serving)
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl TestServer {
    pub async fn start() -> Self {
        Self::with(Wishes::default()).await
    }

    pub async fn with(wishes: Wishes) -> Self {
        let database = Database::create();
        let store = database.open_with(wishes.limits);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let artifact_folder = folder.path().join("artifacts");
        let mut options = Options { min_free_bytes: 0, ..Options::default() };
        options.max_file_bytes = wishes.max_file_bytes.unwrap_or(options.max_file_bytes);
        let mut bucket = None;
        let location = match wishes.artifacts {
            Artifacts::Folder => Location::Folder(artifact_folder.clone()),
            Artifacts::Bucket => {
                let server = Bucket::start();
                options.aws =
                    server.env().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
                let location = Location::parse(&server.url("tests")).expect("a bucket's address");
                bucket = Some(server);
                location
            }
        };
        let blobs = Blobs::open(&location, options).await.expect("the artifact store opens");
        let now = Arc::new(AtomicI64::new(BEGIN));
        let mut settings = Settings::default();
        settings.max_body_bytes = wishes.max_body_bytes.unwrap_or(settings.max_body_bytes);
        settings.secret_key = SecretKey::from_text("the secret key of this test's server").ok();
        settings.external_url = wishes.external_url.map(ToOwned::to_owned);
        settings.trusted_proxies = wishes.trusted_proxies;
        let allow = wishes.outbound_allow.iter().map(|text| Entry::parse(text));
        settings.outbound.allow = allow.collect::<Result<_, _>>().expect("outbound addresses");
        settings.oidc = wishes.oidc;
        settings.pace = wishes.pace.unwrap_or_default();
        let root = make_root(&store).await;
        settings.everybody_is = wishes.no_auth.then_some(1);
        let app = App::new(store.clone(), blobs, Clock::Set(now.clone()), settings).await.expect("an app");
        let upkeep = Upkeep::start(&app);
        let (address, serving) = serve(&app).await;
        Self {
            address,
            app,
            store,
            artifact_folder,
            root,
            now,
            database,
            _folder: folder,
            _bucket: bucket,
            _upkeep: upkeep,
            serving,
        }
    }

    /// Another store on the same database, as a second process has it.
    pub fn second_store(&self) -> Store {
        self.database.open()
    }

    /// Another server on the same database and artifacts. On SQLite there can be none.
    pub async fn replica(&self) -> Replica {
        let clock = Clock::Set(self.now.clone());
        let settings = self.app.settings.clone();
        let app = App::new(self.second_store(), self.app.blobs.clone(), clock, settings).await;
        let app = app.expect("an app");
        let upkeep = Upkeep::start(&app);
        let (address, serving) = serve(&app).await;
        Replica { address, app, upkeep: Some(upkeep), serving }
    }

    /// Whether the tests run on PostgreSQL.
    pub fn is_shared(&self) -> bool {
        matches!(self.database.location, weir_store::Location::Postgres { .. })
    }

    /// Every route with its right.
    pub fn routes(&self) -> Vec<Route> {
        weir_api::table(self.app.clone())
    }

    pub fn now(&self) -> i64 {
        self.now.load(Ordering::Relaxed)
    }

    pub fn advance_ms(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::Relaxed);
    }

    /// The administrator, at project 1.
    pub fn root(&self) -> Client {
        Client::new(&self.address, "1", Some(self.root.clone()))
    }

    /// Nobody: no token.
    pub fn anonymous(&self) -> Client {
        Client::new(&self.address, "1", None)
    }

    /// A new user with a role in project 1.
    pub async fn member(&self, name: &str, role: Role) -> Client {
        self.user(name, &[(1, role)], Scopes::API, "1").await
    }

    pub async fn developer(&self, name: &str) -> Client {
        self.member(name, Role::Developer).await
    }

    /// A new user with roles, calling `project` with a token of `scopes`.
    pub async fn user(&self, name: &str, roles: &[(i64, Role)], scopes: Scopes, project: &str) -> Client {
        let (name, roles, now) = (name.to_owned(), roles.to_vec(), self.now());
        let secret = new_token();
        let digest = tokens::digest(&secret);
        self.store
            .write(move |tx| {
                let user = users::create(tx, &new_user(&name, false, now))?;
                for (project, role) in &roles {
                    members::set(tx, Place::Project(*project), user.id, *role, None, now)?;
                }
                tokens::create_personal(tx, user.id, &new_personal(digest, scopes, None, now))
            })
            .await
            .expect("a user");
        Client::new(&self.address, project, Some(secret))
    }

    /// A project of `root`; returns its id.
    pub async fn project(&self, full_path: &str, visibility: Visibility) -> i64 {
        let (full_path, now) = (full_path.to_owned(), self.now());
        self.store
            .write(move |tx| {
                let root = users::by_name(tx, "root")?;
                projects::create(tx, &full_path, visibility, root.id, now).map(|project| project.id)
            })
            .await
            .expect("a project")
    }

    /// A group of `root`; returns its id.
    pub async fn group(&self, path: &str, visibility: Visibility) -> i64 {
        let (path, now) = (path.to_owned(), self.now());
        self.store
            .write(move |tx| {
                let root = users::by_name(tx, "root")?;
                let (parent, name) = path.rsplit_once('/').unwrap_or(("", &path));
                let parent = match parent {
                    "" => None,
                    parent => Some(groups::get(tx, &GroupRef::parse(parent))?),
                };
                let new = NewGroup {
                    name,
                    path: name,
                    parent: parent.as_ref(),
                    description: "",
                    visibility,
                    creator_id: root.id,
                    now,
                };
                groups::create(tx, &new).map(|group| group.id)
            })
            .await
            .expect("a group")
    }

    /// Gives a user that there is a role in a group.
    pub async fn join_group(&self, group: i64, username: &str, role: Role) {
        let (username, now) = (username.to_owned(), self.now());
        self.store
            .write(move |tx| {
                let user = users::by_name(tx, &username)?;
                members::set(tx, Place::Group(group), user.id, role, None, now)
            })
            .await
            .expect("a member");
    }

    /// Publishes a version of a model of the default project.
    pub async fn publish(&self, model: &str, version: &str) {
        let (model, now) = (model.to_owned(), self.now());
        let selector = Selector::of_version(version).expect("a version");
        self.store
            .write(move |tx| {
                let root = users::by_name(tx, "root")?;
                let model = registered_models::get_locked(tx, 1, &model)?;
                let version = model_versions::select(tx, &model, &selector)?;
                let actor = Actor { user_id: root.id, ..Actor::SERVER };
                model_versions::publish(tx, &version, &actor, now)
            })
            .await
            .expect("a published version");
    }

    pub async fn set_visibility(&self, project: i64, visibility: Visibility) {
        self.store
            .write(move |tx| {
                projects::get(tx, &ProjectRef::Id(project))?;
                projects::set_visibility(tx, project, visibility)
            })
            .await
            .expect("a visibility");
    }
}

pub fn new_token() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("random bytes");
    token::from_random(bytes)
}

pub fn new_user(name: &str, administrator: bool, now: i64) -> users::NewUser<'_> {
    users::NewUser { username: name, name, email: None, administrator, bot: false, now }
}

pub fn new_personal(
    digest: [u8; 32],
    scopes: Scopes,
    expires_at: Option<i64>,
    now: i64,
) -> tokens::NewToken<'static> {
    tokens::NewToken { name: "test", description: "", digest, scopes, expires_at, now }
}

async fn make_root(store: &Store) -> String {
    let secret = new_token();
    let digest = tokens::digest(&secret);
    store
        .write(move |tx| {
            let root = users::create(tx, &new_user("root", true, BEGIN))?;
            projects::create(tx, "root/default", Visibility::Private, root.id, BEGIN)?;
            tokens::create_personal(tx, root.id, &new_personal(digest, Scopes::API, None, BEGIN))
        })
        .await
        .expect("root");
    secret
}
