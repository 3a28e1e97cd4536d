//! Keys in the forms that other tools write: PEM, DER, PKCS #12, OpenSSH.
//!
//! What a file is, is told by its content. Every private key ends as a PrivateKeyInfo, which is read in
//! one place, and every key that leaves here has passed the checks of [`super::engine::check`].

mod certificates;
mod der;
mod ml_dsa;
mod pem_file;
mod protected;
mod rsa_pss;
mod secret;
mod ssh_private;
mod ssh_public;
#[cfg(test)]
mod tests;
mod work;

use std::fmt;

use zeroize::Zeroizing;

use super::alg::Algorithm;
use super::engine::{self, x509::Certificate};
use super::failure::Failure;
use super::json::RawObject;
use super::jwk::{Jwk, Parameters};
use super::key::{Material, PublicKey};
use super::{base64url, jwks, pem, thumbprint};
use certificates::set_certificates;

pub use secret::{SecretFault, Spelling, secret};
pub use work::is_protected_der;

/// A document of another form, recognized and not yet read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Foreign<'a> {
    /// PEM blocks (RFC 7468), or why they are none.
    Pem(Result<Vec<pem::Block<'a>>, pem::PemFault>),
    /// One value of DER, or of BER: a key, a certificate, a request or a PKCS #12 file.
    Der(&'a [u8]),
    /// Lines of OpenSSH public keys.
    SshPublic(&'a str),
}

/// Why a document of another form cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is not what it seems to be; for a sentence that starts with what it is.
    Malformed(String),
    /// It is something that no JWK holds, or that is not read here.
    Unsupported(String),
    /// It would keep the reader busy for long.
    TooMuchWork,
    /// It is protected, and no passphrase was given.
    Locked,
    /// The passphrase is another, or the file was changed: nobody can tell which.
    WrongPassphrase,
    /// The halves of a private key disagree, or its public half is no sound key.
    Unsound(Failure),
}

impl Fault {
    /// A stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "key-file-malformed",
            Self::Unsupported(_) => "unsupported-key",
            Self::TooMuchWork => "encrypted-keys-malformed",
            Self::Locked => "passphrase-needed",
            Self::WrongPassphrase => "wrong-passphrase",
            Self::Unsound(failure) => failure.code.as_str(),
        }
    }

    /// The fault, told of a part of the document.
    fn of(self, part: &str) -> Self {
        match self {
            Self::Malformed(problem) => Self::Malformed(format!("{part} {problem}")),
            Self::Unsupported(problem) => Self::Unsupported(format!("{part} {problem}")),
            Self::Unsound(mut failure) => {
                failure.message = format!("{part}: {}", failure.message);
                Self::Unsound(failure)
            }
            other => other,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(problem) | Self::Unsupported(problem) => formatter.write_str(problem),
            Self::TooMuchWork => formatter
                .write_str("it asks for more work on the passphrase than anyone should wait for"),
            Self::Locked => formatter.write_str("it is protected by a passphrase"),
            Self::WrongPassphrase => {
                formatter.write_str("the passphrase is wrong, or the file was changed")
            }
            Self::Unsound(failure) => write!(formatter, "{failure}"),
        }
    }
}

/// A key that was read.
pub struct ImportedKey {
    /// Both halves, or the public one.
    pub material: Material,
    /// The algorithm to which its form binds it.
    pub algorithm: Option<&'static Algorithm>,
    /// Its certificate and those above it.
    pub chain: Vec<Certificate>,
}

impl ImportedKey {
    /// A key that stands alone.
    ///
    /// # Errors
    /// [`Fault::Unsound`].
    fn new(material: Material, algorithm: Option<&'static Algorithm>) -> Result<Self, Fault> {
        engine::check(&material).map_err(Fault::Unsound)?;
        Ok(Self {
            material,
            algorithm,
            chain: Vec::new(),
        })
    }

    /// The members of the key as a JWK.
    fn to_members(&self, style: Style) -> RawObject {
        let bound = match self.material.public() {
            Some(PublicKey::Akp { algorithm, .. }) => Some(*algorithm),
            _ => self.algorithm,
        };
        let by_thumbprint = style.is_named && self.material.public().is_some();
        let parameters = Parameters {
            kid: by_thumbprint.then(|| base64url::encode(&thumbprint::sha256(&self.material))),
            alg: bound.map(|row| row.name.to_owned()),
            ..Parameters::default()
        };
        let jwk = Jwk::from_material(self.material.clone(), parameters);
        let mut members = jwk.members().clone();
        if style.has_certificates {
            set_certificates(&mut members, &self.chain);
        }
        members
    }
}

/// What is written of keys that were read.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// They get their thumbprint as `kid`.
    pub is_named: bool,
    /// They keep their certificates, as `x5c`, `x5t` and `x5t#S256`.
    pub has_certificates: bool,
}

/// What a document held.
#[derive(Default)]
pub struct Imported {
    /// The keys, in its order.
    pub keys: Vec<ImportedKey>,
    /// What else was in it and was passed over, for a sentence that ends with "passed over".
    pub passed_over: Vec<String>,
}

impl Imported {
    /// The keys as a JWK Set.
    #[must_use]
    pub fn to_jwks(&self, style: Style) -> Zeroizing<String> {
        let keys: Vec<RawObject> = self.keys.iter().map(|key| key.to_members(style)).collect();
        jwks::document(&keys)
    }
}

impl<'a> Foreign<'a> {
    /// Tells whether `document` is of one of these forms.
    #[must_use]
    pub fn recognize(document: &'a [u8]) -> Option<Self> {
        if work::is_one_sequence(document) {
            return Some(Self::Der(document));
        }
        let text = document.trim_ascii();
        if matches!(text.first()?, b'{' | b'[' | b'"') {
            return None;
        }
        match pem::blocks(document) {
            Ok(blocks) if blocks.is_empty() => ssh_public::recognize(text).map(Self::SshPublic),
            blocks => Some(Self::Pem(blocks)),
        }
    }

    /// What it is, for a sentence that starts with "it is".
    #[must_use]
    pub fn description(&self) -> String {
        match self {
            Self::Pem(Ok(blocks)) => pem_file::description(blocks),
            Self::Pem(Err(_)) => "a PEM file that is cut off".to_owned(),
            Self::Der(_) => "a binary file (DER)".to_owned(),
            Self::SshPublic(_) => "an OpenSSH public key".to_owned(),
        }
    }

    /// True when it holds a private key, as far as its outside tells.
    #[must_use]
    pub fn is_private(&self) -> bool {
        match self {
            Self::Pem(Ok(blocks)) => blocks
                .iter()
                .any(|block| block.label.ends_with("PRIVATE KEY")),
            _ => false,
        }
    }

    /// Reads it.
    ///
    /// # Errors
    /// Why it cannot be read; [`Fault::Locked`] when that takes a passphrase and `passphrase` is none.
    pub fn read(&self, passphrase: Option<&[u8]>) -> Result<Imported, Fault> {
        match self {
            Self::Pem(Err(fault)) => Err(Fault::Malformed(fault.to_string())),
            Self::Pem(Ok(blocks)) => pem_file::read(blocks, passphrase),
            Self::Der(der) => der::read(der, passphrase),
            Self::SshPublic(text) => ssh_public::read(text),
        }
    }
}
