//! Work on many threads whose results go out in the order of the input.
//!
//! Each thread takes the next piece of the input itself, works on it, and puts its result out when its
//! turn has come: no thread but these is woken on the way. What is held back is bounded, so that a slow
//! reader of the results slows the reading of the input down.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use crossbeam_channel::{Sender, after};

/// How the work ended.
pub(super) enum End<E> {
    /// The input has ended, and every result is out.
    Complete,
    /// The input could not be read further; the results of what was read are out.
    Broken(io::Error),
    /// A result could not be put out.
    Refused(E),
    /// A thread died, which is a bug.
    Lost,
}

/// The work, shared by its threads. Each of them calls [`Pipeline::work`].
pub(super) struct Pipeline<S, O, K, E> {
    source: Mutex<Source<S>>,
    sink: Mutex<Sink<O, K>>,
    /// Told when a turn has passed, or when there will be no more.
    turn: Condvar,
    /// No further result is to go out, also of those that wait for who holds the sink.
    is_stopped: AtomicBool,
    ended: Sender<End<E>>,
    /// Most results that wait for their turn.
    patience: usize,
}

struct Source<S> {
    next_piece: S,
    /// How many pieces were taken.
    taken: u64,
    has_ended: bool,
}

struct Sink<O, K> {
    put: K,
    /// The piece whose turn it is.
    turn: u64,
    waiting: BTreeMap<u64, O>,
    /// Nothing goes out any more.
    is_closed: bool,
    /// How many results there are in all, and why no more, once that is known.
    last: Option<(u64, Option<io::Error>)>,
}

impl<S, O, K, E> Pipeline<S, O, K, E> {
    /// Work for `jobs` threads: `next_piece` gives the input piece by piece, and `put` takes the results
    /// in order. How it ended is sent once to `ended`.
    pub(super) fn new(jobs: usize, next_piece: S, put: K, ended: Sender<End<E>>) -> Self {
        Self {
            source: Mutex::new(Source {
                next_piece,
                taken: 0,
                has_ended: false,
            }),
            sink: Mutex::new(Sink {
                put,
                turn: 0,
                waiting: BTreeMap::new(),
                is_closed: false,
                last: None,
            }),
            turn: Condvar::new(),
            is_stopped: AtomicBool::new(false),
            ended,
            patience: 2 * jobs,
        }
    }

    /// Lets no further result out. A thread that waits for input is left behind, and so is one whose
    /// result nobody takes: that one is waited for a little.
    pub(super) fn close(&self) {
        const TRIES: usize = 100;
        const PAUSE: Duration = Duration::from_millis(10);
        self.is_stopped.store(true, Ordering::Relaxed);
        for _ in 0..TRIES {
            match self.sink.try_lock() {
                Err(TryLockError::WouldBlock) => {
                    let _ = after(PAUSE).recv();
                }
                Ok(mut sink) => {
                    sink.is_closed = true;
                    break;
                }
                Err(TryLockError::Poisoned(error)) => {
                    error.into_inner().is_closed = true;
                    break;
                }
            }
        }
        self.turn.notify_all();
    }

    fn end(&self, sink: &mut Sink<O, K>, end: End<E>) {
        if !sink.is_closed {
            sink.is_closed = true;
            // Nobody to send it to means that nobody asks.
            let _ = self.ended.try_send(end);
            self.turn.notify_all();
        }
    }
}

impl<S, P, O, K, E> Pipeline<S, O, K, E>
where
    S: FnMut() -> io::Result<Option<P>>,
    K: FnMut(O) -> Result<(), E>,
{
    /// Takes piece after piece, until there are no more.
    pub(super) fn work(&self, mut work: impl FnMut(P) -> O) {
        let guard = Unfinished(self);
        while let Some((place, piece)) = self.take() {
            let result = work(piece);
            self.put(place, result);
        }
        std::mem::forget(guard);
    }

    fn take(&self) -> Option<(u64, P)> {
        let mut source = lock(&self.source);
        if source.has_ended || lock(&self.sink).is_closed {
            return None;
        }
        let error = match (source.next_piece)() {
            Ok(Some(piece)) => {
                source.taken += 1;
                return Some((source.taken - 1, piece));
            }
            Ok(None) => None,
            Err(error) => Some(error),
        };
        source.has_ended = true;
        let mut sink = lock(&self.sink);
        sink.last = Some((source.taken, error));
        self.end_if_last(&mut sink);
        None
    }

    /// Puts a result out when its turn has come, and those that have waited for it.
    fn put(&self, place: u64, result: O) {
        let mut sink = lock(&self.sink);
        while !sink.is_closed && place != sink.turn && sink.waiting.len() >= self.patience {
            // The thread whose turn it is never waits here, so that the turn passes on.
            sink = self.turn.wait(sink).unwrap_or_else(PoisonError::into_inner);
        }
        if sink.is_closed {
            return;
        }
        sink.waiting.insert(place, result);
        let before = sink.turn;
        while !self.is_stopped.load(Ordering::Relaxed) {
            let turn = sink.turn;
            let Some(result) = sink.waiting.remove(&turn) else {
                break;
            };
            if let Err(error) = (sink.put)(result) {
                self.end(&mut sink, End::Refused(error));
                return;
            }
            sink.turn += 1;
        }
        if sink.turn != before {
            self.turn.notify_all();
            self.end_if_last(&mut sink);
        }
    }

    fn end_if_last(&self, sink: &mut Sink<O, K>) {
        let end = match &mut sink.last {
            Some((count, error)) if *count == sink.turn => match error.take() {
                None => End::Complete,
                Some(error) => End::Broken(error),
            },
            _ => return,
        };
        self.end(sink, end);
    }
}

/// A thread at work. Should it panic, no turn after its piece would ever come.
struct Unfinished<'p, S, O, K, E>(&'p Pipeline<S, O, K, E>);

impl<S, O, K, E> Drop for Unfinished<'_, S, O, K, E> {
    fn drop(&mut self) {
        self.0.end(&mut lock(&self.0.sink), End::Lost);
    }
}

/// That a thread has panicked with the lock is said by [`Unfinished`].
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
