//! Workflow commands, taken apart as the runner of GitHub Actions does it.

use std::collections::BTreeMap;

use super::{MIXED, Told, all, faulty, inspect, place, told};
use crate::support::place::GOOD_SET;
use crate::support::{Jwks, Run};

/// What a line asks of the runner.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) name: String,
    pub(crate) properties: BTreeMap<String, String>,
    pub(crate) message: String,
}

impl Command {
    /// `::NAME KEY=VALUE,KEY=VALUE::MESSAGE`: the first two colons after the start end the head, commas part
    /// the properties, and the first equals sign of each parts its name from its value.
    #[track_caller]
    fn read(line: &str) -> Self {
        let (head, message) = line
            .strip_prefix("::")
            .and_then(|rest| rest.split_once("::"))
            .unwrap_or_else(|| panic!("no command: {line}"));
        let (name, properties) = head.split_once(' ').expect("a name and properties");
        let properties = properties.split(',').map(|property| {
            let (key, value) = property.split_once('=').expect("a key and a value");
            assert!(!value.is_empty(), "{line}");
            (
                key.to_owned(),
                unescaped(&value.replace("%2C", ",").replace("%3A", ":")),
            )
        });
        Self {
            name: name.to_owned(),
            properties: properties.collect(),
            message: unescaped(message),
        }
    }

    fn number(&self, name: &str) -> Option<u64> {
        let number = self.properties.get(name)?;
        Some(number.parse().expect("a number"))
    }
}

fn unescaped(text: &str) -> String {
    text.replace("%0D", "\r")
        .replace("%0A", "\n")
        .replace("%25", "%")
}

#[track_caller]
pub(crate) fn commands(run: &Run) -> Vec<Command> {
    run.text().lines().map(Command::read).collect()
}

fn name(severity: &str) -> &str {
    match severity {
        "info" => "notice",
        other => other,
    }
}

#[test]
fn each_finding_is_an_annotation_and_the_worst_come_first() {
    let (place, names) = faulty();
    let arguments = all(&names);
    let commands = commands(&inspect(&place.path(""), "github", &arguments));
    let mut told = told(&place.path(""), &arguments);
    told.sort_by_key(Told::rank);
    assert_eq!(commands.len(), told.len());
    for (command, told) in commands.iter().zip(&told) {
        assert_eq!(command.name, name(&told.severity));
        assert_eq!(command.properties["title"], told.rule);
        assert_eq!(command.properties["file"], told.source);
        let [line, column, end_line, end_column] = told.place;
        assert_eq!(command.number("line"), Some(line));
        let has_columns = line == end_line;
        assert_eq!(command.number("col"), has_columns.then_some(column));
        assert_eq!(
            command.number("endColumn"),
            has_columns.then_some(end_column)
        );
        // An end before the first column of a line is that of the line before.
        let last = end_line - u64::from(end_column == 1 && end_line > line);
        assert_eq!(command.number("endLine"), Some(last));
    }
}

#[test]
fn the_advice_stands_below_the_finding() {
    let place = place(MIXED);
    let commands = commands(&inspect(&place.path(""), "github", &["./jwks.json"]));
    let small = commands
        .iter()
        .find(|command| command.properties["title"] == "rsa-small")
        .expect("the modulus is found");
    assert_eq!(
        small.message,
        "key \"ä\": the modulus has 17 bits, fewer than 2048\n\
         RFC 7518 section 3.3 forbids it: replace the key"
    );
    assert_eq!(small.properties["file"], "jwks.json");
}

/// An annotation with the name of something that is no file would be put on one that has this name.
#[test]
fn standard_input_is_no_file() {
    let run = Jwks::new("inspect")
        .args(["-", "--format", "github"])
        .stdin(MIXED)
        .run();
    let commands = commands(&run);
    assert!(!commands.is_empty());
    for command in commands {
        let names: Vec<&str> = command.properties.keys().map(String::as_str).collect();
        assert_eq!(names, ["title"]);
        assert!(
            command.message.starts_with("standard input:"),
            "{}",
            command.message
        );
    }
}

#[test]
fn what_cannot_be_read_is_an_error() {
    let place = place(MIXED);
    for sources in [&["none.json", "jwks.json"][..], &["none.json"]] {
        let run = inspect(&place.path(""), "github", sources);
        assert_eq!(run.exit, Some(3));
        let commands = commands(&run);
        assert_eq!(commands[0].name, "error");
        assert_eq!(commands[0].properties["title"], "file-not-found");
        assert!(commands[0].message.contains("\"none.json\""));
    }
}

#[test]
fn nothing_found_is_nothing_said() {
    let place = place(GOOD_SET);
    let run = inspect(&place.path(""), "github", &["jwks.json"]);
    assert_eq!(run.succeeds().text(), "");
}
