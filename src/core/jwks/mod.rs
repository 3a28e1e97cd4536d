//! Sets of keys (RFC 7517 §5): read key by key, so that one bad key spoils nothing, and searched
//! for the keys that a token's header allows.

mod choice;
mod entry;
mod exposures;
#[cfg(test)]
mod tests;
mod withdrawn;

use std::ops::{Index, Range};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use zeroize::Zeroizing;

use crate::core::exposure::{Secrets, secret_members};
use crate::core::failure::{Code, Failure, quoted};
use crate::core::json::{JsonError, JsonFault, Outline, Part, Position, RawObject, array, read};
use crate::core::jwk::REVOKED;

pub use choice::{CANDIDATE_LIMIT, NoKey, OTHER_KEYS, Wanted};
pub use entry::Entry;
use entry::{Distrusted, Exposed};
pub use exposures::Exposure;
use withdrawn::Withdrawn;

/// Longest document that is read as a set, in bytes, unless another limit is asked for.
pub const SET_LIMIT: usize = 4 << 20;

/// Most keys that are read of a set: far more than any issuer has, and few enough that a document of
/// nothing but empty keys takes no gigabytes.
pub const KEY_LIMIT: usize = 50_000;

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

/// The keys of a document. Each is read when it is first asked for: of a large set most never are.
pub struct JwkSet {
    form: Form,
    /// The document; a set may hold secrets.
    text: Zeroizing<String>,
    members: OnceLock<RawObject>,
    slots: Vec<Slot>,
    /// The places of the keys that have a kid, in the order of the kids and then of the document; made
    /// when it is worth its while.
    by_kid: OnceLock<Vec<usize>>,
    /// How often keys were looked up by their kid.
    lookups: AtomicUsize,
    exposed: OnceLock<Exposed>,
    withdrawn: OnceLock<Box<Withdrawn>>,
    /// The keys come from a form in which they have no names: what a token calls its key says nothing.
    is_nameless: bool,
}

/// Where a key stands, and the key once it has been read.
struct Slot {
    span: Range<usize>,
    kid: Option<Box<str>>,
    entry: OnceLock<Box<Entry>>,
}

/// The keys of a set, in the order of the document.
#[derive(Clone, Copy)]
pub struct Entries<'s>(&'s JwkSet);

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
        let hint = match &error.fault {
            JsonFault::ByteOrderMark => "save it as UTF-8 without byte order mark",
            JsonFault::InvalidUtf8 => "save it as UTF-8, if it is text",
            fault if fault.is_missing_end() => {
                "the end of the document is missing: fetch or copy it whole"
            }
            JsonFault::Syntax(_) => syntax_hint(document, error.offset),
            JsonFault::TooDeep | JsonFault::DuplicateMember(_) => {
                "no reader of key sets takes this"
            }
        };
        Self {
            failure: Failure::new(Code::NotAJwks, message).hint(hint),
            offset: error.offset,
        }
    }
}

/// What is not JSON at `offset` though other formats have it.
fn syntax_hint(document: &[u8], offset: usize) -> &'static str {
    let (before, at) = document.split_at(offset.min(document.len()));
    let last_before = before.trim_ascii_end().last();
    match (last_before, at.trim_ascii_start().first()) {
        (Some(b','), Some(b'}' | b']')) => {
            "take out the comma before this place: JSON has none after the last value"
        }
        (_, Some(b'/' | b'#')) => "take out the comment: JSON has none",
        (_, Some(b'\'')) => "write \" in the place of ': JSON has no other quotation marks",
        (Some(b'{' | b','), Some(b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'$')) => {
            "write the names of members in quotation marks, as JSON has them"
        }
        _ => "mend the JSON at this place, if it was meant to be a key set",
    }
}

impl JwkSet {
    /// Reads a JWK, a JWK Set or an array of JWKs.
    ///
    /// # Errors
    /// The document is none of them. A key that cannot be used is no error but an [`Entry`] with faults.
    pub fn read(document: &[u8]) -> Result<Self, SetFault> {
        let outline =
            Outline::read(document).map_err(|error| SetFault::of_json(document, &error))?;
        Self::from_outline(&outline)
    }

    /// Reads the keys of a document that has been checked to be JSON.
    ///
    /// # Errors
    /// As [`JwkSet::read`].
    pub fn from_outline(outline: &Outline<'_>) -> Result<Self, SetFault> {
        let whole = outline.whole();
        if let Some(elements) = whole.elements() {
            return Self::of(Form::Array, outline, &elements);
        }
        let not_a_set = |code, message: String, offset| SetFault {
            failure: Failure::new(code, message),
            offset,
        };
        if !whole.is_object() {
            let message = format!("it is {}, not an object", whole.kind());
            return Err(not_a_set(Code::NotAJwks, message, whole.offset()));
        }
        let Some(keys) = outline.get("keys") else {
            if outline.get("kty").is_some() {
                return Self::of(Form::Jwk, outline, &[whole]);
            }
            let message = "it has no member \"keys\"".to_owned();
            return Err(not_a_set(Code::NotAJwks, message, whole.offset()));
        };
        if let Some(member) = outline.own_duplicate() {
            let message = format!("the set has the member {} twice", quoted(member.name()));
            return Err(not_a_set(
                Code::DuplicateKeyMember,
                message,
                member.name_offset(),
            ));
        }
        let Some(elements) = keys.elements() else {
            let message = format!("\"keys\" is {}, not an array", keys.kind());
            return Err(not_a_set(Code::KeysNotArray, message, keys.offset()));
        };
        Self::of(Form::Jwks, outline, &elements)
    }

    fn of(form: Form, outline: &Outline<'_>, keys: &[Part<'_>]) -> Result<Self, SetFault> {
        if let Some(first_too_many) = keys.get(KEY_LIMIT) {
            let message = format!(
                "it has {} keys, more than the {KEY_LIMIT} that are read",
                keys.len()
            );
            return Err(SetFault {
                failure: Failure::new(Code::TooManyKeys, message),
                offset: first_too_many.offset(),
            });
        }
        let slots: Vec<Slot> = keys.iter().copied().map(Slot::of).collect();
        Ok(Self {
            form,
            text: Zeroizing::new(outline.document().to_owned()),
            members: OnceLock::new(),
            slots,
            by_kid: OnceLock::new(),
            lookups: AtomicUsize::new(0),
            exposed: OnceLock::new(),
            withdrawn: OnceLock::new(),
            is_nameless: false,
        })
    }

    /// The set as one whose keys have no names, since their form (PEM, DER, OpenSSH) has none: a token may
    /// call its key as it likes, and every key is tried for it.
    #[must_use]
    pub fn nameless(mut self) -> Self {
        self.is_nameless = true;
        self
    }

    /// How the document holds its keys.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// The members of the set itself, `keys` among them; none when the form is another.
    #[must_use]
    pub fn members(&self) -> &RawObject {
        self.members.get_or_init(|| match self.form {
            Form::Jwks => read(self.text.as_bytes())
                .ok()
                .and_then(|node| node.as_object().map(RawObject::of))
                .unwrap_or_default(),
            Form::Jwk | Form::Array => RawObject::new(),
        })
    }

    /// The keys, in the order of the document.
    #[must_use]
    pub fn entries(&self) -> Entries<'_> {
        Entries(self)
    }

    /// What must not be repeated where the keys are shown: the secrets of all of them.
    #[must_use]
    pub fn secrets(&self) -> Secrets {
        let keys = self.entries().iter().map(Entry::members);
        Secrets::of(keys.chain([self.members()]))
    }

    /// The keys that have the kid `kid`, in the order of the document.
    fn named(&self, kid: &str) -> Vec<&Entry> {
        let kid_at = |index: usize| self.slots[index].kid.as_deref();
        let entry = |index: usize| self.slots[index].entry(index, &self.text);
        // Sorting costs more than to look through once.
        if self.lookups.fetch_add(1, Ordering::Relaxed) == 0 {
            let places = (0..self.slots.len()).filter(|&index| kid_at(index) == Some(kid));
            return places.map(entry).collect();
        }
        let by_kid = self.by_kid.get_or_init(|| {
            let has_kid = |&index: &usize| kid_at(index).is_some();
            let mut places: Vec<usize> = (0..self.slots.len()).filter(has_kid).collect();
            places.sort_by_key(|&index| kid_at(index));
            places
        });
        let start = by_kid.partition_point(|&index| kid_at(index) < Some(kid));
        let rest = by_kid[start..].iter().copied();
        rest.take_while(|&index| kid_at(index) == Some(kid))
            .map(entry)
            .collect()
    }

    /// The keys whose private half stands in the document.
    fn exposed(&self) -> &Exposed {
        self.exposed.get_or_init(|| {
            let elsewhere = !secret_members(self.members()).is_empty() || self.hides_beside_keys();
            Exposed::among(self.entries(), elsewhere)
        })
    }

    /// The keys that are revoked, under whatever name. Nearly no set has any, and then no key is read for it.
    fn withdrawn(&self) -> &Withdrawn {
        self.withdrawn.get_or_init(|| {
            // A name can be spelled with escapes.
            if !self.text.contains(REVOKED) && !self.text.contains('\\') {
                return Box::default();
            }
            let entries = self.entries();
            let is_marked = |&index: &usize| {
                let key = entries.part(index);
                key.is_some_and(|key| key.member(REVOKED).is_some())
            };
            let marked = (0..entries.len()).filter(is_marked);
            let revoked = marked.filter(|&index| entries[index].is_revoked());
            Box::new(Withdrawn::among(entries, revoked))
        })
    }
}

impl Slot {
    fn of(key: Part<'_>) -> Self {
        let kid = key.member("kid").and_then(Part::as_str);
        Self {
            span: key.span(),
            kid: kid.map(|kid| kid.as_str().into()),
            entry: OnceLock::new(),
        }
    }
}

impl Slot {
    /// The key, read now if it has not been before.
    fn entry(&self, index: usize, document: &str) -> &Entry {
        self.entry.get_or_init(|| {
            let raw = document.get(self.span.clone()).unwrap_or_default();
            Box::new(Entry::read(index, Part::checked(raw, self.span.start)))
        })
    }
}

impl<'s> Entries<'s> {
    /// How many there are.
    #[must_use]
    pub fn len(self) -> usize {
        self.0.slots.len()
    }

    /// True when there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0.slots.is_empty()
    }

    /// The key at the place `index`, from 0.
    #[must_use]
    pub fn get(self, index: usize) -> Option<&'s Entry> {
        let slot = self.0.slots.get(index)?;
        Some(slot.entry(index, &self.0.text))
    }

    /// The key at the place `index` as it is written.
    pub(in crate::core) fn part(self, index: usize) -> Option<Part<'s>> {
        let span = self.0.slots.get(index)?.span.clone();
        let raw = self.0.text.get(span.clone())?;
        Some(Part::checked(raw, span.start))
    }

    /// The key, when there is no other.
    #[must_use]
    pub fn only(self) -> Option<&'s Entry> {
        self.get(0).filter(|_| self.len() == 1)
    }

    /// The keys, one after the other.
    #[must_use = "an iterator does nothing until it is asked"]
    pub fn iter(self) -> impl ExactSizeIterator<Item = &'s Entry> + Clone {
        let slots = self.0.slots.iter().enumerate();
        slots.map(move |(index, slot)| slot.entry(index, &self.0.text))
    }
}

impl Index<usize> for Entries<'_> {
    type Output = Entry;

    fn index(&self, index: usize) -> &Entry {
        self.0.slots[index].entry(index, &self.0.text)
    }
}
