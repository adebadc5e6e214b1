//! Small servers on the loopback, and doors that lead to them.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use parking_lot::Mutex;
use tokio::net::TcpListener;
use weir_identity::outbound::{Entry, Names, Outbound, Settings};

/// Serves `router` for as long as the test runs.
pub async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

pub fn settings(allow: &[String]) -> Settings {
    Settings { allow: allow.iter().map(|text| Entry::parse(text).unwrap()).collect(), ..Settings::default() }
}

/// A door to `allow`.
pub fn door(allow: &[String]) -> Arc<Outbound> {
    Arc::new(Outbound::new(settings(allow)).unwrap())
}

/// A door to `allow` that gives up soon, for servers that never answer.
pub fn impatient_door(allow: &[String]) -> Arc<Outbound> {
    let settings = Settings { total_timeout: Duration::from_millis(500), ..settings(allow) };
    Arc::new(Outbound::new(settings).unwrap())
}

pub type Zonefile = Arc<Mutex<HashMap<String, Vec<IpAddr>>>>;

/// A door to `allow` whose names are what the map says.
pub fn door_with_names(allow: &[String], names: &[(&str, &[&str])]) -> (Arc<Outbound>, Zonefile) {
    let names = names
        .iter()
        .map(|(name, addresses)| {
            (name.to_string(), addresses.iter().map(|address| address.parse().unwrap()).collect())
        })
        .collect();
    let names = Zonefile::new(Mutex::new(names));
    let settings = Settings { names: Names::Set(names.clone()), ..settings(allow) };
    (Arc::new(Outbound::new(settings).unwrap()), names)
}
