//! Artifacts over HTTP: by MLflow's proxy address, and by run or logged model.

mod address;
mod condition;
mod download;
mod keep;
mod list;
mod range;
mod tree;
mod upload;

use axum::extract::State;
use axum::http::Uri;
use weir_domain::audit::{Noun, Verb};
use weir_store::audit::acts as audit;
use weir_store::files::{self, Owner};

pub use self::address::{Address, Spot, parse_folder};
pub use self::condition::{Condition, Unmet};
pub use self::download::{disposition, download, download_of, download_of_run, etag, serve};
pub use self::keep::{Place, Put, Way, check, commit, commit_by, put_on_condition};
pub use self::list::{TreeArtifacts, list, list_of, list_run};
pub use self::tree::TreeId;
pub use self::upload::{Announced, Incoming, query_and_body, store, upload, upload_of_run};
use crate::app::App;
use crate::caller::{Access, Acting};
use crate::error::Result;
use crate::reply::{EMPTY, Empty, Reply};

/// Where the proxy's addresses begin in the path of a request.
const PROXY: &str = "/mlflow-artifacts/artifacts/";

/// `DELETE mlflow-artifacts/artifacts/<address>`: a file, a folder, or a whole tree.
pub async fn delete(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    uri: Uri,
) -> Result<Reply<Empty>> {
    let address = Address::of_folder(uri.path(), PROXY)?;
    address.check_form()?;
    let (by, now) = (access.signature(), app.clock.now());

    app.store
        .write(move |tx| {
            let spot = address.find(tx, access.project_id)?;
            spot.tree.check_writable()?;
            let path = spot.path.as_ref().map_or("", |path| path.as_str());
            if files::delete(tx, spot.tree.owner(), path, now)? > 0 {
                let (id, act) = (spot.tree.id().to_string(), (Noun::Artifacts, Verb::Destroyed));
                audit::of_project(tx, &actor, access.project_id, act, (&id, path), now)?;
            }
            match spot.tree.owner() {
                Owner::Run(run) => by.leave(tx, run, now),
                _ => Ok(()),
            }
        })
        .await?;
    Ok(EMPTY)
}
