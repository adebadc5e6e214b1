//! A password or token from the terminal, without showing it, or from standard input.

use std::io::{BufRead as _, IsTerminal as _, Read as _, Write as _};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use weir_domain::{Error, Result, password};

/// More than the longest password in bytes, with its line end.
const MOST_BYTES: u64 = 4 * password::MOST as u64 + 2;

/// Asked for twice at a terminal; else the one line of standard input. Never an argument, which others could read.
pub fn new_password() -> Result<String> {
    if !std::io::stdin().is_terminal() {
        return line();
    }
    let first = ask("New password: ")?;
    if first != ask("Again: ")? {
        return Err(Error::invalid("the two passwords differ: nothing was changed"));
    }
    Ok(first)
}

/// Asked for at a terminal; else the one line of standard input.
pub fn token() -> Result<String> {
    if std::io::stdin().is_terminal() { ask("Token: ") } else { line() }
}

fn ask(question: &str) -> Result<String> {
    let _ = write!(std::io::stderr(), "{question}");
    let silence = Silence::begin()?;
    let answer = line();
    drop(silence);
    let _ = writeln!(std::io::stderr());
    answer
}

fn line() -> Result<String> {
    let unreadable = |error| Error::invalid(format!("standard input cannot be read: {error}"));
    let mut text = String::new();
    std::io::stdin().lock().take(MOST_BYTES).read_line(&mut text).map_err(unreadable)?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Ok(text.strip_suffix('\r').unwrap_or(text).to_owned())
}

/// The terminal shows nothing of what is typed until this is dropped.
struct Silence(Termios);

impl Silence {
    fn begin() -> Result<Self> {
        let before = tcgetattr(std::io::stdin()).map_err(Error::internal)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(std::io::stdin(), OptionalActions::Flush, &silent).map_err(Error::internal)?;
        Ok(Self(before))
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        // A terminal that is gone needs nothing restored.
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Flush, &self.0);
    }
}
