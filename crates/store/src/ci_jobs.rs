//! The CI jobs that tags of runs name, each once: a queue of what is to be asked for, and what was answered.

use weir_domain::Result;
use weir_domain::ci::{Ci, JobState, is_job_id, refresh_after_ms, retry_after_ms};

use crate::Tx;
use crate::changes::{Subject, What};
use crate::tx::Row;

/// A job as the linked CI describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobDetails {
    pub name: Option<String>,
    pub status: Option<String>,
    pub web_url: Option<String>,
    pub pipeline: Option<String>,
    pub pipeline_url: Option<String>,
    pub git_ref: Option<String>,
    pub commit: Option<String>,
    pub user_name: Option<String>,
    pub user_url: Option<String>,
    pub merge_request: Option<String>,
    pub merge_request_title: Option<String>,
    pub merge_request_url: Option<String>,
    pub ended: bool,
}

/// The job that a tag of a run names.
#[derive(Clone, Debug)]
pub struct RunJob {
    pub ci: Option<Ci>,
    pub job: String,
    pub state: JobState,
    pub reason: Option<String>,
    pub details: JobDetails,
    pub checked_at: Option<i64>,
    /// Whether the project is linked to a CI of this kind.
    pub linked: bool,
}

const COLUMNS: &str = "j.kind, j.job, j.state, j.reason, j.name, j.status, j.web_url, j.pipeline, j.pipeline_url, \
                       j.git_ref, j.commit_id, j.user_name, j.user_url, j.merge_request, j.merge_request_title, \
                       j.merge_request_url, j.ended, j.checked_at";

fn read(row: &Row<'_>) -> Result<RunJob> {
    Ok(RunJob {
        ci: Ci::find(row.str(0)?),
        job: row.text(1)?,
        state: JobState::from_name(row.str(2)?),
        reason: row.opt_text(3)?,
        details: JobDetails {
            name: row.opt_text(4)?,
            status: row.opt_text(5)?,
            web_url: row.opt_text(6)?,
            pipeline: row.opt_text(7)?,
            pipeline_url: row.opt_text(8)?,
            git_ref: row.opt_text(9)?,
            commit: row.opt_text(10)?,
            user_name: row.opt_text(11)?,
            user_url: row.opt_text(12)?,
            merge_request: row.opt_text(13)?,
            merge_request_title: row.opt_text(14)?,
            merge_request_url: row.opt_text(15)?,
            ended: row.bool(16)?,
        },
        checked_at: row.opt_int(17)?,
        linked: row.bool(18)?,
    })
}

/// Bytes of a tag's value that are kept here; a job's number is shorter.
const MOST_BYTES: usize = 255;

/// Notes a tag that was set on a run (row): if it names a job, that is asked for in the background, once for all runs
/// that name it.
pub(crate) fn note_tag(tx: &mut Tx<'_>, run: i64, key: &str, value: &str) -> Result<()> {
    let Some(ci) = Ci::of_tag(key) else { return Ok(()) };
    let end = (0..=MOST_BYTES.min(value.len())).rev().find(|at| value.is_char_boundary(*at)).unwrap_or(0);
    let (state, reason, next_at) = match is_job_id(value) {
        true => (JobState::Waiting, None, Some(0)),
        false => (JobState::Unverified, Some("the tag's value is not the number of a job"), None),
    };
    // What is known of the job stays; it is locked, so that nobody removes it meanwhile.
    let job = tx.find(
        "INSERT INTO ci_jobs (project_id, kind, job, state, reason, ended, answers, failures, next_at)
         SELECT project_id, ?2, ?3, ?4, ?5, ?6, 0, 0, ?7 FROM runs WHERE id = ?1
         ON CONFLICT (project_id, kind, job) DO UPDATE SET job = excluded.job
         RETURNING id",
        &[&run, &ci.name(), &&value[..end], &state.name(), &reason, &false, &next_at],
        |row| row.int(0),
    )?;
    let Some(job) = job else { return Ok(()) };
    tx.execute(
        "INSERT INTO run_jobs (run_id, job_id) VALUES (?1, ?2)
         ON CONFLICT (run_id) DO UPDATE SET job_id = excluded.job_id",
        &[&run, &job],
    )?;
    Ok(())
}

/// Forgets that a run names a job when its tag goes.
pub(crate) fn forget_tag(tx: &mut Tx<'_>, run: i64, key: &str) -> Result<()> {
    let Some(ci) = Ci::of_tag(key) else { return Ok(()) };
    tx.execute(
        "DELETE FROM run_jobs WHERE run_id = ?1 AND job_id IN (SELECT id FROM ci_jobs WHERE kind = ?2)",
        &[&run, &ci.name()],
    )?;
    Ok(())
}

/// The run (row) of a new version names the job of the run that is promoted into it.
pub(crate) fn copy(tx: &mut Tx<'_>, from: i64, to: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO run_jobs (run_id, job_id) SELECT ?2, job_id FROM run_jobs WHERE run_id = ?1
         ON CONFLICT (run_id) DO NOTHING",
        &[&from, &to],
    )?;
    Ok(())
}

/// The job of a run (row).
pub fn of_run(tx: &mut Tx<'_>, run: i64) -> Result<Option<RunJob>> {
    let sql = format!(
        "SELECT {COLUMNS}, l.kind IS NOT NULL FROM run_jobs r
         JOIN ci_jobs j ON j.id = r.job_id
         LEFT JOIN ci_links l ON l.project_id = j.project_id AND l.kind = j.kind
         WHERE r.run_id = ?1"
    );
    tx.find(&sql, &[&run], read)
}

/// Ends what runs (rows) that are being removed say of jobs, and the jobs that no other run names.
pub(crate) fn remove_of_runs(tx: &mut Tx<'_>, runs: &[i64]) -> Result<()> {
    let named = format!(
        "SELECT id FROM ci_jobs WHERE id IN (SELECT job_id FROM run_jobs WHERE {}) ORDER BY id{}",
        tx.any_of("run_id", "?1"),
        tx.for_update()
    );
    let jobs = tx.list(&named, &[&runs], |row| row.int(0))?;
    tx.execute(&format!("DELETE FROM run_jobs WHERE {}", tx.any_of("run_id", "?1")), &[&runs])?;
    if jobs.is_empty() {
        return Ok(());
    }
    let unnamed = format!(
        "DELETE FROM ci_jobs WHERE {} AND NOT EXISTS (SELECT 1 FROM run_jobs r WHERE r.job_id = ci_jobs.id)",
        tx.any_of("id", "?1")
    );
    tx.execute(&unnamed, &[&jobs])?;
    Ok(())
}

/// The project's link has changed: all but what has ended is asked for again.
pub(crate) fn ask_anew(tx: &mut Tx<'_>, project_id: i64) -> Result<()> {
    let open = "project_id = ?1 AND NOT (state = 'found' AND ended = ?2)";
    // What can never be found is not asked for.
    let sql = format!(
        "UPDATE ci_jobs SET state = 'waiting', reason = NULL, answers = 0, failures = 0, next_at = 0
         WHERE {open} AND (next_at IS NOT NULL OR checked_at IS NOT NULL)"
    );
    tx.execute(&sql, &[&project_id, &true])?;
    Ok(())
}

/// A job that is to be asked for.
#[derive(Clone, Debug)]
pub struct DueJob {
    id: i64,
    pub job: String,
    answers: i64,
    failures: i64,
    next_at: i64,
}

/// The jobs of a project that are due, those that wait longest first.
pub fn due(tx: &mut Tx<'_>, project_id: i64, ci: Ci, now: i64, limit: i64) -> Result<Vec<DueJob>> {
    tx.list(
        "SELECT id, job, answers, failures, next_at FROM ci_jobs
         WHERE project_id = ?1 AND kind = ?2 AND next_at <= ?3
         ORDER BY next_at, id LIMIT ?4",
        &[&project_id, &ci.name(), &now, &limit],
        |row| {
            Ok(DueJob {
                id: row.int(0)?,
                job: row.text(1)?,
                answers: row.int(2)?,
                failures: row.int(3)?,
                next_at: row.int(4)?,
            })
        },
    )
}

/// How long whoever takes a job has for it; then another may. Longer than asking may take.
const LEASE_MS: i64 = 60_000;

/// Takes a job, so that no other replica asks for it meanwhile; `false`: another was faster, or the link has changed.
pub fn take(tx: &mut Tx<'_>, due: &DueJob, now: i64) -> Result<bool> {
    let taken = tx.execute(
        "UPDATE ci_jobs SET next_at = ?3 WHERE id = ?1 AND next_at = ?2",
        &[&due.id, &due.next_at, &(now + LEASE_MS)],
    )?;
    Ok(taken == 1)
}

/// Runs of one job that are told of its news; a job with more is no page's.
const NOTED_RUNS: i64 = 200;

/// Notes that more is known of where the runs that name a job come from.
fn note_runs(tx: &mut Tx<'_>, due: &DueJob) -> Result<()> {
    let sql = "SELECT run_id FROM run_jobs WHERE job_id = ?1 ORDER BY run_id DESC LIMIT ?2";
    for run in tx.list(sql, &[&due.id, &NOTED_RUNS], |row| row.int(0))? {
        tx.note(Subject::Run(run), What::PROVENANCE);
    }
    Ok(())
}

/// The CI has the job.
pub fn found(tx: &mut Tx<'_>, due: &DueJob, details: &JobDetails, now: i64) -> Result<()> {
    note_runs(tx, due)?;
    let answers = due.answers + 1;
    let next_at = match details.ended {
        true => None,
        false => refresh_after_ms(answers).map(|wait| now + wait),
    };
    tx.execute(
        "UPDATE ci_jobs
         SET state = 'found', reason = NULL, name = ?2, status = ?3, web_url = ?4, pipeline = ?5, pipeline_url = ?6,
             git_ref = ?7, commit_id = ?8, user_name = ?9, user_url = ?10, merge_request = ?11,
             merge_request_title = ?12, merge_request_url = ?13, ended = ?14, answers = ?15, failures = 0,
             checked_at = ?16, next_at = ?17
         WHERE id = ?1",
        &[
            &due.id,
            &details.name,
            &details.status,
            &details.web_url,
            &details.pipeline,
            &details.pipeline_url,
            &details.git_ref,
            &details.commit,
            &details.user_name,
            &details.user_url,
            &details.merge_request,
            &details.merge_request_title,
            &details.merge_request_url,
            &details.ended,
            &answers,
            &now,
            &next_at,
        ],
    )?;
    Ok(())
}

/// The CI has no such job in the linked project: it is not asked again, unless the link changes.
pub fn unknown(tx: &mut Tx<'_>, due: &DueJob, reason: &str, now: i64) -> Result<()> {
    note_runs(tx, due)?;
    tx.execute(
        "UPDATE ci_jobs SET state = 'unverified', reason = ?2, checked_at = ?3, next_at = NULL WHERE id = ?1",
        &[&due.id, &reason, &now],
    )?;
    Ok(())
}

/// The CI did not say. What it said before stays; it is asked again for a while.
pub fn failed(tx: &mut Tx<'_>, due: &DueJob, reason: &str, now: i64) -> Result<()> {
    note_runs(tx, due)?;
    let failures = due.failures + 1;
    let next_at = retry_after_ms(failures).map(|wait| now + wait);
    tx.execute(
        "UPDATE ci_jobs
         SET state = CASE WHEN state = 'waiting' AND ?4 THEN 'unverified' ELSE state END, reason = ?2, failures = ?3,
             checked_at = ?5, next_at = ?6
         WHERE id = ?1",
        &[&due.id, &reason, &failures, &next_at.is_none(), &now, &next_at],
    )?;
    Ok(())
}

/// Of a project that is being removed, whose runs have gone.
pub(crate) fn remove_all(tx: &mut Tx<'_>, project_id: i64) -> Result<()> {
    for table in ["ci_links", "ci_jobs"] {
        tx.execute(&format!("DELETE FROM {table} WHERE project_id = ?1"), &[&project_id])?;
    }
    Ok(())
}
