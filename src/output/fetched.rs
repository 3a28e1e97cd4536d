//! Facts about an answer from the network, for people.

use crate::context::FetchResponse;
use crate::core::failure::{printable, quoted};

/// Status, type, cache lifetime and tag of an answer, and where it came from, on one line.
#[must_use]
pub fn facts(response: &FetchResponse, keys: usize, provenance: &str) -> String {
    let header = |name| {
        let value = response.headers.get(name);
        value.map_or_else(|| "none".to_owned(), value_of)
    };
    format!(
        "{}: status {}, {} bytes, {} {}, content-type {}, cache-control {}, etag {}; {provenance}",
        printable(&response.url),
        response.status,
        response.body.len(),
        keys,
        if keys == 1 { "key" } else { "keys" },
        header("content-type"),
        header("cache-control"),
        header("etag")
    )
}

/// The value of a header field; in quotes where it could pass for words of our own. Those of a tag are its own.
fn value_of(text: &str) -> String {
    const LONGEST: usize = 100;
    let is_even = text.matches('"').count().is_multiple_of(2);
    if text.len() <= LONGEST && is_even && !text.contains(['`', '\\']) {
        printable(text)
    } else {
        quoted(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_cannot_speak_for_us() {
        for usual in ["application/json", "public, max-age=300", "W/\"a b\"", ""] {
            assert_eq!(value_of(usual), usual);
        }
        let long = "x".repeat(101);
        for odd in ["`jwks help`", "a\"b", "\\", &long] {
            assert_eq!(value_of(odd), quoted(odd));
        }
    }
}
