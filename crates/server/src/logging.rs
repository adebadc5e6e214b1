//! The log on standard error: lines for people on a terminal, JSON for machines.

use std::io::{IsTerminal as _, stderr};

use tracing_subscriber::EnvFilter;
use weir_domain::{Error, Result};

use crate::cli::{LogArgs, LogFormat};

/// Starts logging for the rest of the process. `default_level` is for when the operator says none.
pub fn start(args: &LogArgs, default_level: &str) -> Result<()> {
    let level = args.log_level.as_deref().filter(|level| !level.is_empty()).unwrap_or(default_level);
    let filter = EnvFilter::try_new(level).map_err(|error| {
        Error::invalid(format!(
            "'{level}' is not a log level: use error, warn, info, debug or trace ({error})"
        ))
    })?;
    let human = match args.log_format {
        LogFormat::Auto => stderr().is_terminal(),
        LogFormat::Human => true,
        LogFormat::Json => false,
    };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    let started = if human {
        builder.with_ansi(stderr().is_terminal()).try_init()
    } else {
        builder.json().flatten_event(true).with_span_list(false).try_init()
    };
    started.map_err(Error::internal)
}
