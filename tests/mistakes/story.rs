//! How a mistake is told: `mistake` is made, `says` is what the binary answers, and `then` its hint is taken
//! at its word.

use std::ffi::OsStr;
use std::path::Path;

use serde_json::Value;

use crate::support::{Jwks, Run};

/// A run that goes wrong.
pub(crate) struct Mistake(Run);

/// Makes a mistake.
pub(crate) fn mistake(run: Jwks) -> Mistake {
    Mistake(run.run())
}

impl Mistake {
    /// Ends with `exit` and `code`, prints nothing, and says what to do next.
    #[track_caller]
    pub(crate) fn says(self, exit: i32, code: &str) -> Hint {
        self.0.fails(exit, code);
        let mut lines = self.0.stderr.lines();
        let (error, reason) = (format!("error[{code}]: "), format!("  {code}: "));
        lines.find(|line| line.starts_with(&error) || line.starts_with(&reason));
        let hint = lines
            .next()
            .and_then(|line| line.trim_start().strip_prefix("hint: "));
        Hint(
            hint.unwrap_or_else(|| panic!("no hint: {}", self.0.stderr))
                .to_owned(),
        )
    }

    /// Is a finding of `inspect --format json`, whose report says what to do about it.
    #[track_caller]
    pub(crate) fn finds(self, exit: i32, code: &str) -> Hint {
        assert_eq!(self.0.exit, Some(exit), "{}", self.0.stderr);
        let report: Value = serde_json::from_slice(&self.0.stdout).expect("a report");
        let findings = report["findings"].as_array().expect("findings");
        let finding = findings.iter().find(|finding| finding["code"] == code);
        let hint = finding.and_then(|finding| finding["hint"].as_str());
        Hint(
            hint.unwrap_or_else(|| panic!("no hint for {code}: {report}"))
                .to_owned(),
        )
    }

    /// Works all the same, and notes something.
    #[track_caller]
    pub(crate) fn notes(self) -> Hint {
        self.0.succeeds();
        let mut lines = self.0.stderr.lines();
        let note = lines.find_map(|line| {
            line.strip_prefix("note: ")
                .or_else(|| line.strip_prefix("warning: "))
        });
        Hint(
            note.unwrap_or_else(|| panic!("no note: {}", self.0.stderr))
                .to_owned(),
        )
    }
}

/// What to do next.
pub(crate) struct Hint(String);

impl Hint {
    /// Names `part`.
    #[track_caller]
    pub(crate) fn naming(self, part: &str) -> Self {
        assert!(self.0.contains(part), "no {part} in: {}", self.0);
        self
    }

    /// Does not name `part`.
    #[track_caller]
    pub(crate) fn not_naming(self, part: &str) -> Self {
        assert!(!self.0.contains(part), "{part} in: {}", self.0);
        self
    }

    /// The word that starts with `start`, as a person copies it.
    #[track_caller]
    pub(crate) fn word(&self, start: &str) -> String {
        let mut words = self.0.split([' ', ',', ';', '`', '(', ')', '"']);
        let word = words.find(|word| word.starts_with(start));
        word.unwrap_or_else(|| panic!("no {start} in: {}", self.0))
            .trim_end_matches([':', '?'])
            .to_owned()
    }

    /// What stands in quotes, one after the other.
    pub(crate) fn quoted(&self) -> Vec<String> {
        let parts = self.0.split('"').skip(1).step_by(2);
        parts.map(str::to_owned).collect()
    }

    /// The member of JSON at its end.
    pub(crate) fn written_member(&self) -> &str {
        let start = self.0.find('"').unwrap_or_default();
        &self.0[start..]
    }

    /// The command in it.
    #[track_caller]
    pub(crate) fn command(&self) -> String {
        let command = self.0.split('`').nth(1);
        command
            .unwrap_or_else(|| panic!("no command in: {}", self.0))
            .to_owned()
    }

    /// The command of this program in it, as a run; a word such as FILE becomes what it stands for.
    #[track_caller]
    pub(crate) fn jwks(&self, meanings: &[(&str, &Path)]) -> Jwks {
        let command = self.command();
        let mut words = command.split_whitespace();
        assert_eq!(words.next(), Some("jwks"), "{command}");
        let subcommand = words.next().expect("a subcommand");
        let arguments = words.map(|word| {
            let meaning = meanings.iter().find(|(stands_for, _)| *stands_for == word);
            meaning.map_or(OsStr::new(word), |(_, path)| path.as_os_str())
        });
        Jwks::new(subcommand).args(arguments)
    }
}

/// What the hint says works.
#[track_caller]
pub(crate) fn then(run: Jwks) -> Run {
    let run = run.run();
    run.succeeds();
    run
}
