use super::*;

fn at(seconds: i64) -> NumericDate {
    NumericDate::from_seconds(1_800_000_000 + seconds)
}

/// The time at which everything arrives, as HTTP writes it, and a week before.
const NOW: &str = "Fri, 15 Jan 2027 08:00:00 GMT";
const LAST_WEEK: &str = "Fri, 08 Jan 2027 08:00:00 GMT";

fn headers(pairs: &[(&str, &str)]) -> ResponseHeaders {
    ResponseHeaders::collect(|name| {
        let found = pairs.iter().find(|(own, _)| *own == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

fn stored(pairs: &[(&str, &str)]) -> StoredResponse {
    StoredResponse {
        key: "https://a.example/keys".to_owned(),
        url: "https://a.example/keys".to_owned(),
        zone: Zone::Global,
        headers: headers(pairs),
        arrived: at(0),
        redirects_hold: None,
        body: b"{\"keys\":[]}\n".to_vec(),
    }
}

fn controlled(control: &str) -> StoredResponse {
    stored(&[("cache-control", control)])
}

/// For how many seconds it is fresh, from its arrival on.
#[track_caller]
fn is_fresh_for(stored: &StoredResponse, seconds: i64) {
    if seconds > 0 {
        assert!(stored.fresh_for(at(seconds - 1)).is_some(), "{stored:?}");
    }
    assert_eq!(stored.fresh_for(at(seconds)), None, "{stored:?}");
}

#[test]
fn an_answer_lives_as_long_as_its_server_says() {
    is_fresh_for(&controlled("max-age=60"), 60);
    is_fresh_for(&controlled("Public, MAX-AGE=60, immutable"), 60);
    is_fresh_for(&controlled("max-age=\"60\""), 60);
    is_fresh_for(&controlled("max-age=60, public, max-age=60"), 60);
    // s-maxage is for caches that many share.
    is_fresh_for(&controlled("private, max-age=60, s-maxage=600"), 60);
    let dated = [("date", NOW), ("expires", "Fri, 15 Jan 2027 08:01:40 GMT")];
    is_fresh_for(&stored(&dated), 100);
    let both = [dated[0], dated[1], ("cache-control", "max-age=7")];
    is_fresh_for(&stored(&both), 7);
}

#[test]
fn an_answer_that_does_not_say_how_long_lives_for_ten_minutes() {
    is_fresh_for(&stored(&[]), 600);
    is_fresh_for(&controlled("public"), 600);
    is_fresh_for(&stored(&[("age", "500")]), 100);
    // No guess from how long it has been the same.
    let old = [("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT")];
    is_fresh_for(&stored(&old), 600);
}

#[test]
fn the_age_that_it_has_on_arrival_counts() {
    let response = stored(&[("cache-control", "max-age=60"), ("age", "45")]);
    is_fresh_for(&response, 15);
    assert_eq!(response.age(at(5)), Duration::from_secs(50));
    let response = stored(&[("cache-control", "max-age=60"), ("age", "60")]);
    is_fresh_for(&response, 0);
}

/// A server that replays headers, or whose clock is behind, makes nothing young again.
#[test]
fn the_date_tells_the_age_where_nothing_else_does() {
    let week = Duration::from_secs(7 * 86_400);
    let old = stored(&[
        ("date", LAST_WEEK),
        ("expires", "Sat, 09 Jan 2027 08:00:00 GMT"),
    ]);
    assert_eq!(old.age(at(5)), week + Duration::from_secs(5));
    is_fresh_for(&old, 0);
    is_fresh_for(&stored(&[("date", LAST_WEEK)]), 0);
    let minutes = ("cache-control", "max-age=600");
    is_fresh_for(&stored(&[("date", LAST_WEEK), minutes]), 0);
    let soon = "Fri, 15 Jan 2027 07:59:00 GMT";
    is_fresh_for(&stored(&[("date", soon), minutes]), 540);
    is_fresh_for(&stored(&[("date", soon), minutes, ("age", "70")]), 530);
    is_fresh_for(&stored(&[("date", soon), minutes, ("age", "50")]), 540);
    // A clock that is ahead adds nothing.
    let ahead = ("date", "Fri, 15 Jan 2027 09:00:00 GMT");
    is_fresh_for(&stored(&[ahead, minutes]), 600);
    let replayed = headers(&[("date", LAST_WEEK), minutes]);
    assert_eq!(redirect_holds(301, &replayed, at(0)), Duration::ZERO);
}

#[test]
fn an_age_that_is_none_makes_an_answer_out_of_date() {
    for age in [
        "99999999999999999999999",
        "700, 700",
        "1, 700",
        "-1",
        "+1",
        "x",
        "",
    ] {
        for control in ["max-age=600, stale-if-error=600", "stale-if-error=600"] {
            let response = stored(&[("age", age), ("cache-control", control)]);
            is_fresh_for(&response, 0);
            assert!(!response.may_stand_in(at(1)), "{age}");
        }
        is_fresh_for(&stored(&[("age", age)]), 0);
    }
    for date in [
        "x",
        "",
        "Fri, 15 Jan 2027 08:00:00 GMT, Fri, 15 Jan 2027 08:00:00 GMT",
    ] {
        is_fresh_for(&stored(&[("date", date)]), 0);
    }
}

#[test]
fn what_cannot_be_understood_is_out_of_date_at_once() {
    for control in [
        "max-age=x",
        "max-age=-1",
        "max-age=",
        "max-age=1.5",
        "max-age=99999999999999999999999",
        "max-age=0",
        "no-cache",
        "NO-CACHE, max-age=60",
        "no-cache=\"set-cookie\", max-age=60",
    ] {
        is_fresh_for(&controlled(control), 0);
    }
    is_fresh_for(&stored(&[("expires", "0")]), 0);
    is_fresh_for(&stored(&[("expires", "-1")]), 0);
    is_fresh_for(&stored(&[("pragma", "No-Cache")]), 0);
    for control in [
        "max-age=60,\tno-cache",
        "max-age=60,\tno-store",
        "no-store; max-age=60",
        "no-cache max-age=60",
        "max-age 60",
        "max-age=60, max-age=0",
        "x=\"a, max-age=60, b\", max-age=0",
    ] {
        is_fresh_for(&controlled(control), 0);
    }
    let two = "Fri, 15 Jan 2027 08:01:40 GMT, 0";
    is_fresh_for(&stored(&[("expires", two)]), 0);
}

#[test]
fn an_answer_that_varies_by_anything_is_not_used_again() {
    for vary in ["*", "Accept, *", "*, *", " \t*"] {
        is_fresh_for(&stored(&[("vary", vary)]), 0);
        let response = stored(&[
            ("vary", vary),
            ("cache-control", "max-age=60, stale-if-error=100"),
        ]);
        is_fresh_for(&response, 0);
        assert!(!response.may_stand_in(at(1)), "{vary}");
    }
    is_fresh_for(&stored(&[("vary", "Accept, Origin")]), 600);
}

#[test]
fn no_server_makes_an_answer_live_for_more_than_a_day() {
    is_fresh_for(&controlled("max-age=31536000, immutable"), 86_400);
    is_fresh_for(&controlled("max-age=18446744073709551615"), 86_400);
    let far = [("expires", "Fri, 31 Dec 9999 23:59:59 GMT")];
    is_fresh_for(&stored(&far), 86_400);
}

#[test]
fn what_must_not_be_kept_is_not() {
    for control in [
        "no-store",
        "No-Store",
        "max-age=60, no-store",
        "max-age=60,\tno-store",
        "no-store; max-age=60",
        "\u{e9}, no-store",
    ] {
        assert!(!controlled(control).may_be_kept(), "{control}");
    }
    for control in ["private", "no-cache", "max-age=0", ""] {
        assert!(controlled(control).may_be_kept(), "{control}");
    }
}

#[test]
fn numbers_beyond_measure_are_no_bug() {
    for age in [
        "18446744073709551615",
        "99999999999999999999",
        "-1",
        "x",
        "",
    ] {
        let response = stored(&[("age", age), ("cache-control", "max-age=60")]);
        let _ = response.age(NumericDate::from_seconds(i64::MAX));
        let _ = response.fresh_for(at(1));
        let _ = response.confirmed(&headers(&[("age", age)]), at(1));
    }
    for seconds in [i64::MIN, -1, i64::MAX] {
        let mut response = stored(&[("expires", "Sun, 06 Nov 1994 08:51:17 GMT")]);
        response.arrived = NumericDate::from_seconds(seconds);
        let _ = response.may_be_kept();
        let _ = response.fresh_for(at(0));
        let now = NumericDate::from_seconds(seconds);
        let _ = response.confirmed(&headers(&[]), now);
    }
}

#[test]
fn an_answer_from_the_future_is_not_used() {
    let mut response = controlled("max-age=60, stale-if-error=60");
    response.arrived = at(10);
    assert_eq!(response.fresh_for(at(9)), None);
    assert!(!response.may_stand_in(at(9)));
}

#[test]
fn an_answer_stands_in_for_its_server_only_when_that_allowed_it() {
    let response = controlled("max-age=60, stale-if-error=100");
    assert!(response.may_stand_in(at(160)));
    assert!(!response.may_stand_in(at(161)));
    for control in [
        "max-age=60",
        "max-age=60, stale-if-error",
        "max-age=60, stale-if-error=x",
        "max-age=60, stale-if-error=100, must-revalidate",
        "no-cache, stale-if-error=100",
        "max-age=60, stale-if-error=100, no-store; x",
        "max-age=60, stale-while-revalidate=100",
    ] {
        assert!(!controlled(control).may_stand_in(at(61)), "{control}");
    }
    let late = [
        ("cache-control", "max-age=60, stale-if-error=100"),
        ("age", "70"),
    ];
    assert!(stored(&late).may_stand_in(at(90)));
    assert!(!stored(&late).may_stand_in(at(91)));
    let long = controlled("max-age=60, stale-if-error=18446744073709551615");
    assert!(long.may_stand_in(at(86_460)) && !long.may_stand_in(at(86_461)));
}

#[test]
fn a_redirect_shortens_the_life_of_what_it_leads_to() {
    let none = headers(&[]);
    assert_eq!(redirect_holds(302, &none, at(0)), Duration::ZERO);
    assert_eq!(redirect_holds(307, &none, at(0)), Duration::ZERO);
    assert_eq!(redirect_holds(301, &none, at(0)), DEFAULT_LIFETIME);
    assert_eq!(redirect_holds(308, &none, at(0)), DEFAULT_LIFETIME);
    let minute = headers(&[("cache-control", "max-age=60")]);
    assert_eq!(redirect_holds(302, &minute, at(0)), Duration::from_secs(60));
    let never = headers(&[("cache-control", "no-store, max-age=60")]);
    assert_eq!(redirect_holds(301, &never, at(0)), Duration::ZERO);
    let mut response = controlled("max-age=600");
    response.redirects_hold = Some(Duration::from_secs(60));
    is_fresh_for(&response, 60);
}

/// It speaks for itself, and not for the one who led to it.
#[test]
fn no_answer_stands_in_for_a_redirect_that_is_over() {
    let mut response = controlled("max-age=10, stale-if-error=86400");
    for (holds, last) in [(60, Some(59)), (0, None)] {
        response.redirects_hold = Some(Duration::from_secs(holds));
        assert!(last.is_none_or(|last| response.may_stand_in(at(last))));
        assert!(!response.may_stand_in(at(last.map_or(0, |last| last + 1))));
    }
}

#[test]
fn a_confirmed_answer_lives_on_and_another_one_is_not_confirmed() {
    let old = stored(&[
        ("etag", "\"1\""),
        ("cache-control", "max-age=60"),
        ("age", "9"),
    ]);
    let same = headers(&[("etag", "\"1\""), ("cache-control", "max-age=5")]);
    let confirmed = old.confirmed(&same, at(100)).expect("the same answer");
    assert_eq!(confirmed.arrived, at(100));
    assert_eq!(confirmed.body, old.body);
    assert_eq!(confirmed.fresh_for(at(104)), Some(Duration::from_secs(1)));
    assert_eq!(confirmed.fresh_for(at(105)), None);
    // Without a date of its own it does not get the time between those of the first answer anew.
    let old = stored(&[
        ("etag", "\"1\""),
        ("date", NOW),
        ("expires", "Fri, 15 Jan 2027 08:01:00 GMT"),
    ]);
    let same = headers(&[("etag", "\"1\"")]);
    let confirmed = old.confirmed(&same, at(50)).expect("the same answer");
    assert_eq!(confirmed.fresh_for(at(50)), Some(Duration::from_secs(10)));
    let confirmed = old.confirmed(&same, at(70)).expect("the same answer");
    assert_eq!(confirmed.fresh_for(at(70)), None);
    for other in [&[("etag", "\"2\"")][..], &[]] {
        assert_eq!(old.confirmed(&headers(other), at(100)), None);
    }
}

#[test]
fn a_conditional_request_says_what_is_there() {
    assert_eq!(stored(&[]).validators(), None);
    let validators = stored(&[("etag", "W/\"1\"")]).validators().expect("a tag");
    assert_eq!(validators.etag.as_deref(), Some("W/\"1\""));
    assert_eq!(validators.last_modified, None);
    assert_eq!(validators.url, "https://a.example/keys");
}

#[test]
fn an_entry_is_read_as_it_was_written_and_in_no_other_way() {
    let mut entry = stored(&[("etag", "\"\\\u{e9}\""), ("date", "x")]);
    entry.redirects_hold = Some(Duration::from_secs(9));
    entry.zone = Zone::Private;
    let bytes = entry.to_bytes();
    let read = |bytes: &[u8]| StoredResponse::from_bytes(bytes, &entry.key);
    assert_eq!(read(&bytes), Some(entry.clone()));
    for length in 0..bytes.len() {
        assert_eq!(read(&bytes[..length]), None);
    }
    for place in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[place] ^= 1;
        assert_eq!(read(&damaged), None, "byte {place}");
    }
    assert_eq!(read(&[&bytes[..], b" "].concat()), None);
    assert_eq!(
        StoredResponse::from_bytes(&bytes, "https://b.example/"),
        None
    );
}

#[test]
fn entries_of_another_kind_are_none() {
    let key = "k";
    let sealed = |head: &str| {
        let content = format!("{head}\nbody");
        let hash = crate::core::engine::sha256(content.as_bytes());
        let hash = crate::core::hexadecimal::encode(&hash);
        StoredResponse::from_bytes(format!("{hash}\n{content}").as_bytes(), key)
    };
    let good =
        r#"{"schema":"jwks.cache/1","key":"k","url":"u","zone":"local","arrived":1,"headers":{}}"#;
    assert!(sealed(good).is_some());
    for (from, to) in [
        ("cache/1", "cache/2"),
        ("\"k\",\"url\"", "\"l\",\"url\""),
        ("local", "here"),
        (":1,", ":\"1\","),
        (":1,", ":1.5,"),
        (":{}", ":[]"),
        (":{}}", ":{},\"redirects_hold\":-1}"),
        ("}", ""),
        ("{\"schema", "{\"key\":\"k\",\"schema"),
    ] {
        assert_eq!(sealed(&good.replacen(from, to, 1)), None, "{from} {to}");
    }
}
