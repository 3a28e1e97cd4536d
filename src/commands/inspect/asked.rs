//! Which rules are asked for.

use crate::cli::InspectArgs;
use crate::commands::source::Location;
use crate::core::lint::{Scope, Selection};
use crate::error::CommandError;

/// The rules of `--only`, all when there are none.
///
/// # Errors
/// Nothing could ever be found: the rule is for other documents than these, or `--ignore` leaves out
/// what `--only` asks for. A check that goes by either would always pass.
pub(super) fn selection(arguments: &InspectArgs) -> Result<Selection<'_>, CommandError> {
    let selection = Selection::of(&arguments.only);
    if let Some(rule) = selection.contradicted(&arguments.ignore) {
        let id = rule.id;
        return Err(CommandError::usage(format!(
            "--ignore {id} leaves out all that --only {id} asks for"
        ))
        .hint(format!("leave out one key: --ignore {id}=KID")));
    }
    let is_url = |source| matches!(Location::of(source), Location::Url(_));
    let is_fetched = arguments.sources.iter().any(|source| is_url(source));
    let is_there = |scope| match scope {
        Scope::Always => true,
        Scope::Published => arguments.published || is_fetched,
        Scope::Fetched => is_fetched,
    };
    let Some(rule) = selection.out_of_scope(is_there) else {
        return Ok(selection);
    };
    let scope = rule.scope.description();
    let hint = match rule.scope {
        Scope::Fetched => "give the URL from which consumers take the set",
        _ => "add --published, where anyone can read the source",
    };
    Err(CommandError::usage(format!(
        "--only {} is for {scope}, and no source is one",
        rule.id
    ))
    .hint(hint))
}
