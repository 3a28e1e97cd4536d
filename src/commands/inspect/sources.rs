//! From the arguments of `inspect` to documents.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use url::Url;
use zeroize::Zeroizing;

use crate::cli::InspectArgs;
use crate::commands::source::{self, Document, Location};
use crate::commands::{network, tell};
use crate::context::{Context, FetchResponse};
use crate::core::detect::{Content, Other, detect, looks_like_token, quoted_path};
use crate::core::failure::quoted_list;
use crate::core::lint::Served;
use crate::error::{CommandError, Exit};
use crate::output::inspection::Origin;

/// Most files that a note names.
const FILES_NAMED: usize = 3;

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
        let source = match (token, Location::of(argument)) {
            (Some(token), _) => Source {
                document: Document {
                    name: "token".to_owned(),
                    bytes: Zeroizing::new(token.as_bytes().to_vec()),
                    published: false,
                },
                origin: Origin::Argument,
                served: None,
            },
            (None, Location::Url(url)) => {
                let fetcher = network::open(context, &arguments.network)?;
                fetched(&url, fetcher.fetch_keys(context, &url)?)
            }
            (None, Location::File(path)) => match context.files.files_below(&path)? {
                Some(files) => return self.add_directory(arguments, context, &path, &files),
                None => file(arguments, context, &path)?,
            },
            (None, standard_input) => Source {
                document: source::read_local(
                    context,
                    &standard_input,
                    arguments.network.set_limit,
                )?,
                origin: Origin::StandardInput,
                served: None,
            },
        };
        self.readable.push(source);
        Ok(())
    }

    /// Adds the files of a directory that are meant to hold keys or tokens. Others are passed over,
    /// which a note says.
    fn add_directory(
        &mut self,
        arguments: &InspectArgs,
        context: &mut Context<'_>,
        directory: &Path,
        files: &[PathBuf],
    ) -> Result<(), CommandError> {
        let before = self.readable.len() + self.errors.len();
        let mut passed_over = Vec::new();
        for path in files {
            match file(arguments, context, path) {
                Ok(source) if is_meant(&source.document) => self.readable.push(source),
                Ok(_) => passed_over.push(path.to_string_lossy().into_owned()),
                Err(error) => self.errors.push(error.input(path.to_string_lossy())),
            }
        }
        if self.readable.len() + self.errors.len() == before {
            let message = format!(
                "{} has no file with keys or a token",
                quoted_path(directory)
            );
            return Err(
                CommandError::new("no-keys-found", Exit::File, message).hint(
                    "hidden files and directories are left out; name them to have them inspected",
                ),
            );
        }
        if !passed_over.is_empty() {
            let note = format!(
                "{} of {} files in {} hold neither keys nor a token and are passed over: {}",
                passed_over.len(),
                files.len(),
                quoted_path(directory),
                quoted_list(&passed_over, FILES_NAMED)
            );
            tell(context, &note);
        }
        Ok(())
    }
}

fn file(
    arguments: &InspectArgs,
    context: &Context<'_>,
    path: &Path,
) -> Result<Source, CommandError> {
    let location = Location::File(path.to_owned());
    Ok(Source {
        document: source::read_local(context, &location, arguments.network.set_limit)?,
        origin: Origin::File,
        served: None,
    })
}

fn fetched(url: &str, response: FetchResponse) -> Source {
    let answered = Url::parse(&response.url).unwrap_or_else(|_| response.requested.clone());
    Source {
        served: Some(Served {
            requested: response.requested,
            answered,
            content_type: response.content_type,
            cache_control: response.cache_control,
            expires: response.expires,
            date: response.date,
        }),
        document: Document::fetched(url, response.body),
        origin: Origin::Url,
    }
}

/// True when a file is, or was to be, what `inspect` looks at: a broken set must not be passed over.
fn is_meant(document: &Document) -> bool {
    match detect(&document.bytes) {
        Content::Keys(_)
        | Content::BrokenSet(_)
        | Content::Token(_)
        | Content::Other(Other::EncryptedToken) => true,
        Content::Other(Other::Unknown(_)) => {
            let text = document.bytes.trim_ascii_start();
            text.starts_with(b"{") || text.starts_with(b"[")
        }
        Content::Other(_) => false,
    }
}
