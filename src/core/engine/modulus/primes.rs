//! Small primes.

use std::sync::OnceLock;

/// The usual public exponent, which is a prime.
const LARGEST: usize = 65_537;

/// The primes up to 65537 in ascending order.
pub(super) fn primes() -> &'static [u32] {
    static PRIMES: OnceLock<Vec<u32>> = OnceLock::new();
    PRIMES.get_or_init(|| {
        let mut is_composite = vec![false; LARGEST + 1];
        let mut primes = Vec::new();
        for candidate in 2..=LARGEST {
            if is_composite[candidate] {
                continue;
            }
            primes.extend(u32::try_from(candidate));
            for multiple in (candidate * candidate..=LARGEST).step_by(candidate) {
                is_composite[multiple] = true;
            }
        }
        primes
    })
}
