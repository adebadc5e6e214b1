//! What an empty database is given: user `root`, project 1 `root/default`, and a token and a link to begin with.

use weir_domain::access::{Scopes, Visibility};
use weir_domain::audit::{Actor, Noun, Verb};
use weir_domain::{Error, Result, secret, token};
use weir_store::audit::acts;
use weir_store::projects::ProjectRef;
use weir_store::{Store, Tx, projects, settings, sign_in_links, tokens, users};

const ROOT: &str = "root";
const DEFAULT_PROJECT: &str = "root/default";
const TOKEN_VARIABLE: &str = "WEIR_ROOT_TOKEN";

/// The token that is made when there is none yet.
pub struct FirstToken {
    secret: String,
    given: bool,
    /// Of the link that signs root in.
    link: String,
}

impl FirstToken {
    /// The one of `WEIR_ROOT_TOKEN`, else a random one.
    pub fn prepare() -> Result<Self> {
        match std::env::var(TOKEN_VARIABLE) {
            Ok(secret) if secret.is_empty() => Self::random(),
            Ok(secret) => {
                token::check(&secret)
                    .map_err(|error| Error::invalid(format!("{TOKEN_VARIABLE}: {error}")))?;
                Ok(Self { secret, given: true, link: random_secret()? })
            }
            Err(std::env::VarError::NotPresent) => Self::random(),
            Err(std::env::VarError::NotUnicode(_)) => {
                Err(Error::invalid(format!("{TOKEN_VARIABLE}: a token is plain text")))
            }
        }
    }

    fn random() -> Result<Self> {
        Ok(Self { secret: random_token()?, given: false, link: random_secret()? })
    }
}

/// A new access token.
pub fn random_token() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(token::from_random(bytes))
}

/// A new secret of a one-time link.
pub fn random_secret() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(secret::from_random(bytes))
}

/// The address of a one-time link at a server that users reach at `url`.
pub fn link(url: &str, secret: &str) -> String {
    format!("{url}/-/sign-in/link/{secret}")
}

/// What the server found or made.
pub struct Installation {
    /// `None` when somebody else made the users.
    pub root_id: Option<i64>,
    /// The project of the root mount.
    pub project_id: i64,
    pub token: TokenState,
}

/// What is known of the first token after the start.
#[derive(Debug, PartialEq, Eq)]
pub enum TokenState {
    /// Made now with the secret of a link that signs root in; this is the only time that they can be shown.
    Made { token: String, link: String },
    /// Made now from `WEIR_ROOT_TOKEN`; whoever set that knows it.
    Given,
    /// Tokens exist.
    Kept,
}

/// Makes what is missing on a first start, in one transaction. `wanted` is the project that the operator named.
pub async fn complete(
    store: &Store,
    first: FirstToken,
    wanted: Option<i64>,
    now: i64,
) -> Result<Installation> {
    let (digest, link) = (tokens::digest(&first.secret), tokens::digest(&first.link));
    let given = first.given;
    let (root_id, project_id, made, known) = store
        .write(move |tx| {
            let root = people(tx, now)?;
            let made = first_token(tx, root, digest, now)?;
            // Whoever chose the token wants no secrets in a log.
            if let (true, false, Some(root)) = (made, given, root) {
                let expires_at = now + sign_in_links::FIRST_START_MS;
                let root = users::get(tx, root)?;
                sign_in_links::create(tx, &root, link, expires_at, now)?;
                acts::of_user(tx, &Actor::SERVER, Noun::SignInLink, Verb::Created, &root, now)?;
            }
            let known = !given || tokens::find(tx, &digest)?.is_some();
            Ok((root, default_project(tx, wanted)?, made, known))
        })
        .await?;
    if !known {
        tracing::warn!(
            "{TOKEN_VARIABLE} is ignored: the database has tokens already, and this is none of them"
        );
    }
    let token = match (made, given) {
        (false, _) => TokenState::Kept,
        (true, true) => TokenState::Given,
        (true, false) => TokenState::Made { token: first.secret, link: first.link },
    };
    Ok(Installation { root_id, project_id, token })
}

/// User `root` and its project, on a database without users. Returns the id of `root`.
pub fn people(tx: &mut Tx<'_>, now: i64) -> Result<Option<i64>> {
    // On PostgreSQL the second of two processes waits here until the first has committed, and then sees its users.
    settings::get_or_create(tx, "first_start", b"done")?;
    if users::any(tx)? {
        return Ok(users::find(tx, ROOT)?.map(|root| root.id));
    }
    let root = users::create(
        tx,
        &users::NewUser {
            username: ROOT,
            name: "Administrator",
            email: None,
            administrator: true,
            bot: false,
            now,
        },
    )?;
    let project = projects::create(tx, DEFAULT_PROJECT, Visibility::Private, root.id, now)?;
    acts::user(tx, &Actor::SERVER, Verb::Created, None, Some(&root), now)?;
    acts::project(tx, &Actor::SERVER, Verb::Created, None, Some(&project), now)?;
    Ok(Some(root.id))
}

/// Makes the token when nobody could sign in without it. It does not expire: a server must not lock its operator out.
fn first_token(tx: &mut Tx<'_>, root: Option<i64>, digest: [u8; 32], now: i64) -> Result<bool> {
    let Some(root) = root else { return Ok(false) };
    settings::get_or_create(tx, "first_token", b"done")?;
    if tokens::any(tx)? {
        return Ok(false);
    }
    let new = tokens::NewToken {
        name: "first start",
        description: "",
        digest,
        scopes: Scopes::API,
        expires_at: None,
        now,
    };
    let token = tokens::create_personal(tx, root, &new)?;
    acts::token(tx, &Actor::SERVER, Verb::Created, &token, now)?;
    Ok(true)
}

/// The operator's choice, else project 1; on PostgreSQL a first start that was cut off may have used that number up.
fn default_project(tx: &mut Tx<'_>, wanted: Option<i64>) -> Result<i64> {
    if let Some(id) = wanted {
        let project = projects::find(tx, &ProjectRef::Id(id))?;
        return project.map(|project| project.id).ok_or_else(|| {
            Error::not_found(format!("--default-project: there is no project with number {id}"))
        });
    }
    for project in [ProjectRef::Id(1), ProjectRef::parse(DEFAULT_PROJECT)] {
        if let Some(project) = projects::find(tx, &project)? {
            return Ok(project.id);
        }
    }
    Ok(1)
}
