//! The private file: as it was read, and how it is written.

use std::path::Path;

use zeroize::Zeroizing;

use super::source::Location;
use super::{private_keys, tell};
use crate::cli::PassphraseArgs;
use crate::context::{Audience, Context, Existing};
use crate::core::detect::quoted_path;
use crate::core::encrypted_keys::{Manner, Protector};
use crate::core::json::{self, RawObject, array};
use crate::core::jwks::{self, Form, JwkSet, SET_LIMIT};
use crate::core::time::NumericDate;
use crate::error::{CommandError, Exit};

/// What protects the file.
enum Protection {
    None,
    /// This passphrase opened it, and it is protected so.
    Passphrase(Zeroizing<Vec<u8>>, Manner),
    /// It is written under this.
    Ready(Protector),
}

/// The file with the private keys.
pub(super) struct PrivateFile<'p> {
    path: &'p Path,
    /// What was in it when it was read or written last.
    bytes: Zeroizing<Vec<u8>>,
    protection: Protection,
    /// The time for the name of a backup that is still to be made.
    backup: Option<NumericDate>,
}

impl<'p> PrivateFile<'p> {
    /// Reads the file, and the set in it.
    pub(super) fn read(
        context: &Context<'_>,
        path: &'p Path,
        passphrase: &PassphraseArgs,
    ) -> Result<(Self, JwkSet), CommandError> {
        let location = Location::File(path.to_path_buf());
        let keys = private_keys::read(context, &location, passphrase)?;
        if keys.is_foreign {
            let name = quoted_path(path);
            let message =
                format!("{name} holds no JWK Set, and other forms have no place for dates");
            return Err(CommandError::new("not-a-jwks", Exit::File, message)
                .hint("`jwks convert FILE -o keys.json` makes one, which rotate keeps"));
        }
        if keys.are_thought_protected(passphrase.into()) {
            return Err(not_protected(path));
        }
        let file = Self {
            path,
            bytes: keys.document.bytes,
            protection: match keys.passphrase {
                Some(passphrase) => Protection::Passphrase(passphrase, keys.manner),
                None => Protection::None,
            },
            backup: None,
        };
        Ok((file, keys.set))
    }

    /// Reads the file again, of which `seen` is what was in it; unless someone has changed it since, that is it,
    /// and no passphrase is asked for again.
    pub(super) fn read_again(
        seen: (Self, JwkSet),
        context: &Context<'_>,
        passphrase: &PassphraseArgs,
    ) -> Result<(Self, JwkSet), CommandError> {
        let path = seen.0.path;
        let input = context.files.read(path, SET_LIMIT)?;
        let bytes = Zeroizing::new(input.whole(&quoted_path(path))?.to_vec());
        if *bytes == *seen.0.bytes {
            return Ok(seen);
        }
        Self::read(context, path, passphrase)
    }

    /// Lets a backup be made before the first change, named by the time `now`.
    pub(super) fn back_up_at(&mut self, now: NumericDate) {
        self.backup = Some(now);
    }

    /// The contents of the file with these keys in the place of those of `set`. They are read again, so
    /// that no set is left behind that the next call could not read.
    pub(super) fn with_keys(
        &self,
        set: &JwkSet,
        keys: &[RawObject],
    ) -> Result<(Zeroizing<String>, JwkSet), CommandError> {
        let name = quoted_path(self.path);
        let text = document(&with_keys(set, keys), &name)?;
        let after = JwkSet::read(text.as_bytes()).map_err(|fault| {
            let context = format!("{name} could not be read again after the rotation");
            CommandError::from_failure(Exit::File, context, &fault.failure)
        })?;
        Ok((text, after))
    }

    /// Writes the file, unless someone else has changed it since it was read.
    pub(super) fn write(
        &mut self,
        context: &mut Context<'_>,
        text: &str,
    ) -> Result<(), CommandError> {
        let contents = self.contents(text)?;
        self.keep_backup(context)?;
        context.files.write(
            self.path,
            &contents,
            Audience::Keepers,
            Existing::Unchanged(&self.bytes),
        )?;
        self.bytes = contents;
        Ok(())
    }

    /// The text as it stands in the file.
    fn contents(&mut self, text: &str) -> Result<Zeroizing<Vec<u8>>, CommandError> {
        if let Protection::Passphrase(passphrase, manner) = &self.protection {
            // Worked on once, and only where something is written at all.
            let protector = private_keys::protector(passphrase, manner.clone())?;
            self.protection = Protection::Ready(protector);
        }
        let Protection::Ready(protector) = &self.protection else {
            return Ok(Zeroizing::new(text.as_bytes().to_vec()));
        };
        let contents = private_keys::protected(protector, text, Form::Jwks)?;
        if contents.len() > SET_LIMIT {
            return Err(too_large(&quoted_path(self.path)));
        }
        Ok(Zeroizing::new(contents.as_bytes().to_vec()))
    }

    fn keep_backup(&mut self, context: &mut Context<'_>) -> Result<(), CommandError> {
        let Some(now) = self.backup.take() else {
            return Ok(());
        };
        let time = now.to_string().replace(['-', ':'], "");
        let mut name = self.path.as_os_str().to_owned();
        name.push(format!(".{time}.bak"));
        let path = Path::new(&name);
        context
            .files
            .write(path, &self.bytes, Audience::Owner, Existing::Refuse)
            .map_err(|error| error.hint("the backup comes first: nothing was changed"))?;
        let line = format!(
            "kept the file as it was in {}, which holds private keys",
            quoted_path(path)
        );
        tell(context, &line);
        Ok(())
    }
}

/// The contents of a file: laid out where that is short enough to be read again, else on one line.
pub(super) fn document(json: &str, name: &str) -> Result<Zeroizing<String>, CommandError> {
    let laid_out = json::document(json);
    if laid_out.len() <= SET_LIMIT {
        return Ok(laid_out);
    }
    let line = json::line(json);
    if line.len() <= SET_LIMIT {
        return Ok(line);
    }
    Err(too_large(name))
}

/// Whoever gives a passphrase must not find private keys written for everyone who has the file.
fn not_protected(path: &Path) -> CommandError {
    let name = quoted_path(path);
    let message = format!("{name} is not protected, and a passphrase is given for it");
    CommandError::new("not-protected", Exit::File, message)
        .hint("leave the passphrase out to go on with keys that stand in the file unprotected")
}

fn too_large(name: &str) -> CommandError {
    let message = format!("{name} would become longer than {SET_LIMIT} bytes");
    CommandError::new("input-too-large", Exit::File, message)
}

/// The document of `set` with other keys.
fn with_keys(set: &JwkSet, keys: &[RawObject]) -> Zeroizing<String> {
    match set.form() {
        Form::Array => array(keys),
        // One key has become several, which only a set can hold.
        Form::Jwk => jwks::document(keys),
        Form::Jwks => {
            let mut members = set.members().clone();
            members.set_raw("keys", array(keys).as_str());
            members.to_json()
        }
    }
}
