//! HTTP: every route with the right that it needs, wire formats, error bodies. This file is the table of contents.

mod app;
mod archive;
mod caller;
mod ci;
mod error;
mod events;
mod extract;
mod mlflow;
mod number;
mod openapi;
mod operation;
mod packages;
mod page;
mod peer;
mod registry;
mod reply;
mod request_id;
mod rest;
mod routes;
mod seats;
mod secret_key;
mod server_address;
mod sign_in;
pub mod telemetry;
mod time;
mod tracking;
mod upkeep;
mod wire;

pub use app::{App, Clock, Settings};
pub use events::Pace;
pub use peer::Network;
pub use routes::Route;
pub use secret_key::SecretKey;
pub use sign_in::oidc::Settings as OidcSettings;
pub use upkeep::Upkeep;

use std::sync::Arc;

use axum::Router;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::MethodFilter;
use weir_domain::access::Feature::{Experiments, Registry};
use weir_domain::access::Right::{
    Act, Administrate, Anyone, Audit, Inspect, Leave, Maintain, Oversee, Own, Profile, Read, ReadPackages,
    Rotate, See, Session, SignedIn, Write,
};

use crate::ci::{link as ci_link, provenance, trust_rules};
use crate::mlflow::{
    aliases, artifacts, datasets, experiments, info, logged_models, metrics, model_versions, multipart,
    params, registered_models, runs, search, search_registry, tags,
};
use crate::packages::{generic, list as packages_list, ml_models, package_files};
use crate::registry::{compare, events as model_events, model_file, versions};
use crate::rest::{
    about, access_tokens, audit_events, groups, members, personal_access_tokens, projects, sign_in_link,
    users,
};
use crate::routes::Routes;
use crate::sign_in::{link, oidc, password, session};
use crate::tracking::{
    candidates, columns, experiments as own_experiments, groups as run_groups, series, table as runs_table,
};

const GET: MethodFilter = MethodFilter::GET;
const POST: MethodFilter = MethodFilter::POST;
const PUT: MethodFilter = MethodFilter::PUT;
const PATCH: MethodFilter = MethodFilter::PATCH;
const DELETE: MethodFilter = MethodFilter::DELETE;

/// What the web pages answer at an address that no route has.
pub type Pages = Arc<dyn Fn(&Parts) -> Option<Response> + Send + Sync>;

/// The whole server.
pub fn router(app: App, pages: Pages) -> Router {
    build(app).finish(pages)
}

/// Every route of the server with the right that it declares: what the access test walks.
pub fn table(app: App) -> Vec<Route> {
    build(app).table().to_vec()
}

fn build(app: App) -> Routes {
    let mut routes = Routes::new(app);
    operation_routes(&mut routes);
    sign_in_routes(&mut routes);
    routes.of(Experiments, |routes| {
        tracking_routes(routes);
        logged_model_routes(routes);
        artifact_routes(routes);
        own_experiment_routes(routes);
    });
    routes.of(Registry, |routes| {
        registry_routes(routes);
        own_registry_routes(routes);
        model_package_routes(routes);
    });
    ci_routes(&mut routes);
    package_routes(&mut routes);
    rest_routes(&mut routes);
    routes
}

fn operation_routes(routes: &mut Routes) {
    routes.plain(Anyone, GET, "/health", operation::health);
    routes.plain(Anyone, GET, "/ready", operation::ready);
    routes.plain(Anyone, GET, "/metrics", operation::metrics);
    routes.plain(Anyone, GET, "/api/openapi.json", openapi::document);
    routes.mounted(Anyone, GET, "/version", info::version);
    routes.mounted(Anyone, GET, "/health", operation::health);
    routes.api(Read, GET, "3.0", "/mlflow/server-info", info::server_info);
}

/// A browser's way in and out.
fn sign_in_routes(routes: &mut Routes) {
    routes.plain(Anyone, GET, "/-/sign-in/methods", session::methods);
    routes.plain(Anyone, GET, "/-/sign-in/link/{secret}", link::show);
    routes.plain(Anyone, POST, "/-/sign-in/link/{secret}", link::consume);
    routes.plain(Anyone, GET, "/-/oidc/start", oidc::start);
    routes.plain(Anyone, GET, "/-/oidc/callback", oidc::callback);
    routes.plain(Anyone, POST, "/-/session", session::create);
    routes.plain(Session, GET, "/-/session", session::get);
    routes.plain(Session, DELETE, "/-/session", session::delete);
    routes.plain(Session, GET, "/-/sessions", session::list);
    routes.plain(Session, DELETE, "/-/sessions", session::delete_all);
    routes.plain(Session, DELETE, "/-/sessions/{id}", session::delete_one);
    routes.plain(Session, PUT, "/-/password", password::change);
}

/// MLflow's tracking API, in the order of its documentation.
fn tracking_routes(routes: &mut Routes) {
    routes.api(Write, POST, "2.0", "/mlflow/experiments/create", experiments::create);
    routes.api(Read, GET, "2.0", "/mlflow/experiments/get", experiments::get);
    routes.api(Read, GET, "2.0", "/mlflow/experiments/get-by-name", experiments::get_by_name);
    routes.api(Read, GET, "2.0", "/mlflow/experiments/list", experiments::list);
    routes.api(Read, POST, "2.0", "/mlflow/experiments/search", search::experiments);
    routes.api(Read, GET, "2.0", "/mlflow/experiments/search", search::experiments_by_query);
    routes.api(Write, POST, "2.0", "/mlflow/experiments/update", experiments::update);
    routes.api(Write, POST, "2.0", "/mlflow/experiments/delete", experiments::delete);
    routes.api(Write, POST, "2.0", "/mlflow/experiments/restore", experiments::restore);
    routes.api(Write, POST, "2.0", "/mlflow/experiments/set-experiment-tag", experiments::set_tag);
    routes.api(Write, POST, "2.0", "/mlflow/experiments/delete-experiment-tag", experiments::delete_tag);
    routes.api(Read, POST, "2.0", "/mlflow/experiments/search-datasets", datasets::search);

    routes.api(Write, POST, "2.0", "/mlflow/runs/create", runs::create);
    routes.api(Read, GET, "2.0", "/mlflow/runs/get", runs::get);
    routes.api(Write, POST, "2.0", "/mlflow/runs/update", runs::update);
    routes.api(Write, POST, "2.0", "/mlflow/runs/delete", runs::delete);
    routes.api(Write, POST, "2.0", "/mlflow/runs/restore", runs::restore);
    routes.api(Read, POST, "2.0", "/mlflow/runs/search", search::runs);
    routes.api(Write, POST, "2.0", "/mlflow/runs/set-tag", tags::set);
    routes.api(Write, POST, "2.0", "/mlflow/runs/delete-tag", tags::delete);
    routes.api(Write, POST, "2.0", "/mlflow/runs/log-parameter", params::log);
    routes.api(Write, POST, "2.0", "/mlflow/runs/log-metric", metrics::log);
    routes.api(Write, POST, "2.0", "/mlflow/runs/log-batch", runs::log_batch);
    routes.api(Write, POST, "2.0", "/mlflow/runs/log-inputs", datasets::log_inputs);
    routes.api(Write, POST, "2.0", "/mlflow/runs/outputs", datasets::log_outputs);
    routes.api(Write, POST, "2.0", "/mlflow/runs/log-model", runs::log_model);

    routes.api(Read, GET, "2.0", "/mlflow/metrics/get-history", metrics::history);
    routes.api(Read, GET, "2.0", "/mlflow/metrics/get-history-bulk", metrics::history_bulk);
    routes.api(Read, GET, "2.0", "/mlflow/metrics/get-history-bulk-interval", metrics::history_bulk_interval);
}

/// MLflow's model registry.
fn registry_routes(routes: &mut Routes) {
    routes.api(Write, POST, "2.0", "/mlflow/registered-models/create", registered_models::create);
    routes.api(Read, GET, "2.0", "/mlflow/registered-models/get", registered_models::get);
    routes.api(Write, PATCH, "2.0", "/mlflow/registered-models/update", registered_models::update);
    routes.api(Write, POST, "2.0", "/mlflow/registered-models/rename", registered_models::rename);
    routes.api(Write, DELETE, "2.0", "/mlflow/registered-models/delete", registered_models::delete);
    routes.api(Read, GET, "2.0", "/mlflow/registered-models/search", search_registry::models);
    let latest = "/mlflow/registered-models/get-latest-versions";
    routes.api(Read, POST, "2.0", latest, registered_models::latest_versions);
    routes.api(Read, GET, "2.0", latest, registered_models::latest_versions_by_query);
    routes.api(Write, POST, "2.0", "/mlflow/registered-models/set-tag", registered_models::set_tag);
    routes.api(Write, DELETE, "2.0", "/mlflow/registered-models/delete-tag", registered_models::delete_tag);
    routes.api(Write, POST, "2.0", "/mlflow/registered-models/alias", aliases::set);
    routes.api(Write, DELETE, "2.0", "/mlflow/registered-models/alias", aliases::delete);
    routes.api(Read, GET, "2.0", "/mlflow/registered-models/alias", aliases::get);

    routes.api(Write, POST, "2.0", "/mlflow/model-versions/create", model_versions::create);
    routes.api(Read, GET, "2.0", "/mlflow/model-versions/get", model_versions::get);
    routes.api(Write, PATCH, "2.0", "/mlflow/model-versions/update", model_versions::update);
    routes.api(Write, DELETE, "2.0", "/mlflow/model-versions/delete", model_versions::delete);
    let transition = "/mlflow/model-versions/transition-stage";
    routes.api(Write, POST, "2.0", transition, model_versions::transition_stage);
    let download_uri = "/mlflow/model-versions/get-download-uri";
    routes.api(Read, GET, "2.0", download_uri, model_versions::get_download_uri);
    routes.api(Read, GET, "2.0", "/mlflow/model-versions/search", search_registry::versions);
    routes.api(Write, POST, "2.0", "/mlflow/model-versions/set-tag", model_versions::set_tag);
    routes.api(Write, DELETE, "2.0", "/mlflow/model-versions/delete-tag", model_versions::delete_tag);
}

/// Models of MLflow 3 as runs made them.
fn logged_model_routes(routes: &mut Routes) {
    let model = "/mlflow/logged-models/{model_id}";
    routes.api(Write, POST, "2.0", "/mlflow/logged-models", logged_models::create);
    routes.api(Read, POST, "2.0", "/mlflow/logged-models/search", logged_models::search);
    routes.api(Read, GET, "2.0", model, logged_models::get);
    routes.api(Write, PATCH, "2.0", model, logged_models::finalize);
    routes.api(Write, DELETE, "2.0", model, logged_models::delete);
    routes.api(Write, POST, "2.0", &format!("{model}/params"), logged_models::log_params);
    routes.api(Write, PATCH, "2.0", &format!("{model}/tags"), logged_models::set_tags);
    routes.api(Write, DELETE, "2.0", &format!("{model}/tags/{{*tag_key}}"), logged_models::delete_tag);
    routes.api(Read, GET, "2.0", &format!("{model}/artifacts/directories"), logged_models::list_artifacts);
    routes.api(Read, GET, "2.0", &format!("{model}/artifacts/files"), logged_models::download);
}

/// Artifact bytes, by MLflow's proxy and by run.
fn artifact_routes(routes: &mut Routes) {
    routes.api(Read, GET, "2.0", "/mlflow/artifacts/list", artifacts::list_run);
    routes.api(Read, GET, "2.0", "/mlflow-artifacts/artifacts", artifacts::list);
    routes.api(Read, GET, "2.0", "/mlflow-artifacts/artifacts/{*path}", artifacts::download);
    routes.api(Write, PUT, "2.0", "/mlflow-artifacts/artifacts/{*path}", artifacts::upload);
    routes.api(Write, DELETE, "2.0", "/mlflow-artifacts/artifacts/{*path}", artifacts::delete);
    routes.mounted(Read, GET, "/get-artifact", artifacts::download_of_run);
    routes.api(Write, POST, "2.0", "/mlflow/upload-artifact", artifacts::upload_of_run);

    routes.api(Write, POST, "2.0", "/mlflow-artifacts/mpu/create/{*path}", multipart::create);
    routes.api(Write, POST, "2.0", "/mlflow-artifacts/mpu/complete/{*path}", multipart::complete);
    routes.api(Write, POST, "2.0", "/mlflow-artifacts/mpu/abort/{*path}", multipart::abort);
    // The address is signed, and MLflow's client sends no token with a part.
    routes.api(Anyone, PUT, "2.0", "/mlflow-artifacts/mpu/part/{upload_id}/{part}", multipart::put_part);
    routes.api(Read, GET, "2.0", "/mlflow-artifacts/presigned/{*path}", multipart::no_presigned_download);
    routes.api(Write, POST, "2.0", "/mlflow/artifacts/presigned-upload-url", multipart::no_presigned_upload);
    routes.api(
        Read,
        POST,
        "2.0",
        "/mlflow/artifacts/presigned-download-url",
        multipart::no_presigned_download_url,
    );
}

/// Weir's own API of a project's registry, with GitLab's errors.
fn own_registry_routes(routes: &mut Routes) {
    routes.project(Read, GET, "/ml/models/{name}/versions/{version}", versions::get);
    routes.project(Read, GET, "/ml/models/{name}/versions/{version}/mlmodel", versions::mlmodel);
    routes.project(Write, POST, "/ml/models/{name}/versions/{version}/publish", versions::publish);
    routes.project(Read, GET, "/ml/models/{name}/compare", compare::compare);
    routes.project(Read, GET, "/ml/models/{name}/events", model_events::list);
    routes.project(Read, GET, "/ml/models/{name}/versions/{version}/artifacts.zip", archive::of_version);
}

/// The same of its experiments.
fn own_experiment_routes(routes: &mut Routes) {
    routes.project(Read, GET, "/ml/logged-models/{model_id}/mlmodel", model_file::of_logged_model);
    routes.project(Read, GET, "/ml/runs/{run_id}/provenance", provenance::get);
    routes.project(Read, GET, "/ml/candidates/{candidate}", candidates::get);
    routes.project(Read, GET, "/ml/experiments", own_experiments::list);
    routes.project(Read, GET, "/ml/experiments/{experiment}/columns", columns::list);
    routes.project(Read, POST, "/ml/experiments/{experiment}/table", runs_table::rows);
    routes.project(Read, POST, "/ml/experiments/{experiment}/groups", run_groups::list);
    routes.project(Read, POST, "/ml/series", series::list);
    routes.project(Read, GET, "/ml/runs/{run_id}/artifacts.zip", archive::of_run);
    routes.project(Read, GET, "/ml/logged-models/{model_id}/artifacts.zip", archive::of_logged_model);
    routes.project(Read, GET, "/ml/events", events::watch);
}

/// Which CI jobs a project trusts, and the CI that it is linked to.
fn ci_routes(routes: &mut Routes) {
    routes.project(Inspect, GET, "/ml/trust_rules", trust_rules::list);
    routes.project(Maintain, POST, "/ml/trust_rules", trust_rules::create);
    routes.project(Inspect, GET, "/ml/trust_rules/{rule}", trust_rules::get);
    routes.project(Maintain, DELETE, "/ml/trust_rules/{rule}", trust_rules::delete);
    routes.project(Inspect, GET, "/ml/ci_link", ci_link::get);
    routes.project(Maintain, PUT, "/ml/ci_link", ci_link::put);
    routes.project(Maintain, DELETE, "/ml/ci_link", ci_link::delete);
}

/// GitLab's packages.
fn package_routes(routes: &mut Routes) {
    routes.project(ReadPackages, GET, "/packages", packages_list::list);
    routes.project(ReadPackages, GET, "/packages/{package_id}", packages_list::get);
    routes.project(Write, DELETE, "/packages/{package_id}", packages_list::delete);
    let files = "/packages/{package_id}/package_files";
    routes.project(ReadPackages, GET, files, package_files::list);
    routes.project(Write, DELETE, &format!("{files}/{{package_file_id}}"), package_files::delete);
    let file = "/packages/generic/{package_name}/{package_version}/{*path}";
    routes.project(ReadPackages, GET, file, generic::download);
    routes.project(Write, PUT, file, generic::upload);
}

/// Those of models, whose files GitLab's client puts here.
fn model_package_routes(routes: &mut Routes) {
    let file = "/packages/ml_models/{model_version_id}/files/{*path}";
    routes.project(ReadPackages, GET, file, ml_models::download);
    routes.project(Write, PUT, file, ml_models::upload);
}

/// GitLab's REST API: the server, people and their tokens.
fn rest_routes(routes: &mut Routes) {
    routes.person(SignedIn, GET, "/version", about::version);
    routes.person(SignedIn, GET, "/metadata", about::metadata);
    routes.person(Profile, GET, "/user", users::current);
    routes.person(Act, PUT, "/user", users::own::update);

    let tokens = "/personal_access_tokens";
    routes.person(SignedIn, GET, tokens, personal_access_tokens::list);
    routes.person(Profile, GET, &format!("{tokens}/self"), personal_access_tokens::get_self);
    routes.person(Rotate, POST, &format!("{tokens}/self/rotate"), personal_access_tokens::rotate_self);
    routes.person(Profile, DELETE, &format!("{tokens}/self"), personal_access_tokens::revoke_self);
    routes.person(SignedIn, GET, &format!("{tokens}/{{token}}"), personal_access_tokens::get);
    routes.person(Act, POST, &format!("{tokens}/{{token}}/rotate"), personal_access_tokens::rotate);
    routes.person(Act, DELETE, &format!("{tokens}/{{token}}"), personal_access_tokens::revoke);
    routes.person(Act, POST, "/user/personal_access_tokens", personal_access_tokens::create_own);
    routes.person(Administrate, POST, "/users/{user}/personal_access_tokens", personal_access_tokens::create);
    token_routes(routes);
    user_routes(routes);
    project_routes(routes);
    group_routes(routes);
}

/// Tokens of projects and groups.
fn token_routes(routes: &mut Routes) {
    let of_project = "/projects/{project}/access_tokens/self/rotate";
    routes.person(Rotate, POST, of_project, access_tokens::rotate_self_of_project);
    let of_group = "/groups/{group}/access_tokens/self/rotate";
    routes.person(Rotate, POST, of_group, access_tokens::rotate_self_of_group);
    let (tokens, token) = ("/access_tokens", "/access_tokens/{token}");
    let rotate = "/access_tokens/{token}/rotate";
    routes.project(Inspect, GET, tokens, access_tokens::list);
    routes.project(Maintain, POST, tokens, access_tokens::create);
    routes.project(Inspect, GET, token, access_tokens::get);
    routes.project(Maintain, POST, rotate, access_tokens::rotate);
    routes.project(Maintain, DELETE, token, access_tokens::revoke);
    routes.project(Inspect, GET, "/audit_events", audit_events::list_of_project);
    routes.project(Inspect, GET, "/audit_events/{audit_event}", audit_events::get_of_project);
    routes.person(Oversee, GET, "/audit_events", audit_events::list);
    routes.person(Oversee, GET, "/audit_events/{audit_event}", audit_events::get);
    // Of a group, GitLab's owners only.
    routes.group(Audit, GET, "/audit_events", audit_events::list_of_group);
    routes.group(Audit, GET, "/audit_events/{audit_event}", audit_events::get_of_group);
    routes.group(Own, GET, tokens, access_tokens::list);
    routes.group(Own, POST, tokens, access_tokens::create);
    routes.group(Own, GET, token, access_tokens::get);
    routes.group(Own, POST, rotate, access_tokens::rotate);
    routes.group(Own, DELETE, token, access_tokens::revoke);
}

fn user_routes(routes: &mut Routes) {
    routes.person(Profile, GET, "/users", users::list);
    routes.person(Administrate, POST, "/users", users::change::create);
    routes.person(Profile, GET, "/users/{user}", users::get);
    routes.person(Administrate, PUT, "/users/{user}", users::change::update);
    routes.person(Administrate, DELETE, "/users/{user}", users::change::delete);
    routes.person(Administrate, POST, "/users/{user}/block", users::change::block);
    routes.person(Administrate, POST, "/users/{user}/unblock", users::change::unblock);
    routes.person(Administrate, POST, "/users/{user}/sign_in_link", sign_in_link::create);
    routes.person(SignedIn, GET, "/users/{user}/projects", projects::of_user);
}

fn project_routes(routes: &mut Routes) {
    routes.person(SignedIn, GET, "/projects", projects::list);
    routes.person(Act, POST, "/projects", projects::create);
    routes.project(See, GET, "", projects::get);
    routes.project(Maintain, PUT, "", projects::update);
    routes.project(Own, DELETE, "", projects::delete);
    routes.project(Own, POST, "/restore", projects::restore);
    routes.project(Own, POST, "/archive", projects::archive);
    routes.project(Own, POST, "/unarchive", projects::unarchive);
    routes.project(See, GET, "/members", members::list);
    routes.project(Maintain, POST, "/members", members::add);
    routes.project(See, GET, "/members/all", members::list_all);
    routes.project(See, GET, "/members/all/{user}", members::get_all);
    routes.project(See, GET, "/members/{user}", members::get);
    routes.project(Maintain, PUT, "/members/{user}", members::update);
    routes.project(Leave, DELETE, "/members/{user}", members::remove);
}

fn group_routes(routes: &mut Routes) {
    routes.person(SignedIn, GET, "/groups", groups::list);
    routes.person(Act, POST, "/groups", groups::create);
    routes.group(See, GET, "", groups::get);
    routes.group(Own, PUT, "", groups::change::update);
    routes.group(Own, DELETE, "", groups::change::delete);
    routes.group(Own, POST, "/restore", groups::change::restore);
    routes.group(See, GET, "/subgroups", groups::subgroups);
    routes.group(See, GET, "/descendant_groups", groups::descendants);
    routes.group(See, GET, "/projects", projects::of_group);
    routes.group(See, GET, "/members", members::list);
    routes.group(Own, POST, "/members", members::add);
    routes.group(See, GET, "/members/all", members::list_all);
    routes.group(See, GET, "/members/all/{user}", members::get_all);
    routes.group(See, GET, "/members/{user}", members::get);
    routes.group(Own, PUT, "/members/{user}", members::update);
    routes.group(Leave, DELETE, "/members/{user}", members::remove);
}
