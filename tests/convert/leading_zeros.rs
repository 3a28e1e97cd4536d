//! Keys with zero octets where a writer may drop them: every member keeps its length through every form.

use openssl::bn::{BigNum, BigNumContext, BigNumRef};
use openssl::ec::{EcGroup, EcPoint};
use openssl::nid::Nid;
use openssl::sha::sha512;
use zeroize::Zeroizing;

use jwks_cli::core::alg::Curve;
use jwks_cli::core::export::{self, SshForm, Structure};
use jwks_cli::core::jwk::{Jwk, Parameters};
use jwks_cli::core::key::{Material, PrivateKey, PublicKey, RsaCrt, Secret};

use crate::support::foreign::{PASSPHRASE, only, read};

const CURVES: [(Curve, Nid); 4] = [
    (Curve::P256, Nid::X9_62_PRIME256V1),
    (Curve::P384, Nid::SECP384R1),
    (Curve::P521, Nid::SECP521R1),
    (Curve::Secp256k1, Nid::SECP256K1),
];

fn secret(octets: &[u8]) -> Secret {
    Secret::new(Zeroizing::new(octets.to_vec()))
}

/// So many octets that follow from a seed.
fn seeded(seed: u32, length: usize) -> Vec<u8> {
    let halves = [0, 1].map(|half: u8| sha512(&[&seed.to_be_bytes()[..], &[half]].concat()));
    halves.concat()[..length].to_vec()
}

fn ec(curve: Curve, group: &EcGroup, d: &[u8]) -> Option<Material> {
    let length = curve.coordinate_bytes();
    let mut context = BigNumContext::new().ok()?;
    let scalar = BigNum::from_slice(d).ok()?;
    let mut order = BigNum::new().ok()?;
    group.order(&mut order, &mut context).ok()?;
    if scalar >= order || scalar.num_bits() == 0 {
        return None;
    }
    let mut point = EcPoint::new(group).ok()?;
    point.mul_generator2(group, &scalar, &mut context).ok()?;
    let (mut x, mut y) = (BigNum::new().ok()?, BigNum::new().ok()?);
    point
        .affine_coordinates(group, &mut x, &mut y, &mut context)
        .ok()?;
    let octets = |number: &BigNum| number.to_vec_padded(i32::try_from(length).ok()?).ok();
    let (x, y) = (octets(&x)?, octets(&y)?);
    Some(Material::Pair(
        PublicKey::Ec { curve, x, y },
        PrivateKey::Ec { d: secret(d) },
    ))
}

/// The first key of a seeded sequence with a zero octet at the start of x, of y and of d.
fn ec_keys(curve: Curve, nid: Nid) -> [Material; 3] {
    let length = curve.coordinate_bytes();
    let group = EcGroup::from_curve_name(nid).expect("a group");
    let first = |wanted: fn(&[u8], &[u8], &[u8]) -> bool, zeros: usize| {
        let mut seeds = 0..10_000;
        seeds.find_map(|seed| {
            let mut d = seeded(seed, length);
            d[..zeros].fill(0);
            // The field of P-521 has one bit in its first octet.
            if curve == Curve::P521 {
                d[0] &= 1;
            }
            let material = ec(curve, &group, &d)?;
            let Material::Pair(PublicKey::Ec { x, y, .. }, _) = &material else {
                return None;
            };
            wanted(x, y, &d).then_some(material)
        })
    };
    // Of P-521 the octet after that one, so that a dropped zero shows.
    let keys = match curve {
        Curve::P521 => [
            first(|x, _, _| x[..2] == [0, 0], 0),
            first(|_, y, _| y[..2] == [0, 0], 0),
            first(|_, _, d| d[..3] == [0, 0, 0], 3),
        ],
        _ => [
            first(|x, _, _| x[0] == 0, 0),
            first(|_, y, _| y[0] == 0, 0),
            first(|_, _, d| d[..2] == [0, 0], 2),
        ],
    };
    keys.map(|key| key.expect("a key in ten thousand"))
}

/// The first primes from seeds; short ones, which are quickly found.
fn primes(count: usize) -> Vec<BigNum> {
    let mut context = BigNumContext::new().expect("a context");
    let mut primes = Vec::new();
    for seed in 0.. {
        let mut octets = seeded(seed, 64);
        octets[0] |= 0xc0;
        octets[63] |= 1;
        let number = BigNum::from_slice(&octets).expect("a number");
        if number
            .is_prime_fasttest(32, &mut context, true)
            .expect("a test")
        {
            primes.push(number);
        }
        if primes.len() == count {
            break;
        }
    }
    primes
}

/// The RSA key of two primes with this exponent; none when that has no inverse.
fn rsa(p: &BigNumRef, q: &BigNumRef, e: u32) -> Option<(Material, [usize; 4])> {
    let mut context = BigNumContext::new().ok()?;
    let e = BigNum::from_u32(e).ok()?;
    let less = |prime: &BigNumRef| {
        let mut less = prime.to_owned().ok()?;
        less.sub_word(1).ok()?;
        Some(less)
    };
    let (p_less, q_less) = (less(p)?, less(q)?);
    let mut order = BigNum::new().ok()?;
    order.checked_mul(&p_less, &q_less, &mut context).ok()?;
    let mut inverse = |number: &BigNumRef, modulus: &BigNumRef| {
        let mut inverse = BigNum::new().ok()?;
        inverse.mod_inverse(number, modulus, &mut context).ok()?;
        Some(inverse)
    };
    let (d, qi) = (inverse(&e, &order)?, inverse(q, p)?);
    let (dp, dq) = (inverse(&e, &p_less)?, inverse(&e, &q_less)?);
    let mut n = BigNum::new().ok()?;
    n.checked_mul(p, q, &mut context).ok()?;
    let lengths = [&d, &dp, &dq, &qi].map(|number| number.to_vec().len());
    let own = |number: &BigNumRef| secret(&number.to_vec());
    let crt = RsaCrt {
        p: own(p),
        q: own(q),
        dp: own(&dp),
        dq: own(&dq),
        qi: own(&qi),
    };
    let public = PublicKey::Rsa {
        n: n.to_vec(),
        e: e.to_vec(),
    };
    let private = PrivateKey::Rsa {
        d: own(&d),
        crt: Some(Box::new(crt)),
    };
    Some((Material::Pair(public, private), lengths))
}

/// RSA keys of which d, dp, dq and qi are shorter than they could be.
fn rsa_keys() -> [Material; 4] {
    let primes = primes(24);
    let (p, q) = (&primes[0], &primes[1]);
    let short = |place: usize, full: usize| {
        let mut exponents = (65_537..80_000).step_by(2);
        exponents.find_map(|e| rsa(p, q, e).filter(|(_, lengths)| lengths[place] < full))
    };
    let pairs = || {
        primes
            .iter()
            .flat_map(|p| primes.iter().map(move |q| (p, q)))
    };
    let short_qi = pairs()
        .filter(|(p, q)| p != q)
        .find_map(|(p, q)| rsa(p, q, 65_537).filter(|(_, lengths)| lengths[3] < 64));
    [short(0, 128), short(1, 64), short(2, 64), short_qi].map(|key| key.expect("such a key").0)
}

/// Every form that can hold the key, in which it is then the same.
fn round_trip(material: &Material) {
    let name = material.description();
    let mut forms = 0;
    let mut same = |document: &[u8]| {
        let again = only(read(document).unwrap_or_else(|fault| panic!("{name}: {fault}")));
        assert!(again == *material, "{name}");
        forms += 1;
    };
    for structure in [Structure::Pkcs8, Structure::Traditional] {
        let encoded = export::der(material, structure).expect("DER");
        same(&encoded.der);
        same(encoded.to_pem().as_bytes());
    }
    let encrypted = export::encrypted_der(material, PASSPHRASE.as_bytes()).expect("DER");
    same(&encrypted.der);
    // Encrypted it holds the same octets.
    if let Ok(text) = export::ssh(material, SshForm::Private(None), "") {
        same(text.as_bytes());
    }
    let jwk = Jwk::from_material(material.clone(), Parameters::default());
    let text = jwk.members().to_json();
    let set = jwks_cli::core::jwks::JwkSet::read(text.as_bytes()).expect("a set");
    let entry = set.entries().only().expect("a key");
    assert!(entry.jwk().expect("a key").material() == material, "{name}");
    // The public half, which has forms of its own.
    let public = Material::Public(material.public().expect("a public half").clone());
    let encoded = export::der(&public, Structure::Pkcs8).expect("DER");
    assert!(only(read(&encoded.der).expect("a key")) == public);
    if let Ok(line) = export::ssh(&public, SshForm::Public, "") {
        assert!(only(read(line.as_bytes()).expect("a key")) == public);
    }
    assert!(forms >= 5);
}

#[test]
fn coordinates_and_scalars_that_begin_with_zeros_stay_as_they_are() {
    for (curve, nid) in CURVES {
        for material in &ec_keys(curve, nid) {
            round_trip(material);
        }
    }
}

#[test]
fn numbers_of_rsa_that_are_short_stay_as_they_are() {
    for material in &rsa_keys() {
        round_trip(material);
    }
}
