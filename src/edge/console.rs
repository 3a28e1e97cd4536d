//! Ctrl-C, and progress on the terminal.

#![expect(
    clippy::disallowed_methods,
    reason = "this is where signals and time are watched"
)]

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::interrupt;
use crate::context::{Console, Progress};
use crate::error::{CommandError, Exit};

/// Work that is done sooner shows no progress.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often the progress is drawn again in a second.
const DRAWS_PER_SECOND: u8 = 5;

/// This process on its terminal.
pub struct RealConsole {
    /// True when progress on standard error is seen and stands among no results.
    pub shows_progress: bool,
    /// When the clock was read that the commands go by.
    pub started: Instant,
}

impl Console for RealConsole {
    fn parallelism(&self) -> usize {
        std::thread::available_parallelism().map_or(1, usize::from)
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    #[cfg(unix)]
    fn output_is_abandoned(&self) -> bool {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let now = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        let output = std::io::stdout();
        let mut watched = [PollFd::new(&output, PollFlags::empty())];
        // POLLERR is told unasked: the reading end is closed.
        poll(&mut watched, Some(&now)).is_ok() && watched[0].revents().contains(PollFlags::ERR)
    }

    #[cfg(not(unix))]
    fn output_is_abandoned(&self) -> bool {
        false
    }

    fn on_interrupt(&self, stop: Box<dyn Fn() + Send>) -> Result<(), CommandError> {
        interrupt::stop_by(stop).map_err(|error| {
            CommandError::new("internal", Exit::File, "cannot watch for Ctrl-C").cause(error)
        })
    }

    fn progress(&self, length: Option<u64>) -> Option<Box<dyn Progress>> {
        self.shows_progress.then(|| {
            Box::new(TerminalProgress {
                length,
                started: Instant::now(),
                bar: None,
            }) as Box<dyn Progress>
        })
    }
}

struct TerminalProgress {
    length: Option<u64>,
    started: Instant,
    bar: Option<ProgressBar>,
}

impl Progress for TerminalProgress {
    fn show(&mut self, bytes: u64, message: &dyn Fn() -> String) {
        if self.bar.is_none() && self.started.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| bar(self.length));
        bar.set_position(bytes);
        bar.set_message(message());
    }
}

impl Drop for TerminalProgress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(length: Option<u64>) -> ProgressBar {
    let target = ProgressDrawTarget::stderr_with_hz(DRAWS_PER_SECOND);
    let bar = ProgressBar::with_draw_target(length, target);
    let template = match length {
        Some(_) => "{bar:20} {percent}% {msg}, {eta} left",
        None => "{spinner} {binary_bytes} {msg}",
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
