//! One key of a set: its diagnosis, and what keeps it from checking a signature.

use std::collections::HashSet;
use std::sync::OnceLock;

use crate::core::alg::{Algorithm, KeyType};
use crate::core::engine;
use crate::core::exposure::{
    private_names, secret_members, value_holds_secret, values_hold_secret,
};
use crate::core::failure::{Code, Failure, quoted};
use crate::core::json::{Node, Object, Part, RawObject};
use crate::core::jwk::{Jwk, is_revoked};
use crate::core::key::{Material, PublicKey};
use crate::core::key_check;
use crate::core::key_fault::KeyFault;
use crate::core::thumbprint;

use super::Entries;
use super::withdrawn::Withdrawn;

/// Values of `use` under which a key verifies signatures: RFC 7517 §4.2, and those of SPIFFE.
const SIGNATURE_USES: [&str; 3] = ["sig", "jwt-svid", "wit-svid"];

/// Most exposed keys of a set whose halves are compared. Of more, nobody needs to know whose they are.
const COMPARED: usize = 8;

/// The keys whose private half stands in the document, wherever in it: under another kid it is no
/// less known.
#[derive(Default)]
pub(super) struct Exposed {
    /// What each of them shares with every key that it gives away: see [`Entry::shared_number`].
    numbers: HashSet<Vec<u8>>,
    /// Something private is there, and nobody can tell of which key: it may be of any.
    is_any: bool,
}

impl Exposed {
    /// Those among `entries`; `elsewhere` says that something private stands outside the keys.
    pub(super) fn among(entries: Entries<'_>, elsewhere: bool) -> Self {
        let mut exposed = Self {
            numbers: HashSet::new(),
            is_any: elsewhere,
        };
        let mut compared = 0;
        for entry in entries.iter().filter(|entry| entry.is_exposed()) {
            if exposed.is_any {
                break;
            }
            compared += 1;
            match entry.shared_number() {
                // A private half beside the public half of another key is that of nobody knows whom.
                Some(number) if compared <= COMPARED && entry.exposes_itself_alone() => {
                    exposed.numbers.insert(number.to_vec());
                }
                _ => exposed.is_any = true,
            }
        }
        exposed
    }

    /// True when it is not known which keys they are.
    pub(super) fn is_any(&self) -> bool {
        self.is_any
    }

    /// True when the entry is one of them, or may be.
    pub(super) fn holds(&self, entry: &Entry) -> bool {
        let is_known = || {
            entry
                .shared_number()
                .is_some_and(|number| self.numbers.contains(number))
        };
        (self.is_any && !entry.is_symmetric()) || (!self.numbers.is_empty() && is_known())
    }
}

/// The keys of a set that check nothing, whatever else holds of them.
#[derive(Clone, Copy)]
pub(super) struct Distrusted<'s> {
    pub(super) exposed: &'s Exposed,
    pub(super) withdrawn: &'s Withdrawn,
}

/// A key of a set, with its diagnosis.
pub struct Entry {
    index: usize,
    offset: usize,
    kid: Option<String>,
    revoked: bool,
    /// Its `kty` is `oct`, however that is spelled.
    is_symmetric: bool,
    jwk: Option<Jwk>,
    faults: Vec<KeyFault>,
    members: RawObject,
    /// No object, and something private is in it.
    is_private_clutter: bool,
    material_hash: OnceLock<Option<[u8; 32]>>,
}

impl Entry {
    /// Place in the set, from 0.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// Where the key starts, in bytes from the start of the document.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// `kid`, also of a key that cannot be used.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// True when the key says that it is revoked.
    #[must_use]
    pub fn is_revoked(&self) -> bool {
        self.revoked
    }

    /// True for what stays of a revoked key in its owner's file, so that its kid is never used again: it
    /// holds nothing secret, and lacks what would make it a key.
    #[must_use]
    pub fn is_tombstone(&self) -> bool {
        let lacks_a_member = |fault: &KeyFault| {
            fault.failure.code == Code::MalformedKey && fault.offset == self.offset
        };
        self.revoked
            && self.jwk.is_none()
            && self.secret_members().is_empty()
            && self.faults.iter().all(lacks_a_member)
    }

    /// The key, unless it is malformed.
    #[must_use]
    pub fn jwk(&self) -> Option<&Jwk> {
        self.jwk.as_ref()
    }

    /// The key, when nothing is wrong with it.
    #[must_use]
    pub fn usable(&self) -> Option<&Jwk> {
        self.jwk
            .as_ref()
            .filter(|_| self.faults.is_empty() && !self.revoked)
    }

    /// What is wrong with the key.
    #[must_use]
    pub fn faults(&self) -> &[KeyFault] {
        &self.faults
    }

    /// The members in their order and spelling; none when the entry is no object.
    #[must_use]
    pub fn members(&self) -> &RawObject {
        &self.members
    }

    /// The names of the members that must not be seen.
    #[must_use]
    pub fn secret_members(&self) -> Vec<String> {
        secret_members(&self.members)
    }

    /// True when nothing of the entry may be seen.
    #[must_use]
    pub fn is_symmetric(&self) -> bool {
        self.is_symmetric
    }

    /// True when the entry is no object, and something private is in it.
    #[must_use]
    pub fn is_private_clutter(&self) -> bool {
        self.is_private_clutter
    }

    /// True when whoever sees this entry can sign with an asymmetric key. The secret of a symmetric
    /// key is told apart, since the reason to refuse it is another.
    pub(super) fn is_exposed(&self) -> bool {
        self.hides_another() || (!self.is_symmetric() && !self.secret_members().is_empty())
    }

    /// True when something private is in here that is not of the key that the entry is.
    fn hides_another(&self) -> bool {
        let foreign = self.is_symmetric()
            && self
                .secret_members()
                .iter()
                .any(|name| !name.eq_ignore_ascii_case("k"));
        foreign || self.hides_secret()
    }

    /// True when a private key hides inside a value, or in the place of the key.
    pub(super) fn hides_secret(&self) -> bool {
        self.is_private_clutter || values_hold_secret(&self.members)
    }

    /// True when all that is private in here is the private half of the key that the entry is.
    fn exposes_itself_alone(&self) -> bool {
        let Some(pair @ Material::Pair(..)) = self.jwk.as_ref().map(Jwk::material) else {
            return false;
        };
        let names = private_names(pair.key_type());
        let is_weak_at_most = |fault: &KeyFault| key_check::is_weakness(fault.failure.code);
        let is_own = |name: &String| names.contains(&name.as_str());
        self.secret_members().iter().all(is_own)
            && !self.hides_another()
            && self.faults.iter().all(is_weak_at_most)
            && engine::check_pair(pair).is_ok()
    }

    /// The number that keys share of which one private half gives all away: the modulus, whatever the
    /// exponent, and the x coordinate, since the private key of (x, -y) is that of (x, y) negated.
    pub(super) fn shared_number(&self) -> Option<&[u8]> {
        let number = match self.jwk.as_ref()?.material().public()? {
            PublicKey::Rsa { n, .. } => n,
            PublicKey::Ec { x, .. } | PublicKey::Okp { x, .. } => x,
            PublicKey::Akp { public, .. } => public,
        };
        Some(number)
    }

    /// SHA-256 thumbprint of the material; never to be shown of a symmetric key.
    pub(in crate::core) fn material_hash(&self) -> Option<[u8; 32]> {
        *self.material_hash.get_or_init(|| {
            let jwk = self.jwk.as_ref()?;
            Some(thumbprint::sha256(jwk.material()))
        })
    }

    /// The key as messages name it: `key "kid"`, or `key 3` counted from 1.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.kid {
            Some(kid) => format!("key {}", quoted(kid)),
            None => format!("key {}", self.index + 1),
        }
    }

    pub(super) fn read(index: usize, key: Part<'_>) -> Self {
        let offset = key.offset();
        let node = key.node();
        let Some(object) = node.as_ref().and_then(Node::as_object) else {
            let message = format!("the key is {}, not an object", key.kind());
            let fault = KeyFault {
                failure: Failure::new(Code::MalformedKey, message),
                offset,
            };
            return Self {
                index,
                offset,
                kid: None,
                revoked: false,
                is_symmetric: false,
                jwk: None,
                faults: vec![fault],
                members: RawObject::new(),
                is_private_clutter: value_holds_secret(key.raw()),
                material_hash: OnceLock::new(),
            };
        };
        let (jwk, faults) = match Jwk::read(object, offset) {
            Ok(jwk) => {
                let faults = located_faults(&jwk, object, offset);
                (Some(jwk), faults)
            }
            Err(faults) => (None, faults),
        };
        Self {
            index,
            offset,
            kid: object.get("kid").and_then(Node::as_str).map(str::to_owned),
            revoked: is_revoked(object),
            is_symmetric: object.get("kty").and_then(Node::as_str) == Some(KeyType::Oct.name()),
            jwk,
            faults,
            members: RawObject::of(object),
            is_private_clutter: false,
            material_hash: OnceLock::new(),
        }
    }

    /// What it is where it is revoked, under its own name or another.
    pub(super) fn withdrawal(&self) -> &'static str {
        if self.revoked {
            "is revoked"
        } else {
            "is, or is called like, a key that is revoked"
        }
    }

    /// Why the key cannot check a signature of `algorithm`; none when it can.
    pub(super) fn objection(
        &self,
        algorithm: &Algorithm,
        distrusted: Distrusted<'_>,
    ) -> Option<String> {
        if distrusted.withdrawn.holds(self) {
            return Some(format!("it {}", self.withdrawal()));
        }
        if distrusted.exposed.holds(self) {
            return Some("its private half is, or may be, published with it".to_owned());
        }
        if let Some(fault) = self.faults.first() {
            return Some(fault.failure.message.clone());
        }
        let Some(jwk) = &self.jwk else {
            return Some("it cannot be read".to_owned());
        };
        let (parameters, material) = (jwk.parameters(), jwk.material());
        if !algorithm.fits(material.key_type(), material.curve()) {
            let needs = match algorithm.curves.first() {
                Some(curve) => format!("{} {}", algorithm.key_type.name(), curve.name()),
                None => algorithm.key_type.name().to_owned(),
            };
            return Some(format!(
                "it is {}, and {} needs {needs}",
                material.description(),
                algorithm.name
            ));
        }
        match &parameters.alg {
            Some(alg) if alg != algorithm.name => {
                return Some(format!(
                    "its alg is {}, not {}",
                    quoted(alg),
                    algorithm.name
                ));
            }
            _ => {}
        }
        if let Some(key_use) = &parameters.key_use
            && !SIGNATURE_USES.contains(&key_use.as_str())
        {
            return Some(format!("its use is {}, not \"sig\"", quoted(key_use)));
        }
        if let Some(key_ops) = &parameters.key_ops {
            let allows = |operation: &str| key_ops.iter().any(|own| own == operation);
            // RFC 7517 §4.3 lets a private key be marked for signing alone.
            let can_check = allows("verify") || (material.is_private() && allows("sign"));
            if !can_check {
                return Some("its key_ops do not include \"verify\"".to_owned());
            }
        }
        None
    }
}

fn located_faults(jwk: &Jwk, object: &Object<'_>, offset: usize) -> Vec<KeyFault> {
    key_check::faults(jwk)
        .into_iter()
        .map(|failure| {
            let member = failure.member.as_deref().and_then(|name| object.get(name));
            KeyFault {
                offset: member.map_or(offset, |node| node.span().start),
                failure,
            }
        })
        .collect()
}
