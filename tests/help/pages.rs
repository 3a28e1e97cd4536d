//! The pages of commands: their size, their parts, and how they are asked for.

use std::collections::BTreeMap;

use clap::CommandFactory;
use jwks_cli::cli::Cli;

use super::{COMMANDS, page, part};
use crate::support::Jwks;

/// A terminal has 24 lines, and the prompt takes the last.
const LINES: usize = 23;
const COLUMNS: usize = 80;

fn subjects() -> impl Iterator<Item = &'static str> {
    COMMANDS.into_iter().chain([""])
}

/// `jwks COMMAND -h`, or `jwks -h`.
fn short_help(command: &str) -> Jwks {
    let help = match command {
        "" => Jwks::new("-h"),
        command => Jwks::new(command).arg("-h"),
    };
    help.env("COLUMNS", COLUMNS.to_string())
}

#[track_caller]
fn fits(page: &str, what: &str) {
    for line in page.lines() {
        assert!(line.len() <= COLUMNS, "{what}: {line}");
        assert_eq!(line, line.trim_end(), "{what}");
    }
    assert!(page.is_ascii(), "{what}");
    assert!(page.ends_with('\n') && !page.ends_with("\n\n"), "{what}");
}

#[test]
fn short_help_fits_a_terminal_and_says_where_the_rest_is() {
    for command in subjects() {
        let run = short_help(command).run();
        let text = run.succeeds().text();
        fits(text, command);
        let count = text.lines().count();
        assert!(count <= LINES, "{command}: {count} lines");
        let rest = text.lines().rev().take(2).collect::<String>();
        assert!(rest.contains("jwks help"), "{command}: {rest}");
        assert!(text.contains("\nUsage: jwks "), "{command}");
    }
}

#[test]
fn help_is_the_same_in_every_locale() {
    for command in subjects() {
        let plain = short_help(command).run();
        for locale in ["C", "de_DE.UTF-8"] {
            let other = short_help(command).env("LC_ALL", locale).run();
            assert_eq!(plain.text(), other.text(), "{command}");
        }
    }
}

#[test]
fn long_help_has_every_part_and_no_line_that_is_too_long() {
    for command in subjects() {
        let page = page(command, COLUMNS);
        fits(&page, command);
        assert!(page.contains("\nUsage: jwks "), "{command}");
        for heading in ["Examples:", "Exit codes:", "Security:", "Standards:"] {
            let part = part(&page, heading);
            assert!(
                part.len() > 1 || !part[0].is_empty(),
                "{command}: {heading}"
            );
        }
        let codes = part(&page, "Exit codes:").join("\n");
        for code in ["  0 ", "  2 "] {
            assert!(codes.contains(code), "{command}: {codes}");
        }
    }
}

#[test]
fn texts_are_wrapped_to_the_terminal_and_examples_are_not() {
    for command in subjects() {
        let wide = page(command, 100);
        assert_eq!(page(command, 200), wide, "{command}: no wider than 100");
        let examples = part(&wide, "Examples:");
        assert_eq!(part(&page(command, COLUMNS), "Examples:"), examples);
        let narrow = page(command, 60);
        for heading in ["Exit codes:", "Security:", "Standards:"] {
            for line in part(&narrow, heading) {
                assert!(line.len() <= 60, "{command}: {line}");
            }
        }
        let words = |page: &str| {
            page.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(words(&narrow), words(&wide), "{command}");
    }
}

#[test]
fn help_is_the_same_however_it_is_asked_for() {
    for command in COMMANDS {
        let asked = Jwks::new(command).arg("--help").run();
        assert_eq!(asked.succeeds().text(), page(command, 80), "{command}");
    }
    assert_eq!(Jwks::new("--help").run().succeeds().text(), page("", 80));
    assert_eq!(
        Jwks::new("help").arg("--help").run().text(),
        page("help", 80)
    );
}

#[test]
fn the_long_help_lists_the_commands_and_the_topics() {
    let page = page("", COLUMNS);
    for command in COMMANDS {
        let start = format!("  {command} ");
        assert!(
            page.lines().any(|line| line.starts_with(&start)),
            "{command}"
        );
    }
}

#[test]
fn options_are_in_groups_that_can_be_taken_in() {
    let mut program = Cli::command();
    program.build();
    for command in program.get_subcommands() {
        let mut groups: BTreeMap<&str, usize> = BTreeMap::new();
        for option in command.get_arguments() {
            if let Some(long) = option.get_long() {
                let group = option.get_help_heading();
                assert!(group.is_some(), "{} --{long}", command.get_name());
                *groups.entry(group.unwrap_or_default()).or_default() += 1;
            }
        }
        for (group, count) in groups {
            assert!(count <= 12, "{}: {count} in {group}", command.get_name());
        }
        let last = command.get_arguments().last();
        let group = last.and_then(clap::Arg::get_help_heading);
        assert_eq!(group, Some("Terminal"), "{}", command.get_name());
    }
}

#[test]
fn every_value_that_an_option_knows_is_named() {
    let mut program = Cli::command();
    program.build();
    for command in program.get_subcommands() {
        let page = page(command.get_name(), COLUMNS);
        let table = super::page("algorithms", COLUMNS);
        for argument in command.get_arguments() {
            let names = argument.get_value_names().unwrap_or_default();
            let where_named = if names.iter().any(|name| name == "ALG") {
                &table
            } else {
                &page
            };
            if argument.is_positional() && command.get_name() == "help" {
                continue;
            }
            for value in argument.get_possible_values() {
                let name = value.get_name();
                assert!(where_named.contains(name), "{}: {name}", command.get_name());
            }
        }
    }
}

#[test]
fn help_is_coloured_as_the_program_is() {
    let escape = "\u{1b}[";
    let long = || Jwks::new("sign").arg("--help");
    assert!(!long().run().text().contains(escape));
    for coloured in [
        long().args(["--color", "always"]),
        long().arg("--color=always").env("NO_COLOR", "1"),
        long().env("CLICOLOR_FORCE", "1"),
        Jwks::new("help").args(["sign", "--color", "always"]),
    ] {
        let run = coloured.run();
        let text = run.succeeds().text();
        for heading in ["Examples:", "Terminal:"] {
            let plain = text.lines().any(|line| line == heading);
            assert!(text.contains(heading) && !plain, "{heading}");
        }
    }
    let never = long().args(["--color", "never"]).env("CLICOLOR_FORCE", "1");
    assert!(!never.run().text().contains(escape));
}

#[test]
fn nothing_to_do_shows_the_short_help_on_standard_error() {
    for arguments in [&["--no-input"][..], &["--color", "never"]] {
        let run = Jwks::new(arguments[0]).args(&arguments[1..]).run();
        run.yields_nothing(2);
        assert_eq!(run.stderr, short_help("").run().text());
    }
}

#[test]
fn help_is_a_command_where_commands_stand_and_nowhere_else() {
    let asked = Jwks::new("help").args(["verify", "--help"]).run();
    assert_eq!(asked.succeeds().text(), page("help", COLUMNS));
    // In the place of a token it is a file that is not there.
    let token = Jwks::new("verify").args(["help", "--jwks", "x"]).run();
    assert_eq!(token.exit, Some(3), "{}", token.stderr);
    assert_eq!(token.text(), "");
}

#[cfg(target_os = "linux")]
#[test]
fn help_that_cannot_be_written_is_a_failed_output() {
    for line in ["help verify", "verify --help", "--version"] {
        let output = std::process::Command::new("/bin/sh")
            .arg("-c")
            .arg(format!("\"$0\" {line} >/dev/full"))
            .arg(env!("CARGO_BIN_EXE_jwks"))
            .output()
            .expect("a shell");
        assert_eq!(output.status.code(), Some(3), "{line}");
    }
}
