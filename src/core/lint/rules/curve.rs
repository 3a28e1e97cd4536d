//! Keys on curves, and ML-DSA keys.

use crate::core::failure::Code;
use crate::core::lint::rule::{Check, Rule, Scope, Severity};

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "ec-off-curve",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "the point does not lie on the curve",
        reason: "a private key can be drawn out of whoever computes with such a point",
        source: "RFC 7518 section 6.2.1, RFC 8725 section 3.4",
        fix: "write the key again from its source; crv may name another curve than the key's own",
        checks: &[Check::Told(Code::EcOffCurve)],
    },
    Rule {
        id: "ec-coord-length",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "a coordinate has not the length of the field",
        reason: "one key in 256 has a leading zero byte, and without it strict readers refuse the key",
        source: "RFC 7518 section 6.2.1.2",
        fix: "write x, y and d with 32, 48 or 66 bytes, padded with zeros on the left",
        checks: &[Check::Told(Code::EcCoordinateLength)],
    },
    Rule {
        id: "okp-length",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "x or d has not the length of the curve",
        reason: "it is no key of this curve",
        source: "RFC 8037 section 2",
        fix: "write x and d with 32 bytes (Ed25519, X25519), 57 (Ed448) or 56 (X448)",
        checks: &[Check::Told(Code::OkpLength)],
    },
    Rule {
        id: "okp-off-curve",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "the public key is no point on its Edwards curve",
        reason: "no signature holds under it: the key was damaged, or never was one",
        source: "RFC 8032 sections 5.1.3 and 5.2.3",
        fix: "write the key again from its source; crv may name another curve than the key's own",
        checks: &[Check::Told(Code::OkpOffCurve)],
    },
    Rule {
        id: "okp-small-order",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "the public key is a point of small order",
        reason: "anyone can make signatures that hold under it, and agreement with it gives a known secret",
        source: "RFC 8032 section 8.8, RFC 7748 section 6",
        fix: "replace the key",
        checks: &[Check::Told(Code::OkpSmallOrder)],
    },
    Rule {
        id: "mldsa-length",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "pub or priv has not the length of the parameter set",
        reason: "it is no key of this algorithm; priv is the seed of 32 bytes and nothing longer",
        source: "RFC 9964",
        fix: "write pub with 1,312, 1,952 or 2,592 bytes and priv with the seed of 32",
        checks: &[Check::Told(Code::MlDsaLength)],
    },
];
