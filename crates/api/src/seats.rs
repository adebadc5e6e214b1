//! How many answers that may go on for long are open: of each user, and of all.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::Mutex;

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

/// One open answer, until it is dropped.
pub struct Seat {
    taken: Arc<Mutex<Taken>>,
    user_id: i64,
}

impl Seats {
    /// `None` when a user has as many as `most_of_user`, or all together as many as `most`.
    pub fn take(&self, user_id: i64, most_of_user: usize, most: usize) -> Option<Seat> {
        let mut taken = self.taken.lock();
        let of_user = taken.of_users.get(&user_id).copied().unwrap_or(0);
        if of_user >= most_of_user || taken.all >= most {
            return None;
        }
        taken.of_users.insert(user_id, of_user + 1);
        taken.all += 1;
        Some(Seat { taken: self.taken.clone(), user_id })
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
        let take = |user_id| seats.take(user_id, 2, 3);
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
        assert!(seats.taken.lock().of_users.is_empty());
    }
}
