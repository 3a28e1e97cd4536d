//! `jwks verify --batch`: a log of tokens in, a record for each line out.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::iter::once;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, after, bounded, never, select, unbounded};
use memchr::memchr;

use super::current::{Current, InForce};
use super::keys::Keys;
use super::lines::{LineReader, Piece};
use super::pipeline::{End, Pipeline};
use super::summary::{self, SummaryFile};
use crate::cli::VerifyArgs;
use crate::commands::network::Remark;
use crate::commands::{source, tell};
use crate::context::{Context, InputStream, Progress, output_error};
use crate::core::batch::{LineForm, LineJudge, Record, Tally};
use crate::core::detect::is_meant_as_token;
use crate::core::failure::Code;
use crate::core::jwks::JwkSet;
use crate::core::time::NumericDate;
use crate::core::verify::Policy;
use crate::error::{CommandError, Exit};
use crate::output::batch::{progress, push_record};

/// What every thread judges by.
#[derive(Clone)]
struct Rules {
    /// The keys of the start, which are mostly those of the end.
    set: Arc<JwkSet>,
    /// The keys in force.
    current: Arc<Current>,
    policy: Arc<Policy>,
    now: NumericDate,
    has_id: bool,
    with_claims: bool,
}

impl Rules {
    /// A judge by these keys.
    fn judge<'s>(&'s self, set: &'s JwkSet) -> LineJudge<'s> {
        LineJudge::new(set, &self.policy, self.now, self.has_id)
    }
}

/// The records of a piece.
struct Records {
    text: Vec<u8>,
    tally: Tally,
    /// Bytes of the input that they are about.
    input_bytes: u64,
}

/// Why no more records are written.
enum OutputFault {
    /// The reader has gone away.
    Closed,
    Failed(io::Error),
}

/// How a batch ended.
enum Ended {
    /// By itself.
    Pipeline(End<OutputFault>),
    /// By Ctrl-C.
    Stopped,
}

/// What has been written so far.
#[derive(Default)]
struct Done {
    tally: Tally,
    /// Bytes of the input.
    bytes: u64,
}

pub(super) fn run(
    arguments: &VerifyArgs,
    context: &mut Context<'_>,
    now: NumericDate,
) -> Result<Exit, CommandError> {
    let source = arguments.token.as_deref().unwrap_or(OsStr::new("-"));
    let summary = match &arguments.batch.summary {
        Some(path) => Some(SummaryFile::at(context, path, source)?),
        None => None,
    };
    let input = open(context, source)?;
    if source::is_standard_input(source) && context.stdin_is_terminal {
        tell(
            context,
            "reading tokens from the terminal, one a line; Ctrl-D ends",
        );
    }
    let keys = Keys::of(arguments, context)?;
    let policy = super::policy(arguments, context, keys.are_published)?;
    let (sender, remarks) = unbounded();
    let set = Arc::new(keys.set);
    let rules = Rules {
        current: Arc::new(Current::new(Arc::clone(&set), keys.server, sender)),
        set,
        policy: Arc::new(policy),
        now,
        has_id: arguments.batch.id_field,
        with_claims: arguments.batch.claims,
    };
    let jobs = match arguments.batch.jobs {
        Some(jobs) => usize::from(jobs),
        None => context.console.parallelism(),
    };
    let (tally, ended) = judge(context, input, &rules, &remarks, jobs)?;
    let is_complete = matches!(ended, Ended::Pipeline(End::Complete));
    if !matches!(ended, Ended::Pipeline(End::Refused(OutputFault::Closed))) {
        summary::tell(context, &tally, is_complete);
    }
    if let Some(file) = summary {
        file.write(context, &tally, is_complete)?;
    }
    exit(ended, &tally, arguments.batch.exit_zero)
}

fn open(context: &Context<'_>, source: &OsStr) -> Result<InputStream, CommandError> {
    if source::is_standard_input(source) {
        Ok(context.files.stream_standard_input())
    } else if source.to_str().is_some_and(is_meant_as_token) {
        let message = "--batch takes a file of tokens, or - for standard input, and not a token";
        Err(CommandError::usage(message).hint("leave --batch out to check a single token"))
    } else {
        context.files.stream(Path::new(source))
    }
}

/// Writes the records of the whole input, and counts them.
fn judge(
    context: &mut Context<'_>,
    input: InputStream,
    rules: &Rules,
    remarks: &Receiver<Remark>,
    jobs: usize,
) -> Result<(Tally, Ended), CommandError> {
    let (stop, stopped) = bounded(1);
    context.console.on_interrupt(Box::new(move || {
        // When it is full, the stop has been asked for already.
        let _ = stop.try_send(());
    }))?;
    let shown = context.console.progress(input.length);
    let form = LineForm {
        has_id: rules.has_id,
        token_limit: rules.policy.token_limit,
    };
    let mut lines = LineReader::new(input.reader, form);
    let done = Arc::new(Mutex::new(Done::default()));
    let put = put(context.files.standard_output(), Arc::clone(&done));
    let (sender, ended) = bounded(1);
    let current = Arc::clone(&rules.current);
    // The keys of a piece are those of the time at which it is read, whichever thread has it.
    let next_piece = move || Ok(lines.next()?.map(|piece| (piece, current.keys())));
    let pipeline = Arc::new(Pipeline::new(jobs, next_piece, put, sender));
    for started in 0..jobs {
        let (pipeline, rules) = (Arc::clone(&pipeline), rules.clone());
        let thread = thread::Builder::new().spawn(move || {
            let mut judge = rules.judge(&rules.set);
            pipeline.work(|(piece, keys)| {
                if Arc::ptr_eq(&keys.set, &rules.set) {
                    records(&mut judge, &piece, &keys, &rules)
                } else {
                    records(&mut rules.judge(&keys.set), &piece, &keys, &rules)
                }
            });
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
    let end = wait(context, &ended, &stopped, remarks, shown, &done);
    pipeline.close();
    for remark in remarks.try_iter() {
        remark.say(context);
    }
    let tally = std::mem::take(&mut locked(&done).tally);
    Ok((tally, end))
}

/// Writes records and counts them.
fn put(
    mut output: Box<dyn Write + Send>,
    done: Arc<Mutex<Done>>,
) -> impl FnMut(Records) -> Result<(), OutputFault> {
    move |records: Records| {
        let written = output
            .write_all(&records.text)
            .and_then(|()| output.flush());
        written.map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => OutputFault::Closed,
            _ => OutputFault::Failed(error),
        })?;
        let mut done = locked(&done);
        // No run lives to see more lines than can be counted.
        let _ = done.tally.merge(&records.tally);
        done.bytes += records.input_bytes;
        Ok(())
    }
}

/// Waits for the end, says what there is to be said, and shows the progress meanwhile.
fn wait(
    context: &mut Context<'_>,
    ended: &Receiver<End<OutputFault>>,
    stopped: &Receiver<()>,
    remarks: &Receiver<Remark>,
    mut shown: Option<Box<dyn Progress>>,
    done: &Mutex<Done>,
) -> Ended {
    const PAUSE: Duration = Duration::from_millis(100);
    loop {
        let tick = match shown {
            Some(_) => after(PAUSE),
            None => never(),
        };
        select! {
            recv(ended) -> end => return Ended::Pipeline(end.unwrap_or(End::Lost)),
            recv(stopped) -> _ => return Ended::Stopped,
            recv(remarks) -> remark => if let Ok(remark) = remark {
                remark.say(context);
            },
            recv(tick) -> _ => if let Some(shown) = &mut shown {
                let done = locked(done);
                shown.show(done.bytes, &|| progress(&done.tally));
            },
        }
    }
}

/// What it guards is whole even when a thread has panicked: it is changed after the fact.
fn locked(done: &Mutex<Done>) -> MutexGuard<'_, Done> {
    done.lock().unwrap_or_else(PoisonError::into_inner)
}

fn records(judge: &mut LineJudge<'_>, piece: &Piece, keys: &InForce, rules: &Rules) -> Records {
    let mut records = Records {
        text: Vec::new(),
        tally: Tally::default(),
        input_bytes: piece.length(),
    };
    match piece {
        Piece::LongLine {
            number,
            beginning,
            sha256,
            ..
        } => judge.long_line(*number, beginning, *sha256, |record| {
            records.add(record, keys.doubt(), rules);
        }),
        Piece::Lines { first, text } => records.add_lines(judge, lines(*first, text), keys, rules),
    }
    records
}

/// Whole lines and their numbers.
fn lines(first: u64, mut text: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    (first..).map_while(move |number| {
        let end = memchr(b'\n', text).map_or(text.len(), |end| end + 1);
        let (line, rest) = text.split_at(end);
        text = rest;
        (!line.is_empty()).then_some((number, line))
    })
}

impl Records {
    fn add(&mut self, record: &Record<'_>, doubt: Option<Code>, rules: &Rules) {
        let codes = doubt.map(|doubt| record.codes_with(doubt));
        let record = match &codes {
            None => record,
            Some(codes) => &Record {
                codes,
                claims: None,
                ..*record
            },
        };
        push_record(&mut self.text, record, rules.with_claims);
        self.tally.count(record);
    }

    /// Adds the records of lines. Where a token names a key that is missing, newer keys judge it and what
    /// comes behind it.
    fn add_lines<'l>(
        &mut self,
        judge: &mut LineJudge<'_>,
        mut lines: impl Iterator<Item = (u64, &'l [u8])>,
        keys: &InForce,
        rules: &Rules,
    ) {
        let newer = lines.find_map(|(number, line)| {
            judge.line(number, line, |record| {
                let newer = rules.current.newer_for(record, keys);
                let doubt = newer.as_ref().and_then(|newer| newer.doubt(true));
                match newer.filter(|newer| !Arc::ptr_eq(&newer.keys.set, &keys.set)) {
                    None => {
                        self.add(record, keys.doubt().or(doubt), rules);
                        None
                    }
                    newer => newer.map(|newer| (newer, (number, line))),
                }
            })
        });
        let Some((newer, line)) = newer else {
            return;
        };
        let mut judge = rules.judge(&newer.keys.set);
        for (number, line) in once(line).chain(lines) {
            judge.line(number, line, |record| {
                self.add(record, newer.doubt(record.lacks_key()), rules);
            });
        }
    }
}

/// Some lines could not be judged, because the keys could not be had.
fn undecided(tally: &Tally) -> CommandError {
    let codes = [Code::KeysOutdated, Code::KeysUnavailable];
    let code = codes
        .into_iter()
        .find(|code| tally.codes.contains_key(code.as_str()));
    let code = code.unwrap_or(Code::KeysUnavailable).as_str();
    let message = format!(
        "lines that could not be judged, as the keys could not be fetched again: {}",
        tally.undecided()
    );
    CommandError::new(code, Exit::Network, message)
        .hint("their tokens are neither good nor bad: check them again when the server answers")
}

/// What the end means for whoever has asked.
fn exit(ended: Ended, tally: &Tally, exit_zero: bool) -> Result<Exit, CommandError> {
    let end = match ended {
        Ended::Stopped => return Ok(Exit::Interrupted),
        Ended::Pipeline(end) => end,
    };
    match end {
        // Nobody is to take for a bad token what could not be checked.
        End::Complete if tally.undecided() > 0 => Err(undecided(tally)),
        End::Complete if exit_zero || tally.invalid() == 0 => Ok(Exit::Success),
        End::Complete => Ok(Exit::No),
        End::Broken(error) => {
            let message = "cannot read the input further";
            Err(CommandError::new("file-unreadable", Exit::File, message).cause(error))
        }
        // Quietly, but not as if everything had been checked.
        End::Refused(OutputFault::Closed) => Ok(Exit::File),
        End::Refused(OutputFault::Failed(error)) => Err(output_error(error)),
        End::Lost => {
            let message = "a bug in jwks ended a thread; the records end before that line";
            Err(CommandError::new("internal", Exit::File, message))
        }
    }
}
