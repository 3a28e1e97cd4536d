//! The shortest stories of tests/simulation in which an earlier version broke a promise.

use super::*;

#[test]
fn a_return_to_an_algorithm_does_not_bring_its_old_key_back() {
    let request = |alg| Request {
        algorithm: by_name(alg),
        ..Request::default()
    };
    let first = roster(&[dated("r", "ES256", None, None)]);
    let long = 20 * HOUR;
    let second = started(&first, &request("ES384"), 0);
    let plan = plan(&second, &POLICY, &request("ES256"), at(M + long)).unwrap();
    let prepared = staged(&second, &plan, M + long, Stage::Prepared);
    assert_eq!(names(&prepared, M + long), ["expired", "active", "pending"]);
    // Without the change the spare of the other algorithm is no successor.
    let plain = started(&prepared, &Request::default(), M + long);
    assert_eq!(plain.keys().last().unwrap().group, Some(group("ES384")));
    assert_eq!(plain.keys().len(), 2);
}

#[test]
fn a_withdrawn_successor_leaves_no_key_with_an_end_and_no_heir() {
    let request = Request {
        standby: true,
        ..Request::default()
    };
    let keys = [ed("a", None, None), dated("r", "RS256", None, None)];
    let second = started(&roster(&keys), &request, 0);
    let successor = 4;
    assert_eq!(second.keys()[successor].group, Some(group("RS256")));
    let named = |index: usize| index == successor;
    let request = RevocationRequest {
        kid: "new-3",
        is_meant: &named,
        reason: Reason::Compromised,
        standby: false,
    };
    let plan = plan_revocation(&second, &POLICY, &request, at(10)).unwrap();
    for stage in [Stage::Prepared, Stage::Done] {
        let after = staged(&second, &plan, 10, stage);
        let active = |now: i64| {
            names(&after, now)
                .iter()
                .filter(|name| **name == "active")
                .count()
        };
        assert_eq!(
            (active(10), active(M), active(2 * M)),
            (2, 2, 2),
            "{stage:?}"
        );
    }
}

#[test]
fn a_replacement_of_a_pending_key_has_no_date_before_it_is_published() {
    let second = started(&roster(&[ed("a", None, None)]), &Request::default(), 0);
    let named = |index: usize| index == 1;
    let request = RevocationRequest {
        kid: "new-1",
        is_meant: &named,
        reason: Reason::Compromised,
        standby: false,
    };
    let plan = plan_revocation(&second, &POLICY, &request, at(10)).unwrap();
    let prepared = staged(&second, &plan, 10, Stage::Prepared);
    assert!(prepared.keys()[1].revoked, "the withdrawal does not wait");
    assert_eq!(prepared.keys()[2].nbf, Some(undated()));
}

#[test]
fn an_end_that_someone_set_too_early_is_moved_where_the_successor_takes_over_at_once() {
    let at_once = RotationPolicy {
        cache_ttl: Duration::ZERO,
        margin: Duration::ZERO,
        ..POLICY
    };
    let keys = roster(&[ed("a", None, Some(100))]);
    let plan = plan(&keys, &at_once, &Request::default(), at(0)).unwrap();
    let after = done(&keys, &plan, 0);
    assert_eq!(shown(&after, 0)[0], format!("a retiring - {}", 12 * HOUR));
}
