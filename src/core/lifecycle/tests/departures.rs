//! The keys that leave next, and the call that takes them out without starting anything.

use super::*;

const DAY: i64 = 24 * HOUR;

fn leaving(roster: &Roster, now: i64) -> Option<(i64, Vec<usize>)> {
    departure(roster, at(now)).map(|own| (own.at.seconds(), own.keys))
}

#[test]
fn the_first_to_leave_is_told_until_none_is_left() {
    let keys = roster(&[
        ed("a", None, Some(M + L)),
        ed("b", Some(M), Some(9 * M)),
        ed("c", Some(2 * M), None),
        standby("s"),
    ]);
    assert_eq!(leaving(&keys, 0), Some((M + L, vec![0])));
    assert_eq!(leaving(&keys, M + L - 1), Some((M + L, vec![0])));
    assert_eq!(leaving(&keys, M + L), Some((9 * M, vec![1])));
    assert_eq!(leaving(&keys, 9 * M), None);
}

#[test]
fn nobody_leaves_before_another_has_taken_over() {
    // An end that someone else set early, one without a successor, and a successor without a date.
    let keys = roster(&[ed("a", None, Some(HOUR)), ed("b", Some(M), None)]);
    assert_eq!(leaving(&keys, 0), Some((M, vec![0])));
    assert_eq!(leaving(&roster(&[ed("a", None, Some(HOUR))]), 0), None);
    let waiting = roster(&[ed("a", None, Some(HOUR)), standby("s")]);
    assert_eq!(leaving(&waiting, 0), None);
}

#[test]
fn a_key_to_encrypt_to_leaves_when_another_is_there() {
    let keys = roster(&[
        dated("a", "RSA-OAEP", None, Some(3 * M)),
        dated("b", "RSA-OAEP", Some(M), None),
        ed("c", None, Some(M)),
        ed("d", Some(HOUR), None),
    ]);
    assert_eq!(leaving(&keys, 0), Some((M, vec![0, 2])));
    assert_eq!(leaving(&keys, M), None);
}

#[test]
fn what_leaves_is_published_until_then_and_not_from_then_on() {
    let mut keys = roster(&[ed("a", None, None), dated("e", "RSA-OAEP", None, None)]);
    let mut now = 0;
    for _ in 0..6 {
        let request = Request::default();
        let plan = plan(&keys, &POLICY, &request, at(now)).unwrap();
        keys = done(&keys, &plan, now);
        let Departure {
            at: leaves,
            keys: gone,
        } = departure(&keys, at(now)).unwrap();
        let before = published_places(&keys, leaves.minus(Duration::from_secs(1)));
        let after = published_places(&keys, leaves);
        assert!(
            gone.iter()
                .all(|key| before.contains(key) && !after.contains(key))
        );
        now = leaves.seconds() + L + M;
    }
}

#[test]
fn a_pause_is_long_enough_for_every_key_or_there_is_none() {
    let every = |keys: &Roster, now| pause(keys, &POLICY, at(now)).map(|own| own.every.as_secs());
    let keys = roster(&[ed("a", None, None), ed("b", Some(M), None)]);
    assert_eq!(every(&keys, M + L), Some(90 * 86_400));
    assert_eq!(pause(&keys, &POLICY, at(M)).unwrap().due, at(M + 90 * DAY));
    assert_eq!(every(&keys, M + 90 * DAY - 1), Some(90 * 86_400));
    assert_eq!(every(&keys, M + 90 * DAY), Some(365 * 86_400));
    assert_eq!(every(&keys, M + 20_000 * DAY), None);
    // Nobody knows how long this one has been in use: it is due whenever somebody asks.
    let unknown = roster(&[ed("b", Some(M), None), dated("r", "RS256", None, None)]);
    assert_eq!(every(&unknown, M), None);
    for roster in [keys, unknown] {
        let Some(pause) = pause(&roster, &POLICY, at(M + L)) else {
            continue;
        };
        let request = Request {
            every: Some(pause.every),
            ..Request::default()
        };
        for now in [M + L, pause.due.seconds() - 1] {
            assert!(
                plan(&roster, &POLICY, &request, at(now))
                    .unwrap()
                    .started
                    .is_empty()
            );
        }
    }
}
