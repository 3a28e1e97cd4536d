//! How much arithmetic a document is worth.
//!
//! A set of honest size is examined to the last key. A hostile one could ask for hours of it, so past
//! a bound the rest is left out, which a finding says.

use std::cell::Cell;

/// What the arithmetic on a document may cost when nobody asks for more, in microseconds on a slow
/// processor.
const DEFAULT: u64 = 600_000;
/// So many moduli of a document are examined whatever that costs: no set should have more keys.
const MODULI_FREE: usize = 20;

/// The cost of comparing the halves of a key that brings what makes it cheap.
pub(super) const COMPARISON: u64 = 1_000;
/// The cost of reading the certificates of a key.
pub(super) const CERTIFICATES: u64 = 200;
/// The cost of what is looked for in a modulus of any length.
const MODULUS: u64 = 300;

/// What is left to be spent on a document, and how many examinations had to be left out.
pub(super) struct Budget {
    left: Cell<Option<u64>>,
    free: Cell<usize>,
    left_out: Cell<usize>,
}

impl Budget {
    /// The usual budget; none at all when everything is to be examined.
    pub(super) fn new(is_unlimited: bool) -> Self {
        Self {
            left: Cell::new((!is_unlimited).then_some(DEFAULT)),
            free: Cell::new(MODULI_FREE),
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

    /// Takes what examining a modulus of `bits` costs, when so much is left.
    pub(super) fn affords_modulus(&self, bits: usize) -> bool {
        match self.free.get().checked_sub(1) {
            Some(left) => {
                self.free.set(left);
                true
            }
            None => self.affords(MODULUS + exponentiation(bits)),
        }
    }

    fn affords(&self, microseconds: u64) -> bool {
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
    let units = u64::try_from(bits.div_ceil(512)).unwrap_or(u64::MAX);
    // 1.5 ms for 2,048 bits.
    units.saturating_pow(3).saturating_mul(24)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_honest_size_is_free_and_a_large_one_is_cut() {
        let budget = Budget::new(false);
        assert!((0..MODULI_FREE).all(|_| budget.affords_modulus(8_192)));
        let more = (0..100_000).take_while(|_| budget.affords_modulus(2_048));
        assert!((200..2_000).contains(&more.count()));
        assert!(!budget.spend(DEFAULT));
        assert_eq!(budget.left_out(), 1);
        let unlimited = Budget::new(true);
        assert!((0..1_000).all(|_| unlimited.spend(DEFAULT)));
    }
}
