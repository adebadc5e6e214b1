//! The router's builder: a route cannot be added without the right that it needs.

use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::handler::Handler;
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};
use tracing::Instrument;
use weir_domain::access::{Feature, Right};

use crate::app::App;
use crate::caller::{Gate, api_guard, group_guard, guard, person_guard};
use crate::sign_in::session_guard;
use crate::{error, request_id};

/// A route as the access test sees it.
#[derive(Clone, Debug)]
pub struct Route {
    pub method: Method,
    /// With `{…}` where the address varies.
    pub path: String,
    pub right: Right,
}

pub(crate) struct Routes {
    app: App,
    router: Router<App>,
    table: Vec<Route>,
    /// What the routes that are added next belong to.
    feature: Option<Feature>,
}

/// Where MLflow's API of one project stands.
const PROJECT: &str = "/api/v4/projects/{project}/ml/mlflow";
/// The same for the default project.
const ROOT: &str = "";

impl Routes {
    pub(crate) fn new(app: App) -> Self {
        if let Ok(bytes) = crate::app::random() {
            request_id::seed(u64::from_le_bytes(bytes));
        }
        Self { app, router: Router::new(), table: Vec::new(), feature: None }
    }

    /// The routes that `add` adds belong to a part of the project that may be switched off.
    pub(crate) fn of(&mut self, feature: Feature, add: impl FnOnce(&mut Self)) {
        self.feature = Some(feature);
        add(self);
        self.feature = None;
    }

    /// A route with MLflow's errors; one that is no project's answers anybody.
    pub(crate) fn plain<H, T>(&mut self, right: Right, method: MethodFilter, path: &str, handler: H)
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.table.push(Route { method: method_of(method), path: path.to_owned(), right });
        let handler = on(method, handler);
        let handler = match right {
            Right::Anyone => handler,
            Right::Session => handler.route_layer(from_fn_with_state(self.app.clone(), session_guard)),
            right => {
                let gate = Gate { right, feature: self.feature };
                handler.route_layer(from_fn_with_state((self.app.clone(), gate), guard))
            }
        };
        let router = std::mem::take(&mut self.router);
        self.router = router.route(path, handler);
    }

    /// A route of a project that is not MLflow's: its errors have GitLab's form.
    pub(crate) fn project<H, T>(&mut self, right: Right, method: MethodFilter, path: &str, handler: H)
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let full = format!("/api/v4/projects/{{project}}{path}");
        let gate = Gate { right, feature: self.feature };
        let layer = from_fn_with_state((self.app.clone(), gate), api_guard);
        self.add(right, method, full, on(method, handler).route_layer(layer));
    }

    /// A route of a group.
    pub(crate) fn group<H, T>(&mut self, right: Right, method: MethodFilter, path: &str, handler: H)
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let full = format!("/api/v4/groups/{{group}}{path}");
        let layer = from_fn_with_state((self.app.clone(), right), group_guard);
        self.add(right, method, full, on(method, handler).route_layer(layer));
    }

    /// A route of GitLab's API that is no project's and no group's.
    pub(crate) fn person<H, T>(&mut self, right: Right, method: MethodFilter, path: &str, handler: H)
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let layer = from_fn_with_state((self.app.clone(), right), person_guard);
        self.add(right, method, format!("/api/v4{path}"), on(method, handler).route_layer(layer));
    }

    fn add(&mut self, right: Right, method: MethodFilter, path: String, handler: MethodRouter<App>) {
        let router = std::mem::take(&mut self.router);
        self.router = router.route(&path, handler);
        self.table.push(Route { method: method_of(method), path, right });
    }

    /// A route below both tracking addresses: a project's and the server's own. A path that the server has for
    /// itself already stays the server's.
    pub(crate) fn mounted<H, T>(&mut self, right: Right, method: MethodFilter, path: &str, handler: H)
    where
        H: Handler<T, App>,
        T: 'static,
    {
        for mount in [PROJECT, ROOT] {
            let full = format!("{mount}{path}");
            if !self.table.iter().any(|route| route.path == full && route.right == Right::Anyone) {
                self.plain(right, method, &full, handler.clone());
            }
        }
    }

    /// A route of MLflow's API: below both tracking addresses, and twice in each (`api`, `ajax-api`).
    pub(crate) fn api<H, T>(
        &mut self,
        right: Right,
        method: MethodFilter,
        version: &str,
        path: &str,
        handler: H,
    ) where
        H: Handler<T, App>,
        T: 'static,
    {
        for twin in ["api", "ajax-api"] {
            self.mounted(right, method, &format!("/{twin}/{version}{path}"), handler.clone());
        }
    }

    pub(crate) fn table(&self) -> &[Route] {
        &self.table
    }

    pub(crate) fn finish(self, pages: crate::Pages) -> Router {
        self.router
            .fallback(move |request: Request| {
                let (parts, _) = request.into_parts();
                let page = pages(&parts);
                let none = || error::no_such_route(parts.method.as_str(), parts.uri.path());
                std::future::ready(page.unwrap_or_else(none))
            })
            .layer(from_fn_with_state(self.app.clone(), observe))
            .with_state(self.app)
    }
}

/// The methods that routes of ours have.
fn method_of(filter: MethodFilter) -> Method {
    let all = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    all.into_iter()
        .find(|method| MethodFilter::try_from(method.clone()).is_ok_and(|own| own == filter))
        .unwrap_or_default()
}

/// Gives every request its id, and counts, times and logs it.
async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let id = request_id::next();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let path = request.uri().path();
    // The address of a one-time link is a secret.
    let path = if path.starts_with("/-/sign-in/") { "/-/sign-in/…" } else { path };
    let span = tracing::debug_span!("request", id, method = %method, path);
    // The first comes from browsers, but not to servers without TLS; the second from our own pages.
    let is_browser =
        ["sec-fetch-mode", "x-requested-with"].iter().any(|name| request.headers().contains_key(*name));
    let mut response = request_id::scope(id.clone(), next.run(request)).instrument(span.clone()).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    let status = response.status();
    if is_browser && status == StatusCode::UNAUTHORIZED {
        // Else the browser itself would ask for a name and a password, in front of our pages.
        response.headers_mut().remove(WWW_AUTHENTICATE);
    }
    let elapsed = begun.elapsed();
    app.telemetry.count(&method, route.as_ref().map_or("", MatchedPath::as_str), status, elapsed);
    span.in_scope(|| {
        tracing::debug!(status = status.as_u16(), elapsed_us = elapsed.as_micros() as u64, "answered")
    });
    response
}
