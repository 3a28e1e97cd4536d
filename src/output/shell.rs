//! Command lines for people to copy.

use std::ffi::{OsStr, OsString};

use crate::core::failure::is_unprintable;

/// The program with the arguments that it was given, and with `options`; none where that cannot be shown as
/// it is.
#[must_use]
pub fn command(given: &[OsString], options: &[String]) -> Option<String> {
    let given = given.iter().map(OsString::as_os_str);
    let words = given.chain(options.iter().map(OsStr::new));
    let mut line = "jwks".to_owned();
    for word in words {
        line.push(' ');
        line.push_str(&quoted(word.to_str()?)?);
    }
    Some(line)
}

/// A word as a shell takes it; none where it cannot be shown.
fn quoted(word: &str) -> Option<String> {
    const PLAIN: &str = "-._~:/%=,+@";
    let is_plain = |character: char| character.is_ascii_alphanumeric() || PLAIN.contains(character);
    if word.chars().any(is_unprintable) {
        return None;
    }
    let is_literal = !word.is_empty() && !word.starts_with('~') && word.chars().all(is_plain);
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
        let given = ["generate", "--kid", "it's $HOME", "", "~x"].map(OsString::from);
        let options = ["--alg".to_owned(), "ECDH-ES+A256KW".to_owned()];
        assert_eq!(
            command(&given, &options).unwrap(),
            r"jwks generate --kid 'it'\''s $HOME' '' '~x' --alg ECDH-ES+A256KW"
        );
        assert_eq!(command(&["a\u{1b}[2J".into()], &[]), None);
    }
}
