//! `weir trust` and `weir ci-link`: what their commands take.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Output;

#[derive(Subcommand, Debug)]
pub enum TrustCommand {
    /// Trust jobs whose ID token has these claims
    Add(NewTrustArgs),
    /// List the rules of a project
    List {
        /// The project's path or number
        project: String,
        #[command(flatten)]
        output: Output,
    },
    /// Remove a rule; running servers refuse its jobs within a second
    Remove {
        /// The project's path or number
        project: String,
        /// The number that `trust list` shows
        id: i64,
    },
}

#[derive(Args, Debug)]
pub struct NewTrustArgs {
    /// The project's path or number
    pub project: String,
    /// Who signs the tokens, as in their claim 'iss': https://gitlab.com, https://token.actions.githubusercontent.com
    #[arg(long, value_name = "URL")]
    pub issuer: String,
    /// Whom the tokens are for, as in their claim 'aud': this server's address
    #[arg(long, value_name = "TEXT")]
    pub audience: String,
    /// A claim and what it must be, such as project_path=group/project or ref=release-*;
    /// several must all hold, and one of them says whose jobs are trusted
    #[arg(long = "claim", value_name = "CLAIM=TEXT", required = true)]
    pub claims: Vec<String>,
    /// What such jobs are in the project: guest, reporter, developer, maintainer or owner
    #[arg(long, default_value = "developer")]
    pub role: String,
    /// What it is for, as `trust list` shows it
    #[arg(long, default_value = "command line")]
    pub name: String,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Subcommand, Debug)]
pub enum CiLinkCommand {
    /// Link a project to a CI, in the place of another link
    Set(NewLinkArgs),
    /// Show the link of a project, without its token
    Show {
        /// The project's path or number
        project: String,
        #[command(flatten)]
        output: Output,
    },
    /// End the link of a project; what was found by it stays
    Remove {
        /// The project's path or number
        project: String,
    },
}

#[derive(Args, Debug)]
pub struct NewLinkArgs {
    /// The project's path or number
    pub project: String,
    /// gitlab, or github for GitHub Actions
    #[arg(long)]
    pub kind: String,
    /// The address of GitLab, or of GitHub's REST API [default: https://gitlab.com, https://api.github.com]
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// The project there: GitLab's path or number, GitHub's OWNER/REPOSITORY
    #[arg(long, value_name = "PROJECT")]
    pub ci_project: String,
    /// A file with a token that may read jobs there (GitLab's scope read_api); -: typed in, or one line of standard
    /// input [default: the token that the link has, if nothing else changes]
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Ask without a token, as for public projects of GitHub
    #[arg(long, conflicts_with = "token_file")]
    pub no_token: bool,
    #[command(flatten)]
    pub output: Output,
}
