//! Hexadecimal, in which hashes are often written where base64url is meant.

/// The octets that `text` spells, two digits each; none when it is anything else.
#[must_use]
pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let pairs = text.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    // Room for all of it from the start: growing would leave copies of a secret behind.
    let mut octets = Vec::with_capacity(text.len() / 2);
    for pair in pairs {
        octets.push(u8::try_from(digit(&pair[0])? * 16 + digit(&pair[1])?).ok()?);
    }
    Some(octets)
}

/// The octets in digits, two each, in lower case.
#[must_use]
pub fn encode(octets: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    octets
        .iter()
        .flat_map(|octet| [octet >> 4, octet & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn two_digits_are_an_octet_and_nothing_else_is() {
        assert_eq!(decode(b"00fFa1"), Some(vec![0, 255, 161]));
        assert_eq!(encode(&[0, 255, 161]), "00ffa1");
        assert_eq!(decode(b""), Some(vec![]));
        for text in ["0", "0g", "+1", " 1", "0x"] {
            assert_eq!(decode(text.as_bytes()), None, "{text}");
        }
    }
}
