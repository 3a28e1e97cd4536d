//! Passphrases: given in a file or on a descriptor, or typed by the person at the terminal.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::source;
use super::tell;
use crate::cli::{NewPassphraseArgs, PassphraseArgs};
use crate::context::{Context, Person};
use crate::core::detect::quoted_path;
use crate::core::passphrase::remark;
use crate::error::CommandError;

/// Longest passphrase, in bytes.
const PASSPHRASE_LIMIT: usize = 4096;
/// How often a new passphrase is asked for until the same one comes twice.
const TRIES: usize = 3;

/// Where a passphrase is said to be.
#[derive(Clone, Copy)]
pub(super) struct PassphraseSource<'a> {
    file: Option<&'a OsStr>,
    descriptor: Option<u16>,
}

impl<'a> From<&'a PassphraseArgs> for PassphraseSource<'a> {
    fn from(arguments: &'a PassphraseArgs) -> Self {
        Self {
            file: arguments.passphrase_file.as_deref(),
            descriptor: arguments.passphrase_fd,
        }
    }
}

impl<'a> From<&'a NewPassphraseArgs> for PassphraseSource<'a> {
    fn from(arguments: &'a NewPassphraseArgs) -> Self {
        Self {
            file: arguments.new_passphrase_file.as_deref(),
            descriptor: arguments.new_passphrase_fd,
        }
    }
}

impl PassphraseSource<'_> {
    /// True when it is said at all.
    pub(super) fn is_given(self) -> bool {
        self.file.is_some() || self.descriptor.is_some()
    }

    /// True when it is standard input, from which the keys cannot come then.
    pub(super) fn is_standard_input(self) -> bool {
        self.file.is_some_and(source::is_standard_input)
    }
}

/// The passphrase of protected keys that messages call `name`.
///
/// # Errors
/// None is given and nobody can be asked; it cannot be read; it is empty; `interrupted`.
pub(super) fn passphrase(
    context: &Context<'_>,
    source: PassphraseSource<'_>,
    name: &str,
) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    match given(context, source)? {
        Some(passphrase) => Ok(passphrase),
        None => require_passphrase(person(context)?.passphrase(&format!("Passphrase of {name}"))?),
    }
}

/// The passphrase for keys that are to be protected. A person is asked for it twice: what is mistyped
/// would open nothing ever again.
///
/// # Errors
/// As [`passphrase`]; the person does not type the same twice.
pub(super) fn new_passphrase(
    context: &mut Context<'_>,
    source: PassphraseSource<'_>,
    output: Option<&Path>,
) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    if let Some(passphrase) = given(context, source)? {
        return Ok(passphrase);
    }
    let person = person(context)?;
    let question = match output {
        Some(path) => format!("New passphrase of {}", quoted_path(path)),
        None => "New passphrase of what is printed".to_owned(),
    };
    for _ in 0..TRIES {
        let first = person.passphrase(&question)?;
        if first.is_empty() {
            tell(context, "an empty passphrase protects nothing");
            continue;
        }
        if let Some(remark) = remark(&first) {
            tell(context, &remark);
        }
        if first == person.passphrase("The same passphrase again")? {
            return Ok(first);
        }
        tell(context, "the two passphrases are not the same");
    }
    let message = format!("no passphrase was typed twice the same in {TRIES} tries");
    Err(CommandError::usage(message)
        .hint("--passphrase-file and --passphrase-fd give it without typing"))
}

/// The passphrase that is there without asking.
fn given(
    context: &Context<'_>,
    source: PassphraseSource<'_>,
) -> Result<Option<Zeroizing<Vec<u8>>>, CommandError> {
    let input = match (source.file, source.descriptor) {
        (Some(file), _) if source::is_standard_input(file) => {
            context.files.read_standard_input(PASSPHRASE_LIMIT)?
        }
        (Some(file), _) => context.files.read(Path::new(file), PASSPHRASE_LIMIT)?,
        (None, Some(descriptor)) => {
            let path = PathBuf::from(format!("/dev/fd/{descriptor}"));
            let read = context.files.read(&path, PASSPHRASE_LIMIT);
            read.map_err(|error| match error.code {
                "file-not-found" => {
                    let message = format!("the file descriptor {descriptor} is not open");
                    CommandError::new(error.code, error.exit, message).hint(format!(
                        "open it for the command, as by {descriptor}< FILE in a shell"
                    ))
                }
                _ => error,
            })?
        }
        (None, None) => return Ok(None),
    };
    let mut passphrase = input.whole("the passphrase")?;
    // A line break at the end is how files end, and no part of it.
    if passphrase.ends_with(b"\n") {
        passphrase.pop();
        if passphrase.ends_with(b"\r") {
            passphrase.pop();
        }
    }
    require_passphrase(passphrase).map(Some)
}

fn person<'w>(context: &Context<'w>) -> Result<&'w dyn Person, CommandError> {
    context.person.ok_or_else(|| {
        CommandError::usage("a passphrase is needed, and nobody can be asked")
            .hint("give it with --passphrase-file or --passphrase-fd")
    })
}

fn require_passphrase(passphrase: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    if passphrase.is_empty() {
        return Err(CommandError::usage("the passphrase is empty"));
    }
    Ok(passphrase)
}
