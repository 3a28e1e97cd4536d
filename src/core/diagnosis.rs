//! What is wrong with the keys of a set, as findings with a severity and a place.

use super::engine;
use super::failure::{Code, Failure};
use super::jwks::{Entry, JwkSet};
use super::key::{Material, PrivateKey};
use super::key_check::is_weakness;
use super::key_fault::KeyFault;

/// What comparing the halves of the private keys of a document may cost, in units of an RSA key of 1,024
/// bits without its primes; other keys cost less than one unit.
const COMPARISON_BUDGET: usize = 1_000;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Info,
    /// To be looked at.
    Warning,
    /// To be mended.
    Error,
}

impl Severity {
    /// The severity in a word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    fn of(code: Code) -> Self {
        match code {
            Code::NotCompared => Self::Info,
            // RFC 7517 §5: keys that a reader does not understand are to be passed over.
            Code::UnknownKty | Code::UnknownCrv | Code::RsaHuge | Code::KeyRevoked => Self::Warning,
            _ => Self::Error,
        }
    }
}

/// Something that is wrong with a key.
#[derive(Debug, Clone)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub failure: Failure,
    /// The key's place in the set, from 0.
    pub index: usize,
    /// The key as messages name it.
    pub label: String,
    /// Where, in bytes from the start of the document.
    pub offset: usize,
}

/// Every finding on the keys of `set`; `published` says that anyone can read it.
#[must_use]
pub fn findings(set: &JwkSet, published: bool) -> Vec<Finding> {
    let mut budget = COMPARISON_BUDGET;
    set.entries()
        .iter()
        .flat_map(|entry| entry_findings(entry, published, &mut budget))
        .collect()
}

fn entry_findings(entry: &Entry, published: bool, budget: &mut usize) -> Vec<Finding> {
    let mut found: Vec<(Failure, usize)> = entry
        .faults()
        .iter()
        .filter(|_| !is_tombstone(entry))
        .map(|fault| (fault.failure.clone(), fault.offset))
        .collect();
    let arithmetic = arithmetic_fault(entry, budget);
    found.extend(arithmetic.map(|failure| (failure, entry.offset())));
    if published {
        found.extend(exposure(entry).map(|failure| (failure, entry.offset())));
    }
    if entry.is_revoked() {
        let failure = Failure::new(Code::KeyRevoked, "the key is revoked").member("revoked");
        found.push((failure, entry.offset()));
    }
    found
        .into_iter()
        .map(|(failure, offset)| Finding {
            severity: Severity::of(failure.code),
            failure,
            index: entry.index(),
            label: entry.label(),
            offset,
        })
        .collect()
}

/// What arithmetic says of a key whose numbers have passed the cheap checks: those bound what it costs.
fn arithmetic_fault(entry: &Entry, budget: &mut usize) -> Option<Failure> {
    let weak_at_most = |fault: &KeyFault| is_weakness(fault.failure.code);
    let jwk = entry
        .jwk()
        .filter(|_| entry.faults().iter().all(weak_at_most))?;
    match jwk.material() {
        Material::Public(public) => engine::check_public(public).err(),
        Material::Symmetric(_) => None,
        pair @ Material::Pair(_, private) => {
            let cost = match private {
                PrivateKey::Rsa { crt: None, .. } => (pair.bits() / 1024).pow(3).max(1),
                _ => 1,
            };
            match budget.checked_sub(cost) {
                None => {
                    let message = "the halves of this key were not compared: the document has too many private keys";
                    Some(Failure::new(Code::NotCompared, message))
                }
                Some(left) => {
                    *budget = left;
                    engine::check_pair(pair).err()
                }
            }
        }
    }
}

/// A revoked key without material: what stays of it so that its kid is never used again.
fn is_tombstone(entry: &Entry) -> bool {
    entry.is_revoked() && entry.members().get("kty").is_none()
}

/// OpenID Connect Discovery 1.0 §3: a published set holds no private and no symmetric key.
fn exposure(entry: &Entry) -> Option<Failure> {
    let exposed = entry.secret_members();
    if exposed.is_empty() {
        return None;
    }
    let symmetric = entry.is_symmetric();
    let (code, what) = if symmetric {
        (Code::SymmetricKey, "a symmetric key")
    } else {
        (Code::PrivateMember, "private members")
    };
    let message = format!("the published set holds {what}: {}", exposed.join(", "));
    Some(
        Failure::new(code, message)
            .hint("treat the key as compromised: replace it, and publish public members alone"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str, published: bool) -> Vec<(&'static str, Severity)> {
        let set = JwkSet::read(text.as_bytes()).unwrap();
        findings(&set, published)
            .iter()
            .map(|finding| (finding.failure.code.as_str(), finding.severity))
            .collect()
    }

    #[test]
    fn bad_keys_are_found_and_good_ones_left_alone() {
        let text = r#"{"keys":[
            {"kty":"XYZ"},
            {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
            {"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
            {"kid":"gone","revoked":{"revoked_at":1,"reason":"compromised"}},
            7]}"#;
        assert_eq!(
            codes(text, true),
            [
                ("unknown-kty", Severity::Warning),
                ("ec-off-curve", Severity::Error),
                ("key-revoked", Severity::Warning),
                ("malformed-key", Severity::Error)
            ]
        );
    }

    #[test]
    fn secrets_in_a_published_set_are_errors() {
        let text = r#"[{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"},
            {"kty":"XYZ","d":"AA"}]"#;
        assert_eq!(codes(text, false), [("unknown-kty", Severity::Warning)]);
        assert_eq!(
            codes(text, true),
            [
                ("symmetric-key", Severity::Error),
                ("unknown-kty", Severity::Warning),
                ("private-member", Severity::Error)
            ]
        );
    }
}
