//! Dates that no rotation sets, and names that belong to several keys.

use super::*;

fn found(keys: &[DatedKey], now: i64) -> Vec<(usize, DateMember, bool)> {
    let found = implausible(&roster(keys), &POLICY, at(now)).into_iter();
    found
        .map(|own| (own.index, own.member, own.has_active))
        .collect()
}

#[test]
fn a_takeover_later_than_any_rotation_asks_for_is_told() {
    // Put off behind one that was put off, by another clock.
    let latest = 2 * M + HOUR + 1;
    let keys = |nbf| [ed("a", Some(0), None), ed("b", Some(nbf), None)];
    assert_eq!(found(&keys(latest), 0), []);
    let told = [(1, DateMember::Nbf, true)];
    assert_eq!(found(&keys(latest + 1), 0), told);
    assert_eq!(found(&keys(latest + 1), 1), []);
    assert_eq!(found(&[ed("a", Some(0), None), standby("s")], 0), []);
    // Where nothing is active it may be the clock that is late.
    let alone = [ed("b", Some(latest + 1), None)];
    assert_eq!(found(&alone, 0), [(0, DateMember::Nbf, false)]);
    let gone = DatedKey {
        revoked: true,
        ..ed("b", Some(latest + 1), None)
    };
    assert_eq!(found(&[ed("a", Some(0), None), gone], 0), []);
}

#[test]
fn what_rotations_can_do_at_their_latest_is_plausible() {
    let force = Request {
        force: true,
        ..Request::default()
    };
    let mut keys = roster(&[ed("a", Some(0), None)]);
    let now = M - 1;
    keys = started(&keys, &Request::default(), 0);
    for _ in 0..5 {
        keys = started(&keys, &force, now);
    }
    let late = repairs::mended(&keys, |_| false, now);
    keys = keys.after(&late.plan, Stage::Done, &[]);
    assert!(keys.keys()[6].nbf > Some(at(2 * M)));
    assert_eq!(implausible(&keys, &POLICY, at(now)), []);
}

#[test]
fn a_key_that_was_made_in_the_future_is_told_unless_its_takeover_says_it_all() {
    let made = |iat, nbf| DatedKey {
        iat: Some(at(iat)),
        ..ed("a", nbf, None)
    };
    assert_eq!(found(&[made(HOUR, None)], 0), []);
    let told = [(0, DateMember::Iat, true)];
    assert_eq!(found(&[made(HOUR + 1, None)], 0), told);
    let far = 9_000_000_000;
    let told = [(0, DateMember::Nbf, false)];
    assert_eq!(found(&[made(far, Some(far))], 0), told);
}

#[test]
fn withdrawing_keys_from_the_future_one_after_the_other_lets_rotations_go_on() {
    let far = 5 * 365 * 24 * HOUR;
    let keys = roster(&[ed("a", Some(0), None)]);
    let first = started(&keys, &Request::default(), far);
    let force = Request {
        force: true,
        ..Request::default()
    };
    let mut both = started(&first, &force, far).keys().to_vec();
    both[2].kid = Some("new-2".to_owned());
    let mut keys = roster(&both);
    for now in [10, 20] {
        let dates = implausible(&keys, &POLICY, at(now));
        let first = keys.keys()[dates[0].index].kid.clone().unwrap();
        let mut after = revoked(&keys, &first, false, now).keys().to_vec();
        if let Some(new) = after.get_mut(3) {
            new.kid = Some("new-3".to_owned());
        }
        keys = roster(&after);
    }
    assert_eq!(implausible(&keys, &POLICY, at(30)), []);
    assert_eq!(keys.keys()[3].nbf, Some(at(20 + M)));
    assert!(plan(&keys, &POLICY, &Request::default(), at(20 + M)).is_ok());
}

fn of(kid: &str, algorithm: &str, material: u8, nbf: Option<i64>) -> DatedKey {
    DatedKey {
        material: Some([material; 32]),
        ..dated(kid, algorithm, nbf, None)
    }
}

#[test]
fn different_keys_of_one_kid_clash_where_both_are_published() {
    let clash = |keys: &[DatedKey]| {
        let found = clashes(&roster(keys), at(10)).into_iter();
        let found = found.map(|own| (own.keys, own.is_alike));
        found.collect::<Vec<_>>()
    };
    let a = || of("x", "ES256", 1, Some(0));
    assert_eq!(clash(&[a(), of("y", "ES256", 2, None)]), []);
    assert_eq!(clash(&[a(), of("x", "ES256", 1, None)]), []);
    let pending = of("x", "ES256", 2, Some(500));
    assert_eq!(clash(&[a(), pending]), [(vec![0, 1], true)]);
    assert_eq!(
        clash(&[a(), of("x", "RS256", 2, None)]),
        [(vec![0, 1], false)]
    );
    assert_eq!(
        clash(&[a(), of("x", "RSA-OAEP", 2, None)]),
        [(vec![0, 1], false)]
    );
    // One without an algorithm takes tokens of any that its type has.
    let rsa = |algorithm, material| of("x", algorithm, material, None);
    let alike = |keys: &[DatedKey]| clash(keys)[0].1;
    assert!(!alike(&[rsa("RS256", 1), rsa("PS256", 2)]));
    assert!(alike(&[rsa("RS256", 1), rsa("RSA", 2)]));
    assert!(!alike(&[a(), rsa("RSA", 2)]));
    assert!(alike(&[a(), rsa("EC P-256", 2)]));
    assert!(!alike(&[a(), rsa("EC P-384", 2)]));
    let gone = DatedKey {
        exp: Some(at(5)),
        ..of("x", "ES256", 2, None)
    };
    assert_eq!(clash(&[gone, a()]), []);
}

#[test]
fn whoever_has_the_name_of_a_withdrawn_key_goes_with_it_and_is_replaced() {
    let keys = roster(&[
        of("a", "ES256", 1, Some(0)),
        of("b", "PS256", 1, Some(0)),
        of("b", "Ed25519", 2, Some(0)),
        of("c", "RS256", 3, Some(0)),
    ]);
    let after = revoked(&keys, "a", false, 10);
    let states = names(&after, 10);
    assert_eq!(states[..4], ["revoked", "revoked", "revoked", "active"]);
    // One of each kind signs in their place.
    assert_eq!(states[4..], ["active", "active", "active"]);
    assert!(after.keys()[..3].iter().all(|key| !key.is_private));
}
