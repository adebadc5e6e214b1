//! What the server says of itself to GitLab's clients.

use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::openapi::Refusals;
use crate::reply::Reply;

/// The release of GitLab whose API this follows, and our own name behind it: clients read the numbers.
const VERSION: &str = concat!("18.0.0-weir.", env!("CARGO_PKG_VERSION"));
/// There is no GitLab commit to name.
const REVISION: &str = "weir";

#[derive(Serialize, ToSchema)]
#[schema(as = ServerVersion)]
pub struct Version {
    version: &'static str,
    revision: &'static str,
}

/// `GET /version`
#[utoipa::path(
    get,
    path = "/api/v4/version",
    operation_id = "get_version",
    summary = "The release of GitLab whose API this follows, with Weir's own behind it",
    tag = "server",
    responses((status = 200, description = "the version", body = Version), Refusals)
)]
pub async fn version(_: Caller) -> Reply<Version> {
    Reply(Version { version: VERSION, revision: REVISION })
}

#[derive(Serialize, ToSchema)]
#[schema(as = ServerMetadata)]
pub struct Metadata {
    version: &'static str,
    revision: &'static str,
    kas: Kas,
    enterprise: bool,
}

/// GitLab's agent for Kubernetes, which there is none of.
#[derive(Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Kas {
    enabled: bool,
    #[schema(required = true)]
    external_url: Option<String>,
    #[schema(required = true)]
    version: Option<String>,
}

/// `GET /metadata`
#[utoipa::path(
    get,
    path = "/api/v4/metadata",
    operation_id = "get_metadata",
    summary = "The same, with what else GitLab's clients ask of a server",
    tag = "server",
    responses((status = 200, description = "the server", body = Metadata), Refusals)
)]
pub async fn metadata(_: Caller) -> Reply<Metadata> {
    Reply(Metadata { version: VERSION, revision: REVISION, kas: Kas::default(), enterprise: false })
}
