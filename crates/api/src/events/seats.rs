//! How many streams are open: of each user, and of all.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::Mutex;

use super::Pace;

#[derive(Default)]
pub struct Seats {
    taken: Arc<Mutex<Taken>>,
}

#[derive(Default)]
struct Taken {
    of_users: HashMap<i64, usize>,
    all: usize,
    /// When the last one was left.
    empty_since: Option<Instant>,
}

/// One open stream, until it is dropped.
pub struct Seat {
    taken: Arc<Mutex<Taken>>,
    user_id: i64,
}

impl Seats {
    /// `None` when there are too many.
    pub fn take(&self, user_id: i64, pace: &Pace) -> Option<Seat> {
        let mut taken = self.taken.lock();
        let of_user = taken.of_users.get(&user_id).copied().unwrap_or(0);
        if of_user >= pace.streams_of_user || taken.all >= pace.streams {
            return None;
        }
        taken.of_users.insert(user_id, of_user + 1);
        taken.all += 1;
        Some(Seat { taken: self.taken.clone(), user_id })
    }

    pub fn count(&self) -> usize {
        self.taken.lock().all
    }

    /// Since when nobody watches; `None`: somebody does, or nobody ever did.
    pub fn empty_since(&self) -> Option<Instant> {
        let taken = self.taken.lock();
        taken.empty_since.filter(|_| taken.all == 0)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.taken.lock();
        taken.all -= 1;
        if let Some(of_user) = taken.of_users.get_mut(&self.user_id) {
            *of_user -= 1;
            if *of_user == 0 {
                taken.of_users.remove(&self.user_id);
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
        let pace = Pace { streams_of_user: 2, streams: 3, ..Pace::default() };
        let first = seats.take(1, &pace);
        let second = seats.take(1, &pace);
        assert!(first.is_some() && second.is_some() && seats.take(1, &pace).is_none());
        let other = seats.take(2, &pace);
        assert!(other.is_some() && seats.take(2, &pace).is_none());
        assert_eq!((seats.count(), seats.empty_since()), (3, None));
        drop(second);
        assert!(seats.take(1, &pace).is_some());
        drop((first, other));
        assert_eq!(seats.count(), 0);
        assert!(seats.empty_since().is_some());
        assert!(seats.taken.lock().of_users.is_empty());
    }
}
