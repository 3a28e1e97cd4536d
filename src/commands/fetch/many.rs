//! Several URLs at once: as many threads, so that the slowest server alone is waited for.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded, unbounded};

use crate::commands::network::{Answer, Fetching, Remark, Source};
use crate::context::Context;
use crate::error::{CommandError, Exit};

/// Most requests at the same time.
const MOST_AT_ONCE: usize = 32;
/// Most answers that are under way or wait for their turn.
const MOST_WAITING: usize = 48;
/// How often the progress is looked at.
const PAUSE: Duration = Duration::from_millis(100);

/// What came of a URL, and what was said on the way.
pub(super) struct Outcome {
    pub(super) remarks: Vec<Remark>,
    pub(super) result: Result<Answer, CommandError>,
}

/// Fetches all of `urls`, and gives what came of each to `each`, in their order. What has come before its turn
/// waits, and no more of it than [`MOST_WAITING`].
pub(super) fn fetch(
    context: &mut Context<'_>,
    fetching: &Fetching,
    urls: &[String],
    each: &mut dyn FnMut(&mut Context<'_>, usize, Outcome) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    // Whoever fetches takes a place, and it is free again when the outcome has been given away.
    let (places, free) = bounded(MOST_WAITING);
    let (sender, receiver) = unbounded();
    let urls: Arc<[String]> = urls.into();
    let next = Arc::new(AtomicUsize::new(0));
    for started in 0..urls.len().min(MOST_AT_ONCE) {
        let (sender, urls, next) = (sender.clone(), Arc::clone(&urls), Arc::clone(&next));
        let (fetching, places) = (fetching.clone(), places.clone());
        let thread = thread::Builder::new().spawn(move || {
            loop {
                // In this order, so that the URL whose turn it is always has a place.
                if places.send(()).is_err() {
                    break;
                }
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
    drop((sender, places));
    give_away(context, &receiver, &free, urls.len(), each)
}

fn outcome(fetching: &Fetching, url: &str) -> Outcome {
    let mut remarks = Vec::new();
    let source = Source::Url(url.to_owned());
    let result = fetching.fetch(&source, &mut |remark| remarks.push(remark));
    Outcome { remarks, result }
}

/// Waits for the outcomes, and shows how many there are.
fn give_away(
    context: &mut Context<'_>,
    receiver: &Receiver<(usize, Outcome)>,
    free: &Receiver<()>,
    count: usize,
    each: &mut dyn FnMut(&mut Context<'_>, usize, Outcome) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let mut waiting = BTreeMap::new();
    let mut turn = 0;
    let mut shown = context.console.progress(Some(count as u64));
    let mut done = 0;
    while turn < count {
        match receiver.recv_timeout(PAUSE) {
            Ok((place, outcome)) => {
                waiting.insert(place, outcome);
                done += 1;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                waiting.entry(turn).or_insert_with(lost);
            }
        }
        if let Some(shown) = &mut shown {
            shown.show(done, &|| format!("{done} of {count} fetched"));
        }
        let before = turn;
        while let Some(outcome) = waiting.remove(&turn) {
            // Nothing is printed over what shows the progress.
            shown = None;
            each(context, turn, outcome)?;
            turn += 1;
            let _ = free.try_recv();
        }
        if turn > before && turn < count {
            shown = context.console.progress(Some(count as u64));
        }
    }
    Ok(())
}

fn lost() -> Outcome {
    let message = "a bug in jwks ended a thread before its answer came";
    Outcome {
        remarks: Vec::new(),
        result: Err(CommandError::new("internal", Exit::File, message)),
    }
}
