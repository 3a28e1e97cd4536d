//! `jwks rotate`.

use std::path::Path;

use super::source::{self, Location, shown};
use crate::cli::{ReportFormat, RotateArgs};
use crate::context::{Audience, Context, Existing};
use crate::core::json::{RawObject, array, pretty};
use crate::core::jwk::{Parameters, PrivateJwk};
use crate::core::jwks::{self, Form, JwkSet, SET_LIMIT};
use crate::core::lifecycle::{
    Group, Plan, Refusal, RotationPolicy, State, apply, plan, published, states,
};
use crate::core::new_key::{kid_rule_of, make, shape_like};
use crate::core::time::NumericDate;
use crate::error::{CommandError, Exit};
use crate::output::message::{note, warning};
use crate::output::paint::Paint;
use crate::output::rotation::{KeyLine, RotationView};

/// Starts a rotation.
///
/// The private file is written before the public one, so that a crash between the two leaves a key
/// that is not published yet rather than one published without its private half; the next call
/// writes the public file again.
///
/// # Errors
/// The file cannot be read or written, or the rotation is refused.
pub fn run(arguments: &RotateArgs, context: &mut Context<'_>) -> Result<Exit, CommandError> {
    let now = NumericDate::from_seconds(context.time(arguments.at.as_deref())?.seconds());
    if arguments.public.as_deref() == Some(&arguments.file) {
        return Err(CommandError::usage(
            "the private and the public file are the same",
        ));
    }
    // Held until the end: nobody else changes the file between reading and writing.
    let _lock = context.files.lock(&arguments.file)?;
    let location = Location::File(arguments.file.clone());
    let document = source::read_local(context, &location, SET_LIMIT)?;
    let set = source::keys(&document)?;
    warn_of_unusable_keys(context, &set);
    if let Some(path) = &arguments.public {
        require_publishable(&set, path, now)?;
    }
    let policy = RotationPolicy {
        cache_ttl: arguments.cache_ttl,
        token_lifetime: arguments.token_lifetime,
        margin: arguments.margin,
    };
    let plan = match plan(&set, &policy, now) {
        Ok(plan) => plan,
        Err(refusal) => return Err(refused(arguments, context, &set, &refusal, now)),
    };
    if arguments.dry_run {
        let view = view(&set, &plan, &[], true, now);
        return show(arguments, context, &view, now);
    }
    let new_keys = successors(&set, &plan, now)?;
    let rotated = rotated(&set, &plan, &new_keys);
    let text = pretty(&rotated);
    let private = Existing::Replace;
    let mut file = zeroize::Zeroizing::new(Vec::with_capacity(text.len() + 1));
    file.extend_from_slice(text.as_bytes());
    file.push(b'\n');
    context
        .files
        .write(&arguments.file, &file, Audience::Owner, private)?;
    let after = JwkSet::read(&file).map_err(|fault| {
        CommandError::from_failure(Exit::File, "the rotated set cannot be read", &fault.failure)
    })?;
    publish(arguments, context, &after, now)?;
    show(
        arguments,
        context,
        &view(&set, &plan, &new_keys, false, now),
        now,
    )
}

/// A key that cannot be used stays in the file as it is and is not published, which its owner may
/// not expect.
fn warn_of_unusable_keys(context: &mut Context<'_>, set: &JwkSet) {
    let paint = Paint::new(context.stderr.color);
    for entry in set.entries().iter().filter(|entry| !entry.is_revoked()) {
        if let Some(fault) = entry.faults().first() {
            let text = format!(
                "{} is left as it is and not published: {}",
                entry.label(),
                fault.failure
            );
            context.say(&warning(&text, paint));
        }
    }
}

/// Refuses before anything is changed what could not be published afterwards.
fn require_publishable(set: &JwkSet, path: &Path, now: NumericDate) -> Result<(), CommandError> {
    match published(set, now) {
        Ok(_) => Ok(()),
        Err(symmetric) => {
            let message = format!(
                "{} cannot be published in {}: a symmetric key has no public half",
                symmetric.join(", "),
                shown(path)
            );
            Err(CommandError::new("symmetric-key", Exit::File, message))
        }
    }
}

fn refused(
    arguments: &RotateArgs,
    context: &mut Context<'_>,
    set: &JwkSet,
    refusal: &Refusal,
    now: NumericDate,
) -> CommandError {
    let message = format!("cannot rotate {}: {refusal}", shown(&arguments.file));
    match refusal {
        Refusal::UnderWay { activates, .. } => {
            // An earlier call may have stopped between the two files.
            if !arguments.dry_run
                && let Err(error) = publish(arguments, context, set, now)
            {
                return error;
            }
            CommandError::new("rotation-under-way", Exit::No, message).hint(format!(
                "the next rotation is safe from {activates} on ({})",
                activates.relative_to(now)
            ))
        }
        Refusal::PublicKeys(_) => CommandError::new("public-key", Exit::File, message)
            .hint("rotate the private file, and let --public write the published one"),
        Refusal::NothingToRotate => CommandError::new("nothing-to-rotate", Exit::File, message),
    }
}

fn successors(
    set: &JwkSet,
    plan: &Plan,
    now: NumericDate,
) -> Result<Vec<PrivateJwk>, CommandError> {
    let failed =
        |failure| CommandError::from_failure(Exit::File, "cannot make the new key", &failure);
    plan.successors
        .iter()
        .filter_map(|successor| {
            let like = set.entries().get(successor.like)?.usable()?;
            Some((successor, like))
        })
        .map(|(successor, like)| {
            let own = like.parameters();
            let parameters = Parameters {
                alg: own.alg.clone(),
                key_use: own.key_use.clone(),
                key_ops: own.key_ops.clone(),
                iat: Some(now),
                nbf: Some(successor.activates),
                ..Parameters::default()
            };
            let shape = shape_like(like.material()).map_err(failed)?;
            make(shape, parameters, &kid_rule_of(like)).map_err(failed)
        })
        .collect()
}

fn rotated(set: &JwkSet, plan: &Plan, new_keys: &[PrivateJwk]) -> zeroize::Zeroizing<String> {
    let keys: Vec<RawObject> = apply(set, plan, new_keys);
    match set.form() {
        Form::Array => array(&keys),
        // One key has become several, which only a set can hold.
        Form::Jwk => jwks::document(&keys),
        Form::Jwks => {
            let mut members = set.members().clone();
            members.set_raw("keys", array(&keys).as_str());
            members.to_json()
        }
    }
}

/// Writes the published set when it differs from what is there.
fn publish(
    arguments: &RotateArgs,
    context: &mut Context<'_>,
    set: &JwkSet,
    now: NumericDate,
) -> Result<(), CommandError> {
    let Some(path) = &arguments.public else {
        return Ok(());
    };
    // Symmetric keys have been refused before.
    let keys = published(set, now).unwrap_or_default();
    let text = format!("{}\n", pretty(&jwks::document(&keys)).as_str());
    let current = if context.files.exists(path) {
        context.files.read(path, SET_LIMIT)?.to_vec()
    } else {
        Vec::new()
    };
    if current == text.as_bytes() {
        return Ok(());
    }
    context
        .files
        .write(path, text.as_bytes(), Audience::Everyone, Existing::Replace)?;
    let line = note(
        &format!("wrote the published set to {}", shown(path)),
        Paint::new(context.stderr.color),
    );
    context.say(&line);
    Ok(())
}

fn view(
    set: &JwkSet,
    plan: &Plan,
    new_keys: &[PrivateJwk],
    dry_run: bool,
    now: NumericDate,
) -> RotationView {
    let states = states(set, now);
    let mut keys: Vec<KeyLine> = set
        .entries()
        .iter()
        .map(|entry| {
            let retirement = plan
                .retirements
                .iter()
                .find(|retirement| retirement.index == entry.index());
            let parameters = entry
                .jwk()
                .map(|jwk| jwk.parameters().clone())
                .unwrap_or_default();
            KeyLine {
                kid: entry.kid().map(str::to_owned),
                group: entry.jwk().map_or_else(unknown_group, Group::of),
                state: states[entry.index()],
                activates: parameters.nbf,
                leaves: retirement
                    .map(|retirement| retirement.leaves)
                    .or(parameters.exp),
                is_new: false,
                is_removed: plan.removals.contains(&entry.index()),
            }
        })
        .collect();
    for (index, successor) in plan.successors.iter().enumerate() {
        let made = new_keys.get(index).map(|key| key.jwk().parameters());
        keys.push(KeyLine {
            kid: made.and_then(|parameters| parameters.kid.clone()),
            group: successor.group.clone(),
            state: State::Pending,
            activates: Some(successor.activates),
            leaves: None,
            is_new: true,
            is_removed: false,
        });
    }
    RotationView {
        removal: keys
            .iter()
            .filter(|key| !key.is_removed)
            .filter_map(|key| key.leaves)
            .max(),
        keys,
        dry_run,
        next: plan
            .successors
            .iter()
            .map(|successor| successor.activates)
            .max(),
    }
}

fn unknown_group() -> Group {
    Group {
        key_use: "-".to_owned(),
        algorithm: "-".to_owned(),
    }
}

fn show(
    arguments: &RotateArgs,
    context: &mut Context<'_>,
    view: &RotationView,
    now: NumericDate,
) -> Result<Exit, CommandError> {
    let text = match arguments.format {
        ReportFormat::Json => view.report(),
        ReportFormat::Text => {
            view.text(now, context.stdout.width, Paint::new(context.stdout.color))
        }
    };
    context.report(text.as_bytes())?;
    Ok(Exit::Success)
}
