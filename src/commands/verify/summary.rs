//! The summary of a batch: told, written, and added up.

use std::path::{Path, PathBuf};

use crate::context::{Audience, Context, Existing};
use crate::core::batch::Tally;
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

/// Refuses a place where no summary can be written, before any work is done: one that holds something
/// else, which may be a key, is not replaced.
pub(super) fn require_place(context: &Context<'_>, path: &Path) -> Result<(), CommandError> {
    context.files.require_writable(path)?;
    if !context.files.exists(path) {
        return Ok(());
    }
    let holds = context.files.read(path, SUMMARY_LIMIT)?.beginning();
    if holds.is_empty() || read(&holds).is_some() {
        return Ok(());
    }
    let message = format!("{} exists and holds no summary", quoted_path(path));
    Err(CommandError::new("file-exists", Exit::File, message)
        .hint("name another file for --summary, or remove this one"))
}

/// Writes the counts to a file.
pub(super) fn write(
    context: &Context<'_>,
    path: &Path,
    tally: &Tally,
    is_complete: bool,
) -> Result<(), CommandError> {
    let text = summary(tally, is_complete);
    let (audience, existing) = (Audience::Everyone, Existing::Replace);
    context
        .files
        .write(path, text.as_bytes(), audience, existing)
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
        let input = context.files.read(path, SUMMARY_LIMIT)?;
        let bytes = input.whole(&quoted_path(path))?;
        let not_one = || {
            let message = format!("{} holds no summary of a batch", quoted_path(path));
            CommandError::new("not-a-summary", Exit::File, message)
                .hint("write one with: jwks verify --batch … --summary FILE")
        };
        let (report, is_complete) = read(&bytes).ok_or_else(not_one)?;
        let tally = Tally::read(&report).map_err(|fault| {
            let message = format!(
                "the summary in {} is broken: {}",
                quoted_path(path),
                fault.0
            );
            CommandError::new("not-a-summary", Exit::File, message)
        })?;
        sum.merge(&tally);
        all_complete &= is_complete;
    }
    tell(context, &sum, all_complete);
    context.report(summary(&sum, all_complete).as_bytes())?;
    Ok(if exit_zero || sum.invalid() == 0 && all_complete {
        Exit::Success
    } else {
        Exit::No
    })
}

/// A report that says of itself that it is a summary, and whether it is of a whole input.
fn read(bytes: &[u8]) -> Option<(Outline<'_>, bool)> {
    let report = Outline::read_strict(bytes).ok()?;
    let schema = report.get("schema").and_then(Part::as_str)?;
    let is_complete = report.get("complete")?.raw() == "true";
    (schema.as_str() == SUMMARY_SCHEMA).then_some((report, is_complete))
}
