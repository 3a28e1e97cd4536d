//! Help driven from outside: that it fits a terminal, teaches, and says what is true.

mod examples;
mod fixtures;
mod mistakes;
mod pages;
mod topics;

use crate::support::Jwks;

/// Every command.
const COMMANDS: [&str; 10] = [
    "generate",
    "inspect",
    "fetch",
    "verify",
    "sign",
    "rotate",
    "convert",
    "diff",
    "completions",
    "help",
];

/// The page about a command, a topic, or with an empty name the program, for so many columns.
fn page(subject: &str, columns: usize) -> String {
    let mut help = Jwks::new("help").env("COLUMNS", columns.to_string());
    if !subject.is_empty() {
        help = help.arg(subject);
    }
    let run = help.run();
    assert_eq!(run.stderr, "", "{subject}");
    run.succeeds().text().to_owned()
}

/// The lines of a part of a page, without its heading.
fn part<'a>(page: &'a str, heading: &str) -> Vec<&'a str> {
    let lines = page.lines().skip_while(|&line| line != heading).skip(1);
    lines
        .take_while(|line| line.is_empty() || line.starts_with(' '))
        .collect()
}
