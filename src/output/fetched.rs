//! Facts about an answer from the network, for people.

use crate::context::FetchResponse;
use crate::core::failure::printable;

/// Status, type, cache lifetime and tag of an answer, and where it came from, on one line.
#[must_use]
pub fn facts(response: &FetchResponse, keys: usize, provenance: &str) -> String {
    let header = |name| {
        let value = response.headers.get(name);
        value.map_or_else(|| "none".to_owned(), printable)
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
