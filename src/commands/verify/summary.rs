//! The summary of a batch: told, written, and added up.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::commands::warn;
use crate::context::{Audience, Context, Existing};
use crate::core::batch::{Tally, TallyFault};
use crate::core::detect::quoted_path;
use crate::core::json::{Outline, Part};
use crate::error::{CommandError, Exit};
use crate::output::batch::{SUMMARY_SCHEMA, summary, summary_lines};
use crate::output::paint::Paint;

/// Longest summary that is read, in bytes: it may name as many keys as a set has.
const SUMMARY_LIMIT: usize = 16 << 20;

/// Tells the counts to the person.
pub(super) fn tell(context: &mut Context<'_>, tally: &Tally, is_complete: bool) {
    let paint = Paint::new(context.stderr.color);
    for line in summary_lines(tally, is_complete, paint) {
        context.say(&line);
    }
}

/// The file that a summary is to be written to.
pub(super) struct SummaryFile<'a> {
    path: &'a Path,
    /// What was there before any work was done.
    existing: Existing<'static>,
}

impl<'a> SummaryFile<'a> {
    /// Refuses a place where no summary can be written, before any work is done.
    pub(super) fn at(
        context: &Context<'_>,
        path: &'a Path,
        input: &OsStr,
    ) -> Result<Self, CommandError> {
        const STANDARD_OUTPUT: &str = "/dev/stdout";
        if path == Path::new("-") {
            let message = "--summary takes a file: standard output is for the records";
            return Err(CommandError::usage(message));
        }
        for (other, what) in [
            (Path::new(input), "the tokens are in it"),
            (Path::new(STANDARD_OUTPUT), "the records go to it"),
        ] {
            if context.files.exists(path) && context.files.same_target(path, other) {
                let message = format!("{} cannot take the summary: {what}", quoted_path(path));
                return Err(CommandError::usage(message));
            }
        }
        context.files.require_writable(path)?;
        let existing = require_free(context, path)?;
        Ok(Self { path, existing })
    }

    /// Writes the counts. What has come to stand there meanwhile is not replaced.
    pub(super) fn write(
        &self,
        context: &Context<'_>,
        tally: &Tally,
        is_complete: bool,
    ) -> Result<(), CommandError> {
        let existing = match self.existing {
            Existing::Refuse => Existing::Refuse,
            _ => require_free(context, self.path)?,
        };
        let text = summary(tally, is_complete);
        context
            .files
            .write(self.path, text.as_bytes(), Audience::Everyone, existing)
    }
}

/// Refuses to replace what is neither empty nor a former summary: it may be a key.
fn require_free(context: &Context<'_>, path: &Path) -> Result<Existing<'static>, CommandError> {
    if !context.files.exists(path) {
        return Ok(Existing::Refuse);
    }
    let holds = match context.files.read(path, SUMMARY_LIMIT) {
        Ok(input) => input.beginning(),
        // A symbolic link to nothing, which becomes one to the summary.
        Err(error) if error.code == "file-not-found" => return Ok(Existing::Refuse),
        Err(error) => return Err(error),
    };
    if holds.is_empty() || read(&holds).is_some() {
        return Ok(Existing::Replace);
    }
    let message = format!("{} exists and holds no summary", quoted_path(path));
    Err(CommandError::new("file-exists", Exit::File, message)
        .hint("name another file for --summary, or remove this one"))
}

/// Adds up the summaries in files and prints the sum.
pub(super) fn merge(
    context: &mut Context<'_>,
    paths: &[PathBuf],
    exit_zero: bool,
) -> Result<Exit, CommandError> {
    let mut sum = Tally::default();
    let mut all_complete = true;
    for path in paths {
        if path == Path::new("-") {
            let message = "--merge-summaries takes files, and not standard input";
            return Err(CommandError::usage(message));
        }
        let input = context.files.read(path, SUMMARY_LIMIT)?;
        let bytes = input.whole(&quoted_path(path))?;
        let not_one = || {
            let message = format!("{} holds no summary of a batch", quoted_path(path));
            CommandError::new("not-a-summary", Exit::File, message)
                .hint("write one with: jwks verify --batch ... --summary FILE")
        };
        let (report, is_complete) = read(&bytes).ok_or_else(not_one)?;
        let broken = |fault: TallyFault| {
            let name = quoted_path(path);
            let message = format!("the summary in {name} is broken: {}", fault.0);
            CommandError::new("not-a-summary", Exit::File, message)
        };
        let tally = Tally::read(&report).map_err(broken)?;
        sum.merge(&tally).map_err(broken)?;
        if !is_complete {
            let name = quoted_path(path);
            warn(
                context,
                &format!("{name} is of an input that was not checked to its end"),
            );
        }
        all_complete &= is_complete;
    }
    tell(context, &sum, all_complete);
    context.report(summary(&sum, all_complete).as_bytes())?;
    let all_decided = all_complete && sum.undecided() == 0;
    Ok(if all_decided && (exit_zero || sum.invalid() == 0) {
        Exit::Success
    } else {
        Exit::No
    })
}

/// A report that says of itself that it is a summary, and whether it is of a whole input.
fn read(bytes: &[u8]) -> Option<(Outline<'_>, bool)> {
    let report = Outline::read_strict(bytes).ok()?;
    let schema = report.get("schema").and_then(Part::as_str)?;
    let is_complete = match report.get("complete")?.raw() {
        "true" => true,
        "false" => false,
        _ => return None,
    };
    (schema.as_str() == SUMMARY_SCHEMA).then_some((report, is_complete))
}
