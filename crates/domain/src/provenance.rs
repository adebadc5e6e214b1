//! The CI job that made or wrote a run, as its issuer vouches for it.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Gitlab,
    Github,
    /// Some other issuer: nothing is known of its claims but the subject.
    Other,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Gitlab => "gitlab",
            Self::Github => "github",
            Self::Other => "other",
        }
    }

    /// By its name; an unknown one is some other issuer.
    pub fn from_name(name: &str) -> Self {
        [Self::Gitlab, Self::Github].into_iter().find(|kind| kind.name() == name).unwrap_or(Self::Other)
    }
}

/// A CI job as its issuer vouches for it. Whatever the token does not say is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    pub kind: Kind,
    pub issuer: String,
    pub subject: Option<String>,
    /// GitLab's full path of the project that the code is from, GitHub's `owner/repository`.
    pub project: Option<String>,
    /// GitLab's pipeline id, GitHub's run id.
    pub pipeline: Option<String>,
    /// GitHub's count of how often the run was started.
    pub attempt: Option<String>,
    /// GitLab's job id; GitHub's check run id, which is its job's (older servers do not tell it).
    pub job: Option<String>,
    /// GitHub's workflow; GitLab's address of the CI configuration.
    pub workflow: Option<String>,
    pub commit: Option<String>,
    pub git_ref: Option<String>,
    pub ref_protected: Option<bool>,
    pub environment: Option<String>,
    /// Who started it: GitLab's user name, GitHub's actor.
    pub actor: Option<String>,
    /// The page of the job or run.
    pub web_url: Option<String>,
}
