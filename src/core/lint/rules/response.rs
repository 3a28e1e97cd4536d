//! How a server sends a set.

use url::Url;

use crate::core::discovery::is_loopback;
use crate::core::failure::quoted;
use crate::core::lint::finding::Reporter;
use crate::core::lint::rule::{Check, Rule, Scope, Severity};
use crate::core::lint::subject::{Served, Set};
use crate::core::time::words;

/// Shortest and longest time for which consumers should keep a set, in seconds.
const LIFETIMES: std::ops::RangeInclusive<u64> = 60..=86_400;
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
    if lifetime(served).is_none() && !served.has_expires {
        report(
            set,
            reporter,
            "the answer does not say how long it may be kept".to_owned(),
        );
    }
}

fn cache_extreme(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    let Some(seconds) = set.subject.served.and_then(lifetime) else {
        return;
    };
    if !LIFETIMES.contains(&seconds) {
        let shown = words(std::time::Duration::from_secs(seconds));
        report(set, reporter, format!("the answer may be kept for {shown}"));
    }
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

/// For how many seconds the answer may be kept, as its `Cache-Control` says (RFC 9111 §5.2.2).
fn lifetime(served: &Served) -> Option<u64> {
    let value = served.cache_control.as_deref()?;
    let directives = value.split(',').map(|directive| {
        let (name, argument) = directive.split_once('=').unwrap_or((directive, ""));
        (
            name.trim().to_ascii_lowercase(),
            argument.trim().trim_matches('"'),
        )
    });
    let mut longest = None;
    for (name, argument) in directives {
        match name.as_str() {
            "no-store" | "no-cache" => return Some(0),
            "max-age" => longest = argument.parse().ok().or(longest),
            _ => {}
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lifetime_is_what_the_directives_say() {
        let seconds = |value: &str| {
            let url = Url::parse("https://a.example/").unwrap();
            lifetime(&Served {
                requested: url.clone(),
                answered: url,
                content_type: None,
                cache_control: Some(value.to_owned()),
                has_expires: false,
            })
        };
        assert_eq!(seconds("public, max-age=600"), Some(600));
        assert_eq!(seconds("Max-Age=\"5\" , must-revalidate"), Some(5));
        assert_eq!(seconds("max-age=600, no-store"), Some(0));
        assert_eq!(seconds("max-age=soon"), None);
        assert_eq!(seconds("private"), None);
    }
}
