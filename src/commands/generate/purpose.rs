//! What the new keys are said to be for: it must not contradict their algorithms, nor be a slip of the pen.

use std::collections::HashSet;

use crate::cli::GenerateArgs;
use crate::commands::warn;
use crate::context::Context;
use crate::core::alg::Algorithm;
use crate::core::failure::{quoted, quoted_list};
use crate::core::key_purpose::{ENCRYPTING, USES, contradicting, operations};
use crate::core::spelling::{nearest, slip};
use crate::error::CommandError;

/// Refuses what no consumer could make use of.
pub(super) fn require_purpose(arguments: &GenerateArgs) -> Result<(), CommandError> {
    if let Some(key_use) = &arguments.key_use {
        require_name("--use", key_use, &USES)?;
        require_use(key_use, &arguments.algorithms)?;
    }
    let registered: Vec<&str> = operations().collect();
    for operation in &arguments.key_ops {
        require_name("--key-ops", operation, &registered)?;
    }
    let mut seen = HashSet::new();
    if !arguments.key_ops.iter().all(|own| seen.insert(own)) {
        return Err(CommandError::usage(
            "--key-ops names an operation twice (RFC 7517 section 4.3)",
        ));
    }
    require_operations(&arguments.key_ops, &arguments.algorithms)
}

/// True where the algorithm can do what the arguments say that the key is for.
pub(super) fn is_possible(arguments: &GenerateArgs, algorithm: &'static Algorithm) -> bool {
    let key_use = arguments.key_use.as_deref().unwrap_or_default();
    require_use(key_use, &[algorithm]).is_ok()
        && require_operations(&arguments.key_ops, &[algorithm]).is_ok()
}

/// Other names are legal, and whoever does not know them passes the key over.
pub(super) fn warn_of_own_names(arguments: &GenerateArgs, context: &mut Context<'_>) {
    let registered: Vec<&str> = operations().collect();
    let uses = arguments.key_use.iter().map(|own| ("use", own, &USES[..]));
    let own = arguments.key_ops.iter();
    let own = own.map(|own| ("operation", own, &registered[..]));
    for (what, name, registered) in uses.chain(own) {
        if registered.contains(&name.as_str()) {
            continue;
        }
        let meant = match nearest(name, registered.iter().copied()) {
            Some(near) => format!("; {} is", quoted(near)),
            None => String::new(),
        };
        let text = format!(
            "the {what} {} is not registered, and consumers that do not know it pass the key over{meant}",
            quoted(name)
        );
        warn(context, &text);
    }
}

fn require_name(option: &str, name: &str, registered: &[&str]) -> Result<(), CommandError> {
    if name.is_empty() {
        return Err(CommandError::usage(format!("{option} must not be empty")));
    }
    match slip(name, registered.iter().copied()) {
        None => Ok(()),
        Some(meant) => Err(CommandError::usage(format!(
            "{option} {} is not registered, and a letter away from {}",
            quoted(name),
            quoted(meant)
        ))
        .hint(format!("write {meant}"))),
    }
}

/// RFC 7517 §4.2: what a key is for must not contradict its algorithm.
fn require_use(key_use: &str, algorithms: &[&'static Algorithm]) -> Result<(), CommandError> {
    let other = algorithms
        .iter()
        .find(|row| USES.contains(&key_use) && key_use != row.key_use());
    match other {
        None => Ok(()),
        Some(row) => Err(CommandError::usage(format!(
            "--use {key_use} contradicts {}, which is for \"{}\"",
            row.name,
            row.key_use()
        ))),
    }
}

/// RFC 7517 §4.3, the same of each thing that the key may do.
fn require_operations(
    key_ops: &[String],
    algorithms: &[&'static Algorithm],
) -> Result<(), CommandError> {
    for row in algorithms {
        let foreign = contradicting(row.key_use(), key_ops.iter().map(String::as_str));
        if !foreign.is_empty() {
            return Err(CommandError::usage(format!(
                "--key-ops {} contradicts {}, which is for \"{}\"",
                quoted_list(&foreign, ENCRYPTING.len()),
                row.name,
                row.key_use()
            )));
        }
    }
    Ok(())
}
