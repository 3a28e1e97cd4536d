//! Ctrl-C. A process has one handler for it: what it does depends on what is going on.

#![expect(
    clippy::disallowed_methods,
    reason = "this is where signals are watched"
)]

use std::sync::{Mutex, PoisonError};

use super::terminal::end_question;
use crate::error::Exit;

/// Stops the work that is going on.
type Stop = Box<dyn Fn() + Send>;

static STOP: Mutex<Option<Stop>> = Mutex::new(None);

/// Sees to it that Ctrl-C at a question puts the terminal right before it ends the process.
///
/// # Errors
/// The signal cannot be watched.
pub(super) fn watch() -> Result<(), ctrlc::Error> {
    match ctrlc::set_handler(interrupted) {
        Err(ctrlc::Error::MultipleHandlers) => Ok(()),
        result => result,
    }
}

/// Calls `stop` at the first Ctrl-C from now on; the second one ends the process.
///
/// # Errors
/// The signal cannot be watched.
pub(super) fn stop_by(stop: Stop) -> Result<(), ctrlc::Error> {
    *STOP.lock().unwrap_or_else(PoisonError::into_inner) = Some(stop);
    watch()
}

fn interrupted() {
    if !end_question() {
        let stop = STOP.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(stop) = stop {
            return stop();
        }
    }
    std::process::exit(i32::from(Exit::Interrupted as u8));
}
