//! base64url without padding (RFC 7515 §2, RFC 4648 §5), strict: one spelling for each value.

use base64_simd::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

/// Why a text is not canonical base64url.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base64Fault {
    /// `=` at the end (RFC 7515 §2 forbids padding).
    Padding,
    /// A character outside the alphabet, at this byte.
    Alphabet {
        /// The offending byte.
        byte: u8,
        /// Its place in the text, in bytes.
        offset: usize,
    },
    /// A length that no byte string encodes to.
    Length,
    /// Unused bits of the last character are not zero (RFC 4648 §3.5).
    TrailingBits,
}

impl std::fmt::Display for Base64Fault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Padding => formatter.write_str("padded with \"=\""),
            Self::Alphabet { byte, offset } if byte.is_ascii_graphic() => {
                write!(
                    formatter,
                    "\"{}\" at character {} is not in the alphabet",
                    char::from(*byte),
                    offset + 1
                )
            }
            Self::Alphabet { byte, offset } => write!(
                formatter,
                "the byte 0x{byte:02x} at character {} is not in the alphabet",
                offset + 1
            ),
            Self::Length => formatter.write_str("cut off: no byte string has this length"),
            Self::TrailingBits => formatter.write_str("unused bits at the end are not zero"),
        }
    }
}

/// Decodes canonical base64url. The bytes are wiped on drop.
///
/// # Errors
/// The first [`Base64Fault`].
pub fn decode(text: impl AsRef<[u8]>) -> Result<Zeroizing<Vec<u8>>, Base64Fault> {
    // The room is taken at once: a growing buffer would leave copies of a secret behind.
    let text = text.as_ref();
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() / 4 * 3 + 3));
    decode_into(text, &mut bytes)?;
    Ok(bytes)
}

/// Decodes canonical base64url into `bytes`, in place of what was there. For what is no secret: the
/// room that the buffer has is used again and not wiped.
///
/// # Errors
/// The first [`Base64Fault`]; `bytes` is empty then.
pub fn decode_into(text: &[u8], bytes: &mut Vec<u8>) -> Result<(), Base64Fault> {
    bytes.clear();
    URL_SAFE_NO_PAD
        .decode_append(text, bytes)
        .map_err(|_| fault(text))
}

/// Why `text` does not decode.
fn fault(text: &[u8]) -> Base64Fault {
    let is_alphabet = |part: &[u8]| part.iter().copied().all(is_alphabet_byte);
    let padding = text.iter().rev().take_while(|&&byte| byte == b'=').count();
    match text.iter().position(|&byte| !is_alphabet_byte(byte)) {
        Some(_) if padding > 0 && is_alphabet(&text[..text.len() - padding]) => {
            Base64Fault::Padding
        }
        Some(offset) => Base64Fault::Alphabet {
            byte: text[offset],
            offset,
        },
        None if text.len() % 4 == 1 => Base64Fault::Length,
        None => Base64Fault::TrailingBits,
    }
}

/// Encodes without padding.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode_to_string(bytes)
}

/// True for the characters of the base64url alphabet.
#[must_use]
pub fn is_alphabet_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_for_each_value() {
        assert_eq!(decode("").unwrap().as_slice(), b"");
        assert_eq!(decode("-_8").unwrap().as_slice(), &[0xfb, 0xff]);
        for (text, fault) in [
            ("AA==", Base64Fault::Padding),
            ("AAA=", Base64Fault::Padding),
            ("AB", Base64Fault::TrailingBits),
            ("AAB", Base64Fault::TrailingBits),
            ("A", Base64Fault::Length),
            ("AAAAA", Base64Fault::Length),
            (
                "AA+A",
                Base64Fault::Alphabet {
                    byte: b'+',
                    offset: 2,
                },
            ),
            (
                "AA\n",
                Base64Fault::Alphabet {
                    byte: b'\n',
                    offset: 2,
                },
            ),
            (
                "A=AA",
                Base64Fault::Alphabet {
                    byte: b'=',
                    offset: 1,
                },
            ),
            (
                " AAA",
                Base64Fault::Alphabet {
                    byte: b' ',
                    offset: 0,
                },
            ),
        ] {
            assert_eq!(
                decode(text).map(|bytes| bytes.to_vec()),
                Err(fault),
                "{text:?}"
            );
        }
    }

    #[test]
    fn every_byte_string_comes_back() {
        for length in 0..70_u8 {
            let bytes: Vec<u8> = (0..length)
                .map(|index| index.wrapping_mul(37) ^ 0xa5)
                .collect();
            assert_eq!(decode(encode(&bytes)).unwrap().as_slice(), bytes);
        }
    }
}
