//! `jwks verify --batch`: a log of tokens in, a record for each line out.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, after, bounded, never, select, unbounded};
use memchr::memchr;

use super::keys::{Keys, Newest};
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
    set: Arc<JwkSet>,
    policy: Arc<Policy>,
    now: NumericDate,
    has_id: bool,
    with_claims: bool,
    /// Where newer keys may be.
    newest: Option<Arc<Newest>>,
}

impl Rules {
    /// A judge by these keys.
    fn judge<'s>(&'s self, set: &'s JwkSet) -> LineJudge<'s> {
        LineJudge::new(set, &self.policy, self.now, self.has_id)
    }

    /// Newer keys, when a line has been rejected because its token names one that is not there.
    fn newer(&self, record: &Record<'_>) -> Option<Arc<JwkSet>> {
        let lacks_key = record.codes.contains(&Code::UnknownKid);
        self.newest.as_ref().filter(|_| lacks_key)?.keys()
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
    if source::is_standard_input(source) && context.person.is_some() {
        tell(
            context,
            "reading tokens from the terminal, one a line; Ctrl-D ends",
        );
    }
    let keys = Keys::of(arguments, context)?;
    let policy = super::policy(arguments, context, keys.are_published)?;
    let (newest, remarks) = match keys.server {
        Some(server) => {
            let (sender, remarks) = unbounded();
            (Some(Arc::new(Newest::new(server, sender))), remarks)
        }
        None => (None, never()),
    };
    let rules = Rules {
        set: Arc::new(keys.set),
        newest,
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
    exit(ended, tally.invalid() == 0 || arguments.batch.exit_zero)
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
    let pipeline = Arc::new(Pipeline::new(jobs, move || lines.next(), put, sender));
    for started in 0..jobs {
        let (pipeline, rules) = (Arc::clone(&pipeline), rules.clone());
        let thread = thread::Builder::new().spawn(move || {
            let mut judge = rules.judge(&rules.set);
            pipeline.work(|piece| records(&mut judge, &piece, &rules));
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

fn records(judge: &mut LineJudge<'_>, piece: &Piece, rules: &Rules) -> Records {
    let mut records = Records {
        text: Vec::new(),
        tally: Tally::default(),
        input_bytes: piece.length(),
    };
    let Records { text, tally, .. } = &mut records;
    let mut tell = |record: &Record<'_>| {
        push_record(text, record, rules.with_claims);
        tally.count(record);
    };
    match piece {
        Piece::LongLine {
            number,
            beginning,
            sha256,
            ..
        } => judge.long_line(*number, beginning, *sha256, tell),
        Piece::Lines { first, text } => {
            let mut rest = text.as_slice();
            let mut number = *first;
            while !rest.is_empty() {
                let end = memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
                let (line, others) = rest.split_at(end);
                let newer = judge.line(number, line, |record| {
                    let newer = rules.newer(record);
                    if newer.is_none() {
                        tell(record);
                    }
                    newer
                });
                if let Some(set) = newer {
                    rules.judge(&set).line(number, line, &mut tell);
                }
                rest = others;
                number += 1;
            }
        }
    }
    records
}

/// What the end means for whoever has asked.
fn exit(ended: Ended, all_valid: bool) -> Result<Exit, CommandError> {
    let end = match ended {
        Ended::Stopped => return Ok(Exit::Interrupted),
        Ended::Pipeline(end) => end,
    };
    match end {
        End::Complete if all_valid => Ok(Exit::Success),
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
