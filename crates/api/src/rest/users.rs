//! Users: who they are, and what administrators do with them.

use axum::extract::State;
use serde::Serialize;
use weir_store::users::User;

use crate::app::App;
use crate::caller::Caller;
use crate::error::ApiResult;
use crate::reply::Reply;
use crate::server_address::Origin;
use crate::time::Time;

/// What everybody sees of a user.
#[derive(Serialize)]
pub struct UserInfo {
    pub id: i64,
    username: String,
    name: String,
    state: &'static str,
    locked: bool,
    avatar_url: Option<String>,
    web_url: String,
}

impl UserInfo {
    pub fn new(user: &User, origin: &Origin) -> Self {
        Self {
            id: user.id,
            username: user.username.clone(),
            name: user.name.clone(),
            state: if user.blocked { "blocked" } else { "active" },
            locked: false,
            avatar_url: None,
            web_url: format!("{}/{}", origin.0, user.username),
        }
    }
}

/// What administrators see of everybody, and everybody of themselves.
#[derive(Serialize)]
pub struct FullUserInfo {
    #[serde(flatten)]
    user: UserInfo,
    created_at: Time,
    bio: &'static str,
    public_email: Option<String>,
    bot: bool,
    email: Option<String>,
    is_admin: bool,
    external: bool,
    private_profile: bool,
    two_factor_enabled: bool,
}

impl FullUserInfo {
    pub fn new(user: &User, origin: &Origin) -> Self {
        Self {
            user: UserInfo::new(user, origin),
            created_at: Time(user.created_at),
            bio: "",
            public_email: None,
            bot: user.bot,
            email: user.email.clone(),
            is_admin: user.administrator,
            external: false,
            private_profile: false,
            two_factor_enabled: false,
        }
    }
}

/// `GET /user`
pub async fn current(_: State<App>, caller: Caller, origin: Origin) -> ApiResult<Reply<FullUserInfo>> {
    Ok(Reply(FullUserInfo::new(&caller.user, &origin)))
}
