//! What the modulus of an RSA key gives away of its primes, alone and beside other moduli.
//!
//! | Weakness | Told by |
//! |---|---|
//! | a small prime divides it | [`small_factor`] |
//! | it was made with the fault of CVE-2017-15361 | [`is_roca`] |
//! | its primes are close to each other | [`close_factors`] |
//! | it is a prime or a power | [`prime_or_power`] |
//! | another modulus has one of its primes | [`shared_factors`] |
//!
//! A modulus is given as big-endian octets. Any octets will do: none are zero, and leading zeros do not
//! count. Moduli are public, so how long the work takes may tell them; no secret may come here.
//!
//! Nothing here bounds the time. It grows with the length of the modulus: linearly for [`small_factor`]
//! and [`is_roca`], with the square for [`close_factors`], with the cube for [`prime_or_power`].
//! [`shared_factors`] takes little more than twice as long for twice as many moduli.
//!
//! Where a function can fail, it is because the library has no memory left, or because a number has more
//! than half a gigabit: that is no answer, and never taken for one.

mod close_factors;
mod prime_or_power;
mod primes;
mod roca;
mod root;
mod shared_factors;
mod small_factor;

use openssl::bn::BigNum;
use openssl::error::ErrorStack;

pub use self::close_factors::close_factors;
pub use self::prime_or_power::{PrimeOrPower, prime_or_power};
pub use self::roca::is_roca;
pub use self::shared_factors::shared_factors;
pub use self::small_factor::small_factor;
use super::{Failure, library_failure, sha256};

fn failure(_: ErrorStack) -> Failure {
    library_failure("examine the modulus")
}

fn number(octets: &[u8]) -> Result<BigNum, ErrorStack> {
    // The binding panics where OpenSSL cannot count the octets.
    if i32::try_from(octets.len()).is_err() {
        return Err(ErrorStack::get());
    }
    BigNum::from_slice(octets)
}

/// The 64-bit digits of a big-endian number, the least first, without zeros at the top.
fn limbs(octets: &[u8]) -> Vec<u64> {
    let limb = |chunk: &[u8]| {
        let octets = chunk.iter();
        octets.fold(0, |limb, octet| limb << 8 | u64::from(*octet))
    };
    let mut limbs: Vec<u64> = octets.rchunks(8).map(limb).collect();
    while limbs.last() == Some(&0) {
        limbs.pop();
    }
    limbs
}

/// The remainder of a number by a divisor above zero.
fn remainder(limbs: &[u64], divisor: u32) -> u64 {
    let divisor = u64::from(divisor);
    limbs.iter().rev().fold(0, |remainder, limb| {
        let upper = (remainder << 32 | limb >> 32) % divisor;
        (upper << 32 | limb & u64::from(u32::MAX)) % divisor
    })
}

/// The inverse of an odd number modulo 2⁶⁴. An odd number is its own modulo 2³, and each of Newton's
/// steps doubles the bits.
fn inverse(odd: u64) -> u64 {
    (0..5).fold(odd, |inverse, _| {
        inverse.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(inverse)))
    })
}

#[cfg(test)]
mod fixtures;
