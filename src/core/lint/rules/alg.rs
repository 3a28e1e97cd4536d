//! `alg` (RFC 7517 §4.4).

use crate::core::alg;
use crate::core::failure::{Code, quoted};
use crate::core::lint::finding::Reporter;
use crate::core::lint::rule::{Check, Rule, Scope, Severity};
use crate::core::lint::subject::Key;

/// The algorithms that the IANA registry for JOSE has besides those of our own table: prohibited or
/// deprecated ones, and those that name no use of a key by themselves.
const REGISTERED_BESIDES: [&str; 13] = [
    "none",
    "RS1",
    "HS1",
    "dir",
    "PBES2-HS256+A128KW",
    "PBES2-HS384+A192KW",
    "PBES2-HS512+A256KW",
    "A128CBC",
    "A192CBC",
    "A256CBC",
    "A128CTR",
    "A192CTR",
    "A256CTR",
];

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "alg-key-mismatch",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "alg cannot be used with a key of this type or curve",
        reason: "consumers refuse the key, or take it for something that it is not",
        source: "RFC 7517 section 4.4, RFC 7518 section 3.1",
        fix: "name the algorithm that the key is used with",
        checks: &[Check::Told(Code::AlgKeyMismatch)],
    },
    Rule {
        id: "alg-missing",
        severity: Severity::Info,
        scope: Scope::Always,
        title: "the key does not say for which algorithm it is",
        reason: "without alg a consumer has to know it from elsewhere, or takes it from the token; AKP keys require it",
        source: "RFC 8725 section 3.1, RFC 9964",
        fix: "add alg with the one algorithm that the key is used with",
        checks: &[Check::Key(missing)],
    },
    Rule {
        id: "alg-none",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "alg is none",
        reason: "a token without signature proves nothing",
        source: "RFC 8725 section 3.2",
        fix: "name the algorithm that the key is used with",
        checks: &[Check::Key(none)],
    },
    Rule {
        id: "alg-rs1",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "alg is RS1",
        reason: "it signs with SHA-1, for which collisions are made at will",
        source: "RFC 8812 section 2",
        fix: "use RS256, or better PS256 or ES256",
        checks: &[Check::Key(rs1)],
    },
    Rule {
        id: "alg-rsa1-5",
        severity: Severity::Warning,
        scope: Scope::Always,
        title: "alg is RSA1_5",
        reason: "whoever can tell good from bad padding can decrypt (Bleichenbacher)",
        source: "draft-ietf-jose-deprecate-none-rsa15, RFC 8725 section 3.2",
        fix: "use RSA-OAEP-256",
        checks: &[Check::Key(rsa1_5)],
    },
    Rule {
        id: "alg-eddsa-deprecated",
        severity: Severity::Info,
        scope: Scope::Always,
        title: "alg is EdDSA",
        reason: "the name leaves the curve open; RFC 9864 deprecates it",
        source: "RFC 9864 section 2.2",
        fix: "write Ed25519 or Ed448, once every consumer knows these names",
        checks: &[Check::Key(eddsa)],
    },
    Rule {
        id: "alg-unregistered",
        severity: Severity::Warning,
        scope: Scope::Always,
        title: "alg is not registered for JOSE",
        reason: "consumers do not know the name and pass the key over",
        source: "RFC 7517 section 4.4",
        fix: "use a registered name; names are case-sensitive, and those of COSE are others",
        checks: &[Check::Key(unregistered)],
    },
];

fn missing(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    let required = key
        .entry
        .faults()
        .iter()
        .any(|fault| fault.failure.code == Code::KeyAlgMissing);
    if required {
        key.report(
            reporter,
            "alg",
            "the key has no alg, which keys of type AKP require",
        )
        .severity(Severity::Error);
    } else if key.jwk().is_some() && key.member("alg").is_none() {
        key.report(reporter, "alg", "the key has no alg");
    }
}

fn none(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    if key
        .text("alg")
        .is_some_and(|alg| alg.eq_ignore_ascii_case("none"))
    {
        key.report(reporter, "alg", "alg is none: nothing is signed with it");
    }
}

fn is(name: &str, message: &str, key: &Key<'_>, reporter: &mut Reporter<'_>) {
    if key.text("alg") == Some(name) {
        key.report(reporter, "alg", message);
    }
}

fn rs1(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    is("RS1", "alg is RS1, which signs with SHA-1", key, reporter);
}

fn rsa1_5(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    is(
        "RSA1_5",
        "alg is RSA1_5, whose padding has been attacked since 1998",
        key,
        reporter,
    );
}

fn eddsa(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    if key.text("alg") != Some("EdDSA") {
        return;
    }
    let message = match key.text("crv") {
        Some(crv @ ("Ed25519" | "Ed448")) => {
            format!("alg is EdDSA, a deprecated name: it is {crv} for this key")
        }
        _ => "alg is EdDSA, a deprecated name".to_owned(),
    };
    key.report(reporter, "alg", message);
}

fn unregistered(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    let Some(name) = key.text("alg") else { return };
    let is_known = alg::by_name(name).is_some()
        || REGISTERED_BESIDES.contains(&name)
        || name.eq_ignore_ascii_case("none");
    if is_known {
        return;
    }
    let message = format!("alg {} is not registered for JOSE", quoted(name));
    let finding = key.report(reporter, "alg", message);
    if let Some(meant) = alg::near(name) {
        finding.hint(format!("names are case-sensitive: write \"{meant}\""));
    }
}
