//! The OpenAPI 3.1 document of Weir's own routes, made from the structs that their answers are.

use std::sync::OnceLock;

use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{PathItem, RefOr};
use utoipa::{IntoParams, IntoResponses, Modify, OpenApi, ToSchema};
use weir_domain::Error;

use crate::archive;
use crate::ci::{link as ci_link, provenance, trust_rules};
use crate::error::ApiResult;
use crate::events;
use crate::packages::{generic, list as packages_list, ml_models, package_files};
use crate::registry::{compare, events as model_events, model_file, versions};
use crate::reply::json_response;
use crate::rest::users::FullUserInfo;
use crate::rest::{
    about, access_tokens, audit_events, groups, members, personal_access_tokens, projects, sign_in_link,
    users,
};
use crate::sign_in::{link, oidc, password, session};
use crate::tracking::series::SeriesHeader;
use crate::tracking::{
    candidates, columns, experiments as own_experiments, groups as run_groups, series, table as runs_table,
};

/// What every refusal of these routes carries.
#[derive(Serialize, ToSchema)]
pub struct ErrorMessage {
    /// A sentence that names what was wrong.
    pub message: String,
    /// `invalid_token` (401) or `insufficient_scope` (403), when it is the access token's fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_description: Option<&'static str>,
    /// The scopes of which one is needed, with blanks between them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<&'static str>,
}

/// How each of these routes may refuse.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes; nothing is made of it")]
pub enum Refusals {
    /// the request is wrong
    #[response(status = 400)]
    Wrong(ErrorMessage),
    /// no valid token
    #[response(status = 401)]
    Unauthorized(ErrorMessage),
    /// the token's scope, or the role in the project, is too low
    #[response(status = 403)]
    Forbidden(ErrorMessage),
    /// not there, or not for this caller
    #[response(status = 404)]
    NotFound(ErrorMessage),
}

/// What every of these paths begins with; the guard reads it.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it describes; nothing is made of it")]
pub struct ProjectPath {
    /// The numeric id, or the full path with its slashes as `%2F`.
    project: String,
}

/// The same of a group.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it describes; nothing is made of it")]
pub struct GroupPath {
    /// The numeric id, or the full path with its slashes as `%2F`.
    group: String,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Weir",
        description = "What Weir adds to MLflow's REST API: GitLab's routes of people, projects and tokens, and its own. Errors have GitLab's form; times are ISO 8601 in UTC."
    ),
    paths(
        versions::get,
        versions::mlmodel,
        versions::publish,
        compare::compare,
        model_events::list,
        archive::of_version,
        archive::of_run,
        archive::of_logged_model,
        events::watch,
        model_file::of_logged_model,
        provenance::get,
        candidates::get,
        own_experiments::list,
        columns::list,
        runs_table::rows,
        run_groups::list,
        series::list,
        trust_rules::list,
        trust_rules::create,
        trust_rules::get,
        trust_rules::delete,
        ci_link::get,
        ci_link::put,
        ci_link::delete,
        packages_list::list,
        packages_list::get,
        packages_list::delete,
        package_files::list,
        package_files::delete,
        ml_models::upload,
        ml_models::download,
        generic::upload,
        generic::download,
        about::version,
        about::metadata,
        users::current,
        users::own::update,
        users::list,
        users::change::create,
        users::get,
        users::change::update,
        users::change::delete,
        users::change::block,
        users::change::unblock,
        personal_access_tokens::create_own,
        personal_access_tokens::create,
        personal_access_tokens::list,
        personal_access_tokens::get_self,
        personal_access_tokens::revoke_self,
        personal_access_tokens::rotate_self,
        personal_access_tokens::get,
        personal_access_tokens::revoke,
        personal_access_tokens::rotate,
        access_tokens::list,
        access_tokens::create,
        access_tokens::get,
        access_tokens::revoke,
        access_tokens::rotate,
        access_tokens::rotate_self_of_project,
        projects::list::list,
        projects::list::of_user,
        projects::list::of_group,
        projects::create::create,
        projects::list::get,
        projects::change::update,
        projects::change::delete,
        projects::change::restore,
        projects::change::archive,
        projects::change::unarchive,
        members::list,
        members::list_all,
        members::add,
        members::get,
        members::get_all,
        members::update,
        members::remove,
        groups::list,
        groups::subgroups,
        groups::descendants,
        groups::create,
        groups::get,
        groups::change::update,
        groups::change::delete,
        groups::change::restore,
        sign_in_link::create,
        audit_events::list,
        audit_events::get,
        audit_events::list_of_project,
        audit_events::get_of_project,
        audit_events::list_of_group,
        audit_events::get_of_group,
        session::methods,
        link::show,
        link::consume,
        oidc::start,
        oidc::callback,
        session::create,
        session::get,
        session::delete,
        session::list,
        session::delete_all,
        session::delete_one,
        password::change
    ),
    components(schemas(ErrorMessage, FullUserInfo, SeriesHeader)),
    modifiers(&Tokens, &Groups),
    security(("bearer" = []), ("private_token" = []), ("session" = []))
)]
struct Document;

/// The two places of an access token that an OpenAPI client can fill, and a browser's cookie.
struct Tokens;

impl Modify for Tokens {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        components.add_security_scheme("bearer", bearer);
        let header = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("PRIVATE-TOKEN")));
        components.add_security_scheme("private_token", header);
        // A change needs the header X-CSRF-Token beside it.
        let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("weir_session")));
        components.add_security_scheme("session", cookie);
    }
}

/// Members and tokens of groups are those of projects at another address, by the same handlers; so is what is said of
/// them.
struct Groups;

const PROJECT: &str = "/api/v4/projects/{project}";
const GROUP: &str = "/api/v4/groups/{group}";

impl Modify for Groups {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let paths = &mut document.paths.paths;
        for place in ["/members", "/access_tokens"] {
            let prefix = format!("{PROJECT}{place}");
            let of_projects = paths.iter().filter(|(path, _)| path.starts_with(&prefix));
            let twins: Vec<_> = of_projects
                .map(|(path, item)| (path.replace(PROJECT, GROUP), of_group(item.clone())))
                .collect();
            paths.extend(twins);
        }
    }
}

fn of_group(mut item: PathItem) -> PathItem {
    let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete];
    for operation in operations.into_iter().flatten() {
        for text in [&mut operation.operation_id, &mut operation.summary].into_iter().flatten() {
            *text = text.replace("project", "group");
        }
        for parameter in operation.parameters.iter_mut().flatten() {
            if let RefOr::T(parameter) = parameter
                && parameter.name == "project"
            {
                "group".clone_into(&mut parameter.name);
            }
        }
    }
    item
}

/// `GET /api/openapi.json`
pub async fn document() -> ApiResult<Response> {
    static TEXT: OnceLock<Result<String, String>> = OnceLock::new();
    let text = TEXT.get_or_init(|| Document::openapi().to_pretty_json().map_err(|error| error.to_string()));
    let text = text.as_ref().map_err(|error| Error::internal(error.as_str()))?;
    Ok(json_response(StatusCode::OK, format!("{text}\n").into_bytes()))
}
