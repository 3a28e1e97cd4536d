//! Changes of algorithm.

use super::*;

#[test]
fn a_change_of_algorithm_makes_one_line_of_both() {
    let request = |alg| Request {
        algorithm: by_name(alg),
        ..Request::default()
    };
    let first = roster(&[
        dated("r", "RS256", Some(0), None),
        dated("s", "RS256", Some(undated().seconds()), None),
    ]);
    let second = started(&first, &request("ES256"), 0);
    let expected = [
        format!("r active 0 {}", M + L),
        "s pending ? -".to_owned(),
        format!("new-1 pending {M} -"),
    ];
    assert_eq!(shown(&second, 0), expected);
    assert_eq!(second.keys()[2].group, Some(group("ES256")));
    assert_eq!(names(&second, M), ["retiring", "pending", "active"]);
    // The key of the old algorithm does not come back while the next one is pending, and its standby has
    // no use any more.
    let third = started(&second, &request("PS256"), M);
    assert_eq!(names(&third, M), ["retiring", "active", "pending"]);
    assert_eq!(names(&third, 2 * M), ["expired", "retiring", "active"]);
    // One that a crash left without a date is the one that takes over.
    let plan_one = plan(&first, &POLICY, &request("ES256"), at(0)).unwrap();
    let prepared = staged(&first, &plan_one, 0, Stage::Prepared);
    assert_eq!(names(&prepared, 0), ["active", "pending", "pending"]);
    let healed = started(&prepared, &request("ES256"), 50);
    assert_eq!(shown(&healed, 50)[2], format!("new-1 pending {} -", 50 + M));
    assert_eq!(healed.keys().len(), 3);
}

#[test]
fn with_a_standby_a_change_of_algorithm_has_one_of_each_until_it_is_made() {
    let request = |alg, force| Request {
        algorithm: by_name(alg),
        standby: true,
        force,
        ..Request::default()
    };
    let first = roster(&[
        dated("r", "RS256", Some(0), None),
        dated("s", "RS256", Some(undated().seconds()), None),
    ]);
    let second = started(&first, &request("ES256", false), 0);
    let algorithms = |roster: &Roster| -> Vec<String> {
        let groups = roster.keys().iter().filter_map(|key| key.group.as_ref());
        groups.map(|group| group.algorithm.clone()).collect()
    };
    assert_eq!(algorithms(&second), ["RS256", "RS256", "ES256", "ES256"]);
    assert_eq!(names(&second, 0)[1..], ["pending", "pending", "pending"]);
    // Nothing is missing before the takeover, and one of the new algorithm is there after it.
    let every = Request {
        every: Some(Duration::from_secs(9_000_000)),
        standby: true,
        ..Request::default()
    };
    for now in [HOUR, 2 * M] {
        let kept = plan(&second, &POLICY, &every, at(now)).unwrap();
        assert!(kept.is_empty(), "{kept:?}");
    }
    // A second change before the first is made: each algorithm that is to sign keeps its reserve.
    let third = started(&second, &request("PS256", true), HOUR);
    let expected = ["RS256", "RS256", "ES256", "ES256", "PS256", "PS256"];
    assert_eq!(algorithms(&third), expected);
    let plain = Request::default();
    assert_eq!(
        algorithms(&started(&third, &plain, 3 * M)),
        ["PS256", "PS256"]
    );
}

#[test]
fn a_change_of_algorithm_is_about_one_kind_of_keys() {
    let keys = roster(&[
        ed("a", None, None),
        dated("b", "RS256", None, None),
        dated("e", "RSA-OAEP", None, None),
    ]);
    let request = Request {
        algorithm: by_name("ES256"),
        ..Request::default()
    };
    assert!(matches!(
        plan(&keys, &POLICY, &request, at(0)),
        Err(Refusal::SeveralGroups(groups)) if groups.len() == 2
    ));
    let enc = roster(&[dated("e", "RSA-OAEP", None, None)]);
    assert!(matches!(
        plan(&enc, &POLICY, &request, at(0)),
        Err(Refusal::NoGroup(_))
    ));
}

#[test]
fn keys_that_someone_gave_an_end_each_do_not_succeed_those_of_another_algorithm() {
    let keys = roster(&[
        dated("r", "RS256", Some(0), Some(100)),
        ed("a", Some(5), Some(200)),
    ]);
    assert_eq!(names(&keys, 50), ["active", "active"]);
}
