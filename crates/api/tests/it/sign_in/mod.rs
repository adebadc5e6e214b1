//! Browsers: how they sign in and out, and what keeps other sites from using their sessions.

mod csrf;
mod link;
mod oidc;
mod password;
mod session;

use reqwest::Method;
use serde_json::{Value, json};
use weir_store::{passwords, sign_in_links, tokens, users};
use weir_testing::server::new_user;
use weir_testing::{Answer, Client, TestServer};

pub const PASSWORD: &str = "correct horse battery";

/// Something that keeps one cookie, and sends the CSRF token that it was told along with changes.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    address: String,
    pub cookie: Option<String>,
    pub csrf: Option<String>,
    /// The cookie of a sign-in at a provider.
    pub pending: Option<String>,
}

impl Browser {
    pub fn new(server: &TestServer) -> Self {
        Self {
            client: server.anonymous(),
            address: server.address.clone(),
            cookie: None,
            csrf: None,
            pending: None,
        }
    }

    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let mut request = self.client.request(method.clone(), &format!("{}{path}", self.address));
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", format!("weir_session={cookie}"));
        }
        if let Some(pending) = &self.pending {
            request = request.header("cookie", format!("weir_sign_in={pending}"));
        }
        match &self.csrf {
            Some(csrf) if method != Method::GET => request.header("x-csrf-token", csrf),
            _ => request,
        }
    }

    /// Sends it and keeps what cookie comes back.
    pub async fn send(&mut self, request: reqwest::RequestBuilder) -> Answer {
        let answer = self.client.send(request).await;
        for cookie in answer.headers.get_all("set-cookie") {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().filter(|value| !value.is_empty()).map(ToOwned::to_owned);
            match name {
                "weir_session" => self.cookie = value,
                "weir_sign_in" => self.pending = value,
                other => panic!("an unknown cookie '{other}'"),
            }
        }
        answer
    }

    pub async fn go(&mut self, method: Method, path: &str) -> Answer {
        self.send(self.request(method, path)).await
    }

    pub async fn sign_in(&mut self, username: &str, password: &str) -> Answer {
        let body = json!({ "username": username, "password": password });
        let answer = self.send(self.request(Method::POST, "/-/session").json(&body)).await;
        if answer.status == 200 {
            self.csrf = answer.json()["csrf_token"].as_str().map(ToOwned::to_owned);
        }
        answer
    }

    /// Who is signed in, by the server's word.
    pub async fn current(&mut self) -> Option<Value> {
        let answer = self.go(Method::GET, "/-/session").await;
        (answer.status == 200).then(|| answer.json())
    }

    pub async fn change_password(&mut self, current: Option<&str>, new: &str) -> Answer {
        let body = json!({ "current_password": current, "new_password": new });
        let answer = self.send(self.request(Method::PUT, "/-/password").json(&body)).await;
        if answer.status == 200 {
            self.csrf = answer.json()["csrf_token"].as_str().map(ToOwned::to_owned);
        }
        answer
    }
}

/// A user with [`PASSWORD`].
pub async fn person(server: &TestServer, name: &str) -> i64 {
    let (name, now) = (name.to_owned(), server.now());
    let hash = weir_domain::password::hash(PASSWORD, [1; 16]).unwrap();
    server
        .store
        .write(move |tx| {
            let user = users::create(tx, &new_user(&name, false, now))?;
            passwords::set(tx, user.id, &hash, now)?;
            Ok(user.id)
        })
        .await
        .unwrap()
}

/// Gives `root` [`PASSWORD`], and signs a browser in.
pub async fn root(server: &TestServer) -> Browser {
    let (now, hash) = (server.now(), weir_domain::password::hash(PASSWORD, [1; 16]).unwrap());
    server.store.write(move |tx| passwords::set(tx, 1, &hash, now)).await.unwrap();
    let mut browser = Browser::new(server);
    browser.sign_in("root", PASSWORD).await.ok();
    browser
}

/// The path of a new one-time link.
pub async fn new_link(server: &TestServer, username: &str) -> String {
    static NEXT: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(1);
    let next = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let secret = weir_domain::secret::from_random([next; 32]);
    let (digest, username, now) = (tokens::digest(&secret), username.to_owned(), server.now());
    server
        .store
        .write(move |tx| {
            let user = users::by_name(tx, &username)?;
            sign_in_links::create(tx, &user, digest, now + sign_in_links::LIFETIME_MS, now)
        })
        .await
        .unwrap();
    format!("/-/sign-in/link/{secret}")
}
