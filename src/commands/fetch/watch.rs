//! `jwks fetch --watch`: what happens to the keys, as it happens.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded, select};
use url::Url;

use super::printed::exposed;
use crate::cli::FetchArgs;
use crate::commands::network::{Fetching, Source};
use crate::commands::source::{self, Document};
use crate::context::Context;
use crate::core::diff::changes;
use crate::core::discovery::is_loopback;
use crate::core::engine::random_octets;
use crate::core::jwks::JwkSet;
use crate::core::polling::Pace;
use crate::error::{CommandError, Exit};
use crate::output::message;
use crate::output::paint::Paint;
use crate::output::watched::Scene;

/// A server elsewhere is not asked more often.
const SHORTEST: Duration = Duration::from_secs(1);
/// This machine may be, but not without end.
const SHORTEST_HERE: Duration = Duration::from_millis(20);

/// How often it is looked whether anyone still reads.
const LOOK_AROUND: Duration = Duration::from_millis(500);

/// What a thread has seen.
struct Seen {
    /// Events, each on a line.
    lines: String,
    /// What a person must know.
    errors: Vec<CommandError>,
    /// True when there is no use in going on.
    is_last: bool,
}

/// Watches the URLs until Ctrl-C, or until nobody reads any more.
pub(super) fn run(
    arguments: &FetchArgs,
    context: &mut Context<'_>,
    interval: Duration,
) -> Result<Exit, CommandError> {
    let urls = &arguments.urls;
    if urls.iter().any(|url| interval < shortest(url)) {
        let message = "--watch asks a server once in a second at most";
        return Err(CommandError::usage(message));
    }
    let (stop, stopped) = bounded(1);
    context.console.on_interrupt(Box::new(move || {
        // When it is full, the stop has been asked for already.
        let _ = stop.try_send(());
    }))?;
    let fetching = Fetching::of(context, &arguments.network)?;
    // Nothing to refresh means that nobody may be asked, which the command line forbids.
    let fetching = Arc::new(fetching.refreshing().unwrap_or(fetching));
    let (sender, seen) = bounded(urls.len());
    // The threads stop when this goes.
    let (_running, end) = bounded::<()>(0);
    for url in urls {
        let watcher = Watcher {
            fetching: Arc::clone(&fetching),
            source: Source::Url(url.clone()),
            url: url.clone(),
            pace: Pace::new(interval),
            last: None,
            fault: None,
        };
        let (sender, end) = (sender.clone(), end.clone());
        let thread = thread::Builder::new().spawn(move || watcher.watch(&sender, &end));
        thread.map_err(|error| {
            let message = "cannot start a thread";
            CommandError::new("internal", Exit::File, message).cause(error)
        })?;
    }
    drop(sender);
    tell_all(context, &seen, &stopped)
}

fn shortest(url: &str) -> Duration {
    match Url::parse(url) {
        Ok(url) if is_loopback(&url) => SHORTEST_HERE,
        _ => SHORTEST,
    }
}

/// Writes what the threads see. Each line is written whole, whenever the end comes.
fn tell_all(
    context: &mut Context<'_>,
    seen: &Receiver<Seen>,
    stopped: &Receiver<()>,
) -> Result<Exit, CommandError> {
    loop {
        let seen = select! {
            recv(stopped) -> _ => return Ok(Exit::Interrupted),
            // Without news nothing is written, and so nothing would tell that nobody is there.
            default(LOOK_AROUND) => {
                if context.console.output_is_abandoned() {
                    return Ok(Exit::Success);
                }
                continue;
            }
            recv(seen) -> seen => match seen {
                Ok(seen) => seen,
                Err(_) => {
                    let message = "a bug in jwks ended the threads that watch";
                    return Err(CommandError::new("internal", Exit::File, message));
                }
            },
        };
        let Seen {
            lines,
            mut errors,
            is_last,
        } = seen;
        if is_last && let Some(error) = errors.pop() {
            return Err(error);
        }
        let paint = Paint::new(context.stderr.color);
        for error in &errors {
            context.say(&message::error(error, paint));
        }
        for line in lines.split_inclusive('\n') {
            if !context.offer(line.as_bytes())? {
                return Ok(Exit::Success);
            }
        }
    }
}

/// What is known of a URL.
struct Watcher {
    fetching: Arc<Fetching>,
    source: Source,
    url: String,
    pace: Pace,
    last: Option<JwkSet>,
    /// The code of the fault that lasts.
    fault: Option<&'static str>,
}

impl Watcher {
    /// Asks again and again, and tells what is new.
    fn watch(mut self, sender: &Sender<Seen>, end: &Receiver<()>) {
        loop {
            let (result, named) = self.fetching.poll(&self.source);
            let set = result.and_then(|answer| {
                source::keys(&Document::fetched(&self.url, answer.response.body))
            });
            let seen = match set {
                Ok(set) => self.answered(set),
                Err(error) => self.failed(error),
            };
            let is_last = seen.is_last;
            let is_news = is_last || !seen.lines.is_empty() || !seen.errors.is_empty();
            if (is_news && sender.send(seen).is_err()) || is_last {
                return;
            }
            let chance = random_octets(1).ok();
            let chance = chance.and_then(|octets| octets.expose().first().copied());
            let pause = self.pace.pause(named, chance.unwrap_or(u8::MAX / 2));
            // Nothing is ever sent: it is the end of the command that comes here.
            if end
                .recv_timeout(pause)
                .is_err_and(|error| error.is_disconnected())
            {
                return;
            }
        }
    }

    fn answered(&mut self, set: JwkSet) -> Seen {
        let scene = Scene {
            at: self.fetching.now(),
            url: &self.url,
        };
        let mut lines = String::new();
        if self.fault.take().is_some() {
            lines.push_str(&scene.recovered(self.pace.failures()));
        }
        self.pace.succeeded();
        let is_new = match &self.last {
            None => {
                lines.push_str(&scene.start(&set));
                true
            }
            Some(last) => {
                let changes = changes(last, &set);
                lines.push_str(&scene.changes(last, &set, &changes));
                !changes.is_empty()
            }
        };
        let exposures = set.exposures().into_iter().filter(|_| is_new);
        let errors = exposures.map(|exposure| exposed(&exposure, &self.url));
        let errors = errors.collect();
        self.last = Some(set);
        Seen {
            lines,
            errors,
            is_last: false,
        }
    }

    fn failed(&mut self, error: CommandError) -> Seen {
        self.pace.failed();
        let scene = Scene {
            at: self.fetching.now(),
            url: &self.url,
        };
        // What is wrong with the command line does not pass.
        let is_last = error.exit == Exit::Usage;
        let is_news = self.fault != Some(error.code) && !is_last;
        self.fault = Some(error.code);
        Seen {
            lines: if is_news {
                scene.fault(&error)
            } else {
                String::new()
            },
            errors: if is_last { vec![error] } else { Vec::new() },
            is_last,
        }
    }
}
