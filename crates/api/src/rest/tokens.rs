//! Access tokens as objects: what all three kinds of them share.

use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weir_domain::access::Scopes;
use weir_domain::audit::Actor;
use weir_domain::{Error, Result, expiry, token};
use weir_store::Tx;
use weir_store::tokens::{self, Rotated, Span, Token, TokenFilter, Whose};

use super::paging::Paging;
use crate::app::{App, random};
use crate::error::ApiResult;
use crate::reply::NoContent;
use crate::time::Time;
use crate::wire::{Flag, List, Text};

/// An access token.
#[derive(Serialize, ToSchema)]
#[schema(as = AccessToken)]
pub struct TokenInfo {
    id: i64,
    name: String,
    #[schema(required = true)]
    description: Option<String>,
    revoked: bool,
    created_at: Time,
    /// Of `api`, `read_api`, `read_user`, `self_rotate`.
    scopes: Vec<&'static str>,
    /// Whom it acts as: of a project's or a group's token a bot.
    user_id: i64,
    /// Noted every ten minutes.
    #[schema(required = true)]
    last_used_at: Option<Time>,
    /// Neither revoked nor expired.
    active: bool,
    /// The day (UTC) at whose beginning it ends; `null`: never.
    #[schema(required = true, format = Date)]
    expires_at: Option<String>,
    /// Of a project's or a group's token: the role by GitLab's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    access_level: Option<i64>,
    /// The secret. Shown once: when it is made or rotated.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

impl TokenInfo {
    pub fn new(token: Token, now: i64) -> Self {
        Self {
            id: token.id,
            revoked: token.revoked_at.is_some(),
            created_at: Time(token.created_at),
            scopes: token.scopes.names(),
            user_id: token.user_id,
            last_used_at: token.last_used_at.map(Time),
            active: token.active(now),
            expires_at: token.expires_at.map(expiry::date),
            access_level: token.role.map(weir_domain::access::Role::number),
            name: token.name,
            description: Some(token.description).filter(|text| !text.is_empty()),
            token: None,
        }
    }

    pub fn with_secret(token: Token, now: i64, secret: String) -> Self {
        Self { token: Some(secret), ..Self::new(token, now) }
    }
}

/// A secret that has just been made, and what is kept of it.
pub struct Secret {
    pub text: String,
    pub digest: [u8; 32],
    /// What tells the bots of one place apart.
    pub bot: String,
}

impl Secret {
    pub fn new() -> Result<Self> {
        let text = token::from_random(random()?);
        let digest = tokens::digest(&text);
        Ok(Self { text, digest, bot: hex::encode(random::<16>()?) })
    }
}

/// What a new token is to be.
#[derive(Deserialize, ToSchema)]
#[schema(as = CreateAccessToken)]
pub struct CreateToken {
    #[schema(value_type = String, required = true)]
    #[serde(default)]
    name: Text,
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    description: Text,
    /// Of `api`, `read_api`, `read_user`, `self_rotate`.
    #[schema(value_type = Vec<String>, required = true)]
    #[serde(default)]
    scopes: List<Text>,
    /// The day (UTC) at whose beginning it ends, within a year; a year from now when it is not said.
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(default)]
    expires_at: Text,
    /// Of a project's or a group's token: the role by GitLab's number, 40 when it is not said.
    #[schema(value_type = Option<i64>)]
    #[serde(default)]
    pub access_level: crate::wire::Int,
}

/// The same, read.
pub struct Wanted {
    pub name: String,
    pub description: String,
    pub scopes: Scopes,
    pub expires_at: i64,
}

impl CreateToken {
    /// A token that is made with another one does not outlive it: `latest` is that one's end.
    pub fn read(&mut self, latest: Option<i64>, now: i64) -> Result<Wanted> {
        let take = std::mem::take::<Text>;
        let name = take(&mut self.name).needed("name")?;
        let scopes = std::mem::take(&mut self.scopes).needed("scopes")?;
        let scopes = scopes.into_iter().map(|scope| scope.needed("scopes[]")).collect::<Result<Vec<_>>>()?;
        let named = take(&mut self.expires_at).optional("expires_at")?;
        let expires_at = expiry::of_token_over_http(named.as_deref(), false, now)?;
        if let (Some(named), Some(latest)) = (named, latest)
            && expires_at > latest
        {
            return Err(Error::invalid(format!(
                "the expiry date '{named}' is too far: the token that makes this one ends on '{}' itself",
                expiry::date(latest)
            )));
        }
        Ok(Wanted {
            name,
            description: take(&mut self.description).or_default("description")?,
            scopes: Scopes::parse(&scopes.join(","))?,
            expires_at: latest.map_or(expires_at, |latest| expires_at.min(latest)),
        })
    }
}

impl Wanted {
    pub fn token<'a>(&'a self, digest: [u8; 32], now: i64) -> tokens::NewToken<'a> {
        tokens::NewToken {
            name: &self.name,
            description: &self.description,
            digest,
            scopes: self.scopes,
            expires_at: Some(self.expires_at),
            now,
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[schema(as = RotateAccessToken)]
pub struct RotateToken {
    /// The day (UTC) at whose beginning the new token ends; a week from now when it is not said.
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(default)]
    expires_at: Text,
}

/// Puts a new token in the place of an old one.
pub async fn rotate(app: &App, actor: Actor, id: i64, wish: RotateToken) -> Result<TokenInfo> {
    let now = app.clock.now();
    let expires_at = wish.expires_at.optional("expires_at")?;
    let expires_at = expiry::of_token_over_http(expires_at.as_deref(), true, now)?;
    let secret = Secret::new()?;
    let digest = secret.digest;
    let rotate = move |tx: &mut Tx<'_>| tokens::rotate(tx, &actor, id, digest, Some(expires_at), now);
    match app.store.write(rotate).await? {
        Rotated::To(token) => Ok(TokenInfo::with_secret(*token, now, secret.text)),
        Rotated::Reused => {
            tracing::warn!(token = id, "a revoked token was rotated: all tokens of its family are revoked");
            Err(Error::invalid(format!(
                "token '{id}' has been revoked already: all tokens that came of it are revoked, too; make a new one"
            )))
        }
    }
}

/// Ends the token that `find` finds; one that has ended already stays as it is.
pub async fn revoke(
    app: &App,
    actor: Actor,
    find: impl Fn(&mut Tx<'_>) -> Result<Token> + Send + 'static,
) -> ApiResult<NoContent> {
    let now = app.clock.now();
    app.store
        .write(move |tx| {
            let token = find(tx)?;
            tokens::revoke(tx, &actor, token.id, now)
        })
        .await?;
    Ok(NoContent)
}

/// A page of tokens.
pub async fn page(app: &App, whose: Whose, query: ListTokens, paging: Paging) -> ApiResult<Response> {
    let (filter, order) = query.read()?;
    let (now, slice) = (app.clock.now(), paging.slice);
    let part = app.store.read(move |tx| tokens::page(tx, whose, &filter, order, slice, now)).await?;
    paging.answer(part, |token| token.id, |token| TokenInfo::new(token, now))
}

/// Which tokens a list is to show.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ListTokens {
    /// `active` or `inactive`.
    #[param(value_type = Option<String>)]
    state: Text,
    #[param(value_type = Option<bool>)]
    revoked: Flag,
    /// Part of the name.
    #[param(value_type = Option<String>)]
    search: Text,
    /// `created`, `expires`, `last_used` or `name` with `_asc` or `_desc` behind it; `created_desc` when it is not said.
    #[param(value_type = Option<String>)]
    sort: Text,
    /// A day or a time, as of the next five.
    #[param(value_type = Option<String>)]
    created_after: Text,
    #[param(value_type = Option<String>)]
    created_before: Text,
    #[param(value_type = Option<String>)]
    expires_after: Text,
    #[param(value_type = Option<String>)]
    expires_before: Text,
    #[param(value_type = Option<String>)]
    last_used_after: Text,
    #[param(value_type = Option<String>)]
    last_used_before: Text,
    /// Whose: everybody's to administrators when it is not said, else one's own. Of personal tokens only.
    #[param(value_type = Option<i64>)]
    pub user_id: crate::wire::Int,
}

impl ListTokens {
    /// The filter and the order.
    fn read(self) -> Result<(TokenFilter, &'static str)> {
        let active = match self.state.optional("state")?.as_deref() {
            None => None,
            Some("active") => Some(true),
            Some("inactive") => Some(false),
            Some(other) => {
                return Err(Error::invalid(format!(
                    "'{other}' is not a state of tokens: use active or inactive"
                )));
            }
        };
        let filter = TokenFilter {
            active,
            revoked: self.revoked.optional("revoked")?,
            search: self.search.optional("search")?,
            created: span("created", self.created_after, self.created_before)?,
            expires: span("expires", self.expires_after, self.expires_before)?,
            last_used: span("last_used", self.last_used_after, self.last_used_before)?,
        };
        let sort = self.sort.optional("sort")?;
        Ok((filter, tokens::order(sort.as_deref().unwrap_or("created_desc"))?))
    }
}

fn span(what: &str, after: Text, before: Text) -> Result<Span> {
    let time =
        |text: Text, name: String| text.optional(&name)?.map(|text| expiry::moment(&text, &name)).transpose();
    Ok(Span { after: time(after, format!("{what}_after"))?, before: time(before, format!("{what}_before"))? })
}
