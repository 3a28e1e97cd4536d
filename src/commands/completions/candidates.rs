//! What may stand in the place of a word, where more than the command line must be known for it: the kids
//! of the keys in the files on the line, and the lint rules.
//!
//! This runs whenever someone presses Tab. It reads regular files alone, asks no server and no person, and says
//! nothing of what it cannot read. A kid can be anything that its issuer likes: what could act on a terminal,
//! or take more than a line, is not offered. Quoting the others is for the shell.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::Path;

use clap::{Command, CommandFactory};

use super::hints::value_name;
use super::words::Line;
use crate::cli::Cli;
use crate::commands::source::{self, Document, Location};
use crate::context::Files;
use crate::core::detect::{Content, detect};
use crate::core::failure::printable;
use crate::core::import::{Foreign, Style};
use crate::core::jwks::{JwkSet, SET_LIMIT};
use crate::core::lint::rules;

/// The longest kid that is offered, in bytes: who would read a longer one in a list?
const LONGEST_KID: usize = 256;

/// Keys of forms without names, as `convert` names them.
const NAMED: Style = Style {
    is_named: true,
    has_certificates: false,
};

/// The words that may stand in the place of the last one of `words`, which are those after the name of
/// the program.
pub(super) fn candidates(words: &[String], files: &dyn Files) -> Vec<String> {
    let mut program = Cli::command();
    // Commands have no arguments before that.
    program.build();
    let mut line = Line::read(&program, words);
    let (Some(command), Some(last)) = (line.command, line.words.pop()) else {
        return Vec::new();
    };
    let values = match last.option.and_then(value_name) {
        Some("KID") => kids(command, &line, files),
        Some("RULE") => rule_names().collect(),
        Some("RULE[=KID]") => match last.text.split_once('=') {
            Some((rule, _)) => kids(command, &line, files)
                .iter()
                .map(|kid| format!("{rule}={kid}"))
                .collect(),
            None => rule_names().collect(),
        },
        _ => Vec::new(),
    };
    let whole = |value: &String| format!("{}{value}", last.before);
    values.iter().map(whole).collect()
}

fn rule_names() -> impl Iterator<Item = String> {
    rules().map(|rule| rule.id.to_owned())
}

/// The kids of the keys in the files on the line, each once.
fn kids(command: &Command, line: &Line<'_>, files: &dyn Files) -> Vec<String> {
    let mut kids = Vec::new();
    for source in line.sources() {
        let Some(set) = keys(command, source, files) else {
            continue;
        };
        for entry in set.entries().iter() {
            // A kid that is revoked is never used again, and cannot be revoked twice.
            let is_over = command.get_name() == "rotate" && entry.is_revoked();
            kids.extend(entry.kid().filter(|_| !is_over).map(str::to_owned));
        }
    }
    let mut seen = HashSet::new();
    kids.retain(|kid| is_offered(kid) && seen.insert(kid.clone()));
    kids
}

/// The keys of a source, when it is a file that needs no passphrase.
fn keys(command: &Command, source: &str, files: &dyn Files) -> Option<JwkSet> {
    let Location::File(path) = Location::of(OsStr::new(source)) else {
        return None;
    };
    let document = read(&path, files)?;
    match Foreign::recognize(&document.bytes) {
        // No other command names the keys of such files.
        Some(foreign) if command.get_name() == "convert" => {
            let imported = source::imported(&document.name, &foreign, None).ok()?;
            source::jwks(&document.name, &imported, NAMED).ok()
        }
        Some(_) => None,
        None => match detect(&document.bytes) {
            Content::Keys(set) => Some(set),
            _ => None,
        },
    }
}

fn read(path: &Path, files: &dyn Files) -> Option<Document> {
    if !files.is_regular(path) {
        return None;
    }
    let name = path.to_string_lossy().into_owned();
    let input = files.read(path, SET_LIMIT).ok()?;
    Some(Document {
        bytes: input.whole(&name).ok()?,
        name,
        published: false,
    })
}

fn is_offered(kid: &str) -> bool {
    !kid.is_empty() && kid.len() <= LONGEST_KID && printable(kid) == kid
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::files::RealFiles;

    /// The candidates for a line about a file that holds `keys`, which stands for FILE in it.
    fn offered(keys: &str, line: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys.json");
        let path = file.to_str().unwrap();
        RealFiles
            .write(
                &file,
                keys.as_bytes(),
                crate::context::Audience::Owner,
                crate::context::Existing::Refuse,
            )
            .unwrap();
        let words: Vec<String> = line
            .split(' ')
            .map(|word| word.replace("FILE", path))
            .collect();
        candidates(&words, &RealFiles)
    }

    const TWO: &str = r#"{"keys":[{"kty":"oct","k":"AAAA","kid":"a"},{"kty":"oct","k":"AAAB","kid":"b c"},
        {"kty":"oct","k":"AAAC","kid":"a"},{"kty":"oct","k":"AAAD"}]}"#;

    #[test]
    fn kids_are_offered_where_a_kid_is_expected() {
        for line in [
            "sign --jwks FILE --kid ",
            "sign --jwks=FILE --kid x",
            "--color never sign --force --jwks FILE --kid ",
            "convert FILE --to jwk --only ",
            "convert FILE --without ",
            "convert -o other.json nowhere.json https://a.example/ - FILE --without ",
            "rotate FILE --revoke ",
            "rotate -y FILE --active ",
            "rotate -pjwks.json FILE --active ",
            "rotate -yp jwks.json FILE --active ",
            "convert -o- FILE --only ",
            "fetch https://a.example --diff FILE --kid ",
        ] {
            assert_eq!(offered(TWO, line), ["a", "b c"], "{line}");
        }
        assert_eq!(
            offered(TWO, "sign --jwks FILE --kid=x"),
            ["--kid=a", "--kid=b c"]
        );
        assert_eq!(
            offered(TWO, "inspect FILE --ignore kid-duplicate="),
            ["kid-duplicate=a", "kid-duplicate=b c"]
        );
        for option in ["--ignore", "--only"] {
            let rules = offered(TWO, &format!("inspect {option} "));
            assert!(rules.contains(&"kid-duplicate".to_owned()), "{option}");
        }
    }

    #[test]
    fn and_nowhere_else() {
        for line in [
            "",
            "sign",
            "sign --kid",
            "--kid FILE",
            "sign --jwks FILE --alg ",
            "sign --claims FILE --kid ",
            "convert FILE --kid ",
            "convert --kid-from FILE --only ",
            "convert -o FILE --only ",
            "generate --into FILE --kid ",
            "fetch https://a.example --kid ",
            "fetch https://a.example -o FILE --kid ",
            "unknown FILE --kid ",
        ] {
            assert_eq!(offered(TWO, line), [""; 0], "{line}");
        }
    }

    #[test]
    fn a_kid_that_would_act_on_a_terminal_is_not_offered() {
        let long = "x".repeat(LONGEST_KID + 1);
        let kids = [
            "\\u001b[2J",
            "a\\nb",
            "a\\tb",
            "\\u202e",
            "\\u0000",
            "",
            &long,
        ];
        for kid in kids {
            let key = format!(r#"{{"kty":"oct","k":"AAAA","kid":"{kid}"}}"#);
            assert_eq!(offered(&key, "sign --jwks FILE --kid "), [""; 0], "{kid}");
        }
        let key = r#"{"kty":"oct","k":"AAAA","kid":"$(id) 'é' \" \\ `id`"}"#;
        assert_eq!(
            offered(key, "sign --jwks FILE --kid "),
            ["$(id) 'é' \" \\ `id`"]
        );
    }

    #[test]
    fn a_revoked_key_cannot_be_revoked_again() {
        let keys = r#"{"keys":[{"kid":"old","kty":"oct","revoked":{"revoked_at":1}},{"kty":"oct","k":"AAAA","kid":"a"}]}"#;
        assert_eq!(offered(keys, "rotate FILE --revoke "), ["a"]);
        assert_eq!(offered(keys, "convert FILE --without "), ["old", "a"]);
    }

    #[test]
    fn what_is_no_file_of_keys_is_passed_over() {
        for content in [
            "",
            "{",
            "e30.e30.AA",
            "<html>",
            "-----BEGIN PUBLIC KEY-----",
        ] {
            assert_eq!(offered(content, "sign --jwks FILE --kid "), [""; 0]);
            assert_eq!(offered(content, "convert FILE --only "), [""; 0]);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
        let words = ["convert", pipe.to_str().unwrap(), "--only", ""].map(str::to_owned);
        assert_eq!(candidates(&words, &RealFiles), [""; 0]);
    }
}
