//! HTTP: every route with the right that it needs, wire formats, error bodies. This file is the table of contents.

mod app;
mod caller;
mod error;
mod extract;
mod mlflow;
mod operation;
mod page;
mod reply;
mod request_id;
mod routes;
pub mod telemetry;
mod upkeep;
mod wire;

pub use app::{App, Clock, Settings};
pub use routes::Route;
pub use upkeep::Upkeep;

use axum::Router;
use axum::routing::{delete, get, post, put};
use weir_domain::access::Right::{Anyone, Read, Write};

use crate::mlflow::{artifacts, datasets, experiments, info, metrics, multipart, params, runs, search, tags};
use crate::routes::Routes;

/// The whole server.
pub fn router(app: App) -> Router {
    build(app).finish()
}

/// Every route of the server with the right that it declares: what the access test walks.
pub fn table(app: App) -> Vec<Route> {
    build(app).table().to_vec()
}

fn build(app: App) -> Routes {
    let mut routes = Routes::new(app);
    operation_routes(&mut routes);
    tracking_routes(&mut routes);
    artifact_routes(&mut routes);
    routes
}

fn operation_routes(routes: &mut Routes) {
    routes.plain(Anyone, "/health", get(operation::health));
    routes.plain(Anyone, "/ready", get(operation::ready));
    routes.plain(Anyone, "/metrics", get(operation::metrics));
    routes.mounted(Anyone, "/version", get(info::version));
    routes.mounted(Anyone, "/health", get(operation::health));
    routes.api(Read, "3.0", "/mlflow/server-info", get(info::server_info));
}

/// MLflow's tracking API, in the order of its documentation.
fn tracking_routes(routes: &mut Routes) {
    routes.api(Write, "2.0", "/mlflow/experiments/create", post(experiments::create));
    routes.api(Read, "2.0", "/mlflow/experiments/get", get(experiments::get));
    routes.api(Read, "2.0", "/mlflow/experiments/get-by-name", get(experiments::get_by_name));
    routes.api(Read, "2.0", "/mlflow/experiments/list", get(experiments::list));
    routes.api(
        Read,
        "2.0",
        "/mlflow/experiments/search",
        get(search::experiments_by_query).post(search::experiments),
    );
    routes.api(Write, "2.0", "/mlflow/experiments/update", post(experiments::update));
    routes.api(Write, "2.0", "/mlflow/experiments/delete", post(experiments::delete));
    routes.api(Write, "2.0", "/mlflow/experiments/restore", post(experiments::restore));
    routes.api(Write, "2.0", "/mlflow/experiments/set-experiment-tag", post(experiments::set_tag));
    routes.api(Write, "2.0", "/mlflow/experiments/delete-experiment-tag", post(experiments::delete_tag));
    routes.api(Read, "2.0", "/mlflow/experiments/search-datasets", post(datasets::search));

    routes.api(Write, "2.0", "/mlflow/runs/create", post(runs::create));
    routes.api(Read, "2.0", "/mlflow/runs/get", get(runs::get));
    routes.api(Write, "2.0", "/mlflow/runs/update", post(runs::update));
    routes.api(Write, "2.0", "/mlflow/runs/delete", post(runs::delete));
    routes.api(Write, "2.0", "/mlflow/runs/restore", post(runs::restore));
    routes.api(Read, "2.0", "/mlflow/runs/search", post(search::runs));
    routes.api(Write, "2.0", "/mlflow/runs/set-tag", post(tags::set));
    routes.api(Write, "2.0", "/mlflow/runs/delete-tag", post(tags::delete));
    routes.api(Write, "2.0", "/mlflow/runs/log-parameter", post(params::log));
    routes.api(Write, "2.0", "/mlflow/runs/log-metric", post(metrics::log));
    routes.api(Write, "2.0", "/mlflow/runs/log-batch", post(runs::log_batch));
    routes.api(Write, "2.0", "/mlflow/runs/log-inputs", post(datasets::log_inputs));
    routes.api(Write, "2.0", "/mlflow/runs/outputs", post(datasets::log_outputs));
    routes.api(Write, "2.0", "/mlflow/runs/log-model", post(runs::log_model));

    routes.api(Read, "2.0", "/mlflow/metrics/get-history", get(metrics::history));
    routes.api(Read, "2.0", "/mlflow/metrics/get-history-bulk", get(metrics::history_bulk));
    routes.api(Read, "2.0", "/mlflow/metrics/get-history-bulk-interval", get(metrics::history_bulk_interval));
}

/// Artifact bytes, by MLflow's proxy and by run.
fn artifact_routes(routes: &mut Routes) {
    routes.api(Read, "2.0", "/mlflow/artifacts/list", get(artifacts::list_run));
    routes.api(Read, "2.0", "/mlflow-artifacts/artifacts", get(artifacts::list));
    routes.api(Read, "2.0", "/mlflow-artifacts/artifacts/{*path}", get(artifacts::download));
    routes.api(Write, "2.0", "/mlflow-artifacts/artifacts/{*path}", put(artifacts::upload).layer(artifacts::put_limit()));
    routes.api(Write, "2.0", "/mlflow-artifacts/artifacts/{*path}", delete(artifacts::delete));
    routes.mounted(Read, "/get-artifact", get(artifacts::download_of_run));
    routes.api(Write, "2.0", "/mlflow/upload-artifact", post(artifacts::upload_of_run).layer(artifacts::put_limit()));

    routes.api(Write, "2.0", "/mlflow-artifacts/mpu/create/{*path}", post(multipart::create));
    routes.api(Write, "2.0", "/mlflow-artifacts/mpu/complete/{*path}", post(multipart::complete));
    routes.api(Write, "2.0", "/mlflow-artifacts/mpu/abort/{*path}", post(multipart::abort));
    // The address is signed, and MLflow's client sends no token with a part.
    routes.api(
        Anyone,
        "2.0",
        "/mlflow-artifacts/mpu/part/{upload_id}/{part}",
        put(multipart::put_part).layer(artifacts::put_limit()),
    );
    routes.api(Read, "2.0", "/mlflow-artifacts/presigned/{*path}", get(multipart::no_presigned_download));
    routes.api(Write, "2.0", "/mlflow/artifacts/presigned-upload-url", post(multipart::no_presigned_upload));
    routes.api(Read, "2.0", "/mlflow/artifacts/presigned-download-url", post(multipart::no_presigned_download_url));
}
