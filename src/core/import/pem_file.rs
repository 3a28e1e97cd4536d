//! Files of PEM blocks.

use super::certificates::{Found, assemble};
use super::der::Form;
use super::work::Protection;
use super::{Fault, Imported, der, ssh_private};
use crate::core::engine::decode;
use crate::core::failure::{quoted, quoted_list};
use crate::core::pem::Block;

/// Most labels of blocks that a message lists.
const LABELS_SHOWN: usize = 4;
/// Most blocks that are told by name when they are passed over.
const PASSED_OVER_SHOWN: usize = 8;

/// What a block holds, by its label (RFC 7468 §4 to §13, and what OpenSSL writes besides).
enum Content {
    Der(Form),
    OpenSshPrivateKey,
    /// Parameters that the key beside them has, too.
    Parameters,
    /// No key, or one of a form that is not read.
    Other,
}

fn content(label: &str) -> Content {
    Content::Der(match label {
        "PRIVATE KEY" => Form::PrivateKeyInfo,
        "ENCRYPTED PRIVATE KEY" => Form::EncryptedPrivateKeyInfo,
        "RSA PRIVATE KEY" => Form::RsaPrivateKey,
        "EC PRIVATE KEY" => Form::EcPrivateKey,
        "PUBLIC KEY" => Form::SubjectPublicKeyInfo,
        "RSA PUBLIC KEY" => Form::RsaPublicKey,
        "CERTIFICATE" | "X509 CERTIFICATE" => Form::Certificate,
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Form::CertificationRequest,
        "PKCS12" => Form::Pfx,
        "OPENSSH PRIVATE KEY" => return Content::OpenSshPrivateKey,
        "EC PARAMETERS" => return Content::Parameters,
        _ => return Content::Other,
    })
}

/// What it is, for a sentence that starts with "it is".
pub(super) fn description(blocks: &[Block<'_>]) -> String {
    let labels: Vec<&str> = blocks.iter().map(|block| block.label).collect();
    format!("a PEM file ({})", quoted_list(&labels, LABELS_SHOWN))
}

/// Reads the keys and the certificates of a file. A block that cannot be read spoils all: nobody is to
/// miss a key without being told.
pub(super) fn read(blocks: &[Block<'_>], passphrase: Option<&[u8]>) -> Result<Imported, Fault> {
    require_little_work(blocks)?;
    let mut found = Vec::new();
    let mut passed_over = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        let name = || match blocks.len() {
            1 => format!("the block {}", quoted(block.label)),
            _ => format!("block {} ({})", index + 1, quoted(block.label)),
        };
        let named = |fault: Fault| fault.of(&name());
        match content(block.label) {
            Content::Der(form) => found.extend(one(block, form, passphrase).map_err(named)?),
            Content::OpenSshPrivateKey => {
                let octets = octets(block).map_err(named)?;
                let key = ssh_private::read(&octets, passphrase).map_err(named)?;
                found.push(Found::Key(key));
            }
            Content::Parameters => {}
            Content::Other => {
                passed_over.push(format!("{}, which is no key that is read,", name()));
            }
        }
    }
    let more = passed_over.len().saturating_sub(PASSED_OVER_SHOWN);
    if more > 0 {
        passed_over.truncate(PASSED_OVER_SHOWN);
        passed_over.push(format!("what is in {more} more blocks"));
    }
    let mut imported = assemble(found)?;
    imported.passed_over.extend(passed_over);
    Ok(imported)
}

fn one(block: &Block<'_>, form: Form, passphrase: Option<&[u8]>) -> Result<Vec<Found>, Fault> {
    if !block.is_encrypted_of_old() {
        return form.require(&octets(block)?, passphrase);
    }
    // What was decrypted could ask for work on the passphrase once more, which nobody has looked up.
    if !matches!(form, Form::RsaPrivateKey | Form::EcPrivateKey) {
        let message =
            "has the header of an encrypted block, which only traditional private keys have";
        return Err(Fault::Unsupported(message.to_owned()));
    }
    let passphrase = passphrase.ok_or(Fault::Locked)?;
    decode::traditional_pem(&block.to_pem(), passphrase)
        .and_then(|der| der::private_key_info(&der))
        .ok_or(Fault::WrongPassphrase)?
        .map(|key| vec![Found::Key(key)])
}

fn octets(block: &Block<'_>) -> Result<zeroize::Zeroizing<Vec<u8>>, Fault> {
    block
        .decode()
        .map_err(|fault| Fault::Malformed(fault.to_string()))
}

/// All blocks together: each alone could be bearable.
fn require_little_work(blocks: &[Block<'_>]) -> Result<(), Fault> {
    let mut protection = Protection::default();
    for block in blocks {
        let work: fn(&[u8]) -> Protection = match content(block.label) {
            Content::Der(Form::EncryptedPrivateKeyInfo | Form::Pfx) => Protection::of,
            Content::OpenSshPrivateKey => ssh_private::protection,
            _ => continue,
        };
        if let Ok(octets) = block.decode() {
            protection.add(work(&octets));
        }
    }
    if protection.is_excessive() {
        return Err(Fault::TooMuchWork);
    }
    Ok(())
}
