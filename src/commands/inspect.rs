//! `jwks inspect`.

use std::ffi::OsStr;

use zeroize::Zeroizing;

use super::source::{self, Document, Location};
use crate::cli::{FailOn, InspectArgs, ReportFormat};
use crate::context::Context;
use crate::core::detect::{Content, detect, looks_like_token, quoted_source};
use crate::core::diagnosis::{Severity, findings};
use crate::core::failure::Failure;
use crate::core::json::{Positions, read};
use crate::core::jwks::JwkSet;
use crate::core::jws::{CompactJws, TOKEN_LIMIT};
use crate::core::lifecycle::states;
use crate::core::time::NumericDate;
use crate::error::{CommandError, Exit};
use crate::output::inspection::{KeysView, TokenView, report};
use crate::output::paint::Paint;

/// Shows what each source is and what is wrong with it.
///
/// # Errors
/// A source cannot be read, or holds neither keys nor a token.
pub fn run(arguments: &InspectArgs, context: &mut Context<'_>) -> Result<Exit, CommandError> {
    let now = context.time(arguments.at.as_deref())?;
    let uses: Vec<bool> = arguments
        .sources
        .iter()
        .map(|source| source::is_standard_input(source))
        .collect();
    source::require_one_reader(&uses)?;
    let mut documents = Vec::new();
    for argument in &arguments.sources {
        documents.push(document(arguments, context, argument)?);
    }
    let inspected = documents
        .iter()
        .map(inspect)
        .collect::<Result<Vec<_>, CommandError>>()?;
    let mut keys = Vec::new();
    let mut tokens = Vec::new();
    let paint = Paint::new(context.stdout.color);
    let mut text = String::new();
    for (document, inspected) in documents.iter().zip(&inspected) {
        if !text.is_empty() {
            text.push('\n');
        }
        match inspected {
            Inspected::Keys(set) => {
                let view = keys_view(arguments, document, set, now);
                text.push_str(&view.text(now, context.stdout.width, paint));
                keys.push(view);
            }
            Inspected::Token(parts) => {
                let view = parts.view(document)?;
                text.push_str(&view.text(now, paint));
                tokens.push(view);
            }
        }
    }
    let failed = keys
        .iter()
        .flat_map(|view| &view.findings)
        .any(|finding| reaches(finding.severity, arguments.fail_on));
    let output = match arguments.format {
        ReportFormat::Text => text,
        ReportFormat::Json => report(&keys, &tokens),
    };
    context.report(output.as_bytes())?;
    Ok(if failed { Exit::No } else { Exit::Success })
}

fn reaches(severity: Severity, threshold: FailOn) -> bool {
    match threshold {
        FailOn::Never => false,
        FailOn::Info => true,
        FailOn::Warning => severity >= Severity::Warning,
        FailOn::Error => severity >= Severity::Error,
    }
}

fn document(
    arguments: &InspectArgs,
    context: &mut Context<'_>,
    argument: &OsStr,
) -> Result<Document, CommandError> {
    if let Some(text) = argument
        .to_str()
        .filter(|text| looks_like_token(text.as_bytes()))
    {
        return Ok(Document {
            name: "token".to_owned(),
            bytes: Zeroizing::new(text.as_bytes().to_vec()),
            published: false,
        });
    }
    source::read(context, &Location::of(argument), &arguments.network)
}

enum Inspected {
    Keys(JwkSet),
    Token(TokenParts),
}

fn inspect(document: &Document) -> Result<Inspected, CommandError> {
    match detect(&document.bytes) {
        Content::Token(token) => TokenParts::read(document, token).map(Inspected::Token),
        _ => source::keys(document).map(Inspected::Keys),
    }
}

fn keys_view<'s>(
    arguments: &InspectArgs,
    document: &'s Document,
    set: &'s JwkSet,
    now: NumericDate,
) -> KeysView<'s> {
    let dated = set.entries().iter().any(|entry| {
        entry.is_revoked()
            || entry.jwk().is_some_and(|jwk| {
                let parameters = jwk.parameters();
                parameters.iat.is_some() || parameters.nbf.is_some() || parameters.exp.is_some()
            })
    });
    KeysView {
        name: &document.name,
        positions: Positions::new(&document.bytes),
        set,
        states: dated.then(|| states(set, now)),
        findings: findings(set, document.published || arguments.published),
    }
}

/// The decoded parts of a token, from which its view borrows.
struct TokenParts {
    length: usize,
    header: Vec<u8>,
    payload: Vec<u8>,
    signature_length: usize,
}

impl TokenParts {
    fn read(document: &Document, token: &[u8]) -> Result<Self, CommandError> {
        let malformed = |failure: Failure| {
            let context = format!("the token in {}", quoted_source(&document.name));
            CommandError::from_failure(Exit::File, context, &failure)
        };
        let jws = CompactJws::split(token, TOKEN_LIMIT).map_err(malformed)?;
        jws.require_token_characters().map_err(malformed)?;
        let (mut payload, mut signature) = (Vec::new(), Vec::new());
        jws.payload_octets(true, &mut payload).map_err(malformed)?;
        jws.signature_octets(&mut signature).map_err(malformed)?;
        Ok(Self {
            length: token.len(),
            header: jws.header_octets().map_err(malformed)?,
            payload,
            signature_length: signature.len(),
        })
    }

    fn view<'s>(&'s self, document: &'s Document) -> Result<TokenView<'s>, CommandError> {
        let header = read(&self.header).map_err(|error| {
            let message = format!(
                "the header of the token in {} is not JSON",
                quoted_source(&document.name)
            );
            CommandError::new("header-malformed", Exit::File, message).cause(error)
        })?;
        let claims = read(&self.payload)
            .ok()
            .filter(|node| node.as_object().is_some());
        Ok(TokenView {
            name: &document.name,
            length: self.length,
            header,
            claims,
            payload_length: self.payload.len(),
            signature_length: self.signature_length,
        })
    }
}
