//! `weir audit`: what its commands take.

use clap::Subcommand;

use super::Output;

#[derive(Subcommand, Debug)]
pub enum AuditCommand {
    /// List what was done, the newest first
    List {
        /// Only what belongs to a project (path or number)
        #[arg(long)]
        project: Option<String>,
        /// Only what belongs to a group (path or number), and not to what lies in it
        #[arg(long, conflicts_with = "project")]
        group: Option<String>,
        /// Only what was done from this time on, such as 2026-01-31 or 2026-01-31T12:00:00Z
        #[arg(long, value_name = "TIME")]
        after: Option<String>,
        /// Only what was done up to this time
        #[arg(long, value_name = "TIME")]
        before: Option<String>,
        /// Entries at most
        #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
        limit: u32,
        #[command(flatten)]
        output: Output,
    },
    /// Check the whole log; ends with 1 when it is broken
    Verify {
        /// What 'weir audit head' printed before: the log must still go through it
        #[arg(long, value_name = "SEQUENCE:HASH")]
        head: Option<String>,
        #[command(flatten)]
        output: Output,
    },
    /// Print the end of the log, to be kept where nobody who can change the database can change it
    Head {
        #[command(flatten)]
        output: Output,
    },
}
