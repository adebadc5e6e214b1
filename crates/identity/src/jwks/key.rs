//! Public keys of an issuer, each good for one kind of signature only.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use serde::Deserialize;
use serde_json::Value;

/// The signatures that are accepted: public keys only. `none` and the HMACs, for which a public key would be the
/// secret, do not exist here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    Rs256,
    Rs384,
    Rs512,
    Ps256,
    Ps384,
    Ps512,
    Es256,
    Es384,
    EdDsa,
}

impl Algorithm {
    const ALL: [Self; 9] = [
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es384,
        Self::EdDsa,
    ];

    /// By its name in a token's header, which minds case.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
        }
    }

    fn kind(self) -> Kind {
        match self {
            Self::Rs256 | Self::Rs384 | Self::Rs512 | Self::Ps256 | Self::Ps384 | Self::Ps512 => Kind::Rsa,
            Self::Es256 => Kind::P256,
            Self::Es384 => Kind::P384,
            Self::EdDsa => Kind::Ed25519,
        }
    }

    fn library(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::Rs256 => jsonwebtoken::Algorithm::RS256,
            Self::Rs384 => jsonwebtoken::Algorithm::RS384,
            Self::Rs512 => jsonwebtoken::Algorithm::RS512,
            Self::Ps256 => jsonwebtoken::Algorithm::PS256,
            Self::Ps384 => jsonwebtoken::Algorithm::PS384,
            Self::Ps512 => jsonwebtoken::Algorithm::PS512,
            Self::Es256 => jsonwebtoken::Algorithm::ES256,
            Self::Es384 => jsonwebtoken::Algorithm::ES384,
            Self::EdDsa => jsonwebtoken::Algorithm::EdDSA,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Rsa,
    P256,
    P384,
    Ed25519,
}

/// A key that can verify signatures.
#[derive(Debug)]
pub struct Key {
    id: Option<String>,
    kind: Kind,
    /// The only algorithm that the issuer uses it with, when it says so.
    algorithm: Option<String>,
    decoding: DecodingKey,
}

impl Key {
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Whether `algorithm` belongs to this key: its type and, if the issuer names one, its algorithm.
    pub fn fits(&self, algorithm: Algorithm) -> bool {
        self.kind == algorithm.kind() && self.algorithm.as_deref().is_none_or(|name| name == algorithm.name())
    }

    /// Whether `signature`, in base64url, is this key's signature of `message`.
    pub fn verifies(&self, message: &str, signature: &str, algorithm: Algorithm) -> bool {
        let verified =
            jsonwebtoken::crypto::verify(signature, message.as_bytes(), &self.decoding, algorithm.library());
        self.fits(algorithm) && verified.unwrap_or(false)
    }

    /// Reads one member of a key set. A key for something else than signatures, or one too weak, is none.
    pub(super) fn read(jwk: Value) -> Result<Self, &'static str> {
        let jwk = serde_json::from_value::<Jwk>(jwk).map_err(|_| "it has members of a wrong type")?;
        if jwk.usage.as_deref().is_some_and(|usage| usage != "sig") {
            return Err("it is not for signatures");
        }
        if jwk.key_ops.as_ref().is_some_and(|operations| !operations.iter().any(|name| name == "verify")) {
            return Err("it is not for verifying");
        }
        let (kind, decoding) = match jwk.kty.as_str() {
            "RSA" => (Kind::Rsa, jwk.rsa()?),
            "EC" => jwk.elliptic_curve()?,
            "OKP" => (Kind::Ed25519, jwk.ed25519()?),
            _ => return Err("its type is not RSA, EC or OKP"),
        };
        Ok(Self { id: jwk.kid, kind, algorithm: jwk.alg, decoding })
    }
}

/// A JSON Web Key (RFC 7517), as far as public keys go.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    kid: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Jwk {
    fn rsa(&self) -> Result<DecodingKey, &'static str> {
        let (modulus, exponent) = (integer(&self.n)?, integer(&self.e)?);
        let bits = modulus.len() * 8 - modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
        if !(2048..=8192).contains(&bits) {
            return Err("its RSA modulus has not 2048 to 8192 bits");
        }
        // Longer exponents only cost time, and nobody uses them.
        if exponent.len() > 4 {
            return Err("its RSA exponent has more than 32 bits");
        }
        Ok(DecodingKey::from_rsa_raw_components(&modulus, &exponent))
    }

    fn elliptic_curve(&self) -> Result<(Kind, DecodingKey), &'static str> {
        let (kind, bytes) = match self.crv.as_deref() {
            Some("P-256") => (Kind::P256, 32),
            Some("P-384") => (Kind::P384, 48),
            _ => return Err("its curve is not P-256 or P-384"),
        };
        let (x, y) = (decoded(&self.x)?, decoded(&self.y)?);
        if x.len() != bytes || y.len() != bytes {
            return Err("its coordinates are not as long as its curve's");
        }
        // An uncompressed point (SEC 1, 2.3.3), which the library takes for the whole key.
        let point = [&[4][..], &x, &y].concat();
        Ok((kind, DecodingKey::from_ec_der(&point)))
    }

    fn ed25519(&self) -> Result<DecodingKey, &'static str> {
        let x = decoded(&self.x)?;
        if self.crv.as_deref() != Some("Ed25519") || x.len() != 32 {
            return Err("it is not an Ed25519 key of 32 bytes");
        }
        Ok(DecodingKey::from_ed_der(&x))
    }
}

fn decoded(member: &Option<String>) -> Result<Vec<u8>, &'static str> {
    let text = member.as_deref().ok_or("a member is missing")?;
    BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| "a member is not base64url")
}

/// A number without leading zero bytes, which some issuers write.
fn integer(member: &Option<String>) -> Result<Vec<u8>, &'static str> {
    let bytes = decoded(member)?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    Ok(bytes[zeros..].to_vec())
}
