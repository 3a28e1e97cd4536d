//! Several URLs at once: as many threads, so that the slowest server alone is waited for.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, unbounded};

use crate::commands::network::{Answer, Fetching, Remark, Source};
use crate::context::Context;
use crate::error::{CommandError, Exit};

/// Most requests at the same time.
const MOST_AT_ONCE: usize = 32;
/// How often the progress is looked at.
const PAUSE: Duration = Duration::from_millis(100);

/// What came of a URL, and what was said on the way.
pub(super) struct Outcome {
    pub(super) remarks: Vec<Remark>,
    pub(super) result: Result<Answer, CommandError>,
}

/// Fetches all of `urls`; what came of each, in their order.
pub(super) fn fetch(
    context: &Context<'_>,
    fetching: &Fetching,
    urls: &[String],
) -> Result<Vec<Outcome>, CommandError> {
    let (sender, receiver) = unbounded();
    let urls: Arc<[String]> = urls.into();
    let next = Arc::new(AtomicUsize::new(0));
    for started in 0..urls.len().min(MOST_AT_ONCE) {
        let (sender, urls, next) = (sender.clone(), Arc::clone(&urls), Arc::clone(&next));
        let fetching = fetching.clone();
        let thread = thread::Builder::new().spawn(move || {
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(url) = urls.get(place) else { break };
                let outcome = outcome(&fetching, url);
                if sender.send((place, outcome)).is_err() {
                    break;
                }
            }
        });
        match thread {
            Ok(_) => {}
            // The machine has no room for more: those that there are do the work.
            Err(_) if started > 0 => break,
            Err(error) => {
                let message = "cannot start a thread";
                return Err(CommandError::new("internal", Exit::File, message).cause(error));
            }
        }
    }
    drop(sender);
    Ok(collect(context, &receiver, urls.len()))
}

fn outcome(fetching: &Fetching, url: &str) -> Outcome {
    let mut remarks = Vec::new();
    let source = Source::Url(url.to_owned());
    let result = fetching.fetch(&source, &mut |remark| remarks.push(remark));
    Outcome { remarks, result }
}

/// Waits for every outcome, and shows how many there are.
fn collect(
    context: &Context<'_>,
    receiver: &Receiver<(usize, Outcome)>,
    count: usize,
) -> Vec<Outcome> {
    let mut outcomes: Vec<Option<Outcome>> = (0..count).map(|_| None).collect();
    let mut shown = context.console.progress(Some(count as u64));
    let mut done = 0;
    loop {
        match receiver.recv_timeout(PAUSE) {
            Ok((place, outcome)) => {
                outcomes[place] = Some(outcome);
                done += 1;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if let Some(shown) = &mut shown {
            shown.show(done, &|| format!("{done} of {count} fetched"));
        }
    }
    let lost = || Outcome {
        remarks: Vec::new(),
        result: Err(CommandError::new(
            "internal",
            Exit::File,
            "a bug in jwks ended a thread before its answer came",
        )),
    };
    let outcomes = outcomes.into_iter();
    outcomes
        .map(|outcome| outcome.unwrap_or_else(lost))
        .collect()
}
