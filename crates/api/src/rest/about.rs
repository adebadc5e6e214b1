//! What the server says of itself to GitLab's clients.

use serde::Serialize;

use crate::caller::Caller;
use crate::reply::Reply;

/// The release of GitLab whose API this follows, and our own name behind it: clients read the numbers.
const VERSION: &str = concat!("18.0.0-weir.", env!("CARGO_PKG_VERSION"));
/// There is no GitLab commit to name.
const REVISION: &str = "weir";

#[derive(Serialize)]
pub struct Version {
    version: &'static str,
    revision: &'static str,
}

/// `GET /version`
pub async fn version(_: Caller) -> Reply<Version> {
    Reply(Version { version: VERSION, revision: REVISION })
}

#[derive(Serialize)]
pub struct Metadata {
    version: &'static str,
    revision: &'static str,
    kas: Kas,
    enterprise: bool,
}

/// GitLab's agent for Kubernetes, which there is none of.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Kas {
    enabled: bool,
    external_url: Option<String>,
    version: Option<String>,
}

/// `GET /metadata`
pub async fn metadata(_: Caller) -> Reply<Metadata> {
    Reply(Metadata { version: VERSION, revision: REVISION, kas: Kas::default(), enterprise: false })
}
