//! Values that may be the bytes of a key, however a program has written them.

use crate::core::json::{Member, Node, Value};

/// True when the value may be `fewest` bytes or more. More is taken for bytes than a JWK may hold:
/// whoever reads a secret does not mind its spelling.
pub(super) fn has_octets(node: &Node<'_>, fewest: usize) -> bool {
    match node.value() {
        Value::Null | Value::Bool(_) => false,
        Value::Number => is_number_of(node.raw(), fewest),
        Value::String(text) => is_text_of(text.as_str(), fewest),
        Value::Array(elements) => {
            let is_byte = |node: &Node<'_>| node.as_number().is_some_and(|raw| raw.len() <= 3);
            (elements.len() >= fewest && elements.iter().all(is_byte))
                || elements.iter().any(|element| has_octets(element, fewest))
        }
        Value::Object(object) => {
            let mut values = object.members().iter().map(Member::value);
            values.any(|value| has_octets(value, fewest))
        }
    }
}

/// A byte takes a little less than 2.5 decimal digits.
fn is_number_of(raw: &str, fewest: usize) -> bool {
    raw.len() * 2 >= fewest * 5 && raw.bytes().all(|byte| byte.is_ascii_digit())
}

/// base64url or base64, in one line or several, with padding or without; hexadecimal looks no other.
fn is_text_of(text: &str, fewest: usize) -> bool {
    let (mut digits, mut has_base64url, mut has_base64) = (0, false, false);
    for byte in text.trim().trim_end_matches('=').bytes() {
        match byte {
            b'\r' | b'\n' => continue,
            b'-' | b'_' => has_base64url = true,
            b'+' | b'/' => has_base64 = true,
            byte if byte.is_ascii_alphanumeric() => {}
            _ => return false,
        }
        digits += 1;
    }
    digits * 3 / 4 >= fewest && !(has_base64url && has_base64)
}
