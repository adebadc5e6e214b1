//! CI jobs that tags of runs name: which tags do, and when a job is asked for again.

mod link;

pub use self::link::{Link, check_token, token_purpose};

/// A CI that projects are linked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ci {
    Gitlab,
    /// GitHub Actions, whose runs stand for jobs.
    Github,
}

impl Ci {
    pub const ALL: [Self; 2] = [Self::Gitlab, Self::Github];

    pub fn name(self) -> &'static str {
        match self {
            Self::Gitlab => "gitlab",
            Self::Github => "github",
        }
    }

    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ci| ci.name() == name)
    }

    /// Where most projects are.
    pub fn default_url(self) -> &'static str {
        match self {
            Self::Gitlab => "https://gitlab.com",
            Self::Github => "https://api.github.com",
        }
    }

    /// The tag that names a job of this CI. GitLab's is its client's; GitHub's is the expression of its workflows.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Gitlab => "gitlab.CI_JOB_ID",
            Self::Github => "github.run_id",
        }
    }

    /// The CI a job of which the tag `key` names.
    pub fn of_tag(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ci| ci.tag() == key)
    }
}

/// Whether a text could be the number of a job.
pub fn is_job_id(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What is known of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Nothing yet.
    Waiting,
    /// The linked CI has it.
    Found,
    /// The linked CI has it not, or does not say.
    Unverified,
}

impl JobState {
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Found => "found",
            Self::Unverified => "unverified",
        }
    }

    pub fn from_name(name: &str) -> Self {
        match name {
            "found" => Self::Found,
            "unverified" => Self::Unverified,
            _ => Self::Waiting,
        }
    }
}

const FIRST_REFRESH_MS: i64 = 15_000;
const LAST_REFRESH_MS: i64 = 10 * 60_000;
/// About a month of the longest wait: a job that is still open then was forgotten.
const MOST_ANSWERS: i64 = 4_500;

const FIRST_RETRY_MS: i64 = 30_000;
const LAST_RETRY_MS: i64 = 60 * 60_000;
/// About two days.
const MOST_FAILURES: i64 = 48;

/// How long after the `answers`th answer a job that has not ended is asked for again; `None`: not any more.
pub fn refresh_after_ms(answers: i64) -> Option<i64> {
    wait_ms(answers, FIRST_REFRESH_MS, LAST_REFRESH_MS, MOST_ANSWERS)
}

/// The same after the `failures`th failure in a row.
pub fn retry_after_ms(failures: i64) -> Option<i64> {
    wait_ms(failures, FIRST_RETRY_MS, LAST_RETRY_MS, MOST_FAILURES)
}

/// Twice as long each time, up to the last.
fn wait_ms(count: i64, first: i64, last: i64, most: i64) -> Option<i64> {
    let doublings = u32::try_from(count - 1).unwrap_or_default().min(30);
    (count < most).then(|| first.saturating_mul(1 << doublings).min(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let refreshes = [1, 2, 3, 6, 7, 100].map(refresh_after_ms);
        assert_eq!(refreshes, [15_000, 30_000, 60_000, 480_000, 600_000, 600_000].map(Some));
        assert_eq!(refresh_after_ms(4_500), None);
        assert_eq!([1, 2, 8, 47].map(retry_after_ms), [30_000, 60_000, 3_600_000, 3_600_000].map(Some));
        assert_eq!([48, 49, i64::MAX].map(retry_after_ms), [None; 3]);
        assert_eq!(retry_after_ms(0), Some(30_000));
    }

    #[test]
    fn job_ids_are_numbers() {
        for (text, expected) in
            [("1", true), ("12345678901234567890", true), ("", false), ("1a", false), ("-1", false)]
        {
            assert_eq!(is_job_id(text), expected, "{text}");
        }
        assert!(!is_job_id(&"1".repeat(21)));
        assert_eq!(Ci::of_tag("gitlab.CI_JOB_ID"), Some(Ci::Gitlab));
        assert_eq!(Ci::of_tag("gitlab.CI_JOB_NAME"), None);
    }
}
