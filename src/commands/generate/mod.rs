//! `jwks generate`.

mod conversation;
mod form;
mod into;
mod purpose;

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::convert::kid_rule;
use super::overwriting::target;
use super::passphrase::{PassphraseSource, new_passphrase};
use super::tell;
use crate::cli::{GenerateArgs, KidSource, NewKeyForm};
use crate::context::{Audience, Context, Existing};
use crate::core::alg::{Algorithm, KeyType};
use crate::core::detect::quoted_path;
use crate::core::failure::quoted;
use crate::core::jwk::{Parameters, PrivateJwk};
use crate::core::new_key::{KidRule, Order, make_all, shape};
use crate::core::time::NumericDate;
use crate::error::{CommandError, Exit};
use crate::output::shell::command;

/// Makes keys and prints or writes them.
///
/// # Errors
/// The request cannot be met, or a file cannot be written.
pub fn run(arguments: &GenerateArgs, context: &mut Context<'_>) -> Result<Exit, CommandError> {
    // Before anybody is asked anything.
    form::require_place(arguments)?;
    if !arguments.algorithms.is_empty() {
        return generate(arguments, &[], context);
    }
    let Some(person) = context.person else {
        return Err(CommandError::usage("no algorithm is named")
            .hint("name one with --alg; ES256 is the usual choice"));
    };
    let answered = conversation::hold(arguments, context, person)?;
    let exit = generate(&answered.arguments, &answered.replaced, context)?;
    let unicode = context.stderr.unicode;
    if let Some(command) = command(context.command_line, &answered.options, unicode) {
        tell(context, &format!("the same without questions: `{command}`"));
    }
    Ok(exit)
}

/// Makes what the arguments ask for; the files in `replaced` may go.
fn generate(
    arguments: &GenerateArgs,
    replaced: &[PathBuf],
    context: &mut Context<'_>,
) -> Result<Exit, CommandError> {
    let now = context.time(arguments.at.as_deref())?;
    let algorithms = &arguments.algorithms;
    check(arguments, context, algorithms)?;
    let orders = orders(arguments, algorithms, now)?;
    purpose::warn_of_own_names(arguments, context);
    // Before the work, so that nobody waits for a key that cannot be written.
    let may_go = |path: &PathBuf| arguments.force || replaced.contains(path);
    // That of a set to which keys are added is no file of its own: it goes along with the set.
    let public = arguments.public.as_ref();
    let public = public.filter(|_| arguments.into.is_none());
    let [private_target, public_target] = [arguments.output.as_ref(), public].map(|path| {
        let force = path.is_some_and(may_go);
        target(context, path.map(PathBuf::as_path), force)
    });
    let (private_target, public_target) = (private_target?, public_target.map_err(not_lost)?);
    if let Some(path) = &arguments.into {
        into::require_set(context, path)?;
    }
    let passphrase = passphrase(arguments, context)?;
    let keys = made(context, orders)?;
    if let Some(path) = &arguments.into {
        into::add(arguments, context, path, &keys, now)?;
    } else {
        let bytes = form::private(arguments, &keys, passphrase.as_deref().map(Vec::as_slice))?;
        deliver(context, private_target, &bytes, &keys)?;
    }
    if let Some((path, existing)) = public_target {
        let bytes = form::public(arguments, &keys)?;
        context
            .files
            .write(path, &bytes, Audience::Everyone, existing)?;
        let what = if keys.len() == 1 { "half" } else { "halves" };
        tell(
            context,
            &format!("wrote the public {what} to {}", quoted_path(path)),
        );
    }
    Ok(Exit::Success)
}

/// Whoever has a published set already loses its keys with --force, and their tokens.
fn not_lost(error: CommandError) -> CommandError {
    match error.code {
        "file-exists" => error.hint(
            "name another file: the keys in this one are lost with --force; --into SET adds a key to a private \
             set, and with --public to its published set",
        ),
        _ => error,
    }
}

fn deliver(
    context: &mut Context<'_>,
    target: Option<(&Path, Existing<'static>)>,
    bytes: &[u8],
    keys: &[PrivateJwk],
) -> Result<(), CommandError> {
    let Some((path, existing)) = target else {
        return context.deliver(bytes);
    };
    context
        .files
        .write(path, bytes, Audience::Owner, existing)?;
    let what = names(keys);
    tell(
        context,
        &format!(
            "wrote {what} to {}, for you alone to read",
            quoted_path(path)
        ),
    );
    Ok(())
}

/// The passphrase that protects the keys, where that is asked for.
fn passphrase(
    arguments: &GenerateArgs,
    context: &mut Context<'_>,
) -> Result<Option<Zeroizing<Vec<u8>>>, CommandError> {
    let source = PassphraseSource::from(&arguments.passphrase);
    // That of a set to which keys are added opens the set first.
    match (
        arguments.encrypt,
        source.is_given() && arguments.into.is_none(),
    ) {
        (true, _) => {
            let output = arguments.output.as_deref();
            new_passphrase(context, source, output).map(Some)
        }
        (false, true) => Err(CommandError::usage(
            "a passphrase is given, and --encrypt, which would use it, is not",
        )),
        (false, false) => Ok(None),
    }
}

fn check(
    arguments: &GenerateArgs,
    context: &Context<'_>,
    algorithms: &[&'static Algorithm],
) -> Result<(), CommandError> {
    let several = algorithms.len() > 1 || arguments.count > 1;
    if arguments.kid.is_some() && several {
        return Err(
            CommandError::usage("--kid names one key, and several are asked for")
                .hint("leave it out, or use --kid-from"),
        );
    }
    if arguments.kid.as_deref().is_some_and(str::is_empty) {
        return Err(
            CommandError::usage("--kid must not be empty").hint("use --kid-from none for no kid")
        );
    }
    if let (Some(private), Some(public)) = (&arguments.output, &arguments.public)
        && context.files.same_target(private, public)
    {
        return Err(same_file());
    }
    purpose::require_purpose(arguments)?;
    form::check(arguments, context, algorithms.len())?;
    let symmetric = algorithms.iter().find(|row| row.key_type == KeyType::Oct);
    if let Some(row) = symmetric {
        let problem = if arguments.public.is_some() {
            "has no public half to be written with --public"
        } else if arguments.kid_from == Some(KidSource::Spki) {
            "has no SubjectPublicKeyInfo to be named by"
        } else if arguments.to != NewKeyForm::Jwk {
            "has no PEM or DER form"
        } else {
            return Ok(());
        };
        return Err(CommandError::usage(format!(
            "a key of {} is symmetric and {problem}",
            row.name
        )));
    }
    Ok(())
}

fn same_file() -> CommandError {
    CommandError::usage(
        "--output and --public name the same file: the private half must stay out of the public one",
    )
}

fn orders(
    arguments: &GenerateArgs,
    algorithms: &[&'static Algorithm],
    now: NumericDate,
) -> Result<Vec<Order>, CommandError> {
    let mut orders = Vec::new();
    for algorithm in algorithms {
        let shape = shape(algorithm, arguments.size, arguments.curve)?;
        let key_use = arguments.key_use.as_deref().unwrap_or(algorithm.key_use());
        for _ in 0..arguments.count {
            let by_operations = !arguments.key_ops.is_empty();
            let parameters = Parameters {
                alg: Some(algorithm.name.to_owned()),
                key_use: (!by_operations).then(|| key_use.to_owned()),
                key_ops: by_operations.then(|| arguments.key_ops.clone()),
                iat: Some(NumericDate::from_seconds(now.seconds())),
                ..Parameters::default()
            };
            let kid = match &arguments.kid {
                Some(kid) => KidRule::Given(kid.clone()),
                None => {
                    let source = arguments.kid_from.unwrap_or(KidSource::Thumbprint);
                    kid_rule(source, now, orders.len())
                }
            };
            orders.push(Order {
                shape,
                parameters,
                kid,
            });
        }
    }
    Ok(orders)
}

/// Makes the keys on all processors, and shows how far that is.
fn made(context: &Context<'_>, orders: Vec<Order>) -> Result<Vec<PrivateJwk>, CommandError> {
    let count = orders.len();
    let mut progress = context.console.progress(u64::try_from(count).ok());
    let mut show = |done: usize| {
        if let Some(progress) = &mut progress {
            let message = || format!("{done} of {count} keys");
            progress.show(u64::try_from(done).unwrap_or(u64::MAX), &message);
        }
    };
    make_all(orders, context.console.parallelism(), &mut show)
        .map_err(|failure| CommandError::from_failure(Exit::File, "cannot make the key", &failure))
}

fn names(keys: &[PrivateJwk]) -> String {
    match keys {
        [key] => match &key.jwk().parameters().kid {
            Some(kid) => format!("the private key {}", quoted(kid)),
            None => "the private key".to_owned(),
        },
        keys => format!("{} private keys", keys.len()),
    }
}
