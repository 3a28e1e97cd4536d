//! The certificates of keys.

use serde_json::{Value, json};

use crate::core::certificate_chain::links;
use crate::core::engine::x509::Certificate;
use crate::core::failure::printable;
use crate::core::json::read;
use crate::core::jwks::{Entry, JwkSet};
use crate::core::time::NumericDate;
use crate::output::paint::Paint;

/// Most certificates of a key that are shown.
const SHOWN: usize = 10;

/// The certificates of a key that can be read, the key's own first.
fn certificates(entry: &Entry) -> Vec<Certificate> {
    let links = entry
        .members()
        .get("x5c")
        .and_then(|raw| read(raw.as_bytes()).ok().as_ref().and_then(links));
    links
        .unwrap_or_default()
        .into_iter()
        .filter_map(|link| link.certificate.ok())
        .collect()
}

/// A line or two for each certificate; nothing when there is none.
pub(super) fn text(set: &JwkSet, now: NumericDate, paint: Paint) -> String {
    let mut text = String::new();
    for entry in set.entries().iter() {
        for (place, certificate) in certificates(entry).iter().take(SHOWN).enumerate() {
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

/// The facts for programs.
pub(super) fn json(entry: &Entry) -> Vec<Value> {
    certificates(entry)
        .iter()
        .map(|certificate| {
            json!({
                "subject": certificate.subject(),
                "issuer": certificate.issuer(),
                "not_before": certificate.not_before().map(NumericDate::seconds),
                "not_after": certificate.not_after().map(NumericDate::seconds),
                "sha256": crate::core::base64url::encode(&certificate.sha256()),
            })
        })
        .collect()
}
