//! JSON numbers against a count in integers.

use std::fmt::Write;

use jwks_cli::core::json::Decimal;
use jwks_cli::core::time::NumericDate;
use proptest::prelude::*;

use super::cases;

/// The number `mantissa` × 10^`exponent`, spelled in one of five ways.
fn spelled(mantissa: i64, exponent: i32, style: u8) -> String {
    let mut text = String::new();
    if mantissa < 0 {
        text.push('-');
    }
    let digits = mantissa.unsigned_abs();
    let written = match style {
        0 => write!(text, "{digits}e{exponent}"),
        1 => write!(text, "{digits}000E{:+}", exponent - 3),
        2 => write!(text, "0.{digits:06}e{}", exponent + 6),
        3 => write!(text, "{digits}.000e{exponent}"),
        _ => write!(
            text,
            "{}.{:03}e{}",
            digits / 1000,
            digits % 1000,
            exponent + 3
        ),
    };
    written.expect("a text grows");
    text
}

fn scaled(mantissa: i64, exponent: i32) -> i128 {
    i128::from(mantissa) * 10_i128.pow(u32::try_from(exponent + 9).expect("an exponent from -9"))
}

proptest! {
    #![proptest_config(cases(2048))]

    #[test]
    fn numbers_are_equal_when_their_values_are(
        (one, other) in (-200_i64..200, -200_i64..200),
        (one_exponent, other_exponent) in (-2..3, -2..3),
        (one_style, other_style) in (0_u8..5, 0_u8..5),
    ) {
        let left = spelled(one, one_exponent, one_style);
        let right = spelled(other, other_exponent, other_style);
        let equal = scaled(one, one_exponent) == scaled(other, other_exponent);
        prop_assert_eq!(Decimal::of(&left) == Decimal::of(&right), equal, "{} {}", left, right);
    }

    #[test]
    fn another_spelling_is_the_same_number(mantissa in -999_999_i64..1_000_000, exponent in -9..9, style in 0_u8..5) {
        let plain = spelled(mantissa, exponent, 0);
        let other = spelled(mantissa, exponent, style);
        prop_assert_eq!(Decimal::of(&plain), Decimal::of(&other), "{}", other);
        let next = spelled(mantissa + 1, exponent, style);
        prop_assert_ne!(Decimal::of(&plain), Decimal::of(&next), "{}", next);
    }

    #[test]
    fn times_are_exact_to_the_nanosecond(mantissa in -999_999_i64..1_000_000, exponent in -9..9, style in 0_u8..5) {
        let text = spelled(mantissa, exponent, style);
        let expected = NumericDate::from_nanoseconds(scaled(mantissa, exponent));
        prop_assert_eq!(NumericDate::from_json_number(&text), expected, "{}", text);
    }

    #[test]
    fn no_number_is_too_much(text in "-?(0|[1-9][0-9]{0,60})(\\.[0-9]{1,60})?([eE][+-]?[0-9]{1,25})?") {
        let decimal = Decimal::of(&text);
        prop_assert_eq!(&decimal, &Decimal::of(&text));
        let time = NumericDate::from_json_number(&text);
        let _ = (time.to_string(), time.seconds(), time.relative_to(NumericDate::from_seconds(0)));
    }
}
