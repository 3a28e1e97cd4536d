//! Documents that may be keys: told apart, read, judged by every rule, converted.

#![no_main]

use jwks_cli::core::detect::{Content, detect};
use jwks_cli::core::diff::changes;
use jwks_cli::core::exposure::without_secrets;
use jwks_cli::core::jwks::{JwkSet, document};
use jwks_cli::core::keyring::{Keyring, Order, Selection};
use jwks_cli::core::lifecycle::states;
use jwks_cli::core::lint::{self, Known, Options, Subject};
use jwks_cli::core::time::NumericDate;
use libfuzzer_sys::fuzz_target;

const NOW: i64 = 1_800_000_000;

fuzz_target!(|document: &[u8]| {
    let content = detect(document);
    let subject = Subject {
        name: "fuzz",
        document,
        content: &content,
        published: document.len().is_multiple_of(2),
        served: None,
    };
    let options = Options {
        now: NumericDate::from_seconds(NOW),
        known: &Known::default(),
        selection: lint::Selection::default(),
        is_thorough: false,
        threads: 1,
    };
    for finding in lint::lint(&[subject], &options).iter().flatten() {
        // A place outside of the document would end a report.
        assert!(finding.span.start <= finding.span.end && finding.span.end <= document.len());
    }
    if let Content::Keys(set) = &content {
        keys(set);
    }
});

fn keys(set: &JwkSet) {
    let now = NumericDate::from_seconds(NOW);
    assert_eq!(states(set, now).len(), set.entries().len());
    assert!(changes(set, set).is_empty());
    for entry in set.entries().iter() {
        let _ = without_secrets(entry.members());
        let Some(jwk) = entry.usable() else { continue };
        // What was read is written and read as the same key.
        // In a set: by itself, one with a member "keys" would be taken for a set.
        let again = JwkSet::read(document(&[jwk.members().clone()]).as_bytes());
        let again = again.unwrap_or_else(|fault| panic!("{}", fault.failure));
        let again = again.entries().only().and_then(|entry| entry.jwk().cloned());
        assert_eq!(again.map(|again| again.material().clone()), Some(jwk.material().clone()));
    }
    let (mut ring, _) = Keyring::merge(&[("fuzz", set)]);
    assert!(ring.len() <= set.entries().len());
    let selection = Selection {
        active_at: Some(now),
        ..Selection::default()
    };
    let _ = ring.require_sound();
    let _ = ring.sort(Order::Thumbprint);
    let _ = ring.select(&selection);
    if ring.strip().is_ok() {
        let public = ring.set().unwrap_or_else(|failure| panic!("{failure}"));
        for entry in public.entries().iter() {
            assert!(entry.secret_members().is_empty());
        }
    }
}
