//! Page tokens: where the next page starts, sealed so that only the search that got one can use it, and nobody read it.
//!
//! ```text
//! token := base64url( hidden( 1 { value } ) mac:16 )    value := 0 int:8 | 1 double:8 | 2 length:4 text
//! ```
//! The seal is an HMAC-SHA-256 over the values and the search they belong to (project, filter, order and so on),
//! with a key of the installation, so that any replica can open it. Values may be numbers of rows, which are counted
//! over all projects, so they are hidden: by the stream that the same key makes from the seal.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use weir_domain::{Error, Result};
use weir_store::search::{Position, SortValue};

const VERSION: u8 = 1;
const SEAL: usize = 16;

pub(crate) struct PageKey(Vec<u8>);

impl PageKey {
    pub(crate) fn new(key: Vec<u8>) -> Self {
        Self(key)
    }

    /// `search` is everything that the next request must repeat.
    pub(crate) fn seal(&self, search: &str, position: &Position) -> Result<String> {
        let mut bytes = vec![VERSION];
        for value in &position.0 {
            match value {
                SortValue::Int(value) => {
                    bytes.push(0);
                    bytes.extend(value.to_le_bytes());
                }
                SortValue::Real(value) => {
                    bytes.push(1);
                    bytes.extend(value.to_bits().to_le_bytes());
                }
                SortValue::Text(text) => {
                    bytes.push(2);
                    bytes.extend((text.len() as u32).to_le_bytes());
                    bytes.extend(text.as_bytes());
                }
            }
        }
        let mac = self.mac(search, &bytes)?;
        self.hide(&mac, &mut bytes)?;
        bytes.extend(mac);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// An empty token is the first page, as MLflow has it.
    pub(crate) fn open(&self, search: &str, token: Option<&str>) -> Result<Option<Position>> {
        let Some(token) = token.filter(|token| !token.is_empty()) else { return Ok(None) };
        let mut bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| {
            Error::invalid(format!("Invalid page token, could not base64-decode '{}'", excerpt(token)))
        })?;
        let foreign = || {
            Error::invalid(format!(
                "Invalid page token '{}': it does not belong to this search; repeat the filter, order_by and ids of the first page, or start without a token",
                excerpt(token)
            ))
        };
        let (content, seal) = bytes.split_last_chunk_mut::<SEAL>().ok_or_else(foreign)?;
        self.hide(seal, content)?;
        if !same(&self.mac(search, content)?, seal) || content.first() != Some(&VERSION) {
            return Err(foreign());
        }
        read(&content[1..]).map(|values| Some(Position(values))).ok_or_else(foreign)
    }

    fn mac(&self, search: &str, content: &[u8]) -> Result<[u8; SEAL]> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).map_err(Error::internal)?;
        mac.update(&(search.len() as u64).to_le_bytes());
        mac.update(search.as_bytes());
        mac.update(content);
        let full = mac.finalize().into_bytes();
        let mut short = [0; SEAL];
        short.copy_from_slice(&full[..SEAL]);
        Ok(short)
    }

    /// Hides `content`, and shows it again: the seal is another one whenever the content is.
    fn hide(&self, seal: &[u8; SEAL], content: &mut [u8]) -> Result<()> {
        for (index, piece) in content.chunks_mut(SEAL).enumerate() {
            let stream = self.mac("page token", &[&seal[..], &(index as u64).to_le_bytes()].concat())?;
            piece.iter_mut().zip(stream).for_each(|(byte, hidden)| *byte ^= hidden);
        }
        Ok(())
    }

    /// A name for row `id` of `what`, always the same, that tells nothing about other rows.
    pub(crate) fn name_of(&self, what: &str, id: i64) -> Result<String> {
        self.mac(what, &id.to_le_bytes()).map(hex::encode)
    }

    /// A signature that lets its bearer do what `statement` says, for addresses that carry no token.
    pub(crate) fn sign(&self, statement: &str) -> Result<String> {
        self.mac("signed address", statement.as_bytes()).map(hex::encode)
    }

    pub(crate) fn signed(&self, statement: &str, signature: &str) -> Result<bool> {
        let expected = self.sign(statement)?;
        Ok(same(expected.as_bytes(), signature.as_bytes()))
    }
}

/// In a time that does not depend on where they differ.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

fn excerpt(token: &str) -> String {
    token.chars().take(40).collect()
}

fn read(mut bytes: &[u8]) -> Option<Vec<SortValue>> {
    let mut values = Vec::new();
    while let Some((kind, rest)) = bytes.split_first() {
        let (value, rest) = match kind {
            0 => {
                let (raw, rest) = rest.split_first_chunk::<8>()?;
                (SortValue::Int(i64::from_le_bytes(*raw)), rest)
            }
            1 => {
                let (raw, rest) = rest.split_first_chunk::<8>()?;
                (SortValue::Real(f64::from_bits(u64::from_le_bytes(*raw))), rest)
            }
            2 => {
                let (raw, rest) = rest.split_first_chunk::<4>()?;
                let (text, rest) = rest.split_at_checked(u32::from_le_bytes(*raw) as usize)?;
                (SortValue::Text(String::from_utf8(text.to_vec()).ok()?), rest)
            }
            _ => return None,
        };
        values.push(value);
        bytes = rest;
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value() -> impl Strategy<Value = SortValue> {
        prop_oneof![
            any::<i64>().prop_map(SortValue::Int),
            proptest::num::f64::NORMAL.prop_map(SortValue::Real),
            any::<String>().prop_map(SortValue::Text),
        ]
    }

    proptest! {
        #[test]
        fn a_token_comes_back_as_it_was(values in proptest::collection::vec(value(), 0..6), search: String) {
            let key = PageKey::new(vec![7; 32]);
            let position = Position(values);
            let token = key.seal(&search, &position).unwrap();
            prop_assert_eq!(key.open(&search, Some(&token)).unwrap(), Some(position));
        }

        #[test]
        fn a_token_of_another_search_or_installation_is_refused(values in proptest::collection::vec(value(), 0..6), search: String) {
            let key = PageKey::new(vec![7; 32]);
            let token = key.seal(&search, &Position(values)).unwrap();
            let other = format!("{search}x");
            prop_assert!(key.open(&other, Some(&token)).is_err());
            prop_assert!(PageKey::new(vec![8; 32]).open(&search, Some(&token)).is_err());
        }

        #[test]
        fn a_token_shows_none_of_its_values(id in 1_000_000..i64::MAX, text in "[a-z]{8,40}") {
            let key = PageKey::new(vec![7; 32]);
            let token = |id: i64| {
                let position = Position(vec![SortValue::Text(text.clone()), SortValue::Int(id)]);
                URL_SAFE_NO_PAD.decode(key.seal("s", &position).unwrap()).unwrap()
            };
            let (one, next) = (token(id), token(id - 1));
            let shows = |bytes: &[u8]| one.windows(bytes.len()).any(|window| window == bytes);
            prop_assert!(!shows(&id.to_le_bytes()) && !shows(text.as_bytes()));
            prop_assert_ne!(&one[..16], &next[..16], "the same beginning, hidden in another way");
        }

        #[test]
        fn any_text_is_read_without_a_panic(token: String, bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let key = PageKey::new(vec![7; 32]);
            prop_assert!(token.is_empty() || key.open("s", Some(&token)).is_err());
            prop_assert!(bytes.is_empty() || key.open("s", Some(&URL_SAFE_NO_PAD.encode(&bytes))).is_err());
            let _ = read(&bytes);
        }
    }
}
