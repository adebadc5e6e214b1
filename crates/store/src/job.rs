//! A closure on its way through a database thread, and the answer on its way back.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;
use weir_domain::{Error, Result};

use crate::patience::Waiting;
use crate::tx::Tx;

/// What an engine does with a job after it ran.
pub(crate) enum Outcome {
    /// Keep its changes.
    Done,
    /// Take its changes back; the answer is an error already.
    Failed,
    /// The database asks for another try (PostgreSQL: serialization failure, deadlock).
    Again,
}

/// What became of the transaction that a job was part of.
pub(crate) type Fate = std::result::Result<(), String>;

pub(crate) trait Job: Send {
    fn run(&mut self, tx: &mut Tx<'_>) -> Outcome;
    /// Sends the answer, and with it what else is to be delivered where the answer is received.
    fn answer(self: Box<Self>, fate: &Fate, others: Option<Delivery>);
    /// Replaces whatever was the answer with an error.
    fn fail(self: Box<Self>, error: Error);
    /// Whether somebody still waits for the answer.
    fn waiting(&self) -> &Waiting;
}

/// Answers of the other jobs of a commit, delivered when this is dropped.
///
/// They travel with the answer of the first job: a task of the runtime wakes its neighbours cheaply, the database's
/// thread would have to call the kernel for each. If nobody receives the first answer, they are delivered all the
/// same, when the channel drops it.
pub(crate) struct Delivery {
    pub(crate) jobs: Vec<Box<dyn Job>>,
    pub(crate) fate: Fate,
}

impl Drop for Delivery {
    fn drop(&mut self) {
        for job in self.jobs.drain(..) {
            job.answer(&self.fate, None);
        }
    }
}

type Reply<T> = (Result<T>, Option<Delivery>);

struct Closure<F, T> {
    body: F,
    result: Option<Result<T>>,
    reply: oneshot::Sender<Reply<T>>,
    waiting: Waiting,
}

/// The other end of a job: dropped, nobody waits for it any more.
pub(crate) struct Receiver<T> {
    answer: oneshot::Receiver<Reply<T>>,
    waiting: Waiting,
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.waiting.end();
    }
}

impl<T> Receiver<T> {
    pub(crate) async fn receive(mut self) -> Result<T> {
        match (&mut self.answer).await {
            Ok((result, others)) => {
                drop(others);
                result
            }
            Err(_) => Err(Error::Busy),
        }
    }
}

/// Wraps `body` for an engine, with the receiver of its answer.
pub(crate) fn job<T, F>(body: F) -> (Box<dyn Job>, Receiver<T>)
where
    F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    T: Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    let waiting = Waiting::default();
    let receiver = Receiver { answer, waiting: waiting.clone() };
    (Box::new(Closure { body, result: None, reply, waiting }), receiver)
}

impl<F, T> Job for Closure<F, T>
where
    F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    T: Send + 'static,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> Outcome {
        let result = catch_unwind(AssertUnwindSafe(|| (self.body)(tx)))
            .unwrap_or_else(|panic| Err(Error::internal(panic_text(&*panic))));
        let outcome = match &result {
            Ok(_) => Outcome::Done,
            Err(error) if wants_retry(error) => Outcome::Again,
            Err(_) => Outcome::Failed,
        };
        self.result = Some(result);
        outcome
    }

    fn answer(self: Box<Self>, fate: &Fate, others: Option<Delivery>) {
        let result = match (self.result, fate) {
            (Some(Ok(_)), Err(cause)) => Err(Error::internal(format!("commit: {cause}"))),
            (Some(result), _) => result,
            (None, fate) => Err(Error::internal(format!("a job did not run: {fate:?}"))),
        };
        // Nobody waits when the client has gone away; what was done stays done.
        let _ = self.reply.send((result, others));
    }

    fn fail(self: Box<Self>, error: Error) {
        let _ = self.reply.send((Err(error), None));
    }

    fn waiting(&self) -> &Waiting {
        &self.waiting
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    format!("panic in a storage operation: {text}")
}

/// A deadlock or a serialization failure: nothing is wrong with the operation, only with its company.
pub(crate) fn wants_retry(error: &Error) -> bool {
    use postgres::error::SqlState;
    let Error::Internal(cause) = error else { return false };
    let Some(error) = cause.downcast_ref::<postgres::Error>() else { return false };
    matches!(error.code(), Some(code) if *code == SqlState::T_R_SERIALIZATION_FAILURE
        || *code == SqlState::T_R_DEADLOCK_DETECTED)
}
