//! `weir trust`: which CI jobs may come to a project with an ID token of their own.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use weir_domain::access::Role;
use weir_domain::audit::Verb;
use weir_domain::{Error, Result, expiry};
use weir_identity::trust::{Condition, Rule};
use weir_store::Store;
use weir_store::audit::acts;
use weir_store::projects::{self, ProjectRef};
use weir_store::trust_rules::{self, NewRule, TrustRule};

use super::token::random_tail;
use super::{ACTOR, change};
use crate::cli::{NewTrustArgs, TrustCommand};
use crate::{listing, out};

pub async fn run(store: &Store, command: TrustCommand, now: i64) -> Result<()> {
    match command {
        TrustCommand::Add(args) => add(store, args, now).await,
        TrustCommand::List { project, output } => {
            let project = ProjectRef::parse(&project);
            let rules = store
                .read(move |tx| {
                    let project = projects::get(tx, &project)?;
                    trust_rules::list(tx, project.id)
                })
                .await?;
            let rows: Vec<Value> = rules.iter().map(json_of).collect();
            let columns = ["id", "name", "issuer", "audience", "conditions", "role", "created_at"];
            listing::print(&rows, &columns, output.json)
        }
        TrustCommand::Remove { project, id } => {
            let project = ProjectRef::parse(&project);
            let path = change(store, now, move |tx| {
                let project = projects::get(tx, &project)?;
                let rule = trust_rules::get(tx, project.id, id)?;
                trust_rules::remove(tx, project.id, id, now)?;
                acts::trust_rule(tx, ACTOR, Verb::Removed, &rule, now)?;
                Ok(project.full_path)
            })
            .await?;
            out::line(&format!("trust rule {id} of '{path}' is removed"))
        }
    }
}

async fn add(store: &Store, args: NewTrustArgs, now: i64) -> Result<()> {
    let conditions = args.claims.iter().map(|text| Condition::parse(text)).collect::<Result<Vec<_>>>()?;
    let rule = Rule::new(&args.issuer, &args.audience, conditions, Role::parse(&args.role)?)?;
    let mut conditions: Vec<(String, String)> = Vec::new();
    for Condition { claim, pattern } in rule.conditions {
        // A rule over REST is an object, in which a claim stands once.
        if conditions.iter().any(|(known, _)| *known == claim) {
            return Err(Error::invalid(format!(
                "--claim {claim}={pattern}: the claim '{claim}' was given already"
            )));
        }
        conditions.push((claim, pattern));
    }
    let (project, bot) = (ProjectRef::parse(&args.project), random_tail()?);
    let (path, rule) = change(store, now, move |tx| {
        let project = projects::get(tx, &project)?;
        let new = NewRule {
            name: &args.name,
            issuer: &rule.issuer,
            audience: &rule.audience,
            conditions: &conditions,
            role: rule.role,
            creator_id: None,
            bot: &bot,
            now,
        };
        let rule = trust_rules::create(tx, project.id, &new)?;
        acts::trust_rule(tx, ACTOR, Verb::Created, &rule, now)?;
        Ok((project.full_path, rule))
    })
    .await?;
    if args.output.json {
        return out::line(&json_of(&rule).to_string());
    }
    out::line(&format!("trust rule {} makes these jobs {} of '{path}'", rule.id, rule.role.name()))?;
    out::remark(
        "the server must be allowed to fetch the issuer's keys: see --outbound-allow of `weir serve`",
    );
    Ok(())
}

fn json_of(rule: &TrustRule) -> Value {
    let conditions = rule.conditions.iter().map(|(claim, pattern)| format!("{claim}={pattern}"));
    json!({
        "id": rule.id,
        "name": rule.name,
        "issuer": rule.issuer,
        "audience": rule.audience,
        "claims": rule.conditions.iter().cloned().collect::<BTreeMap<_, _>>(),
        "conditions": conditions.collect::<Vec<_>>(),
        "access_level": rule.role.number(),
        "role": rule.role.name(),
        "user_id": rule.user_id,
        "created_at": expiry::time(rule.created_at),
    })
}
