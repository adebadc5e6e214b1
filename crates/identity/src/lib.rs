//! Who is at the door, when somebody else says so: what the server may fetch, issuers and their keys, ID tokens.

pub mod claims;
mod glob;
pub mod id_token;
pub mod jwks;
pub mod oidc;
pub mod outbound;
pub mod provenance;
pub mod trust;
