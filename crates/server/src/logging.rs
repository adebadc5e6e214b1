//! The log on standard error: lines for people on a terminal, JSON for machines.

use std::io::{IsTerminal as _, stderr};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;
use weir_domain::{Error, Result};

use crate::cli::{LogArgs, LogFormat};

/// The PostgreSQL driver would repeat the server's notices and, at debug, the values bound to statements.
const DRIVER: [&str; 2] = ["postgres=warn", "tokio_postgres=warn"];

/// Starts logging for the rest of the process. `default_level` is for when the operator says none.
pub fn start(args: &LogArgs, default_level: &str) -> Result<()> {
    let level = args.log_level.as_deref().filter(|level| !level.is_empty()).unwrap_or(default_level);
    let filter = filter(level).map_err(|error| {
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
    started.map_err(Error::internal)?;
    std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "a bug: a thread panicked")));
    Ok(())
}

fn filter(level: &str) -> std::result::Result<EnvFilter, ParseError> {
    let mut filter = EnvFilter::builder().parse(level)?;
    for directive in DRIVER {
        filter = filter.add_directive(directive.parse()?);
    }
    Ok(filter)
}

#[cfg(test)]
mod tests {
    use super::filter;

    #[test]
    fn levels_and_filters_are_taken_and_the_driver_stays_quiet() {
        for level in ["info", "debug", "warn,weir_api=trace"] {
            let filter = filter(level).unwrap().to_string();
            assert!(filter.contains("tokio_postgres=warn"), "{filter}");
        }
        assert!(filter("loud=loud=loud").is_err());
    }
}
