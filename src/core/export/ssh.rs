//! OpenSSH's forms of a key (OpenSSH's PROTOCOL.key, RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709).

use ssh_key::public::{EcdsaPublicKey, Ed25519PublicKey, KeyData, RsaPublicKey};
use ssh_key::{Cipher, Kdf, Mpint, PublicKey as SshPublicKey};
use zeroize::Zeroizing;

use super::unsupported;
use crate::core::alg::Curve;
use crate::core::engine;
use crate::core::failure::{Code, Failure};
use crate::core::key::{Material, PrivateKey, PublicKey, minimal};
use crate::core::pem;

/// Rounds of bcrypt_pbkdf: four times what `ssh-keygen` takes.
const ROUNDS: u32 = 96;
/// Octets of the salt.
const SALT: usize = 16;
/// What is not encrypted is padded to blocks of this length all the same.
const UNENCRYPTED_BLOCK: usize = 8;

/// What is written of a key.
#[derive(Clone, Copy)]
pub enum SshForm<'p> {
    /// A line for `authorized_keys`.
    Public,
    /// The private key, under this passphrase if there is one.
    Private(Option<&'p [u8]>),
}

/// The key for OpenSSH, with a comment, and a line break at the end.
///
/// # Errors
/// [`Code::UnsupportedKey`]: OpenSSH has no such keys.
pub fn ssh(
    material: &Material,
    form: SshForm<'_>,
    comment: &str,
) -> Result<Zeroizing<String>, Failure> {
    // A comment ends with its line.
    let comment: String = comment.chars().filter(|char| !char.is_control()).collect();
    match (material, form) {
        (Material::Pair(public, private), SshForm::Private(passphrase)) => {
            private_key(public, private, passphrase, &comment)
        }
        (Material::Public(public) | Material::Pair(public, _), _) => {
            let key = SshPublicKey::new(public_data(public)?, comment);
            let line = key.to_openssh().map_err(|_| not_encoded())?;
            Ok(Zeroizing::new(line + "\n"))
        }
        (Material::Symmetric(_), _) => Err(none_such("a symmetric key")),
    }
}

fn public_data(public: &PublicKey) -> Result<KeyData, Failure> {
    Ok(match public {
        PublicKey::Rsa { n, e } => KeyData::Rsa(rsa_public(n, e)?),
        PublicKey::Ec { curve, x, y } => KeyData::Ecdsa(ecdsa_public(*curve, x, y)?),
        PublicKey::Okp {
            curve: Curve::Ed25519,
            x,
        } => KeyData::Ed25519(ed25519_public(x)?),
        PublicKey::Okp { curve, .. } => {
            return Err(none_such(&format!("a key on {}", curve.name())));
        }
        PublicKey::Akp { algorithm, .. } => {
            return Err(none_such(&format!("a key of {}", algorithm.name)));
        }
    })
}

fn private_key(
    public: &PublicKey,
    private: &PrivateKey,
    passphrase: Option<&[u8]>,
    comment: &str,
) -> Result<Zeroizing<String>, Failure> {
    let key = SshPublicKey::from(public_data(public)?);
    let key = key.to_bytes().map_err(|_| not_encoded())?;
    let mut content = Frame::with_capacity(8 * 1024);
    // Twice the same number, by which a wrong passphrase shows.
    let check = engine::random_octets(4)?;
    content.octets(check.expose());
    content.octets(check.expose());
    match (public, &super::with_primes(public, private)?) {
        (PublicKey::Rsa { n, e }, PrivateKey::Rsa { d, crt: Some(crt) }) => {
            content.string(b"ssh-rsa");
            for number in [
                n,
                e,
                d.expose(),
                crt.qi.expose(),
                crt.p.expose(),
                crt.q.expose(),
            ] {
                content.number(number);
            }
        }
        (PublicKey::Okp { x, .. }, PrivateKey::Okp { d }) => {
            content.string(b"ssh-ed25519");
            content.string(x);
            content.string(&Zeroizing::new([d.expose(), x].concat()));
        }
        (PublicKey::Ec { .. }, PrivateKey::Ec { d }) => {
            // Type, curve and point stand in the public key as they do here.
            content.octets(&key);
            content.number(d.expose());
        }
        _ => return Err(not_encoded()),
    }
    content.string(comment.as_bytes());
    framed(&key, content, passphrase)
}

/// The key with its frame, as PEM.
fn framed(
    public: &[u8],
    mut content: Frame,
    passphrase: Option<&[u8]>,
) -> Result<Zeroizing<String>, Failure> {
    let cipher = passphrase.map(|_| Cipher::Aes256Ctr);
    content.pad(cipher.map_or(UNENCRYPTED_BLOCK, Cipher::block_size));
    let mut frame = Frame::with_capacity(16 * 1024);
    frame.octets(b"openssh-key-v1\0");
    frame.string(cipher.map_or("none", |cipher| cipher.as_str()).as_bytes());
    if let (Some(cipher), Some(passphrase)) = (cipher, passphrase) {
        let salt = engine::random_octets(SALT)?.expose().to_vec();
        let mut options = Frame::with_capacity(SALT + 8);
        options.string(&salt);
        options.octets(&ROUNDS.to_be_bytes());
        frame.string(b"bcrypt");
        frame.string(&options.0);
        let kdf = Kdf::Bcrypt {
            salt,
            rounds: ROUNDS,
        };
        let failed = |_| not_encoded();
        let (key, iv) = kdf.derive_key_and_iv(cipher, passphrase).map_err(failed)?;
        let sealed = cipher.encrypt(&key, &iv, &mut content.0);
        sealed.map_err(|_| not_encoded())?;
    } else {
        frame.string(b"none");
        frame.string(b"");
    }
    frame.octets(&1_u32.to_be_bytes());
    frame.string(public);
    frame.string(&content.0);
    Ok(pem::encode("OPENSSH PRIVATE KEY", &frame.0))
}

/// RFC 4251 §5: strings with their length before them. Wiped on drop.
struct Frame(Zeroizing<Vec<u8>>);

impl Frame {
    /// With room for the whole: growing would leave copies of secrets behind.
    fn with_capacity(octets: usize) -> Self {
        Self(Zeroizing::new(Vec::with_capacity(octets)))
    }

    fn octets(&mut self, octets: &[u8]) {
        self.0.extend_from_slice(octets);
    }

    fn string(&mut self, octets: &[u8]) {
        let length = u32::try_from(octets.len()).unwrap_or(u32::MAX);
        self.octets(&length.to_be_bytes());
        self.octets(octets);
    }

    /// A number that is not negative, in as few octets as can be (mpint).
    fn number(&mut self, octets: &[u8]) {
        let number = minimal(octets);
        let sign: &[u8] = match number.first() {
            Some(first) if first & 0x80 != 0 => &[0],
            _ => &[],
        };
        let length = u32::try_from(sign.len() + number.len()).unwrap_or(u32::MAX);
        self.octets(&length.to_be_bytes());
        self.octets(sign);
        self.octets(number);
    }

    /// 1, 2, 3 … up to whole blocks.
    fn pad(&mut self, block: usize) {
        for number in 1_u8.. {
            if self.0.len().is_multiple_of(block) {
                break;
            }
            self.0.push(number);
        }
    }
}

fn rsa_public(n: &[u8], e: &[u8]) -> Result<RsaPublicKey, Failure> {
    Ok(RsaPublicKey {
        e: number(e)?,
        n: number(n)?,
    })
}

fn number(octets: &[u8]) -> Result<Mpint, Failure> {
    Mpint::from_positive_bytes(octets).map_err(|_| not_encoded())
}

fn ed25519_public(x: &[u8]) -> Result<Ed25519PublicKey, Failure> {
    x.try_into()
        .map(Ed25519PublicKey)
        .map_err(|_| not_encoded())
}

fn ecdsa_public(curve: Curve, x: &[u8], y: &[u8]) -> Result<EcdsaPublicKey, Failure> {
    if curve == Curve::Secp256k1 {
        return Err(none_such("a key on secp256k1"));
    }
    EcdsaPublicKey::from_sec1_bytes(&[&[4], x, y].concat()).map_err(|_| not_encoded())
}

fn none_such(what: &str) -> Failure {
    unsupported(
        &format!("OpenSSH has no form for {what}"),
        "it takes RSA, Ed25519 and EC keys on P-256, P-384 and P-521",
    )
}

fn not_encoded() -> Failure {
    Failure::new(
        Code::UnsupportedKey,
        "the key could not be written for OpenSSH",
    )
}
