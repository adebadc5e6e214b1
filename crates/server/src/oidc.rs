//! The provider of OpenID Connect that the operator chose.

use std::path::Path;

use weir_api::OidcSettings;
use weir_domain::{Error, Result};
use weir_identity::oidc::{SecretMethod, Settings};
use weir_identity::outbound::Entry;

use crate::cli::{OidcArgs, OidcSecretMethod};

const SECRET_VARIABLE: &str = "WEIR_OIDC_CLIENT_SECRET";
const MAX_SECRET_BYTES: usize = 4096;

/// What was chosen; the address of this server is known later.
pub struct Chosen {
    issuer: String,
    client_id: String,
    client_secret: Option<String>,
    args: OidcArgs,
}

/// `None` without `--oidc-issuer`.
pub fn read(args: OidcArgs) -> Result<Option<Chosen>> {
    let chosen = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let Some(issuer) = chosen(&args.oidc_issuer) else { return Ok(None) };
    let client_id = chosen(&args.oidc_client_id).ok_or_else(|| {
        Error::invalid("--oidc-issuer needs --oidc-client-id, which the provider gave to this server")
    })?;
    if args.oidc_groups_claim.is_none()
        && !(args.oidc_grants.is_empty() && args.oidc_required_groups.is_empty())
    {
        return Err(Error::invalid(
            "--oidc-grants and --oidc-required-groups need --oidc-groups-claim, which names the claim with a person's groups",
        ));
    }
    let client_secret = secret(args.oidc_client_secret_file.as_deref())?;
    Ok(Some(Chosen { issuer, client_id, client_secret, args }))
}

/// From a file or the environment, never from an argument, which others could read.
fn secret(file: Option<&Path>) -> Result<Option<String>> {
    let text = match (file, std::env::var(SECRET_VARIABLE)) {
        (Some(file), _) => std::fs::read_to_string(file).map_err(|error| {
            Error::invalid(format!("--oidc-client-secret-file: cannot read '{}': {error}", file.display()))
        })?,
        (None, Ok(text)) => text,
        (None, Err(_)) => return Ok(None),
    };
    let text = text.trim();
    if text.len() > MAX_SECRET_BYTES {
        return Err(Error::invalid(format!("the client secret has more than {MAX_SECRET_BYTES} bytes")));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

impl Chosen {
    /// `url` is the address of this server, without a slash at its end.
    pub fn settings(self, url: &str) -> Result<OidcSettings> {
        let Self { issuer, client_id, client_secret, args } = self;
        let name = args.oidc_name.unwrap_or_else(|| host(&issuer).to_owned());
        let grants = args.oidc_grants.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
        let grants = grants.map(str::parse).collect::<Result<_>>()?;
        let provider = Settings {
            issuer,
            client_id,
            client_secret,
            secret_method: match args.oidc_secret_method {
                OidcSecretMethod::Discovered => SecretMethod::Discovered,
                OidcSecretMethod::Basic => SecretMethod::Basic,
                OidcSecretMethod::Post => SecretMethod::Post,
            },
            redirect_uri: format!("{url}/-/oidc/callback"),
            scopes: args.oidc_scopes.split_whitespace().map(ToOwned::to_owned).collect(),
            groups_claim: args.oidc_groups_claim,
        };
        let required_groups =
            args.oidc_required_groups.into_iter().filter(|group| !group.is_empty()).collect();
        Ok(OidcSettings { provider, name, grants, required_groups })
    }
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

impl Chosen {
    /// Whoever names an issuer allows its origin, in a private network too.
    pub fn origin(&self) -> Result<Entry> {
        let wrong = || {
            Error::invalid(format!(
                "--oidc-issuer: '{}' is not an address such as https://id.example",
                self.issuer
            ))
        };
        let (scheme, _) = self.issuer.split_once("://").ok_or_else(wrong)?;
        Entry::parse(&format!("{scheme}://{}", host(&self.issuer))).map_err(|_| wrong())
    }
}
