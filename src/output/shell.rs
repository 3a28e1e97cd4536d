//! Command lines for people to copy.

use std::ffi::{OsStr, OsString};

use crate::core::failure::is_unprintable;

/// The program with the arguments that it was given, and with `options`, to be told between backticks; none
/// where that cannot be shown as it is, on a terminal that shows no more than ASCII if `unicode` is false.
#[must_use]
pub fn command(given: &[OsString], options: &[String], unicode: bool) -> Option<String> {
    let given = given.iter().map(OsString::as_os_str);
    let words = given.chain(options.iter().map(OsStr::new));
    let mut line = "jwks".to_owned();
    for word in words {
        line.push(' ');
        line.push_str(&quoted(word.to_str()?)?);
    }
    (unicode || line.is_ascii()).then_some(line)
}

/// A word as a shell takes it; none where it cannot be shown between backticks.
fn quoted(word: &str) -> Option<String> {
    // A ~ means a folder behind = and : as well, and = at the start a program.
    const PLAIN: &str = "-._:/%=,+@";
    let is_plain = |character: char| character.is_ascii_alphanumeric() || PLAIN.contains(character);
    let is_hidden = |character: char| character == '`' || is_unprintable(character);
    if word.chars().any(is_hidden) {
        return None;
    }
    let is_literal = !word.is_empty() && !word.starts_with('=') && word.chars().all(is_plain);
    Some(if is_literal {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_would_change_them() {
        let given =
            ["generate", "--kid", "it's $HOME", "", "~x", "a=~/x", "=ls"].map(OsString::from);
        let options = ["--alg".to_owned(), "ECDH-ES+A256KW".to_owned()];
        assert_eq!(
            command(&given, &options, false).unwrap(),
            r"jwks generate --kid 'it'\''s $HOME' '' '~x' 'a=~/x' '=ls' --alg ECDH-ES+A256KW"
        );
    }

    #[test]
    fn what_would_be_shown_as_something_else_is_not_told() {
        for word in ["a\u{1b}[2J", "a`b", "a\nb"] {
            assert_eq!(command(&[word.into()], &[], true), None, "{word:?}");
        }
        assert_eq!(command(&["grün".into()], &[], false), None);
        assert_eq!(command(&["grün".into()], &[], true).unwrap(), "jwks 'grün'");
    }
}
