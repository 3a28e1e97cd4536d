//! What the rules look at: documents, and the keys in them as they are written and as they are
//! understood.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::ops::Range;

use url::Url;

use super::Options;
use super::budget::{self, Budget};
use super::finding::{Finding, Owner, Reporter};
use crate::core::alg::{Algorithm, Curve};
use crate::core::base64url;
use crate::core::certificate_chain::{Link, links};
use crate::core::detect::Content;
use crate::core::engine::Sha256;
use crate::core::failure::shown;
use crate::core::json::{Node, Object, Outline, Part};
use crate::core::jwk::{Jwk, Parameters};
use crate::core::jwks::{Entry, JwkSet};
use crate::core::key_purpose::{ENCRYPTING, SIGNING};
use crate::core::time::NumericDate;

/// A document to be judged.
pub struct Subject<'s> {
    /// The document as messages name it, before quoting.
    pub name: &'s str,
    /// The document as it is written.
    pub document: &'s [u8],
    /// What it is.
    pub content: &'s Content<'s>,
    /// True when anyone can read it.
    pub published: bool,
    /// How a server sent it; none when it did not come from one.
    pub served: Option<&'s Served>,
}

/// How a server sent a document.
#[derive(Debug, Clone)]
pub struct Served {
    /// The URL that was asked for it.
    pub requested: Url,
    /// The URL that answered in the end.
    pub answered: Url,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Cache-Control`, its lines joined (RFC 9110 §5.3).
    pub cache_control: Option<String>,
    /// `Expires`.
    pub expires: Option<String>,
    /// `Date`.
    pub date: Option<String>,
}

/// A key under examination.
pub(super) struct Key<'k> {
    /// The key as it is understood.
    pub(super) entry: &'k Entry,
    /// The key as it is written.
    pub(super) object: &'k Object<'k>,
    pub(super) owner: &'k Owner,
    /// The document in which it stands.
    pub(super) document: &'k [u8],
    /// The bytes of the document that the key takes.
    pub(super) span: Range<usize>,
    pub(super) published: bool,
    pub(super) options: &'k Options<'k>,
    pub(super) budget: &'k Budget,
    /// See [`Key::chain`].
    pub(super) links: OnceCell<Vec<Link>>,
}

impl<'k> Key<'k> {
    /// The key, unless it is malformed.
    pub(super) fn jwk(&self) -> Option<&'k Jwk> {
        self.entry.jwk()
    }

    /// The value of the member `name`.
    pub(super) fn member(&self, name: &str) -> Option<&'k Node<'k>> {
        self.object.get(name)
    }

    /// The characters of the member `name`, when it is a string.
    pub(super) fn text(&self, name: &str) -> Option<&'k str> {
        self.member(name).and_then(Node::as_str)
    }

    /// The certificates of `x5c`, the key's own first; none when there is no such array, or too many
    /// others before it.
    pub(super) fn chain(&self) -> &[Link] {
        self.links.get_or_init(|| {
            self.member("x5c")
                .filter(|_| self.budget.spend(budget::CERTIFICATES))
                .and_then(links)
                .unwrap_or_default()
        })
    }

    /// Reports something about the value of the member `name`, or about the key when it has none.
    pub(super) fn report<'r>(
        &self,
        reporter: &'r mut Reporter<'_>,
        name: &str,
        message: impl Into<String>,
    ) -> &'r mut Finding {
        let span = self.member(name).map_or(self.span.clone(), Node::span);
        reporter.key(self.owner, span, message).about(name)
    }

    /// Reports something about the key as a whole.
    pub(super) fn report_whole<'r>(
        &self,
        reporter: &'r mut Reporter<'_>,
        message: impl Into<String>,
    ) -> &'r mut Finding {
        reporter.key(self.owner, self.span.clone(), message)
    }
}

/// A key of a set, as far as it is compared with others.
pub(super) struct Peer<'s> {
    pub(super) entry: &'s Entry,
    pub(super) owner: Owner,
    /// The bytes of the document that the key takes.
    pub(super) span: Range<usize>,
    /// Those of its `kid`.
    pub(super) kid_span: Option<Range<usize>>,
    /// Those of `n`.
    pub(super) modulus_span: Option<Range<usize>>,
    /// SHA-256 thumbprint of the material; never shown of a symmetric key.
    pub(super) thumbprint: Option<[u8; 32]>,
}

impl<'s> Peer<'s> {
    pub(super) fn of(entry: &'s Entry, span: Range<usize>, object: Option<&Object<'_>>) -> Self {
        let place = |name| object.and_then(|object| object.get(name)).map(Node::span);
        let thumbprint = entry.material_hash();
        Self {
            entry,
            owner: Owner {
                index: entry.index(),
                kid: entry.kid().map(|kid| shown(kid).to_owned()),
                label: entry.label(),
                identity: identity(entry, thumbprint),
            },
            span,
            kid_span: place("kid"),
            modulus_span: place("n"),
            thumbprint,
        }
    }

    /// The key, unless it is malformed.
    pub(super) fn jwk(&self) -> Option<&'s Jwk> {
        self.entry.jwk()
    }

    /// The parameters, when the key can be read.
    pub(super) fn parameters(&self) -> Option<&'s Parameters> {
        self.jwk().map(Jwk::parameters)
    }

    /// `use`, or what `alg` says that the key is for.
    pub(super) fn stated_purpose(&self) -> Option<&'s str> {
        let jwk = self.jwk()?;
        let stated = jwk.parameters().key_use.as_deref();
        stated.or_else(|| jwk.algorithm().map(Algorithm::key_use))
    }

    /// [`Peer::stated_purpose`], or what `key_ops` or the curve leaves the key to be for; none when they
    /// leave it open.
    pub(super) fn purpose(&self) -> Option<&'s str> {
        let jwk = self.jwk()?;
        let by_operations = || purpose_of(jwk.parameters().key_ops.as_deref()?);
        let by_curve = || {
            let agrees = matches!(jwk.material().curve()?, Curve::X25519 | Curve::X448);
            agrees.then_some("enc")
        };
        self.stated_purpose()
            .or_else(by_operations)
            .or_else(by_curve)
    }
}

/// The `use` for which all of these operations are (RFC 7517 §4.3).
fn purpose_of(key_ops: &[String]) -> Option<&'static str> {
    let are_all = |names: &[&str]| key_ops.iter().all(|own| names.contains(&own.as_str()));
    match key_ops {
        [] => None,
        _ if are_all(&SIGNING) => Some("sig"),
        _ if are_all(&ENCRYPTING) => Some("enc"),
        _ => None,
    }
}

/// What tells a key from the others of its set, wherever it stands in it: its thumbprint, else its
/// kid, else what may be seen of its members.
fn identity(entry: &Entry, thumbprint: Option<[u8; 32]>) -> String {
    let is_asymmetric = !entry.is_symmetric();
    match (thumbprint.filter(|_| is_asymmetric), entry.kid()) {
        (Some(thumbprint), _) => format!("thumbprint:{}", base64url::encode(&thumbprint)),
        (None, Some(kid)) => format!("kid:{}", shown(kid)),
        (None, None) => format!("members:{}", members_hash(entry)),
    }
}

/// A hash over the members that may be seen, whatever their order.
fn members_hash(entry: &Entry) -> String {
    let secret: HashSet<String> = entry.secret_members().into_iter().collect();
    let mut visible: Vec<(&str, &str)> = entry
        .members()
        .members()
        .filter(|(name, _)| !secret.contains(*name))
        .collect();
    visible.sort_unstable();
    let mut hash = Sha256::new();
    for (name, value) in visible {
        // Raw values of JSON never have this byte, so that no two lists look the same.
        for part in [name, "\0", value, "\0"] {
            hash.update(part.as_bytes());
        }
    }
    base64url::encode(&hash.finish())
}

/// A document under examination, its keys beside each other.
pub(super) struct Set<'s> {
    pub(super) subject: &'s Subject<'s>,
    /// The document as it is written, when it is JSON.
    pub(super) outline: Option<Outline<'s>>,
    /// The bytes of the document's value.
    pub(super) whole: Range<usize>,
    /// The bytes of its list of keys, those of the whole document when it is none.
    pub(super) list: Range<usize>,
    /// The set; none when the document holds no keys.
    pub(super) jwks: Option<&'s JwkSet>,
    pub(super) keys: Vec<Peer<'s>>,
    /// The time.
    pub(super) now: NumericDate,
}

impl<'s> Set<'s> {
    /// The document of `subject` before its keys have been looked at.
    pub(super) fn of(subject: &'s Subject<'s>, jwks: Option<&'s JwkSet>, now: NumericDate) -> Self {
        let document = subject.document;
        let outline = Outline::read(document).ok();
        let start = document.len() - document.trim_ascii_start().len();
        let all = start..document.len();
        let whole = outline
            .as_ref()
            .map_or(all, |outline| outline.whole().span());
        let keys = outline.as_ref().and_then(|outline| outline.get("keys"));
        Self {
            subject,
            list: keys.map_or_else(|| whole.clone(), Part::span),
            whole,
            outline,
            jwks,
            keys: Vec::new(),
            now,
        }
    }
}
