//! How many answers that may go on for long are open: of each caller, and of all.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::Mutex;
use weir_domain::audit::Actor;

use crate::caller::Access;
use crate::peer::Peer;

/// Whose seats are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Sitter {
    User(i64),
    /// Somebody without a token, by the address: else one stranger could take the seats of all.
    Address(String),
}

impl Sitter {
    pub fn of(access: &Access, peer: &Peer) -> Self {
        match access.user_id {
            Actor::NOBODY => Self::Address(peer.counted()),
            user_id => Self::User(user_id),
        }
    }
}

#[derive(Default)]
pub struct Seats {
    taken: Arc<Mutex<Taken>>,
}

#[derive(Default)]
struct Taken {
    by_sitter: HashMap<Sitter, usize>,
    all: usize,
    /// When the last one was left.
    empty_since: Option<Instant>,
}

/// One open answer, until it is dropped.
pub struct Seat {
    taken: Arc<Mutex<Taken>>,
    sitter: Sitter,
}

impl Seats {
    /// `None` when `sitter` has as many as `most_of_one`, or all together as many as `most`.
    pub fn take(&self, sitter: Sitter, most_of_one: usize, most: usize) -> Option<Seat> {
        let mut taken = self.taken.lock();
        let of_one = taken.by_sitter.get(&sitter).copied().unwrap_or(0);
        if of_one >= most_of_one || taken.all >= most {
            return None;
        }
        taken.by_sitter.insert(sitter.clone(), of_one + 1);
        taken.all += 1;
        Some(Seat { taken: self.taken.clone(), sitter })
    }

    pub fn count(&self) -> usize {
        self.taken.lock().all
    }

    /// Since when there is none; `None`: there is one, or there never was.
    pub fn empty_since(&self) -> Option<Instant> {
        let taken = self.taken.lock();
        taken.empty_since.filter(|_| taken.all == 0)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.taken.lock();
        taken.all -= 1;
        if let Some(of_one) = taken.by_sitter.get_mut(&self.sitter) {
            *of_one -= 1;
            if *of_one == 0 {
                taken.by_sitter.remove(&self.sitter);
            }
        }
        if taken.all == 0 {
            taken.empty_since = Some(Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_are_limited_and_given_back() {
        let seats = Seats::default();
        let take = |user_id| seats.take(Sitter::User(user_id), 2, 3);
        let (first, second) = (take(1), take(1));
        assert!(first.is_some() && second.is_some() && take(1).is_none());
        let other = take(2);
        assert!(other.is_some() && take(2).is_none());
        assert_eq!((seats.count(), seats.empty_since()), (3, None));
        drop(second);
        assert!(take(1).is_some());
        drop((first, other));
        assert_eq!(seats.count(), 0);
        assert!(seats.empty_since().is_some());
        assert!(seats.taken.lock().by_sitter.is_empty());
    }
}
