//! Facts about an answer from the network, for people.

use crate::context::FetchResponse;
use crate::core::failure::printable;

/// Status, type, cache lifetime and tag of an answer, on one line.
#[must_use]
pub fn facts(response: &FetchResponse, keys: usize) -> String {
    let or_none = |value: &Option<String>| {
        value
            .as_deref()
            .map_or_else(|| "none".to_owned(), printable)
    };
    format!(
        "{}: status {}, {} bytes, {} {}, content-type {}, cache-control {}, etag {}",
        printable(&response.url),
        response.status,
        response.body.len(),
        keys,
        if keys == 1 { "key" } else { "keys" },
        or_none(&response.content_type),
        or_none(&response.cache_control),
        or_none(&response.etag)
    )
}
