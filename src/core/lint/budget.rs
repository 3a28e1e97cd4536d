//! How much arithmetic a document is worth.
//!
//! A set of honest size is examined to the last key. A hostile one could ask for hours of it, so past
//! a bound the rest is left out, which a finding says.

use std::cell::Cell;

/// What comparing the halves of keys and checking certificates may cost when nobody asks for more, in
/// microseconds on a slow processor.
pub(super) const KEYS: u64 = 600_000;
/// What examining the moduli of RSA keys may cost, likewise.
pub(super) const MODULI: u64 = 1_500_000;

/// The cost of comparing the halves of a key that brings what makes it cheap.
pub(super) const COMPARISON: u64 = 1_000;
/// The cost of reading the certificates of a key.
pub(super) const CERTIFICATES: u64 = 200;
/// The cost of finding out whether an octet string is a point on an Edwards curve.
pub(super) const ENCODED_POINT: u64 = 100;

/// What is left to be spent on a document, and how many examinations had to be left out.
pub(super) struct Budget {
    left: Cell<Option<u64>>,
    left_out: Cell<usize>,
}

impl Budget {
    /// So many microseconds; none when everything is to be examined.
    pub(super) fn new(amount: u64, is_unlimited: bool) -> Self {
        Self {
            left: Cell::new((!is_unlimited).then_some(amount)),
            left_out: Cell::new(0),
        }
    }

    /// Takes `microseconds` when so much is left, and notes it when there is not.
    pub(super) fn spend(&self, microseconds: u64) -> bool {
        let affords = self.affords(microseconds);
        if !affords {
            self.leave_out();
        }
        affords
    }

    /// Takes `microseconds` when so much is left.
    pub(super) fn affords(&self, microseconds: u64) -> bool {
        let Some(left) = self.left.get() else {
            return true;
        };
        let rest = left.checked_sub(microseconds);
        if rest.is_some() {
            self.left.set(rest);
        }
        rest.is_some()
    }

    /// Notes an examination that did not take place.
    pub(super) fn leave_out(&self) {
        self.left_out.set(self.left_out.get() + 1);
    }

    /// How many examinations were left out.
    pub(super) fn left_out(&self) -> usize {
        self.left_out.get()
    }
}

/// The cost of a modular exponentiation with full exponent for a modulus of so many bits.
pub(super) fn exponentiation(bits: usize) -> u64 {
    // 2.3 ms for 2,048 bits, and the cube of the length.
    units(bits).saturating_pow(3).saturating_mul(36)
}

/// The cost of everything that is looked for in a modulus of so many bits.
pub(super) fn modulus(bits: usize) -> u64 {
    // Fermat's steps take the square of the length; small factors, and the share that a modulus has
    // in what is done with all of them together, take the length.
    let (units, cube) = (units(bits), exponentiation(bits));
    let square = units.saturating_pow(2).saturating_mul(6);
    let line = units.saturating_mul(250);
    cube.saturating_add(square).saturating_add(line)
}

/// How often 512 bits go into so many.
fn units(bits: usize) -> u64 {
    u64::try_from(bits.div_ceil(512)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_honest_size_is_affordable_and_a_large_one_is_cut() {
        let affordable = |bits| {
            let budget = Budget::new(MODULI, false);
            (0..100_000)
                .take_while(|_| budget.affords(modulus(bits)))
                .count()
        };
        assert!(
            (400..1_000).contains(&affordable(2_048)),
            "{}",
            affordable(2_048)
        );
        assert!(affordable(4_096) > 50, "{}", affordable(4_096));
        assert!(affordable(8_192) >= 8, "{}", affordable(8_192));
        let budget = Budget::new(1, false);
        assert!(budget.spend(1) && !budget.spend(1));
        assert_eq!(budget.left_out(), 1);
        let unlimited = Budget::new(1, true);
        assert!((0..1_000).all(|_| unlimited.spend(1_000)));
    }
}
