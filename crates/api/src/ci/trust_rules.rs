//! The trust rules of a project, as its maintainers keep them.

use std::collections::BTreeMap;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use weir_domain::access::Role;
use weir_domain::audit::Verb;
use weir_domain::{Error, Result};
use weir_identity::trust::{Condition, Rule};
use weir_store::audit::acts;
use weir_store::trust_rules::{self, NewRule, TrustRule};

use crate::app::{App, random};
use crate::caller::{Access, Acting};
use crate::error::ApiResult;
use crate::extract::{Params, Path};
use crate::openapi::{ErrorMessage, ProjectPath, Refusals};
use crate::reply::{Created, NoContent, Reply};
use crate::time::Time;
use crate::wire::{Int, Text};

/// Which CI jobs may come with an ID token of their own, and what they are in the project then.
#[derive(Serialize, ToSchema)]
pub struct TrustRuleInfo {
    id: i64,
    name: String,
    /// What the token's claim `iss` must be.
    issuer: String,
    /// What must be among the token's claim `aud`.
    audience: String,
    /// Further claims and what they must be; `*` stands for any characters but `/`, `**` for any.
    claims: BTreeMap<String, String>,
    /// GitLab's number of the role.
    access_level: i64,
    role: &'static str,
    /// Of the bot that the jobs act as.
    user_id: i64,
    #[schema(required = true)]
    created_by: Option<String>,
    created_at: Time,
}

impl From<TrustRule> for TrustRuleInfo {
    fn from(rule: TrustRule) -> Self {
        Self {
            id: rule.id,
            name: rule.name,
            issuer: rule.issuer,
            audience: rule.audience,
            claims: rule.conditions.into_iter().collect(),
            access_level: rule.role.number(),
            role: rule.role.name(),
            user_id: rule.user_id,
            created_by: rule.creator,
            created_at: Time(rule.created_at),
        }
    }
}

/// A rule to be made.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct CreateTrustRule {
    name: Text,
    issuer: Text,
    audience: Text,
    claims: Value,
    access_level: Int,
}

/// The same, for the description.
#[derive(ToSchema)]
#[schema(as = CreateTrustRule)]
#[expect(dead_code, reason = "it describes; nothing is made of it")]
pub struct TrustRuleWish {
    /// What it is for.
    name: String,
    /// As it stands in the token's claim `iss`, such as `https://gitlab.com`.
    issuer: String,
    /// As it stands in the token's claim `aud`. Left out, this server's address, when it knows that.
    audience: Option<String>,
    /// Claims and what they must be, such as `{"project_path": "group/project", "ref": "main"}`; `*` stands for any
    /// characters but `/`, `**` for any. One of them says whose jobs they are.
    claims: BTreeMap<String, String>,
    /// GitLab's number of the role: 10, 20, 30 (the default), 40 or 50.
    access_level: Option<i64>,
}

/// The same, read and checked.
struct Wanted {
    name: String,
    rule: Rule,
}

impl CreateTrustRule {
    fn read(self, app: &App) -> Result<Wanted> {
        let name = self.name.needed("name")?;
        let issuer = self.issuer.needed("issuer")?;
        let audience = match (self.audience.optional("audience")?, &app.settings.external_url) {
            (Some(audience), _) => audience,
            (None, Some(own)) => own.clone(),
            (None, None) => return Err(Error::invalid("audience is missing")),
        };
        let mut conditions = Vec::new();
        let Value::Object(claims) = self.claims else {
            return Err(Error::invalid(
                "claims is missing: write an object such as {\"project_path\": \"group/project\", \"ref\": \"main\"}",
            ));
        };
        for (claim, value) in claims {
            let Value::String(pattern) = value else {
                return Err(Error::invalid(format!(
                    "claims[{claim}] is {value}: write the text that the claim must be, such as \"main\""
                )));
            };
            conditions.push(Condition::new(&claim, &pattern)?);
        }
        let role = self.access_level.optional("access_level")?;
        let role = role.map_or(Ok(Role::Developer), Role::from_number)?;
        let rule = Rule::new(&issuer, &audience, conditions, role)?;
        // Better now than in the log at the first job.
        if let Err(error) = app.issuers.outbound().check(&rule.issuer) {
            return Err(Error::invalid(format!("the issuer's keys cannot be fetched: {error}")));
        }
        Ok(Wanted { name, rule })
    }
}

/// `GET /projects/:id/ml/trust_rules`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/ml/trust_rules",
    operation_id = "list_trust_rules",
    summary = "The trust rules of a project: which CI jobs may come with their own ID token",
    tag = "CI",
    params(ProjectPath),
    responses((status = 200, description = "all of them", body = Vec<TrustRuleInfo>), Refusals)
)]
pub async fn list(State(app): State<App>, access: Access) -> ApiResult<Reply<Vec<TrustRuleInfo>>> {
    let rules = app.store.read(move |tx| trust_rules::list(tx, access.project_id)).await?;
    Ok(Reply(rules.into_iter().map(Into::into).collect()))
}

/// `POST /projects/:id/ml/trust_rules`
#[utoipa::path(
    post,
    path = "/api/v4/projects/{project}/ml/trust_rules",
    operation_id = "create_trust_rule",
    summary = "Trust CI jobs that show an ID token with these claims",
    tag = "CI",
    params(ProjectPath),
    request_body = TrustRuleWish,
    responses(
        (status = 201, description = "the rule", body = TrustRuleInfo),
        Refusals,
        (status = 409, description = "the project has too many", body = ErrorMessage)
    )
)]
pub async fn create(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Params(body): Params<CreateTrustRule>,
) -> ApiResult<Created<TrustRuleInfo>> {
    check_person(&access)?;
    let Wanted { name, rule } = body.read(&app)?;
    if !access.standing.has(rule.role) {
        return Err(Error::invalid(format!(
            "you may not make a trust rule with access level {} ({}): it is above your own",
            rule.role.number(),
            rule.role.name()
        ))
        .into());
    }
    let (bot, now) = (hex::encode(random::<16>()?), app.clock.now());
    let conditions = rule.conditions.into_iter().map(|condition| (condition.claim, condition.pattern));
    let conditions = conditions.collect::<Vec<_>>();
    let rule = app
        .store
        .write(move |tx| {
            let new = NewRule {
                name: &name,
                issuer: &rule.issuer,
                audience: &rule.audience,
                conditions: &conditions,
                role: rule.role,
                creator_id: Some(access.user_id),
                bot: &bot,
                now,
            };
            let rule = trust_rules::create(tx, access.project_id, &new)?;
            acts::trust_rule(tx, &actor, Verb::Created, &rule, now)?;
            Ok(rule)
        })
        .await?;
    Ok(Created(rule.into()))
}

/// Who may make a rule may let anybody in: that is for people, as making tokens is.
fn check_person(access: &Access) -> Result<()> {
    match &access.caller {
        Some(caller) => caller.check_person("change trust rules"),
        None => Ok(()),
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct TrustRulePath {
    /// The number of the rule.
    rule: i64,
}

/// `GET /projects/:id/ml/trust_rules/:rule`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/ml/trust_rules/{rule}",
    operation_id = "get_trust_rule",
    summary = "A trust rule",
    tag = "CI",
    params(ProjectPath, TrustRulePath),
    responses((status = 200, description = "the rule", body = TrustRuleInfo), Refusals)
)]
pub async fn get(
    State(app): State<App>,
    access: Access,
    Path(path): Path<TrustRulePath>,
) -> ApiResult<Reply<TrustRuleInfo>> {
    let rule = app.store.read(move |tx| trust_rules::get(tx, access.project_id, path.rule)).await?;
    Ok(Reply(rule.into()))
}

/// `DELETE /projects/:id/ml/trust_rules/:rule`: tokens that it let in are refused from here on, on other replicas within
/// a second.
#[utoipa::path(
    delete,
    path = "/api/v4/projects/{project}/ml/trust_rules/{rule}",
    operation_id = "delete_trust_rule",
    summary = "Trust these jobs no longer",
    tag = "CI",
    params(ProjectPath, TrustRulePath),
    responses((status = 204, description = "it is gone"), Refusals)
)]
pub async fn delete(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Path(path): Path<TrustRulePath>,
) -> ApiResult<NoContent> {
    check_person(&access)?;
    let now = app.clock.now();
    app.store
        .write(move |tx| {
            let rule = trust_rules::get(tx, access.project_id, path.rule)?;
            trust_rules::remove(tx, access.project_id, path.rule, now)?;
            acts::trust_rule(tx, &actor, Verb::Removed, &rule, now)
        })
        .await?;
    app.doorkeeper.forget();
    Ok(NoContent)
}
