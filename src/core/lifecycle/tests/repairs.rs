//! What is made good before anything that was asked for.

use super::*;

/// The repair where a published set was found that held some of the keys.
pub(super) fn mended(roster: &Roster, holds: impl Fn(usize) -> bool, now: i64) -> Repair {
    let seen = Seen {
        holds: &holds,
        is_found: true,
    };
    repair(roster, &POLICY, (Haste::Rotation, Some(seen)), at(now))
}

/// The repair where no published set was found.
fn mended_unseen(roster: &Roster, now: i64) -> Repair {
    let seen = Seen {
        holds: &|_| false,
        is_found: false,
    };
    repair(roster, &POLICY, (Haste::Rotation, Some(seen)), at(now))
}

fn put_off(index: usize, activates: i64) -> Postponed {
    Postponed {
        index,
        activates: at(activates),
        follows: false,
        had_begun: false,
    }
}

fn made_at_once(key: DatedKey) -> DatedKey {
    DatedKey {
        iat: Some(at(0)),
        ..key
    }
}

fn two() -> Roster {
    roster(&[
        ed("a", None, Some(M + L)),
        made_at_once(ed("b", Some(M), None)),
    ])
}

/// The one that was forced takes over a second after the one that it waits behind.
fn three() -> Roster {
    roster(&[
        ed("a", None, Some(M + L)),
        made_at_once(ed("b", Some(M), Some(M + 1 + L))),
        made_at_once(ed("c", Some(M + 1), None)),
    ])
}

#[test]
fn a_key_that_is_published_late_takes_over_late() {
    let keys = two();
    assert!(mended(&keys, |_| true, HOUR).plan.is_empty());
    let late = mended(&keys, |_| false, HOUR);
    assert_eq!(late.postponed, [put_off(1, HOUR + M)]);
    let third = keys.after(&late.plan, Stage::Done, &[]);
    let expected = [
        format!("a active - {}", HOUR + M + L),
        format!("b pending {} -", HOUR + M),
    ];
    assert_eq!(shown(&third, HOUR), expected);
    let prepared = keys.after(&late.plan, Stage::Prepared, &[]);
    assert_eq!(shown(&prepared, HOUR)[1], "b pending ? -");
    let active = mended(&keys, |_| false, M);
    assert!(active.plan.is_empty(), "it is active");
}

#[test]
fn a_published_set_that_is_there_is_believed_each_time() {
    let keys = two();
    let second = keys.after(&mended(&keys, |_| false, HOUR).plan, Stage::Done, &[]);
    assert!(mended(&second, |_| true, 2 * HOUR).plan.is_empty());
    let late = mended(&second, |_| false, 2 * HOUR);
    assert_eq!(late.postponed, [put_off(1, 2 * HOUR + M)]);
}

#[test]
fn a_published_set_that_is_missing_puts_off_once_and_is_told_of_afterwards() {
    let keys = two();
    let first = mended_unseen(&keys, HOUR);
    assert_eq!(first.postponed, [put_off(1, HOUR + M)]);
    assert!(first.early.is_empty());
    let second = keys.after(&first.plan, Stage::Done, &[]);
    let late = mended_unseen(&second, 2 * HOUR);
    assert!(late.plan.is_empty());
    assert_eq!(late.early, [1]);
}

#[test]
fn those_behind_a_late_key_keep_their_order_and_distance() {
    let keys = three();
    let expected = [put_off(1, HOUR + M), put_off(2, HOUR + M + 1)];
    for late in [
        mended(&keys, |index| index == 0, HOUR),
        mended_unseen(&keys, HOUR),
    ] {
        assert_eq!(late.postponed, expected);
        let after = keys.after(&late.plan, Stage::Done, &[]);
        let dates = [
            format!("a active - {}", HOUR + M + L),
            format!("b pending {} {}", HOUR + M, HOUR + M + 1 + L),
            format!("c pending {} -", HOUR + M + 1),
        ];
        assert_eq!(shown(&after, HOUR), dates);
        assert!(mended(&after, |_| true, HOUR).plan.is_empty());
    }
    let behind = mended(&keys, |index| index == 2, HOUR).postponed;
    assert!(behind[1].follows, "it was published");
    let last = mended(&keys, |index| index == 1, HOUR);
    assert_eq!(last.postponed, [put_off(2, HOUR + M)]);
}

#[test]
fn a_withdrawal_puts_nothing_off_and_tells_what_is_early() {
    let seen = Seen {
        holds: &|_| false,
        is_found: true,
    };
    let withdraws = |meant: usize| {
        let is_meant = move |index: usize| index == meant;
        let known = (Haste::Withdrawal(&is_meant), Some(seen));
        repair(&three(), &POLICY, known, at(HOUR))
    };
    let repair = withdraws(0);
    assert!(repair.plan.is_empty());
    assert_eq!(repair.early, [1, 2]);
    // The keys of another kind have time.
    let elsewhere = withdraws(3);
    assert!(elsewhere.early.is_empty());
    assert_eq!(elsewhere.postponed.len(), 2);
}

#[test]
fn a_longer_lifetime_of_tokens_lets_every_key_stay_that_has_not_gone() {
    let longer = RotationPolicy {
        token_lifetime: Duration::from_secs(7 * 24 * 3600),
        ..POLICY
    };
    let leaves = |takeover: i64| longer.departure(&group("Ed25519"), at(takeover));
    let with = |policy, now| repair(&three(), policy, (Haste::Rotation, None), at(now)).plan;
    let stays = |now| Vec::from_iter(with(&longer, now).stays);
    assert_eq!(stays(HOUR), [(0, leaves(M)), (1, leaves(M + 1))]);
    assert_eq!(stays(M + L - 1).len(), 2);
    assert_eq!(stays(M + L), [(1, leaves(M + 1))]);
    assert!(stays(M + L + 1).is_empty(), "both have gone");
    let after = three().after(&with(&longer, HOUR), Stage::Done, &[]);
    for policy in [&longer, &POLICY] {
        let again = repair(&after, policy, (Haste::Rotation, None), at(HOUR));
        assert!(again.plan.is_empty(), "nothing is shortened or done twice");
    }
}

#[test]
fn a_key_that_waits_for_the_date_of_its_successor_has_no_end_before() {
    let longer = RotationPolicy {
        token_lifetime: Duration::from_secs(7 * 24 * 3600),
        ..POLICY
    };
    let keys = two();
    let seen = Seen {
        holds: &|_| false,
        is_found: true,
    };
    let plan = repair(&keys, &longer, (Haste::Rotation, Some(seen)), at(HOUR)).plan;
    let prepared = keys.after(&plan, Stage::Prepared, &[]);
    assert_eq!(shown(&prepared, HOUR), ["a active - -", "b pending ? -"]);
}

#[test]
fn a_key_that_signs_without_having_been_published_waits_and_the_one_before_signs_again() {
    let keys = two();
    let now = M + HOUR;
    let late = mended(&keys, |index| index == 0, now);
    let returned = Postponed {
        had_begun: true,
        ..put_off(1, now + M)
    };
    assert_eq!(late.postponed, [returned]);
    let after = keys.after(&late.plan, Stage::Done, &[]);
    let expected = [
        format!("a active - {}", now + M + L),
        format!("b pending {} -", now + M),
    ];
    assert_eq!(shown(&after, now), expected);
    let prepared = keys.after(&late.plan, Stage::Prepared, &[]);
    assert_eq!(shown(&prepared, now), ["a active - -", "b pending ? -"]);
    // Those behind it come after it, in their order.
    let queue = roster(&[three().keys(), &[ed("d", Some(3 * M), None)]].concat());
    let late = mended(&queue, |index| index == 0, now);
    let nbfs = late
        .postponed
        .iter()
        .map(|own| own.activates.seconds() - now);
    assert_eq!(nbfs.collect::<Vec<_>>(), [M, M + 1, 4 * M - now]);
}

#[test]
fn a_key_that_signs_goes_on_where_none_before_it_is_known_or_it_is_known_itself() {
    let now = M + HOUR;
    assert!(mended(&two(), |_| true, now).plan.is_empty());
    assert!(mended(&two(), |_| false, now).plan.is_empty());
    // The one before it has gone.
    assert!(mended(&two(), |index| index == 0, M + L).plan.is_empty());
    // Nobody knows since when a key without a date signs.
    let undated = roster(&[ed("a", None, None), ed("b", None, None)]);
    assert!(mended(&undated, |index| index == 0, now).plan.is_empty());
    let public = DatedKey {
        is_private: false,
        ..two().keys()[0].clone()
    };
    let keys = roster(&[public, two().keys()[1].clone()]);
    assert!(mended(&keys, |index| index == 0, now).plan.is_empty());
}

#[test]
fn without_a_published_set_a_key_returns_once_if_its_dates_are_as_they_were_planned() {
    let now = M + HOUR;
    let late = mended_unseen(&two(), now);
    assert_eq!(late.postponed.len(), 1);
    let again = two().after(&late.plan, Stage::Done, &[]);
    assert!(mended_unseen(&again, now + M).plan.is_empty());
    let other = roster(&[
        ed("a", None, Some(M + L)),
        made_at_once(ed("b", Some(M - 5), None)),
    ]);
    assert!(mended_unseen(&other, now).plan.is_empty());
}

#[test]
fn without_a_published_set_one_that_was_forced_or_a_standby_is_put_off_as_well() {
    let made_late = |iat, key: DatedKey| DatedKey {
        iat: Some(at(iat)),
        ..key
    };
    // Forced a moment after the other: it waits behind it, and was not put off before.
    let forced = roster(&[
        ed("a", None, Some(2 * M)),
        made_late(1, ed("b", Some(1 + M), Some(2 * M))),
        made_at_once(ed("c", Some(2 + M), None)),
    ]);
    assert_eq!(mended_unseen(&forced, HOUR).postponed.len(), 2);
    let once = forced.after(&mended_unseen(&forced, HOUR).plan, Stage::Done, &[]);
    assert_eq!(mended_unseen(&once, 2 * HOUR).early, [1, 2]);
    // Dated when the next standby was made.
    let spare = roster(&[
        ed("a", None, Some(9 * M)),
        made_at_once(ed("s", Some(8 * M), None)),
        made_late(7 * M, standby("t")),
    ]);
    let late = mended_unseen(&spare, 7 * M + HOUR);
    assert_eq!(late.postponed, [put_off(1, 8 * M + HOUR)]);
    let once = spare.after(&late.plan, Stage::Done, &[]);
    assert_eq!(mended_unseen(&once, 7 * M + 2 * HOUR).early, [1]);
}
