//! OpenSSH private keys (OpenSSH's PROTOCOL.key).
//!
//! The frame is read here: the crate that reads the rest takes no scalar that is shorter than its field,
//! which one key in 256 has.

use ssh_key::{Cipher, Kdf};
use zeroize::Zeroizing;

use super::ssh_public::point;
use super::work::Protection;
use super::{Fault, ImportedKey};
use crate::core::alg::Curve;
use crate::core::engine;
use crate::core::failure::{Code, Failure, quoted};
use crate::core::key::{Material, PrivateKey, PublicKey, Secret, minimal};

const MAGIC: &[u8] = b"openssh-key-v1\0";

/// How long its passphrase is to be worked on.
pub(super) fn protection(octets: &[u8]) -> Protection {
    let rounds = || {
        let mut frame = Reader(octets.strip_prefix(MAGIC)?);
        let (_cipher, kdf) = (frame.text().ok()?, frame.text().ok()?);
        let mut options = Reader(frame.string().ok()?);
        let _salt = options.string().ok().filter(|_| kdf != "none")?;
        options.number().ok()
    };
    Protection::of_rounds(rounds().unwrap_or(0))
}

/// Reads the one key of a file. Whether that takes too much work has been looked up before.
pub(super) fn read(octets: &[u8], passphrase: Option<&[u8]>) -> Result<ImportedKey, Fault> {
    let frame = octets.strip_prefix(MAGIC).ok_or_else(cut_off)?;
    let mut frame = Reader(frame);
    let (cipher, kdf, options) = (frame.text()?, frame.text()?, frame.string()?);
    if frame.number()? != 1 {
        return Err(Fault::Unsupported("holds several keys".to_owned()));
    }
    let public = frame.string()?;
    let content = frame.string()?;
    let content = if cipher == "none" && kdf == "none" {
        Zeroizing::new(content.to_vec())
    } else {
        decrypted(cipher, (kdf, options), content, frame.0, passphrase)?
    };
    let mut content = Reader(&content);
    // Twice the same number: that is how a wrong passphrase shows.
    if content.number()? != content.number()? {
        return Err(Fault::WrongPassphrase);
    }
    let material = material(&mut content)?;
    if material.public() != Some(&public_key(public)?) {
        let message = "the public key outside is not that of the private key inside";
        let failure = Failure::new(Code::PrivatePublicMismatch, message);
        return Err(Fault::Unsound(failure));
    }
    ImportedKey::new(material, None)
}

/// The public half as it stands outside of what is encrypted (RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4).
fn public_key(octets: &[u8]) -> Result<PublicKey, Fault> {
    let mut reader = Reader(octets);
    Ok(match reader.text()? {
        "ssh-ed25519" => PublicKey::Okp {
            curve: Curve::Ed25519,
            x: reader.string()?.to_vec(),
        },
        "ssh-rsa" => {
            let (e, n) = (minimal(reader.positive()?), minimal(reader.positive()?));
            let (n, e) = (n.to_vec(), e.to_vec());
            PublicKey::Rsa { n, e }
        }
        "ecdsa-sha2-nistp256" => ecdsa_public(Curve::P256, &mut reader)?,
        "ecdsa-sha2-nistp384" => ecdsa_public(Curve::P384, &mut reader)?,
        "ecdsa-sha2-nistp521" => ecdsa_public(Curve::P521, &mut reader)?,
        other => return Err(other_type(other)),
    })
}

fn other_type(name: &str) -> Fault {
    Fault::Unsupported(format!("is of type {}, which no JWK holds", quoted(name)))
}

fn cut_off() -> Fault {
    Fault::Malformed("is no OpenSSH private key, or is cut off".to_owned())
}

fn decrypted(
    cipher: &str,
    (kdf, options): (&str, &[u8]),
    content: &[u8],
    tag: &[u8],
    passphrase: Option<&[u8]>,
) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let unknown = |name: &str| {
        Fault::Unsupported(format!(
            "is encrypted with {}, which is not known",
            quoted(name)
        ))
    };
    let parsed = Cipher::new(cipher).map_err(|_| unknown(cipher))?;
    if kdf != "bcrypt" {
        return Err(unknown(kdf));
    }
    let mut options = Reader(options);
    let (salt, rounds) = (options.string()?.to_vec(), options.number()?);
    let passphrase = passphrase.ok_or(Fault::Locked)?;
    let derivation = Kdf::Bcrypt { salt, rounds };
    let (key, iv) = derivation
        .derive_key_and_iv(parsed, passphrase)
        .map_err(|_| cut_off())?;
    let tag = match tag {
        [] => None,
        tag => Some(tag.try_into().map_err(|_| cut_off())?),
    };
    let mut content = Zeroizing::new(content.to_vec());
    parsed
        .decrypt(&key, &iv, &mut content, tag)
        .map_err(|_| Fault::WrongPassphrase)?;
    Ok(content)
}

fn material(content: &mut Reader<'_>) -> Result<Material, Fault> {
    let (public, private) = match content.text()? {
        "ssh-ed25519" => {
            let (x, pair) = (content.string()?, content.string()?);
            // The private half is written with the public one behind it.
            let (d, again) = pair.split_at_checked(32).ok_or_else(cut_off)?;
            if x.len() != 32 || x != again {
                return Err(cut_off());
            }
            let (curve, x) = (Curve::Ed25519, x.to_vec());
            let d = secret(d);
            (PublicKey::Okp { curve, x }, PrivateKey::Okp { d })
        }
        "ssh-rsa" => {
            let (n, e) = (minimal(content.positive()?), minimal(content.positive()?));
            let [d, qi, p, q] =
                [(); 4].map(|()| content.positive().map(|number| secret(minimal(number))));
            let (n, e, d) = (n.to_vec(), e.to_vec(), d?);
            let crt = engine::rsa_crt(&d, p?, q?, qi?).map_err(Fault::Unsound)?;
            let crt = Some(Box::new(crt));
            (PublicKey::Rsa { n, e }, PrivateKey::Rsa { d, crt })
        }
        "ecdsa-sha2-nistp256" => ecdsa(Curve::P256, content)?,
        "ecdsa-sha2-nistp384" => ecdsa(Curve::P384, content)?,
        "ecdsa-sha2-nistp521" => ecdsa(Curve::P521, content)?,
        other => return Err(other_type(other)),
    };
    Ok(Material::Pair(public, private))
}

fn ecdsa(curve: Curve, content: &mut Reader<'_>) -> Result<(PublicKey, PrivateKey), Fault> {
    let public = ecdsa_public(curve, content)?;
    let scalar = minimal(content.positive()?);
    let length = curve.coordinate_bytes();
    let zeros = length.checked_sub(scalar.len()).ok_or_else(cut_off)?;
    let mut padded = Zeroizing::new(vec![0; length]);
    padded[zeros..].copy_from_slice(scalar);
    let d = Secret::new(padded);
    Ok((public, PrivateKey::Ec { d }))
}

fn ecdsa_public(curve: Curve, reader: &mut Reader<'_>) -> Result<PublicKey, Fault> {
    let _name = reader.string()?;
    point(curve, reader.string()?)
}

fn secret(octets: &[u8]) -> Secret {
    Secret::new(Zeroizing::new(octets.to_vec()))
}

/// RFC 4251 §5: strings with their length before them, numbers of 32 bits.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn number(&mut self) -> Result<u32, Fault> {
        let (octets, rest) = self.0.split_first_chunk::<4>().ok_or_else(cut_off)?;
        self.0 = rest;
        Ok(u32::from_be_bytes(*octets))
    }

    fn string(&mut self) -> Result<&'a [u8], Fault> {
        let length = usize::try_from(self.number()?).map_err(|_| cut_off())?;
        let (octets, rest) = self.0.split_at_checked(length).ok_or_else(cut_off)?;
        self.0 = rest;
        Ok(octets)
    }

    fn text(&mut self) -> Result<&'a str, Fault> {
        std::str::from_utf8(self.string()?).map_err(|_| cut_off())
    }

    /// A number of any length that is not negative (mpint).
    fn positive(&mut self) -> Result<&'a [u8], Fault> {
        let octets = self.string()?;
        match octets.first() {
            Some(first) if first & 0x80 == 0 => Ok(octets),
            _ => Err(cut_off()),
        }
    }
}
