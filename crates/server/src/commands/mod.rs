//! The commands beside `serve`: the same actions as over HTTP, on the same database.

mod audit;
mod ci_link;
mod gc;
mod group;
mod member;
mod project;
mod token;
mod trust;
mod user;

use std::path::Path;

use weir_api::{Clock, SecretKey};
use weir_domain::audit::Actor;
use weir_domain::{Error, Result};
use weir_store::{Store, Tx};

use crate::cli::{Command, LogArgs, StoreArgs};
use crate::{database, demo, first_start, logging, out, secret_key};

/// Who acts here, as the audit log tells it.
const ACTOR: &Actor = &Actor::COMMAND_LINE;
/// The store uses four connections at least.
const CONNECTIONS: u16 = 4;

pub fn run(store_args: &StoreArgs, log: &LogArgs, command: Command) -> Result<()> {
    logging::start(log, "warn")?;
    let location = database::location(store_args, CONNECTIONS)?;
    if !matches!(command, Command::Migrate) {
        database::check_exists(&location)?;
    }
    // Outside the runtime: opening blocks, and the PostgreSQL driver has a runtime of its own.
    let store = database::open(&location)?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::internal)?;
    let key = || secret_key::find(&store_args.data, database::is_sqlite(&location));
    let done = runtime.block_on(dispatch(&store, &store_args.data, command, key));
    store.close();
    done
}

async fn dispatch(
    store: &Store,
    data: &Path,
    command: Command,
    key: impl Fn() -> Result<Option<SecretKey>>,
) -> Result<()> {
    let now = Clock::System.now();
    match command {
        // `main` sends `serve` elsewhere.
        Command::Serve(_) => Ok(()),
        Command::Migrate => out::line("the database is up to date"),
        Command::Demo(args) => {
            demo::run(store, data, args, now).await?;
            // There may be no server that does it.
            audit::seal(store).await
        }
        Command::Audit(command) => audit::run(store, command, now).await,
        Command::User(command) => user::run(store, command, now).await,
        Command::Project(command) => project::run(store, command, now).await,
        Command::Group(command) => group::run(store, command, now).await,
        Command::Member(command) => member::run(store, command, now).await,
        Command::Token(command) => token::run(store, command, now).await,
        Command::Trust(command) => trust::run(store, command, now).await,
        Command::Gc(args) => gc::run(store, args, now).await,
        Command::CiLink(command) => ci_link::run(store, command, key, now).await,
    }
}

/// Changes something, on a database that has been given its first user.
async fn change<T, F>(store: &Store, now: i64, body: F) -> Result<T>
where
    F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    T: Send + 'static,
{
    let done = store
        .write(move |tx| {
            first_start::people(tx, now)?;
            body(tx)
        })
        .await?;
    // There may be no server that does it.
    audit::seal(store).await?;
    Ok(done)
}
