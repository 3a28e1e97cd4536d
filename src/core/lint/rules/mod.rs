//! The rules, by what they look at. A file has the rows of its rules and, below, how each looks.

mod alg;
mod certificate;
mod curve;
mod document;
mod exposure;
mod halves;
mod kid;
mod known;
mod life;
mod response;
mod reuse;
pub(super) mod rsa;
mod secret;
mod spelling;
mod usage;

use super::rule::Rule;

pub(super) use document::ARITHMETIC_SKIPPED;
pub(super) use exposure::UNREAD_SUFFICE;
pub(super) use rsa::{FERMAT, PRIME_OR_POWER, ROCA, SHARED_PRIME, SMALL_FACTOR};

/// Every rule, as the table shows them.
pub(super) static FAMILIES: [&[Rule]; 15] = [
    document::RULES,
    exposure::RULES,
    kid::RULES,
    reuse::RULES,
    spelling::RULES,
    alg::RULES,
    usage::RULES,
    rsa::RULES,
    curve::RULES,
    secret::RULES,
    halves::RULES,
    known::RULES,
    certificate::RULES,
    life::RULES,
    response::RULES,
];
