//! One value that works on blocking threads, a job at a time, while its owner goes on receiving bytes.

use tokio::task::JoinHandle;
use weir_domain::{Error, Result};

/// Owns `T`, lends it to one blocking job after the other, and drops it on a blocking thread.
///
/// A job takes the value with it. So an owner that goes away in the middle of a job needs no care: the job
/// ends, its value is dropped there, and a value that removes its file when dropped has removed it.
pub struct Lane<T: Send + 'static> {
    state: State<T>,
}

enum State<T> {
    Idle(T),
    Busy(JoinHandle<Result<T>>),
    /// A job failed; its error was told to whoever waited for it.
    Lost,
}

impl<T: Send + 'static> Lane<T> {
    pub fn new(value: T) -> Self {
        Self { state: State::Idle(value) }
    }

    /// Waits for the job before, then starts this one and returns at once.
    pub async fn start(&mut self, job: impl FnOnce(&mut T) -> Result<()> + Send + 'static) -> Result<()> {
        let mut value = self.take().await?;
        self.state = State::Busy(tokio::task::spawn_blocking(move || job(&mut value).map(|()| value)));
        Ok(())
    }

    /// True when a job can start without waiting.
    pub fn is_idle(&self) -> bool {
        match &self.state {
            State::Idle(_) => true,
            State::Busy(job) => job.is_finished(),
            State::Lost => false,
        }
    }

    /// Waits for the last job.
    pub async fn settle(&mut self) -> Result<()> {
        self.state = State::Idle(self.take().await?);
        Ok(())
    }

    /// The value, after the last job.
    pub async fn take(&mut self) -> Result<T> {
        if let State::Busy(job) = &mut self.state {
            // By reference: when the owner stops waiting here, the job is still ours.
            let done = job.await.map_err(Error::internal).and_then(|value| value);
            self.state = State::Lost;
            return done;
        }
        match std::mem::replace(&mut self.state, State::Lost) {
            State::Idle(value) => Ok(value),
            State::Busy(_) | State::Lost => {
                Err(Error::internal("the file was given up after an earlier error"))
            }
        }
    }

    /// Ends the lane with a job that uses the value up.
    pub async fn finish<R: Send + 'static>(
        mut self,
        job: impl FnOnce(T) -> Result<R> + Send + 'static,
    ) -> Result<R> {
        let value = self.take().await?;
        blocking(move || job(value)).await
    }
}

impl<T: Send + 'static> Drop for Lane<T> {
    fn drop(&mut self) {
        let State::Idle(value) = std::mem::replace(&mut self.state, State::Lost) else { return };
        // Removing a large file takes long; without a runtime (at exit) it is dropped right here.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn_blocking(move || drop(value));
        }
    }
}

/// Runs `job` on a blocking thread; a panic in it is an internal error.
pub async fn blocking<R: Send + 'static>(job: impl FnOnce() -> Result<R> + Send + 'static) -> Result<R> {
    tokio::task::spawn_blocking(job).await.map_err(Error::internal)?
}
