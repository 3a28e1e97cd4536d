//! Properties of the library that hold for any input: nothing panics, nothing is accepted that was
//! changed, and what is written reads as what was read. The cases are the same in every run.

mod documents;
mod encodings;
mod engines;
mod judges;
mod keys;
mod numbers;
mod thumbprints;
mod tokens;
mod trees;

use proptest::test_runner::{Config, RngSeed};

/// So many cases, the same in every run.
fn cases(cases: u32) -> Config {
    Config {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(7517),
        ..Config::default()
    }
}
