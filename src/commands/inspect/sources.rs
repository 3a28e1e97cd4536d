//! From the arguments of `inspect` to documents.

use std::ffi::OsStr;

use url::Url;
use zeroize::Zeroizing;

use super::directory;
use crate::cli::InspectArgs;
use crate::commands::network::{Fetching, Source as Fetched};
use crate::commands::source::{self, Document, Location};
use crate::context::{Context, FetchResponse};
use crate::core::detect::looks_like_token;
use crate::core::lint::Served;
use crate::error::CommandError;
use crate::output::inspection::Origin;

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
                local(source::read_local(context, &location, limit)?, Origin::File)
            }
            (None, location @ Location::StandardInput) => {
                let document = source::read_local(context, &location, limit)?;
                local(document, Origin::StandardInput)
            }
        };
        self.readable.push(source);
        Ok(())
    }
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
