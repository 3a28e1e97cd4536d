//! What a person gave in the place of a token, and what to do about it. Nothing here makes a token of it: it
//! only turns a refusal into a next step, and only where a person reads it.

use super::{CompactJws, without_newline};
use crate::core::base64url;
use crate::core::detect::looks_like_token;
use crate::core::failure::{Code, Failure, quoted_list};
use crate::core::json::{Member, Node, Object, read};

/// Most members that a hint names.
const MEMBERS_SHOWN: usize = 4;
/// No token is so short, and few file names are longer, in bytes.
const SHORTEST_TOKEN: usize = 40;

/// The refusal of `input` as a token, with what to do next.
#[must_use]
pub fn explained(input: &[u8], failure: Failure) -> Failure {
    let token = without_newline(input);
    let hint = match failure.code {
        Code::TokenEmpty => {
            Some("give the token itself, a file that holds it, or - for standard input".to_owned())
        }
        Code::TokenTooLarge => {
            Some("is it a token alone? --token-limit allows longer ones".to_owned())
        }
        Code::TokenCharacter => of_characters(token),
        Code::TokenParts => Some(of_parts(token).to_owned()),
        Code::TokenBase64 => Some(of_base64url(token).to_owned()),
        _ => None,
    };
    match hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

fn of_parts(token: &[u8]) -> &'static str {
    let is_short = token.len() < SHORTEST_TOKEN && !token.starts_with(b"ey");
    if is_short && !token.contains(&b'.') {
        "a token is far longer; if this was meant as the name of a file, there is no such file"
    } else {
        "a token looks like HEADER.PAYLOAD.SIGNATURE; this one seems cut off: copy it whole"
    }
}

fn of_base64url(token: &[u8]) -> &'static str {
    let decodes = |part: &[u8]| base64url::decode(part).is_ok();
    match CompactJws::split(token, usize::MAX) {
        Ok(jws) if !decodes(jws.header) => {
            "the beginning of the token is missing or was changed: copy it whole (most tokens start with eyJ)"
        }
        Ok(jws) if decodes(jws.payload) => {
            "the end of the token is missing or was changed: copy it whole"
        }
        _ => "the token was cut off or changed: copy it whole",
    }
}

/// The next step for what has characters that no token has.
fn of_characters(token: &[u8]) -> Option<String> {
    let text = token.trim_ascii();
    let starts = |prefix: &[u8]| {
        let start = text.get(..prefix.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let has = |wanted: fn(&u8) -> bool| token.iter().any(wanted);
    let hint = if is_utf16(token) {
        "this is text in UTF-16, as > of Windows PowerShell writes it: save it as UTF-8 without byte order mark"
    } else if starts("\u{feff}".as_bytes()) {
        "it starts with a byte order mark: save it as UTF-8 without byte order mark"
    } else if starts(b"-----BEGIN ") {
        "this is PEM: keys go to --jwks, and the token stands by itself"
    } else if starts(b"<") {
        "this is a web page (HTML) or XML, not a token: did a login page or an error come in its place?"
    } else if token.iter().any(|byte| is_binary(*byte)) {
        "this is a binary file; a token is text: letters, digits, - and _ in three parts with dots"
    } else if starts(b"{") || starts(b"[") {
        return Some(of_json(text));
    } else if starts(b"bearer ") || starts(b"authorization:") {
        "leave out \"Bearer\" and what stands before it, and give the token alone"
    } else if [text.first(), text.last()]
        .iter()
        .any(|end| matches!(end, Some(b'"' | b'\'')))
    {
        "give the token without quotes around it"
    } else if has(u8::is_ascii_whitespace) {
        "white space was copied with the token, or it was broken into lines: take it out, for example with `tr -d '[:space:]'`"
    } else if has(|byte| matches!(byte, b'+' | b'/' | b'=')) {
        "this is standard base64; tokens use base64url (- and _) without padding: `tr '+/' '-_' | tr -d '='` makes it that"
    } else {
        return None;
    };
    Some(hint.to_owned())
}

/// Text in which every other byte is zero, as in UTF-16 of ASCII, or that says so by its first two.
fn is_utf16(token: &[u8]) -> bool {
    let all_zero = |from: usize| token.iter().skip(from).step_by(2).all(|byte| *byte == 0);
    let is_marked = token.starts_with(b"\xff\xfe") || token.starts_with(b"\xfe\xff");
    is_marked || (token.len() > 1 && (all_zero(0) || all_zero(1)))
}

/// A control character that text does not have.
fn is_binary(byte: u8) -> bool {
    byte.is_ascii_control() && !byte.is_ascii_whitespace() && byte != 0x0b
}

/// The next step for JSON.
fn of_json(text: &[u8]) -> String {
    let node = read(text).ok();
    let Some(object) = node.as_ref().and_then(Node::as_object) else {
        return "this looks like JSON; only the compact form HEADER.PAYLOAD.SIGNATURE is read"
            .to_owned();
    };
    let has = |name: &str| object.get(name).is_some();
    if has("keys") || has("kty") {
        return "these are keys: they go to --jwks, and the token stands by itself".to_owned();
    }
    if has("ciphertext") {
        return "this is an encrypted token (JWE) in JSON: only its recipient can open it"
            .to_owned();
    }
    if has("signatures") || (has("payload") && has("signature")) {
        return of_serialization(object);
    }
    let tokens = members_with_tokens(object);
    match tokens.len() {
        0 => "this is JSON without a token in it; only the compact form HEADER.PAYLOAD.SIGNATURE is read"
            .to_owned(),
        1 => format!(
            "the token is in the member {}: give its value alone",
            quoted_list(&tokens, 1)
        ),
        _ => format!(
            "there are tokens in the members {}: give the value of one alone",
            quoted_list(&tokens, MEMBERS_SHOWN)
        ),
    }
}

fn members_with_tokens<'o>(object: &'o Object<'_>) -> Vec<&'o str> {
    let members = object.members().iter();
    members
        .filter(|member| {
            let text = member.value().as_str();
            text.is_some_and(|text| looks_like_token(text.as_bytes()))
        })
        .map(Member::name)
        .collect()
}

/// RFC 7515 §7.2: the same signature in another form, which is the compact one with other punctuation unless
/// it has an unprotected header.
fn of_serialization(object: &Object<'_>) -> String {
    let signatures = object.get("signatures").and_then(Node::as_array);
    let one = match signatures.unwrap_or_default() {
        [] => Some(object),
        [only] => only.as_object(),
        [..] => None,
    };
    let what = "this is the JSON serialization of a JWS, and only the compact form is read";
    match one {
        Some(signature) if signature.get("header").is_some() => {
            format!(
                "{what}, which has no place for the unprotected \"header\": have it signed without"
            )
        }
        Some(_) => format!(
            "{what}: write the values of \"protected\", \"payload\" and \"signature\" side by side, with dots between them"
        ),
        None => format!(
            "{what}: write \"payload\" between \"protected\" and \"signature\" of one of the signatures, with dots between them"
        ),
    }
}
