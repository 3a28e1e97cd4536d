//! The keys of a set that a token's header allows, or why there is none.

use std::sync::LazyLock;

use super::{Distrusted, Entry, Exposed, JwkSet};
use crate::core::alg::{Algorithm, KeyType, Scheme};
use crate::core::failure::{Code, Failure, quoted, quoted_list};
use crate::core::jwk::Jwk;

/// Most keys that are tried for a token that names none.
pub const CANDIDATE_LIMIT: usize = 64;

/// How to come to the keys that a token is to be checked with. Whom it names is for the caller to trust.
pub const OTHER_KEYS: &str =
    "`jwks inspect` names the token's issuer, and if you trust it, --issuer URL fetches its keys";

/// Most keys that a message names.
const SHOWN: usize = 5;

/// What is asked of a set: the keys that may verify a token.
#[derive(Clone, Copy)]
pub struct Wanted<'h> {
    /// `kid` of the token's header.
    pub kid: Option<&'h str>,
    /// The algorithm of the signature.
    pub algorithm: &'static Algorithm,
    /// True when the set came from where anyone can read it.
    pub published: bool,
}

/// Why no key of a set may verify a token.
pub struct NoKey<'s> {
    code: Code,
    /// The keys that the reason is about.
    keys: Vec<&'s Entry>,
}

impl JwkSet {
    /// The keys that may verify a token.
    ///
    /// With a `kid`, only keys of that name; without, every key that fits (RFC 7515 appendix D).
    ///
    /// # Errors
    /// Why there is no such key; [`JwkSet::explain`] says it in words.
    pub fn candidates(&self, wanted: &Wanted<'_>) -> Result<Vec<&Entry>, NoKey<'_>> {
        let entries = self.entries();
        let no_key = |code, keys| Err(NoKey { code, keys });
        if entries.is_empty() {
            return no_key(Code::NoMatchingKey, Vec::new());
        }
        let named: Vec<&Entry> = match wanted.kid.filter(|_| !self.is_nameless) {
            Some(kid) => self.named(kid),
            None => entries.iter().collect(),
        };
        if named.is_empty() {
            return no_key(Code::UnknownKid, Vec::new());
        }
        let distrusted = self.distrusted(wanted.published);
        let (fitting, others): (Vec<&Entry>, Vec<&Entry>) = named
            .iter()
            .partition(|entry| entry.objection(wanted.algorithm, distrusted).is_none());
        if fitting.is_empty() {
            return no_key(unfit(&others, wanted.kid.is_some(), distrusted), others);
        }
        if wanted.published && wanted.algorithm.key_type == KeyType::Oct {
            return no_key(Code::SymmetricKeyPublished, fitting);
        }
        if fitting.len() > CANDIDATE_LIMIT {
            return no_key(Code::TooManyMatchingKeys, fitting);
        }
        Ok(fitting)
    }

    /// Says why there is no key, with the keys that there are.
    #[must_use]
    pub fn explain(&self, wanted: &Wanted<'_>, no_key: &NoKey<'_>) -> Failure {
        let code = no_key.code;
        match (code, &no_key.keys[..]) {
            (Code::UnknownKid, _) => self.unknown_kid(wanted.kid.unwrap_or_default()),
            (Code::NoMatchingKey, []) => Failure::new(code, "the set holds no keys")
                .hint("is this the right file, or has its server nothing yet? `jwks inspect` shows what is there"),
            (Code::KeyRevoked, [entry, ..]) => {
                Failure::new(code, format!("{} {}", entry.label(), entry.withdrawal()))
                    .member("kid")
                    .hint("get a new token from its issuer: whoever has the revoked key can make such ones")
            }
            (Code::KeyUnusable, [entry, ..]) => faulty(entry),
            (Code::PrivateMember, keys) => published_privately(keys, self.exposed()),
            (Code::SymmetricKeyPublished, [entry, ..]) => Failure::new(
                code,
                format!(
                    "the set comes from a URL and holds the secret of {}: whoever reads it can make tokens",
                    entry.label()
                ),
            )
            .hint("tell its operator, and have the secret replaced"),
            (Code::TooManyMatchingKeys, keys) => Failure::new(
                code,
                format!(
                    "{} keys of the set {}, more than the {CANDIDATE_LIMIT} that are tried",
                    keys.len(),
                    match wanted.kid.filter(|_| !self.is_nameless) {
                        Some(kid) => format!("have the kid {}", quoted(kid)),
                        None => "fit the token, which names none".to_owned(),
                    }
                ),
            )
            .member("kid")
            .hint(match wanted.kid {
                Some(_) => "have the issuer give each key a \"kid\" of its own",
                None => "have the issuer put a \"kid\" into its tokens",
            }),
            (_, keys) => no_match(keys, wanted.algorithm, self.distrusted(wanted.published)),
        }
    }

    fn distrusted(&self, published: bool) -> Distrusted<'_> {
        static NONE: LazyLock<Exposed> = LazyLock::new(Exposed::default);
        Distrusted {
            exposed: if published { self.exposed() } else { &NONE },
            withdrawn: self.withdrawn(),
        }
    }

    fn unknown_kid(&self, kid: &str) -> Failure {
        const SHOWN: usize = 8;
        let kids = self.slots.iter().filter_map(|slot| slot.kid.as_deref());
        let known: Vec<&str> = kids.collect();
        let list = quoted_list(&known, SHOWN);
        let message = if known.is_empty() {
            format!(
                "no key has the kid {}: the set's keys have none",
                quoted(kid)
            )
        } else {
            format!("no key has the kid {}; there is {list}", quoted(kid))
        };
        let failure = Failure::new(Code::UnknownKid, message).member("kid");
        if let Some(near) = known.iter().find(|known| known.eq_ignore_ascii_case(kid)) {
            return failure.hint(format!(
                "kids are case-sensitive: have the signer write {}, which differs only in case",
                quoted(near)
            ));
        }
        match self.by_thumbprint(kid) {
            Some(entry) => failure.hint(format!(
                "that is the thumbprint of {}: `jwks convert FILE --kid-from=thumbprint` names the keys so",
                entry.label()
            )),
            None => failure.hint(format!(
                "are these the keys of the token's issuer, and no old copy? {OTHER_KEYS}"
            )),
        }
    }

    /// The key whose thumbprint is `kid`, among the first of the set.
    fn by_thumbprint(&self, kid: &str) -> Option<&Entry> {
        self.entries().iter().take(CANDIDATE_LIMIT).find(|entry| {
            let thumbprint = entry.jwk().and_then(Jwk::thumbprint);
            thumbprint.is_some_and(|own| own == kid)
        })
    }
}

impl NoKey<'_> {
    /// The stable name of the reason.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }
}

/// The code for keys none of which fits.
fn unfit(keys: &[&Entry], by_kid: bool, distrusted: Distrusted<'_>) -> Code {
    match keys {
        keys if by_kid && keys.iter().all(|entry| distrusted.withdrawn.holds(entry)) => {
            Code::KeyRevoked
        }
        [entry] if by_kid && !entry.faults().is_empty() => Code::KeyUnusable,
        keys if keys.iter().all(|entry| distrusted.exposed.holds(entry)) => Code::PrivateMember,
        _ => Code::NoMatchingKey,
    }
}

fn faulty(entry: &Entry) -> Failure {
    let label = entry.label();
    let Some(fault) = entry.faults().first() else {
        return Failure::new(Code::KeyUnusable, format!("{label} cannot be used"));
    };
    let (message, code) = (&fault.failure.message, fault.failure.code);
    let failure = Failure::new(
        Code::KeyUnusable,
        format!("{label} cannot be used: {message} ({code})"),
    );
    match &fault.failure.hint {
        Some(hint) => failure.hint(hint.clone()),
        None => failure,
    }
}

fn published_privately(keys: &[&Entry], exposed: &Exposed) -> Failure {
    let labels: Vec<String> = keys.iter().take(SHOWN).map(|entry| entry.label()).collect();
    let message = if exposed.is_any() {
        "the set comes from a URL and holds something private, nobody can tell of which key: whoever reads it may make tokens".to_owned()
    } else {
        format!(
            "the set comes from a URL and holds the private half of {}: whoever reads it can make tokens",
            labels.join(", ")
        )
    };
    Failure::new(Code::PrivateMember, message).hint("tell its operator, and have the key replaced")
}

fn no_match(others: &[&Entry], algorithm: &Algorithm, distrusted: Distrusted<'_>) -> Failure {
    let mut reasons = others
        .iter()
        .take(SHOWN)
        .map(|entry| {
            let objection = entry.objection(algorithm, distrusted).unwrap_or_default();
            format!("{}: {objection}", entry.label())
        })
        .collect::<Vec<_>>()
        .join("; ");
    if others.len() > SHOWN {
        reasons.push_str(&format!("; and {} more", others.len() - SHOWN));
    }
    let failure = Failure::new(
        Code::NoMatchingKey,
        format!("no key can check {} ({reasons})", algorithm.name),
    );
    match mismatch_hint(others, algorithm) {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// What to do where keys and token do not go together.
fn mismatch_hint(others: &[&Entry], algorithm: &Algorithm) -> Option<String> {
    if others.iter().any(|entry| is_renamed(entry, algorithm)) {
        let hint = "RFC 9864 renames EdDSA to Ed25519 and Ed448: the key and the token must use the same name";
        return Some(hint.to_owned());
    }
    let usable: Vec<&Jwk> = others.iter().filter_map(|entry| entry.usable()).collect();
    let has_secret = |jwk: &Jwk| jwk.material().key_type() == KeyType::Oct;
    if algorithm.key_type == KeyType::Oct && !usable.iter().any(|jwk| has_secret(jwk)) {
        return Some(format!(
            "{} takes a secret that both sides have, and a public key is none, since anyone could sign with it: have the token signed with {}, or give the file of the secret to --jwks",
            algorithm.name,
            usable
                .first()
                .map_or("a private key", |jwk| usual_algorithm(jwk))
        ));
    }
    let [jwk] = usable[..] else {
        return None;
    };
    let material = jwk.material();
    let own = jwk.algorithm().filter(|own| own.name != algorithm.name)?;
    Some(if algorithm.fits(material.key_type(), material.curve()) {
        format!(
            "a key is for one algorithm: have the token signed with {}, or, where the key is yours and meant for it, `jwks convert FILE --alg={}` says so in the set",
            own.name, algorithm.name
        )
    } else {
        format!(
            "have the token signed with {}, or look for the key that signed it: {OTHER_KEYS}",
            own.name
        )
    })
}

/// The algorithm that a key signs with, as far as it is told.
fn usual_algorithm(jwk: &Jwk) -> &'static str {
    jwk.algorithm().map_or_else(
        || match jwk.material().key_type() {
            KeyType::Rsa => "RS256",
            _ => "a private key",
        },
        |own| own.name,
    )
}

/// True when only the name keeps the key from the algorithm: EdDSA, or what RFC 9864 calls it now.
fn is_renamed(entry: &Entry, algorithm: &Algorithm) -> bool {
    entry.usable().is_some_and(|jwk| {
        algorithm.scheme == Scheme::EdDsa
            && algorithm.fits(jwk.material().key_type(), jwk.material().curve())
            && jwk
                .algorithm()
                .is_some_and(|own| own.scheme == Scheme::EdDsa && own.name != algorithm.name)
    })
}
