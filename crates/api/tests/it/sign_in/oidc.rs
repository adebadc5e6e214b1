//! Signing in through a provider: who somebody is here, what the groups give, and what does not pass.

use reqwest::Method;
use serde_json::{Value, json};
use weir_api::OidcSettings;
use weir_domain::access::{Role, Visibility};
use weir_fake_issuer::{ClientAccount, Issuer, SigningKey};
use weir_identity::oidc::{SecretMethod, Settings};
use weir_store::members::{self, Place};
use weir_store::{sessions, users};
use weir_testing::server::Wishes;
use weir_testing::{Answer, TestServer};

use super::{Browser, person};

const GRANTS: [&str; 4] =
    ["ml=developer@root/default", "leads=maintainer@root/default", "ml=reporter@team", "ops=administrator"];

struct Bench {
    server: TestServer,
    issuer: Issuer,
}

impl Bench {
    async fn start(required: &[&str]) -> Self {
        let issuer = Issuer::start(SigningKey::generate("one", "ES256")).await;
        let (id, secret) = ("weir".to_owned(), Some("s3cret".to_owned()));
        issuer.register(ClientAccount { id: id.clone(), secret: secret.clone() }, None);
        let provider = Settings {
            issuer: issuer.url.clone(),
            client_id: id,
            client_secret: secret,
            secret_method: SecretMethod::default(),
            redirect_uri: "http://weir.example/-/oidc/callback".to_owned(),
            scopes: vec!["profile".to_owned()],
            groups_claim: Some("groups".to_owned()),
        };
        let oidc = OidcSettings {
            provider,
            name: "the company".to_owned(),
            grants: GRANTS.iter().map(|text| text.parse().unwrap()).collect(),
            required_groups: required.iter().map(ToString::to_string).collect(),
        };
        let outbound_allow = vec![issuer.url.clone()];
        let server = TestServer::with(Wishes { oidc: Some(oidc), outbound_allow, ..Wishes::default() }).await;
        server.group("team", Visibility::Private).await;
        Self { server, issuer }
    }

    /// The query that a browser brings back from the provider.
    async fn agree(&self, browser: &mut Browser, start: &str, claims: Value) -> String {
        let sent = browser.go(Method::GET, start).await;
        assert_eq!(sent.status, 303, "{sent}");
        let userinfo = json!({ "sub": claims["sub"] });
        let back = self.issuer.agree(sent.header("location").unwrap(), self.server.now(), claims, userinfo);
        let pairs: Vec<String> = back.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("/-/oidc/callback?{}", pairs.join("&"))
    }

    async fn sign_in(&self, browser: &mut Browser, claims: Value) -> Answer {
        let back = self.agree(browser, "/-/oidc/start", claims).await;
        browser.go(Method::GET, &back).await
    }

    /// The user name of who signs in with these claims.
    async fn username(&self, claims: Value) -> String {
        let mut browser = Browser::new(&self.server);
        let answer = self.sign_in(&mut browser, claims).await;
        assert_eq!(answer.status, 303, "{answer}");
        browser.current().await.unwrap()["user"]["username"].as_str().unwrap().to_owned()
    }

    async fn role(&self, username: &str, place: Place) -> Option<Role> {
        let (username, now) = (username.to_owned(), self.server.now());
        let found = self.server.store.read(move |tx| {
            let user = users::by_name(tx, &username)?;
            Ok(members::roles(tx, place, user.id, now)?.0)
        });
        found.await.unwrap()
    }

    async fn is_administrator(&self, username: &str) -> bool {
        let username = username.to_owned();
        self.server.store.read(move |tx| Ok(users::by_name(tx, &username)?.administrator)).await.unwrap()
    }
}

fn claims(subject: &str, groups: &[&str]) -> Value {
    json!({
        "sub": subject, "preferred_username": subject, "name": "Alice Doe", "email": format!("{subject}@example.com"),
        "email_verified": true, "groups": groups,
    })
}

#[tokio::test]
async fn somebody_signs_in_and_goes_on_where_the_page_was() {
    let bench = Bench::start(&[]).await;
    let mut browser = Browser::new(&bench.server);
    let methods = browser.go(Method::GET, "/-/sign-in/methods").await.ok();
    assert_eq!(methods["oidc"], json!({ "name": "the company", "path": "/-/oidc/start" }));
    let start = "/-/oidc/start?return_to=/root/default/-/ml/experiments";
    let back = bench.agree(&mut browser, start, claims("alice", &["ml"])).await;
    assert!(browser.pending.is_some() && browser.cookie.is_none());
    let done = browser.go(Method::GET, &back).await;
    assert_eq!((done.status, done.header("location")), (303, Some("/root/default/-/ml/experiments")));
    assert_eq!(browser.pending, None);
    let current = browser.current().await.unwrap();
    assert_eq!(current["session"]["method"], "oidc");
    let user = &current["user"];
    assert_eq!((&user["username"], &user["name"]), (&json!("alice"), &json!("Alice Doe")));
    assert_eq!((&user["email"], &user["is_admin"]), (&json!("alice@example.com"), &json!(false)));

    // The session is good for a change, with its CSRF token; and it ends after a day, used or not.
    browser.csrf = current["csrf_token"].as_str().map(ToOwned::to_owned);
    let create = "/api/v4/projects/1/ml/mlflow/api/2.0/mlflow/experiments/create";
    browser.send(browser.request(Method::POST, create).json(&json!({ "name": "x" }))).await.ok();
    bench.server.advance_ms(sessions::OIDC_LIFETIME_MS);
    assert_eq!(browser.current().await, None);
}

#[tokio::test]
async fn somebody_is_known_by_issuer_and_subject_and_by_nothing_else() {
    let bench = Bench::start(&[]).await;
    person(&bench.server, "alice").await;
    // Neither the name nor the address of somebody who was here before makes one that user.
    assert_eq!(bench.username(claims("alice", &[])).await, "alice-2");
    let mut renamed = claims("alice", &[]);
    renamed["preferred_username"] = json!("root");
    assert_eq!(bench.username(renamed).await, "alice-2", "the same subject again");
    for (subject, username, expected) in [
        ("s1", json!("root"), "root-2"),
        ("s2", json!("Bob.B@example.com"), "bob.b"),
        ("s3", json!("API"), "user"),
        ("s4", json!("../../etc"), "etc"),
        ("s5", Value::Null, "s5"),
    ] {
        let mut claims = claims(subject, &[]);
        claims["preferred_username"] = username;
        assert_eq!(bench.username(claims).await, expected, "{subject}");
    }
    let mut stolen = claims("mallory", &[]);
    stolen["email"] = json!("s1@example.com");
    let mut browser = Browser::new(&bench.server);
    assert_eq!(bench.sign_in(&mut browser, stolen).await.status, 303);
    assert_eq!(browser.current().await.unwrap()["user"]["email"], Value::Null);
}

#[tokio::test]
async fn groups_give_roles_and_take_them_back() {
    let bench = Bench::start(&[]).await;
    let project = Place::Project(1);
    let group = bench.server.store.read(|tx| Ok(weir_store::namespaces::find(tx, "team")?.unwrap().id)).await;
    let group = Place::Group(group.unwrap());
    bench.username(claims("alice", &["ml", "leads", "others"])).await;
    assert_eq!(bench.role("alice", project).await, Some(Role::Maintainer), "the highest");
    assert_eq!(bench.role("alice", group).await, Some(Role::Reporter));
    bench.username(claims("alice", &["ml", "ops"])).await;
    assert_eq!(bench.role("alice", project).await, Some(Role::Developer));
    assert!(bench.is_administrator("alice").await);
    // A provider that forgets the claim locks nobody out.
    let mut silent = claims("alice", &[]);
    silent.as_object_mut().unwrap().remove("groups");
    bench.username(silent).await;
    assert_eq!(bench.role("alice", project).await, Some(Role::Developer));
    bench.username(claims("alice", &[])).await;
    assert_eq!((bench.role("alice", project).await, bench.role("alice", group).await), (None, None));
    assert!(!bench.is_administrator("alice").await);
}

#[tokio::test]
async fn a_role_that_somebody_here_gave_is_not_taken_back() {
    let bench = Bench::start(&[]).await;
    let project = Place::Project(1);
    bench.username(claims("alice", &[])).await;
    let given = bench.server.store.write(move |tx| {
        let user = users::by_name(tx, "alice")?;
        members::set(tx, project, user.id, Role::Owner, None, 0)
    });
    given.await.unwrap();
    for groups in [&["ml"][..], &[]] {
        bench.username(claims("alice", groups)).await;
        assert_eq!(bench.role("alice", project).await, Some(Role::Owner));
    }
}

#[tokio::test]
async fn a_role_given_here_comes_back_when_the_group_goes() {
    let bench = Bench::start(&[]).await;
    let root = bench.server.root();
    let member = async || {
        let list = root.api_get("projects/1/members?query=alice").await.ok();
        list.as_array().unwrap().first().map(|one| (one["access_level"].clone(), one["expires_at"].clone()))
    };
    bench.username(claims("alice", &[])).await;
    let id = root.api_get("users?username=alice").await.ok()[0]["id"].clone();
    let path = format!("projects/1/members/{id}");
    // A lower role with an end, from a person, under a group's.
    let body = json!({ "user_id": id, "access_level": 20, "expires_at": "2026-03-01" });
    root.api_post("projects/1/members", body).await.with(201);
    let given = Some((json!(20), json!("2026-03-01")));
    for (groups, expected) in [
        (&["ml"][..], Some((json!(30), Value::Null))),
        (&["ml", "leads"], Some((json!(40), Value::Null))),
        (&["ml"], Some((json!(30), Value::Null))),
        (&[], given.clone()),
        (&[], given),
    ] {
        bench.username(claims("alice", groups)).await;
        assert_eq!(member().await, expected, "{groups:?}");
    }
    // What somebody changes while the group is there is that person's from then on.
    bench.username(claims("alice", &["ml"])).await;
    root.api_put(&path, json!({ "access_level": 40 })).await.ok();
    for groups in [&["ml"][..], &[], &["leads"], &[]] {
        bench.username(claims("alice", groups)).await;
        assert_eq!(member().await.unwrap().0, json!(40), "{groups:?}");
    }
    // The end of what was given before counts, too.
    root.api_put(&path, json!({ "access_level": 20, "expires_at": "2026-03-01" })).await.ok();
    bench.username(claims("alice", &["ml"])).await;
    bench.server.advance_ms(90 * 24 * 60 * 60 * 1000);
    bench.username(claims("alice", &["ml"])).await;
    assert_eq!(bench.role("alice", Place::Project(1)).await, Some(Role::Developer));
    bench.username(claims("alice", &[])).await;
    assert_eq!(bench.role("alice", Place::Project(1)).await, None);
}

#[tokio::test]
async fn an_administrator_by_hand_stays_one_without_the_group() {
    let bench = Bench::start(&[]).await;
    bench.username(claims("alice", &["ops"])).await;
    let root = bench.server.root();
    let id = root.api_get("users?username=alice").await.ok()[0]["id"].clone();
    root.api_put(&format!("users/{id}"), json!({ "admin": true })).await.ok();
    bench.username(claims("alice", &[])).await;
    assert!(bench.is_administrator("alice").await);
}

#[tokio::test]
async fn blocked_and_ungrouped_people_stay_outside() {
    let bench = Bench::start(&["ml"]).await;
    let mut browser = Browser::new(&bench.server);
    let refused = bench.sign_in(&mut browser, claims("bob", &["others"])).await;
    let text = String::from_utf8(refused.bytes.clone()).unwrap();
    assert!(refused.status == 403 && text.contains("in none of the groups"), "{text}");
    let nobody = bench.server.store.read(|tx| users::find(tx, "bob")).await.unwrap();
    assert!(nobody.is_none(), "nobody was made");

    bench.username(claims("alice", &["ml"])).await;
    let blocked = bench.server.store.write(|tx| {
        let user = users::by_name(tx, "alice")?;
        users::set_blocked(tx, &user, true)
    });
    blocked.await.unwrap();
    let refused = bench.sign_in(&mut browser, claims("alice", &["ml"])).await;
    assert_eq!((refused.status, browser.cookie), (403, None));
}

#[tokio::test]
async fn what_began_elsewhere_or_too_long_ago_does_not_pass() {
    let bench = Bench::start(&[]).await;
    let mut browser = Browser::new(&bench.server);
    // Somebody else's code and state, which a link could bring: another browser has no cookie for it.
    let back = bench.agree(&mut browser, "/-/oidc/start", claims("mallory", &[])).await;
    let mut victim = Browser::new(&bench.server);
    assert_eq!((victim.go(Method::GET, &back).await.status, &victim.cookie), (403, &None));
    // Nor does another sign-in's cookie do.
    victim.go(Method::GET, "/-/oidc/start").await;
    assert_eq!((victim.go(Method::GET, &back).await.status, &victim.cookie), (403, &None));
    // A cookie that was changed is none.
    let (text, seal) = browser.pending.as_ref().unwrap().split_once('.').unwrap();
    let seal = seal.replace(|c: char| c.is_ascii_digit(), "a");
    let mut forged = Browser { pending: Some(format!("{text}.{seal}")), ..browser.clone() };
    assert_eq!(forged.go(Method::GET, &back).await.status, 403);
    // The code of this one is still good; ten minutes later the cookie is not.
    let mut late = browser.clone();
    assert_eq!(browser.go(Method::GET, &back).await.status, 303);
    bench.server.advance_ms(10 * 60 * 1000);
    let answer = late.go(Method::GET, &back).await;
    assert!(String::from_utf8(answer.bytes).unwrap().contains("took too long"));

    let mut browser = Browser::new(&bench.server);
    browser.go(Method::GET, "/-/oidc/start").await;
    let denied = browser.go(Method::GET, "/-/oidc/callback?error=access_denied&state=x").await;
    assert_eq!((denied.status, browser.pending), (403, None));
}

#[tokio::test]
async fn a_sign_in_ends_on_this_server() {
    let bench = Bench::start(&[]).await;
    for target in ["//evil.example", "https://evil.example", "/%5Cevil.example", "x"] {
        let mut browser = Browser::new(&bench.server);
        let start = format!("/-/oidc/start?return_to={target}");
        let back = bench.agree(&mut browser, &start, claims("alice", &[])).await;
        assert_eq!(browser.go(Method::GET, &back).await.header("location"), Some("/"), "{target}");
    }
}

#[tokio::test]
async fn without_a_provider_there_is_no_such_way() {
    let server = TestServer::start().await;
    let mut browser = Browser::new(&server);
    for path in ["/-/oidc/start", "/-/oidc/callback?code=x&state=y"] {
        assert_eq!(browser.go(Method::GET, path).await.status, 404);
    }
    let methods = browser.go(Method::GET, "/-/sign-in/methods").await.ok();
    assert_eq!(methods, json!({ "password": true, "oidc": null, "no_auth": false }));
}

/// What the audit log has of sign-ins, the newest first: the event, who did it, and the provider.
async fn told(bench: &Bench) -> Vec<(String, String, Value)> {
    let events = bench.server.root().api_get("audit_events?per_page=100").await.ok();
    let means = format!("provider {}", bench.issuer.url);
    let by_provider = events.as_array().unwrap().iter().filter(|event| {
        let details = &event["details"];
        assert_eq!(details["ip_address"], "127.0.0.1", "{event}");
        details["author_means"] == *means
    });
    let told = by_provider.map(|event| {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let details = &event["details"];
        (text(&event["event_name"]), text(&details["author_name"]), details["after"].clone())
    });
    told.collect()
}

#[tokio::test]
async fn who_is_made_and_given_roles_stands_in_the_audit_log() {
    let bench = Bench::start(&[]).await;
    let names = |told: &[(String, String, Value)]| told.iter().map(|row| row.0.clone()).collect::<Vec<_>>();
    bench.username(claims("alice", &["ml", "ops"])).await;
    let first = told(&bench).await;
    assert_eq!(names(&first), ["user_updated", "member_added", "member_added", "user_created"]);
    assert!(first.iter().all(|(_, author, _)| author == "alice"), "{first:?}");
    assert_eq!(first[0].2, json!({ "admin": "true" }));
    assert_eq!(first[3].2["email"], "alice@example.com");
    // Nothing is new at the next sign-in.
    bench.username(claims("alice", &["ml", "ops"])).await;
    assert_eq!(told(&bench).await.len(), 4);
    bench.username(claims("alice", &["leads"])).await;
    let changed = told(&bench).await;
    assert_eq!(names(&changed)[..3], ["user_updated", "member_updated", "member_removed"]);
    assert_eq!(changed[1].2, json!({ "access_level": "maintainer" }));
    assert_eq!(changed.len(), 7);
}

#[tokio::test]
async fn who_is_not_let_in_stands_in_the_audit_log() {
    let bench = Bench::start(&["ml"]).await;
    bench.username(claims("alice", &["ml"])).await;
    bench
        .server
        .store
        .write(|tx| {
            let user = users::by_name(tx, "alice")?;
            users::set_blocked(tx, &user, true)
        })
        .await
        .unwrap();
    for (subject, group) in [("alice", "ml"), ("bob", "others")] {
        let refused = bench.sign_in(&mut Browser::new(&bench.server), claims(subject, &[group])).await;
        assert_eq!(refused.status, 403, "{subject}");
    }
    bench.server.advance_ms(60_000);
    let events = bench.server.root().api_get("audit_events").await.ok();
    let refused = events.as_array().unwrap().iter().filter(|event| event["event_name"] == "session_refused");
    let mut reasons: Vec<&str> =
        refused.map(|event| event["details"]["after"]["reason"].as_str().unwrap()).collect();
    reasons.sort_unstable();
    let url = &bench.issuer.url;
    assert_eq!(
        reasons,
        [
            format!("'bob' is in none of the required groups, from the provider {url}"),
            format!("user 'alice' is blocked, from the provider {url}"),
        ]
    );
}
