//! Points of small order on the Edwards curves (RFC 8032 §5, §8.9).
//!
//! Under such a public key one signature fits many messages, so it proves nothing.

use super::alg::Curve;

/// y of the points of order 8 on edwards25519, little-endian; the engine tests prove the values.
pub(super) const ED25519_ORDER_8: [[u8; 32]; 2] = [
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
        0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
        0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
        0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
        0x03, 0x7a,
    ],
];

/// u of the points of order 8 on curve25519, little-endian, which are those above by the map of
/// RFC 7748 §4.1; the engine tests prove the values.
pub(super) const X25519_ORDER_8: [[u8; 32]; 2] = [
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4,
        0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49,
        0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef,
        0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f,
        0x11, 0x57,
    ],
];

/// True when the encoded public key is a point of small order, or no canonical encoding of a
/// coordinate at all. False for curves whose every point has the same large order.
#[must_use]
pub fn is_small_order(curve: Curve, encoded: &[u8]) -> bool {
    match curve {
        Curve::Ed25519 => {
            let mut y = encoded.to_vec();
            if let Some(last) = y.last_mut() {
                // The top bit is the sign of x.
                *last &= 0x7f;
            }
            // Orders 1, 2 and 4 have y = 1, p - 1 and 0; from p on, an encoding is not canonical.
            is_zero_or_one(&y)
                || ED25519_ORDER_8.iter().any(|point| point[..] == y[..])
                || at_least(&y, &ed25519_prime_minus_one())
        }
        Curve::Ed448 => {
            let mut y = encoded.to_vec();
            let Some(sign) = y.pop() else { return true };
            sign & 0x7f != 0 || is_zero_or_one(&y) || at_least(&y, &ed448_prime_minus_one())
        }
        Curve::X25519 => {
            let mut u = encoded.to_vec();
            if let Some(last) = u.last_mut() {
                // RFC 7748 §5: the top bit does not count.
                *last &= 0x7f;
            }
            is_zero_or_one(&u)
                || X25519_ORDER_8.iter().any(|point| point[..] == u[..])
                || at_least(&u, &ed25519_prime_minus_one())
        }
        Curve::X448 => is_zero_or_one(encoded) || at_least(encoded, &ed448_prime_minus_one()),
        Curve::P256 | Curve::P384 | Curve::P521 | Curve::Secp256k1 => false,
    }
}

/// 2²⁵⁵ - 20, little-endian.
pub(super) fn ed25519_prime_minus_one() -> [u8; 32] {
    let mut number = [0xff; 32];
    number[0] = 0xec;
    number[31] = 0x7f;
    number
}

/// 2⁴⁴⁸ - 2²²⁴ - 2, little-endian.
pub(super) fn ed448_prime_minus_one() -> [u8; 56] {
    let mut number = [0xff; 56];
    number[0] = 0xfe;
    number[28] = 0xfe;
    number
}

fn is_zero_or_one(little_endian: &[u8]) -> bool {
    little_endian
        .split_first()
        .is_some_and(|(first, rest)| *first <= 1 && rest.iter().all(|&byte| byte == 0))
}

fn at_least(little_endian: &[u8], bound: &[u8]) -> bool {
    little_endian.iter().rev().cmp(bound.iter().rev()).is_ge()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_orders_and_odd_encodings_are_told_from_honest_keys() {
        let mut identity = [0_u8; 32];
        identity[0] = 1;
        let mut honest = [0x5a; 32];
        assert!(is_small_order(Curve::Ed25519, &identity));
        assert!(is_small_order(Curve::Ed25519, &[0; 32]));
        assert!(is_small_order(Curve::Ed25519, &[0xff; 32]));
        assert!(is_small_order(Curve::Ed25519, &ed25519_prime_minus_one()));
        for point in ED25519_ORDER_8 {
            assert!(is_small_order(Curve::Ed25519, &point));
            let mut negated = point;
            negated[31] |= 0x80;
            assert!(is_small_order(Curve::Ed25519, &negated));
        }
        assert!(!is_small_order(Curve::Ed25519, &honest));
        honest[31] = 0x7f;
        assert!(!is_small_order(Curve::Ed25519, &honest));
        assert!(!is_small_order(
            Curve::Ed448,
            &[0x5a; 56]
                .iter()
                .copied()
                .chain([0x80])
                .collect::<Vec<u8>>()
        ));
        assert!(is_small_order(Curve::Ed448, &[0; 57]));
        assert!(is_small_order(Curve::X25519, &[0; 32]));
        assert!(is_small_order(Curve::X448, &[0; 56]));
        assert!(!is_small_order(Curve::X448, &[0x5a; 56]));
        assert!(!is_small_order(Curve::P256, &[0; 32]));
    }
}
