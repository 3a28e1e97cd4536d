//! How text for people is put on a terminal.

use std::borrow::Cow;

use textwrap::core::{Word, display_width};
use textwrap::{Options, WordSeparator, WordSplitter, wrap};

/// Narrowest text; below it words would stand alone on their lines.
const NARROWEST: usize = 40;
/// How much deeper than its beginning the rest of a line stands.
const INDENT: &str = "  ";

/// The text on a terminal of `width` columns: lines are broken between words where they are longer, and
/// nothing but ASCII is left for one that shows no more (`unicode` is false). What stands in backticks is
/// for people to copy, and is never broken.
pub(super) fn fitted(text: &str, width: usize, unicode: bool) -> Cow<'_, str> {
    let text = if unicode {
        Cow::Borrowed(text)
    } else {
        in_ascii(text)
    };
    let width = width.max(NARROWEST);
    if text.split('\n').all(|line| display_width(line) <= width) {
        return text;
    }
    let lines: Vec<String> = text.split('\n').map(|line| folded(line, width)).collect();
    Cow::Owned(lines.join("\n"))
}

fn folded(line: &str, width: usize) -> String {
    if display_width(line) <= width {
        return line.to_owned();
    }
    let content = line.trim_start_matches(' ');
    let start = &line[..line.len() - content.len()];
    let rest = format!("{start}{INDENT}");
    let options = Options::new(width)
        .initial_indent(start)
        .subsequent_indent(&rest)
        // A name or a URL in two pieces would be neither read nor copied.
        .break_words(false)
        .word_splitter(WordSplitter::NoHyphenation)
        .word_separator(WordSeparator::Custom(words));
    wrap(content, options).join("\n")
}

/// The words of a line, each with the spaces behind it; what stands in backticks is one word.
fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let mut rest = line;
    Box::new(std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (word, left) = rest.split_at(word_length(rest));
        rest = left;
        Some(Word::from(word))
    }))
}

/// The length in bytes of the first word and the spaces behind it.
fn word_length(line: &str) -> usize {
    let mut is_quoted = false;
    let mut has_ended = false;
    for (place, byte) in line.bytes().enumerate() {
        match byte {
            b' ' => has_ended |= !is_quoted,
            _ if has_ended => return place,
            // One that is never closed is a backtick, and no quotation.
            b'`' => is_quoted = !is_quoted && line[place + 1..].contains('`'),
            _ => {}
        }
    }
    line.len()
}

/// The text with all that is not ASCII escaped.
fn in_ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() {
            shown.push(character);
        } else {
            shown.extend(character.escape_unicode());
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_fit_stay_as_they_are() {
        let text = "  a  table\n\n  of   columns\n";
        assert_eq!(fitted(text, 80, true), text);
    }

    #[test]
    fn longer_lines_are_broken_between_words_and_go_on_deeper() {
        let line = format!("  hint: {}", "word ".repeat(12).trim_end());
        let shown = fitted(&line, 40, true);
        assert_eq!(
            shown,
            "  hint: word word word word word word\n    word word word word word word"
        );
    }

    #[test]
    fn what_is_to_be_copied_is_never_broken() {
        let command = format!("`jwks verify {}`", "--aud name ".repeat(8).trim_end());
        let shown = fitted(&format!("hint: run {command} and look"), 40, true).into_owned();
        assert!(shown.contains(&command), "{shown}");
        let url = "https://issuer.example/a/path/that/is/longer/than/the/line";
        let shown = fitted(&format!("error: cannot fetch {url}"), 40, true).into_owned();
        assert!(shown.contains(url), "{shown}");
    }

    #[test]
    fn a_single_backtick_quotes_nothing() {
        let line = format!("a ` {}", "word ".repeat(20).trim_end());
        let shown = fitted(&line, 40, true);
        assert!(shown.lines().all(|line| line.len() <= 40), "{shown}");
    }

    #[test]
    fn colour_takes_no_room() {
        let line = format!("\u{1b}[1;31merror\u{1b}[0m {}", "x".repeat(34));
        assert_eq!(fitted(&line, 40, true), line);
    }

    #[test]
    fn a_terminal_that_shows_ascii_gets_nothing_else() {
        assert_eq!(fitted("kid \"ü\"\n", 80, false), "kid \"\\u{fc}\"\n");
    }

    #[test]
    fn narrow_terminals_and_odd_texts_do_no_harm() {
        for text in ["", "\n", " ", "``", "` `", "   \n`", &" ".repeat(200)] {
            for width in [0, 1, 40, usize::MAX] {
                let shown = fitted(text, width, true).into_owned();
                assert_eq!(
                    shown.replace([' ', '\n'], ""),
                    text.replace([' ', '\n'], "")
                );
            }
        }
    }
}
