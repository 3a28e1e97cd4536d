//! PKCS #12 files with several keys: one alone can be read, and the others must be missed.

use openssl::hash::MessageDigest;
use openssl::pkcs5::pbkdf2_hmac;
use openssl::symm::{Cipher, encrypt};

use super::convert;
use crate::support::foreign::{PASSPHRASE, ed25519};
use crate::support::place::Place;

const SEQUENCE: u8 = 0x30;
const OCTETS: u8 = 0x04;
const EXPLICIT: u8 = 0xa0;

/// A value of DER whose content is shorter than 64 KiB.
fn value(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let [high, low] = u16::try_from(content.len())
        .expect("a length")
        .to_be_bytes();
    [&[tag, 0x82, high, low][..], &content].concat()
}

/// An object identifier below 1.2.840.113549.1.
fn oid(rest: &[u8]) -> Vec<u8> {
    value(6, &[&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01], rest])
}

fn content(kind: u8, of: &[u8]) -> Vec<u8> {
    value(SEQUENCE, &[&oid(&[7, kind]), &value(EXPLICIT, &[of])])
}

/// A bag with a key as it is (RFC 7292 §4.2.1).
fn key_bag() -> Vec<u8> {
    let key = ed25519().private_key_to_pkcs8().expect("DER");
    value(
        SEQUENCE,
        &[&oid(&[12, 10, 1, 1]), &value(EXPLICIT, &[&key])],
    )
}

/// A part of a file under the passphrase (RFC 7292 §4.1, RFC 8018 §6.2).
fn encrypted(part: &[u8]) -> Vec<u8> {
    let (salt, iv) = ([7; 16], [8; 16]);
    let mut key = [0; 32];
    let passphrase = PASSPHRASE.as_bytes();
    pbkdf2_hmac(passphrase, &salt, 2048, MessageDigest::sha256(), &mut key).expect("a key");
    let ciphertext = encrypt(Cipher::aes_256_cbc(), &key, Some(&iv), part).expect("octets");
    // hmacWithSHA256, and aes256-CBC.
    let prf = value(
        SEQUENCE,
        &[&[6, 8, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 9], &[5, 0]],
    );
    let kdf = value(SEQUENCE, &[&value(OCTETS, &[&salt]), &[2, 2, 8, 0], &prf]);
    let kdf = value(SEQUENCE, &[&oid(&[5, 12]), &kdf]);
    let aes = [6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 0x2a];
    let scheme = value(SEQUENCE, &[&aes, &value(OCTETS, &[&iv])]);
    let scheme = value(
        SEQUENCE,
        &[&oid(&[5, 13]), &value(SEQUENCE, &[&kdf, &scheme])],
    );
    let info = value(
        SEQUENCE,
        &[&oid(&[7, 1]), &scheme, &value(0x80, &[&ciphertext])],
    );
    content(6, &value(SEQUENCE, &[&[2, 1, 0], &info]))
}

fn pfx(parts: &[&[u8]]) -> Vec<u8> {
    let safe = content(1, &value(OCTETS, &[&value(SEQUENCE, parts)]));
    value(SEQUENCE, &[&[2, 1, 3], &safe])
}

#[test]
fn a_second_key_is_told_wherever_it_is() {
    let place = Place::new();
    place.write("passphrase", PASSPHRASE);
    let convert = || convert(&place, &["--passphrase-file", "passphrase", "keys.p12"]);
    let plain =
        |bags: &[Vec<u8>]| content(1, &value(OCTETS, &[&value(SEQUENCE, &[&bags.concat()])]));
    place.write("keys.p12", pfx(&[&plain(&[key_bag()])]));
    convert().succeeds();
    place.write("keys.p12", pfx(&[&plain(&[key_bag(), key_bag()])]));
    assert!(
        convert()
            .fails(3, "unsupported-key")
            .stderr
            .contains("2 private")
    );
    place.write(
        "keys.p12",
        pfx(&[&plain(&[key_bag()]), &plain(&[key_bag()])]),
    );
    convert().fails(3, "unsupported-key");
    for bags in [vec![key_bag()], vec![key_bag(), key_bag()]] {
        let part = value(SEQUENCE, &[&bags.concat()]);
        place.write("keys.p12", pfx(&[&encrypted(&part)]));
        let run = convert();
        run.yields_nothing(3);
        // Older releases of OpenSSL do not open such a part without a MAC.
        let is_told = run.has_code("unsupported-key") && run.stderr.contains("counted");
        assert!(
            is_told || run.has_code("wrong-passphrase"),
            "{}",
            run.stderr
        );
    }
}
