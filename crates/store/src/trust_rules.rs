//! Trust rules of projects: whose CI jobs may come with an ID token, and what they are then.

use weir_domain::access::Role;
use weir_domain::namespace::check_name;
use weir_domain::{Error, Result};

use crate::tx::Row;
use crate::users::{self, NewUser, User};
use crate::{Tx, projects};

/// A rule as it is kept. What its parts must be, `identity` knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustRule {
    pub id: i64,
    pub project_id: i64,
    pub name: String,
    pub issuer: String,
    pub audience: String,
    /// Claims and what they must be, in the order in which they were given.
    pub conditions: Vec<(String, String)>,
    pub role: Role,
    /// The bot that the jobs act as.
    pub user_id: i64,
    /// Who made the rule, while that user is there.
    pub creator: Option<String>,
    pub created_at: i64,
}

pub struct NewRule<'a> {
    pub name: &'a str,
    pub issuer: &'a str,
    pub audience: &'a str,
    pub conditions: &'a [(String, String)],
    pub role: Role,
    /// `None`: the command line.
    pub creator_id: Option<i64>,
    /// What tells the bots of one project apart: random.
    pub bot: &'a str,
    pub now: i64,
}

/// Rules that a project has at most: each token is held against all of its issuer.
pub const MOST: i64 = 50;

const COLUMNS: &str =
    "t.id, t.project_id, t.name, t.issuer, t.audience, t.role, t.user_id, u.username, t.created_at";

fn read(row: &Row<'_>) -> Result<TrustRule> {
    Ok(TrustRule {
        id: row.int(0)?,
        project_id: row.int(1)?,
        name: row.text(2)?,
        issuer: row.text(3)?,
        audience: row.text(4)?,
        conditions: Vec::new(),
        role: Role::from_number(row.int(5)?)?,
        user_id: row.int(6)?,
        creator: row.opt_text(7)?,
        created_at: row.int(8)?,
    })
}

/// Makes a rule and the bot that its jobs act as, which is a member of nothing: it has its role from the rule.
pub fn create(tx: &mut Tx<'_>, project_id: i64, new: &NewRule<'_>) -> Result<TrustRule> {
    check_name("trust rule", new.name)?;
    // Locked, so that two at once do not add up to more than the most.
    projects::lock(tx, project_id)?;
    let count =
        tx.get("SELECT COUNT(*) FROM trust_rules WHERE project_id = ?1", &[&project_id], |row| row.int(0))?;
    if count >= MOST {
        return Err(Error::Conflict(format!(
            "the project has {count} trust rules, and may have {MOST}: remove one first"
        )));
    }
    let bot = NewUser {
        username: &users::bot_name("project", project_id, new.bot)?,
        name: new.name,
        email: None,
        administrator: false,
        bot: true,
        now: new.now,
    };
    let bot = users::create(tx, &bot)?;
    let id = tx.get(
        "INSERT INTO trust_rules (project_id, name, issuer, audience, role, user_id, creator_id, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         RETURNING id",
        &[
            &project_id,
            &new.name,
            &new.issuer,
            &new.audience,
            &new.role.number(),
            &bot.id,
            &new.creator_id,
            &new.now,
        ],
        |row| row.int(0),
    )?;
    for (position, (claim, pattern)) in (0i64..).zip(new.conditions) {
        tx.execute(
            "INSERT INTO trust_conditions (rule_id, position, project_id, claim, pattern)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            &[&id, &position, &project_id, claim, pattern],
        )?;
    }
    get(tx, project_id, id)
}

pub fn get(tx: &mut Tx<'_>, project_id: i64, id: i64) -> Result<TrustRule> {
    let rule = select(tx, project_id, "AND t.id = ?2", &[&project_id, &id])?.pop();
    rule.ok_or_else(|| Error::NotFound(format!("no trust rule '{id}' in this project")))
}

/// All of a project, in the order in which they were made.
pub fn list(tx: &mut Tx<'_>, project_id: i64) -> Result<Vec<TrustRule>> {
    select(tx, project_id, "", &[&project_id])
}

/// Those of one issuer, and the bot of each.
pub fn of_issuer(tx: &mut Tx<'_>, project_id: i64, issuer: &str) -> Result<Vec<TrustRule>> {
    select(tx, project_id, "AND t.issuer = ?2", &[&project_id, &issuer])
}

/// The bot of a rule.
pub fn bot(tx: &mut Tx<'_>, rule: &TrustRule) -> Result<User> {
    users::get(tx, rule.user_id)
}

fn select(
    tx: &mut Tx<'_>,
    project_id: i64,
    condition: &str,
    args: &[&dyn crate::tx::ToArg],
) -> Result<Vec<TrustRule>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM trust_rules t LEFT JOIN users u ON u.id = t.creator_id
         WHERE t.project_id = ?1 {condition} ORDER BY t.id"
    );
    let mut rules = tx.list(&sql, args, read)?;
    if rules.is_empty() {
        return Ok(rules);
    }
    tx.each(
        "SELECT rule_id, claim, pattern FROM trust_conditions WHERE project_id = ?1 ORDER BY rule_id, position",
        &[&project_id],
        |row| {
            let id = row.int(0)?;
            if let Some(rule) = rules.iter_mut().find(|rule| rule.id == id) {
                rule.conditions.push((row.text(1)?, row.text(2)?));
            }
            Ok(())
        },
    )?;
    Ok(rules)
}

/// Removes a rule. Its bot goes with it; the row stays for the runs that it made.
pub fn remove(tx: &mut Tx<'_>, project_id: i64, id: i64, now: i64) -> Result<()> {
    let rule = get(tx, project_id, id)?;
    tx.execute("DELETE FROM trust_conditions WHERE rule_id = ?1", &[&id])?;
    tx.execute("DELETE FROM trust_rules WHERE id = ?1", &[&id])?;
    dismiss(tx, "id = ?3", rule.user_id, now)
}

/// All of a project that is being removed.
pub(crate) fn remove_all(tx: &mut Tx<'_>, project_id: i64, now: i64) -> Result<()> {
    dismiss(tx, "id IN (SELECT user_id FROM trust_rules WHERE project_id = ?3)", project_id, now)?;
    for table in ["trust_conditions", "trust_rules"] {
        tx.execute(&format!("DELETE FROM {table} WHERE project_id = ?1"), &[&project_id])?;
    }
    Ok(())
}

fn dismiss(tx: &mut Tx<'_>, whom: &str, id: i64, now: i64) -> Result<()> {
    let sql = format!("UPDATE users SET blocked = ?1, deleted_at = ?2 WHERE bot = ?1 AND {whom}");
    tx.execute(&sql, &[&true, &now, &id])?;
    Ok(())
}
