//! Keys that a passphrase protects: a compact JWE around a JWK or a JWK Set (RFC 7517 §7, RFC 7516
//! §7.1, RFC 7518 §4.8).
//!
//! Everything that a stranger chose is checked before any of it reaches cryptography: the number of
//! parts, the header, the lengths, and how long the passphrase is to be worked on.

mod recognition;

use std::fmt;
use std::num::NonZeroU32;

use zeroize::Zeroizing;

use super::alg::Hash;
use super::base64url;
use super::engine::{self, CONTENT_ENCRYPTIONS, ContentEncryption};
use super::failure::{Failure, quoted};
use super::json::{Node, Object, RawObject, read_strict};
use super::key::Secret;

use recognition::names_keys;

pub use recognition::{is_encrypted_keys, says_keys};

/// Fewest iterations of what is written.
pub(super) const ITERATIONS: u32 = 600_000;
/// Fewer iterations than this protect nothing (RFC 7518 §4.8.1.2).
const FEWEST_ITERATIONS: u32 = 1_000;
/// More than this would keep the reader busy for long (RFC 8725 revision, PBES2).
const MOST_ITERATIONS: u32 = 1_200_000;
/// Octets of the salt that is written.
const SALT: usize = 16;
/// Fewest octets of a salt (RFC 7518 §4.8.1.1), and the most that are read.
const SALT_LENGTHS: std::ops::RangeInclusive<usize> = 8..=1024;
/// What a wrapped key is longer than the key (RFC 3394).
const WRAPPING: usize = 8;

/// A way from a passphrase to the key that wraps the content encryption key.
#[derive(Debug, Clone, Copy)]
struct Derivation {
    name: &'static str,
    hash: Hash,
    /// Octets of the wrapping key.
    key: usize,
}

/// Those of RFC 7518 §4.8.1, all of which are read. The first is the one that is written.
const DERIVATIONS: [Derivation; 3] = [
    Derivation {
        name: "PBES2-HS512+A256KW",
        hash: Hash::Sha512,
        key: 32,
    },
    Derivation {
        name: "PBES2-HS384+A192KW",
        hash: Hash::Sha384,
        key: 24,
    },
    Derivation {
        name: "PBES2-HS256+A128KW",
        hash: Hash::Sha256,
        key: 16,
    },
];

/// The members of a header that are chosen anew for every document; all others are kept.
const CHOSEN_ANEW: [&str; 5] = ["alg", "enc", "p2s", "p2c", "cty"];

/// How a document is to be protected: no weaker than the one that it replaces, and with what else the
/// header of that one says.
#[derive(Clone)]
pub struct Manner {
    iterations: NonZeroU32,
    members: RawObject,
}

impl Default for Manner {
    /// That of a document which replaces none.
    fn default() -> Self {
        Self {
            iterations: NonZeroU32::new(ITERATIONS).unwrap_or(NonZeroU32::MAX),
            members: RawObject::new(),
        }
    }
}

/// Why protected keys cannot be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The document breaks the rules of its form, or asks for what is not done.
    Malformed(String),
    /// The passphrase is another, or a part of the document is: nobody can tell which.
    WrongPassphrase,
}

impl Fault {
    /// A stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "encrypted-keys-malformed",
            Self::WrongPassphrase => "wrong-passphrase",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(problem) => formatter.write_str(problem),
            Self::WrongPassphrase => {
                formatter.write_str("the passphrase is wrong, or the file was changed")
            }
        }
    }
}

/// A document of protected keys whose form is in order.
pub struct EncryptedKeys {
    derivation: Derivation,
    encryption: ContentEncryption,
    salt: Vec<u8>,
    iterations: NonZeroU32,
    /// The members of the header that nothing depends on, RFC 7516 §4.
    members: RawObject,
    /// The protected header as it stands in the document, which is authenticated with the content.
    protected: Vec<u8>,
    encrypted_key: Vec<u8>,
    iv: Vec<u8>,
    ciphertext: Vec<u8>,
    tag: Vec<u8>,
}

impl EncryptedKeys {
    /// Checks the form of a document; white space around it is not part of it.
    ///
    /// # Errors
    /// [`Fault::Malformed`].
    pub fn read(document: &[u8]) -> Result<Self, Fault> {
        let text = document.trim_ascii();
        let parts: Vec<&[u8]> = text.splitn(6, |&byte| byte == b'.').collect();
        let [protected, encrypted_key, iv, ciphertext, tag] = parts[..] else {
            return Err(malformed("it has not the five parts of a compact JWE"));
        };
        let header = part("header", protected)?;
        let node = read_strict(&header)
            .map_err(|error| malformed(format!("its header is not strict JSON: {error}")))?;
        let header = node
            .as_object()
            .ok_or_else(|| malformed("its header is no JSON object"))?;
        refuse_extensions(header)?;
        let mut members = RawObject::of(header);
        members.retain(|name, _| !CHOSEN_ANEW.contains(&name));
        let keys = Self {
            members,
            derivation: *row(header, "alg", &DERIVATIONS, |row| row.name)?,
            encryption: *row(header, "enc", &CONTENT_ENCRYPTIONS, |row| row.name)?,
            salt: salt(header)?,
            iterations: iterations(header)?,
            protected: protected.to_vec(),
            encrypted_key: part("encrypted key", encrypted_key)?.to_vec(),
            iv: part("initialization vector", iv)?.to_vec(),
            ciphertext: part("ciphertext", ciphertext)?.to_vec(),
            tag: part("authentication tag", tag)?.to_vec(),
        };
        keys.require_lengths()?;
        Ok(keys)
    }

    fn require_lengths(&self) -> Result<(), Fault> {
        let encryption = &self.encryption;
        for (name, found, expected) in [
            (
                "encrypted key",
                self.encrypted_key.len(),
                encryption.key + WRAPPING,
            ),
            ("initialization vector", self.iv.len(), encryption.iv),
            ("authentication tag", self.tag.len(), encryption.tag),
        ] {
            if found != expected {
                return Err(malformed(format!(
                    "its {name} has {found} bytes, and {} needs {expected}",
                    encryption.name
                )));
            }
        }
        Ok(())
    }

    /// How a document that takes the place of this one is protected.
    #[must_use]
    pub fn manner(&self) -> Manner {
        let manner = Manner::default();
        Manner {
            iterations: manner.iterations.max(self.iterations),
            members: self.members.clone(),
        }
    }

    /// The keys, as the document that they are.
    ///
    /// # Errors
    /// [`Fault::WrongPassphrase`].
    pub fn open(&self, passphrase: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let wrapping = wrapping_key(self.derivation, passphrase, &self.salt, self.iterations);
        let content = (self.ciphertext.as_slice(), self.tag.as_slice());
        engine::unwrap(&wrapping, &self.encrypted_key)
            .and_then(|key| {
                engine::open(&self.encryption, &key, &self.iv, &self.protected, content)
            })
            .ok_or(Fault::WrongPassphrase)
    }
}

/// Protects documents with a passphrase, which is worked on once.
pub struct Protector {
    wrapping: Secret,
    salt: Vec<u8>,
    manner: Manner,
}

impl Protector {
    /// Works on the passphrase, with a new salt.
    ///
    /// # Errors
    /// The library failed.
    pub fn new(passphrase: &[u8], manner: Manner) -> Result<Self, Failure> {
        let salt = engine::random_octets(SALT)?.expose().to_vec();
        Ok(Self {
            wrapping: wrapping_key(DERIVATIONS[0], passphrase, &salt, manner.iterations),
            salt,
            manner,
        })
    }

    /// The protected form of `document`, with a line break at its end. `content_type` is the media type
    /// of a JWK (`jwk+json`) or of a set (`jwk-set+json`), and says which it is (RFC 7517 §7).
    ///
    /// # Errors
    /// The library failed.
    pub fn protect(&self, document: &[u8], content_type: &str) -> Result<String, Failure> {
        let [encryption, ..] = CONTENT_ENCRYPTIONS;
        let mut header = RawObject::new();
        header.set_string("alg", DERIVATIONS[0].name);
        header.set_string("enc", encryption.name);
        header.set_string("p2s", &base64url::encode(&self.salt));
        header.set_raw("p2c", self.manner.iterations.to_string());
        header.set_string("cty", content_type);
        for (name, value) in self.manner.members.members() {
            header.set_raw(name, value);
        }
        let protected = base64url::encode(header.to_json().as_bytes());
        let key = engine::random_octets(encryption.key)?;
        let mut iv = [0; 12];
        iv.copy_from_slice(engine::random_octets(encryption.iv)?.expose());
        let (ciphertext, tag) = engine::seal(&key, iv, protected.as_bytes(), document)?;
        let encrypted_key = engine::wrap(&self.wrapping, &key)?;
        let parts = [&encrypted_key, iv.as_slice(), &ciphertext, &tag].map(base64url::encode);
        Ok(format!("{protected}.{}\n", parts.join(".")))
    }
}

/// RFC 7518 §4.8.1.1: the salt starts with the name of the algorithm.
fn wrapping_key(
    derivation: Derivation,
    passphrase: &[u8],
    salt: &[u8],
    iterations: NonZeroU32,
) -> Secret {
    let salt = [derivation.name.as_bytes(), &[0], salt].concat();
    engine::derive(
        derivation.hash,
        passphrase,
        &salt,
        iterations,
        derivation.key,
    )
}

fn malformed(problem: impl Into<String>) -> Fault {
    Fault::Malformed(problem.into())
}

fn part(name: &str, text: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
    base64url::decode(text)
        .map_err(|fault| malformed(format!("its {name} is not canonical base64url: {fault}")))
}

/// What changes the meaning of a JWE and is not done here.
fn refuse_extensions(header: &Object<'_>) -> Result<(), Fault> {
    for name in ["crit", "zip", "b64"] {
        if header.get(name).is_some() {
            return Err(malformed(format!(
                "its header has \"{name}\", which is not understood"
            )));
        }
    }
    let Some(content_type) = header.get("cty") else {
        return Ok(());
    };
    if names_keys(content_type) {
        Ok(())
    } else {
        Err(malformed("its \"cty\" names no keys"))
    }
}

fn row<'t, T>(
    header: &Object<'_>,
    member: &str,
    table: &'t [T],
    name: impl Fn(&T) -> &'static str,
) -> Result<&'t T, Fault> {
    let wanted = header
        .get(member)
        .and_then(Node::as_str)
        .ok_or_else(|| malformed(format!("its header has no string \"{member}\"")))?;
    table.iter().find(|row| name(row) == wanted).ok_or_else(|| {
        let names: Vec<&str> = table.iter().map(name).collect();
        malformed(format!(
            "its \"{member}\" is {}, not one of {}",
            quoted(wanted),
            names.join(", ")
        ))
    })
}

fn salt(header: &Object<'_>) -> Result<Vec<u8>, Fault> {
    let text = header.get("p2s").and_then(Node::as_str);
    let text = text.ok_or_else(|| malformed("its header has no string \"p2s\""))?;
    let salt = part("salt (\"p2s\")", text.as_bytes())?;
    if !SALT_LENGTHS.contains(&salt.len()) {
        return Err(malformed(format!(
            "its salt (\"p2s\") has {} bytes, not {} to {}",
            salt.len(),
            SALT_LENGTHS.start(),
            SALT_LENGTHS.end()
        )));
    }
    Ok(salt.to_vec())
}

fn iterations(header: &Object<'_>) -> Result<NonZeroU32, Fault> {
    let number = header.get("p2c").and_then(Node::as_number);
    number
        .and_then(|number| number.parse::<u32>().ok())
        .filter(|count| (FEWEST_ITERATIONS..=MOST_ITERATIONS).contains(count))
        .and_then(NonZeroU32::new)
        .ok_or_else(|| {
            malformed(format!(
                "its iteration count (\"p2c\") is no whole number from {FEWEST_ITERATIONS} to {MOST_ITERATIONS}"
            ))
        })
}

#[cfg(test)]
mod tests;
