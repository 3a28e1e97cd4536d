//! From the arguments of `inspect` to documents.

use std::ffi::OsStr;

use url::Url;
use zeroize::Zeroizing;

use super::directory;
use crate::cli::InspectArgs;
use crate::commands::network::{Fetching, Source as Fetched};
use crate::commands::source::{self, Document, Location};
use crate::commands::{tell, warn};
use crate::context::{Context, FetchResponse};
use crate::core::detect::{looks_like_token, quoted_source};
use crate::core::import::{Fault, Foreign, Style};
use crate::core::json;
use crate::core::lint::Served;
use crate::error::CommandError;
use crate::output::inspection::Origin;

/// Keys of another form as `convert --x5c` writes them.
const AS_CONVERTED: Style = Style {
    is_named: true,
    has_certificates: true,
};

/// Why a protected file cannot be looked into.
const LOCKED: Fault = Fault::Locked;

/// What is to be inspected: a document, where it came from, and how a server sent it if one did.
pub(super) struct Source {
    pub(super) document: Document,
    pub(super) origin: Origin,
    pub(super) served: Option<Served>,
}

/// The sources that can be read, and why the others cannot.
#[derive(Default)]
pub(super) struct Sources {
    pub(super) readable: Vec<Source>,
    pub(super) errors: Vec<CommandError>,
}

impl Sources {
    /// Reads what the arguments name.
    pub(super) fn read(arguments: &InspectArgs, context: &mut Context<'_>) -> Self {
        let mut sources = Self::default();
        for argument in &arguments.sources {
            if let Err(error) = sources.add(arguments, context, argument) {
                let name = Location::of(argument).name();
                sources.errors.push(error.input(name));
            }
        }
        sources
    }

    fn add(
        &mut self,
        arguments: &InspectArgs,
        context: &mut Context<'_>,
        argument: &OsStr,
    ) -> Result<(), CommandError> {
        let token = argument
            .to_str()
            .filter(|text| looks_like_token(text.as_bytes()));
        let limit = arguments.network.set_limit;
        let source = match (token, Location::of(argument)) {
            (Some(token), _) => {
                let document = Document {
                    name: "token".to_owned(),
                    bytes: Zeroizing::new(token.as_bytes().to_vec()),
                    published: false,
                };
                local(document, Origin::Argument)
            }
            (None, Location::Url(url)) => {
                let fetching = Fetching::of(context, &arguments.network)?;
                let answer = fetching.fetch_and_tell(context, &Fetched::Url(url.clone()))?;
                fetched(&url, answer.response)
            }
            (None, Location::File(path)) => {
                if let Some(listing) = context.files.list(&path) {
                    return directory::add(self, arguments, context, &path, listing);
                }
                let location = Location::File(path);
                let document = source::read_local(context, &location, limit)?;
                local(readable(arguments, context, document)?, Origin::File)
            }
            (None, location @ Location::StandardInput) => {
                let document = source::read_local(context, &location, limit)?;
                local(
                    readable(arguments, context, document)?,
                    Origin::StandardInput,
                )
            }
        };
        self.readable.push(source);
        Ok(())
    }
}

/// The document, or the JWK Set that `convert` makes of one in another form. What is published, or cannot
/// be read, is judged as it is.
///
/// # Errors
/// It is protected: what is in it, nobody can tell.
fn readable(
    arguments: &InspectArgs,
    context: &mut Context<'_>,
    document: Document,
) -> Result<Document, CommandError> {
    let Some(foreign) = Foreign::recognize(&document.bytes).filter(|_| !arguments.published) else {
        return Ok(document);
    };
    let imported = match source::imported(&document.name, &foreign, None) {
        Ok(imported) => imported,
        Err(error) if error.code == LOCKED.code() => {
            return Err(error.hint("open it with `jwks convert`, and inspect what that prints"));
        }
        Err(error) => {
            warn(context, &error.to_string());
            return Ok(document);
        }
    };
    let name = quoted_source(&document.name);
    for passed_over in &imported.passed_over {
        tell(context, &format!("{passed_over} in {name} is passed over"));
    }
    let note = format!(
        "{name} is {}: places are those in what `jwks convert --x5c` makes of it",
        foreign.description()
    );
    tell(context, &note);
    let text = json::document(&imported.to_jwks(AS_CONVERTED));
    Ok(Document {
        bytes: Zeroizing::new(text.as_bytes().to_vec()),
        ..document
    })
}

/// A document of this machine.
pub(super) fn local(document: Document, origin: Origin) -> Source {
    Source {
        document,
        origin,
        served: None,
    }
}

fn fetched(url: &str, response: FetchResponse) -> Source {
    let answered = Url::parse(&response.url).unwrap_or_else(|_| response.requested.clone());
    let header = |name| response.headers.get(name).map(str::to_owned);
    Source {
        served: Some(Served {
            content_type: header("content-type"),
            cache_control: header("cache-control"),
            expires: header("expires"),
            date: header("date"),
            requested: response.requested,
            answered,
        }),
        document: Document::fetched(url, response.body),
        origin: Origin::Url,
    }
}
