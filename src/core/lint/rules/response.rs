//! How a server sends a set.

use std::ops::RangeInclusive;
use std::time::Duration;

use url::Url;

use crate::core::discovery::is_loopback;
use crate::core::failure::quoted;
use crate::core::lint::finding::Reporter;
use crate::core::lint::rule::{Check, Rule, Scope, Severity};
use crate::core::lint::subject::{Served, Set};
use crate::core::time::{NumericDate, parse_http_date, words};

/// Shortest and longest time for which consumers should keep a set, in seconds.
const LIFETIMES: RangeInclusive<u64> = 60..=86_400;
const MEDIA_TYPES: [&str; 2] = ["application/json", "application/jwk-set+json"];

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "http-not-https",
        severity: Severity::Error,
        scope: Scope::Fetched,
        title: "the set comes over plain http",
        reason: "anyone on the way can put a key of his own into it",
        source: "OpenID Connect Discovery 1.0 section 3, RFC 8725 section 3.10",
        fix: "serve the set over https and give that URL",
        checks: &[Check::Set(not_https)],
    },
    Rule {
        id: "http-content-type",
        severity: Severity::Warning,
        scope: Scope::Fetched,
        title: "the set is sent as another type",
        reason: "some clients refuse what is not said to be JSON",
        source: "RFC 7517 section 8.5",
        fix: "send Content-Type: application/jwk-set+json, or application/json",
        checks: &[Check::Set(content_type)],
    },
    Rule {
        id: "http-cache-missing",
        severity: Severity::Warning,
        scope: Scope::Fetched,
        title: "the server does not say how long the set may be kept",
        reason: "each client guesses, and then nobody knows when a new key has arrived everywhere",
        source: "RFC 9111 section 4.2",
        fix: "send Cache-Control: max-age=3600, or what suits your rotation",
        checks: &[Check::Set(cache_missing)],
    },
    Rule {
        id: "http-cache-extreme",
        severity: Severity::Warning,
        scope: Scope::Fetched,
        title: "the set may be kept for less than a minute or more than a day",
        reason: "the one makes every client fetch all the time, the other makes a rotation take days",
        source: "RFC 9111 section 5.2.2",
        fix: "send Cache-Control: max-age=3600, or what suits your rotation",
        checks: &[Check::Set(cache_extreme)],
    },
    Rule {
        id: "http-redirect-crosshost",
        severity: Severity::Warning,
        scope: Scope::Fetched,
        title: "the URL redirects to another host",
        reason: "the keys are then in the hands of whoever runs that host, and many clients do not follow",
        source: "RFC 8414 section 6, practice",
        fix: "name the final URL in jwks_uri",
        checks: &[Check::Set(crosshost)],
    },
];

fn report(set: &Set<'_>, reporter: &mut Reporter<'_>, message: String) {
    reporter.document(set.whole.clone(), message);
}

fn not_https(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    let Some(served) = set.subject.served else {
        return;
    };
    let is_plain = |url: &&Url| url.scheme() != "https";
    if let Some(url) = [&served.requested, &served.answered]
        .into_iter()
        .find(is_plain)
    {
        let message = format!("{} is not https", quoted(url.as_str()));
        let finding = reporter.document(set.whole.clone(), message);
        // What never leaves the machine cannot be changed on the way.
        if is_loopback(url) {
            finding
                .severity(Severity::Info)
                .hint("on this machine alone that is no danger; elsewhere it must be https");
        }
    }
}

fn content_type(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    let Some(served) = set.subject.served else {
        return;
    };
    let Some(value) = &served.content_type else {
        return report(set, reporter, "the answer has no Content-Type".to_owned());
    };
    let media_type = value.split(';').next().unwrap_or_default().trim();
    if !MEDIA_TYPES
        .iter()
        .any(|own| own.eq_ignore_ascii_case(media_type))
    {
        report(
            set,
            reporter,
            format!("the answer has the Content-Type {}", quoted(value)),
        );
    }
}

fn cache_missing(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    let Some(served) = set.subject.served else {
        return;
    };
    if lifetime(served, set.now).is_none() {
        report(
            set,
            reporter,
            "the answer does not say how long it may be kept".to_owned(),
        );
    }
}

fn cache_extreme(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    let lifetime = |served| lifetime(served, set.now);
    let Some(lifetime) = set.subject.served.and_then(lifetime) else {
        return;
    };
    let message = match lifetime {
        Lifetime::None => "the answer may not be kept at all: no-store".to_owned(),
        Lifetime::Asked => {
            "the answer may be kept, and the server must be asked before each use: no-cache"
                .to_owned()
        }
        Lifetime::Seconds(0) => "the answer is out of date as it arrives".to_owned(),
        Lifetime::Seconds(seconds) if seconds < *LIFETIMES.start() => {
            format!("the answer may be kept for {seconds} s, less than a minute")
        }
        Lifetime::Seconds(seconds) if seconds > *LIFETIMES.end() => {
            let shown = words(Duration::from_secs(seconds));
            format!("the answer may be kept for {shown} ({seconds} s), more than a day")
        }
        Lifetime::Seconds(_) => return,
    };
    report(set, reporter, message);
}

fn crosshost(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    let Some(served) = set.subject.served else {
        return;
    };
    let (from, to) = (served.requested.host_str(), served.answered.host_str());
    if from != to {
        let message = format!(
            "{} redirects to another host: {}",
            quoted(served.requested.as_str()),
            quoted(served.answered.as_str())
        );
        report(set, reporter, message);
    }
}

/// For how long an answer may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lifetime {
    /// It may not be kept.
    None,
    /// As long as the server says so, each time anew.
    Asked,
    /// For so many seconds.
    Seconds(u64),
}

/// For how long the answer may be used, as its `Cache-Control` says (RFC 9111 §5.2.2), else its
/// `Expires` (§5.3); none when neither does.
fn lifetime(served: &Served, now: NumericDate) -> Option<Lifetime> {
    let value = served.cache_control.as_deref().unwrap_or_default();
    let directives: Vec<(String, &str)> = value
        .split(',')
        .map(|directive| {
            let (name, argument) = directive.split_once('=').unwrap_or((directive, ""));
            let argument = argument.trim().trim_matches('"');
            (name.trim().to_ascii_lowercase(), argument)
        })
        .collect();
    let has = |name: &str| directives.contains(&(name.to_owned(), ""));
    if has("no-store") {
        return Some(Lifetime::None);
    }
    if has("no-cache") {
        return Some(Lifetime::Asked);
    }
    let seconds = directives
        .iter()
        .filter(|(name, _)| name == "max-age")
        .find_map(|(_, argument)| delta_seconds(argument))
        .or_else(|| until_expiry(served, now))?;
    Some(Lifetime::Seconds(seconds))
}

/// RFC 9111 §1.2.2: a number too large to be held is 2³¹.
fn delta_seconds(argument: &str) -> Option<u64> {
    let is_number = !argument.is_empty() && argument.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| argument.parse().unwrap_or(1 << 31))
}

/// RFC 9111 §5.3: what is no date, as `0` is none, lies in the past.
fn until_expiry(served: &Served, now: NumericDate) -> Option<u64> {
    let expires = served.expires.as_deref()?;
    let sent = served.date.as_deref().and_then(parse_http_date);
    let left = parse_http_date(expires).map(|expires| expires.since(sent.unwrap_or(now)));
    Some(left.unwrap_or_default().as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(
        cache_control: Option<&str>,
        expires: Option<&str>,
        date: Option<&str>,
    ) -> Option<Lifetime> {
        let url = Url::parse("https://a.example/").unwrap();
        let served = Served {
            requested: url.clone(),
            answered: url,
            content_type: None,
            cache_control: cache_control.map(str::to_owned),
            expires: expires.map(str::to_owned),
            date: date.map(str::to_owned),
        };
        lifetime(&served, NumericDate::from_seconds(784_111_777))
    }

    #[test]
    fn the_lifetime_is_what_the_directives_say() {
        let directives = |value| of(Some(value), Some("0"), None);
        for (value, seconds) in [
            ("public, max-age=600", 600),
            ("Max-Age=\"5\" , must-revalidate", 5),
            ("max-age=600, max-age=5", 600),
            ("max-age=99999999999999999999999", 1 << 31),
            ("max-age=600, no-cache=\"Set-Cookie\"", 600),
            ("max-age=soon", 0),
            ("private", 0),
        ] {
            assert_eq!(
                directives(value),
                Some(Lifetime::Seconds(seconds)),
                "{value}"
            );
        }
        assert_eq!(
            directives("no-cache, max-age=600, no-store"),
            Some(Lifetime::None)
        );
        assert_eq!(directives("max-age=600, No-Cache"), Some(Lifetime::Asked));
        assert_eq!(of(Some("max-age=-1"), None, None), None);
        assert_eq!(of(None, None, None), None);
    }

    #[test]
    fn an_expiry_counts_from_when_the_answer_was_sent() {
        let expires = Some("Sun, 06 Nov 1994 08:59:37 GMT");
        let seconds = |seconds| Some(Lifetime::Seconds(seconds));
        assert_eq!(of(None, expires, None), seconds(600));
        assert_eq!(
            of(None, expires, Some("Sun, 06 Nov 1994 08:59:07 GMT")),
            seconds(30)
        );
        assert_eq!(
            of(None, Some("Thu, 01 Jan 1970 00:00:00 GMT"), None),
            seconds(0)
        );
        assert_eq!(of(None, Some("0"), None), seconds(0));
    }
}
