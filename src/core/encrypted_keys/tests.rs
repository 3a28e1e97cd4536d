use super::*;
use crate::core::json::read;

/// RFC 7520 §5.3.
const COOKBOOK: &str = concat!(
    "eyJhbGciOiJQQkVTMi1IUzUxMitBMjU2S1ciLCJwMnMiOiI4UTFTemluYXNSM3hjaFl6NlpaY0hBIiwicDJjIjo4MTky",
    "LCJjdHkiOiJqd2stc2V0K2pzb24iLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0.",
    "d3qNhUWfqheyPp4H8sjOWsDYajoej4c5Je6rlUtFPWdgtURtmeDV1g.",
    "VBiCzVHNoLiR3F4V82uoTQ.",
    "23i-Tb1AV4n0WKVSSgcQrdg6GRqsUKxjruHXYsTHAJLZ2nsnGIX86vMXqIi6IRsfywCRFzLxEcZBRnTvG3nhzPk0GDD7",
    "FMyXhUHpDjEYCNA_XOmzg8yZR9oyjo6lTF6si4q9FZ2EhzgFQCLO_6h5EVg3vR75_hkBsnuoqoM3dwejXBtIodN84PeqM",
    "b6asmas_dpSsz7H10fC5ni9xIz424givB1YLldF6exVmL93R3fOoOJbmk2GBQZL_SEGllv2cQsBgeprARsaQ7Bq99tT80",
    "coH8ItBjgV08AtzXFFsx9qKvC982KLKdPQMTlVJKkqtV4Ru5LEVpBZXBnZrtViSOgyg6AiuwaS-rCrcD_ePOGSuxvgtro",
    "kAKYPqmXUeRdjFJwafkYEkiuDCV9vWGAi1DH2xTafhJwcmywIyzi4BqRpmdn_N-zl5tuJYyuvKhjKv6ihbsV_k1hJGPGA",
    "xJ6wUpmwC4PTQ2izEm0TuSE8oMKdTw8V3kobXZ77ulMwDs4p.",
    "0HlwodAhOCILG5SQ2LQ9dg",
);
const COOKBOOK_PASSPHRASE: &str = "entrap_o\u{2013}peter_long\u{2013}credit_tun";

fn problem(document: &str) -> String {
    match EncryptedKeys::read(document.as_bytes()) {
        Err(Fault::Malformed(problem)) => problem,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("taken: {document:.60}"),
    }
}

/// The document with another header.
fn with_header(change: impl Fn(&str) -> String) -> String {
    let (header, rest) = COOKBOOK.split_once('.').unwrap();
    let header = String::from_utf8(base64url::decode(header).unwrap().to_vec()).unwrap();
    format!("{}.{rest}", base64url::encode(change(&header).as_bytes()))
}

#[test]
fn the_example_of_the_cookbook_opens() {
    let keys = EncryptedKeys::read(COOKBOOK.as_bytes()).unwrap();
    let document = keys.open(COOKBOOK_PASSPHRASE.as_bytes()).unwrap();
    let node = read(&document).unwrap();
    let set = node.as_object().unwrap().get("keys").unwrap();
    assert_eq!(set.as_array().unwrap().len(), 3);
}

/// Made with another implementation, since RFC 7520 has no example of it.
#[test]
fn a_document_under_a192kw_opens_with_its_passphrase_alone() {
    const DOCUMENT: &str = concat!(
        "eyJhbGciOiJQQkVTMi1IUzM4NCtBMTkyS1ciLCJlbmMiOiJBMTkyR0NNIiwicDJzIjoiQUFFQ0F3UUZCZ2NJQ1Fv",
        "TERBME9EdyIsInAyYyI6MTAwMCwiY3R5IjoiandrLXNldCtqc29uIn0.",
        "PmnN6YNSAVnGhtBKP99l30BBjpUNrE9eGwajVoNfKDg.AAECAwQFBgcICQoL.HFjh99vbgEW0MaA.",
        "kKq_rjASavH9unyZVNFkmw",
    );
    let keys = EncryptedKeys::read(DOCUMENT.as_bytes()).unwrap();
    let passphrase = b"Thus from my lips, by yours, my sin is purged.";
    assert_eq!(keys.open(passphrase).unwrap().as_slice(), b"{\"keys\":[]}");
    assert_eq!(
        keys.open(&passphrase[1..]).err(),
        Some(Fault::WrongPassphrase)
    );
    let changed = DOCUMENT.replace("PmnN", "QmnN");
    let keys = EncryptedKeys::read(changed.as_bytes()).unwrap();
    assert_eq!(keys.open(passphrase).err(), Some(Fault::WrongPassphrase));
}

#[test]
fn what_takes_the_place_of_a_document_is_no_weaker_and_keeps_what_else_its_header_says() {
    let header = |count: &str| {
        with_header(|header| {
            let header = header.replace("8192", count);
            header.replacen('{', "{\"kid\":\"caf\\u00e9\",\"x-n\":1.0e2,", 1)
        })
    };
    for (count, expected) in [
        ("8192", 600_000),
        ("600001", 600_001),
        ("1200000", 1_200_000),
    ] {
        let before = EncryptedKeys::read(header(count).as_bytes()).unwrap();
        let protector = Protector::new(b"sesame", before.manner()).unwrap();
        let text = protector.protect(b"{}", "jwk-set+json").unwrap();
        let after = EncryptedKeys::read(text.as_bytes()).unwrap();
        assert_eq!(after.open(b"sesame").unwrap().as_slice(), b"{}");
        assert_eq!(after.iterations.get(), expected);
        assert_eq!(after.derivation.name, "PBES2-HS512+A256KW");
        assert_eq!(
            after.members.to_json().as_str(),
            "{\"kid\":\"caf\\u00e9\",\"x-n\":1.0e2}"
        );
        assert_eq!(after.manner().iterations, after.iterations);
    }
}

#[test]
fn what_is_protected_opens_again_and_only_so() {
    let protector = Protector::new(b"correct horse", Manner::default()).unwrap();
    for document in [&b"{\"keys\":[]}"[..], b"", &vec![7; 100_000]] {
        let text = protector.protect(document, "jwk-set+json").unwrap();
        let keys = EncryptedKeys::read(text.as_bytes()).unwrap();
        assert!(keys.iterations.get() >= 600_000 && keys.salt.len() >= 16);
        assert_eq!(keys.encryption.name, "A256GCM");
    }
    let text = protector.protect(b"secret", "jwk-set+json").unwrap();
    let again = protector.protect(b"secret", "jwk-set+json").unwrap();
    assert_ne!(text, again);
    let keys = EncryptedKeys::read(text.as_bytes()).unwrap();
    assert_eq!(keys.open(b"correct horse").unwrap().as_slice(), b"secret");
    for wrong in [&b""[..], b"correct horse ", b"Correct horse"] {
        assert_eq!(keys.open(wrong).err(), Some(Fault::WrongPassphrase));
    }
}

#[test]
fn any_change_of_any_part_is_seen() {
    let parts: Vec<Vec<u8>> = COOKBOOK
        .split('.')
        .map(|part| base64url::decode(part).unwrap().to_vec())
        .collect();
    let passphrase = COOKBOOK_PASSPHRASE.as_bytes();
    for (part, at) in [
        (0, 60),
        (1, 0),
        (1, 39),
        (2, 3),
        (3, 0),
        (3, 383),
        (4, 0),
        (4, 15),
    ] {
        let mut changed = parts.clone();
        changed[part][at] ^= 1;
        let text: Vec<String> = changed.iter().map(|part| base64url::encode(part)).collect();
        let opened =
            EncryptedKeys::read(text.join(".").as_bytes()).and_then(|keys| keys.open(passphrase));
        assert!(opened.is_err(), "part {part}, byte {at}");
    }
    // Other spaces in the header are another header.
    let spaced = with_header(|header| header.replace(':', ": "));
    let keys = EncryptedKeys::read(spaced.as_bytes()).unwrap();
    assert_eq!(keys.open(passphrase).err(), Some(Fault::WrongPassphrase));
}

#[test]
fn parts_and_lengths_are_checked_before_cryptography() {
    let parts: Vec<&str> = COOKBOOK.split('.').collect();
    let with = |index: usize, text: &str| {
        let mut parts = parts.clone();
        parts[index] = text;
        parts.join(".")
    };
    assert!(problem("").contains("five parts"));
    assert!(problem(&parts[..4].join(".")).contains("five parts"));
    assert!(problem(&format!("{COOKBOOK}.AA")).contains("five parts"));
    for (index, name) in [
        (1, "encrypted key"),
        (2, "initialization vector"),
        (4, "authentication tag"),
    ] {
        for text in ["", "AA", &"AAAA".repeat(30)] {
            assert!(problem(&with(index, text)).contains(name), "{name} {text}");
        }
    }
    for text in ["AB", "AA==", "A", "A+AA", "AA AA"] {
        assert!(problem(&with(3, text)).contains("base64url"), "{text}");
    }
    assert!(problem(&with(0, "AA")).contains("JSON"));
    assert!(problem(&with(0, &base64url::encode(b"[]"))).contains("object"));
}

#[test]
fn headers_are_held_to_the_lists_and_bounds() {
    let replaced = |from: &'static str, to: &'static str| {
        let changed = with_header(|header| header.replacen(from, to, 1));
        assert_ne!(changed, COOKBOOK, "{from}");
        problem(&changed)
    };
    for (from, to, word) in [
        ("8192", "999", "p2c"),
        ("8192", "1200001", "p2c"),
        ("8192", "4294967297", "p2c"),
        ("8192", "8192.0", "p2c"),
        ("8192", "\"8192\"", "p2c"),
        ("8192", "-8192", "p2c"),
        ("\"p2c\":8192,", "", "p2c"),
        ("8Q1SzinasR3xchYz6ZZcHA", "AAAAAAAAAA", "p2s"),
        ("8Q1SzinasR3xchYz6ZZcHA", "8Q1SzinasR3xchYz6ZZcHB", "p2s"),
        ("PBES2-HS512+A256KW", "dir", "alg"),
        ("PBES2-HS512+A256KW", "RSA1_5", "alg"),
        ("A128CBC-HS256", "A128GCMKW", "enc"),
        ("jwk-set+json", "JWT", "cty"),
        ("{", "{\"crit\":[\"exp\"],\"exp\":1,", "crit"),
        ("{", "{\"crit\":[],", "crit"),
        ("{", "{\"zip\":\"DEF\",", "zip"),
        ("{", "{\"alg\":\"dir\",", "JSON"),
    ] {
        let problem = replaced(from, to);
        assert!(problem.contains(word), "{from} {to}: {problem}");
    }
}

/// The example of RFC 7517 appendix C has these parameters; it is made here anew, since the values that
/// the encrypting side chose are inputs of the reading one.
#[test]
fn the_algorithms_of_rfc_7517_appendix_c_are_read() {
    let header = br#"{"alg":"PBES2-HS256+A128KW","p2s":"2WCTcJZ1Rvd_CJuJripQ1w","p2c":4096,"enc":"A128GCM","cty":"jwk+json"}"#;
    let protected = base64url::encode(header);
    let text = format!(
        "{protected}.{}.{}.AAAA.{}",
        "A".repeat(32),
        "A".repeat(16),
        "A".repeat(22)
    );
    let keys = EncryptedKeys::read(text.as_bytes()).unwrap();
    assert_eq!(keys.derivation.name, "PBES2-HS256+A128KW");
    // The key that RFC 7517 §C.3 derives from "Thus from my lips, by yours, my sin is purged."
    let key = wrapping_key(
        keys.derivation,
        b"Thus from my lips, by yours, my sin is purged.",
        &keys.salt,
        keys.iterations,
    );
    let expected = [
        110, 171, 169, 92, 129, 92, 109, 117, 233, 242, 116, 233, 170, 14, 24, 75,
    ];
    assert_eq!(key.expose(), expected);
}

/// A compact JWE with this header.
fn compact(header: &str) -> String {
    format!("{}.AA.AA.AA.AA", base64url::encode(header.as_bytes()))
}

#[test]
fn keys_are_recognized_by_what_is_said_of_the_content() {
    for (header, is_keys) in [
        (r#"{"alg":"PBES2-HS256+A128KW","cty":"jwk+json"}"#, true),
        (r#"{"alg":"RSA-OAEP","cty":"jwk-set+json"}"#, true),
        (r#"{"alg":"dir","cty":"application/JWK+JSON"}"#, true),
        (r#"{"alg":"PBES2-HS512+A256KW"}"#, true),
        (r#"{"alg":"PBES2-HS512+A256KW","cty":"JWT"}"#, false),
        (r#"{"alg":"PBES2-HS512+A256KW","cty":1}"#, false),
        (r#"{"alg":"RSA-OAEP"}"#, false),
        (r#"{"alg":1}"#, false),
        ("[]", false),
        ("", false),
    ] {
        let document = compact(header);
        assert_eq!(is_encrypted_keys(document.as_bytes()), is_keys, "{header}");
    }
    assert!(is_encrypted_keys(format!(" {COOKBOOK}\n").as_bytes()));
    assert!(!is_encrypted_keys(b"") && !is_encrypted_keys(b"\xff.AA"));
}

/// RFC 7516 §7.2: a member of the header stands in one of three places.
#[test]
fn keys_are_recognized_in_json_wherever_the_header_is() {
    const KEYS: &str = r#"{"cty":"jwk+json"}"#;
    const PASSPHRASE: &str = r#"{"alg":"PBES2-HS256+A128KW"}"#;
    const OTHER: &str = r#"{"alg":"RSA-OAEP"}"#;
    const TOKEN: &str = r#"{"cty":"JWT"}"#;
    for (protected, open, is_keys) in [
        (KEYS, OTHER, true),
        (OTHER, KEYS, true),
        (PASSPHRASE, "{}", true),
        ("{}", PASSPHRASE, true),
        (TOKEN, PASSPHRASE, false),
        (PASSPHRASE, TOKEN, false),
        (OTHER, "{}", false),
        (OTHER, "1", false),
    ] {
        let protected = base64url::encode(protected.as_bytes());
        for place in [
            format!(r#""unprotected":{open}"#),
            format!(r#""header":{open}"#),
            format!(r#""recipients":[1,{{"header":{open}}}]"#),
        ] {
            let document = format!(r#"{{"protected":"{protected}",{place},"ciphertext":"AA"}}"#);
            assert_eq!(
                is_encrypted_keys(document.as_bytes()),
                is_keys,
                "{document}"
            );
        }
    }
    assert!(!is_encrypted_keys(br#"{"ciphertext":"AA"}"#));
    assert!(!is_encrypted_keys(br#"{"protected":"#));
}
