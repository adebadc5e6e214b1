//! Which CI jobs made and wrote a run, as their issuers vouch for them. No tag and no param changes it.

use sha2::{Digest, Sha256};
use weir_domain::Result;
use weir_domain::provenance::{Kind, Provenance};

use crate::Tx;
use crate::changes::{Subject, What};
use crate::tx::Row;

/// A job that had to do with a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    pub provenance: Provenance,
    /// It made the run, and did not only write to it.
    pub made: bool,
    /// When it made the run, or wrote to it first.
    pub first_at: i64,
}

const COLUMNS: &str = "p.kind, p.issuer, p.subject, p.ci_project, p.pipeline, p.attempt, p.job, p.workflow, \
                       p.commit_id, p.git_ref, p.ref_protected, p.environment, p.actor, p.web_url";

fn read(row: &Row<'_>) -> Result<Provenance> {
    // There is no optional boolean in `Row`; as a number it comes back alike from both engines.
    let protected = row.opt_int(10)?.map(|number| number == 1);
    Ok(Provenance {
        kind: Kind::from_name(row.str(0)?),
        issuer: row.text(1)?,
        subject: row.opt_text(2)?,
        project: row.opt_text(3)?,
        pipeline: row.opt_text(4)?,
        attempt: row.opt_text(5)?,
        job: row.opt_text(6)?,
        workflow: row.opt_text(7)?,
        commit: row.opt_text(8)?,
        git_ref: row.opt_text(9)?,
        ref_protected: protected,
        environment: row.opt_text(11)?,
        actor: row.opt_text(12)?,
        web_url: row.opt_text(13)?,
    })
}

/// A digest of all that is said of a job.
pub fn digest(job: &Provenance) -> [u8; 32] {
    let protected = job.ref_protected.map(|protected| protected.to_string());
    let mut hash = Sha256::new();
    for text in [
        Some(job.kind.name()),
        Some(job.issuer.as_str()),
        job.subject.as_deref(),
        job.project.as_deref(),
        job.pipeline.as_deref(),
        job.attempt.as_deref(),
        job.job.as_deref(),
        job.workflow.as_deref(),
        job.commit.as_deref(),
        job.git_ref.as_deref(),
        protected.as_deref(),
        job.environment.as_deref(),
        job.actor.as_deref(),
        job.web_url.as_deref(),
    ] {
        // The length first, so that no two jobs read alike; one that no text has for what is not there.
        hash.update(text.map_or(u64::MAX, |text| text.len() as u64).to_le_bytes());
        hash.update(text.unwrap_or_default());
    }
    hash.finalize().into()
}

/// Notes that a job made or wrote a run (row). `digest` is the one of `job`.
pub fn note(
    tx: &mut Tx<'_>,
    project_id: i64,
    run: i64,
    (job, digest): (&Provenance, &[u8; 32]),
    made: bool,
    now: i64,
) -> Result<()> {
    let id = row_of(tx, project_id, job, digest)?;
    let noted = tx.execute(
        "INSERT INTO run_provenances (run_id, provenance_id, made, first_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (run_id, provenance_id) DO NOTHING",
        &[&run, &id, &made, &now],
    )?;
    if noted > 0 {
        tx.note(Subject::Run(run), What::PROVENANCE);
    }
    Ok(())
}

fn row_of(tx: &mut Tx<'_>, project_id: i64, job: &Provenance, digest: &[u8; 32]) -> Result<i64> {
    let find = "SELECT id FROM provenances WHERE project_id = ?1 AND digest = ?2";
    if let Some(id) = tx.find(find, &[&project_id, digest], |row| row.int(0))? {
        return Ok(id);
    }
    let made = tx.find(
        "INSERT INTO provenances (project_id, digest, kind, issuer, subject, ci_project, pipeline, attempt, job,
                                  workflow, commit_id, git_ref, ref_protected, environment, actor, web_url)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
         ON CONFLICT (project_id, digest) DO NOTHING
         RETURNING id",
        &[
            &project_id,
            digest,
            &job.kind.name(),
            &job.issuer,
            &job.subject,
            &job.project,
            &job.pipeline,
            &job.attempt,
            &job.job,
            &job.workflow,
            &job.commit,
            &job.git_ref,
            &job.ref_protected.map(i64::from),
            &job.environment,
            &job.actor,
            &job.web_url,
        ],
        |row| row.int(0),
    )?;
    match made {
        Some(id) => Ok(id),
        // Another transaction made it meanwhile, and has committed.
        None => tx.get(find, &[&project_id, digest], |row| row.int(0)),
    }
}

/// The jobs of a run (row): the one that made it first, then the others as they came.
pub fn of_run(tx: &mut Tx<'_>, run: i64) -> Result<Vec<Verified>> {
    let sql = format!(
        "SELECT {COLUMNS}, r.made, r.first_at FROM run_provenances r JOIN provenances p ON p.id = r.provenance_id
         WHERE r.run_id = ?1
         ORDER BY r.made DESC, r.first_at, p.id
         LIMIT ?2"
    );
    tx.list(&sql, &[&run, &MOST], |row| {
        Ok(Verified { provenance: read(row)?, made: row.bool(14)?, first_at: row.int(15)? })
    })
}

/// Jobs of one run that are shown at most.
const MOST: i64 = 100;

/// Of a project that is being removed, whose runs have gone.
pub(crate) fn remove_all(tx: &mut Tx<'_>, project_id: i64) -> Result<()> {
    tx.execute("DELETE FROM provenances WHERE project_id = ?1", &[&project_id])?;
    Ok(())
}
