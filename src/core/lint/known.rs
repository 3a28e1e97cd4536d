//! Keys whose private half everybody can know.

use std::collections::HashMap;

use crate::core::base64url;
use crate::core::detect::{Content, detect};
use crate::core::engine::sha256;
use crate::core::failure::printable;
use crate::core::hexadecimal;
use crate::core::key::PublicKey;
use crate::core::thumbprint::URN_PREFIX;

/// A line for each key that a public document prints: its SHA-256 thumbprint (RFC 7638) and the
/// document. Made from tests/known_keys/keys.json: see tests/known_keys/mod.rs.
const SAMPLES: &str = include_str!("known-keys.txt");
/// A line for each RSA key among them: SHA-256 of its modulus, and the document; made likewise.
const MODULI: &str = include_str!("known-moduli.txt");
/// A line for each secret that documentation uses in its examples; made likewise.
const SECRETS: &str = include_str!("known-secrets.txt");

/// The keys of a list that the caller has brought, by their SHA-256 thumbprints.
#[derive(Default)]
pub struct Known {
    remarks: HashMap<[u8; 32], String>,
}

impl Known {
    /// Adds the keys of a list: a set of keys, or a text with a thumbprint and perhaps a remark on each
    /// line. Empty lines and those that start with `#` say nothing.
    ///
    /// # Errors
    /// The first line that is no such thing, in a sentence.
    pub fn read(&mut self, document: &[u8]) -> Result<(), String> {
        if let Content::Keys(set) = detect(document) {
            for entry in set.entries().iter() {
                let hash = entry
                    .material_hash()
                    .ok_or_else(|| format!("{} cannot be read", entry.label()))?;
                self.remarks.insert(hash, String::new());
            }
            return Ok(());
        }
        let text = std::str::from_utf8(document).map_err(|_| "it is not UTF-8".to_owned())?;
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (first, remark) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            // What stands there instead may be a secret, and is not repeated.
            let hash = thumbprint(first).ok_or_else(|| {
                format!(
                    "line {} does not start with a SHA-256 thumbprint in base64url or hexadecimal",
                    index + 1
                )
            })?;
            self.remarks.insert(hash, printable(remark.trim()));
        }
        Ok(())
    }

    /// What the list says of the key with this thumbprint; none when it does not have it.
    pub(super) fn remark(&self, hash: &[u8; 32]) -> Option<&str> {
        self.remarks.get(hash).map(String::as_str)
    }

    /// What a finding says of a listed key.
    pub(super) fn message(remark: &str) -> String {
        match remark {
            "" => "the key is on the list of known keys".to_owned(),
            remark => format!("the key is on the list of known keys: {remark}"),
        }
    }
}

fn thumbprint(text: &str) -> Option<[u8; 32]> {
    let bare = text.strip_prefix(URN_PREFIX).unwrap_or(text);
    let octets = match hexadecimal::decode(bare.as_bytes()) {
        Some(octets) => octets,
        None => base64url::decode(bare).ok()?.to_vec(),
    };
    octets.try_into().ok()
}

/// The document that prints the key with this thumbprint as an example; none when none is known.
pub(super) fn sample(hash: &[u8; 32]) -> Option<&'static str> {
    document_of(SAMPLES, hash)
}

/// The document that prints an RSA key with the modulus of `public`, whatever its exponent: whoever has
/// the factors has the private half of each such key.
pub(super) fn sample_of_modulus(public: &PublicKey) -> Option<&'static str> {
    match public {
        PublicKey::Rsa { n, .. } => document_of(MODULI, &sha256(n)),
        _ => None,
    }
}

fn document_of(table: &'static str, hash: &[u8; 32]) -> Option<&'static str> {
    let encoded = base64url::encode(hash);
    table.lines().find_map(|line| {
        let (own, document) = line.split_once(' ')?;
        (own == encoded).then_some(document)
    })
}

/// True for a secret that public documentation uses in examples, also written in base64 or
/// base64url.
pub(super) fn is_documented_secret(secret: &[u8]) -> bool {
    SECRETS.lines().any(|known| {
        let known = known.as_bytes();
        secret == known
            || base64_simd::STANDARD
                .decode_to_vec(known)
                .is_ok_and(|octets| octets == secret)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";

    #[test]
    fn lists_are_read_in_every_spelling() {
        let octets = thumbprint(HASH).unwrap();
        let hexadecimal = hexadecimal::encode(&octets);
        for line in [HASH.to_owned(), hexadecimal, format!("{URN_PREFIX}{HASH}")] {
            let mut known = Known::default();
            let text = format!("# a comment\n\n{line}  leaked in\u{9b} May\r\n");
            known.read(text.as_bytes()).unwrap();
            assert_eq!(known.remark(&octets), Some("leaked in\\u{9b} May"));
            assert_eq!(known.remark(&[0; 32]), None);
        }
        let mut known = Known::default();
        let problem = known.read(b"# x\nhello there\n").unwrap_err();
        assert!(problem.starts_with("line 2 does not start"), "{problem}");
        assert!(!problem.contains("hello"), "{problem}");
        assert!(known.read(b"{\"kty\":\"oct\",\"k\":\"AQAB\"}").is_ok());
    }

    #[test]
    fn sample_keys_are_told_from_others() {
        assert!(sample(&thumbprint(HASH).unwrap()).is_some());
        assert!(sample(&[0; 32]).is_none());
        assert!(is_documented_secret(b"your-256-bit-secret"));
        assert!(!is_documented_secret(b"5a7f3c"));
    }
}
