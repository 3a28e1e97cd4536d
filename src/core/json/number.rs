//! JSON numbers as exact decimals, whatever their spelling and size.

/// The value 0.DIGITS × 10^magnitude. Two numbers are equal when their decimals are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal {
    /// True below zero.
    pub negative: bool,
    /// Significant digits, without zeros at either end; none for zero.
    pub digits: String,
    /// Power of ten; a spelled exponent beyond its range counts as the end of the range.
    pub magnitude: i64,
}

impl Decimal {
    /// The decimal that `text`, a number by the grammar of JSON, spells.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let (negative, text) = split_sign(text);
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0');
        let leading_zeros = all.len() - digits.len();
        let digits = digits.trim_end_matches('0');
        if digits.is_empty() {
            return Self {
                negative: false,
                digits: String::new(),
                magnitude: 0,
            };
        }
        Self {
            negative,
            digits: digits.to_owned(),
            magnitude: integer(exponent)
                .saturating_add(length(whole.len()))
                .saturating_sub(length(leading_zeros)),
        }
    }
}

fn split_sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

fn integer(text: &str) -> i64 {
    let (negative, digits) = split_sign(text);
    let value = digits.bytes().fold(0_i64, |value, byte| {
        value
            .saturating_mul(10)
            .saturating_add(i64::from(byte & 0x0f))
    });
    if negative { -value } else { value }
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_number_are_equal_and_others_are_not() {
        for spelling in ["1500", "1.5e3", "15E+2", "1500.000", "0.0015e6"] {
            assert_eq!(Decimal::of(spelling), Decimal::of("1500"), "{spelling}");
        }
        assert_eq!(Decimal::of("-0"), Decimal::of("0.00e9"));
        for (one, other) in [
            ("18446744073709551617", "18446744073709551618"),
            ("1", "-1"),
            ("1", "10"),
            ("0.1", "0.10000000000000001"),
        ] {
            assert_ne!(Decimal::of(one), Decimal::of(other));
        }
    }
}
