//! The chain: every entry has a number and a hash over itself and the hash before it.
//!
//! ```text
//! hash[0]  = 32 zero bytes
//! hash[n]  = SHA-256( hash[n-1] | 0x01 | n: u64 | number in the entity: u64 | fields in the order of `bytes` )
//! text     = 0x01 | length: u64 | UTF-8          an absent text = 0x00
//! ```
//! Numbers are big-endian. Lengths stand before what varies, so no two entries have the same bytes.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::AuditEvent;
use crate::{Error, Result};

/// What the chain ends with: keep it elsewhere, and nobody can take entries off or write the log anew unseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// 0 before the first entry.
    pub sequence: i64,
    pub hash: [u8; 32],
}

impl Head {
    /// Of an empty chain.
    pub const START: Self = Self { sequence: 0, hash: [0; 32] };

    /// The head once `event` follows, as the entry with this number of what it belongs to.
    pub fn next(&self, event: &AuditEvent, entity_number: i64) -> Self {
        let sequence = self.sequence + 1;
        let mut hash = Sha256::new();
        hash.update(self.hash);
        hash.update([FORM]);
        hash.update(sequence.to_be_bytes());
        hash.update(entity_number.to_be_bytes());
        bytes(event, &mut |part| hash.update(part));
        Self { sequence, hash: hash.finalize().into() }
    }
}

/// 64 hex digits.
pub fn hash_text(hash: &[u8; 32]) -> String {
    hex::encode(hash)
}

/// An entry in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// With no gap, over all entries.
    pub sequence: i64,
    /// With no gap, over those of its entity.
    pub entity_number: i64,
    pub event: AuditEvent,
    pub hash: [u8; 32],
}

/// The first byte of every entry: another form of entries would have another.
const FORM: u8 = 1;

fn bytes(event: &AuditEvent, put: &mut impl FnMut(&[u8])) {
    let texts = [
        Some(&event.event),
        Some(&event.actor),
        Some(&event.means),
        event.address.as_ref(),
        Some(&event.entity_kind),
        Some(&event.entity_path),
        Some(&event.target_kind),
        Some(&event.target_id),
        Some(&event.target),
        event.before.as_ref(),
        event.after.as_ref(),
    ];
    for number in [event.created_at, event.actor_id, event.entity_id, event.count] {
        put(&number.to_be_bytes());
    }
    for text in texts {
        match text {
            None => put(&[0]),
            Some(text) => {
                put(&[1]);
                put(&(text.len() as u64).to_be_bytes());
                put(text.as_bytes());
            }
        }
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.sequence, hash_text(&self.hash))
    }
}

impl FromStr for Head {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let parse = || {
            let (sequence, hash) = text.split_once(':')?;
            let sequence = sequence.parse().ok().filter(|sequence| *sequence >= 0)?;
            let mut bytes = [0; 32];
            hex::decode_to_slice(hash, &mut bytes).ok()?;
            Some(Self { sequence, hash: bytes })
        };
        parse().ok_or_else(|| {
            Error::invalid(format!(
                "'{text}' is not the head of an audit log: write the line that 'weir audit head' printed, <sequence>:<64 hex digits>"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> AuditEvent {
        AuditEvent {
            event: "user_created".to_owned(),
            actor_id: 1,
            actor: "root".to_owned(),
            means: "access token 1".to_owned(),
            address: Some("203.0.113.9".to_owned()),
            entity_kind: "User".to_owned(),
            entity_id: 2,
            entity_path: "alice".to_owned(),
            target_kind: "User".to_owned(),
            target_id: "2".to_owned(),
            target: "alice".to_owned(),
            before: None,
            after: Some("{}".to_owned()),
            count: 1,
            created_at: 1_767_225_600_000,
        }
    }

    #[test]
    fn every_field_and_the_place_count() {
        let plain = Head::START.next(&event(), 1);
        assert_eq!(plain.sequence, 1);
        let mut others = vec![Head::START.next(&event(), 2), plain.next(&event(), 1)];
        let changes: [fn(&mut AuditEvent); 15] = [
            |event| event.event.push('x'),
            |event| event.actor_id += 1,
            |event| event.actor.push('x'),
            |event| event.means.push('x'),
            |event| event.address = None,
            |event| event.entity_kind.push('x'),
            |event| event.entity_id += 1,
            |event| event.entity_path.push('x'),
            |event| event.target_kind.push('x'),
            |event| event.target_id.push('x'),
            |event| event.target.push('x'),
            |event| event.before = Some(String::new()),
            |event| event.after = None,
            |event| event.count += 1,
            |event| event.created_at += 1,
        ];
        for change in changes {
            let mut event = event();
            change(&mut event);
            others.push(Head::START.next(&event, 1));
        }
        // A letter that moves from one field to the next is a change.
        let mut moved = event();
        moved.target_id = "2a".to_owned();
        moved.target = "lice".to_owned();
        others.push(Head::START.next(&moved, 1));
        for (index, other) in others.iter().enumerate() {
            assert_ne!(other.hash, plain.hash, "{index}");
        }
        // The form of stored chains stays what it is.
        assert_eq!(
            hex::encode(plain.hash),
            "f06426b64eef49f464c3ee63d4d44063dade58cfa7119b653f7e6e4c43594df6"
        );
    }

    #[test]
    fn a_head_is_read_as_it_is_written() {
        let head = Head::START.next(&event(), 1);
        assert_eq!(head.to_string().parse::<Head>().unwrap(), head);
        for text in ["", "1", "1:", "-1:00", "x:00", &format!("1:{}", "0".repeat(63)), "1:zz"] {
            assert!(text.parse::<Head>().is_err_and(|error| error.to_string().contains(text)), "{text}");
        }
    }
}
