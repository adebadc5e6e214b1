//! What operators and their machines ask: alive, ready, how busy.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use weir_domain::Result;

use crate::app::App;

/// `GET /health`: the process serves.
pub async fn health() -> &'static str {
    "OK"
}

/// `GET /ready`: the database and the artifact store answer.
pub async fn ready(State(app): State<App>) -> Response {
    match check(&app).await {
        Ok(()) => "OK".into_response(),
        Err(error) => {
            tracing::warn!(?error, "not ready");
            let part = if app.store.read(|_| Ok(())).await.is_err() { "database" } else { "artifact store" };
            (StatusCode::SERVICE_UNAVAILABLE, format!("the {part} does not answer\n")).into_response()
        }
    }
}

async fn check(app: &App) -> Result<()> {
    app.store.read(|tx| tx.get("SELECT 1", &[], |_| Ok(()))).await?;
    app.blobs.check().await
}

/// `GET /metrics`, for Prometheus.
pub async fn metrics(State(app): State<App>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], app.telemetry.text() + &app.events.text())
        .into_response()
}
