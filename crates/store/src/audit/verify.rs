//! Goes along the whole chain and says where it does not hold.

use std::fmt;

use weir_domain::Result;
use weir_domain::audit::{Head, Link};

use super::list::{columns, read_link};
use super::seal;
use crate::{Store, Tx};

/// Entries that are read at once: all that is in memory.
const PAGE: usize = 500;
/// Entries get their place within a second, wherever a server runs.
const WAITS_MS: i64 = 60 * 1000;

/// What is wrong, where the chain holds up to the entry before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The entry, its number or its hash is not what was sealed.
    Changed(i64),
    Missing {
        from: i64,
        to: i64,
    },
    /// An entry that the head does not know.
    BeyondHead(i64),
    /// The last entry has not the hash that the head has.
    HeadDiffers,
    /// The row with the head is gone.
    NoHead,
    /// The chain holds, but is not the one whose head was kept elsewhere.
    OtherChain(i64),
    /// It ends before the head that was kept elsewhere.
    Shortened(i64),
}

impl Fault {
    /// The first entry that does not hold, where it is one.
    pub fn sequence(&self) -> Option<i64> {
        match self {
            Self::Changed(at) | Self::BeyondHead(at) | Self::OtherChain(at) | Self::Shortened(at) => {
                Some(*at)
            }
            Self::Missing { from, .. } => Some(*from),
            Self::HeadDiffers | Self::NoHead => None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed(at) => {
                write!(
                    f,
                    "entry {at} is not what was sealed: it was changed, moved or put in, or one before it was"
                )
            }
            Self::Missing { from, to } if from == to => write!(f, "entry {from} is missing"),
            Self::Missing { from, to } => write!(f, "the entries {from} to {to} are missing"),
            Self::BeyondHead(at) => {
                write!(f, "entry {at} stands behind the head: it was put in, or the head was set back")
            }
            Self::HeadDiffers => f.write_str("the head has another hash than the last entry"),
            Self::NoHead => f.write_str("the head is gone"),
            Self::OtherChain(at) => {
                write!(f, "entry {at} has another hash than the head that you keep: the log was written anew")
            }
            Self::Shortened(at) => {
                write!(
                    f,
                    "the log ends before entry {at}, whose head you keep: entries were taken off its end"
                )
            }
        }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Entries that hold, from the first on.
    pub checked: i64,
    /// Where the chain that holds ends.
    pub head: Head,
    pub fault: Option<Fault>,
    /// Entries that wait for their place longer than they should.
    pub waiting: i64,
}

impl Report {
    pub fn holds(&self) -> bool {
        self.fault.is_none() && self.waiting == 0
    }
}

/// Checks the chain, and that it goes through `kept`, a head of an earlier time.
pub async fn verify(store: &Store, kept: Option<Head>, now: i64) -> Result<Report> {
    let mut at = Head::START;
    let fault = loop {
        let begun = at;
        // Entries and head of one moment: servers go on sealing meanwhile.
        let (links, head) = store.read(move |tx| Ok((behind(tx, begun)?, seal::head(tx)?))).await?;
        let end = links.len() < PAGE;
        if let Err(fault) = links.iter().try_for_each(|link| check(&mut at, link, head, kept)) {
            break Some(fault);
        }
        if end {
            break check_end(at, head, kept).err();
        }
    };
    let before = now - WAITS_MS;
    let waiting = store.read(move |tx| waiting(tx, before)).await?;
    Ok(Report { checked: at.sequence, head: at, fault, waiting })
}

fn behind(tx: &mut Tx<'_>, at: Head) -> Result<Vec<Link>> {
    let sql =
        format!("SELECT {} FROM audit_events WHERE sequence > ?1 ORDER BY sequence LIMIT ?2", columns());
    // Also what somebody put in front of the first.
    let beyond = if at == Head::START { i64::MIN } else { at.sequence };
    tx.list(&sql, &[&beyond, &(PAGE as i64)], read_link)
}

fn check(
    at: &mut Head,
    link: &Link,
    head: Option<Head>,
    kept: Option<Head>,
) -> std::result::Result<(), Fault> {
    let next = at.next(&link.event, link.entity_number);
    if link.sequence < next.sequence {
        return Err(Fault::Changed(link.sequence));
    }
    if link.sequence > next.sequence {
        return Err(Fault::Missing { from: next.sequence, to: link.sequence - 1 });
    }
    if link.hash != next.hash {
        return Err(Fault::Changed(link.sequence));
    }
    if head.is_some_and(|head| head.sequence < next.sequence) {
        return Err(Fault::BeyondHead(next.sequence));
    }
    if kept.is_some_and(|kept| kept.sequence == next.sequence && kept.hash != next.hash) {
        return Err(Fault::OtherChain(next.sequence));
    }
    *at = next;
    Ok(())
}

fn check_end(at: Head, head: Option<Head>, kept: Option<Head>) -> std::result::Result<(), Fault> {
    let Some(head) = head else { return Err(Fault::NoHead) };
    if head.sequence > at.sequence {
        return Err(Fault::Missing { from: at.sequence + 1, to: head.sequence });
    }
    if head.hash != at.hash {
        return Err(Fault::HeadDiffers);
    }
    match kept {
        Some(kept) if kept.sequence > at.sequence => Err(Fault::Shortened(kept.sequence)),
        // The kept head of an empty log.
        Some(kept) if kept.sequence == 0 && kept.hash != Head::START.hash => Err(Fault::OtherChain(0)),
        _ => Ok(()),
    }
}

fn waiting(tx: &mut Tx<'_>, before: i64) -> Result<i64> {
    tx.get("SELECT COUNT(*) FROM audit_inbox WHERE created_at < ?1", &[&before], |row| row.int(0))
}
