use super::*;
use crate::core::json::Outline;
use crate::core::jwks::JwkSet;

/// What is said of a line by an empty set: its name, its hash in hex, its codes.
fn said(line: &[u8], has_id: bool) -> (Option<String>, [u8; 32], Vec<Code>) {
    let set = JwkSet::read(b"{\"keys\":[]}").unwrap();
    let policy = Policy::default();
    let mut judge = LineJudge::new(&set, &policy, NumericDate::from_seconds(0), has_id);
    judge.line(7, line, |record| {
        assert_eq!(record.line, 7);
        assert!(!record.is_valid());
        let id = record.id.map(str::to_owned);
        (id, record.sha256, record.codes.to_vec())
    })
}

#[test]
fn a_line_is_its_token_or_a_name_a_tab_and_its_token() {
    let token = b"e30.e30.AA";
    let hash = engine::sha256(token);
    for end in ["", "\n", "\r\n"] {
        let line = [token.as_slice(), end.as_bytes()].concat();
        assert_eq!(said(&line, false), (None, hash, vec![Code::AlgMissing]));
        let named = [b"a b\t".as_slice(), &line].concat();
        let expected = (Some("a b".to_owned()), hash, vec![Code::AlgMissing]);
        assert_eq!(said(&named, true), expected);
        assert_eq!(said(&named, false).2, [Code::TokenCharacter]);
    }
    assert_eq!(said(b"\t\n", true).0.as_deref(), Some(""));
    assert_eq!(said(b"\t\n", true).2, [Code::TokenEmpty]);
    assert_eq!(said(b"\n", false).2, [Code::TokenEmpty]);
}

#[test]
fn a_line_without_a_readable_name_is_told_and_hashed_whole() {
    let longest = [vec![b'i'; ID_LIMIT], b"\te30.e30.AA".to_vec()].concat();
    assert_eq!(said(&longest, true).2, [Code::AlgMissing]);
    for line in [
        b"e30.e30.AA\n".to_vec(),
        b"\xff\te30.e30.AA\n".to_vec(),
        [b"i".to_vec(), longest].concat(),
        b"\n".to_vec(),
    ] {
        let (id, hash, codes) = said(&line, true);
        assert_eq!((id, codes), (None, vec![Code::IdInvalid]));
        assert_eq!(hash, engine::sha256(without_newline(&line)));
    }
}

#[test]
fn a_doubt_about_the_keys_stands_where_the_keys_are_sought() {
    let doubted = |codes: &[Code]| {
        let record = Record {
            line: 1,
            id: None,
            sha256: [0; 32],
            codes,
            algorithm: None,
            kid: None,
            claims: None,
        };
        record.codes_with(Code::KeysOutdated)
    };
    assert_eq!(doubted(&[]), [Code::KeysOutdated]);
    assert_eq!(
        doubted(&[Code::UnknownKid, Code::Expired]),
        [Code::KeysOutdated, Code::UnknownKid, Code::Expired]
    );
    assert_eq!(
        doubted(&[Code::TypMismatch, Code::Expired]),
        [Code::TypMismatch, Code::KeysOutdated, Code::Expired]
    );
    for bad in [Code::TokenParts, Code::AlgNone, Code::TypMismatch] {
        assert_eq!(doubted(&[bad]), [bad]);
    }
}

#[test]
fn tallies_of_parts_add_up_and_are_read_again() {
    let count = |text: &str| {
        let report = format!(
            r#"{{"lines":{text},"valid":0,"invalid":{text},"codes":{{"expired":{text}}},"algorithms":{{}},"keys":{{}}}}"#
        );
        Tally::read(&Outline::read(report.as_bytes()).unwrap())
    };
    let mut sum = count("2").unwrap();
    sum.merge(&count("3").unwrap()).unwrap();
    assert_eq!(sum, count("5").unwrap());
    let most = u64::MAX.to_string();
    assert!(sum.merge(&count(&most).unwrap()).is_err());
    for broken in ["-1", "1.5", "\"1\"", "99999999999999999999", "null"] {
        assert!(count(broken).is_err(), "{broken}");
    }
    let disagreeing =
        br#"{"lines":2,"valid":1,"invalid":1,"codes":{},"algorithms":{"ES256":1},"keys":{"a":1}}"#;
    assert!(Tally::read(&Outline::read(disagreeing).unwrap()).is_err());
}
