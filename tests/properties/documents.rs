//! Documents of any bytes: nothing that looks at keys panics, whatever they hold.

use std::sync::OnceLock;
use std::time::Duration;

use jwks_cli::core::detect::{Content, detect};
use jwks_cli::core::exposure::{secret_members, values_hold_secret};
use jwks_cli::core::json::{Positions, read_strict};
use jwks_cli::core::jwks::JwkSet;
use jwks_cli::core::lifecycle::{
    Reason, Request, RevocationRequest, Roster, RotationPolicy, Stage, apply, plan,
    plan_revocation, published, states,
};
use jwks_cli::core::lint::{Known, Options, Selection, Subject, lint};
use jwks_cli::core::signing::{Choice, choose};
use jwks_cli::core::time::NumericDate;
use jwks_cli::core::verify::{Policy, verify};
use proptest::prelude::*;
use proptest::sample::Index;

use super::cases;
use super::keys::{document, jwks};

/// A change to a document.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    Byte(Index, u8),
    Cut(Index, Index),
    Twice(Index, Index),
    Insert(Index, Vec<u8>),
}

pub(crate) fn changes() -> impl Strategy<Value = Vec<Change>> {
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 1..6),
        "[{}\\[\\]\",:.0-9a-zA-Z=+/_ \n-]{1,4}".prop_map(String::into_bytes),
        "\"(kty|crv|alg|kid|use|key_ops|d|k|priv|x|n|e|nbf|exp|revoked)\":"
            .prop_map(String::into_bytes),
    ];
    let one = prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Cut(from, to)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Twice(from, to)),
        (any::<Index>(), piece).prop_map(|(at, piece)| Change::Insert(at, piece)),
    ];
    prop::collection::vec(one, 1..4)
}

pub(crate) fn changed(original: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut document = original.to_vec();
    for change in changes {
        // One place more than there are bytes: the end counts too.
        let place = |index: &Index| index.index(document.len() + 1);
        match change {
            Change::Byte(at, byte) => {
                let at = place(at);
                document.splice(at..(at + 1).min(document.len()), [*byte]);
            }
            Change::Cut(from, to) => {
                let (from, to) = (place(from), place(to));
                document.drain(from.min(to)..from.max(to));
            }
            Change::Twice(from, to) => {
                let (from, to) = (place(from), place(to));
                let part = document[from.min(to)..from.max(to)].to_vec();
                document.splice(from.max(to)..from.max(to), part);
            }
            Change::Insert(at, piece) => {
                let at = place(at);
                document.splice(at..at, piece.iter().copied());
            }
        }
    }
    document
}

/// Lets every rule look at a document. What they find lies in it, in the order of its places.
fn inspect(bytes: &[u8], now: NumericDate) {
    let content = detect(bytes);
    if let Content::Other(other) = &content {
        let _ = (other.description(), other.hint());
    }
    let known = Known::default();
    for published in [false, true] {
        let subject = Subject {
            name: "a document",
            document: bytes,
            content: &content,
            published,
            served: None,
        };
        let options = Options {
            now,
            known: &known,
            selection: Selection::default(),
            is_thorough: false,
            threads: 1,
        };
        let findings = lint(&[subject], &options).remove(0);
        let mut last = 0;
        for finding in findings {
            let span = finding.span;
            assert!(
                span.start <= span.end && span.end <= bytes.len(),
                "{span:?}"
            );
            assert!(last <= span.start);
            last = span.start;
        }
    }
}

/// Does with a document whatever the commands do.
fn handle(bytes: &[u8]) {
    let now = NumericDate::from_seconds(1_800_000_000);
    inspect(bytes, now);
    let _ = read_strict(bytes);
    let set = match JwkSet::read(bytes) {
        Ok(set) => set,
        Err(fault) => {
            let _ = Positions::new(bytes).of(fault.offset);
            return;
        }
    };
    assert_eq!(states(&set, now).len(), set.entries().len());
    let _ = published(&set, now);
    let policy = RotationPolicy {
        cache_ttl: Duration::from_secs(3600),
        token_lifetime: Duration::from_secs(3600),
        margin: Duration::from_secs(60),
    };
    let roster = Roster::of(&set);
    if let Ok(plan) = plan(&roster, &policy, &Request::default(), now) {
        assert!(apply(&set, &plan, &[], Stage::Done).len() <= set.entries().len());
    }
    let withdrawal = RevocationRequest {
        kid: "x",
        is_meant: &|index| index % 2 == 0,
        reason: Reason::Compromised,
        standby: true,
    };
    if let Ok(plan) = plan_revocation(&roster, &policy, &withdrawal, now) {
        for (index, key) in apply(&set, &plan, &[], Stage::Done).iter().enumerate() {
            let is_clean = secret_members(key).is_empty() && !values_hold_secret(key);
            assert!(index % 2 == 1 || is_clean, "{}", key.to_json().as_str());
        }
    }
    for force in [false, true] {
        let choice = Choice {
            kid: set.entries().get(0).and_then(|entry| entry.kid()),
            algorithm: None,
            force,
        };
        let _ = choose(&set, &choice, now);
    }
    let token = b"eyJhbGciOiJFUzI1NiJ9.e30.AAAA";
    assert!(
        verify(token, &set, &Policy::default(), now)
            .verified
            .is_none()
    );
}

/// A key of each algorithm, and all of them in a set.
fn originals() -> &'static [String] {
    static ORIGINALS: OnceLock<Vec<String>> = OnceLock::new();
    ORIGINALS.get_or_init(|| {
        let keys = jwks();
        let mut documents: Vec<String> = keys
            .iter()
            .map(|key| key.members().to_json().to_string())
            .collect();
        documents.push(document(&keys[..2]));
        documents.push("{\"keys\":[{\"kid\":\"a\",\"revoked\":true}],\"x\":[{}]}".to_owned());
        documents.push("-----BEGIN PUBLIC KEY-----\nMA==\n-----END PUBLIC KEY-----".to_owned());
        documents.push("eyJhbGciOiJFUzI1NiJ9.e30.AAAA".to_owned());
        documents.push("{\"issuer\":\"https://a.example\",\"jwks_uri\":\"x\"}".to_owned());
        documents
    })
}

#[test]
fn documents_that_were_not_changed_are_handled() {
    for document in originals() {
        handle(document.as_bytes());
    }
}

proptest! {
    #![proptest_config(cases(384))]

    #[test]
    fn no_bytes_make_anything_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        handle(&bytes);
    }

    #[test]
    fn no_json_makes_anything_panic(json in super::trees::json()) {
        handle(json.as_bytes());
        handle(format!("{{\"keys\":[{json}]}}").as_bytes());
    }

    #[test]
    fn no_change_to_a_document_makes_anything_panic(
        original in 0..originals().len(),
        changes in changes(),
    ) {
        handle(&changed(originals()[original].as_bytes(), &changes));
    }

    #[test]
    fn no_value_of_a_member_makes_anything_panic(
        original in 0..originals().len(),
        member in any::<Index>(),
        value in super::trees::json(),
    ) {
        let text = &originals()[original];
        if let Ok(node) = read_strict(text.as_bytes())
            && let Some(object) = node.as_object()
        {
            let member = &object.members()[member.index(object.members().len())];
            let span = member.value().span();
            let document = format!("{}{value}{}", &text[..span.start], &text[span.end..]);
            handle(document.as_bytes());
        }
    }
}
