//! A source that holds a token.

use serde_json::{Value, json};

use crate::core::encrypted_keys::says_keys;
use crate::core::exposure::holds_secret;
use crate::core::failure::{WITHHELD, named, printable};
use crate::core::json::{Node, RawObject};
use crate::core::time::NumericDate;
use crate::core::token_review::{Review, secret_members};
use crate::output::paint::Paint;
use crate::output::table::LONGEST_ALIGNED;

/// A token, of which nothing has been checked.
pub struct TokenView<'s> {
    /// Length in bytes.
    pub length: usize,
    /// The header.
    pub header: Node<'s>,
    /// What follows the header.
    pub body: Body<'s>,
}

/// What follows the header of a token.
pub enum Body<'s> {
    /// The payload and the signature of a JWS (RFC 7515 §3.1).
    Signed {
        /// The claims, when the payload is a JSON object.
        claims: Option<Node<'s>>,
        /// Length of the payload in bytes.
        payload_length: usize,
        /// Length of the signature in bytes.
        signature_length: usize,
        /// What there is to know.
        review: Review,
    },
    /// Nothing of a JWE can be read without its key (RFC 7516 §3.1).
    Encrypted,
}

/// The registered claims and parameters whose name says nothing to a newcomer
/// (RFC 7519 §4.1, RFC 7515 §4.1, RFC 7516 §4.1, OpenID Connect Core 1.0 §2, RFC 8693 §4,
/// RFC 9068 §2.2, RFC 9449 §4.2, RFC 9396 §9.1).
const NAMES: &[(&str, &str)] = &[
    ("iss", "issuer"),
    ("sub", "subject"),
    ("aud", "audience"),
    ("exp", "expiration time"),
    ("nbf", "not before"),
    ("iat", "issued at"),
    ("jti", "token ID"),
    ("auth_time", "time of authentication"),
    ("nonce", "nonce"),
    ("acr", "authentication context class"),
    ("amr", "authentication methods"),
    ("azp", "authorized party"),
    ("at_hash", "hash of the access token"),
    ("c_hash", "hash of the code"),
    ("s_hash", "hash of the state"),
    ("act", "actor"),
    ("may_act", "who may act for the subject"),
    ("cnf", "confirmation key"),
    ("scope", "scope"),
    ("client_id", "client"),
    ("authorization_details", "what is authorized"),
    ("roles", "roles"),
    ("groups", "groups"),
    ("entitlements", "entitlements"),
    ("sid", "session ID"),
    ("events", "security events"),
    ("htm", "HTTP method"),
    ("htu", "HTTP URL"),
    ("ath", "hash of the access token"),
    ("name", "full name"),
    ("email", "e-mail address"),
    ("email_verified", "true when the address was checked"),
    ("preferred_username", "user name"),
    ("updated_at", "last change of the profile"),
    ("alg", "algorithm"),
    ("enc", "encryption of the content"),
    ("zip", "compression"),
    ("kid", "key ID"),
    ("typ", "type"),
    ("cty", "content type"),
    ("jku", "set URL, never followed"),
    ("x5u", "certificate URL, never followed"),
    ("jwk", "key, never trusted"),
    ("x5c", "certificates, never trusted"),
    ("x5t", "SHA-1 of the certificate"),
    ("x5t#S256", "SHA-256 of the certificate"),
    ("crit", "critical extensions"),
    ("b64", "whether the payload is encoded"),
    ("epk", "ephemeral public key"),
    ("apu", "agreement: who sends"),
    ("apv", "agreement: who receives"),
    ("p2s", "salt of the password"),
    ("p2c", "iterations of the password"),
];

const DATES: [&str; 5] = ["exp", "nbf", "iat", "auth_time", "updated_at"];

impl TokenView<'_> {
    /// Does the content of the JWE say that it is keys (RFC 7517 §7)?
    fn holds_keys(&self) -> bool {
        let header = self.header.as_object();
        header.is_some_and(says_keys)
    }

    /// What stands behind the name of the source.
    pub(super) fn text(&self, now: NumericDate, paint: Paint) -> String {
        let header = format!(
            "\n{}\n{}",
            paint.strong("header"),
            members(&self.header, now, paint)
        );
        let (claims, payload_length, signature_length, review) = match &self.body {
            Body::Encrypted => {
                let rest = if self.holds_keys() {
                    "it holds keys under a passphrase: `jwks convert FILE --public` opens it, and writes what others may read"
                } else {
                    "the rest cannot be read without the key"
                };
                return format!(
                    "an encrypted token (JWE), {} bytes\n{header}\n{rest}\n",
                    self.length
                );
            }
            Body::Signed {
                claims,
                payload_length,
                signature_length,
                review,
            } => (claims, payload_length, signature_length, review),
        };
        let mut text = format!(
            "a signed token (JWS), {} bytes, {}\n{header}",
            self.length,
            paint.warning("signature NOT checked")
        );
        match claims {
            Some(claims) => {
                text.push_str(&format!("\n{}\n", paint.strong("claims")));
                text.push_str(&members(claims, now, paint));
            }
            None => text.push_str(&format!(
                "\npayload: {payload_length} bytes that are no JSON object\n"
            )),
        }
        text.push_str(&format!("\nsignature: {signature_length} bytes\n"));
        text.push_str(&remarks(review, paint));
        text
    }

    /// The facts for programs; the header and the claims as the token spells them, without the members
    /// that hold a private key.
    pub(super) fn json(&self, name: &str) -> String {
        let mut facts = RawObject::new();
        let mut set = |name: &str, value: Value| facts.set_raw(name, value.to_string());
        set("source", json!(name));
        set("bytes", json!(self.length));
        set("encrypted", json!(matches!(self.body, Body::Encrypted)));
        set("signature_checked", json!(false));
        facts.set_raw("header", without_secrets(&self.header));
        if let Body::Signed {
            claims,
            signature_length,
            review,
            ..
        } = &self.body
        {
            facts.set_raw("signature_bytes", signature_length.to_string());
            let remarks: Vec<Value> = review
                .remarks
                .iter()
                .map(|remark| json!({"code": remark.code, "message": remark.message}))
                .collect();
            facts.set_raw("remarks", Value::from(remarks).to_string());
            facts.set_string("next_step", &review.next_step);
            if let Some(claims) = claims {
                facts.set_raw("claims", without_secrets(claims));
            }
        }
        facts.to_json().to_string()
    }
}

/// The header or the claims, as they are spelled where nothing is to be left out.
fn without_secrets(node: &Node<'_>) -> String {
    let secret = secret_members(node);
    match node.as_object() {
        Some(object) if !secret.is_empty() => {
            let mut members = RawObject::of(object);
            members.retain(|name, _| !secret.contains(&name));
            members.to_json().to_string()
        }
        None if holds_secret(node) => Value::Null.to_string(),
        Some(_) | None => node.raw().to_owned(),
    }
}

fn remarks(review: &Review, paint: Paint) -> String {
    let mut text = String::new();
    if !review.remarks.is_empty() {
        text.push_str(&format!("\n{}\n", paint.strong("to know")));
    }
    for remark in &review.remarks {
        let code = paint.warning(remark.code);
        text.push_str(&format!("  {code}: {}\n", remark.message));
    }
    text.push_str(&format!("\n{}\n", review.next_step));
    text
}

fn members(node: &Node<'_>, now: NumericDate, paint: Paint) -> String {
    let Some(object) = node.as_object() else {
        return format!("  {}\n", printable(node.raw()));
    };
    let widest = object
        .members()
        .iter()
        .map(|member| named(member.name()).chars().count())
        .filter(|&width| width <= LONGEST_ALIGNED)
        .max()
        .unwrap_or_default();
    let secret = secret_members(node);
    let mut text = String::new();
    for member in object.members() {
        let name = named(member.name());
        let value = if secret.contains(&member.name()) {
            WITHHELD.to_owned()
        } else {
            printable(member.value().raw())
        };
        let mut line = format!("  {name:<widest$}  {value}");
        let mut remarks = Vec::new();
        if let Some((_, meaning)) = NAMES.iter().find(|(known, _)| *known == member.name()) {
            remarks.push((*meaning).to_owned());
        }
        if DATES.contains(&member.name())
            && let Some(number) = member.value().as_number()
        {
            let date = NumericDate::from_json_number(number);
            remarks.push(format!("{date}, {}", date.relative_to(now)));
        }
        if !remarks.is_empty() {
            line.push_str(&paint.faint(&format!("  ({})", remarks.join(": "))));
        }
        text.push_str(&line);
        text.push('\n');
    }
    text
}
