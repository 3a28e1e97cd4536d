//! Where an answer came from, in words.

use std::time::Duration;

use super::fetcher::{Answer, Came};
use crate::core::time::words;

/// Where an answer came from, and how long it will be used again.
pub(in crate::commands) fn provenance(answer: &Answer) -> String {
    let kept = match answer.holds_for {
        Some(time) => format!("holds for {}", words(whole_seconds(time))),
        None => "not to be used again without asking".to_owned(),
    };
    match &answer.came {
        Came::FromServer => format!("from the server, {kept}"),
        Came::Confirmed => format!("from the cache and confirmed by the server, {kept}"),
        Came::FromCache { age, .. } => {
            format!("from the cache, {} old, {kept}", words(whole_seconds(*age)))
        }
        Came::StandsIn => "from the cache, out of date".to_owned(),
    }
}

/// The copy that a new answer has taken the place of, and its age in words.
pub(in crate::commands) fn superseded(answer: &Answer) -> Option<(String, Vec<u8>)> {
    let (age, previous) = answer.previous.as_ref()?;
    Some((words(whole_seconds(*age)), previous.body.clone()))
}

/// As people are told it.
pub(in crate::commands) fn whole_seconds(duration: Duration) -> Duration {
    Duration::from_secs(duration.as_secs())
}
