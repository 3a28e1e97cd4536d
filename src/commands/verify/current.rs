//! The keys in force, for threads that judge tokens side by side.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crossbeam_channel::Sender;

use super::keys::Server;
use crate::commands::network::Remark;
use crate::core::batch::Record;
use crate::core::failure::Code;
use crate::core::jwks::JwkSet;
use crate::error::CommandError;

/// The keys in force. There is one set at a time: what a newer one has lost is lost for every token.
pub(super) struct Current(Mutex<State>);

struct State {
    set: Arc<JwkSet>,
    are_outdated: bool,
    /// From where they are had anew.
    server: Option<Server>,
    /// To where it is said what is done.
    remarks: Sender<Remark>,
    /// What was told last of what is wrong.
    told: Option<String>,
}

/// The keys by which some tokens are judged.
#[derive(Clone)]
pub(super) struct InForce {
    pub(super) set: Arc<JwkSet>,
    /// True when their time is over and there are no others: by them no token is valid.
    pub(super) are_outdated: bool,
}

/// The answer to a token that names a key that is missing.
pub(super) struct Newer {
    pub(super) keys: InForce,
    /// True when nobody can tell whether the server has that key.
    pub(super) is_unanswered: bool,
}

impl InForce {
    /// The reason why what these keys say of any token does not stand.
    pub(super) fn doubt(&self) -> Option<Code> {
        self.are_outdated.then_some(Code::KeysOutdated)
    }
}

impl Newer {
    /// The reason why what these keys say of a token does not stand; `lacks_key` when it names one that
    /// is missing.
    pub(super) fn doubt(&self, lacks_key: bool) -> Option<Code> {
        let is_open = lacks_key && self.is_unanswered;
        let unavailable = is_open.then_some(Code::KeysUnavailable);
        self.keys.doubt().or(unavailable)
    }
}

impl State {
    fn in_force(&self) -> InForce {
        InForce {
            set: Arc::clone(&self.set),
            are_outdated: self.are_outdated,
        }
    }

    /// Takes the keys of an attempt to have newer ones; false when it has failed, which is told.
    fn take(&mut self, result: Result<Option<JwkSet>, CommandError>) -> bool {
        match result {
            Ok(newer) => {
                if let Some(newer) = newer {
                    self.set = Arc::new(newer);
                }
                self.told = None;
                true
            }
            Err(error) => {
                let warning = format!("the keys could not be fetched again: {error}");
                // Told of each token it would be noise.
                if self.told.as_ref() != Some(&warning) {
                    self.told = Some(warning.clone());
                    // Nobody to listen means that the run is over.
                    let _ = self.remarks.send(Remark::Warning(warning));
                }
                false
            }
        }
    }
}

impl Current {
    /// What is said on the way goes to `remarks`.
    pub(super) fn new(set: Arc<JwkSet>, server: Option<Server>, remarks: Sender<Remark>) -> Self {
        Self(Mutex::new(State {
            set,
            are_outdated: false,
            server,
            remarks,
            told: None,
        }))
    }

    /// The keys for what is judged from now on, fetched again when their time is over.
    pub(super) fn keys(&self) -> InForce {
        let mut state = self.lock();
        let State {
            server, remarks, ..
        } = &mut *state;
        if let Some(server) = server.as_mut().filter(|server| server.are_due()) {
            let result = server.renewed(&mut |remark| drop(remarks.send(remark)));
            state.are_outdated = !state.take(result);
        }
        state.in_force()
    }

    /// The keys for a token that names one that `keys` lack; none of any other token, and where they come
    /// from no server. Whoever asks meanwhile waits for them, so that every such token of that time is
    /// judged by the same keys.
    pub(super) fn newer_for(&self, record: &Record<'_>, keys: &InForce) -> Option<Newer> {
        // Outdated keys are sought in their own time.
        let may_help = record.lacks_key() && !keys.are_outdated;
        may_help.then(|| self.newer()).flatten()
    }

    fn newer(&self) -> Option<Newer> {
        let mut state = self.lock();
        let State {
            server,
            remarks,
            are_outdated,
            ..
        } = &mut *state;
        let server = server.as_mut()?;
        let is_unanswered = *are_outdated || {
            let result = server.newer(&mut |remark| drop(remarks.send(remark)));
            !state.take(result)
        };
        Some(Newer {
            is_unanswered,
            keys: state.in_force(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
