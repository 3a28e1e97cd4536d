//! The private file: as it was read, and how it is written.

use std::path::Path;

use zeroize::Zeroizing;

use crate::commands::source::{self, Location};
use crate::commands::tell;
use crate::context::{Audience, Context, Existing};
use crate::core::detect::quoted_path;
use crate::core::json::{self, RawObject, array};
use crate::core::jwks::{self, Form, JwkSet, SET_LIMIT};
use crate::core::time::NumericDate;
use crate::error::{CommandError, Exit};

/// The file with the private keys.
pub(super) struct PrivateFile<'p> {
    path: &'p Path,
    /// What was in it when it was read or written last.
    bytes: Zeroizing<Vec<u8>>,
    /// The time for the name of a backup that is still to be made.
    backup: Option<NumericDate>,
}

impl<'p> PrivateFile<'p> {
    /// Reads the file, and the set in it. A backup is made before the first change when there is a time
    /// to name it by.
    pub(super) fn read(
        context: &Context<'_>,
        path: &'p Path,
        backup: Option<NumericDate>,
    ) -> Result<(Self, JwkSet), CommandError> {
        let location = Location::File(path.to_path_buf());
        let document = source::read_local(context, &location, SET_LIMIT)?;
        let set = source::keys(&document)?;
        let file = Self {
            path,
            bytes: document.bytes,
            backup,
        };
        Ok((file, set))
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
        self.keep_backup(context)?;
        context.files.write(
            self.path,
            text.as_bytes(),
            Audience::Keepers,
            Existing::Unchanged(&self.bytes),
        )?;
        self.bytes = Zeroizing::new(text.as_bytes().to_vec());
        Ok(())
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
    let message = format!("{name} would become longer than {SET_LIMIT} bytes");
    Err(CommandError::new("input-too-large", Exit::File, message))
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
