//! A server running as a child: its address from its first lines, its memory and processor time from /proc.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::Result;
use crate::client::Connection;

/// How long a server may take until it prints its address, and until it answers.
const START_LIMIT: Duration = Duration::from_secs(30);
/// How long a server may take to stop after it was asked to.
const STOP_LIMIT: Duration = Duration::from_secs(15);

pub struct Process {
    child: Child,
    address: SocketAddr,
    spawned_at: Instant,
    log: PathBuf,
}

impl Process {
    /// Starts `command` and waits for the line that names its address; its errors go to the file `log`.
    pub fn spawn(mut command: Command, log: &Path) -> Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(File::create(log)?);
        let spawned_at = Instant::now();
        let mut child = command
            .spawn()
            .map_err(|error| format!("cannot start '{}': {error}", command.get_program().display()))?;
        let stdout = child.stdout.take().ok_or("the child has no standard output")?;
        match address_of(stdout) {
            Some(address) => Ok(Self { child, address, spawned_at, log: log.to_owned() }),
            None => {
                // It may have ended by itself already.
                let _ = child.kill();
                child.wait()?;
                Err(format!("the server printed no address; its log ends:\n{}", tail(log)).into())
            }
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The time from the start of the process to the first 200 of `/health`.
    pub async fn wait_healthy(&self) -> Result<Duration> {
        loop {
            let error = match self.health().await {
                Ok(()) => return Ok(self.spawned_at.elapsed()),
                Err(error) => error,
            };
            if self.spawned_at.elapsed() > START_LIMIT {
                return Err(format!("not healthy: {error}; its log ends:\n{}", self.log_tail()).into());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    async fn health(&self) -> Result<()> {
        Connection::open(self.address).await?.get_path("/health").await.map(drop)
    }

    /// The last lines of what it wrote to standard error.
    pub fn log_tail(&self) -> String {
        tail(&self.log)
    }

    /// Resident memory now, in MiB.
    pub fn resident_mib(&self) -> Result<f64> {
        self.status_mib("VmRSS:")
    }

    /// The most resident memory it ever had, in MiB.
    pub fn peak_mib(&self) -> Result<f64> {
        self.status_mib("VmHWM:")
    }

    fn status_mib(&self, field: &str) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let kib = status
            .lines()
            .find_map(|line| line.strip_prefix(field))
            .and_then(|rest| rest.split_whitespace().next())
            .ok_or_else(|| format!("/proc says no {field}"))?;
        Ok(kib.parse::<f64>()? / 1024.0)
    }

    /// Processor seconds used so far.
    pub fn cpu_seconds(&self) -> Result<f64> {
        // Linux reports in hundredths of a second to every program, whatever the kernel's own clock.
        const TICKS_PER_SECOND: f64 = 100.0;
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name in parentheses may hold blanks: the numbered fields begin behind it.
        let fields = stat.rsplit_once(')').map(|(_, fields)| fields).unwrap_or_default();
        let mut ticks = 0.0;
        for field in fields.split_whitespace().skip(11).take(2) {
            ticks += field.parse::<f64>()?;
        }
        Ok(ticks / TICKS_PER_SECOND)
    }

    /// Asks it to stop (SIGTERM) and waits until it has.
    pub fn stop(mut self) -> Result<()> {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status()?;
        let asked_at = Instant::now();
        while self.child.try_wait()?.is_none() {
            if asked_at.elapsed() > STOP_LIMIT {
                return Err(format!("the server did not stop within {} s", STOP_LIMIT.as_secs()).into());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // After `stop` both fail, as they should.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for the address and keeps reading afterwards, so that the child never blocks on a full pipe.
fn address_of(stdout: ChildStdout) -> Option<SocketAddr> {
    let (found, address) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(std::result::Result::ok) {
            if let Some(address) = address_in(&line) {
                // Only the first one is waited for.
                let _ = found.send(address);
            }
        }
    });
    address.recv_timeout(START_LIMIT).ok()
}

/// The loopback address in a line such as `Weir serves at http://127.0.0.1:5000/?token=x`.
fn address_in(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once("http://127.0.0.1:")?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    Some(SocketAddr::from(([127, 0, 0, 1], digits.parse().ok()?)))
}

fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_any_line_that_names_it() {
        let address = SocketAddr::from(([127, 0, 0, 1], 41234));
        assert_eq!(address_in("http://127.0.0.1:41234"), Some(address));
        assert_eq!(address_in("  open http://127.0.0.1:41234/sign-in?token=x now"), Some(address));
        assert_eq!(address_in("export MLFLOW_TRACKING_TOKEN=glpat-x"), None);
        assert_eq!(address_in("http://127.0.0.1:99999"), None);
    }

    #[test]
    fn a_program_that_prints_no_address_is_an_error_with_its_log() {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "echo starting; echo 'no such database' >&2"]);
        let error = Process::spawn(command, &folder.path().join("log")).err().unwrap().to_string();
        assert!(error.contains("no such database"), "{error}");
    }

    #[test]
    fn memory_and_processor_time_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "echo http://127.0.0.1:1; exec sleep 60"]);
        let process = Process::spawn(command, &folder.path().join("log")).unwrap();
        assert!(process.resident_mib().unwrap() > 0.0);
        // Not compared: the shell becomes `sleep` some time, and both are of one moment only.
        assert!(process.peak_mib().unwrap() > 0.0);
        assert!(process.cpu_seconds().unwrap() < 10.0);
        process.stop().unwrap();
    }
}
