//! A request body that breaks off when its sender falls silent.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::BoxError;
use axum::body::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::silence::Silence;

/// Ends `body` with an error once somebody has waited for `limit` without a byte of it.
///
/// Most bodies arrive with their head and are never waited for: those cost no timer.
pub struct SlowBody<B> {
    body: B,
    silence: Silence,
}

impl<B> SlowBody<B> {
    pub fn new(body: B, limit: Duration) -> Self {
        Self { body, silence: Silence::new(limit) }
    }
}

impl<B> Body for SlowBody<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(frame) => {
                self.silence.end();
                Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
            }
            Poll::Pending => {
                self.silence.poll(context, "no byte of the body came").map(|error| Some(Err(error.into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
