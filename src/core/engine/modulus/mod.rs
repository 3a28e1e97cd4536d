//! What the modulus of an RSA key gives away of its primes, alone and beside other moduli.
//!
//! | Weakness | Told by |
//! |---|---|
//! | a small prime divides it | [`small_factor`] |
//! | it was made with the fault of CVE-2017-15361 | [`is_roca`] |
//!
//! A modulus is given as big-endian octets. Any octets will do: none are zero, and leading zeros do not
//! count. Moduli are public, so how long the work takes may tell them; no secret may come here.
//!
//! Nothing here bounds the time. It grows linearly with the length of the modulus.

mod primes;
mod roca;
mod small_factor;

pub use self::roca::is_roca;
pub use self::small_factor::small_factor;

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
