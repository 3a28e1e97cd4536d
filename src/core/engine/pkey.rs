//! OpenSSL's keys and ours: from one to the other, number by number.

use openssl::bn::{BigNum, BigNumContext, BigNumRef};
use openssl::ec::{EcKey, EcKeyRef, EcPoint};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{HasPublic, Id, PKey, PKeyRef, Private};
use openssl::rsa::{Rsa, RsaPrivateKeyBuilder};
use zeroize::Zeroizing;

use super::openssl::{group, okp_id, point};
use super::{Curve, Material, PrivateKey, PublicKey, Secret};
use crate::core::key::RsaCrt;

/// What a key of OpenSSL is to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recognized<K> {
    /// One that a JWK can hold.
    Key(K),
    /// One of a kind that no JWK holds.
    OtherKind,
    /// One of a kind that this OpenSSL does not know, and a JWK perhaps can hold.
    Unknown,
}

/// The public half of a key.
pub(super) fn public_key<T: HasPublic>(
    key: &PKeyRef<T>,
) -> Result<Recognized<PublicKey>, ErrorStack> {
    let octets = |curve| {
        let x = key.raw_public_key()?;
        Ok(Recognized::Key(PublicKey::Okp { curve, x }))
    };
    match key.id() {
        Id::RSA | Id::RSA_PSS => {
            let rsa = key.rsa()?;
            Ok(Recognized::Key(PublicKey::Rsa {
                n: rsa.n().to_vec(),
                e: rsa.e().to_vec(),
            }))
        }
        Id::EC => ec_public_key(&*key.ec_key()?),
        Id::ED25519 => octets(Curve::Ed25519),
        Id::ED448 => octets(Curve::Ed448),
        Id::X25519 => octets(Curve::X25519),
        Id::X448 => octets(Curve::X448),
        Id::DSA | Id::DH | Id::DHX | Id::SM2 => Ok(Recognized::OtherKind),
        _ => Ok(Recognized::Unknown),
    }
}

fn ec_public_key<T: HasPublic>(key: &EcKeyRef<T>) -> Result<Recognized<PublicKey>, ErrorStack> {
    let curve = match key.group().curve_name() {
        Some(Nid::X9_62_PRIME256V1) => Curve::P256,
        Some(Nid::SECP384R1) => Curve::P384,
        Some(Nid::SECP521R1) => Curve::P521,
        Some(Nid::SECP256K1) => Curve::Secp256k1,
        Some(_) => return Ok(Recognized::OtherKind),
        // Its parameters are written out, and may be those of a curve with a name.
        None => return Ok(Recognized::Unknown),
    };
    let mut context = BigNumContext::new()?;
    let (mut x, mut y) = (BigNum::new()?, BigNum::new()?);
    let point = key.public_key();
    point.affine_coordinates(key.group(), &mut x, &mut y, &mut context)?;
    Ok(Recognized::Key(PublicKey::Ec {
        curve,
        x: x.to_vec_padded(padded_length(curve))?,
        y: y.to_vec_padded(padded_length(curve))?,
    }))
}

/// Both halves of a key.
pub(super) fn material(key: &PKeyRef<Private>) -> Result<Recognized<Material>, ErrorStack> {
    let public = match public_key(key)? {
        Recognized::Key(public) => public,
        Recognized::OtherKind => return Ok(Recognized::OtherKind),
        Recognized::Unknown => return Ok(Recognized::Unknown),
    };
    let private = match &public {
        PublicKey::Rsa { .. } => rsa_private_key(&key.rsa()?),
        PublicKey::Ec { curve, .. } => {
            let scalar = key.ec_key()?;
            let d = scalar.private_key().to_vec_padded(padded_length(*curve))?;
            let d = Secret::new(Zeroizing::new(d));
            PrivateKey::Ec { d }
        }
        PublicKey::Okp { .. } => {
            let d = Secret::new(Zeroizing::new(key.raw_private_key()?));
            PrivateKey::Okp { d }
        }
        PublicKey::Akp { .. } => return Ok(Recognized::Unknown),
    };
    Ok(Recognized::Key(Material::Pair(public, private)))
}

fn padded_length(curve: Curve) -> i32 {
    i32::try_from(curve.coordinate_bytes()).unwrap_or(i32::MAX)
}

fn rsa_private_key(key: &Rsa<Private>) -> PrivateKey {
    let secret = |number: &BigNumRef| Secret::new(Zeroizing::new(number.to_vec()));
    let numbers = [key.p(), key.q(), key.dmp1(), key.dmq1(), key.iqmp()];
    let crt = match numbers.map(|number| number.map(secret)) {
        [Some(p), Some(q), Some(dp), Some(dq), Some(qi)] => {
            Some(Box::new(RsaCrt { p, q, dp, dq, qi }))
        }
        _ => None,
    };
    PrivateKey::Rsa {
        d: secret(key.d()),
        crt,
    }
}

/// OpenSSL's key of both halves; an RSA key has its primes.
pub(super) fn private(
    public: &PublicKey,
    private: &PrivateKey,
) -> Result<Option<PKey<Private>>, ErrorStack> {
    match (public, private) {
        (PublicKey::Rsa { .. }, PrivateKey::Rsa { d, crt: Some(crt) }) => {
            rsa(public, d, crt)?.map(PKey::from_rsa).transpose()
        }
        (PublicKey::Ec { curve, x, y }, PrivateKey::Ec { d }) => {
            PKey::from_ec_key(ec(*curve, x, y, d)?).map(Some)
        }
        (PublicKey::Okp { curve, .. }, PrivateKey::Okp { d }) => {
            PKey::private_key_from_raw_bytes(d.expose(), okp_id(*curve)).map(Some)
        }
        _ => Ok(None),
    }
}

/// OpenSSL's RSA key; none when `public` is none.
pub(super) fn rsa(
    public: &PublicKey,
    d: &Secret,
    crt: &RsaCrt,
) -> Result<Option<Rsa<Private>>, ErrorStack> {
    let PublicKey::Rsa { n, e } = public else {
        return Ok(None);
    };
    let number = |secret: &Secret| BigNum::from_slice(secret.expose());
    let (n, e) = (BigNum::from_slice(n)?, BigNum::from_slice(e)?);
    let key = RsaPrivateKeyBuilder::new(n, e, number(d)?)?
        .set_factors(number(&crt.p)?, number(&crt.q)?)?
        .set_crt_params(number(&crt.dp)?, number(&crt.dq)?, number(&crt.qi)?)?
        .build();
    Ok(Some(key))
}

/// OpenSSL's EC key.
pub(super) fn ec(
    curve: Curve,
    x: &[u8],
    y: &[u8],
    d: &Secret,
) -> Result<EcKey<Private>, ErrorStack> {
    let group = group(curve)?;
    let mut context = BigNumContext::new()?;
    let public: EcPoint = point(curve, x, y, &mut context)?;
    let scalar = BigNum::from_slice(d.expose())?;
    EcKey::from_private_components(group, &scalar, &public)
}
