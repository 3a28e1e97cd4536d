//! The clock.

#![expect(clippy::disallowed_methods, reason = "this is where the clock is read")]

use std::time::{SystemTime, UNIX_EPOCH};

use crate::core::time::NumericDate;

/// The time by the system's clock.
#[must_use]
pub fn now() -> NumericDate {
    let nanoseconds = match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(after) => i128::try_from(after.as_nanos()).unwrap_or(i128::MAX),
        Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(i128::MAX),
    };
    NumericDate::from_nanoseconds(nanoseconds)
}
