//! How much arithmetic a document is worth.
//!
//! A set of honest size is examined to the last key. A hostile one could ask for hours of it, so past
//! a bound the rest is left out, which a finding says.

use std::cell::Cell;

/// What the arithmetic on a document may cost when nobody asks for more, in microseconds on a slow
/// processor.
const DEFAULT: u64 = 600_000;

/// What is left to be spent on a document, and how many examinations had to be left out.
pub(super) struct Budget {
    left: Cell<Option<u64>>,
    left_out: Cell<usize>,
}

impl Budget {
    /// The usual budget; none at all when everything is to be examined.
    pub(super) fn new(is_unlimited: bool) -> Self {
        Self {
            left: Cell::new((!is_unlimited).then_some(DEFAULT)),
            left_out: Cell::new(0),
        }
    }

    /// Takes `microseconds` when so much is left.
    pub(super) fn spend(&self, microseconds: u64) -> bool {
        let Some(left) = self.left.get() else {
            return true;
        };
        match left.checked_sub(microseconds) {
            Some(rest) => {
                self.left.set(Some(rest));
                true
            }
            None => {
                self.leave_out();
                false
            }
        }
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

/// The cost of comparing the halves of a key that brings what makes it cheap.
pub(super) const COMPARISON: u64 = 1_000;

/// The cost of finding out whether an octet string is a point on an Edwards curve.
pub(super) const ENCODED_POINT: u64 = 100;

/// The cost of reading the certificates of a key.
pub(super) const CERTIFICATES: u64 = 200;
