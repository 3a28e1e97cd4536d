//! How often a server is asked again and again: not in step with others, and less often while it fails.

use std::time::Duration;

/// Longest pause because of faults, unless the interval itself is longer.
const LONGEST_BACKOFF: Duration = Duration::from_secs(900);
/// Longest pause that a server is granted.
const LONGEST_NAMED: Duration = Duration::from_secs(86_400);
/// How far a pause is from what it should be, in percent.
const JITTER: u32 = 10;

/// The pauses between requests.
#[derive(Debug, Clone)]
pub struct Pace {
    interval: Duration,
    failures: u32,
}

impl Pace {
    /// A request each `interval`.
    #[must_use]
    pub fn new(interval: Duration) -> Self {
        Self {
            interval,
            failures: 0,
        }
    }

    /// The last request had an answer.
    pub fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// The last request had none.
    pub fn failed(&mut self) {
        self.failures = self.failures.saturating_add(1);
    }

    /// How many requests in a row had no answer.
    #[must_use]
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// The pause before the next request: the interval, twice as long after each fault, and after a fault not
    /// before the time that the server has named. `chance` moves it by up to a tenth, so that those who were started
    /// together do not ask together for ever.
    #[must_use]
    pub fn pause(&self, named: Option<Duration>, chance: u8) -> Duration {
        let doubled = 2_u32.saturating_pow(self.failures);
        let longest = LONGEST_BACKOFF.max(self.interval);
        let pause = self.interval.saturating_mul(doubled).min(longest);
        let percent = 100 - JITTER + 2 * JITTER * u32::from(chance) / u32::from(u8::MAX);
        let pause = pause.saturating_mul(percent) / 100;
        // A server that answers has no reason to be left alone, but perhaps one not to be looked at.
        let named = named.filter(|_| self.failures > 0);
        let named = named.map_or(Duration::ZERO, |named| named.min(LONGEST_NAMED));
        pause.max(named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn pauses_are_about_as_long_as_they_should_be() {
        let pace = Pace::new(MINUTE);
        assert_eq!(pace.pause(None, 0), Duration::from_secs(54));
        assert_eq!(pace.pause(None, 255), Duration::from_secs(66));
        let middle = pace.pause(None, 128);
        assert!(middle > Duration::from_secs(59) && middle < Duration::from_secs(61));
    }

    #[test]
    fn each_fault_doubles_the_pause_up_to_a_quarter_of_an_hour() {
        let mut pace = Pace::new(MINUTE);
        for minutes in [2, 4, 8, 15, 15] {
            pace.failed();
            assert_eq!(pace.pause(None, 0), MINUTE * minutes * 9 / 10);
        }
        for _ in 0..100 {
            pace.failed();
        }
        assert_eq!(pace.pause(None, 0), MINUTE * 15 * 9 / 10);
        pace.succeeded();
        assert_eq!(pace.pause(None, 0), MINUTE * 9 / 10);
        let mut rare = Pace::new(MINUTE * 60);
        rare.failed();
        assert_eq!(rare.pause(None, 0), MINUTE * 54);
    }

    #[test]
    fn a_server_that_names_a_time_is_given_it() {
        let mut pace = Pace::new(MINUTE);
        // One that answers is looked at as often as it was asked for.
        assert_eq!(pace.pause(Some(MINUTE * 5), 0), MINUTE * 9 / 10);
        pace.failed();
        assert_eq!(pace.pause(Some(MINUTE * 5), 0), MINUTE * 5);
        assert_eq!(pace.pause(Some(Duration::ZERO), 0), MINUTE * 18 / 10);
        assert_eq!(pace.pause(Some(Duration::MAX), 0), LONGEST_NAMED);
        let mut endless = Pace::new(Duration::MAX);
        endless.failed();
        let _ = endless.pause(None, 255);
    }
}
