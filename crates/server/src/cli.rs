//! The command line: every flag with its environment variable and the words of `--help`.

use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{size, span};

mod audit;
mod ci;
mod places;

pub use audit::AuditCommand;
pub use ci::{CiLinkCommand, NewLinkArgs, NewTrustArgs, TrustCommand};
pub use places::{
    GroupCommand, MemberCommand, NewTokenArgs, Place, ProjectChanges, ProjectCommand, TokenCommand,
    TokenOwner,
};

const EXAMPLES: &str = "\
Examples:
  weir serve
      One machine: SQLite and files in ./weir-data, http://127.0.0.1:5000
  weir serve --listen 0.0.0.0:5000 --database-url postgres://weir@db/weir --artifacts s3://bucket/x
      A replica of many: PostgreSQL and a bucket
  weir demo
      A project with 200 runs and a model to look around in; weir demo --remove removes it
  TOKEN=$(weir token create --user alice --scopes read_api)
      A token for a script

Environment:
  WEIR_SECRET_KEY  seals the tokens of CI links: 32 characters or more [default, with SQLite: secret.key in the data folder]
  WEIR_ROOT_TOKEN  the first token of user root on an empty database: glpat- and 20 characters or more
  WEIR_OIDC_CLIENT_SECRET  the secret of --oidc-client-id
  WEIR_…           any option that has one beside it in its help
  AWS_…            region, endpoint and keys of the bucket of --artifacts

Exit status: 0 done; 1 refused, failed or (audit verify) broken, with one sentence on standard error; 2 not understood";

/// Tracks machine-learning experiments: a server for the stock MLflow client, with projects, roles and tokens.
///
/// One program: `weir serve` runs the server, the other commands change the same database, beside a running server
/// too.
#[derive(Parser, Debug)]
#[command(name = "weir", version, after_help = EXAMPLES, max_term_width = 110, infer_subcommands = false)]
pub struct Cli {
    #[command(flatten)]
    pub store: StoreArgs,
    #[command(flatten)]
    pub log: LogArgs,
    #[command(subcommand)]
    pub command: Command,
}

/// Which database: taken by every command.
#[derive(Args, Debug)]
pub struct StoreArgs {
    /// The data folder: weir.db (SQLite) and artifacts, unless the next options say otherwise
    #[arg(long, global = true, env = "WEIR_DATA", value_name = "DIR", default_value = "./weir-data")]
    #[arg(help_heading = "Database options")]
    pub data: PathBuf,

    /// A PostgreSQL database (14 or newer) in place of SQLite: postgres://user:password@host/name
    // An environment variable's value would stand in `--help`, with its password.
    #[arg(long, global = true, env = "WEIR_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    #[arg(help_heading = "Database options")]
    pub database_url: Option<String>,
}

/// What is logged to standard error.
#[derive(Args, Debug)]
pub struct LogArgs {
    /// error, warn, info, debug or trace, or a filter such as info,weir_api=debug [default: info; commands: warn]
    #[arg(long, global = true, env = "WEIR_LOG", value_name = "LEVEL", help_heading = "Log options")]
    pub log_level: Option<String>,

    /// Lines for people or one JSON object a line; auto: people on a terminal, JSON otherwise
    #[arg(long, global = true, env = "WEIR_LOG_FORMAT", value_name = "FORMAT", default_value = "auto")]
    #[arg(help_heading = "Log options")]
    pub log_format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Auto,
    Human,
    Json,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum OidcSecretMethod {
    #[default]
    Discovered,
    Basic,
    Post,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Run the server
    Serve(Box<ServeArgs>),
    /// Fill a project with experiments, runs and a model to look around in, or remove it again
    Demo(DemoArgs),
    /// Bring the database's schema up to date and exit (the server does it too when it starts)
    Migrate,
    /// People who may sign in
    #[command(subcommand)]
    User(UserCommand),
    /// Groups of projects, which nest
    #[command(subcommand)]
    Group(GroupCommand),
    /// Projects: what experiments, members and tokens belong to
    #[command(subcommand)]
    Project(ProjectCommand),
    /// Who may do what in a project or a group
    #[command(subcommand)]
    Member(MemberCommand),
    /// Access tokens of people, of projects and of groups
    #[command(subcommand)]
    Token(TokenCommand),
    /// Which CI jobs may come to a project with an ID token of their own, without a stored secret
    #[command(subcommand)]
    Trust(TrustCommand),
    /// The CI that a project is linked to: there the jobs are looked up that its runs' tags name
    #[command(subcommand)]
    CiLink(CiLinkCommand),
    /// Remove for good what was deleted: runs, experiments and logged models, which could be restored until then
    Gc(GcArgs),
    /// Who did what: read the log, and check that nobody changed it
    #[command(subcommand)]
    Audit(AuditCommand),
}

#[derive(Args, Debug)]
pub struct DemoArgs {
    /// The project, which is made: a path, or a name below root
    #[arg(long, value_name = "PATH", default_value = "demo")]
    pub project: String,

    /// Remove the project that this command made, with everything in it
    #[arg(long)]
    pub remove: bool,

    /// Where artifact bytes are kept, as for the server [default: 'artifacts' in the data folder]
    #[arg(long, env = "WEIR_ARTIFACTS", value_name = "URL")]
    pub artifacts: Option<String>,
}

#[derive(Args, Debug)]
pub struct ServeArgs {
    /// Where to listen; port 0 takes a free one
    #[arg(long, env = "WEIR_LISTEN", value_name = "HOST:PORT", default_value = "127.0.0.1:5000")]
    pub listen: String,

    /// Where artifact bytes are kept: a folder or s3://bucket/prefix [default: 'artifacts' in the data folder]
    #[arg(long, env = "WEIR_ARTIFACTS", value_name = "URL")]
    pub artifacts: Option<String>,

    /// Everybody who reaches the server is root; only on a loopback address
    #[arg(long, env = "WEIR_NO_AUTH", value_parser = FalseyValueParser::new())]
    pub no_auth: bool,

    /// The project of http://HOST:PORT itself [default: 1, root/default]
    #[arg(long, env = "WEIR_DEFAULT_PROJECT", value_name = "ID")]
    #[arg(value_parser = clap::value_parser!(i64).range(1..))]
    pub default_project: Option<i64>,

    /// The largest file taken, such as 10GiB
    #[arg(long, env = "WEIR_MAX_FILE_BYTES", value_name = "N", default_value = "5GiB", value_parser = size::parse)]
    pub max_file_bytes: u64,

    /// What uploads leave free on the disk of the artifacts
    #[arg(long, env = "WEIR_MIN_FREE_BYTES", value_name = "N", default_value = "1GiB", value_parser = size::parse)]
    pub min_free_bytes: u64,

    #[command(flatten)]
    pub deletion: DeletionArgs,

    /// Connections to PostgreSQL
    #[arg(long, env = "WEIR_DATABASE_CONNECTIONS", value_name = "N", default_value_t = 16)]
    #[arg(value_parser = clap::value_parser!(u16).range(4..=1000))]
    pub database_connections: u16,

    /// The address that users reach the server at, when a proxy stands in front of it
    #[arg(long, env = "WEIR_EXTERNAL_URL", value_name = "URL")]
    pub external_url: Option<String>,

    /// Proxies in front of the server, by address or network such as 10.0.0.0/8: they say who the client is
    #[arg(long, env = "WEIR_TRUSTED_PROXIES", value_name = "LIST", value_delimiter = ',')]
    pub trusted_proxies: Vec<String>,

    /// What the server may fetch from (keys of ID tokens' issuers, CI jobs): hosts such as gitlab.com or *.example.com
    /// by https, or origins such as http://10.0.0.7:8080, which may be private
    #[arg(long, env = "WEIR_OUTBOUND_ALLOW", value_name = "LIST", value_delimiter = ',')]
    pub outbound_allow: Vec<String>,

    /// Where the server stands below its host, such as /weir [default: the path of the external URL, else /]
    #[arg(long, env = "WEIR_BASE_PATH", value_name = "PATH")]
    pub base_path: Option<String>,

    #[command(flatten)]
    pub oidc: OidcArgs,
}

/// What the server and the commands that delete share.
#[derive(Args, Debug)]
pub struct DeletionArgs {
    /// How long a deleted project or group waits, and can be restored, before it is removed: such as 30d, 12h or 0s
    #[arg(long, env = "WEIR_DELETION_DELAY", value_name = "SPAN", default_value = "7d", value_parser = span::parse)]
    pub deletion_delay: i64,
}

/// Sign-in through a provider of OpenID Connect. The client's secret stands in a file or in the environment.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "OpenID Connect options")]
pub struct OidcArgs {
    /// The provider's issuer, such as https://id.example/realms/ml; it sends people back to …/-/oidc/callback
    #[arg(long, env = "WEIR_OIDC_ISSUER", value_name = "URL")]
    pub oidc_issuer: Option<String>,

    /// What the provider calls this server
    #[arg(long, env = "WEIR_OIDC_CLIENT_ID", value_name = "ID")]
    pub oidc_client_id: Option<String>,

    /// A file with the client's secret [default: WEIR_OIDC_CLIENT_SECRET, or none]
    #[arg(long, env = "WEIR_OIDC_CLIENT_SECRET_FILE", value_name = "FILE")]
    pub oidc_client_secret_file: Option<PathBuf>,

    /// How the provider takes the secret: as its discovery document says, client_secret_basic or client_secret_post
    #[arg(long, env = "WEIR_OIDC_SECRET_METHOD", value_name = "METHOD", default_value = "discovered")]
    pub oidc_secret_method: OidcSecretMethod,

    /// What people call the provider [default: the issuer's host]
    #[arg(long, env = "WEIR_OIDC_NAME", value_name = "NAME")]
    pub oidc_name: Option<String>,

    /// Scopes asked for beside openid
    #[arg(long, env = "WEIR_OIDC_SCOPES", value_name = "LIST", default_value = "profile email")]
    pub oidc_scopes: String,

    /// The claim that lists a person's groups, such as groups or realm_access.roles
    #[arg(long, env = "WEIR_OIDC_GROUPS_CLAIM", value_name = "CLAIM")]
    pub oidc_groups_claim: Option<String>,

    /// What groups give at every sign-in: GROUP=ROLE@PATH of a group or project, or GROUP=administrator
    #[arg(long, env = "WEIR_OIDC_GRANTS", value_name = "LIST", value_delimiter = ',')]
    pub oidc_grants: Vec<String>,

    /// Only people in one of these groups may sign in [default: everybody whom the provider knows]
    #[arg(long, env = "WEIR_OIDC_REQUIRED_GROUPS", value_name = "LIST", value_delimiter = ',')]
    pub oidc_required_groups: Vec<String>,
}

#[derive(Args, Debug)]
pub struct GcArgs {
    /// Only what was deleted longer ago than this: such as 30d or 12h; 0d: all
    #[arg(long, value_name = "SPAN", default_value = "30d", value_parser = span::parse)]
    pub older_than: i64,
    /// Only in a project (path or number)
    #[arg(long)]
    pub project: Option<String>,
    /// Only say what would be removed
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Args, Debug)]
pub struct Output {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Subcommand, Debug)]
pub enum UserCommand {
    /// Make a user, with a namespace for projects of its own
    Create {
        /// The user name, as it stands in paths
        username: String,
        /// The full name [default: the user name]
        #[arg(long)]
        name: Option<String>,
        /// The address that GitLab's clients show
        #[arg(long)]
        email: Option<String>,
        /// May do everything everywhere
        #[arg(long)]
        admin: bool,
        #[command(flatten)]
        output: Output,
    },
    /// List the users
    List {
        #[command(flatten)]
        output: Output,
    },
    /// Give a user a password: typed in twice, or one line of standard input; ends the user's sessions
    SetPassword {
        /// The user name
        username: String,
    },
    /// Print a link that signs a user in once, within 15 minutes
    SignInLink {
        /// The user name
        username: String,
        /// The address that the user reaches the server at
        #[arg(long, env = "WEIR_EXTERNAL_URL", value_name = "URL", default_value = "http://127.0.0.1:5000")]
        external_url: String,
        #[command(flatten)]
        output: Output,
    },
    /// Change a user
    Update {
        /// The user name
        username: String,
        /// The full name
        #[arg(long)]
        name: Option<String>,
        /// The address that GitLab's clients show
        #[arg(long)]
        email: Option<String>,
        /// Whether the user may do everything everywhere
        #[arg(long, value_name = "true|false")]
        admin: Option<bool>,
        #[command(flatten)]
        output: Output,
    },
    /// Take away all that a user has; the runs stay
    Delete {
        /// The user name
        username: String,
    },
    /// Refuse a user's tokens, and end the sessions, until it is unblocked
    Block {
        /// The user name
        username: String,
    },
    /// Accept a blocked user's tokens again
    Unblock {
        /// The user name
        username: String,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_never_shows_a_database_password() {
        let mut hidden = 0;
        for argument in Cli::command().get_arguments() {
            if argument.get_id() == "database_url" {
                assert!(argument.is_hide_env_values_set());
                hidden += 1;
            }
        }
        assert_eq!(hidden, 1);
    }
}
