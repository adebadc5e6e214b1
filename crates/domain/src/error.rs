//! The one error of the program, told apart by what the caller can do about it.

/// Why something could not be done. Messages are one lower-case sentence that names the offending value.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request itself is wrong; sending it again cannot help.
    #[error("{0}")]
    Invalid(String),
    /// The message of a missing thing, already complete (MLflow's clients match some of them).
    #[error("{0}")]
    NotFound(String),
    #[error("{0}")]
    AlreadyExists(String),
    /// Well-formed, but not in this state.
    #[error("{0}")]
    Conflict(String),
    /// Nobody: sign in first.
    #[error("{0}")]
    Unauthenticated(String),
    /// An access token that counts no more. Why is for the log: outside, all of them look alike.
    #[error("{0}")]
    BadToken(String),
    /// An access token that was not made for this; `scopes` names those of which one is needed.
    #[error("{sentence}")]
    InsufficientScope { sentence: &'static str, scopes: &'static str },
    #[error("{0}")]
    Forbidden(String),
    /// A body or a file over its limit; the message names the limit.
    #[error("{0}")]
    TooLarge(String),
    /// The server has no room left on its disk.
    #[error("{0}")]
    NoSpace(String),
    /// Known to the protocol, not offered here; clients fall back when they read the message.
    #[error("{0}")]
    NotImplemented(String),
    #[error("busy, try again")]
    Busy,
    /// A bug or a broken dependency: logged in full, never shown.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid(message.into())
    }

    pub fn not_found(message: impl Into<String>) -> Self {
        Self::NotFound(message.into())
    }

    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }
}
