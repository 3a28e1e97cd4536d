//! The certificates of keys.

use serde_json::{Value, json};

use crate::core::base64url;
use crate::core::certificate_chain::links;
use crate::core::engine::x509::Certificate;
use crate::core::failure::printable;
use crate::core::json::read;
use crate::core::jwks::{Entry, JwkSet};
use crate::core::time::NumericDate;
use crate::output::paint::Paint;

/// Most elements of `x5c` that are read of a set: a set of certificates by the thousand is for nobody
/// to read.
const MOST: usize = 1_000;

/// The certificates of the keys of a set that can be read.
pub(super) struct Certificates<'s>(Vec<(&'s Entry, Vec<Certificate>)>);

impl<'s> Certificates<'s> {
    pub(super) fn of(set: &'s JwkSet) -> Self {
        let mut left = MOST;
        let mut all = Vec::new();
        for entry in set.entries().iter() {
            let chain = entry
                .members()
                .get("x5c")
                .filter(|_| left > 0)
                .and_then(|raw| links(read(raw.as_bytes()).as_ref().ok()?));
            let Some(chain) = chain else { continue };
            left = left.saturating_sub(chain.len());
            let readable = chain.into_iter().filter_map(|link| link.certificate.ok());
            all.push((entry, readable.collect()));
        }
        Self(all)
    }

    /// Three lines for each certificate; nothing when there is none.
    pub(super) fn text(&self, now: NumericDate, paint: Paint) -> String {
        let mut text = String::new();
        for (entry, certificates) in &self.0 {
            for (place, certificate) in certificates.iter().enumerate() {
                let of = format!("{}, certificate {}", entry.label(), place + 1);
                text.push_str(&format!(
                    "\n{}: {}\n  issued by {}\n  {}\n",
                    paint.strong(&of),
                    printable(&certificate.subject()),
                    printable(&certificate.issuer()),
                    validity(certificate, now)
                ));
            }
        }
        text
    }

    /// The facts about those of the key at the place `index`, for programs.
    pub(super) fn json(&self, index: usize) -> Vec<Value> {
        // They are in the order of the keys.
        let found = self
            .0
            .binary_search_by_key(&index, |(entry, _)| entry.index());
        let certificates = found.map_or(&[][..], |place| &self.0[place].1);
        certificates.iter().map(facts).collect()
    }
}

fn facts(certificate: &Certificate) -> Value {
    json!({
        "subject": certificate.subject(),
        "issuer": certificate.issuer(),
        "not_before": certificate.not_before().map(NumericDate::seconds),
        "not_after": certificate.not_after().map(NumericDate::seconds),
        "sha256": base64url::encode(&certificate.sha256()),
    })
}

fn validity(certificate: &Certificate, now: NumericDate) -> String {
    let date = |date: Option<NumericDate>| date.map_or("?".to_owned(), |date| date.to_string());
    let (start, end) = (certificate.not_before(), certificate.not_after());
    let state = match (start, end) {
        (Some(start), _) if start > now => format!("valid {}", start.relative_to(now)),
        (_, Some(end)) if end < now => format!("expired {}", end.relative_to(now)),
        (_, Some(end)) => format!("ends {}", end.relative_to(now)),
        _ => "dates unreadable".to_owned(),
    };
    format!("valid from {} to {} ({state})", date(start), date(end))
}
