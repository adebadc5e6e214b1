//! Standard output, whose reader may go away.

use std::io::{ErrorKind, Write as _};

use weir_domain::{Error, Result};

/// Writes `text` and a line end, at once. A reader that has seen enough (`| head`) is no failure.
pub fn line(text: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Error::invalid(format!("cannot write to standard output: {error}")))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// A remark beside the output, on standard error, so that scripts can capture the output alone.
pub fn remark(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
