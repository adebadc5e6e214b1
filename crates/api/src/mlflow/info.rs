//! What clients ask about the server itself.

use serde::Serialize;

use crate::caller::Access;
use crate::reply::Reply;

/// The release of MLflow whose protocol this server speaks.
///
/// A client of 3.x sends trace spans to `/v1/traces` when this is 3.4 or newer, and then stores them nowhere else;
/// Weir has no such route yet, so it names the last release whose clients keep traces as artifacts.
const SPEAKS: &str = "3.3.2";

/// `GET /version`: the bare text.
pub async fn version() -> &'static str {
    SPEAKS
}

#[derive(Serialize)]
pub struct ServerInfo {
    store_type: &'static str,
    workspaces_enabled: bool,
    trace_archival_enabled: bool,
    multipart_uploads_enabled: bool,
    multipart_downloads_enabled: bool,
    presigned_upload_run_id_supported: bool,
    presigned_upload_model_id_supported: bool,
    features_enabled: Features,
}

#[derive(Serialize)]
struct Features {
    gateway: bool,
}

/// `GET /api/3.0/mlflow/server-info`
pub async fn server_info(_: Access) -> Reply<ServerInfo> {
    Reply(ServerInfo {
        store_type: "SqlStore",
        workspaces_enabled: false,
        trace_archival_enabled: false,
        multipart_uploads_enabled: true,
        multipart_downloads_enabled: false,
        presigned_upload_run_id_supported: false,
        presigned_upload_model_id_supported: false,
        features_enabled: Features { gateway: false },
    })
}
