//! Secrets that are nothing but octets, for symmetric keys.

use std::fmt;

use zeroize::Zeroizing;

use crate::core::hexadecimal;
use crate::core::key::{Material, Secret};

/// How a file spells a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// The octets themselves, every one.
    Raw,
    /// Hexadecimal digits.
    Hexadecimal,
    /// base64 or base64url, with padding or without.
    Base64,
}

/// Why a file is no secret of that spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretFault {
    /// There is nothing in it.
    Empty,
    /// It is not spelled so.
    Misspelled(Spelling),
}

impl fmt::Display for SecretFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Empty => "it is empty",
            Self::Misspelled(Spelling::Hexadecimal) => "it is not hexadecimal",
            Self::Misspelled(_) => "it is neither base64 nor base64url",
        })
    }
}

/// The symmetric key that a file spells. White space around and between is no part of it, unless the
/// octets are the secret themselves.
///
/// # Errors
/// [`SecretFault`].
pub fn secret(document: &[u8], spelling: Spelling) -> Result<Material, SecretFault> {
    let mut text = Zeroizing::new(Vec::with_capacity(document.len()));
    match spelling {
        Spelling::Raw => text.extend_from_slice(document),
        Spelling::Hexadecimal | Spelling::Base64 => {
            text.extend(document.iter().filter(|byte| !byte.is_ascii_whitespace()));
        }
    }
    let octets = match spelling {
        Spelling::Raw => Some(text),
        Spelling::Hexadecimal => hexadecimal::decode(&text).map(Zeroizing::new),
        Spelling::Base64 => base64(text),
    };
    let octets = octets.ok_or(SecretFault::Misspelled(spelling))?;
    if octets.is_empty() {
        return Err(SecretFault::Empty);
    }
    Ok(Material::Symmetric(Secret::new(octets)))
}

fn base64(mut text: Zeroizing<Vec<u8>>) -> Option<Zeroizing<Vec<u8>>> {
    while text.ends_with(b"=") {
        text.pop();
    }
    for byte in text.iter_mut() {
        match byte {
            b'+' => *byte = b'-',
            b'/' => *byte = b'_',
            _ => {}
        }
    }
    crate::core::base64url::decode(text.as_slice()).ok()
}
