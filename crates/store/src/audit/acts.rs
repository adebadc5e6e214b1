//! The entries of the acts that several places do alike: what they tell of each noun before and after.

use weir_domain::Result;
use weir_domain::audit::{Actor, Entity, Facts, Noun, Verb};
use weir_domain::expiry;

use super::{Act, record};
use crate::ci_links::CiLink;
use crate::members::{Member, Place};
use crate::namespaces::Namespace;
use crate::projects::Project;
use crate::sessions::Session;
use crate::tokens::Token;
use crate::trust_rules::TrustRule;
use crate::users::User;
use crate::{Tx, members};

/// What became of a user: `before` or `after` is missing when there was none, or is none.
pub fn user(
    tx: &mut Tx<'_>,
    actor: &Actor,
    verb: Verb,
    before: Option<&User>,
    after: Option<&User>,
    now: i64,
) -> Result<()> {
    let Some(user) = before.or(after) else { return Ok(()) };
    let id = user.id.to_string();
    let act = Act::new(Noun::User, verb, Entity::User(user.id), &id, &user.username, now);
    record(tx, actor, &act.change(of(before, user_facts), of(after, user_facts)))
}

fn user_facts(user: &User) -> Facts {
    Facts::new()
        .with("username", &user.username)
        .with("name", &user.name)
        .with_some("email", user.email.as_ref())
        .with("admin", user.administrator)
        .with("state", if user.blocked { "blocked" } else { "active" })
}

fn of<T>(thing: Option<&T>, facts: fn(&T) -> Facts) -> Facts {
    thing.map(facts).unwrap_or_default()
}

/// Something else of a user's, such as a password: that it happened is all that is told.
pub fn of_user(tx: &mut Tx<'_>, actor: &Actor, noun: Noun, verb: Verb, user: &User, now: i64) -> Result<()> {
    let id = user.id.to_string();
    record(tx, actor, &Act::new(noun, verb, Entity::User(user.id), &id, &user.username, now))
}

/// A browser has signed in, or its session has ended.
pub fn session(tx: &mut Tx<'_>, actor: &Actor, verb: Verb, session: &Session, now: i64) -> Result<()> {
    let (id, entity) = (session.id.to_string(), Entity::User(session.user_id));
    let facts = Facts::new().with("method", session.method.name());
    let act = Act::new(Noun::Session, verb, entity, &id, session.method.name(), now);
    record(tx, actor, &Act { after: facts, ..act })
}

/// What became of a project.
pub fn project(
    tx: &mut Tx<'_>,
    actor: &Actor,
    verb: Verb,
    before: Option<&Project>,
    after: Option<&Project>,
    now: i64,
) -> Result<()> {
    let Some(project) = after.or(before) else { return Ok(()) };
    let id = project.id.to_string();
    let act = Act::new(Noun::Project, verb, Entity::Project(project.id), &id, &project.full_path, now);
    record(tx, actor, &act.change(of(before, project_facts), of(after, project_facts)))
}

fn project_facts(project: &Project) -> Facts {
    Facts::new()
        .with("path", &project.full_path)
        .with("name", &project.name)
        .with("description", &project.description)
        .with("visibility", project.visibility.name())
        .with("model_experiments_access_level", project.experiments_access.name())
        .with("model_registry_access_level", project.registry_access.name())
        .with("version_part", project.version_part.name())
        .with("archived", project.archived)
        .with_some("marked_for_deletion_on", project.deletes_at.map(expiry::date))
}

/// What became of a group.
pub fn group(
    tx: &mut Tx<'_>,
    actor: &Actor,
    verb: Verb,
    before: Option<&Namespace>,
    after: Option<&Namespace>,
    now: i64,
) -> Result<()> {
    let Some(group) = after.or(before) else { return Ok(()) };
    let id = group.id.to_string();
    let act = Act::new(Noun::Group, verb, Entity::Group(group.id), &id, &group.full_path, now);
    record(tx, actor, &act.change(of(before, group_facts), of(after, group_facts)))
}

fn group_facts(group: &Namespace) -> Facts {
    Facts::new()
        .with("path", &group.full_path)
        .with("name", &group.name)
        .with("description", &group.description)
        .with("visibility", group.visibility.name())
        .with_some("marked_for_deletion_on", group.deletes_at.map(expiry::date))
}

/// What became of a direct membership: `before` is what [`members::direct`] found, and now it is as the database has it.
pub fn member(
    tx: &mut Tx<'_>,
    actor: &Actor,
    place: Place,
    user: &User,
    before: Option<&Member>,
    now: i64,
) -> Result<()> {
    let after = members::direct(tx, place, user.id)?;
    let verb = match (before, &after) {
        (None, Some(_)) => Verb::Added,
        (Some(_), Some(_)) => Verb::Updated,
        (Some(_), None) => Verb::Removed,
        (None, None) => return Ok(()),
    };
    let id = user.id.to_string();
    let act = Act::new(Noun::Member, verb, entity_of(place), &id, &user.username, now);
    record(tx, actor, &act.change(of(before, member_facts), of(after.as_ref(), member_facts)))
}

fn entity_of(place: Place) -> Entity {
    match place {
        Place::Project(id) => Entity::Project(id),
        Place::Group(id) => Entity::Group(id),
    }
}

fn member_facts(member: &Member) -> Facts {
    Facts::new()
        .with("access_level", member.role.name())
        .with_some("expires_at", member.expires_at.map(expiry::date))
}

/// What became of an access token.
pub fn token(tx: &mut Tx<'_>, actor: &Actor, verb: Verb, token: &Token, now: i64) -> Result<()> {
    let id = token.id.to_string();
    let act = Act::new(Noun::AccessToken, verb, token.entity(), &id, &token.name, now);
    let facts = Facts::new()
        .with("scopes", token.scopes.text())
        .with_some("access_level", token.role.map(|role| role.name()))
        .with_some("expires_at", token.expires_at.map(expiry::date));
    let act = match verb {
        Verb::Created => act.change(Facts::new(), facts),
        _ => act.change(facts, Facts::new()),
    };
    record(tx, actor, &act)
}

/// What became of a trust rule.
pub fn trust_rule(tx: &mut Tx<'_>, actor: &Actor, verb: Verb, rule: &TrustRule, now: i64) -> Result<()> {
    let id = rule.id.to_string();
    let act = Act::new(Noun::TrustRule, verb, Entity::Project(rule.project_id), &id, &rule.name, now);
    let claims: Vec<String> =
        rule.conditions.iter().map(|(claim, pattern)| format!("{claim}={pattern}")).collect();
    let facts = Facts::new()
        .with("issuer", &rule.issuer)
        .with("audience", &rule.audience)
        .with("claims", claims.join(", "))
        .with("access_level", rule.role.name());
    let act = match verb {
        Verb::Created => act.change(Facts::new(), facts),
        _ => act.change(facts, Facts::new()),
    };
    record(tx, actor, &act)
}

/// What became of a project's link to a CI. Of its token it is told that there is another.
pub fn ci_link(
    tx: &mut Tx<'_>,
    actor: &Actor,
    verb: Verb,
    before: Option<&CiLink>,
    after: Option<&CiLink>,
    now: i64,
) -> Result<()> {
    let Some(link) = after.or(before) else { return Ok(()) };
    let act =
        Act::new(Noun::CiLink, verb, Entity::Project(link.project_id), &link.url, &link.ci_project, now);
    let (old, new) =
        (before.and_then(|link| link.token.as_ref()), after.and_then(|link| link.token.as_ref()));
    let another = before.is_some() && new.is_some() && old != new;
    let after = ci_link_facts(after, if another { "another" } else { "kept" });
    record(tx, actor, &act.change(ci_link_facts(before, "kept"), after))
}

fn ci_link_facts(link: Option<&CiLink>, token: &str) -> Facts {
    let Some(link) = link else { return Facts::new() };
    Facts::new()
        .with("kind", link.ci.name())
        .with("url", &link.url)
        .with("project", &link.ci_project)
        .with("token", if link.token.is_some() { token } else { "none" })
}

/// A new token has taken the place of an old one.
pub fn token_rotated(tx: &mut Tx<'_>, actor: &Actor, old: i64, new: &Token, now: i64) -> Result<()> {
    let id = new.id.to_string();
    let act = Act::new(Noun::AccessToken, Verb::Rotated, new.entity(), &id, &new.name, now);
    let before = Facts::new().with("token", old);
    let after = Facts::new().with("token", new.id).with_some("expires_at", new.expires_at.map(expiry::date));
    record(tx, actor, &act.change(before, after))
}

/// Something in a project that its members made: an experiment, a run, a model, a package.
pub fn of_project(
    tx: &mut Tx<'_>,
    actor: &Actor,
    project_id: i64,
    act: (Noun, Verb),
    target: (&str, &str),
    now: i64,
) -> Result<()> {
    let (noun, verb) = act;
    let (id, name) = target;
    record(tx, actor, &Act::new(noun, verb, Entity::Project(project_id), id, name, now))
}

/// What became of the value of a tag of `owner`, which is a model or one of its versions in words.
pub(crate) fn tag(
    tx: &mut Tx<'_>,
    actor: &Actor,
    project_id: i64,
    (noun, owner, key): (Noun, &str, &str),
    before: Option<&str>,
    after: Option<&str>,
    now: i64,
) -> Result<()> {
    if before == after {
        return Ok(());
    }
    let verb = if after.is_some() { Verb::Set } else { Verb::Destroyed };
    let target = format!("{owner}: {key}");
    let act = Act::new(noun, verb, Entity::Project(project_id), key, &target, now);
    let facts = |value| Facts::new().with_some("value", value);
    record(tx, actor, &Act { before: facts(before), after: facts(after), ..act })
}
