//! `jwks generate` without --alg, with a person at the terminal: what was left out is asked for.
//!
//! Every question has an option that answers it, and is not asked where that is given.

use std::path::{Path, PathBuf};

use super::{purpose, same_file};
use crate::cli::{GenerateArgs, KidSource, NewKeyForm};
use crate::commands::passphrase::PassphraseSource;
use crate::commands::{overwriting, tell};
use crate::context::{Choice, Context, Existing, Person};
use crate::core::alg::{self, Algorithm, KeyType, Standing};
use crate::core::new_key::shape;
use crate::error::{CommandError, Exit};

/// What stands for no file.
const NO_FILE: &str = "-";

/// What was asked for, with the answers in the places of what was left out.
pub(super) struct Answered {
    /// As if it had been typed so.
    pub(super) arguments: GenerateArgs,
    /// The options that say the same as the answers.
    pub(super) options: Vec<String>,
    /// The existing files that may be replaced.
    pub(super) replaced: Vec<PathBuf>,
}

/// Asks for what the arguments leave out.
///
/// # Errors
/// `interrupted`; no algorithm fits what the arguments say.
pub(super) fn hold(
    arguments: &GenerateArgs,
    context: &mut Context<'_>,
    person: &dyn Person,
) -> Result<Answered, CommandError> {
    let algorithm = algorithm(arguments, person)?;
    let mut answered = Answered {
        arguments: GenerateArgs {
            algorithms: vec![algorithm],
            ..arguments.clone()
        },
        options: vec!["--alg".to_owned(), algorithm.name.to_owned()],
        replaced: Vec::new(),
    };
    if arguments.into.is_none() {
        answered.ask_for_places(context, person, algorithm)?;
    }
    if answered.arguments.encrypt && !PassphraseSource::from(&arguments.passphrase).is_given() {
        let option = ["--passphrase-file", "FILE"].map(str::to_owned);
        answered.options.extend(option);
    }
    if !answered.replaced.is_empty() {
        answered.options.push("--force".to_owned());
    }
    Ok(answered)
}

fn algorithm(
    arguments: &GenerateArgs,
    person: &dyn Person,
) -> Result<&'static Algorithm, CommandError> {
    let possible: Vec<&'static Algorithm> = alg::distinct()
        .filter(|row| is_possible(arguments, row))
        .collect();
    let (signing, encrypting): (Vec<_>, Vec<_>) = possible.into_iter().partition(|row| row.signs());
    let offered = match (signing.is_empty(), encrypting.is_empty()) {
        (true, true) => {
            return Err(CommandError::usage("no algorithm fits what is asked for")
                .hint("name one with --alg"));
        }
        (false, true) => signing,
        (true, false) => encrypting,
        (false, false) => {
            let uses = [
                ("sign", "tokens and other messages, for all to check"),
                ("encrypt", "what nobody but the holder of the key may read"),
            ]
            .map(|(name, advice)| Choice { name, advice });
            match person.choose("What the new key is for", &uses)? {
                0 => signing,
                _ => encrypting,
            }
        }
    };
    let choices: Vec<Choice<'_>> = offered
        .iter()
        .map(|row| Choice {
            name: row.name,
            advice: row.advice,
        })
        .collect();
    let chosen = person.choose("Algorithm of the new key", &choices)?;
    offered
        .get(chosen)
        .copied()
        .ok_or_else(|| CommandError::usage("no algorithm is named"))
}

/// True when a key of the algorithm can be had as the arguments say.
fn is_possible(arguments: &GenerateArgs, algorithm: &'static Algorithm) -> bool {
    let is_symmetric = algorithm.key_type == KeyType::Oct;
    let needs_pair = arguments.public.is_some()
        || arguments.to != NewKeyForm::Jwk
        || arguments.kid_from == Some(KidSource::Spki);
    algorithm.standing == Standing::Current
        && purpose::is_possible(arguments, algorithm)
        && !(is_symmetric && needs_pair)
        && shape(algorithm, arguments.size, arguments.curve).is_ok()
}

impl Answered {
    /// Asks where the keys go, and what protects them there.
    fn ask_for_places(
        &mut self,
        context: &mut Context<'_>,
        person: &dyn Person,
        algorithm: &Algorithm,
    ) -> Result<(), CommandError> {
        // A pipe or a file takes what is printed.
        if self.arguments.output.is_none() && context.stdout.is_terminal {
            let (question, offered) = private_place(&self.arguments);
            let output = self.place(context, person, question, offered)?;
            self.say_file("-o", output.as_deref());
            self.arguments.output = output;
        }
        if self.arguments.output.is_none() {
            return Ok(());
        }
        let source = PassphraseSource::from(&self.arguments.passphrase);
        if !self.arguments.encrypt
            && !source.is_given()
            && person.agree("Protect it with a passphrase?")?
        {
            self.arguments.encrypt = true;
            self.options.push("--encrypt".to_owned());
        }
        if self.arguments.public.is_none() && algorithm.key_type != KeyType::Oct {
            let (question, offered) = public_place(&self.arguments);
            let public = self.place(context, person, question, offered)?;
            self.say_file("-p", public.as_deref());
            self.arguments.public = public;
        }
        Ok(())
    }

    /// A file that can be written; none when none is wanted.
    fn place(
        &mut self,
        context: &mut Context<'_>,
        person: &dyn Person,
        question: &str,
        offered: &str,
    ) -> Result<Option<PathBuf>, CommandError> {
        loop {
            let typed = person.ask(question, Some(offered))?;
            let is_binary = self.arguments.output.is_none() && self.arguments.to == NewKeyForm::Der;
            if typed == NO_FILE && is_binary {
                tell(
                    context,
                    "DER is binary, and no terminal shows it: name a file",
                );
                continue;
            }
            if typed == NO_FILE {
                return Ok(None);
            }
            let path = PathBuf::from(typed);
            match self.existing(context, &path) {
                Ok(existing) => {
                    self.replaced
                        .extend((existing == Existing::Replace).then(|| path.clone()));
                    return Ok(Some(path));
                }
                Err(error) if error.exit == Exit::Interrupted => return Err(error),
                // Whoever would not replace it knows.
                Err(error) if error.code == "file-exists" => {}
                Err(error) => tell(context, &error.to_string()),
            }
        }
    }

    fn existing(
        &self,
        context: &Context<'_>,
        path: &Path,
    ) -> Result<Existing<'static>, CommandError> {
        context.files.require_writable(path)?;
        if let Some(private) = &self.arguments.output
            && context.files.same_target(private, path)
        {
            return Err(same_file());
        }
        match overwriting::existing(context, path, self.arguments.force)? {
            Existing::Replace if !self.arguments.force => Ok(Existing::Replace),
            _ => Ok(Existing::Refuse),
        }
    }

    fn say_file(&mut self, option: &str, path: Option<&Path>) {
        if let Some(path) = path {
            let path = path.to_string_lossy();
            // Which would be taken for another option.
            let here = if path.starts_with('-') { "./" } else { "" };
            self.options
                .extend([option.to_owned(), format!("{here}{path}")]);
        }
    }
}

fn private_place(arguments: &GenerateArgs) -> (&'static str, &'static str) {
    match arguments.to {
        NewKeyForm::Jwk if arguments.encrypt => (PRINTABLE, "key.jwe"),
        NewKeyForm::Jwk => (PRINTABLE, "key.json"),
        NewKeyForm::Pem => (PRINTABLE, "key.pem"),
        NewKeyForm::Der => ("File to write the private key to", "key.der"),
    }
}

const PRINTABLE: &str = "File to write the private key to, or - to print it here";

fn public_place(arguments: &GenerateArgs) -> (&'static str, &'static str) {
    const QUESTION: &str = "File to write the public key to, or - for none";
    match arguments.to {
        NewKeyForm::Jwk => (
            "File to write the public key set to, or - for none",
            "jwks.json",
        ),
        NewKeyForm::Pem => (QUESTION, "public.pem"),
        NewKeyForm::Der => (QUESTION, "public.der"),
    }
}
