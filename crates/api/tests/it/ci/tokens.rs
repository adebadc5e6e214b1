//! ID tokens as access tokens: who gets in, and who does not.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::Method;
use serde_json::{Value, json};
use weir_domain::access::{Role, Visibility};
use weir_fake_issuer::{Issuer, Manner, SigningKey, encode};
use weir_store::trust_rules::{self, NewRule};
use weir_testing::Client;

use super::{AUDIENCE, Bench, gets_in};

#[tokio::test]
async fn a_job_that_a_rule_trusts_logs_as_its_actor() {
    let bench = Bench::new().await;
    bench.trust(json!({})).await;
    let job = bench.job(json!({}));

    let run = job.create_run_in("0", json!({ "user_id": "somebody else" })).await;
    job.log_metric(&run, "loss", json!(0.5), 0, 1).await.ok();
    job.put_file(&run, "model.bin", "bytes").await.with(200);

    assert_eq!(job.get_run(&run).await["info"]["user_id"], "ci:alice");
    assert_eq!(job.get_file(&run, "model.bin").await.bytes, b"bytes");
}

#[tokio::test]
async fn every_place_of_a_token_takes_one() {
    let bench = Bench::new().await;
    bench.trust(json!({})).await;
    let job = bench.job(json!({}));
    let token = job.token.clone().unwrap();
    let nobody = bench.server.anonymous();
    let address = "/api/2.0/mlflow/experiments/get?experiment_id=0";
    for (name, value) in [
        ("authorization", format!("Bearer {token}")),
        ("private-token", token.clone()),
        ("authorization", format!("Basic {}", BASE64_STANDARD.encode(format!("ci:{token}")))),
    ] {
        let request = nobody.request(Method::GET, address).header(name, value);
        nobody.send(request).await.ok();
    }
    // At the server's own mount, which is the default project's, too.
    job.at_root().get("experiments/get?experiment_id=0").await.ok();
}

#[tokio::test]
async fn claims_times_and_parties_must_be_right() {
    let bench = Bench::new().await;
    bench.trust(json!({})).await;
    let now = bench.server.now() / 1000;
    for (more, good) in [
        (json!({}), true),
        (json!({ "ref": "dev" }), false),
        (json!({ "ref": "main2" }), false),
        (json!({ "ref": null }), false),
        (json!({ "project_path": "acme/vision2" }), false),
        (json!({ "aud": "https://other.example.com" }), false),
        (json!({ "aud": ["https://other.example.com", AUDIENCE], "azp": AUDIENCE }), true),
        (json!({ "aud": null }), false),
        (json!({ "iss": "http://127.0.0.1:9" }), false),
        (json!({ "iss": null }), false),
        (json!({ "exp": now - 61 }), false),
        (json!({ "exp": now - 30 }), true),
        (json!({ "exp": null }), false),
        (json!({ "nbf": now + 61 }), false),
        (json!({ "iat": now + 61 }), false),
    ] {
        assert_eq!(gets_in(&bench.job(more.clone())).await, good, "{more}");
    }
}

#[tokio::test]
async fn signatures_must_be_the_issuers() {
    let bench = Bench::new().await;
    bench.trust(json!({})).await;
    let claims = bench.claims(json!({}));
    let good = bench.issuer.token(AUDIENCE, bench.server.now(), claims.clone());
    let (head, signature) = good.rsplit_once('.').unwrap();
    let none = |alg: &str| {
        let header = encode(json!({ "alg": alg, "typ": "JWT", "kid": "key-1" }).to_string());
        format!("{header}.{}.", encode(claims.to_string()))
    };
    let other = SigningKey::generate("key-1", "ES256");
    let public = bench.issuer_key_text();
    let mut refused = vec![
        other.token(&claims),
        SigningKey::secret("key-1", public.as_bytes()).token(&claims),
        none("none"),
        none("None"),
        format!("{head}."),
        format!("{head}.{}", encode([0; 64])),
        format!(
            "{}.{}.{signature}",
            head.split('.').next().unwrap(),
            encode(claims.to_string().replace("302", "303"))
        ),
        format!("{good}.x"),
        "eyJ..".to_owned(),
        "eyJ.eyJ.eyJ".to_owned(),
        format!("eyJ{}.a.b", "A".repeat(40_000)),
    ];
    for token in refused.drain(..) {
        assert!(!gets_in(&bench.caller(&token)).await, "{token:.200}");
    }
    assert!(gets_in(&bench.caller(&good)).await);
}

#[tokio::test]
async fn an_issuer_that_nobody_trusts_is_not_asked() {
    let bench = Bench::new().await;
    let stranger = bench.job(json!({}));
    assert!(!gets_in(&stranger).await);
    // Trust of another project is none of this one.
    let other = bench.server.project("root/other", Visibility::Private).await;
    let address = format!("projects/{other}/ml/trust_rules");
    bench.server.root().api_post(&address, bench.rule(json!({}))).await.with(201);
    assert!(!gets_in(&stranger).await);
    assert_eq!(bench.issuer.fetches(), (0, 0));

    let there = Client::new(&bench.server.address, &other.to_string(), stranger.token.clone());
    assert!(gets_in(&there).await);
    assert!(!gets_in(&stranger).await);
    assert_eq!(bench.issuer.fetches(), (1, 1));
}

#[tokio::test]
async fn a_token_is_good_for_its_project_alone() {
    let bench = Bench::new().await;
    bench.trust(json!({ "access_level": 40 })).await;
    let job = bench.job(json!({}));
    let public = bench.server.project("root/public", Visibility::Public).await;
    for project in [public.to_string(), "77".to_owned(), "root%2Fnowhere".to_owned()] {
        let there = Client::new(&bench.server.address, &project, job.token.clone());
        assert!(!gets_in(&there).await, "{project}");
    }
    for path in ["user", "version", "personal_access_tokens", "groups/root/access_tokens"] {
        assert_eq!(job.api_get(path).await.status, 401, "{path}");
    }
    // What is its project's it does by its role, and it makes no tokens or rules for others.
    assert_eq!(job.api_get("projects/1/access_tokens").await.status, 200);
    let wish = json!({ "name": "x", "scopes": ["api"], "expires_at": "2026-02-01" });
    assert_eq!(job.api_post("projects/1/access_tokens", wish).await.status, 403);
    assert_eq!(job.api_post("projects/1/ml/trust_rules", bench.rule(json!({}))).await.status, 403);
}

#[tokio::test]
async fn the_highest_role_among_matching_rules_counts() {
    let bench = Bench::new().await;
    bench.trust(json!({ "access_level": 20 })).await;
    let job = bench.job(json!({}));
    assert_eq!(job.post("experiments/create", json!({ "name": "a" })).await.status, 403);
    bench.trust(json!({ "claims": { "project_path": "acme/*" } })).await;
    // The next token: what the first may do is remembered for a moment.
    let job = bench.job(json!({ "job_id": "303" }));
    job.create_experiment("a").await;
    assert_eq!(job.api_get("projects/1/ml/trust_rules").await.status, 403);
}

#[tokio::test]
async fn a_star_ends_at_a_slash() {
    let bench = Bench::new().await;
    bench.trust(json!({ "claims": { "project_path": "acme/*", "ref": "release/**" } })).await;
    for (path, git_ref, expected) in [
        ("acme/vision", "release/1", true),
        ("acme/vision", "release/1/x", true),
        ("acme/vision/deep", "release/1", false),
        ("acme-evil/vision", "release/1", false),
        ("acme/vision", "main", false),
    ] {
        let job = bench.job(json!({ "project_path": path, "ref": git_ref }));
        assert_eq!(gets_in(&job).await, expected, "{path} {git_ref}");
    }
}

/// Rules that were made before a newer Weir asked for more go on.
#[tokio::test]
async fn an_old_rule_goes_on() {
    let bench = Bench::new().await;
    let (issuer, now) = (bench.issuer.url.clone(), bench.server.now());
    let made = bench.server.store.write(move |tx| {
        let new = NewRule {
            name: "old",
            issuer: &issuer,
            audience: AUDIENCE,
            conditions: &[("ref".to_owned(), "main".to_owned())],
            role: Role::Reporter,
            creator_id: None,
            bot: "0123",
            now,
        };
        trust_rules::create(tx, 1, &new)
    });
    made.await.unwrap();
    assert!(gets_in(&bench.job(json!({ "project_path": "whoever/it-is" }))).await);
    assert_eq!(
        bench.maintainer.api_get("projects/1/ml/trust_rules").await.ok()[0]["claims"],
        json!({ "ref": "main" })
    );
}

#[tokio::test]
async fn a_removed_rule_lets_nobody_in_any_more() {
    let bench = Bench::new().await;
    let rule = bench.trust(json!({})).await;
    let job = bench.job(json!({}));
    assert!(gets_in(&job).await);

    bench.maintainer.api_delete(&format!("projects/1/ml/trust_rules/{}", rule["id"])).await.with(204);

    assert!(!gets_in(&job).await);
}

#[tokio::test]
async fn a_verified_token_needs_its_issuer_no_more_until_it_expires() {
    let bench = Bench::new().await;
    bench.trust(json!({})).await;
    let job = bench.job(json!({}));
    assert!(gets_in(&job).await);
    bench.issuer.behave(Manner::Down);
    for minutes in [1, 2, 1] {
        bench.server.advance_ms(minutes * 60_000);
        bench.forget().await;
        assert!(gets_in(&job).await);
    }
    assert_eq!(bench.issuer.fetches(), (1, 1));
    bench.server.advance_ms(3 * 60_000);
    bench.forget().await;
    assert!(!gets_in(&job).await);
}

#[tokio::test]
async fn a_replaced_key_is_learned() {
    let bench = Bench::new().await;
    bench.trust(json!({})).await;
    assert!(gets_in(&bench.job(json!({}))).await);
    let before = bench.claims(json!({ "job_id": "1" }));
    let old = bench.issuer.token(AUDIENCE, bench.server.now(), before);
    bench.issuer.replace_key(SigningKey::generate("key-2", "RS256"));
    bench.server.advance_ms(20_000);
    assert!(gets_in(&bench.job(json!({ "job_id": "2" }))).await);
    assert!(!gets_in(&bench.caller(&old)).await);
}

#[tokio::test]
async fn an_issuer_in_trouble_lets_nobody_in() {
    for manner in [
        Manner::Down,
        Manner::HugeKeys,
        Manner::ManyKeys(101),
        Manner::Keys("{".to_owned()),
        Manner::Redirect("http://127.0.0.1:9/".to_owned()),
        Manner::OtherIssuer("https://other.example.com".to_owned()),
    ] {
        let bench = Bench::new().await;
        bench.trust(json!({})).await;
        bench.issuer.behave(manner.clone());
        assert!(!gets_in(&bench.job(json!({}))).await, "{manner:?}");
        bench.issuer.behave(Manner::Good);
        bench.server.advance_ms(20_000);
        assert!(gets_in(&bench.job(json!({}))).await, "{manner:?}");
    }
}

#[tokio::test]
async fn github_actions_come_in_too() {
    let bench = Bench::with_key(SigningKey::generate("key-1", "RS256")).await;
    let claims = json!({ "repository": "octo/ml", "environment": "prod" });
    bench.trust(json!({ "claims": claims })).await;
    let token = |more: Value| {
        let mut claims = json!({
            "sub": "repo:octo/ml:environment:prod", "repository": "octo/ml", "run_id": "9001", "run_attempt": "2",
            "actor": "octocat", "ref": "refs/heads/main", "environment": "prod",
        });
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        bench.issuer.token(AUDIENCE, bench.server.now(), claims)
    };
    let job = bench.caller(&token(json!({})));
    let run = job.create_run().await;
    assert_eq!(job.get_run(&run).await["info"]["user_id"], "ci:octocat");
    assert!(!gets_in(&bench.caller(&token(json!({ "environment": "dev" })))).await);
}

impl Bench {
    /// Makes the server ask its database again.
    async fn forget(&self) {
        let rule = self.trust(json!({ "claims": { "project_path": "nobody/at-all" } })).await;
        self.maintainer.api_delete(&format!("projects/1/ml/trust_rules/{}", rule["id"])).await.with(204);
    }

    /// The issuer's public key as an attacker would take it for a secret.
    fn issuer_key_text(&self) -> String {
        SigningKey::generate("key-1", "ES256").jwk().to_string()
    }
}

/// Two issuers of one project do not speak for each other.
#[tokio::test]
async fn an_issuer_speaks_for_itself_alone() {
    let bench = Bench::new().await;
    bench.trust(json!({})).await;
    let mallory = Issuer::start(SigningKey::generate("key-1", "ES256")).await;
    let mut claims = bench.claims(json!({}));
    assert!(!gets_in(&bench.caller(&mallory.token(AUDIENCE, bench.server.now(), claims.clone()))).await);
    claims["iss"] = json!(mallory.url);
    assert!(!gets_in(&bench.caller(&mallory.token(AUDIENCE, bench.server.now(), claims))).await);
    assert_eq!(mallory.fetches(), (0, 0));
}

#[tokio::test]
async fn a_refused_token_stands_in_the_audit_log_of_its_project() {
    let bench = Bench::new().await;
    bench.trust(json!({})).await;
    let now = bench.server.now() / 1000;
    let elsewhere = "https://other.example.com";
    let mut sent = Vec::new();
    for more in [json!({ "ref": "dev" }), json!({ "exp": now - 61 }), json!({ "iss": elsewhere })] {
        let job = bench.job(more);
        // However often, and whenever: one entry a minute.
        for _ in 0..3 {
            assert!(!gets_in(&job).await);
            bench.server.advance_ms(1000);
        }
        sent.push(job.token.unwrap());
    }
    bench.server.advance_ms(60_000);
    let listed = bench.maintainer.api_get("projects/1/audit_events").await.ok();
    let refused = listed.as_array().unwrap().iter().filter(|event| event["event_name"] == "id_token_refused");
    let mut told: Vec<(&str, Option<&str>, i64)> = refused
        .map(|event| {
            let details = &event["details"];
            assert_eq!(details["target_type"], "IdToken");
            let after = &details["after"];
            let reason = after["reason"].as_str().unwrap().strip_prefix("an ID token is refused: ").unwrap();
            (reason, after["issuer"].as_str(), details["count"].as_i64().unwrap())
        })
        .collect();
    told.sort_unstable();
    let url = Some(&*bench.issuer.url);
    // An issuer that no rule names is a caller's own text, and is not repeated.
    let expected = [
        ("it has expired", url, 3),
        ("its issuer is not trusted there", None, 3),
        ("no trust rule matches its claims", url, 3),
    ];
    assert_eq!(told, expected);

    // What is no project's is for administrators; and no entry holds a token.
    let job = bench.job(json!({}));
    let nowhere = Client::new(&bench.server.address, "77", job.token.clone());
    assert!(!gets_in(&nowhere).await);
    assert_eq!(job.api_get("user").await.status, 401);
    bench.server.advance_ms(60_000);
    let all = bench.server.root().api_get("audit_events?per_page=100").await.ok().to_string();
    assert!(!all.contains(elsewhere), "{all}");
    for reason in ["an ID token is refused", "which is good for one project only"] {
        assert!(all.contains(reason), "{reason} in {all}");
    }
    for token in &sent {
        let (head, signature) = token.rsplit_once('.').unwrap();
        assert!(!all.contains(signature) && !all.contains(head), "{all}");
    }
}

#[tokio::test]
async fn a_job_gets_no_lasting_token_by_rotating_one() {
    let bench = Bench::new().await;
    bench.trust(json!({ "access_level": 40 })).await;
    let body = json!({ "name": "deploy", "scopes": ["api"], "access_level": 10 });
    let token = bench.maintainer.api_post("projects/1/access_tokens", body).await.with(201);
    let rotate = format!("projects/1/access_tokens/{}/rotate", token["id"]);
    let refused = bench.job(json!({})).api_post(&rotate, json!({})).await;
    assert!(refused.status == 403 && refused.to_string().contains("rotate another token"), "{refused}");
    // Nor does the token of a project by rotating that of another bot.
    let body = json!({ "name": "other", "scopes": ["api"], "access_level": 40 });
    let other = bench.maintainer.api_post("projects/1/access_tokens", body).await.with(201);
    let bot = bench.caller(other["token"].as_str().unwrap());
    assert_eq!(bot.api_post(&rotate, json!({})).await.status, 403);
    let own = format!("projects/1/access_tokens/{}/rotate", other["id"]);
    bot.api_post(&own, json!({})).await.ok();
}
