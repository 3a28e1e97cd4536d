//! `--known-keys`.

use std::fs;

use super::fixtures::{GOOD_SET, THUMBPRINT, codes, inspect_json, report};
use crate::support::{Run, scratch};

/// A run on `document` with the list `known`.
fn inspected(document: &str, known: &str) -> Run {
    let place = scratch();
    let list = place.path().join("list");
    fs::write(&list, known).expect("a file");
    let run = inspect_json().arg("-").arg("--known-keys").arg(&list);
    run.stdin(document).run()
}

#[test]
fn a_listed_key_is_found_however_the_list_is_written() {
    let set = format!("{{\"keys\":[{}]}}", &GOOD_SET[10..GOOD_SET.len() - 2]);
    for content in [
        format!("{THUMBPRINT}\n"),
        format!("# stolen in May\r\n\r\n{THUMBPRINT}  laptop of Bob\r\n"),
        format!("urn:ietf:params:oauth:jwk-thumbprint:sha-256:{THUMBPRINT}"),
        set,
    ] {
        let run = inspected(GOOD_SET, &content);
        run.succeeds();
        let report = report(&run);
        assert_eq!(
            codes(&report).first().map(String::as_str),
            Some("known-compromised")
        );
        assert_eq!(report["findings"][0]["key"], 0);
        let told = report["findings"][0]["message"]
            .as_str()
            .expect("a message");
        assert_eq!(
            told.contains("laptop of Bob"),
            content.contains("laptop"),
            "{told}"
        );
    }
}

#[test]
fn a_list_that_is_none_ends_it() {
    for content in [
        "hello\n",
        "{}",
        "\u{7f}ELF",
        "{\"keys\":[{\"kty\":\"EC\"}]}",
    ] {
        let run = inspected(GOOD_SET, content);
        assert_eq!(run.exit, Some(3), "{run:?}");
        assert!(run.has_code("known-keys-malformed"), "{run:?}");
    }
    inspected(GOOD_SET, "# nothing yet\n").succeeds();
}

#[test]
fn a_secret_on_the_list_is_found_and_nothing_of_it_is_shown() {
    const SECRET: &str = r#"{"kty":"oct","kid":"s","alg":"HS256","k":"mgH-MzPEfRCIW-IJ10F0LsDn4CKyVbX_AAECAwQFBgc"}"#;
    let run = inspected(SECRET, &format!("[{SECRET}]"));
    assert_eq!(codes(&report(&run)), ["known-compromised"]);
    assert!(!run.text().contains("mgH-MzPE"), "{}", run.text());
}
