//! Durations in words.

use std::time::Duration;

/// [`words`], but from two years on in years to the tenth: nobody has a feeling for thousands of days.
#[must_use]
pub fn rounded(duration: Duration) -> String {
    /// A mean year of the calendar, in seconds.
    const YEAR: u64 = 31_556_952;
    let tenths = duration.as_secs() / (YEAR / 10);
    match (tenths / 10, tenths % 10) {
        (..2, _) => words(duration),
        (years, 0) => format!("{years} years"),
        (years, tenths) => format!("{years}.{tenths} years"),
    }
}

/// A duration in its two largest units: `3 h 12 min`, `45 s`, `300 ms`.
#[must_use]
pub fn words(duration: Duration) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let seconds = duration.as_secs();
    let Some(first) = UNITS.iter().position(|&(size, _)| seconds >= size) else {
        return match duration.as_millis() {
            0 if !duration.is_zero() => "less than a millisecond".to_owned(),
            0 => "0 s".to_owned(),
            milliseconds => format!("{milliseconds} ms"),
        };
    };
    let (size, unit) = UNITS[first];
    let mut text = format!("{} {unit}", seconds / size);
    if let Some(&(next_size, next_unit)) = UNITS.get(first + 1) {
        let rest = seconds % size / next_size;
        if rest > 0 {
            text.push_str(&format!(" {rest} {next_unit}"));
        }
    }
    text
}

/// A duration as an option takes it, in its largest whole unit: `90d`, `36h`, `90s`. A part of a second counts
/// as one.
#[must_use]
pub fn typed(duration: Duration) -> String {
    const UNITS: [(u64, char); 4] = [(86_400, 'd'), (3_600, 'h'), (60, 'm'), (1, 's')];
    let part = u64::from(duration.subsec_nanos() > 0);
    let seconds = duration.as_secs().saturating_add(part);
    let whole = UNITS
        .iter()
        .find(|(size, _)| seconds > 0 && seconds % size == 0);
    let &(size, unit) = whole.unwrap_or(&(1, 's'));
    format!("{}{unit}", seconds / size)
}

#[cfg(test)]
mod tests {
    use super::super::parse_duration;
    use super::*;

    #[test]
    fn what_is_typed_is_read_as_the_same() {
        for text in ["90d", "36h", "25m", "3601s", "0s", "7d"] {
            let duration = parse_duration(text).unwrap();
            assert_eq!(typed(duration), text);
        }
        assert_eq!(typed(Duration::from_millis(1_500)), "2s");
    }
}
