//! The headers of an answer that say what it is and how long it holds.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::core::time::{NumericDate, parse_http_date};

/// The headers that are kept, in lower case. Each of them is one line (RFC 9110 §5.3).
const KEPT: [&str; 10] = [
    "age",
    "cache-control",
    "content-type",
    "date",
    "etag",
    "expires",
    "last-modified",
    "pragma",
    "retry-after",
    "vary",
];

/// What describes the body and stays with it when an answer is confirmed (RFC 9111 §3.2).
const OF_THE_BODY: &str = "content-type";
/// What is about one answer, and not about the one that confirms it.
const OF_THE_TIME: [&str; 2] = ["age", "date"];

/// The headers of an answer that say what it is and how long it holds; others are not kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResponseHeaders(BTreeMap<&'static str, String>);

impl ResponseHeaders {
    /// What `value_of` says of each header, by its name in lower case.
    pub fn collect(mut value_of: impl FnMut(&str) -> Option<String>) -> Self {
        let kept = KEPT.into_iter();
        Self(
            kept.filter_map(|name| Some((name, value_of(name)?)))
                .collect(),
        )
    }

    /// The value of a header, by its name in lower case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The headers and their values, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// How long the server wants to be left alone (RFC 9110 §10.2.3): seconds, or a date.
    #[must_use]
    pub fn retry_after(&self, now: NumericDate) -> Option<Duration> {
        let text = self.get("retry-after")?.trim();
        if let Ok(seconds) = text.parse() {
            return Some(Duration::from_secs(seconds));
        }
        parse_http_date(text).map(|date| date.since(now))
    }

    /// With the headers of an answer that confirms this one (RFC 9111 §3.2). When it was made and how old
    /// it is says the new answer, or nobody.
    #[must_use]
    pub fn confirmed_by(&self, confirmation: &Self) -> Self {
        Self::collect(|name| {
            let new = confirmation.get(name).filter(|_| name != OF_THE_BODY);
            let old = self.get(name).filter(|_| !OF_THE_TIME.contains(&name));
            new.or(old).map(str::to_owned)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> ResponseHeaders {
        ResponseHeaders::collect(|name| {
            let found = pairs.iter().find(|(own, _)| *own == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_confirmation_renews_everything_but_what_is_about_the_body() {
        let old = headers(&[
            ("age", "5"),
            ("content-type", "application/json"),
            ("date", "y"),
            ("etag", "\"1\""),
            ("x-other", "1"),
        ]);
        let new = headers(&[
            ("cache-control", "no-store"),
            ("content-type", "text/html"),
            ("date", "x"),
        ]);
        let expected = headers(&[
            ("cache-control", "no-store"),
            ("content-type", "application/json"),
            ("date", "x"),
            ("etag", "\"1\""),
        ]);
        assert_eq!(old.confirmed_by(&new), expected);
        assert_eq!(old.confirmed_by(&headers(&[])).get("date"), None);
        assert_eq!(old.iter().count(), 4);
    }

    #[test]
    fn a_server_says_when_to_come_back_in_seconds_or_as_a_date() {
        let now = NumericDate::from_seconds(784_111_777);
        for (text, seconds) in [
            (" 120 ", Some(120)),
            ("Sun, 06 Nov 1994 08:49:47 GMT", Some(10)),
            ("Sun, 06 Nov 1994 08:49:07 GMT", Some(0)),
            ("soon", None),
        ] {
            let named = headers(&[("retry-after", text)]).retry_after(now);
            assert_eq!(named, seconds.map(Duration::from_secs), "{text}");
        }
    }
}
