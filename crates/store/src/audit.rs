//! The audit log: what was done is written with the act itself, and put into the chain a moment later.
//!
//! To record a new act: in the closure that does it, behind the act, call the function of [`acts`] for the noun
//! (`audit::acts::member(tx, &access.actor(), …)`), or [`record`] with an [`Act`]. Both give the transaction's rows, so
//! that an act without its entry, or an entry without its act, cannot be committed. The handler gets its [`Actor`]
//! from `Access::actor` or `Caller::actor`, a command uses `Actor::COMMAND_LINE`. A route that changes something and
//! is in neither list of `api/tests/it/audit/routes.rs` fails the test there. Never put a secret into [`Facts`].
//!
//! Writing takes one row in a table that nobody locks. [`seal`] moves rows from there into the chain, one sealer at a
//! time, so no act ever waits for the chain.

pub mod acts;
mod list;
mod seal;
mod verify;

use weir_domain::Result;
use weir_domain::audit::{Actor, Entity, Facts, Noun, Verb};

pub use self::list::{Filter, get, get_of, page, page_of};
pub use self::seal::{head, seal, waits};
pub use self::verify::{Fault, Report, verify};
use crate::Tx;

/// What was done.
pub struct Act<'a> {
    pub noun: Noun,
    pub verb: Verb,
    /// What the entry belongs to.
    pub entity: Entity,
    /// What it was done to: an id that the readers of the entry may know, and a name.
    pub target_id: &'a str,
    pub target: &'a str,
    pub before: Facts,
    pub after: Facts,
    pub count: i64,
    pub now: i64,
}

impl<'a> Act<'a> {
    pub fn new(
        noun: Noun,
        verb: Verb,
        entity: Entity,
        target_id: &'a str,
        target: &'a str,
        now: i64,
    ) -> Self {
        Self {
            noun,
            verb,
            entity,
            target_id,
            target,
            before: Facts::new(),
            after: Facts::new(),
            count: 1,
            now,
        }
    }

    /// With what differs.
    pub fn change(self, before: Facts, after: Facts) -> Self {
        let (before, after) = Facts::changes(before, after);
        Self { before, after, ..self }
    }
}

/// Writes down what was done, in the transaction that does it.
pub fn record(tx: &mut Tx<'_>, actor: &Actor, act: &Act<'_>) -> Result<()> {
    let path = match act.entity {
        Entity::Project(_) => "COALESCE((SELECT full_path FROM projects WHERE id = ?7), '')",
        Entity::Group(_) => "COALESCE((SELECT full_path FROM namespaces WHERE id = ?7), '')",
        Entity::User(_) => "COALESCE((SELECT username FROM users WHERE id = ?7), '')",
        Entity::Instance => "'instance'",
    };
    let sql = format!(
        "INSERT INTO audit_inbox (event, actor_id, actor, means, address, entity_kind, entity_id, entity_path,
                                  target_kind, target_id, target, before, after, count, created_at)
         VALUES (?1, ?2, COALESCE((SELECT username FROM users WHERE id = ?2), ?3), ?4, ?5, ?6, ?7, {path},
                 ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
    );
    let means = actor.means.to_string();
    tx.execute(
        &sql,
        &[
            &format!("{}_{}", act.noun.name(), act.verb.name()),
            &actor.user_id,
            &means,
            &means,
            &actor.address.map(|address| address.to_string()),
            &act.entity.kind(),
            &act.entity.id(),
            &act.noun.kind(),
            &act.target_id,
            &act.target,
            &act.before.json(),
            &act.after.json(),
            &act.count,
            &actor.done_at.unwrap_or(act.now),
        ],
    )?;
    Ok(())
}
