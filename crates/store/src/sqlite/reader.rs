//! A thread's connection for reads, which gives up what takes too long and what nobody waits for any more.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use weir_domain::{Error, Result};

use super::{connect, internal_text, run};
use crate::job::{Job, Outcome};
use crate::patience::{Patience, Watch, too_long};
use crate::tx::{SqliteConnection, Tx};

/// Steps of a statement between two looks at whether its read is to go on: well below a millisecond, and a look costs
/// less than a hundred steps.
const STEPS: i32 = 4000;

pub(super) struct Reader {
    connection: Connection,
    watch: Watch,
    /// How long a read may take.
    limit: Duration,
}

impl Reader {
    pub(super) fn open(path: &Path, limit: Duration) -> Result<Self> {
        let mut connection = connect(path, true)?;
        let watch = Watch::default();
        let asked = watch.clone();
        connection.progress_handler(STEPS, Some(move || asked.interrupts())).map_err(Error::internal)?;
        Ok(Self { connection, watch, limit })
    }

    pub(super) fn serve(&self, reads: &async_channel::Receiver<Box<dyn Job>>) {
        while let Ok(job) = reads.recv_blocking() {
            // Who went away while the job was in line wants nothing of it.
            if !job.waiting().is_over() {
                self.complete(job);
            }
        }
    }

    fn complete(&self, mut job: Box<dyn Job>) {
        if let Err(error) = run(&self.connection, "BEGIN") {
            return job.fail(error);
        }
        self.watch.begin(Patience::new(self.limit, job.waiting()));
        let outcome = job.run(&mut Tx::Sqlite(&SqliteConnection::new(&self.connection)));
        let interrupted = self.watch.end();
        let end = run(&self.connection, "COMMIT").map_err(|error| internal_text(&error));
        if interrupted && !matches!(outcome, Outcome::Done) {
            return job.fail(too_long(self.limit));
        }
        job.answer(&end, None);
    }
}
