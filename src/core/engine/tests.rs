//! The engines against each other, and our checks against the traps of the libraries.

use super::*;
use crate::core::alg::{self, ALGORITHMS, Algorithm};
use crate::core::edwards::{ED25519_ORDER_8, X25519_ORDER_8, is_small_order};
use ::openssl::bn::{BigNum, BigNumContext};

fn shape(algorithm: &'static Algorithm) -> Shape {
    match (algorithm.key_type, algorithm.ml_dsa()) {
        (alg::KeyType::Rsa, _) => Shape::Rsa(2048),
        (alg::KeyType::Oct, _) => Shape::Octets(algorithm.symmetric_bytes),
        (_, Some(parameters)) => Shape::Akp(algorithm, parameters),
        _ => Shape::Curve(algorithm.curves[0]),
    }
}

/// One key for each signing algorithm; RSA keys are slow to make, so the RSA rows share one.
fn keys() -> Vec<(&'static Algorithm, Material)> {
    let rsa = generate(Shape::Rsa(2048)).unwrap();
    let mut keys: Vec<(&'static Algorithm, Material)> = alg::signing()
        .map(|algorithm| match algorithm.key_type {
            alg::KeyType::Rsa => (algorithm, rsa.clone()),
            _ => (algorithm, generate(shape(algorithm)).unwrap()),
        })
        .collect();
    let eddsa = alg::by_name("EdDSA").unwrap();
    keys.push((eddsa, generate(Shape::Curve(Curve::Ed448)).unwrap()));
    keys
}

#[test]
fn what_is_signed_verifies_and_what_is_changed_does_not() {
    for (algorithm, material) in keys() {
        let signature = Signer::new(&material, algorithm)
            .unwrap()
            .sign(b"message")
            .unwrap();
        let verifier = Verifier::new(&material, algorithm).unwrap();
        assert!(
            verifier.verify(b"message", &signature),
            "{}",
            algorithm.name
        );
        assert!(
            !verifier.verify(b"massage", &signature),
            "{}",
            algorithm.name
        );
        assert!(
            !verifier.verify(b"message", &signature[1..]),
            "{}",
            algorithm.name
        );
        assert!(!verifier.verify(b"message", &[]), "{}", algorithm.name);
        let mut longer = signature.clone();
        longer.push(0);
        assert!(!verifier.verify(b"message", &longer), "{}", algorithm.name);
        for at in [0, signature.len() / 2, signature.len() - 1] {
            let mut mutated = signature.clone();
            mutated[at] ^= 1;
            assert!(
                !verifier.verify(b"message", &mutated),
                "{} {at}",
                algorithm.name
            );
        }
        if let Some(bytes) = algorithm.signature_bytes {
            assert_eq!(signature.len(), bytes, "{}", algorithm.name);
        }
    }
}

#[test]
fn a_key_serves_no_algorithm_but_its_own() {
    let keys = keys();
    for (own, material) in &keys {
        for other in ALGORITHMS {
            let fits = other.signs() && other.fits(material.key_type(), material.curve());
            let same_parameters = own.ml_dsa() == other.ml_dsa();
            let long_enough = material.bits() >= other.symmetric_bytes * 8;
            assert_eq!(
                Verifier::new(material, other).is_ok(),
                fits && same_parameters && long_enough,
                "a key of {} with {}",
                own.name,
                other.name
            );
        }
    }
}

/// Both libraries give one verdict on honest and on mutated signatures, for every algorithm that
/// both can verify.
#[test]
fn the_engines_agree() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap()
    };
    for (algorithm, material) in keys() {
        if matches!(algorithm.scheme, Scheme::Hmac(_) | Scheme::MlDsa(_))
            || material.curve() == Some(Curve::Ed448)
        {
            continue;
        }
        let ours = aws_lc::Verifier::new(&material, algorithm).unwrap();
        let theirs = jose::Verifier::new(&material, algorithm).unwrap();
        let signer = Signer::new(&material, algorithm).unwrap();
        for round in 0..24 {
            let message: Vec<u8> = (0..random() % 200)
                .map(|_| random().to_le_bytes()[0])
                .collect();
            let mut signature = signer.sign(&message).unwrap();
            match round % 6 {
                0 => {}
                1 => signature.truncate(random() % signature.len()),
                2 => signature.push(0),
                3 => signature.iter_mut().take(8).for_each(|byte| *byte = 0),
                4 => signature.rotate_left(1),
                _ => {
                    let at = random() % signature.len();
                    signature[at] ^= 1 << (random() % 8);
                }
            }
            let verdict = ours.verify(&message, &signature);
            assert_eq!(
                verdict,
                theirs.verify(&message, &signature),
                "{} round {round}",
                algorithm.name
            );
            assert_eq!(verdict, round % 6 == 0, "{} round {round}", algorithm.name);
        }
    }
}

fn pair(curve: Curve) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    match generate(Shape::Curve(curve)).unwrap() {
        Material::Pair(PublicKey::Ec { x, y, .. }, PrivateKey::Ec { d }) => {
            (x, y, d.expose().to_vec())
        }
        Material::Pair(PublicKey::Okp { x, .. }, PrivateKey::Okp { d }) => {
            (x, Vec::new(), d.expose().to_vec())
        }
        _ => panic!("not a key on a curve"),
    }
}

fn secret(octets: Vec<u8>) -> Secret {
    Secret::new(zeroize::Zeroizing::new(octets))
}

fn code(material: &Material) -> Code {
    check_pair(material).unwrap_err().code
}

#[test]
fn an_ec_key_must_agree_with_itself() {
    let curve = Curve::P256;
    let (x, y, d) = pair(curve);
    let (_, _, foreign) = pair(curve);
    let ec = |x: &[u8], y: &[u8], d: Vec<u8>| {
        let (x, y) = (x.to_vec(), y.to_vec());
        Material::Pair(
            PublicKey::Ec { curve, x, y },
            PrivateKey::Ec { d: secret(d) },
        )
    };
    assert!(check_pair(&ec(&x, &y, d.clone())).is_ok());
    assert_eq!(code(&ec(&x, &y, foreign)), Code::PrivatePublicMismatch);
    assert_eq!(code(&ec(&x, &y, vec![0; 32])), Code::PrivateInconsistent);
    assert_eq!(code(&ec(&x, &y, vec![0xff; 32])), Code::PrivateInconsistent);
    assert_eq!(code(&ec(&y, &x, d.clone())), Code::EcOffCurve);
    assert_eq!(code(&ec(&[0; 32], &[0; 32], d)), Code::EcOffCurve);
    let off = PublicKey::Ec { curve, x: y, y: x };
    let es256 = alg::by_name("ES256").unwrap();
    let failure = Verifier::new(&Material::Public(off), es256).err().unwrap();
    assert_eq!(failure.code, Code::EcOffCurve);
}

#[test]
fn an_okp_key_must_agree_with_itself() {
    for curve in [Curve::Ed25519, Curve::Ed448, Curve::X25519, Curve::X448] {
        let (x, _, d) = pair(curve);
        let (_, _, foreign) = pair(curve);
        let okp = |d: Vec<u8>| {
            let x = x.clone();
            Material::Pair(
                PublicKey::Okp { curve, x },
                PrivateKey::Okp { d: secret(d) },
            )
        };
        assert!(check_pair(&okp(d)).is_ok());
        assert_eq!(code(&okp(foreign)), Code::PrivatePublicMismatch);
    }
}

#[test]
fn an_rsa_key_must_agree_with_itself() {
    let Material::Pair(public, PrivateKey::Rsa { d, crt: Some(crt) }) =
        generate(Shape::Rsa(2048)).unwrap()
    else {
        panic!("not an RSA key");
    };
    let with = |change: &dyn Fn(&mut crate::core::key::RsaCrt)| {
        let mut changed = crt.clone();
        change(&mut changed);
        let private = PrivateKey::Rsa {
            d: d.clone(),
            crt: Some(changed),
        };
        check_pair(&Material::Pair(public.clone(), private))
            .map_err(|failure| failure.member.unwrap())
    };
    let one_more = |own: &Secret| {
        let mut octets = own.expose().to_vec();
        *octets.last_mut().unwrap() ^= 2;
        secret(octets)
    };
    assert_eq!(with(&|_| {}), Ok(()));
    assert_eq!(with(&|crt| crt.p = one_more(&crt.p)), Err("p".into()));
    assert_eq!(with(&|crt| crt.q = one_more(&crt.q)), Err("q".into()));
    assert_eq!(with(&|crt| crt.dp = one_more(&crt.dp)), Err("dp".into()));
    assert_eq!(with(&|crt| crt.dq = one_more(&crt.dq)), Err("dq".into()));
    assert_eq!(with(&|crt| crt.qi = one_more(&crt.qi)), Err("qi".into()));
    assert_eq!(with(&|crt| crt.p = secret(vec![0])), Err("p".into()));
    assert_eq!(
        with(&|crt| {
            crt.p = secret(vec![1]);
            crt.q = secret(vec![1]);
        }),
        Err("p".into())
    );
    let without = |d: Secret| {
        check_pair(&Material::Pair(
            public.clone(),
            PrivateKey::Rsa { d, crt: None },
        ))
    };
    assert!(without(d.clone()).is_ok());
    assert_eq!(
        without(one_more(&d)).unwrap_err().code,
        Code::PrivateInconsistent
    );
}

#[test]
fn an_ml_dsa_key_must_agree_with_its_seed() {
    let algorithm = alg::by_name("ML-DSA-44").unwrap();
    let shape = Shape::Akp(algorithm, algorithm.ml_dsa().unwrap());
    let Material::Pair(public, _) = generate(shape).unwrap() else {
        panic!("not a key pair");
    };
    let seed = secret(vec![7; 32]);
    assert_eq!(
        code(&Material::Pair(public, PrivateKey::Akp { seed })),
        Code::PrivatePublicMismatch
    );
}

#[test]
fn every_public_key_has_a_subject_public_key_info() {
    for (algorithm, material) in keys() {
        let Some(public) = material.public() else {
            continue;
        };
        let der = subject_public_key_info(public).unwrap();
        assert_eq!(der[0], 0x30, "{}", algorithm.name);
        let tail = match public {
            PublicKey::Ec { y: tail, .. } | PublicKey::Okp { x: tail, .. } => tail,
            PublicKey::Akp { public, .. } => public,
            PublicKey::Rsa { e, .. } => e,
        };
        assert!(der.ends_with(tail), "{}", algorithm.name);
    }
}

/// The constants of `edwards`: three doublings of a point with such a y give the neutral element.
/// On -x² + y² = 1 + d·x²·y² (RFC 8032 §5.1): x² = (y² - 1) / (d·y² + 1), and the y of the double
/// is (y² + x²) / (2 + x² - y²).
#[test]
fn the_listed_points_have_order_eight() {
    let mut context = BigNumContext::new().unwrap();
    let number = |text: &str| BigNum::from_dec_str(text).unwrap();
    let prime =
        number("57896044618658097711785492504343953926634992332820282019728792003956564819949");
    let d = number("37095705934669439343138083508754565189542113879843219016388785533085940283555");
    let (one, two) = (number("1"), number("2"));
    for encoded in ED25519_ORDER_8 {
        let big_endian: Vec<u8> = encoded.iter().rev().copied().collect();
        let mut y = BigNum::from_slice(&big_endian).unwrap();
        for doubling in 0..3 {
            assert_ne!(y, one, "the order divides {}", 1 << doubling);
            let new = || BigNum::new().unwrap();
            let (mut square, mut above, mut below, mut x_square) = (new(), new(), new(), new());
            square.mod_sqr(&y, &prime, &mut context).unwrap();
            above.mod_sub(&square, &one, &prime, &mut context).unwrap();
            below.mod_mul(&d, &square, &prime, &mut context).unwrap();
            let mut sum = new();
            sum.mod_add(&below, &one, &prime, &mut context).unwrap();
            let mut inverse = new();
            inverse.mod_inverse(&sum, &prime, &mut context).unwrap();
            x_square
                .mod_mul(&above, &inverse, &prime, &mut context)
                .unwrap();
            let (mut numerator, mut denominator, mut partial) = (new(), new(), new());
            numerator
                .mod_add(&square, &x_square, &prime, &mut context)
                .unwrap();
            partial
                .mod_add(&two, &x_square, &prime, &mut context)
                .unwrap();
            denominator
                .mod_sub(&partial, &square, &prime, &mut context)
                .unwrap();
            let mut inverse = new();
            inverse
                .mod_inverse(&denominator, &prime, &mut context)
                .unwrap();
            y = new();
            y.mod_mul(&numerator, &inverse, &prime, &mut context)
                .unwrap();
        }
        assert_eq!(y, one);
        assert!(is_small_order(Curve::Ed25519, &encoded));
    }
}

#[test]
fn debug_output_of_keys_holds_no_secret() {
    for (algorithm, material) in keys() {
        let shown = format!("{material:?}");
        let secrets: Vec<&[u8]> = match &material {
            Material::Symmetric(secret) => vec![secret.expose()],
            Material::Pair(_, private) => match private {
                PrivateKey::Rsa { d, crt: Some(crt) } => vec![
                    d.expose(),
                    crt.p.expose(),
                    crt.q.expose(),
                    crt.dp.expose(),
                    crt.dq.expose(),
                    crt.qi.expose(),
                ],
                PrivateKey::Rsa { d, .. } | PrivateKey::Ec { d } | PrivateKey::Okp { d } => {
                    vec![d.expose()]
                }
                PrivateKey::Akp { seed } => vec![seed.expose()],
            },
            Material::Public(_) => Vec::new(),
        };
        assert!(!secrets.is_empty(), "{}", algorithm.name);
        for secret in secrets {
            let numbers = format!("{secret:?}");
            let inner = &numbers[1..numbers.len() - 1];
            assert!(!shown.contains(inner), "{}", algorithm.name);
            let encoded = crate::core::base64url::encode(secret);
            assert!(!shown.contains(&encoded), "{}", algorithm.name);
        }
    }
}

/// RFC 7748 §4.1: u = (1 + y) / (1 - y).
#[test]
fn the_points_of_order_eight_on_curve25519_are_those_of_edwards25519() {
    let mut prime = BigNum::from_u32(1).unwrap();
    prime.set_bit(255).unwrap();
    prime.sub_word(20).unwrap();
    let one = BigNum::from_u32(1).unwrap();
    let mut context = BigNumContext::new().unwrap();
    let number = |encoded: &[u8; 32]| {
        let big_endian: Vec<u8> = encoded.iter().rev().copied().collect();
        BigNum::from_slice(&big_endian).unwrap()
    };
    for u in X25519_ORDER_8 {
        let is_image = |y: &[u8; 32], context: &mut BigNumContext| {
            let y = number(y);
            let new = || BigNum::new().unwrap();
            let (mut above, mut below, mut product) = (new(), new(), new());
            above.mod_add(&one, &y, &prime, context).unwrap();
            below.mod_sub(&one, &y, &prime, context).unwrap();
            product
                .mod_mul(&number(&u), &below, &prime, context)
                .unwrap();
            product == above
        };
        assert!(ED25519_ORDER_8.iter().any(|y| is_image(y, &mut context)));
        assert!(is_small_order(Curve::X25519, &u));
    }
}
