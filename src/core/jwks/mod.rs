//! Sets of keys (RFC 7517 §5): read key by key, so that one bad key spoils nothing, and searched
//! for the keys that a token's header allows.

mod entry;

use zeroize::Zeroizing;

use crate::core::alg::{Algorithm, KeyType, Scheme};
use crate::core::failure::{Code, Failure, quoted, quoted_list};
use crate::core::json::{JsonError, JsonFault, Node, Position, RawObject, array, read};

pub use entry::Entry;
use entry::Exposed;

/// Longest document that is read as a set, in bytes, unless another limit is asked for.
pub const SET_LIMIT: usize = 4 << 20;

/// Most keys that are read of a set: far more than any issuer has, and few enough that a document of
/// nothing but empty keys takes no gigabytes.
pub const KEY_LIMIT: usize = 50_000;

/// Most keys that are tried for a token that names none.
pub const CANDIDATE_LIMIT: usize = 64;

/// How the document holds its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One JWK.
    Jwk,
    /// A JWK Set.
    Jwks,
    /// An array of JWKs.
    Array,
}

/// The keys of a document.
pub struct JwkSet {
    form: Form,
    members: RawObject,
    entries: Vec<Entry>,
}

/// A JWK Set of these keys and no other members.
#[must_use]
pub fn document(keys: &[RawObject]) -> Zeroizing<String> {
    let mut set = RawObject::new();
    set.set_raw("keys", array(keys).as_str());
    set.to_json()
}

/// Why a document is no set of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetFault {
    /// What is wrong.
    pub failure: Failure,
    /// Where, in bytes from the start of the document.
    pub offset: usize,
}

impl SetFault {
    /// The fault of a document that is not even strict JSON.
    #[must_use]
    pub fn of_json(document: &[u8], error: &JsonError) -> Self {
        let message = match &error.fault {
            JsonFault::Syntax(_) => format!(
                "it is not JSON: {error} ({})",
                Position::of(document, error.offset)
            ),
            _ => format!("it is not strict JSON: {error}"),
        };
        Self {
            failure: Failure::new(Code::NotAJwks, message),
            offset: error.offset,
        }
    }
}

impl JwkSet {
    /// Reads a JWK, a JWK Set or an array of JWKs.
    ///
    /// # Errors
    /// The document is none of them. A key that cannot be used is no error but an [`Entry`] with faults.
    pub fn read(document: &[u8]) -> Result<Self, SetFault> {
        let node = read(document).map_err(|error| SetFault::of_json(document, &error))?;
        Self::from_node(&node)
    }

    /// Reads the keys of a document that has been read as JSON.
    ///
    /// # Errors
    /// As [`JwkSet::read`].
    pub fn from_node(node: &Node<'_>) -> Result<Self, SetFault> {
        if let Some(elements) = node.as_array() {
            return Self::of(Form::Array, RawObject::new(), elements);
        }
        let not_a_set = |code, message: String, offset| SetFault {
            failure: Failure::new(code, message),
            offset,
        };
        let Some(object) = node.as_object() else {
            let message = format!("it is {}, not an object", node.kind());
            return Err(not_a_set(Code::NotAJwks, message, node.span().start));
        };
        if object.get("kty").is_some() && object.get("keys").is_none() {
            return Self::of(Form::Jwk, RawObject::new(), std::slice::from_ref(node));
        }
        let Some(keys) = object.get("keys") else {
            let message = "it has no member \"keys\"".to_owned();
            return Err(not_a_set(Code::NotAJwks, message, node.span().start));
        };
        if let Some(member) = object.own_duplicate() {
            let message = format!("the set has the member {} twice", quoted(member.name()));
            return Err(not_a_set(
                Code::DuplicateKeyMember,
                message,
                member.name_offset(),
            ));
        }
        let Some(elements) = keys.as_array() else {
            let message = format!("\"keys\" is {}, not an array", keys.kind());
            return Err(not_a_set(Code::KeysNotArray, message, keys.span().start));
        };
        Self::of(Form::Jwks, RawObject::of(object), elements)
    }

    fn of(form: Form, members: RawObject, nodes: &[Node<'_>]) -> Result<Self, SetFault> {
        if let Some(first_too_many) = nodes.get(KEY_LIMIT) {
            let message = format!(
                "it has {} keys, more than the {KEY_LIMIT} that are read",
                nodes.len()
            );
            return Err(SetFault {
                failure: Failure::new(Code::TooManyKeys, message),
                offset: first_too_many.span().start,
            });
        }
        let entries = nodes
            .iter()
            .enumerate()
            .map(|(index, node)| Entry::read(index, node))
            .collect();
        Ok(Self {
            form,
            members,
            entries,
        })
    }

    /// How the document holds its keys.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// The members of the set itself, `keys` among them; none when the form is another.
    #[must_use]
    pub fn members(&self) -> &RawObject {
        &self.members
    }

    /// The keys, in the order of the document.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The keys that may verify a token of `algorithm` whose header names `kid`.
    ///
    /// With a `kid`, only keys of that name; without, every key that fits (RFC 7515 appendix D).
    /// `published` says that the set came from where anyone can read it.
    ///
    /// # Errors
    /// Why there is no such key, with the keys that there are.
    pub fn candidates(
        &self,
        kid: Option<&str>,
        algorithm: &Algorithm,
        published: bool,
    ) -> Result<Vec<&Entry>, Failure> {
        if self.entries.is_empty() {
            return Err(Failure::new(Code::NoMatchingKey, "the set holds no keys"));
        }
        let named: Vec<&Entry> = match kid {
            Some(kid) => self
                .entries
                .iter()
                .filter(|entry| entry.kid() == Some(kid))
                .collect(),
            None => self.entries.iter().collect(),
        };
        if named.is_empty() {
            return Err(self.unknown_kid(kid.unwrap_or_default()));
        }
        let exposed = if published {
            Exposed::among(&self.entries)
        } else {
            Exposed::default()
        };
        let (fitting, others): (Vec<&Entry>, Vec<&Entry>) = named
            .iter()
            .partition(|entry| entry.objection(algorithm, &exposed).is_none());
        if fitting.is_empty() {
            return Err(no_match(&others, algorithm, kid.is_some(), &exposed));
        }
        if published && algorithm.key_type == KeyType::Oct {
            return Err(Failure::new(
                Code::SymmetricKeyPublished,
                format!(
                    "the set comes from a URL and holds the secret of {}: whoever reads it can make tokens",
                    fitting[0].label()
                ),
            )
            .hint("tell its operator, and have the secret replaced"));
        }
        if fitting.len() > CANDIDATE_LIMIT {
            return Err(Failure::new(
                Code::TooManyMatchingKeys,
                format!(
                    "the token names no key, and {} keys of the set fit it, more than the {CANDIDATE_LIMIT} that are tried",
                    fitting.len()
                ),
            )
            .member("kid")
            .hint("have the issuer put a \"kid\" into its tokens"));
        }
        Ok(fitting)
    }

    fn unknown_kid(&self, kid: &str) -> Failure {
        const SHOWN: usize = 8;
        let known: Vec<&str> = self.entries.iter().filter_map(Entry::kid).collect();
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
        match known.iter().find(|known| known.eq_ignore_ascii_case(kid)) {
            Some(near) => failure.hint(format!(
                "kids are case-sensitive, and {} differs only in case",
                quoted(near)
            )),
            None => failure.hint("is this the set of the token's issuer, and not an old copy?"),
        }
    }
}

fn no_match(others: &[&Entry], algorithm: &Algorithm, by_kid: bool, exposed: &Exposed) -> Failure {
    const SHOWN: usize = 5;
    if let ([entry], true) = (others, by_kid) {
        if entry.is_revoked() {
            let message = format!("{} is revoked", entry.label());
            return Failure::new(Code::KeyRevoked, message).member("kid");
        }
        if let Some(fault) = entry.faults().first() {
            let failure = Failure::new(
                Code::KeyUnusable,
                format!(
                    "{} cannot be used: {} ({})",
                    entry.label(),
                    fault.failure.message,
                    fault.failure.code
                ),
            );
            return match &fault.failure.hint {
                Some(hint) => failure.hint(hint.clone()),
                None => failure,
            };
        }
    }
    if others.iter().all(|entry| exposed.holds(entry)) {
        let labels: Vec<String> = others
            .iter()
            .take(SHOWN)
            .map(|entry| entry.label())
            .collect();
        let message = format!(
            "the set comes from a URL and holds the private half of {}: whoever reads it can make tokens",
            labels.join(", ")
        );
        return Failure::new(Code::PrivateMember, message)
            .hint("tell its operator, and have the key replaced");
    }
    let mut reasons = others
        .iter()
        .take(SHOWN)
        .map(|entry| {
            let objection = entry.objection(algorithm, exposed).unwrap_or_default();
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
    if others.iter().any(|entry| is_renamed(entry, algorithm)) {
        failure.hint(
            "RFC 9864 renames EdDSA to Ed25519 and Ed448: the key and the token must use the same name",
        )
    } else {
        failure
    }
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
