//! RSA keys (RFC 7518 §6.3). The weaknesses of a modulus that take arithmetic are looked for by
//! [`super::super::numbers`], in all documents together; their rows stand here.

use std::collections::HashMap;

use crate::core::alg::{RSA_MAXIMUM_BITS, RSA_MINIMUM_BITS};
use crate::core::failure::Code;
use crate::core::jwk::Jwk;
use crate::core::key::{PublicKey, bit_length};
use crate::core::lint::finding::Reporter;
use crate::core::lint::rule::{Check, Rule, Scope, Severity};
use crate::core::lint::subject::{Key, Peer, Set};

const USUAL_SIZES: [usize; 3] = [2048, 3072, 4096];
const USUAL_EXPONENT: [u8; 3] = [1, 0, 1];

/// The id of the rule for moduli with a small factor.
pub(in crate::core::lint) const SMALL_FACTOR: &str = "rsa-small-factor";
/// The id of the rule for moduli that are a prime or a power.
pub(in crate::core::lint) const PRIME_OR_POWER: &str = "rsa-prime-or-power";
/// The id of the rule for moduli made by the library of CVE-2017-15361.
pub(in crate::core::lint) const ROCA: &str = "rsa-roca";
/// The id of the rule for moduli whose factors are close.
pub(in crate::core::lint) const FERMAT: &str = "rsa-fermat";
/// The id of the rule for moduli that share a factor.
pub(in crate::core::lint) const SHARED_PRIME: &str = "rsa-shared-prime";

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "rsa-small",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "the modulus is shorter than 2,048 bits",
        reason: "1,024 bits are within reach of those who attack for money, 512 bits of anyone",
        source: "RFC 7518 section 3.3",
        fix: "replace the key by one of 2,048 bits or more, or by ES256",
        checks: &[Check::Told(Code::RsaSmall)],
    },
    Rule {
        id: "rsa-odd-size",
        severity: Severity::Info,
        scope: Scope::Always,
        title: "the modulus has an unusual length",
        reason: "some consumers and hardware take 2,048, 3,072 and 4,096 bits alone",
        source: "practice",
        fix: "use 2,048, 3,072 or 4,096 bits",
        checks: &[Check::Key(odd_size)],
    },
    Rule {
        id: "rsa-huge",
        severity: Severity::Warning,
        scope: Scope::Always,
        title: "the modulus is longer than 8,192 bits",
        reason: "each verification takes a visible time, so that tokens become an attack; its numbers are not examined",
        source: "practice",
        fix: "use 4,096 bits or fewer",
        checks: &[Check::Told(Code::RsaHuge)],
    },
    Rule {
        id: "rsa-exponent-invalid",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "the exponent is even, below 3 or not below the modulus",
        reason: "with the exponent 1 everything is its own signature, and an even one has no inverse",
        source: "RFC 8017 section 3.1",
        fix: "replace the key",
        checks: &[Check::Told(Code::RsaExponentInvalid)],
    },
    Rule {
        id: "rsa-exponent-unusual",
        severity: Severity::Warning,
        scope: Scope::Always,
        title: "the exponent is not 65537",
        reason: "small exponents have broken careless padding checks, and long ones are refused by many consumers",
        source: "NIST SP 800-56B section 6.2, RFC 8017",
        fix: "make keys with the exponent 65537 (AQAB)",
        checks: &[
            Check::Told(Code::RsaExponentUnusual),
            Check::Key(unusual_exponent),
        ],
    },
    Rule {
        id: SMALL_FACTOR,
        severity: Severity::Error,
        scope: Scope::Always,
        title: "the modulus has a small factor",
        reason: "the key was damaged or made wrong: it is no product of two large primes",
        source: "RFC 8017 section 3.1",
        fix: "replace the key, and find out what made it",
        checks: &[Check::Told(Code::RsaModulusInvalid)],
    },
    Rule {
        id: PRIME_OR_POWER,
        severity: Severity::Error,
        scope: Scope::Always,
        title: "the modulus is a prime or a power",
        reason: "anyone can compute the private key",
        source: "RFC 8017 section 3.1",
        fix: "replace the key, and find out what made it",
        checks: &[],
    },
    Rule {
        id: ROCA,
        severity: Severity::Error,
        scope: Scope::Always,
        title: "the modulus has the fingerprint of ROCA",
        reason: "keys of a faulty library in smart cards and TPMs can be factored at a known price (CVE-2017-15361)",
        source: "CVE-2017-15361",
        fix: "replace the key by one that was not made in that device",
        checks: &[],
    },
    Rule {
        id: FERMAT,
        severity: Severity::Error,
        scope: Scope::Always,
        title: "the two primes of the modulus are close to each other",
        reason: "Fermat's method, of 1643, finds them (CVE-2022-26320)",
        source: "CVE-2022-26320, FIPS 186-5 appendix A.1.1",
        fix: "replace the key, and find out what made it",
        checks: &[],
    },
    Rule {
        id: SHARED_PRIME,
        severity: Severity::Error,
        scope: Scope::Always,
        title: "the modulus shares a prime with another",
        reason: "the greatest common divisor of the two breaks both: they were made with too little randomness",
        source: "Heninger et al., Mining your Ps and Qs, 2012",
        fix: "replace both keys, and make them where there is randomness enough",
        checks: &[Check::Set(same_modulus)],
    },
];

/// An exponent, and the key that has it.
type Holder<'p, 's> = (&'p [u8], &'p Peer<'s>);

fn numbers(jwk: Option<&Jwk>) -> Option<(&[u8], &[u8])> {
    match jwk?.material().public()? {
        PublicKey::Rsa { n, e } => Some((n, e)),
        _ => None,
    }
}

fn odd_size(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    let Some((n, _)) = numbers(key.jwk()) else {
        return;
    };
    let bits = bit_length(n);
    // Shorter and longer ones have findings of their own.
    if (RSA_MINIMUM_BITS..=RSA_MAXIMUM_BITS).contains(&bits) && !USUAL_SIZES.contains(&bits) {
        key.report(reporter, "n", format!("the modulus has {bits} bits"));
    }
}

fn unusual_exponent(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    let Some((_, e)) = numbers(key.jwk()) else {
        return;
    };
    let is_told = key.entry.faults().iter().any(|fault| {
        let code = fault.failure.code;
        matches!(code, Code::RsaExponentInvalid | Code::RsaExponentUnusual)
    });
    if e == USUAL_EXPONENT || is_told {
        return;
    }
    let message =
        match <[u8; 4]>::try_from(&[&[0; 4][..4_usize.saturating_sub(e.len())], e].concat()[..]) {
            Ok(octets) => format!("the exponent is {}, not 65537", u32::from_be_bytes(octets)),
            Err(_) => format!("the exponent has {} bits and is not 65537", bit_length(e)),
        };
    key.report(reporter, "e", message);
}

/// Reports keys that differ in nothing but the exponent: whoever has the private half of one can factor
/// the modulus, and so compute that of the other.
fn same_modulus(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    let numbered = || {
        let with_numbers = |peer| numbers(Peer::jwk(peer)).map(|(n, e)| (n, e, peer));
        set.keys.iter().filter_map(with_numbers)
    };
    // Of each modulus, the first key and the first one with another exponent than that.
    let mut pairs: HashMap<&[u8], [Option<Holder<'_, '_>>; 2]> = HashMap::new();
    for (n, e, peer) in numbered() {
        let [first, other] = pairs.entry(n).or_default();
        let (first_exponent, _) = *first.get_or_insert((e, peer));
        if first_exponent != e {
            other.get_or_insert((e, peer));
        }
    }
    for (n, e, peer) in numbered() {
        let Some([Some(first), Some(other)]) = pairs.get(n) else {
            continue;
        };
        let (_, fellow) = if first.0 == e { other } else { first };
        let message = format!(
            "the modulus is that of {}, which has another exponent: the owner of either key can compute the other",
            fellow.owner.label
        );
        let span = peer.modulus_span.clone();
        reporter
            .key(
                &peer.owner,
                span.unwrap_or_else(|| peer.span.clone()),
                message,
            )
            .about("n")
            .hint("replace both keys: a modulus belongs to one key");
    }
}
