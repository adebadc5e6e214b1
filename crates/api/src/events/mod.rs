//! What changes in a project, told to the pages as it happens: a stream of server-sent events.

mod hub;
mod message;
mod stream;
mod tell;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::caller::{Access, Ticket};
use crate::error::ApiResult;
use crate::extract::ApiQuery;
use crate::openapi::{ErrorMessage, ProjectPath, Refusals};
use crate::peer::Peer;
use crate::reply::too_many;
use crate::seats::Sitter;

pub use self::hub::Hub;
pub use self::message::ChangeEvent;
pub use self::tell::{finish, tell_forever, tell_others};

/// How events are told; tests are faster.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Between two looks at what has changed.
    pub tell_ms: u64,
    /// Between two signs of life, of a stream to its client and of a replica to the others.
    pub beat_ms: u64,
    /// Between two looks at whether who has a stream still may.
    pub check_ms: u64,
    /// How long a stream goes on in silence while nobody can say whether who has it still may.
    pub doubt_ms: u64,
    /// Streams of one user at once.
    pub streams_of_user: usize,
    /// Streams of all.
    pub streams: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            tell_ms: 250,
            beat_ms: 10_000,
            check_ms: 2_000,
            doubt_ms: 30_000,
            streams_of_user: 64,
            streams: 2_000,
        }
    }
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct EventsQuery {
    /// The `id` of the last event that was seen, for clients that cannot set the header `Last-Event-ID`.
    last_event_id: Option<String>,
}

/// `GET /ml/events`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/ml/events",
    operation_id = "watch_project",
    summary = "What changes in the project, as it happens (server-sent events)",
    description = "A stream of `text/event-stream`. `ready` comes first: its data says whether the stream goes on behind \
        `Last-Event-ID` (`resumed`); when it does not, fetch what you show. `change` has a ChangeEvent as its data. \
        `refetch`: something was missed, fetch what you show. `beat` comes when nothing else does. `end`: the server \
        ends the stream (`stop`: connect again; `access`: you may not read this any more). See docs/events.md.",
    tag = "events",
    params(ProjectPath, EventsQuery),
    responses(
        (status = 200, description = "the stream", body = ChangeEvent, content_type = "text/event-stream"),
        Refusals,
        (status = 429, description = "too many streams are open already", body = ErrorMessage)
    )
)]
pub async fn watch(
    State(app): State<App>,
    access: Access,
    peer: Peer,
    method: Method,
    headers: HeaderMap,
    ApiQuery(query): ApiQuery<EventsQuery>,
) -> ApiResult<Response> {
    let ticket = Ticket::of(&app, &access, &method, &headers)?;
    let Some(seat) = app.events.sit(Sitter::of(&access, &peer), &app.settings.pace) else {
        return Ok(too_many("too many event streams are open: close some, or ask again in a while"));
    };
    // One that is no text is one that nobody knows.
    let last = headers.get("last-event-id").map(|id| String::from_utf8_lossy(id.as_bytes()).into_owned());
    let last = last.or(query.last_event_id).filter(|id| !id.is_empty());
    let body = stream::open(app, access, ticket, seat, last.as_deref());
    let mut response = Response::new(Body::from_stream(body));
    for (name, value) in [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Else nginx keeps events until it has a bufferful of them.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}
