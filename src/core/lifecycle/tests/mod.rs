//! Lives of keys, as dates alone.

mod algorithms;
mod dates;
mod departures;
mod members;
mod repairs;
mod stories;
mod withdrawals;

use super::*;
use crate::core::alg::{Curve, by_name};
use crate::core::engine::{Shape, generate};
use crate::core::json::RawObject;
use crate::core::jwk::{Parameters, PrivateJwk};
use crate::core::jwks::{JwkSet, document};

const HOUR: i64 = 3600;
const POLICY: RotationPolicy = RotationPolicy {
    cache_ttl: Duration::from_secs(24 * 3600),
    token_lifetime: Duration::from_secs(12 * 3600),
    margin: Duration::from_secs(3600),
};
/// From a publication to the takeover, and from a takeover to the departure.
const M: i64 = 25 * HOUR;
const L: i64 = 13 * HOUR;

fn at(seconds: i64) -> NumericDate {
    NumericDate::from_seconds(seconds)
}

fn group(algorithm: &str) -> Group {
    Group {
        key_use: if algorithm.contains("OAEP") {
            "enc"
        } else {
            "sig"
        }
        .to_owned(),
        algorithm: algorithm.to_owned(),
    }
}

/// A private key as the lifecycle sees it.
fn dated(kid: &str, algorithm: &str, nbf: Option<i64>, exp: Option<i64>) -> DatedKey {
    DatedKey {
        kid: Some(kid.to_owned()),
        group: Some(group(algorithm)),
        is_private: true,
        iat: None,
        nbf: nbf.map(at),
        exp: exp.map(at),
        revoked: false,
        material: None,
    }
}

fn ed(kid: &str, nbf: Option<i64>, exp: Option<i64>) -> DatedKey {
    dated(kid, "Ed25519", nbf, exp)
}

fn standby(kid: &str) -> DatedKey {
    let mut key = ed(kid, None, None);
    key.nbf = Some(undated());
    key
}

fn roster(keys: &[DatedKey]) -> Roster {
    Roster::new(keys.to_vec())
}

/// The roster after a plan, its new keys called `new-1`, `new-2` and so on.
fn done(roster: &Roster, plan: &Plan, now: i64) -> Roster {
    staged(roster, plan, now, Stage::Done)
}

fn staged(roster: &Roster, plan: &Plan, now: i64, stage: Stage) -> Roster {
    let keys = plan.dated_keys(at(now), |place| Some(format!("new-{}", place + 1)));
    roster.after(plan, stage, &keys)
}

fn started(roster: &Roster, request: &Request<'_>, now: i64) -> Roster {
    done(
        roster,
        &plan(roster, &POLICY, request, at(now)).unwrap(),
        now,
    )
}

fn revoked(roster: &Roster, kid: &str, keeps_standby: bool, now: i64) -> Roster {
    let named = |index: usize| roster.keys()[index].kid.as_deref() == Some(kid);
    let request = RevocationRequest {
        kid,
        is_meant: &named,
        reason: Reason::Compromised,
        standby: keeps_standby,
    };
    done(
        roster,
        &plan_revocation(roster, &POLICY, &request, at(now)).unwrap(),
        now,
    )
}

/// `kid state nbf exp`, a dash for none and `?` for a date that nobody planned.
fn shown(roster: &Roster, now: i64) -> Vec<String> {
    let date = |date: Option<NumericDate>| match date {
        None => "-".to_owned(),
        Some(date) if date == undated() => "?".to_owned(),
        Some(date) => date.seconds().to_string(),
    };
    let states = roster.states(at(now));
    let keys = roster.keys().iter().zip(states);
    keys.map(|(key, state)| {
        let kid = key.kid.as_deref().unwrap_or("-");
        format!("{kid} {} {} {}", state.name(), date(key.nbf), date(key.exp))
    })
    .collect()
}

fn names(roster: &Roster, now: i64) -> Vec<&'static str> {
    roster
        .states(at(now))
        .into_iter()
        .map(State::name)
        .collect()
}

#[test]
fn a_rotation_publishes_takes_over_retires_and_removes_in_order() {
    let first = roster(&[ed("a", None, None)]);
    let second = started(&first, &Request::default(), 0);
    let (takeover, leaves) = (M, M + L);
    assert_eq!(names(&second, takeover - 1), ["active", "pending"]);
    assert_eq!(names(&second, takeover), ["retiring", "active"]);
    assert_eq!(names(&second, leaves - 1), ["retiring", "active"]);
    assert_eq!(names(&second, leaves), ["expired", "active"]);
    let again = |now| plan(&second, &POLICY, &Request::default(), at(now));
    assert!(matches!(
        again(takeover - 1),
        Err(Refusal::UnderWay { pending: 1, activates }) if activates == at(takeover)
    ));
    assert!(again(takeover).unwrap().removals.is_empty());
    let late = again(leaves).unwrap();
    assert_eq!(late.removals.into_iter().collect::<Vec<_>>(), [0]);
    assert_eq!(late.next, Some(at(leaves + M)));
}

#[test]
fn before_the_publication_a_new_key_has_no_date_and_nothing_is_removed() {
    let keys = roster(&[ed("old", Some(0), Some(10)), ed("a", Some(5), None)]);
    let plan = plan(&keys, &POLICY, &Request::default(), at(100)).unwrap();
    let prepared = staged(&keys, &plan, 100, Stage::Prepared);
    let expected = ["old expired 0 10", "a active 5 -", "new-1 pending ? -"];
    assert_eq!(shown(&prepared, 100), expected);
    // A crash here: whenever the next call comes, consumers know the key before it signs.
    let healed = started(&prepared, &Request::default(), 9_000_000);
    let takeover = 9_000_000 + M;
    let expected = [
        format!("a active 5 {}", takeover + L),
        format!("new-1 pending {takeover} -"),
    ];
    assert_eq!(shown(&healed, 9_000_000), expected);
}

#[test]
fn a_lineage_is_never_without_an_active_key() {
    let lone = roster(&[ed("a", Some(0), Some(10))]);
    assert_eq!(names(&lone, 1_000), ["active"]);
    let plan = plan(&lone, &POLICY, &Request::default(), at(1_000)).unwrap();
    assert!(plan.removals.is_empty());
    let after = done(&lone, &plan, 1_000);
    assert_eq!(
        shown(&after, 1_000)[0],
        format!("a active 0 {}", 1_000 + M + L)
    );
}

#[test]
fn undated_keys_of_other_tools_are_accepted_and_the_last_signs_unless_another_is_named() {
    let keys = roster(&[ed("old", None, None), ed("new", None, None)]);
    assert_eq!(names(&keys, 0), ["retiring", "active"]);
    let doubt = Rivals {
        active: 1,
        others: vec![0],
    };
    assert_eq!(rivals(&keys, at(0)), [doubt]);
    let after = started(&keys, &Request::default(), 0);
    assert_eq!(
        shown(&after, 0)[..2],
        [
            format!("old retiring - {L}"),
            format!("new active - {}", M + L)
        ]
    );
    assert!(rivals(&after, at(0)).is_empty());

    let named = |kid| Request {
        active: Some(kid),
        ..Request::default()
    };
    let after = started(&keys, &named("old"), 7);
    let expected = [
        format!("old active 7 {}", 7 + M + L),
        format!("new retiring - {}", 7 + L),
        format!("new-1 pending {} -", 7 + M),
    ];
    assert_eq!(shown(&after, 7), expected);
    let other = |kid| plan(&keys, &POLICY, &named(kid), at(0));
    assert_eq!(
        other("new"),
        plan(&keys, &POLICY, &Request::default(), at(0))
    );
    assert_eq!(other("x"), Err(Refusal::NotCandidate("x".to_owned())));
    let pending = roster(&[ed("a", None, None), ed("b", Some(50), None)]);
    let early = plan(&pending, &POLICY, &named("b"), at(0));
    assert_eq!(early, Err(Refusal::NotCandidate("b".to_owned())));
}

#[test]
fn a_forced_rotation_waits_behind_the_one_that_is_under_way() {
    let second = started(&roster(&[ed("a", None, None)]), &Request::default(), 0);
    let force = Request {
        force: true,
        ..Request::default()
    };
    let third = started(&second, &force, HOUR);
    let expected = [
        format!("a active - {}", M + L),
        format!("new-1 pending {M} {}", HOUR + M + L),
        format!("new-1 pending {} -", HOUR + M),
    ];
    assert_eq!(shown(&third, HOUR), expected);
    // With shorter times the new one still comes last, and never at the same time.
    let short = RotationPolicy {
        cache_ttl: Duration::ZERO,
        ..POLICY
    };
    let plan = plan(&second, &short, &force, at(0)).unwrap();
    assert_eq!(plan.new_keys[0].activates, Some(at(M + 1)));
}

#[test]
fn a_rotation_is_due_when_the_active_key_is_old_enough() {
    let every = Request {
        every: Some(Duration::from_secs(1_000_000)),
        ..Request::default()
    };
    let due = |key: DatedKey, now| plan(&roster(&[key]), &POLICY, &every, at(now)).unwrap();
    let young = due(ed("a", Some(5), None), 1_000_004);
    assert!(young.is_empty());
    assert_eq!(young.next, Some(at(1_000_005)));
    let old = due(ed("a", Some(5), None), 1_000_005);
    assert_eq!(old.started, [0]);
    assert_eq!(old.next, Some(at(1_000_005 + M + 1_000_000)));
    // Nobody knows how old it is, or its date is from a clock that was wrong.
    assert!(!due(ed("a", None, None), 0).is_empty());
    let made_at = |iat| DatedKey {
        iat: Some(at(iat)),
        ..ed("a", None, None)
    };
    assert!(due(made_at(5), 1_000_004).is_empty());
    assert!(!due(made_at(5), 1_000_005).is_empty());
    assert!(due(made_at(60), 0).is_empty());
    assert!(!due(made_at(1_800_000_000_000), 0).is_empty());
    // While one is under way the next is not due.
    let under_way = roster(&[
        ed("a", Some(0), Some(9_000_000)),
        ed("b", Some(2_000_000), None),
    ]);
    let plan = plan(&under_way, &POLICY, &every, at(1_999_999)).unwrap();
    assert!(plan.is_empty());
    assert_eq!(plan.next, Some(at(3_000_000)));
}

#[test]
fn of_two_kinds_of_keys_the_one_that_is_due_is_rotated() {
    let every = Request {
        every: Some(Duration::from_secs(1_000_000)),
        ..Request::default()
    };
    let keys = roster(&[
        ed("a", Some(0), None),
        dated("b", "RS256", Some(500_000), None),
    ]);
    let plan = plan(&keys, &POLICY, &every, at(1_000_000)).unwrap();
    assert_eq!(plan.started, [0]);
    assert_eq!(plan.next, Some(at(1_500_000)));
}

#[test]
fn a_standby_is_kept_and_is_the_next_to_take_over() {
    let request = Request {
        standby: true,
        ..Request::default()
    };
    let second = started(&roster(&[ed("a", Some(0), None)]), &request, 0);
    let expected = [
        format!("a active 0 {}", M + L),
        format!("new-1 pending {M} -"),
        "new-2 pending ? -".to_owned(),
    ];
    assert_eq!(shown(&second, 0), expected);
    let now = 100 * HOUR;
    let third = started(&second, &request, now);
    let expected = [
        format!("new-1 active {M} {}", now + M + L),
        format!("new-2 pending {} -", now + M),
        "new-1 pending ? -".to_owned(),
    ];
    assert_eq!(shown(&third, now), expected);
    // It is no rotation under way, and is made also when nothing else is due.
    let every = Request {
        every: Some(Duration::from_secs(900)),
        ..request
    };
    let young = roster(&[ed("a", Some(0), None)]);
    let kept = started(&young, &every, 1);
    assert_eq!(shown(&kept, 1), ["a active 0 -", "new-1 pending ? -"]);
    assert!(plan(&kept, &POLICY, &every, at(1)).unwrap().is_empty());
    // Nobody should encrypt to a key that is not meant to be used.
    let enc = roster(&[dated("e", "RSA-OAEP", Some(0), None)]);
    assert_eq!(started(&enc, &request, 0).keys().len(), 2);
}

#[test]
fn an_encryption_key_stays_until_what_cached_copies_made_others_encrypt_is_read() {
    let first = roster(&[dated("e", "RSA-OAEP", None, None)]);
    let second = started(&first, &Request::default(), 0);
    let leaves = M + 24 * HOUR + L;
    assert_eq!(
        shown(&second, M),
        [
            format!("e retiring - {leaves}"),
            format!("new-1 active {M} -")
        ]
    );
    // It leaves the published set only now: copies made until now name it for M longer.
    let late = repairs::mended(&second, |_| true, leaves + 5);
    let kept = second.after(&late.plan, Stage::Prepared, &[]);
    assert_eq!(kept.keys()[0].exp, Some(at(leaves + 5 + 24 * HOUR + L)));
    assert_eq!(names(&kept, leaves + 5), ["retiring", "active"]);
    let published_before = repairs::mended(&second, |index| index == 1, leaves + 5);
    assert!(published_before.plan.is_empty());
}

#[test]
fn times_that_no_date_can_hold_are_refused() {
    let keys = roster(&[ed("a", None, None)]);
    for now in [undated().seconds(), undated().seconds() - M, i64::MAX] {
        let far = plan(&keys, &POLICY, &Request::default(), at(now));
        assert_eq!(far, Err(Refusal::TooFar), "{now}");
    }
    let long = RotationPolicy {
        token_lifetime: Duration::MAX,
        ..POLICY
    };
    assert_eq!(
        plan(&keys, &long, &Request::default(), at(0)),
        Err(Refusal::TooFar)
    );
    assert!(plan(&keys, &POLICY, &Request::default(), at(-9_000_000_000)).is_ok());
}

#[test]
fn a_set_that_nothing_can_be_rotated_in_is_told() {
    let public = DatedKey {
        is_private: false,
        ..ed("a", None, None)
    };
    let refused =
        |keys: &[DatedKey]| plan(&roster(keys), &POLICY, &Request::default(), at(0)).unwrap_err();
    assert_eq!(
        refused(&[ed("b", None, None), public]),
        Refusal::PublicKeys(vec![1])
    );
    assert_eq!(refused(&[]), Refusal::NothingToRotate);
    let gone = DatedKey {
        revoked: true,
        ..ed("a", None, None)
    };
    assert_eq!(refused(&[gone]), Refusal::NothingToRotate);
    assert_eq!(refused(&[standby("s")]), Refusal::NothingActive);
}
