//! How long a passphrase would be worked on is told from the outside of a file, however it is written.

use super::{value, value_of_unknown_length};
use crate::core::engine;
use crate::core::import::work::{Protection, is_one_sequence, is_protected_der};

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const OCTETS_IN_PIECES: u8 = 0x24;
const OID: u8 = 0x06;
const EXPLICIT: u8 = 0xa0;

const PBES2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];
const PBKDF2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c];
const SCRYPT: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b];
const PBE_3DES: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, 0x03];
const PBE_RC2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, 0x06];
const BAG: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01];

type Encoding = fn(u8, &[u8]) -> Vec<u8>;

const ENCODINGS: [Encoding; 2] = [value, value_of_unknown_length];

fn number(number: u64) -> Vec<u8> {
    let digits = [&[0], &number.to_be_bytes()[..]].concat();
    value(INTEGER, &digits)
}

fn algorithm(of: Encoding, oid: &[u8], parameters: &[Vec<u8>]) -> Vec<u8> {
    let parameters = of(SEQUENCE, &parameters.concat());
    of(SEQUENCE, &[value(OID, oid), parameters].concat())
}

/// An EncryptedPrivateKeyInfo.
fn encrypted(of: Encoding, iterations: u64) -> Vec<u8> {
    let kdf = algorithm(of, PBKDF2, &[value(OCTETS, &[7; 16]), number(iterations)]);
    let scheme = algorithm(of, PBES2, &[kdf]);
    of(SEQUENCE, &[scheme, value(OCTETS, &[1; 40])].concat())
}

/// A PFX around what its parts hold, with a MAC of so many iterations.
fn pfx(of: Encoding, octets: Encoding, contents: &[u8], mac: Option<u64>) -> Vec<u8> {
    let content = of(EXPLICIT, &octets(OCTETS, contents));
    let safe = of(SEQUENCE, &[value(OID, &[1]), content].concat());
    let mac = mac.map_or_else(Vec::new, |iterations| {
        let digest = of(SEQUENCE, &value(OCTETS, &[3; 32]));
        let salt = value(OCTETS, &[4; 8]);
        of(SEQUENCE, &[digest, salt, number(iterations)].concat())
    });
    of(SEQUENCE, &[number(3), safe, mac].concat())
}

/// An octet string in pieces of pieces.
fn pieces(_tag: u8, content: &[u8]) -> Vec<u8> {
    let chunks = content.chunks(5).map(|chunk| value(OCTETS, chunk));
    let whole: Vec<u8> = chunks.collect::<Vec<_>>().concat();
    let inner = value_of_unknown_length(OCTETS_IN_PIECES, &whole);
    value(OCTETS_IN_PIECES, &inner)
}

#[test]
fn iterations_are_counted_in_every_encoding() {
    for of in ENCODINGS {
        assert!(!Protection::of(&encrypted(of, 600_000)).is_excessive());
        assert!(!Protection::of(&encrypted(of, 10_000_000)).is_excessive());
        for most in [10_000_001, 1 << 31, u64::MAX] {
            assert!(Protection::of(&encrypted(of, most)).is_excessive());
        }
        for octets in [value, pieces] {
            let file = |iterations| pfx(of, octets, &encrypted(value, iterations), None);
            assert!(!Protection::of(&file(2048)).is_excessive());
            assert!(Protection::of(&file(1 << 31)).is_excessive());
        }
    }
}

#[test]
fn parts_count_together() {
    let three = [(); 3].map(|()| encrypted(value, 4_000_000)).concat();
    assert!(!Protection::of(&encrypted(value, 4_000_000)).is_excessive());
    assert!(Protection::of(&value(SEQUENCE, &three)).is_excessive());
    let mut sum = Protection::default();
    for _ in 0..3 {
        assert!(!sum.is_excessive());
        sum.add(Protection::of(&encrypted(value, 4_000_000)));
    }
    assert!(sum.is_excessive());
    let mut rounds = Protection::of_rounds(1_000);
    assert!(!rounds.is_excessive());
    rounds.add(Protection::of_rounds(1));
    assert!(rounds.is_excessive());
}

#[test]
fn a_mac_counts_and_is_told() {
    for of in ENCODINGS {
        let file = pfx(of, value, &[], Some(2048));
        assert!(Protection::of(&file).has_mac && !Protection::of(&file).is_excessive());
        let file = pfx(of, value, &[], Some(1 << 31));
        assert!(Protection::of(&file).is_excessive());
        assert!(!Protection::of(&pfx(of, value, &[], None)).has_mac);
    }
}

#[test]
fn scrypt_counts_what_it_mixes() {
    let file = |n, r, p| {
        let numbers = [
            value(OCTETS, &[7; 16]),
            number(n),
            number(r),
            number(p),
            number(32),
        ];
        let scheme = algorithm(value, PBES2, &[algorithm(value, SCRYPT, &numbers)]);
        value(SEQUENCE, &[scheme, value(OCTETS, &[1; 40])].concat())
    };
    assert!(!Protection::of(&file(16_384, 8, 1)).is_excessive());
    assert!(!Protection::of(&file(1 << 18, 16, 1)).is_excessive());
    for (n, r, p) in [
        (1 << 18, 16, 2),
        (1 << 40, 1, 1),
        (u64::MAX, 8, 1),
        (2, 1, 1 << 30),
    ] {
        assert!(Protection::of(&file(n, r, p)).is_excessive());
    }
}

#[test]
fn schemes_of_old_count_and_the_weak_one_is_told() {
    let scheme = |oid| algorithm(value, oid, &[value(OCTETS, &[7; 8]), number(20_000_000)]);
    let strong = Protection::of(&scheme(PBE_3DES));
    assert!(strong.is_excessive() && !strong.is_rc2);
    let weak = Protection::of(&scheme(PBE_RC2));
    assert!(weak.is_excessive() && weak.is_rc2);
}

#[test]
fn keys_and_other_secrets_are_counted() {
    let bag = |kind| {
        let oid = value(OID, &[BAG, &[kind]].concat());
        value(SEQUENCE, &[oid, value(EXPLICIT, &[])].concat())
    };
    // A key, an encrypted one, a certificate, another secret.
    let bags = [bag(1), bag(2), bag(3), bag(5)].concat();
    let file = pfx(value, value, &value(SEQUENCE, &bags), None);
    assert_eq!(Protection::of(&file).keys, 3);
}

/// What stands before hides nothing of what follows.
#[test]
fn nothing_hides_behind_strange_values() {
    let work = encrypted(value, 1 << 31);
    let long_tag = [0x3f, 0x81, 0x00, 2, 5, 0];
    let mut deep = vec![5, 0];
    for _ in 0..40 {
        deep = value_of_unknown_length(EXPLICIT, &deep);
    }
    let long_length = [&[SEQUENCE, 0xff], &[0; 126][..], &[2, 5, 0]].concat();
    for strange in [&long_tag[..], &deep, &long_length] {
        for of in ENCODINGS {
            let inner = of(SEQUENCE, &[strange, &work].concat());
            assert!(Protection::of(&inner).is_excessive());
            let hidden = of(SEQUENCE, &[of(EXPLICIT, strange), work.clone()].concat());
            assert!(Protection::of(&hidden).is_excessive());
        }
    }
    // What is too deep to be looked into is not read.
    let mut deep = work;
    for _ in 0..30 {
        deep = value(EXPLICIT, &deep);
    }
    assert!(Protection::of(&deep).is_excessive());
}

#[test]
fn nothing_is_found_in_random_bytes() {
    let mut bytes = Vec::new();
    for block in 0..32_768_u32 {
        bytes.extend(engine::sha256(&block.to_be_bytes()));
    }
    for start in (0..bytes.len()).step_by(257) {
        let protection = Protection::of(&bytes[start..]);
        assert_eq!(protection, Protection::default(), "from byte {start}");
    }
    // A signature that reads like a number is no count of iterations.
    let signature = value(3, &[&[0, 0, INTEGER, 9], &[0x7f; 9][..]].concat());
    let certificate = [value(SEQUENCE, &[]), value(SEQUENCE, &[]), signature].concat();
    let certificate = value(SEQUENCE, &certificate);
    assert_eq!(Protection::of(&certificate), Protection::default());
}

#[test]
fn one_value_from_the_first_byte_to_the_last_is_one_sequence() {
    for of in ENCODINGS {
        let whole = encrypted(of, 1);
        assert!(is_one_sequence(&whole));
        assert!(!is_one_sequence(&whole[..whole.len() - 1]));
        assert!(!is_one_sequence(&[&whole[..], b"\n"].concat()));
    }
    for other in [&b""[..], b"0", b"0\x80", b"01234", &value(OCTETS, &[])] {
        assert!(!is_one_sequence(other));
    }
}

#[test]
fn keys_under_a_passphrase_are_told_from_outside() {
    for of in ENCODINGS {
        let key = encrypted(of, 600_000);
        assert!(is_protected_der(&key));
        // What stands behind it does not make it less of a key.
        assert!(is_protected_der(&[&key, &b"\n"[..]].concat()));
        let bag = of(SEQUENCE, &[value(OID, BAG), value(OCTETS, &key)].concat());
        assert!(!is_protected_der(&pfx(of, value, &bag, None)));
        let shrouded = [BAG, &[2]].concat();
        let bag = of(SEQUENCE, &[value(OID, &shrouded), key].concat());
        for octets in [value, pieces] {
            assert!(is_protected_der(&pfx(of, octets, &bag, Some(2048))));
        }
        assert!(!is_protected_der(&pfx(of, value, &[], Some(2048))));
        // A hash with its algorithm has the same shape (RFC 8017 §9.2).
        let algorithm = algorithm(of, &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1], &[]);
        let hash = of(SEQUENCE, &[algorithm, value(OCTETS, &[1; 32])].concat());
        assert!(!is_protected_der(&hash));
    }
    for cut in [&b""[..], &[0x30], &[0x30, 0x80], &[0x30, 3, 0x30, 1, 6]] {
        assert!(!is_protected_der(cut));
    }
}
