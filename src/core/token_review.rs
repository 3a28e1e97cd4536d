//! What can be said of a token without its key: nothing of it has been checked.

use url::Url;

use super::alg::{self, Algorithm, Scheme, Standing};
use super::check::Checks;
use super::claims::{Claims, Expectations};
use super::discovery::metadata_urls;
use super::exposure::{holds_secret, text_holds_secret, value_holds_secret};
use super::failure::{Failure, quoted, quoted_list};
use super::json::{Member, Node, read};
use super::jws::ProtectedHeader;
use super::shell::can_be_typed;
use super::time::{NumericDate, rounded};

/// Longest token that common servers take in a header line, in bytes.
const LONGEST_HEADER_LINE: usize = 8_000;
/// Longest lifetime that goes without a remark, in seconds.
const LONG_LIFETIME: u64 = 86_400;

/// The parameters and claims whose value is a key, or has one in it (RFC 7515 §4.1.3, RFC 7516 §4.6,
/// RFC 7800 §3).
const KEYS: [&str; 3] = ["jwk", "epk", "cnf"];
/// Most members that a remark names.
const NAMES_SHOWN: usize = 10;

/// Something to know about a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The stable name.
    pub code: &'static str,
    /// What there is to know: lower case, no full stop.
    pub message: String,
}

/// What there is to know about a token, and what checking it would take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// In the order in which a verification would come upon it.
    pub remarks: Vec<Remark>,
    /// How to check the token, in a sentence.
    pub next_step: String,
}

/// Reviews a signed token of `length` bytes. Nothing is fetched: what it names is only repeated.
#[must_use]
pub fn review(header: &[u8], payload: &[u8], length: usize, now: NumericDate) -> Review {
    let mut remarks = Vec::new();
    if length > LONGEST_HEADER_LINE {
        let message = format!(
            "the token has {length} bytes, and many servers refuse a header line of more than {LONGEST_HEADER_LINE}"
        );
        remark(&mut remarks, "token-long", message);
    }
    review_secrets("header holds", header, &mut remarks);
    review_secrets("claims hold", payload, &mut remarks);
    let header = match ProtectedHeader::read(header) {
        Ok(header) => Some(header),
        Err(failure) => {
            remarks.push(of_failure(&failure));
            None
        }
    };
    let algorithm = header
        .as_ref()
        .and_then(|header| review_header(header, &mut remarks));
    let issuer = review_claims(payload, now, &mut remarks);
    Review {
        remarks,
        next_step: next_step(algorithm, header.as_ref(), issuer.as_deref()),
    }
}

/// The members of a header or of claims that hold a private key, which is no more to be seen there than
/// elsewhere.
#[must_use]
pub fn secret_members<'n>(node: &'n Node<'_>) -> Vec<&'n str> {
    let Some(object) = node.as_object() else {
        return Vec::new();
    };
    let members = object.members().iter();
    members
        .filter(|member| {
            let is_key = KEYS.contains(&member.name());
            (is_key && value_holds_secret(member.value().raw()))
                || holds_secret(member.value())
                || text_holds_secret(member.name())
        })
        .map(Member::name)
        .collect()
}

fn review_secrets(part: &str, json: &[u8], remarks: &mut Vec<Remark>) {
    let Ok(node) = read(json) else {
        return;
    };
    let names = secret_members(&node);
    if !names.is_empty() {
        let message = format!(
            "the {part} a private key in {}: whoever sees the token has it, too",
            quoted_list(&names, NAMES_SHOWN)
        );
        remark(remarks, "private-key-in-token", message);
    }
}

fn remark(remarks: &mut Vec<Remark>, code: &'static str, message: impl Into<String>) {
    remarks.push(Remark {
        code,
        message: message.into(),
    });
}

fn of_failure(failure: &Failure) -> Remark {
    Remark {
        code: failure.code.as_str(),
        message: failure.message.clone(),
    }
}

fn review_header(
    header: &ProtectedHeader,
    remarks: &mut Vec<Remark>,
) -> Option<&'static Algorithm> {
    remarks.extend(header.faults.iter().map(of_failure));
    if !header.key_pointers.is_empty() {
        let message = format!(
            "the header names a key of its own ({}), which is never trusted: whoever made the token wrote it",
            header.key_pointers.join(", ")
        );
        remark(remarks, "key-pointer-ignored", message);
    }
    if header
        .cty
        .as_deref()
        .is_some_and(|cty| cty.eq_ignore_ascii_case("JWT"))
    {
        remark(
            remarks,
            "nested-token",
            "the payload is another token (cty is JWT)",
        );
    }
    let name = header.alg.as_deref()?;
    if name.eq_ignore_ascii_case("none") {
        let message = "alg is none: the token is not signed, and anyone can have made it";
        remark(remarks, "alg-none", message);
        return None;
    }
    let Some(algorithm) = alg::by_name(name).filter(|row| row.signs()) else {
        let message = format!(
            "alg {} is no algorithm for signatures that is known",
            quoted(name)
        );
        remark(remarks, "alg-unknown", message);
        return None;
    };
    match algorithm.standing {
        Standing::Current => {}
        Standing::Deprecated(reason) => {
            remark(remarks, "alg-deprecated", format!("{name}: {reason}"));
        }
        Standing::Prohibited { reason, instead } => {
            let message = format!("{name}: {reason}; use {instead}");
            remark(remarks, "alg-prohibited", message);
        }
    }
    if matches!(algorithm.scheme, Scheme::Hmac(_)) {
        let message = format!("{name}: whoever can check the token can make one, too");
        remark(remarks, "alg-symmetric", message);
    }
    Some(algorithm)
}

/// Returns the issuer.
fn review_claims(payload: &[u8], now: NumericDate, remarks: &mut Vec<Remark>) -> Option<String> {
    let claims = match Claims::read(payload) {
        Ok(claims) => claims,
        Err(failure) => {
            remarks.push(of_failure(&failure));
            return None;
        }
    };
    let mut checks = Checks::default();
    let _ = claims.check(&Expectations::default(), now, &mut checks);
    remarks.extend(checks.failures().map(of_failure));
    for note in checks.notes() {
        remark(remarks, "date-in-milliseconds", note.clone());
    }
    let date = |name| {
        let number = claims.get(name)?.as_number()?;
        Some(NumericDate::from_json_number(number))
    };
    let start = date("iat").or_else(|| date("nbf"));
    match date("exp") {
        None if claims.get("exp").is_none() => {
            remark(
                remarks,
                "exp-missing",
                "there is no exp: the token holds for ever",
            );
        }
        Some(exp) => {
            let lifetime = start.map(|start| exp.since(start));
            if let Some(lifetime) = lifetime.filter(|time| time.as_secs() > LONG_LIFETIME) {
                let message = format!(
                    "the token lives {}: one that is stolen is good for as long",
                    rounded(lifetime)
                );
                remark(remarks, "lifetime-long", message);
            }
        }
        None => {}
    }
    for (name, missing) in [
        ("iss", "says who made the token"),
        ("aud", "says for whom the token is"),
    ] {
        if claims.get(name).is_none() {
            let code = if name == "iss" {
                "iss-missing"
            } else {
                "aud-missing"
            };
            remark(
                remarks,
                code,
                format!("there is no {name}: nothing {missing}"),
            );
        }
    }
    let issuer = claims.get("iss")?.as_str()?;
    Some(issuer.as_str().to_owned())
}

fn next_step(
    algorithm: Option<&Algorithm>,
    header: Option<&ProtectedHeader>,
    issuer: Option<&str>,
) -> String {
    let Some(algorithm) = algorithm else {
        return "it cannot be checked as it is: jwks verify says why".to_owned();
    };
    if matches!(algorithm.scheme, Scheme::Hmac(_)) {
        return format!(
            "to check it with the secret that its two parties share: jwks verify TOKEN --jwks FILE (kty oct, {} bytes or more)",
            algorithm.symmetric_bytes
        );
    }
    let key = match header.and_then(|header| header.kid.as_deref()) {
        Some(kid) => format!("the key {}", quoted(kid)),
        None => format!("a key for {}", algorithm.name),
    };
    let url = issuer
        .filter(|issuer| can_be_typed(issuer))
        .and_then(|issuer| Url::parse(issuer).ok())
        .filter(|url| url.scheme() == "https" && url.query().is_none());
    match (url, issuer) {
        (Some(url), Some(issuer)) => format!(
            "to check it with {key} of its issuer, if you trust that name: jwks verify TOKEN --issuer {issuer} (its metadata should be at {})",
            metadata_urls(&url).first().map_or("", String::as_str)
        ),
        _ => format!("to check it with {key}: jwks verify TOKEN --jwks FILE_OR_URL"),
    }
}
