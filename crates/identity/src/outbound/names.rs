//! Host names to addresses, refusing those that a name may not lead to.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use parking_lot::Mutex;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::{Zone, zone};

/// Where addresses come from: the system, or what a test says.
#[derive(Clone, Debug, Default)]
pub enum Names {
    #[default]
    System,
    Set(Arc<Mutex<HashMap<String, Vec<IpAddr>>>>),
}

impl Names {
    async fn addresses(&self, name: &str) -> std::io::Result<Vec<IpAddr>> {
        match self {
            Self::System => {
                Ok(tokio::net::lookup_host((name, 0)).await?.map(|address| address.ip()).collect())
            }
            Self::Set(names) => Ok(names.lock().get(name).cloned().unwrap_or_default()),
        }
    }
}

/// The resolver of an HTTP client. The connection goes to the very addresses that were checked here, so a name that
/// changes between a check and a connection (DNS rebinding) gains nothing.
pub struct Resolver {
    pub names: Names,
    /// The furthest zone that a name may lead to.
    pub furthest: Zone,
}

/// A name that leads where it may not.
#[derive(Debug, thiserror::Error)]
#[error("'{name}' leads to {address}")]
pub struct Astray {
    pub name: String,
    pub address: IpAddr,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (names, furthest) = (self.names.clone(), self.furthest);
        Box::pin(async move {
            let name = name.as_str();
            let addresses = names.addresses(name).await?;
            // One stray address spoils the answer: whoever mixes them is up to something.
            if let Some(address) = addresses.iter().find(|address| zone(**address) > furthest) {
                return Err(Astray { name: name.to_owned(), address: *address }.into());
            }
            if addresses.is_empty() {
                return Err(format!("'{name}' has no address").into());
            }
            let addresses: Addrs = Box::new(addresses.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}
