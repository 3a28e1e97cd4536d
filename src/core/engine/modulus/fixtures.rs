//! Numbers for tests, the same each time.

use openssl::bn::BigNum;

use super::sha256;

/// An odd number of so many bits, the upper two of them set.
pub(super) fn odd(seed: u32, bits: i32) -> BigNum {
    let mut octets = Vec::new();
    while octets.len() * 8 < bits.unsigned_abs() as usize {
        let counter = u32::try_from(octets.len()).unwrap();
        octets.extend(sha256(
            &[seed.to_be_bytes(), counter.to_be_bytes()].concat(),
        ));
    }
    let mut number = BigNum::from_slice(&octets).unwrap();
    if number.num_bits() > bits {
        number.mask_bits(bits).unwrap();
    }
    for bit in [0, bits - 2, bits - 1] {
        number.set_bit(bit).unwrap();
    }
    number
}

/// A prime of so many bits, the upper two of them set.
pub(super) fn prime(seed: u32, bits: i32) -> BigNum {
    next_prime(odd(seed, bits))
}

/// The first prime from an odd number on.
pub(super) fn next_prime(mut odd: BigNum) -> BigNum {
    let mut context = openssl::bn::BigNumContext::new().unwrap();
    while !odd.is_prime_fasttest(20, &mut context, true).unwrap() {
        odd.add_word(2).unwrap();
    }
    odd
}

/// Big-endian octets of a product.
pub(super) fn product(factors: &[&BigNum]) -> Vec<u8> {
    let one = BigNum::from_u32(1).unwrap();
    let product = factors
        .iter()
        .fold(one, |product, factor| &product * *factor);
    product.to_vec()
}
