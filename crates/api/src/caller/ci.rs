//! CI jobs that come with an ID token of their issuer: which trust rule of the project lets them in, and as what.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use weir_domain::access::Scopes;
use weir_domain::provenance::Provenance;
use weir_domain::{Error, Result};
use weir_identity::claims::Claims;
use weir_identity::id_token::{self, Refusal};
use weir_identity::provenance;
use weir_identity::trust::{Condition, Rule, choose};
use weir_store::projects::{self, Project, ProjectRef};
use weir_store::trust_rules::{self, TrustRule};
use weir_store::users::User;
use weir_store::{Tx, provenances};

use super::person::{Caller, Verdict};
use super::refusals::Refused;
use super::{Access, standing_in};
use crate::app::App;

/// A CI job that calls with its own ID token.
#[derive(Debug)]
pub struct Job {
    pub project_id: i64,
    pub provenance: Provenance,
    digest: [u8; 32],
}

impl Job {
    /// What stands as the user of a run that the job makes. A client's own word on that is not taken.
    pub fn user_id(&self) -> String {
        let Provenance { actor, subject, .. } = &self.provenance;
        format!("ci:{}", actor.as_ref().or(subject.as_ref()).map_or("", String::as_str))
    }
}

/// What a CI job leaves on the runs that it makes and writes. Nobody else leaves anything.
#[derive(Clone, Debug, Default)]
pub struct Signature(pub(super) Option<Arc<Job>>);

impl Signature {
    /// On a run (row) that the caller has written to. The last thing of a transaction: what it locks, others wait for.
    pub fn leave(&self, tx: &mut Tx<'_>, run: i64, now: i64) -> Result<()> {
        self.note(tx, run, false, now)
    }

    /// On one that the caller has made.
    pub fn leave_on_new(&self, tx: &mut Tx<'_>, run: i64, now: i64) -> Result<()> {
        self.note(tx, run, true, now)
    }

    fn note(&self, tx: &mut Tx<'_>, run: i64, made: bool, now: i64) -> Result<()> {
        match &self.0 {
            Some(job) => {
                provenances::note(tx, job.project_id, run, (&job.provenance, &job.digest), made, now)
            }
            None => Ok(()),
        }
    }

    pub fn job(&self) -> Option<&Job> {
        self.0.as_deref()
    }
}

/// A token that was verified: who signed it and when it ends does not change.
struct Verified {
    claims: Claims,
    expires_at: i64,
    provenance: Provenance,
    digest: [u8; 32],
}

/// Tokens remembered at most; the others are verified again and again.
const MOST: usize = 2_000;

/// The tokens that were verified lately, by their digests, until they expire: a job that trains sends one many times.
#[derive(Default)]
pub(crate) struct IdTokens {
    verified: Mutex<HashMap<[u8; 32], Arc<Verified>>>,
    /// The minute, and the refusals that were told in it.
    told: Mutex<(i64, u32)>,
}

/// Refusals that the server's log tells in a minute; the audit log counts all of them.
const TOLD: u32 = 60;

impl IdTokens {
    /// Whether another refusal goes into the server's log: whoever makes up tokens must not fill the disk with it.
    fn may_tell(&self, now: i64) -> bool {
        let minute = now / 60_000;
        let mut told = self.told.lock();
        if told.0 != minute {
            *told = (minute, 0);
        }
        told.1 += 1;
        told.1 <= TOLD
    }

    fn remembered(&self, token: &[u8; 32], now: i64) -> Option<Arc<Verified>> {
        self.verified.lock().get(token).filter(|verified| now < verified.expires_at).cloned()
    }

    fn remember(&self, token: [u8; 32], found: Arc<Verified>, now: i64) {
        let mut verified = self.verified.lock();
        if verified.len() >= MOST {
            verified.retain(|_, verified| now < verified.expires_at);
        }
        if verified.len() < MOST {
            verified.insert(token, found);
        }
    }
}

/// What of a project concerns a token: the rules of its issuer, each with its bot.
struct Trust {
    project: Project,
    moved: bool,
    rules: Vec<(TrustRule, User)>,
}

/// What a job with this token may do in `project`. Whatever is wrong, a stranger hears the same: not even whether the
/// project is there.
pub(super) async fn identify(
    app: &App,
    project: &ProjectRef,
    token: &str,
    digest: [u8; 32],
    now: i64,
) -> Verdict<Access> {
    let mut found: Option<Found> = None;
    match admit(app, project, &mut found, token, digest, now).await? {
        Ok(access) => Ok(access),
        Err(refusal) => {
            // The address may hold anything, also a token that somebody put into the wrong field: what is told is the
            // project that there is.
            if app.id_tokens.may_tell(now) {
                let project = found.as_ref().map_or("none that is there", |found| &*found.path);
                tracing::warn!(project, reason = %refusal, "an ID token is refused");
            }
            // The sentence is for the audit log; outside all that is refused looks alike.
            let error = Error::Unauthenticated(format!("an ID token is refused: {}", refusal.kind()));
            Err(match found {
                Some(found) => Refused::id_token(error, found.id, found.issuer),
                None => error.into(),
            })
        }
    }
}

/// The project that a token was shown at.
struct Found {
    id: i64,
    path: String,
    /// The token's own word on its issuer, where a rule of the project names that one.
    issuer: Option<String>,
}

async fn admit(
    app: &App,
    project: &ProjectRef,
    found: &mut Option<Found>,
    token: &str,
    digest: [u8; 32],
    now: i64,
) -> Result<std::result::Result<Access, Refusal>> {
    let issuer = match id_token::peek(token) {
        Ok(unverified) => unverified.issuer,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let (asked, named) = (project.clone(), issuer.clone());
    let trust = app.store.read(move |tx| trust(tx, &asked, &named)).await?;
    *found = trust.as_ref().map(|trust| Found {
        id: trust.project.id,
        path: trust.project.full_path.clone(),
        issuer: (!trust.rules.is_empty()).then(|| issuer.clone()),
    });
    // An issuer that nobody here trusts is never asked for its keys.
    let Some(trust) = trust.filter(|trust| !trust.rules.is_empty()) else {
        return Ok(Err(Refusal::UnknownIssuer(issuer.chars().take(200).collect())));
    };
    let known = app.id_tokens.remembered(&digest, now);
    let first = known.is_none();
    let verified = match known {
        Some(verified) => verified,
        None => match verified(app, &trust, token, digest, &issuer, now).await {
            Ok(verified) => verified,
            Err(refusal) => return Ok(Err(refusal)),
        },
    };
    grant(trust, &verified, first)
}

fn trust(tx: &mut Tx<'_>, project: &ProjectRef, issuer: &str) -> Result<Option<Trust>> {
    // No database of ours keeps a NUL in a text, so no rule has this issuer.
    if issuer.contains('\0') {
        return Ok(None);
    }
    let Some((project, moved)) = projects::find_or_moved(tx, project)? else { return Ok(None) };
    let mut rules = Vec::new();
    for rule in trust_rules::of_issuer(tx, project.id, issuer)? {
        let bot = trust_rules::bot(tx, &rule)?;
        if !bot.blocked {
            rules.push((rule, bot));
        }
    }
    Ok(Some(Trust { project, moved, rules }))
}

async fn verified(
    app: &App,
    trust: &Trust,
    token: &str,
    digest: [u8; 32],
    issuer: &str,
    now: i64,
) -> std::result::Result<Arc<Verified>, Refusal> {
    let audiences = trust.rules.iter().map(|(rule, _)| rule.audience.as_str()).collect::<Vec<_>>();
    let claims = id_token::verify(&app.issuers, token, issuer, &audiences, now).await?;
    let provenance = provenance::of(&claims);
    let verified = Arc::new(Verified {
        expires_at: claims.expires_at_ms(),
        digest: provenances::digest(&provenance),
        provenance,
        claims,
    });
    app.id_tokens.remember(digest, verified.clone(), now);
    Ok(verified)
}

/// The rules are held against the token each time, remembered or not: they may have changed, and another project has
/// others.
fn grant(trust: Trust, verified: &Verified, first: bool) -> Result<std::result::Result<Access, Refusal>> {
    let Trust { project, moved, mut rules } = trust;
    let read = rules.iter().map(|(rule, _)| rule_of(rule)).collect::<Vec<_>>();
    let at = match choose(&read, &verified.claims) {
        Ok(chosen) => read.iter().position(|rule| std::ptr::eq(rule, chosen)),
        Err(mismatches) => {
            let reasons = mismatches.iter().map(ToString::to_string).collect::<Vec<_>>();
            return Ok(Err(Refusal::NoRule(reasons.join("; "))));
        }
    };
    let Some(at) = at else { return Ok(Err(Refusal::NoRule("none was chosen".to_owned()))) };
    if first && !read[at].names_somebody() {
        let (project, rule) = (&project.full_path, rules[at].0.id);
        tracing::warn!(
            project,
            rule,
            "a job was let in by a trust rule that does not say whose jobs it trusts"
        );
    }
    let (rule, bot) = rules.swap_remove(at);
    let job =
        Job { project_id: project.id, provenance: verified.provenance.clone(), digest: verified.digest };
    Ok(Ok(Access {
        user_id: bot.id,
        project_id: project.id,
        standing: standing_in(&project, Some(rule.role), false, Scopes::API),
        caller: Some(Arc::new(Caller::job(bot, Arc::new(job)))),
        moved,
    }))
}

/// A rule as `identity` holds it against a token. What was asked of it when it was made is not asked again: one that is
/// there goes on, also after a newer Weir would not take it.
fn rule_of(rule: &TrustRule) -> Rule {
    let conditions = rule.conditions.iter();
    let conditions =
        conditions.map(|(claim, pattern)| Condition { claim: claim.clone(), pattern: pattern.clone() });
    Rule {
        issuer: rule.issuer.clone(),
        audience: rule.audience.clone(),
        conditions: conditions.collect(),
        role: rule.role,
    }
}
