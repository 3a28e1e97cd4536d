//! Whether the halves of a private key belong together.

use crate::core::failure::Code;
use crate::core::lint::rule::{Check, Rule, Scope, Severity};

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "private-inconsistent",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "the private members disagree with each other",
        reason: "signatures fail, or come out wrong and give the key away",
        source: "RFC 8017 section 3.2, RFC 7518 section 6",
        fix: "write the key again from its source",
        checks: &[Check::Told(Code::PrivateInconsistent)],
    },
    Rule {
        id: "private-public-mismatch",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "the private half is not that of the public half",
        reason: "signatures by this key hold under another",
        source: "RFC 7518 section 6.2.2, RFC 8037 section 2, RFC 9964",
        fix: "write the key again from its source",
        checks: &[Check::Told(Code::PrivatePublicMismatch)],
    },
];
