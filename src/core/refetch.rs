//! When keys that were fetched are due to be fetched again.
//!
//! The time here is the one of the clock and never `--at`. A clock can be set back: a time that lies in
//! the future says nothing, and nobody waits for it.

use std::time::Duration;

use super::http_cache::REFETCH_INTERVAL;
use super::time::NumericDate;

/// True when `last` was less than `interval` ago; never of a time in the future.
#[must_use]
pub fn is_within(last: NumericDate, now: NumericDate, interval: Duration) -> bool {
    last <= now && now.since(last) < interval
}

/// The times of a run that needs its keys again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyTimes {
    /// When they were sought last, in the cache or at their server, whether they were had or not.
    sought: NumericDate,
    /// How long they hold from then on.
    lifetime: Duration,
    /// When this run asked their server last.
    asked: Option<NumericDate>,
}

impl KeyTimes {
    /// Keys of a cache, which hold for `holds_for` from now on; none when the next run would not take them.
    #[must_use]
    pub fn from_cache(now: NumericDate, holds_for: Option<Duration>) -> Self {
        Self {
            sought: now,
            lifetime: holds_for.unwrap_or_default(),
            asked: None,
        }
    }

    /// Keys of their server, which was asked now.
    #[must_use]
    pub fn from_server(now: NumericDate, holds_for: Option<Duration>) -> Self {
        Self {
            asked: Some(now),
            ..Self::from_cache(now, holds_for)
        }
    }

    /// Nobody had any when they were due: they are due again as soon as it is allowed.
    #[must_use]
    pub fn sought_in_vain(now: NumericDate) -> Self {
        Self::from_server(now, None)
    }

    /// The server had no answer when it was asked for a key that is missing: the others hold as long as
    /// before.
    #[must_use]
    pub fn asked_in_vain(self, now: NumericDate) -> Self {
        Self {
            asked: Some(now),
            ..self
        }
    }

    /// True when the time for which they hold is over, and they have not been sought just now
    /// ([`REFETCH_INTERVAL`]).
    #[must_use]
    pub fn are_due(&self, now: NumericDate) -> bool {
        !is_within(self.sought, now, self.lifetime.max(REFETCH_INTERVAL))
    }

    /// True when this run has asked their server just now, so that it does not ask for a key that is
    /// missing.
    #[must_use]
    pub fn were_asked_for(&self, now: NumericDate) -> bool {
        self.asked
            .is_some_and(|asked| is_within(asked, now, REFETCH_INTERVAL))
    }

    /// True when this run has had them for so long that it would not flood their server, even if every
    /// process did as it does.
    #[must_use]
    pub fn are_settled(&self, now: NumericDate) -> bool {
        !is_within(self.sought, now, REFETCH_INTERVAL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: i64 = 1_000_000;
    const LIFETIME: Option<Duration> = Some(Duration::from_secs(300));

    fn at(seconds: i64) -> NumericDate {
        NumericDate::from_seconds(START + seconds)
    }

    #[test]
    fn keys_are_due_when_their_time_is_over() {
        let times = KeyTimes::from_cache(at(0), LIFETIME);
        assert!(!times.are_due(at(299)));
        assert!(times.are_due(at(300)));
    }

    #[test]
    fn keys_are_due_every_half_minute_at_most() {
        let short = [0, 2, 30].map(|seconds| Some(Duration::from_secs(seconds)));
        for holds_for in short.into_iter().chain([None]) {
            for times in [
                KeyTimes::from_cache(at(0), holds_for),
                KeyTimes::from_server(at(0), holds_for),
                KeyTimes::sought_in_vain(at(0)),
            ] {
                assert!(!times.are_due(at(0)));
                assert!(!times.are_due(at(29)));
                assert!(times.are_due(at(30)));
            }
        }
    }

    #[test]
    fn a_missing_key_is_asked_for_when_the_server_was_not_asked_just_now() {
        let cached = KeyTimes::from_cache(at(0), LIFETIME);
        assert!(!cached.were_asked_for(at(0)));
        assert!(!cached.are_settled(at(29)));
        assert!(cached.are_settled(at(30)));
        let fetched = KeyTimes::from_server(at(0), LIFETIME);
        assert!(fetched.were_asked_for(at(29)));
        assert!(!fetched.were_asked_for(at(30)));
    }

    #[test]
    fn nobody_waits_until_a_clock_that_was_set_back_has_caught_up() {
        let times = KeyTimes::from_server(at(7_200), LIFETIME);
        assert!(times.are_due(at(0)));
        assert!(!times.were_asked_for(at(0)));
        assert!(times.are_settled(at(0)));
        assert!(!is_within(at(1), at(0), Duration::MAX));
    }
}
