//! `jwks generate`.

use std::path::Path;

use super::{private_keys, tell};
use crate::cli::{GenerateArgs, KidSource};
use crate::context::{Audience, Context, Existing};
use crate::core::alg::{self, Algorithm, KeyType, Standing};
use crate::core::detect::quoted_path;
use crate::core::encrypted_keys::{Manner, Protector};
use crate::core::failure::quoted;
use crate::core::json::{self, RawObject};
use crate::core::jwk::{Parameters, PrivateJwk};
use crate::core::jwks::{self, Form};
use crate::core::new_key::{KidRule, make, shape};
use crate::core::time::NumericDate;
use crate::error::{CommandError, Exit};

/// Makes keys and prints or writes them.
///
/// # Errors
/// The request cannot be met, or a file cannot be written.
pub fn run(arguments: &GenerateArgs, context: &mut Context<'_>) -> Result<Exit, CommandError> {
    let now = context.time(arguments.at.as_deref())?;
    let algorithms = algorithms(arguments, context)?;
    check(arguments, context, &algorithms)?;
    // Before the work, so that nobody waits for a key that cannot be written.
    let private_target = target(context, arguments.output.as_deref(), arguments.force)?;
    let public_target = target(context, arguments.public.as_deref(), arguments.force)?;
    let protector = protector(arguments, context)?;
    let keys = make_keys(arguments, &algorithms, now)?;
    let private: Vec<RawObject> = keys.iter().map(|key| key.jwk().members().clone()).collect();
    let as_set = arguments.set || keys.len() > 1;
    let mut text = document(&private, as_set);
    if let Some(protector) = protector {
        let form = if as_set { Form::Jwks } else { Form::Jwk };
        text = private_keys::protected(&protector, &text, form)?;
    }
    match private_target {
        None => context.deliver(text.as_bytes())?,
        Some((path, existing)) => {
            context
                .files
                .write(path, text.as_bytes(), Audience::Owner, existing)?;
            tell(
                context,
                &format!(
                    "wrote {} to {}, for you alone to read",
                    names(&keys),
                    quoted_path(path)
                ),
            );
        }
    }
    if let Some((path, existing)) = public_target {
        let public: Vec<RawObject> = keys
            .iter()
            .filter_map(|key| key.jwk().to_public())
            .map(|key| key.published_members())
            .collect();
        let text = document(&public, true);
        context
            .files
            .write(path, text.as_bytes(), Audience::Everyone, existing)?;
        tell(
            context,
            &format!("wrote the public half to {}", quoted_path(path)),
        );
    }
    Ok(Exit::Success)
}

/// What protects the keys, where that is asked for.
fn protector(
    arguments: &GenerateArgs,
    context: &Context<'_>,
) -> Result<Option<Protector>, CommandError> {
    let is_given = arguments.passphrase.passphrase_file.is_some()
        || arguments.passphrase.passphrase_fd.is_some();
    match (arguments.encrypt, is_given) {
        (true, _) => {
            let passphrase = private_keys::new_passphrase(context, &arguments.passphrase)?;
            private_keys::protector(&passphrase, Manner::default()).map(Some)
        }
        (false, true) => Err(CommandError::usage(
            "a passphrase is given, and --encrypt, which would use it, is not",
        )),
        (false, false) => Ok(None),
    }
}

fn algorithms(
    arguments: &GenerateArgs,
    context: &Context<'_>,
) -> Result<Vec<&'static Algorithm>, CommandError> {
    if !arguments.algorithms.is_empty() {
        return Ok(arguments.algorithms.clone());
    }
    let Some(person) = context.person else {
        return Err(CommandError::usage("no algorithm is named")
            .hint("name one with --alg; ES256 is the usual choice"));
    };
    let offered: Vec<&'static Algorithm> = alg::signing()
        .filter(|row| row.standing == Standing::Current)
        .collect();
    let items: Vec<String> = offered
        .iter()
        .map(|row| format!("{:<10} {}", row.name, row.advice))
        .collect();
    let chosen = person.choose("Algorithm of the new key", &items)?;
    Ok(offered.get(chosen).copied().into_iter().collect())
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
        return Err(CommandError::usage(
            "--output and --public name the same file: the private half must stay out of the public one",
        ));
    }
    if arguments.key_use.is_empty() || arguments.key_use == "enc" {
        return Err(CommandError::usage(
            "--use must not be empty or \"enc\": the algorithms here sign",
        ));
    }
    let mut seen = std::collections::HashSet::new();
    if !arguments
        .key_ops
        .iter()
        .all(|operation| seen.insert(operation))
    {
        return Err(CommandError::usage(
            "--key-ops names an operation twice (RFC 7517 section 4.3)",
        ));
    }
    let symmetric = algorithms.iter().find(|row| row.key_type == KeyType::Oct);
    if let Some(row) = symmetric {
        let problem = if arguments.public.is_some() {
            "has no public half to be written with --public"
        } else if arguments.kid_from == KidSource::Spki {
            "has no SubjectPublicKeyInfo to be named by"
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

/// The file to be written, and whether what is there may be replaced.
fn target<'p>(
    context: &Context<'_>,
    path: Option<&'p Path>,
    force: bool,
) -> Result<Option<(&'p Path, Existing<'static>)>, CommandError> {
    let Some(path) = path else { return Ok(None) };
    if force {
        return Ok(Some((path, Existing::Replace)));
    }
    if !context.files.exists(path) {
        return Ok(Some((path, Existing::Refuse)));
    }
    match context.person {
        Some(person)
            if person.agree(&format!(
                "{} exists already. Replace it?",
                quoted_path(path)
            ))? =>
        {
            Ok(Some((path, Existing::Replace)))
        }
        _ => Err(CommandError::file_exists(&quoted_path(path))),
    }
}

fn make_keys(
    arguments: &GenerateArgs,
    algorithms: &[&'static Algorithm],
    now: NumericDate,
) -> Result<Vec<PrivateJwk>, CommandError> {
    let mut keys = Vec::new();
    for algorithm in algorithms {
        let shape =
            shape(algorithm, arguments.size, arguments.curve).map_err(CommandError::usage)?;
        for _ in 0..arguments.count {
            let by_operations = !arguments.key_ops.is_empty();
            let parameters = Parameters {
                alg: Some(algorithm.name.to_owned()),
                key_use: (!by_operations).then(|| arguments.key_use.clone()),
                key_ops: by_operations.then(|| arguments.key_ops.clone()),
                iat: Some(NumericDate::from_seconds(now.seconds())),
                ..Parameters::default()
            };
            let rule = kid_rule(arguments, now, keys.len());
            let key = make(shape, parameters, &rule).map_err(|failure| {
                CommandError::from_failure(Exit::File, "cannot make the key", &failure)
            })?;
            keys.push(key);
        }
    }
    Ok(keys)
}

fn kid_rule(arguments: &GenerateArgs, now: NumericDate, made_before: usize) -> KidRule {
    if let Some(kid) = &arguments.kid {
        return KidRule::Given(kid.clone());
    }
    match arguments.kid_from {
        KidSource::Thumbprint => KidRule::Thumbprint,
        KidSource::Spki => KidRule::SubjectPublicKeyInfo,
        KidSource::Uuid => KidRule::Given(uuid::Uuid::new_v4().to_string()),
        // Keys of one call would share a second, so all but the first are numbered.
        KidSource::Date if made_before == 0 => KidRule::Given(now.to_string()),
        KidSource::Date => KidRule::Given(format!("{now}-{}", made_before + 1)),
        KidSource::None => KidRule::Absent,
    }
}

fn document(keys: &[RawObject], as_set: bool) -> zeroize::Zeroizing<String> {
    let text = match keys {
        [key] if !as_set => key.to_json(),
        keys => jwks::document(keys),
    };
    json::document(&text)
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
