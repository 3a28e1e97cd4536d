//! Compact JWS (RFC 7515 §7.1) and its protected header.

mod header;
mod mistake;

use memchr::memchr_iter;

use super::base64url::{self, Base64Fault, is_alphabet_byte};
use super::failure::{Code, Failure, quoted};

pub(super) use header::json_failure;
pub use header::{ProtectedHeader, looks_like_header, same_type};
pub use mistake::explained;

/// Longest token that is read, in bytes, unless another limit is asked for.
pub const TOKEN_LIMIT: usize = 1 << 20;

/// The three parts of a token, still encoded. That they hold nothing but base64url is told when they
/// are decoded.
#[derive(Debug, Clone, Copy)]
pub struct CompactJws<'a> {
    token: &'a [u8],
    header: &'a [u8],
    payload: &'a [u8],
    signature: &'a [u8],
}

impl<'a> CompactJws<'a> {
    /// Splits a token of at most `limit` bytes. One newline at its end is not part of it. What to do about
    /// one that is refused, [`explained`] says.
    ///
    /// # Errors
    /// What keeps the input from being a compact JWS.
    pub fn split(input: &'a [u8], limit: usize) -> Result<Self, Failure> {
        let token = without_newline(input);
        if token.len() > limit {
            return Err(Failure::new(
                Code::TokenTooLarge,
                format!("the token is longer than the limit of {limit} bytes"),
            ));
        }
        if token.is_empty() {
            return Err(Failure::new(
                Code::TokenEmpty,
                "there is no token: the input is empty",
            ));
        }
        let mut dots = memchr_iter(b'.', token);
        match (dots.next(), dots.next(), dots.next()) {
            (Some(first), Some(second), None) => Ok(Self {
                token,
                header: &token[..first],
                payload: &token[first + 1..second],
                signature: &token[second + 1..],
            }),
            _ => Err(not_three_parts(token)),
        }
    }

    /// The header, still encoded.
    #[must_use]
    pub fn header_segment(&self) -> &'a [u8] {
        self.header
    }

    /// The octets of the header. What this says depends on the header alone, and not on the rest of
    /// the token; [`CompactJws::require_token_characters`] has the first word where it fails.
    ///
    /// # Errors
    /// [`Code::TokenBase64`].
    pub fn header_octets(&self) -> Result<Vec<u8>, Failure> {
        let mut octets = Vec::new();
        base64url::decode_into(self.header, &mut octets)
            .map_err(|fault| not_base64url("header", fault))?;
        Ok(octets)
    }

    /// Puts the octets of the payload into `octets`. They are the part itself when the header says
    /// that it is not `encoded` (RFC 7797 §5.2).
    ///
    /// # Errors
    /// [`Code::TokenBase64`] or [`Code::TokenCharacter`].
    pub fn payload_octets(&self, encoded: bool, octets: &mut Vec<u8>) -> Result<(), Failure> {
        if encoded {
            return self.decode("payload", self.payload, octets);
        }
        self.require_token_characters()?;
        octets.clear();
        octets.extend_from_slice(self.payload);
        Ok(())
    }

    /// Puts the octets of the signature into `octets`.
    ///
    /// # Errors
    /// [`Code::TokenBase64`] or [`Code::TokenCharacter`].
    pub fn signature_octets(&self, octets: &mut Vec<u8>) -> Result<(), Failure> {
        self.decode("signature", self.signature, octets)
    }

    /// Checks that the token holds nothing but base64url and dots. Decoding its parts says so too.
    ///
    /// # Errors
    /// [`Code::TokenCharacter`].
    pub fn require_token_characters(&self) -> Result<(), Failure> {
        require_token_characters(self.token)
    }

    /// True when the payload part is empty, as it is beside detached content (RFC 7515 appendix F).
    #[must_use]
    pub fn is_detached(&self) -> bool {
        self.payload.is_empty()
    }

    /// What the signature covers (RFC 7515 §5.2 step 8): everything before the second dot.
    #[must_use]
    pub fn signing_input(&self) -> &'a [u8] {
        &self.token[..self.header.len() + 1 + self.payload.len()]
    }

    /// What the signature covers when the content is detached (RFC 7515 appendix F, RFC 7797 §3).
    #[must_use]
    pub fn detached_signing_input(&self, content: &[u8], encoded: bool) -> Vec<u8> {
        let mut input = [self.header, b"."].concat();
        if encoded {
            input.extend_from_slice(base64url::encode(content).as_bytes());
        } else {
            input.extend_from_slice(content);
        }
        input
    }

    fn decode(&self, name: &str, part: &[u8], octets: &mut Vec<u8>) -> Result<(), Failure> {
        base64url::decode_into(part, octets).or_else(|fault| {
            // What no token has anywhere is told before what is wrong with one part.
            self.require_token_characters()?;
            Err(not_base64url(name, fault))
        })
    }
}

fn not_base64url(part: &str, fault: Base64Fault) -> Failure {
    let message = format!("the {part} is not canonical base64url: {fault}");
    Failure::new(Code::TokenBase64, message)
}

/// Why a token is refused that has not two dots.
fn not_three_parts(token: &[u8]) -> Failure {
    if let Err(failure) = require_token_characters(token) {
        return failure;
    }
    let count = match memchr_iter(b'.', token).take(6).count() {
        4 => {
            return Failure::new(
                Code::TokenEncrypted,
                "this is an encrypted token (JWE): it has five parts, and a signed token has three",
            )
            .hint("only its recipient can open it; a signed token may be inside");
        }
        0 => "one part".to_owned(),
        6 => "more than six parts".to_owned(),
        dots => format!("{} parts", dots + 1),
    };
    Failure::new(
        Code::TokenParts,
        format!("this is no compact token: it has {count}, and a signed token has three"),
    )
}

fn require_token_characters(token: &[u8]) -> Result<(), Failure> {
    match token.iter().position(|&byte| !is_token_byte(byte)) {
        Some(at) => Err(foreign_character(token, at)),
        None => Ok(()),
    }
}

/// The token without the one line break that may follow it.
#[must_use]
pub fn without_newline(input: &[u8]) -> &[u8] {
    match input.strip_suffix(b"\n") {
        Some(line) => line.strip_suffix(b"\r").unwrap_or(line),
        None => input,
    }
}

fn is_token_byte(byte: u8) -> bool {
    is_alphabet_byte(byte) || byte == b'.'
}

fn foreign_character(token: &[u8], at: usize) -> Failure {
    let shown = match token[at] {
        byte if byte.is_ascii_graphic() => quoted(&char::from(byte).to_string()),
        b' ' => "a space".to_owned(),
        b'\n' | b'\r' => "a line break".to_owned(),
        byte => format!("the byte 0x{byte:02x}"),
    };
    Failure::new(
        Code::TokenCharacter,
        format!(
            "character {} of the token is {shown}, which no token has",
            at + 1
        ),
    )
}
