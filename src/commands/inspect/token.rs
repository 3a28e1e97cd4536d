//! The parts of a token, to be shown.

use crate::core::base64url;
use crate::core::failure::Failure;
use crate::core::json::read;
use crate::core::jws::{CompactJws, TOKEN_LIMIT, explained};
use crate::core::time::NumericDate;
use crate::core::token_review::review;
use crate::error::{CommandError, Exit};
use crate::output::inspection::{Body, TokenView};

/// The decoded parts of a token, from which its view borrows.
pub(super) struct TokenParts {
    /// The token as messages name it.
    name: String,
    length: usize,
    header: Vec<u8>,
    body: Option<SignedParts>,
}

struct SignedParts {
    payload: Vec<u8>,
    signature_length: usize,
}

impl TokenParts {
    /// The parts of a signed token, which messages call `name`.
    ///
    /// # Errors
    /// What is wrong with its form.
    pub(super) fn signed(name: &str, token: &[u8]) -> Result<Self, CommandError> {
        let malformed = |failure: Failure| malformed(name, &explained(token, failure));
        let jws = CompactJws::split(token, TOKEN_LIMIT).map_err(malformed)?;
        jws.require_token_characters().map_err(malformed)?;
        let (mut payload, mut signature) = (Vec::new(), Vec::new());
        jws.payload_octets(true, &mut payload).map_err(malformed)?;
        jws.signature_octets(&mut signature).map_err(malformed)?;
        Ok(Self {
            name: name.to_owned(),
            length: token.len(),
            header: jws.header_octets().map_err(malformed)?,
            body: Some(SignedParts {
                payload,
                signature_length: signature.len(),
            }),
        })
    }

    /// The header of an encrypted token, which messages call `name`; the rest is for whoever has the key.
    ///
    /// # Errors
    /// The header is not base64url.
    pub(super) fn encrypted(name: &str, token: &[u8]) -> Result<Self, CommandError> {
        let token = token.trim_ascii();
        let segment = token.split(|byte| *byte == b'.').next().unwrap_or_default();
        let header = std::str::from_utf8(segment)
            .ok()
            .and_then(|segment| base64url::decode(segment).ok())
            .ok_or_else(|| {
                let message = format!("the header of {name} is not base64url");
                CommandError::new("header-malformed", Exit::File, message)
            })?;
        Ok(Self {
            name: name.to_owned(),
            length: token.len(),
            header: header.to_vec(),
            body: None,
        })
    }

    /// The view of the token.
    ///
    /// # Errors
    /// The header is not JSON.
    pub(super) fn view(&self, now: NumericDate) -> Result<TokenView<'_>, CommandError> {
        let header = read(&self.header).map_err(|error| {
            let message = format!("the header of {} is not JSON", self.name);
            CommandError::new("header-malformed", Exit::File, message).cause(error)
        })?;
        let body = match &self.body {
            None => Body::Encrypted,
            Some(parts) => Body::Signed {
                claims: read(&parts.payload)
                    .ok()
                    .filter(|node| node.as_object().is_some()),
                payload_length: parts.payload.len(),
                signature_length: parts.signature_length,
                review: review(&self.header, &parts.payload, self.length, now),
            },
        };
        Ok(TokenView {
            length: self.length,
            header,
            body,
        })
    }
}

fn malformed(name: &str, failure: &Failure) -> CommandError {
    CommandError::from_failure(Exit::File, name, failure)
}
