//! The commands of projects, groups, members and tokens.

use clap::{Args, Subcommand};

use super::{DeletionArgs, Output};

#[derive(Subcommand, Debug)]
pub enum ProjectCommand {
    /// Make a project
    Create {
        /// NAMESPACE/NAME, such as alice/iris
        path: String,
        /// Who sees it: private (members), internal (every user) or public
        #[arg(long, default_value = "private")]
        visibility: String,
        /// The user who becomes its owner
        #[arg(long, value_name = "USER", default_value = "root")]
        creator: String,
        #[command(flatten)]
        output: Output,
    },
    /// List the projects
    List {
        #[command(flatten)]
        output: Output,
    },
    /// Change a project; its old path leads to the new one
    Update {
        /// The project's path or number
        project: String,
        #[command(flatten)]
        changes: ProjectChanges,
        #[command(flatten)]
        output: Output,
    },
    /// Make a project read-only
    Archive {
        /// The project's path or number
        project: String,
    },
    /// Make it writable again
    Unarchive {
        /// The project's path or number
        project: String,
    },
    /// Delete a project: it waits, and is removed then with all that it holds
    Delete {
        /// The project's path or number
        project: String,
        /// Remove it at once
        #[arg(long)]
        now: bool,
        #[command(flatten)]
        deletion: DeletionArgs,
    },
    /// Take the deletion of a project back, while it waits
    Restore {
        /// The project's path or number
        project: String,
    },
    /// Change who sees a project
    SetVisibility {
        /// The project's path or number
        project: String,
        /// private, internal or public
        visibility: String,
    },
    /// Choose which number of the latest release a model version raises when nobody chose its version
    SetVersionPart {
        /// The project's path or number
        project: String,
        /// patch, minor or major
        part: String,
    },
}

/// What is to be another than before.
#[derive(Args, Debug)]
#[group(id = "changes", required = true, multiple = true)]
pub struct ProjectChanges {
    /// The name that people read
    #[arg(long)]
    pub name: Option<String>,
    /// The last part of the path
    #[arg(long)]
    pub path: Option<String>,
    /// What it is for
    #[arg(long)]
    pub description: Option<String>,
    /// private, internal or public
    #[arg(long)]
    pub visibility: Option<String>,
    /// Experiments and runs: disabled, private (members) or enabled (everybody who sees the project)
    #[arg(long, value_name = "ACCESS")]
    pub experiments_access: Option<String>,
    /// The model registry, which needs experiments: disabled, private or enabled
    #[arg(long, value_name = "ACCESS")]
    pub registry_access: Option<String>,
    /// The number of the latest release that an automatic model version raises: patch, minor or major
    #[arg(long, value_name = "PART")]
    pub version_part: Option<String>,
}

#[derive(Subcommand, Debug)]
pub enum GroupCommand {
    /// Make a group
    Create {
        /// Its path: team, or team/vision for a group in another
        path: String,
        /// The name that people read [default: the last part of the path]
        #[arg(long)]
        name: Option<String>,
        /// What it is for
        #[arg(long, default_value = "", hide_default_value = true)]
        description: String,
        /// Who sees it: private (members), internal (every user) or public
        #[arg(long, default_value = "private")]
        visibility: String,
        /// The user who becomes its owner
        #[arg(long, value_name = "USER", default_value = "root")]
        creator: String,
        #[command(flatten)]
        output: Output,
    },
    /// List the groups
    List {
        #[command(flatten)]
        output: Output,
    },
    /// Change a group; the old paths of its projects lead to the new ones
    #[command(group = clap::ArgGroup::new("changes").required(true).multiple(true).args(["name", "path", "description", "visibility"]))]
    Update {
        /// The group's path or number
        group: String,
        /// The name that people read
        #[arg(long)]
        name: Option<String>,
        /// The last part of the path
        #[arg(long)]
        path: Option<String>,
        /// What it is for
        #[arg(long)]
        description: Option<String>,
        /// private, internal or public
        #[arg(long)]
        visibility: Option<String>,
        #[command(flatten)]
        output: Output,
    },
    /// Delete a group with all that lies in it: it waits, and is removed then
    Delete {
        /// The group's path or number
        group: String,
        /// Remove it at once
        #[arg(long)]
        now: bool,
        #[command(flatten)]
        deletion: DeletionArgs,
    },
    /// Take the deletion of a group back, while it waits
    Restore {
        /// The group's path or number
        group: String,
    },
}

/// What one is a member of.
#[derive(Args, Debug)]
pub struct Place {
    /// The path or number of the project
    #[arg(value_name = "PROJECT")]
    pub path: String,
    /// PROJECT is a group
    #[arg(long)]
    pub group: bool,
}

#[derive(Subcommand, Debug)]
pub enum MemberCommand {
    /// Add a member, or change a member's role and when it ends
    Add {
        #[command(flatten)]
        place: Place,
        /// The user name
        username: String,
        /// guest, reporter, developer, maintainer or owner (or 10, 20, 30, 40, 50)
        role: String,
        /// The day (UTC) at whose beginning the membership ends
        #[arg(long, value_name = "YYYY-MM-DD")]
        expires: Option<String>,
        #[command(flatten)]
        output: Output,
    },
    /// Remove a member
    Remove {
        #[command(flatten)]
        place: Place,
        /// The user name
        username: String,
    },
    /// List the members of a project or group
    List {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Subcommand, Debug)]
pub enum TokenCommand {
    /// Make a token and print it, once and alone, to standard output
    Create(NewTokenArgs),
    /// List the tokens (never their secrets)
    List {
        #[command(flatten)]
        output: Output,
    },
    /// Put a new token in the place of one, which ends; print the new one, once and alone, to standard output
    Rotate {
        /// The number that `token list` shows
        id: i64,
        /// The day (UTC) at whose beginning the new one ends, or never [default: in 7 days]
        #[arg(long, value_name = "YYYY-MM-DD")]
        expires: Option<String>,
        #[command(flatten)]
        output: Output,
    },
    /// End a token; running servers refuse it within a second
    Revoke {
        /// The number that `token list` shows
        id: i64,
    },
}

#[derive(Args, Debug)]
pub struct NewTokenArgs {
    #[command(flatten)]
    pub owner: TokenOwner,
    /// The role of a project's or group's token [default: developer]
    #[arg(long, conflicts_with = "user")]
    pub role: Option<String>,
    /// What it is for, as `token list` shows it
    #[arg(long, default_value = "command line")]
    pub name: String,
    /// api (read and write), read_api (read), read_user, self_rotate
    #[arg(long, default_value = "api")]
    pub scopes: String,
    /// The day (UTC) at whose beginning it ends, or never [default: in 365 days]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub expires: Option<String>,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub struct TokenOwner {
    /// A personal token: it may do what this user may do
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
    /// A project's token: it acts in this project (path or number) only, as a bot of its own
    #[arg(long)]
    pub project: Option<String>,
    /// A group's token: the same in all that lies in this group (path or number)
    #[arg(long)]
    pub group: Option<String>,
}
