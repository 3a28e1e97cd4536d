//! The man pages, made from the definition of the command line: what the help texts say, in the sections and
//! with the macros of man(7).

use std::collections::BTreeMap;

use clap::builder::StyledStr;
use clap::{Arg, Command};
use jwks_cli::cli::Topic;

use super::page::{Page, bold, escaped, italic};
use super::text;

/// The day that the pages bear: that of the last release, or of the work on the next one.
const DATE: &str = "2026-11-26";

/// The pages of the program and of its commands, by the names of their files. More sections may follow.
pub(super) fn pages(mut program: Command) -> BTreeMap<String, Vec<u8>> {
    program.build();
    let mut pages = BTreeMap::new();
    let commands: Vec<&Command> = described(&program).collect();
    pages.insert("jwks.1".to_owned(), page("jwks", &program, &commands));
    for command in commands {
        let name = format!("jwks-{}", command.get_name());
        pages.insert(format!("{name}.1"), page(&name, command, &[]));
    }
    pages
}

/// Names the other pages at the end of each, and breaks long lines.
pub(super) fn finish(pages: &mut BTreeMap<String, Vec<u8>>) {
    let mut names: Vec<String> = pages
        .keys()
        .map(|file| file.trim_end_matches(".1").to_owned())
        .collect();
    names.sort();
    for (file, content) in pages {
        let mut page = Page::default();
        page.section("SEE ALSO");
        let others: Vec<String> = names
            .iter()
            .filter(|name| **name != file.trim_end_matches(".1"))
            .map(|name| format!("{}(1)", bold(name)))
            .collect();
        page.line(&others.join(", "));
        content.extend(page.into_bytes());
        *content = super::page::folded(&String::from_utf8_lossy(content)).into_bytes();
    }
}

/// The sections of a topic, for the page of the program.
pub(super) fn topic(topic: &Topic) -> Vec<u8> {
    let mut page = Page::default();
    page.section(&section_name(topic.name));
    text::write(&mut page, &(topic.text)(), Page::subsection);
    page.into_bytes()
}

fn described(program: &Command) -> impl Iterator<Item = &Command> {
    program
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
}

fn page(name: &str, command: &Command, commands: &[&Command]) -> Vec<u8> {
    let mut page = Page::default();
    page.title(name, DATE, concat!("jwks ", env!("CARGO_PKG_VERSION")));
    let about = command.get_about().map(ToString::to_string);
    page.section("NAME");
    page.line(&format!(
        "{} \\- {}",
        escaped(name),
        escaped(&about.unwrap_or_default())
    ));
    page.section("SYNOPSIS");
    let usage = command.clone().render_usage().to_string();
    let called = command.get_bin_name().unwrap_or("jwks");
    for (index, line) in usage.trim_start_matches("Usage:").lines().enumerate() {
        if index > 0 {
            page.line_break();
        }
        page.line(&synopsis(called, line.trim()));
    }

    page.section("DESCRIPTION");
    let about = command.get_long_about().or(command.get_about());
    page.paragraphs(&about.map(ToString::to_string).unwrap_or_default());
    if !commands.is_empty() {
        page.section("COMMANDS");
        for command in commands {
            page.item(&format!(
                "{}(1)",
                bold(&format!("jwks-{}", command.get_name()))
            ));
            page.line(&sentence(command.get_about()));
        }
    }
    arguments(&mut page, command);
    let help = command.get_after_long_help().map(ToString::to_string);
    text::write(&mut page, &help.unwrap_or_default(), |page, name| {
        page.section(&section_name(name));
    });
    page.into_bytes()
}

/// The name of a section in man pages.
fn section_name(heading: &str) -> String {
    match heading {
        "Exit codes" | "exit-codes" => "EXIT STATUS".to_owned(),
        heading => heading.to_uppercase(),
    }
}

/// One of the lines that say how the command `name` is called.
fn synopsis(name: &str, usage: &str) -> String {
    let mut synopsis = bold(name);
    let mut rest = usage.strip_prefix(name).unwrap_or(usage);
    while let Some(first) = rest.chars().next() {
        let is_name = |character: char| character.is_ascii_uppercase() || character == '-';
        let value = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
        let length = rest
            .find(|character: char| !character.is_ascii_alphanumeric() && character != '-')
            .unwrap_or(rest.len());
        if let Some((value, after)) = value.filter(|(value, _)| value.chars().all(is_name)) {
            synopsis += &italic(value);
            rest = after;
        } else if length > 0 {
            let word = &rest[..length];
            synopsis += &if first == '-' {
                bold(word)
            } else {
                italic(word)
            };
            rest = &rest[length..];
        } else {
            // What is left of these encloses alternatives.
            synopsis.push(match first {
                '<' => '{',
                '>' => '}',
                other => other,
            });
            rest = &rest[first.len_utf8()..];
        }
    }
    synopsis
}

/// The arguments and options, under the headings that they have in the help.
fn arguments(page: &mut Page, command: &Command) {
    let shown: Vec<&Arg> = command
        .get_arguments()
        .filter(|argument| !argument.is_hide_set())
        .collect();
    let (positionals, options): (Vec<&Arg>, Vec<&Arg>) =
        shown.iter().partition(|argument| argument.is_positional());
    if !positionals.is_empty() {
        page.section("ARGUMENTS");
        for argument in positionals {
            describe(page, argument);
        }
    }
    let mut headings: Vec<Option<&str>> = Vec::new();
    for option in &options {
        if !headings.contains(&option.get_help_heading()) {
            headings.push(option.get_help_heading());
        }
    }
    // Those without a heading are first, those of every command last.
    headings.sort_by_key(|heading| heading.map(|heading| heading == "Terminal"));
    page.section("OPTIONS");
    for heading in headings {
        if let Some(heading) = heading {
            page.subsection(heading);
        }
        for option in options
            .iter()
            .filter(|option| option.get_help_heading() == heading)
        {
            describe(page, option);
        }
    }
}

fn describe(page: &mut Page, argument: &Arg) {
    page.item(&head(argument));
    page.said(&sentence(argument.get_long_help().or(argument.get_help())));
    let is_switch = !argument.get_action().takes_values();
    let defaults: Vec<String> = argument
        .get_default_values()
        .iter()
        .filter(|_| !is_switch)
        .map(|value| bold(&value.to_string_lossy()))
        .collect();
    if !defaults.is_empty() {
        page.line(&format!("The default is {}.", defaults.join(", ")));
    }
    let values = argument.get_possible_values();
    let values: Vec<_> = values.iter().filter(|value| !value.is_hide_set()).collect();
    if is_switch || values.is_empty() || argument.is_hide_possible_values_set() {
        return;
    }
    if values.iter().all(|value| value.get_help().is_none()) {
        let names: Vec<String> = values.iter().map(|value| bold(value.get_name())).collect();
        page.line(&format!("One of {}.", names.join(", ")));
        return;
    }
    page.indented(|page| {
        for value in values {
            page.item(&bold(value.get_name()));
            page.line(&sentence(value.get_help()));
        }
    });
}

fn head(argument: &Arg) -> String {
    let value = argument
        .get_value_names()
        .filter(|_| argument.is_positional() || argument.get_action().takes_values())
        .map(|names| {
            names
                .iter()
                .map(|name| italic(name))
                .collect::<Vec<_>>()
                .join(" ")
        });
    let several = argument
        .get_num_args()
        .is_some_and(|range| range.max_values() > 1);
    let value = value.map(|value| if several { value + "..." } else { value });
    let names: Vec<String> = argument
        .get_short()
        .map(|short| bold(&format!("-{short}")))
        .into_iter()
        .chain(argument.get_long().map(|long| bold(&format!("--{long}"))))
        .collect();
    let names = names.join(", ");
    match value {
        Some(value) if names.is_empty() => value,
        Some(value) => format!("{names} {value}"),
        None => names,
    }
}

/// A help text, which has no full stop at its end.
fn sentence(help: Option<&StyledStr>) -> String {
    let help = help.map(ToString::to_string).unwrap_or_default();
    let text = escaped(help.trim_end());
    if text.ends_with(['.', ':', ']', '…']) || text.is_empty() {
        text
    } else {
        text + "."
    }
}
