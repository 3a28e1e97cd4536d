//! Numbers that look random and are the same in every run.

/// SplitMix64, by Steele, Lea and Flood.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to `limit`, which is left out; 0 where there is nothing below it.
    pub(crate) fn below<N: TryFrom<u64> + TryInto<u64>>(&mut self, limit: N) -> N {
        let limit = limit.try_into().unwrap_or_default().max(1);
        let number = N::try_from(self.next() % limit);
        number
            .ok()
            .expect("what is below a number is one of its kind")
    }

    pub(crate) fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}
