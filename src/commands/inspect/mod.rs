//! `jwks inspect`.

mod asked;
mod directory;
mod sources;
mod token;

use crate::cli::{FailOn, InspectArgs, InspectFormat};
use crate::context::{Context, output_error};
use crate::core::detect::{Content, Other, detect, quoted_path, quoted_source};
use crate::core::failure::quoted_list;
use crate::core::json::Positions;
use crate::core::jwks::JwkSet;
use crate::core::lifecycle::states;
use crate::core::lint::{
    Finding, Known, Options, Selection, Severity, Subject, applying, lint, rules,
};
use crate::error::{CommandError, Exit};
use crate::output::formats::Inspection;
use crate::output::inspection::{Holds, KeysView, Origin, SourceView, report};
use crate::output::paint::Paint;
use crate::output::table::Screen;
use crate::output::{message, rule_table};

use super::source;
use sources::{Source, Sources};
use token::TokenParts;

/// Most sources that a note names.
const SOURCES_NAMED: usize = 3;

/// Longest list of known keys, in bytes.
const KNOWN_KEYS_LIMIT: usize = 64 << 20;

/// Shows what each source is and what is wrong with it.
///
/// # Errors
/// No source can be read.
pub fn run(arguments: &InspectArgs, context: &mut Context<'_>) -> Result<Exit, CommandError> {
    if arguments.rules {
        return show_rules(arguments, context);
    }
    let selection = asked::selection(arguments)?;
    let now = context.time(arguments.at.as_deref())?;
    let uses: Vec<bool> = arguments
        .sources
        .iter()
        .map(|source| source::is_standard_input(source))
        .collect();
    source::require_one_reader(&uses)?;
    let known = known_keys(arguments, context)?;
    let Sources {
        readable,
        mut errors,
    } = Sources::read(arguments, context);
    let documents = examined(&readable, &mut errors);
    if documents.is_empty() && errors.len() == 1 && !tells_errors(arguments.format) {
        return Err(errors.swap_remove(0));
    }
    let options = Options {
        now,
        known: &known,
        selection,
        is_thorough: arguments.thorough,
        threads: context.console.parallelism(),
    };
    let (findings, ignored) = judged(arguments, &documents, &options);
    let views = views(arguments, &documents, findings, &options)?;
    let paint = Paint::new(context.stderr.color);
    for error in &errors {
        context.say(&message::error(error, paint));
    }
    if ignored > 0 {
        super::tell(context, &ignored_note(ignored));
    }
    let output = shown(arguments, context, &views, &errors, &options)?;
    match arguments.format {
        InspectFormat::Text => {
            tell_empty(context, &views, selection);
            context.show(&output)?;
        }
        _ => context.report(output.as_bytes())?,
    }
    Ok(exit(arguments, &views, &errors))
}

fn show_rules(arguments: &InspectArgs, context: &mut Context<'_>) -> Result<Exit, CommandError> {
    match arguments.format {
        InspectFormat::Json => context.report(rule_table::json(rules()).as_bytes())?,
        // The other forms are for findings.
        _ => {
            let paint = Paint::new(context.stdout.color);
            context.show(&rule_table::text(rules(), context.stdout.width, paint))?;
        }
    }
    Ok(Exit::Success)
}

fn known_keys(arguments: &InspectArgs, context: &Context<'_>) -> Result<Known, CommandError> {
    let mut known = Known::default();
    for path in &arguments.known_keys {
        let name = quoted_path(path);
        let bytes = context.files.read(path, KNOWN_KEYS_LIMIT)?.whole(&name)?;
        known.read(&bytes).map_err(|problem| {
            let message = format!("{name} is no list of known keys: {problem}");
            CommandError::new("known-keys-malformed", Exit::File, message)
                .hint("write a SHA-256 thumbprint on each line, or give a JWK Set")
        })?;
    }
    Ok(known)
}

/// A source and what it is.
struct Examined<'s> {
    source: &'s Source,
    content: Content<'s>,
    token: Option<TokenParts>,
}

/// What the sources are; a token that is malformed joins what cannot be read.
fn examined<'s>(sources: &'s [Source], errors: &mut Vec<CommandError>) -> Vec<Examined<'s>> {
    let mut documents = Vec::with_capacity(sources.len());
    for source in sources {
        match Examined::of(source) {
            Ok(examined) => documents.push(examined),
            Err(error) => errors.push(error),
        }
    }
    documents
}

impl<'s> Examined<'s> {
    fn of(source: &'s Source) -> Result<Self, CommandError> {
        let document = &source.document;
        let content = detect(&document.bytes);
        let name = match source.origin {
            Origin::Argument => "the token".to_owned(),
            _ => format!("the token in {}", quoted_source(&document.name)),
        };
        let token = match &content {
            Content::Token(token) => Some(TokenParts::signed(&name, token)?),
            Content::Other(Other::EncryptedToken) => {
                Some(TokenParts::encrypted(&name, &document.bytes)?)
            }
            _ => None,
        };
        Ok(Self {
            source,
            content,
            token,
        })
    }

    /// What the rules look at. Of a token they say nothing, but that it is none of the sets that are
    /// published.
    fn subject(&'s self, arguments: &InspectArgs) -> Option<Subject<'s>> {
        let document = &self.source.document;
        let published =
            document.published || (arguments.published && self.source.origin != Origin::Argument);
        (published || self.token.is_none()).then(|| Subject {
            name: &document.name,
            document: &document.bytes,
            content: &self.content,
            published,
            served: self.source.served.as_ref(),
        })
    }

    fn view(
        &'s self,
        arguments: &InspectArgs,
        findings: Vec<Finding>,
        options: &Options<'_>,
    ) -> Result<SourceView<'s>, CommandError> {
        let now = options.now;
        let document = &self.source.document;
        let holds = match (&self.token, &self.content) {
            (Some(token), _) => Holds::Token(Box::new(token.view(now)?)),
            (None, Content::Keys(set)) => Holds::Keys(KeysView {
                set,
                states: is_dated(set).then(|| states(set, now)),
            }),
            (None, _) => Holds::Neither,
        };
        Ok(SourceView {
            name: &document.name,
            origin: self.source.origin,
            rules: self.subject(arguments).map_or_else(Vec::new, |subject| {
                let is_found = |id| findings.iter().any(|finding| finding.rule.id == id);
                applying(&subject)
                    .filter(|rule| options.selection.has(rule) || is_found(rule.id))
                    .collect()
            }),
            positions: Positions::new(&document.bytes),
            findings,
            holds,
        })
    }
}

fn is_dated(set: &JwkSet) -> bool {
    set.entries().iter().any(|entry| {
        entry.is_revoked()
            || entry.jwk().is_some_and(|jwk| {
                let parameters = jwk.parameters();
                parameters.iat.is_some() || parameters.nbf.is_some() || parameters.exp.is_some()
            })
    })
}

/// The findings on each document that are to be seen, and how many are not.
fn judged(
    arguments: &InspectArgs,
    documents: &[Examined<'_>],
    options: &Options<'_>,
) -> (Vec<Vec<Finding>>, usize) {
    let subjects: Vec<Option<Subject<'_>>> = documents
        .iter()
        .map(|document| document.subject(arguments))
        .collect();
    let (places, subjects): (Vec<usize>, Vec<Subject<'_>>) = subjects
        .into_iter()
        .enumerate()
        .filter_map(|(place, subject)| Some((place, subject?)))
        .unzip();
    let mut findings = vec![Vec::new(); documents.len()];
    let mut ignored = 0;
    for (place, mut found) in places.into_iter().zip(lint(&subjects, options)) {
        let all = found.len();
        found.retain(|finding| !arguments.ignore.iter().any(|ignore| ignore.covers(finding)));
        ignored += all - found.len();
        findings[place] = found;
    }
    (findings, ignored)
}

fn ignored_note(count: usize) -> String {
    match count {
        1 => "--ignore leaves out 1 finding".to_owned(),
        count => format!("--ignore leaves out {count} findings"),
    }
}

fn views<'s>(
    arguments: &InspectArgs,
    documents: &'s [Examined<'s>],
    findings: Vec<Vec<Finding>>,
    options: &Options<'_>,
) -> Result<Vec<SourceView<'s>>, CommandError> {
    let pairs = documents.iter().zip(findings);
    pairs
        .map(|(document, findings)| document.view(arguments, findings, options))
        .collect()
}

/// True of forms that have a place for what could not be looked at: a check that reads them must not find
/// an empty report.
fn tells_errors(format: InspectFormat) -> bool {
    !matches!(format, InspectFormat::Text | InspectFormat::Json)
}

/// True of a source in which nothing but secrets was looked for, and there is none, and no key either.
/// Among many files these would bury the others.
fn is_empty(view: &SourceView<'_>, selection: Selection<'_>) -> bool {
    let holds_neither = matches!(view.holds, Holds::Neither);
    holds_neither && view.findings.is_empty() && selection.needs_nothing_read()
}

fn tell_empty(context: &mut Context<'_>, views: &[SourceView<'_>], selection: Selection<'_>) {
    let empty = views.iter().filter(|view| is_empty(view, selection));
    let names: Vec<&str> = empty.map(|view| view.name).collect();
    if !names.is_empty() {
        let list = quoted_list(&names, SOURCES_NAMED);
        super::tell(context, &format!("no keys and no secrets are in {list}"));
    }
}

fn shown(
    arguments: &InspectArgs,
    context: &Context<'_>,
    views: &[SourceView<'_>],
    errors: &[CommandError],
    options: &Options<'_>,
) -> Result<String, CommandError> {
    let (screen, paint) = (
        Screen::of(&context.stdout),
        Paint::new(context.stdout.color),
    );
    let inspection = Inspection {
        sources: views,
        errors,
        ignored: &arguments.ignore,
        threshold: threshold(arguments.fail_on).unwrap_or(Severity::Warning),
    };
    Ok(match arguments.format {
        InspectFormat::Text => {
            let texts: Vec<String> = views
                .iter()
                .filter(|view| !is_empty(view, options.selection))
                .map(|view| view.text(options.now, screen, paint))
                .collect();
            texts.join("\n")
        }
        InspectFormat::Json => report(views, errors),
        InspectFormat::Sarif => inspection.sarif(),
        InspectFormat::Junit => inspection.junit().map_err(output_error)?,
        InspectFormat::Github => inspection.github(),
        InspectFormat::Gitlab => inspection.gitlab(),
    })
}

/// The least severity that fails; none when nothing does.
fn threshold(fail_on: FailOn) -> Option<Severity> {
    match fail_on {
        FailOn::Never => None,
        FailOn::Info => Some(Severity::Info),
        FailOn::Warning => Some(Severity::Warning),
        FailOn::Error => Some(Severity::Error),
    }
}

/// What could not be looked at has the first word, then what was found, then what was not expected.
fn exit(arguments: &InspectArgs, views: &[SourceView<'_>], errors: &[CommandError]) -> Exit {
    let threshold = threshold(arguments.fail_on);
    let reaches = |finding: &Finding| threshold.is_some_and(|least| finding.severity >= least);
    let needs_keys = !Selection::of(&arguments.only).needs_nothing_read();
    let holds_neither = |view: &SourceView<'_>| needs_keys && matches!(view.holds, Holds::Neither);
    if let Some(error) = errors.first() {
        error.exit
    } else if views.iter().flat_map(|view| &view.findings).any(reaches) {
        Exit::No
    } else if views.iter().any(holds_neither) {
        Exit::File
    } else {
        Exit::Success
    }
}
