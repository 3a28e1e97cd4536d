//! Keys that are withdrawn.

use super::*;

#[test]
fn a_revoked_active_key_is_replaced_at_once() {
    let alone = roster(&[ed("a", Some(0), None)]);
    let after = revoked(&alone, "a", false, 10);
    assert_eq!(shown(&after, 10), ["a revoked 0 -", "new-1 active -3590 -"]);
    // By the key that was to be next, which consumers know best.
    let under_way = started(&alone, &Request::default(), 0);
    let after = revoked(&under_way, "a", false, 10);
    assert_eq!(
        shown(&after, 10),
        [
            format!("a revoked 0 {}", M + L),
            "new-1 active -3590 -".to_owned()
        ]
    );
    let spare = roster(&[ed("a", Some(0), None), standby("s")]);
    let after = revoked(&spare, "a", true, 10);
    assert_eq!(
        shown(&after, 10),
        ["a revoked 0 -", "s active -3590 -", "new-1 pending ? -"]
    );
}

#[test]
fn a_revoked_successor_is_replaced_by_one_that_consumers_get_to_know() {
    let under_way = started(&roster(&[ed("a", Some(0), None)]), &Request::default(), 0);
    let after = revoked(&under_way, "new-1", false, 10);
    let expected = [
        format!("a active 0 {}", 10 + M + L),
        format!("new-1 revoked {M} -"),
        format!("new-1 revoked {} -", 10 + M),
    ];
    // The test's own names repeat, which the kid of a withdrawn key must not.
    assert_eq!(shown(&after, 10), expected);
    // Of two that wait the second goes: the first must not be left as the newest with an end.
    let queue = roster(&[
        ed("a", Some(0), Some(500)),
        ed("b", Some(100), Some(900)),
        ed("c", Some(200), None),
    ]);
    let after = revoked(&queue, "c", false, 10);
    assert_eq!(after.keys()[3].nbf, Some(at(10 + M)));
    assert_eq!(
        shown(&after, 10)[1],
        format!("b pending 100 {}", 10 + M + L)
    );
    // The first goes: the active one stays until the second takes over.
    let queue = roster(&[
        ed("a", Some(0), Some(500)),
        ed("b", Some(100), Some(900)),
        ed("c", Some(200), None),
    ]);
    let after = revoked(&queue, "b", false, 10);
    assert_eq!(shown(&after, 10)[0], format!("a active 0 {}", 200 + L));
    assert_eq!(after.keys().len(), 3);
}

#[test]
fn revoking_a_key_that_signs_no_more_changes_no_other() {
    let keys = roster(&[
        ed("old", Some(0), Some(900)),
        ed("a", Some(100), None),
        standby("s"),
    ]);
    assert_eq!(
        shown(&revoked(&keys, "old", false, 200), 200),
        ["old revoked 0 900", "a active -3400 -", "s pending ? -"]
    );
    assert_eq!(
        shown(&revoked(&keys, "s", true, 200), 200)[1..],
        ["a active 100 -", "s revoked ? -", "new-1 pending ? -"]
    );
}

#[test]
fn a_revoked_kid_is_never_used_again() {
    let mut gone = ed("a", Some(0), None);
    gone.revoked = true;
    gone.is_private = false;
    // Someone has merged a backup.
    let keys = roster(&[gone, ed("b", Some(5), None), ed("a", Some(9), None)]);
    assert_eq!(names(&keys, 10), ["revoked", "active", "revoked"]);
    let again = revoked(&keys, "a", false, 10);
    assert!(!again.keys()[2].is_private);
    let named = |index: usize| again.keys()[index].kid.as_deref() == Some("a");
    let request = RevocationRequest {
        kid: "a",
        is_meant: &named,
        reason: Reason::Superseded,
        standby: false,
    };
    assert!(
        plan_revocation(&again, &POLICY, &request, at(11))
            .unwrap()
            .is_empty()
    );
    let nobody = RevocationRequest {
        is_meant: &|_| false,
        ..request
    };
    assert_eq!(
        plan_revocation(&again, &POLICY, &nobody, at(11)),
        Err(RevocationFault::UnknownKid("a".to_owned()))
    );
}

#[test]
fn while_the_algorithm_changes_a_standby_of_the_old_one_signs_in_the_place_of_its_key() {
    let change = Request {
        algorithm: by_name("ES256"),
        ..Request::default()
    };
    let keys = roster(&[
        dated("r", "RS256", Some(0), None),
        dated("s", "RS256", Some(undated().seconds()), None),
    ]);
    let under_way = started(&keys, &change, 10);
    let after = revoked(&under_way, "r", false, 20);
    let expected = [
        format!("r revoked 0 {}", 10 + M + L),
        format!("s active -3580 {}", 10 + M + L),
        format!("new-1 pending {} -", 10 + M),
    ];
    assert_eq!(shown(&after, 20), expected);
    assert_eq!(names(&after, 10 + M), ["revoked", "retiring", "active"]);
    // It has an end before the published set is written, or the two would be two kinds of keys.
    let named = |index: usize| index == 0;
    let request = RevocationRequest {
        kid: "r",
        is_meant: &named,
        reason: Reason::Compromised,
        standby: false,
    };
    let plan = plan_revocation(&under_way, &POLICY, &request, at(20)).unwrap();
    let prepared = staged(&under_way, &plan, 20, Stage::Prepared);
    assert_eq!(shown(&prepared, 20), expected);
    // Without one the new key signs at once, as ever.
    let alone = started(&roster(&keys.keys()[..1]), &change, 10);
    let after = revoked(&alone, "r", false, 20);
    assert_eq!(names(&after, 20), ["revoked", "active"]);
    // Once the new key signs, the standby is of no use and goes with the old key.
    let late = revoked(&under_way, "r", false, 10 + M);
    assert_eq!(names(&late, 10 + M), ["revoked", "active"]);
}
