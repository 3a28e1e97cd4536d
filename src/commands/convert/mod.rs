//! `jwks convert`.

mod in_place;
mod sources;
mod writing;

use std::path::Path;

use super::passphrase::{self, PassphraseSource};
use super::source;
use super::{overwriting, tell, warn};
use crate::cli::{ConvertArgs, KeyForm, KeyOrder, KidSource, SourceForm};
use crate::context::{Audience, Context, Existing, Lock};
use crate::core::detect::quoted_path;
use crate::core::failure::{Code, Failure};
use crate::core::keyring::{Edit, Keyring, Order, Selection, Withheld};
use crate::core::new_key::KidRule;
use crate::core::time::NumericDate;
use crate::error::{CommandError, Exit};

use sources::Read;
use writing::{Written, written};

/// Reads keys, and writes them in another form.
///
/// # Errors
/// A source cannot be read, a key is not sound, or the form cannot hold it.
pub fn run(arguments: &ConvertArgs, context: &mut Context<'_>) -> Result<Exit, CommandError> {
    check(arguments, context)?;
    let now = context.time(arguments.at.as_deref())?;
    // Before any work is done.
    let existing = match &arguments.output {
        Some(path) => overwriting::existing(context, path, arguments.force)?,
        None => Existing::Refuse,
    };
    // Nobody else is kept waiting for a person who thinks about a passphrase: what someone writes meanwhile is
    // seen before the file is replaced.
    let may_ask = context.person.is_some();
    let early = if may_ask {
        None
    } else {
        lock(arguments, context)?
    };
    let read = sources::read(arguments, context)?;
    let ring = keyring(arguments, context, &read, now)?;
    in_place::require_whole(arguments, &read, &ring)?;
    let passphrase = if arguments.encrypt {
        Some(new_passphrase(arguments, context, &read)?)
    } else {
        None
    };
    let written = written(arguments, &ring, passphrase.as_deref().map(Vec::as_slice))?;
    let _lock = match early {
        None => lock(arguments, context)?,
        early => early,
    };
    let existing = read
        .replaced
        .as_ref()
        .map_or(existing, |replaced| Existing::Unchanged(&replaced.bytes));
    deliver(arguments, context, existing, &written)?;
    if written.is_private && passphrase.is_none() && read.passphrase.is_some() {
        let note =
            "the keys were protected and are written without protection: --encrypt protects them";
        tell(context, note);
    }
    let is_given = PassphraseSource::from(&arguments.passphrase).is_given();
    if is_given && passphrase.is_none() && read.passphrase.is_none() {
        tell(
            context,
            "no source is protected: the passphrase has opened nothing",
        );
    }
    Ok(Exit::Success)
}

fn check(arguments: &ConvertArgs, context: &Context<'_>) -> Result<(), CommandError> {
    let mut readers: Vec<bool> = arguments
        .sources
        .iter()
        .map(|argument| source::is_standard_input(argument))
        .collect();
    readers.push(PassphraseSource::from(&arguments.passphrase).is_standard_input());
    readers.push(PassphraseSource::from(&arguments.new_passphrase).is_standard_input());
    source::require_one_reader(&readers)?;
    let usage = |message: &str, hint: &str| Err(CommandError::usage(message).hint(hint));
    let is_encoded = matches!(arguments.to, KeyForm::Pem | KeyForm::Der);
    if arguments.traditional && !is_encoded {
        return usage(
            "--traditional is for PEM and DER",
            "add --to pem or --to der",
        );
    }
    if arguments.traditional && arguments.encrypt {
        return usage(
            "--traditional with --encrypt would protect nothing: its key is a single MD5 of the passphrase",
            "leave out --traditional: PKCS #8 protects with 600,000 iterations",
        );
    }
    if arguments.encrypt && matches!(arguments.to, KeyForm::Thumbprint | KeyForm::SpkiHash) {
        return usage("a hash is no secret to be protected", "leave out --encrypt");
    }
    if arguments.encrypt && arguments.public {
        return usage(
            "--public leaves nothing that --encrypt could protect",
            "leave out one of the two",
        );
    }
    require_place(arguments)?;
    let is_timed = arguments.public || arguments.active;
    if arguments.at.is_some() && !is_timed && arguments.kid_from != Some(KidSource::Date) {
        return usage(
            "--at is for --public, --active and --kid-from date",
            "leave it out: nothing else depends on the time",
        );
    }
    if arguments.to == KeyForm::Der && arguments.output.is_none() && context.stdout.is_terminal {
        return usage(
            "DER is binary, and no terminal shows it",
            "write it with --output FILE",
        );
    }
    let named = [("--kid", &arguments.kid), ("--use", &arguments.key_use)];
    for (name, value) in named {
        if value.as_deref().is_some_and(str::is_empty) {
            return Err(CommandError::usage(format!("{name} must not be empty")));
        }
    }
    let distinct: std::collections::HashSet<&String> = arguments.key_ops.iter().collect();
    if distinct.len() != arguments.key_ops.len() {
        return Err(CommandError::usage(
            "--key-ops names an operation twice (RFC 7517 section 4.3)",
        ));
    }
    Ok(())
}

/// Refuses what is to be said of keys in a form that holds nothing but the keys.
fn require_place(arguments: &ConvertArgs) -> Result<(), CommandError> {
    // OpenSSH's form has a comment, which is the kid.
    let is_named = arguments.to == KeyForm::Ssh;
    let given = [
        ("--x5c", arguments.x5c),
        ("--kid", arguments.kid.is_some() && !is_named),
        ("--kid-from", arguments.kid_from.is_some() && !is_named),
        ("--alg", arguments.algorithm.is_some()),
        ("--use", arguments.key_use.is_some()),
        ("--key-ops", !arguments.key_ops.is_empty()),
    ];
    let without_place = given.iter().find(|(_, is_given)| *is_given);
    match without_place.filter(|_| !arguments.to.holds_members()) {
        None => Ok(()),
        Some((name, _)) => Err(CommandError::usage(format!("{name} is for JWKs"))
            .hint("leave it out, or write --to jwks")),
    }
}

/// The lock of a file that is source and target at once: a key that a rotation adds meanwhile is not lost.
fn lock(
    arguments: &ConvertArgs,
    context: &Context<'_>,
) -> Result<Option<Box<dyn Lock>>, CommandError> {
    let mut sources = arguments.sources.iter();
    let is_replaced = sources.any(|source| sources::is_replaced(arguments, context, source));
    match arguments.output.as_deref().filter(|_| is_replaced) {
        Some(path) => context.files.lock(path, arguments.lock_timeout).map(Some),
        None => Ok(None),
    }
}

/// The keys that are to be written.
fn keyring(
    arguments: &ConvertArgs,
    context: &mut Context<'_>,
    read: &Read,
    now: NumericDate,
) -> Result<Keyring, CommandError> {
    let sources: Vec<(&str, &_)> = read
        .sets
        .iter()
        .map(|(name, set)| (name.as_str(), set))
        .collect();
    let (mut ring, notes) = Keyring::merge(&sources);
    for note in notes {
        tell(context, &note);
    }
    let selected = ring.select(&selection(arguments, now)).map_err(failed)?;
    for left_out in &selected.left_out {
        tell(context, &format!("{left_out} is left out"));
    }
    for spared in &selected.spared {
        let form = arguments.to.description();
        warn(
            context,
            &format!(
                "{spared}, and {form} cannot say so: whoever finds the key there takes it for a good one"
            ),
        );
    }
    if arguments.kid.is_some() && ring.len() != 1 {
        return Err(CommandError::usage(format!(
            "--kid names one key, and there are {}",
            ring.len()
        ))
        .hint("choose it with --only, or use --kid-from"));
    }
    change(arguments, context, &mut ring, now)?;
    for warning in ring.require_sound().map_err(failed)? {
        warn(context, &warning);
    }
    if arguments.public {
        for left_out in ring.strip().map_err(failed)? {
            tell(context, &format!("{left_out} is left out"));
        }
    }
    if let Some(order) = arguments.sort {
        ring.sort(order_of(order)).map_err(failed)?;
    }
    Ok(ring)
}

#[expect(clippy::needless_pass_by_value, reason = "errors are handed over")]
fn failed(failure: Failure) -> CommandError {
    let exit = match failure.code {
        Code::UnknownKid | Code::NoMatchingKey => Exit::No,
        _ => Exit::File,
    };
    CommandError::from_failure(exit, "cannot convert", &failure)
}

/// Makes the changes to the keys that are asked for, and tells of the names that stay.
fn change(
    arguments: &ConvertArgs,
    context: &mut Context<'_>,
    ring: &mut Keyring,
    now: NumericDate,
) -> Result<(), CommandError> {
    for label in edit(arguments, ring, now).map_err(failed)? {
        if arguments.kid.is_some() {
            return Err(CommandError::usage(format!(
                "--kid would rename {label}, which is revoked: its name is never used again"
            )));
        }
        tell(
            context,
            &format!("{label}, which is revoked, keeps its name"),
        );
    }
    Ok(())
}

fn selection(arguments: &ConvertArgs, now: NumericDate) -> Selection<'_> {
    let holds_members = arguments.to.holds_members();
    Selection {
        only: &arguments.only,
        without: &arguments.without,
        active_at: arguments.active.then_some(now),
        withheld: match (arguments.public, holds_members) {
            (true, _) => Withheld::Departed(now),
            (false, true) => Withheld::Nothing,
            (false, false) => Withheld::Revoked,
        },
        spares_named: !holds_members,
    }
}

/// Sets members, and gives the keys that keep their names.
fn edit(
    arguments: &ConvertArgs,
    ring: &mut Keyring,
    now: NumericDate,
) -> Result<Vec<String>, Failure> {
    let rule = |index: usize| match (&arguments.kid, arguments.kid_from) {
        (Some(kid), _) => KidRule::Given(kid.clone()),
        (None, Some(source)) => kid_rule(source, now, index),
        (None, None) => KidRule::Absent,
    };
    let names = arguments.kid.is_some() || arguments.kid_from.is_some();
    ring.edit(&Edit {
        kids: names.then_some(&rule),
        algorithm: arguments.algorithm,
        key_use: arguments.key_use.as_deref(),
        key_ops: &arguments.key_ops,
        force: arguments.force,
    })
}

/// What `kid` the key gets that is the one of that place, from 0, among those that are named at once.
pub(super) fn kid_rule(source: KidSource, now: NumericDate, place: usize) -> KidRule {
    match source {
        KidSource::Thumbprint => KidRule::Thumbprint,
        KidSource::Spki => KidRule::SubjectPublicKeyInfo,
        KidSource::Uuid => KidRule::Given(uuid::Uuid::new_v4().to_string()),
        // They share a second, so all but the first are numbered.
        KidSource::Date if place == 0 => KidRule::Given(now.to_string()),
        KidSource::Date => KidRule::Given(format!("{now}-{}", place + 1)),
        KidSource::None => KidRule::Absent,
    }
}

fn order_of(order: KeyOrder) -> Order {
    match order {
        KeyOrder::Kid => Order::Kid,
        KeyOrder::Alg => Order::Algorithm,
        KeyOrder::Thumbprint => Order::Thumbprint,
        KeyOrder::Newest => Order::Newest,
    }
}

/// The passphrase under which the keys are written: the one that is given for it, else the one that
/// opened a source and was given in the same way, else one that is asked for.
fn new_passphrase(
    arguments: &ConvertArgs,
    context: &mut Context<'_>,
    read: &Read,
) -> Result<zeroize::Zeroizing<Vec<u8>>, CommandError> {
    let new = PassphraseSource::from(&arguments.new_passphrase);
    let old = PassphraseSource::from(&arguments.passphrase);
    let output = arguments.output.as_deref();
    match (&read.passphrase, new.is_given(), old.is_given()) {
        (Some(passphrase), false, true) => Ok(passphrase.clone()),
        (None, false, true) => passphrase::new_passphrase(context, old, output),
        _ => passphrase::new_passphrase(context, new, output),
    }
}

fn deliver(
    arguments: &ConvertArgs,
    context: &mut Context<'_>,
    existing: Existing<'_>,
    written: &Written,
) -> Result<(), CommandError> {
    let Some(path) = &arguments.output else {
        return context.deliver(&written.bytes);
    };
    let audience = if written.is_private {
        Audience::Owner
    } else {
        Audience::Everyone
    };
    context
        .files
        .write(path, &written.bytes, audience, existing)?;
    tell(context, &told(path, written));
    Ok(())
}

fn told(path: &Path, written: &Written) -> String {
    let count = match written.keys {
        1 => "1 key".to_owned(),
        count => format!("{count} keys"),
    };
    let readers = if written.is_private {
        ", for you alone to read"
    } else {
        ""
    };
    format!("wrote {count} to {}{readers}", quoted_path(path))
}

/// How the sources spell secrets; none where their content tells what they are.
fn spelling(arguments: &ConvertArgs) -> Option<crate::core::import::Spelling> {
    use crate::core::import::Spelling;
    match arguments.from {
        SourceForm::Auto => None,
        SourceForm::Raw => Some(Spelling::Raw),
        SourceForm::Hex => Some(Spelling::Hexadecimal),
        SourceForm::Base64 => Some(Spelling::Base64),
    }
}
