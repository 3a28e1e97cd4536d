use super::*;

const SECRET: &str = "c2VjcmV0c2VjcmV0c2VjcmV0";

fn holds(json: &str) -> bool {
    holds_secret(&read(json.replace("SECRET", SECRET).as_bytes()).unwrap())
}

#[test]
fn secrets_are_found_wherever_they_hide() {
    for json in [
        r#"[[{"kty":"EC","d":"x"}]]"#,
        r#"{"a":{"b":[{"kty":"oct","k":"x"}]}}"#,
        r#"{"note":"-----BEGIN PRIVATE KEY-----\nMA=="}"#,
        r#"["-----BEGIN EC PRIVATE KEY\u002d----"]"#,
        r#"{"kty":"EC","D":"x"}"#,
        r#"{"KTY":"EC","d":"x"}"#,
        r#"{"backup":"{\"kty\":\"EC\",\"d\":\"x\"}"}"#,
        r#"{"kty":"EC","old":{"d":"SECRET"}}"#,
        r#"{"kty":"EC","q":"SECRET"}"#,
        r#"{"-----BEGIN PRIVATE KEY-----":1}"#,
        r#"{"kty":"EC","old":{"d":"\u0063\u0032VjcmV0c2VjcmV0c2VjcmV0"}}"#,
        r#"{"kty":"EC","old":{"d":"c2VjcmV0c2Vj+/V0c2VjcmU="}}"#,
        r#"{"kty":"EC","old":{"d":["SECRET"]}}"#,
        r#"{"kty":"EC","old":{"d":{"value":"SECRET"}}}"#,
        r#"{"kty":"EC","old":{"d":[1,22,33,44,55,66,77,88,99,100,111,122]}}"#,
        r#"{"kty":"EC","old":{"d":123456789012345678901234567890}}"#,
        r#"{"note":"key: {\"kty\":\"EC\",\"d\":\"x\"}, see [1]"}"#,
        r#"{"note":"{broken [{\"kty\":\"EC\",\"d\":\"x\"}"}"#,
        r#"["\"{\\\"kty\\\":\\\"EC\\\",\\\"d\\\":\\\"x\\\"}\""]"#,
        r#"{"{\"kty\":\"EC\",\"d\":\"x\"}":1}"#,
        r#"{"backup":"eyJrdHkiOiJFQyIsImQiOiJ4In0"}"#,
        r#"{"backup":"as base64: eyJrdHkiOiJFQyIsImQi\r\nOiJ4In0="}"#,
        r#"{"backup":"WyB7Imt0eSI6IkVDIiwiZCI6IngifV0"}"#,
        r#"{"backup":"LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1B"}"#,
        r#"["MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg"]"#,
        r#"["MHcCAQEEIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBka"]"#,
        r#"{"kty":"EC","privateKey":"SECRETc2VjcmV0"}"#,
        r#"{"kty":"EC","x-private_key":"SECRETc2VjcmV0"}"#,
        r#"{"kty":"EC","meta":{"Secret-Key":"SECRETc2VjcmV0"}}"#,
    ] {
        assert!(holds(json), "{json}");
    }
}

#[test]
fn a_secret_is_left_out_under_any_other_name() {
    let text = format!(
        r#"{{"kty":"EC","crv":"P-256","x":"AAAA","d":"{SECRET}","seed":"{SECRET}","x_d":["{SECRET}"],"kid":"a"}}"#
    );
    let node = read(text.as_bytes()).unwrap();
    let members = RawObject::of(node.as_object().unwrap());
    let visible = without_secrets(&members);
    assert_eq!(
        visible.names().collect::<Vec<_>>(),
        ["kty", "crv", "x", "kid"]
    );
}

#[test]
fn a_secret_is_found_again_in_every_spelling_of_its_octets() {
    let octets: [u8; 32] = std::array::from_fn(|place| u8::try_from(place * 37 % 256).unwrap());
    let base64 = "ACVKb5S53gMoTXKXvOEGK1B1mr_kCS5TeJ3C5wwxVns";
    let digits = crate::core::hexadecimal::encode(&octets);
    let list = |part: &dyn Fn(u8) -> String| octets.map(part).join(",");
    let object = |part: &dyn Fn(usize) -> String| {
        let members = (0..octets.len()).map(part);
        members.collect::<Vec<_>>().join(",")
    };
    // As Python's int.from_bytes tells it.
    let decimal = "65887078843223288423784655416144704631127125296964638014894587868829800059";
    for value in [
        format!("\"{base64}\""),
        format!("\"d={}\"", base64.replace('_', "/")),
        format!("\"{}\"", base64.replace('_', "\\/").replace("Xv", "\\nXv")),
        format!("\"{digits}\""),
        format!("\"{}\"", digits.to_ascii_uppercase()),
        format!("\"0x{}\"", &digits[2..]),
        format!(
            "\"{}\"",
            octets.map(|octet| format!("{octet:02X}")).join(":")
        ),
        format!(
            "\"{}\"",
            octets.map(|octet| format!("0x{octet:02x}")).join(", ")
        ),
        format!(
            "[{}]",
            octets.map(|octet| format!("\"{octet:02x}\"")).join(",")
        ),
        format!("[{}]", list(&|octet| octet.to_string())),
        format!("[{}]", list(&|octet| octet.cast_signed().to_string())),
        format!(
            "{{{}}}",
            object(&|place| format!("\"{place}\":{}", octets[place]))
        ),
        format!("{{\"more\":[{{\"{digits}\":1}}]}}"),
        decimal.to_owned(),
        format!("\"d is {decimal}\""),
    ] {
        let text = format!(r#"{{"kty":"EC","d":"{base64}","note":{value},"kid":"a"}}"#);
        let node = read(text.as_bytes()).unwrap();
        let members = RawObject::of(node.as_object().unwrap());
        let visible = without_secrets(&members);
        assert_eq!(
            visible.names().collect::<Vec<_>>(),
            ["kty", "kid"],
            "{value}"
        );
        // Beside another key, or in the set.
        let other = format!(r#"{{"note":{value},"kid":"b"}}"#);
        let other = RawObject::of(read(other.as_bytes()).unwrap().as_object().unwrap());
        let seen = Secrets::of([&members]).without(&other);
        assert_eq!(seen.names().collect::<Vec<_>>(), ["kid"], "{value}");
    }
}

#[test]
fn what_a_key_is_known_by_stays_and_so_does_what_is_alike_by_chance() {
    for json in [
        // A secret that is none, and says nothing.
        r#"{"kty":"EC","d":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","note":"AAAAAAAAAAAAAAAAAAAAAAAA"}"#,
        // Someone has called the public half private.
        r#"{"kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
        r#"{"kty":"EC","d":"ACVKb5S53gMoTXKXvOEGK1B1mr_kCS5TeJ3C5wwxVns","note":"ACVKb5S5"}"#,
        r#"{"kty":"EC","d":"ACVKb5S53gMoTXKXvOEGK1B1mr_kCS5TeJ3C5wwxVns","note":[1,22,333],"z":[37,74,-1]}"#,
    ] {
        let node = read(json.as_bytes()).unwrap();
        let members = RawObject::of(node.as_object().unwrap());
        let visible = without_secrets(&members);
        let left: Vec<&str> = members.names().filter(|name| *name != "d").collect();
        assert_eq!(visible.names().collect::<Vec<_>>(), left, "{json}");
    }
}

#[test]
fn ordinary_members_are_not_taken_for_secrets() {
    for json in [
        r#"{"d":"SECRET"}"#,
        r#"[{"kty":"EC","x":"d"}]"#,
        r#"{"kty":"EC","p":"production","k":null}"#,
        r#"{"kty":"RSA","d":null,"oth":[]}"#,
        r#"{"kty":"EC","note":{"p":"production"}}"#,
        "\"d\"",
        "1.5",
        r#"["-----BEGIN PUBLIC KEY-----", "{not json"]"#,
        r#"{"kty":"RSA","oth":[ ]}"#,
        r#"{"kty":"EC","k":"Production/key-of-the-team"}"#,
        r#"{"kty":"EC","k":"the production key of the team"}"#,
        r#"{"kty":"EC","privateKey":"in the vault of the whole team"}"#,
        r#"{"kty":"EC","privateKey":"vault/production"}"#,
        r#"{"kty":"EC","privateKeyId":"SECRETSECRETSECRET"}"#,
        r#"{"kty":"EC","note":"[see {this} and {\"that\": 1}]"}"#,
        // A public JWK in base64url, a certificate and a public key.
        r#"{"kty":"EC","copy":"eyJrdHkiOiJFQyIsIngiOiJ4In0"}"#,
        r#"["MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"]"#,
        r#"["MIIDQjCCAiqgAwIBAgIGATz/FuLiMA0GCSqGSIb3DQEB"]"#,
    ] {
        assert!(!holds(json), "{json}");
    }
}

#[test]
fn strings_within_strings_are_not_followed_for_ever() {
    let deep = (0..8).fold(r#"{"kty":"EC","d":"x"}"#.to_owned(), |inner, _| {
        serde_json::Value::from(inner).to_string()
    });
    assert!(!holds(&deep));
}

#[test]
fn a_text_that_is_too_tangled_to_be_searched_is_taken_for_the_worst() {
    let tangled = format!("{{\"a\":[{}", "[{\"b\":1},".repeat(2_000));
    assert!(text_holds_secret(&tangled));
    let plain = format!("{{\"a\":[{}", "{\"b\":1},".repeat(2_000));
    assert!(!text_holds_secret(&plain));
}

#[test]
fn a_document_that_is_no_json_gives_a_key_away_all_the_same() {
    let key = r#"{"kty":"EC","d":"x"}"#;
    let utf_16 = |order: fn(u16) -> [u8; 2]| {
        let units = format!("\u{feff}{key}");
        units.encode_utf16().flat_map(order).collect::<Vec<u8>>()
    };
    let der = [
        &[
            0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
        ][..],
        &[0xfe; 32],
    ];
    for document in [
        format!("{{}}\n{key}\n").into_bytes(),
        format!("\u{feff}{key}").into_bytes(),
        format!("// of May\n{key}").into_bytes(),
        format!("KEY='{key}'").into_bytes(),
        format!("{{\"keys\":[{key},]}}").into_bytes(),
        [b"\xff".as_slice(), key.as_bytes()].concat(),
        utf_16(u16::to_le_bytes),
        utf_16(u16::to_be_bytes),
        der.concat(),
    ] {
        assert!(document_holds_secret(&document), "{document:02x?}");
    }
    let spki = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";
    for document in [&b""[..], b"{", b"{}\n{\"kty\":\"EC\"}", b"\x30", &spki[..]] {
        assert!(!document_holds_secret(document), "{document:02x?}");
    }
}

#[test]
fn names_of_members_are_searched_as_their_values_are() {
    assert!(member_holds_secret(
        "-----BEGIN PRIVATE KEY-----\nMA==",
        "1"
    ));
    assert!(member_holds_secret(
        "x5c",
        r#"["MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg"]"#
    ));
    assert!(member_holds_secret("old", "\"\\ud800\""));
    assert!(!member_holds_secret(
        "x5c",
        r#"["MIIDQjCCAiqgAwIBAgIGATz/FuLi"]"#
    ));
}
