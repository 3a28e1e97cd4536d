//! One value of DER: what it is, is found out by reading it.

use pkcs8::PrivateKeyInfoRef;
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::{Decode, Encode, Reader, SliceReader};
use pkcs8::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use super::certificates::{Found, assemble};
use super::protected::{self, Opened};
use super::work::{self, Protection};
use super::{Fault, Imported, ImportedKey, ml_dsa, rsa_pss};
use crate::core::engine::Recognized;
use crate::core::engine::decode::{self, Pfx};
use crate::core::engine::x509::Certificate;
use crate::core::failure::{Code, Failure};
use crate::core::key::{Material, PublicKey};

/// A form of key in DER.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    PrivateKeyInfo,
    EncryptedPrivateKeyInfo,
    RsaPrivateKey,
    EcPrivateKey,
    SubjectPublicKeyInfo,
    RsaPublicKey,
    Certificate,
    CertificationRequest,
    Pfx,
}

impl Form {
    /// In the order in which a file without label is tried: no file is two of them but for the last,
    /// whose outside alone is read.
    const ALL: [Self; 9] = [
        Self::PrivateKeyInfo,
        Self::SubjectPublicKeyInfo,
        Self::RsaPrivateKey,
        Self::EcPrivateKey,
        Self::Certificate,
        Self::CertificationRequest,
        Self::RsaPublicKey,
        Self::EncryptedPrivateKeyInfo,
        Self::Pfx,
    ];

    /// What it is, with its article.
    fn name(self) -> &'static str {
        match self {
            Self::PrivateKeyInfo => "a PKCS #8 private key",
            Self::EncryptedPrivateKeyInfo => "an encrypted PKCS #8 private key",
            Self::RsaPrivateKey => "a PKCS #1 private key",
            Self::EcPrivateKey => "a SEC 1 private key",
            Self::SubjectPublicKeyInfo => "a public key",
            Self::RsaPublicKey => "a PKCS #1 public key",
            Self::Certificate => "a certificate",
            Self::CertificationRequest => "a certificate request",
            Self::Pfx => "a PKCS #12 file",
        }
    }

    /// What `der` is in this form; none when it is of another, or something stands behind it, which
    /// could be a key that nobody would miss.
    pub(super) fn read(
        self,
        der: &[u8],
        passphrase: Option<&[u8]>,
    ) -> Option<Result<Vec<Found>, Fault>> {
        if !work::is_one_sequence(der) {
            return None;
        }
        let one = |key: Result<ImportedKey, Fault>| key.map(|key| vec![Found::Key(key)]);
        Some(match self {
            Self::PrivateKeyInfo => one(private_key_info(der)?),
            Self::SubjectPublicKeyInfo => one(subject_public_key_info(der)?),
            Self::RsaPrivateKey => one(private_key_info(&decode::rsa_private_key(der)?)?),
            Self::EcPrivateKey => one(private_key_info(&decode::ec_private_key(der)?)?),
            Self::RsaPublicKey => one(recognized(decode::rsa_public_key(der)?)),
            Self::Certificate => Ok(vec![Found::Certificate(Certificate::from_der(der)?)]),
            Self::CertificationRequest => one(subject_public_key_info(
                &decode::certification_request(der)?,
            )?),
            Self::EncryptedPrivateKeyInfo => {
                require_encrypted_info(der)?;
                one(encrypted_private_key_info(der, passphrase))
            }
            Self::Pfx => pfx(der, passphrase)?,
        })
    }

    /// [`Form::read`] where the file says that it is of this form.
    pub(super) fn require(
        self,
        der: &[u8],
        passphrase: Option<&[u8]>,
    ) -> Result<Vec<Found>, Fault> {
        let malformed = || Fault::Malformed(format!("is not the DER of {}", self.name()));
        self.read(der, passphrase).ok_or_else(malformed)?
    }
}

/// Reads a file of one value.
pub(super) fn read(der: &[u8], passphrase: Option<&[u8]>) -> Result<Imported, Fault> {
    if Protection::of(der).is_excessive() {
        return Err(Fault::TooMuchWork);
    }
    let found = Form::ALL.iter().find_map(|form| form.read(der, passphrase));
    let unknown = || {
        let message = "it is binary (DER), and neither a key nor a certificate nor a PKCS #12 file";
        Fault::Malformed(message.to_owned())
    };
    assemble(found.ok_or_else(unknown)?.map_err(|fault| fault.of("it"))?)
}

fn recognized(key: Recognized<Material>) -> Result<ImportedKey, Fault> {
    match key {
        Recognized::Key(material) => ImportedKey::new(material, None),
        Recognized::OtherKind => Err(Fault::Unsupported(
            "is a key of a kind that no JWK holds (DSA, Diffie-Hellman or another curve)"
                .to_owned(),
        )),
        Recognized::Unknown => Err(Fault::Unsupported(
            "is a key of a kind that is not known, or with parameters of its own".to_owned(),
        )),
    }
}

pub(super) fn private_key_info(der: &[u8]) -> Option<Result<ImportedKey, Fault>> {
    if let Some(key) = ml_dsa::private_key(der) {
        return Some(key.and_then(|key| ImportedKey::new(key, None)));
    }
    let first_version = without_public_half(der);
    let own = first_version.as_ref().map_or(der, |der| der.as_slice());
    let key = recognized(decode::private_key_info(own)?);
    let key = key.and_then(|key| require_stated_half(der, &key.material).map(|()| key));
    Some(rsa_pss::bound(key, rsa_pss::parameters_of_private(der)))
}

/// As RFC 5208 has it: older releases of OpenSSL read no version that states the public half.
fn without_public_half(der: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut info = PrivateKeyInfoRef::try_from(der).ok()?;
    info.public_key.take()?;
    info.to_der().ok().map(Zeroizing::new)
}

/// RFC 5958 §2: the public half may stand beside the private one, and OpenSSL does not look at it.
fn require_stated_half(der: &[u8], material: &Material) -> Result<(), Fault> {
    let info = PrivateKeyInfoRef::try_from(der).ok();
    let stated = info.and_then(|info| info.public_key);
    let agrees = match (stated.map(|bits| bits.raw_bytes()), material.public()) {
        (Some(stated), Some(PublicKey::Okp { x, .. })) => stated == x,
        (Some([4, point @ ..]), Some(PublicKey::Ec { x, y, .. })) => {
            point.strip_prefix(x.as_slice()) == Some(y)
        }
        _ => true,
    };
    if agrees {
        return Ok(());
    }
    let message = "the public key that stands in it is not that of the private one";
    let failure = Failure::new(Code::PrivatePublicMismatch, message).member("x");
    Err(Fault::Unsound(failure))
}

pub(super) fn subject_public_key_info(der: &[u8]) -> Option<Result<ImportedKey, Fault>> {
    if let Some(key) = ml_dsa::public_key(der) {
        return Some(key.and_then(|key| ImportedKey::new(key, None)));
    }
    let key = recognized(decode::subject_public_key_info(der)?);
    Some(rsa_pss::bound(key, rsa_pss::parameters_of_public(der)))
}

/// An algorithm and octets (RFC 5208 §6); which algorithm is for OpenSSL to know.
fn require_encrypted_info(der: &[u8]) -> Option<()> {
    let mut reader = SliceReader::new(der).ok()?;
    let parts = reader.sequence(|inner: &mut SliceReader<'_>| {
        AlgorithmIdentifierRef::decode(inner)?;
        <&OctetStringRef>::decode(inner)?;
        Ok::<_, pkcs8::der::Error>(())
    });
    parts.ok()
}

fn encrypted_private_key_info(der: &[u8], passphrase: Option<&[u8]>) -> Result<ImportedKey, Fault> {
    let passphrase = passphrase.ok_or(Fault::Locked)?;
    let opened = match protected::open(der, passphrase) {
        Opened::Plain(plain) => Some(plain),
        Opened::WrongPassphrase => None,
        Opened::OtherScheme => decode::encrypted_private_key_info(der, passphrase),
    };
    // A wrong passphrase now and then decrypts to something.
    opened
        .filter(|der| work::is_one_sequence(der))
        .and_then(|der| private_key_info(&der))
        .ok_or(Fault::WrongPassphrase)?
}

fn pfx(der: &[u8], passphrase: Option<&[u8]>) -> Option<Result<Vec<Found>, Fault>> {
    let outside = Protection::of(der);
    let given = passphrase.unwrap_or_default();
    let Ok(text) = std::str::from_utf8(given) else {
        return Some(Err(Fault::WrongPassphrase));
    };
    if text.contains('\0') {
        return Some(Err(Fault::WrongPassphrase));
    }
    // Without passphrase the empty one is tried, which many files have.
    let locked_or_wrong = match passphrase {
        None => Fault::Locked,
        Some(_) => Fault::WrongPassphrase,
    };
    match decode::pfx(der, text) {
        Pfx::NotOne => None,
        // Without a MAC nobody can tell why it does not open, but for what is known to be too weak.
        Pfx::Unreadable if !outside.has_mac && !outside.is_rc2 => Some(Err(locked_or_wrong)),
        Pfx::WrongPassphrase => Some(Err(locked_or_wrong)),
        Pfx::Unreadable => Some(Err(Fault::Unsupported(if outside.is_rc2 {
            "is a PKCS #12 file that is encrypted with RC2, which is too weak to be read: write it anew with \
             a current tool, or with `openssl pkcs12 -legacy -in FILE -nodes`"
                .to_owned()
        } else {
            "is a PKCS #12 file that is protected in a way that is not known".to_owned()
        }))),
        // Another one beside it would not be missed.
        Pfx::Opened(Some(_), _) if outside.keys == 0 => Some(Err(Fault::Unsupported(
            "is a PKCS #12 file whose keys cannot be counted from outside: write it anew with a current tool"
                .to_owned(),
        ))),
        Pfx::Opened(..) if outside.keys > 1 => Some(Err(Fault::Unsupported(format!(
            "is a PKCS #12 file with {} private and secret keys, of which one alone could be read: export each by itself",
            outside.keys
        )))),
        Pfx::Opened(key, certificates) => Some(
            key.map(|key| {
                private_key_info(&key)
                    .unwrap_or_else(|| Err(Fault::Malformed("holds no private key".to_owned())))
            })
            .transpose()
            .map(|key| {
                let certificates = certificates.into_iter().map(Found::Certificate);
                key.map(Found::Key)
                    .into_iter()
                    .chain(certificates)
                    .collect()
            }),
        ),
    }
}
