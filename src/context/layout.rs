//! How text for people is put on a terminal.
//!
//! A name out of a token or a document can hold whole sentences. Were such a text broken so that a part of it
//! stands where lines of our own begin, it could pass for a verdict or a hint.

use std::borrow::Cow;

use textwrap::WrapAlgorithm;
use textwrap::core::{Word, display_width};

/// Narrowest text; below it words would stand alone on their lines.
const NARROWEST: usize = 40;
/// How much deeper than its beginning the rest of a line stands: deeper than any line begins that belongs to
/// one at the margin, so that nothing in the rest passes for such a line.
const INDENT: &str = "      ";

/// Where a text holds what others have written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Foreign {
    /// In quotation marks alone, as in a message. What stands in backticks outside of them is a command of
    /// our own for people to copy, and is never broken.
    Quoted,
    /// Anywhere, as in a report on a document.
    Anywhere,
}

/// The text on a terminal of `width` columns: lines are broken between words where they are longer, and
/// nothing but ASCII is left for one that shows no more (`unicode` is false). A word of others that has no
/// room on a line is broken, too: the terminal would let its rest begin at the margin.
pub(super) fn fitted(text: &str, width: usize, unicode: bool, foreign: Foreign) -> Cow<'_, str> {
    let text = if unicode {
        Cow::Borrowed(text)
    } else {
        in_ascii(text)
    };
    let width = width.max(NARROWEST);
    if text.split('\n').all(|line| display_width(line) <= width) {
        return text;
    }
    let folded = |line| folded(line, width, foreign);
    let lines: Vec<String> = text.split('\n').map(folded).collect();
    Cow::Owned(lines.join("\n"))
}

fn folded(line: &str, width: usize, foreign: Foreign) -> String {
    let content = line.trim_start_matches(' ');
    if display_width(line) <= width || content.is_empty() {
        return line.to_owned();
    }
    let start = &line[..line.len() - content.len()];
    let deeper = format!("{start}{INDENT}");
    let rest = &deeper[..deeper.len().min(width / 2)];
    let room = width - rest.len();
    let words: Vec<Word<'_>> = words(content, foreign)
        .flat_map(|(word, is_foreign)| {
            if is_foreign {
                word.break_apart(room).collect()
            } else {
                vec![word]
            }
        })
        .collect();
    let rooms = [width.saturating_sub(start.len()), room];
    let lines = WrapAlgorithm::FirstFit.wrap(&words, &rooms);
    let mut folded = String::with_capacity(line.len());
    for (place, words) in lines.iter().enumerate() {
        folded.push_str(if place == 0 { start } else { rest });
        for (place, word) in words.iter().enumerate() {
            folded.push_str(word.word);
            if place + 1 < words.len() {
                folded.push_str(word.whitespace);
            }
        }
        if place + 1 < lines.len() {
            folded.push('\n');
        }
    }
    folded
}

/// The words of a line, each with the spaces behind it, and whether others may have written it. A command in
/// backticks is one word.
fn words(line: &str, foreign: Foreign) -> impl Iterator<Item = (Word<'_>, bool)> {
    let mut rest = line;
    let mut is_quoted = false;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (length, has_foreign) = first_word(rest, &mut is_quoted);
        let (word, left) = rest.split_at(length);
        rest = left;
        let is_foreign = has_foreign || foreign == Foreign::Anywhere;
        Some((Word::from(word), is_foreign))
    })
}

/// The length in bytes of the first word and the spaces behind it, and whether a part of it stands in quotation
/// marks; `is_quoted` says whether it begins in them, and afterwards whether the next one does.
fn first_word(line: &str, is_quoted: &mut bool) -> (usize, bool) {
    let mut has_foreign = *is_quoted;
    let mut is_command = false;
    let mut has_ended = false;
    let mut bytes = line.bytes().enumerate();
    while let Some((place, byte)) = bytes.next() {
        match byte {
            b' ' => has_ended |= !is_command,
            _ if has_ended => return (place, has_foreign),
            // What follows stands for itself.
            b'\\' if *is_quoted => drop(bytes.next()),
            b'"' if !is_command => {
                *is_quoted = !*is_quoted;
                has_foreign = true;
            }
            // One that is never closed is a backtick, and no quotation.
            b'`' if !*is_quoted => is_command = !is_command && line[place + 1..].contains('`'),
            _ => {}
        }
    }
    (line.len(), has_foreign)
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
        assert_eq!(fitted(text, 80, true, Foreign::Quoted), text);
    }

    #[test]
    fn longer_lines_are_broken_between_words_and_go_on_deeper() {
        let line = format!("  hint: {}", "word ".repeat(12).trim_end());
        let shown = fitted(&line, 40, true, Foreign::Quoted);
        assert_eq!(
            shown,
            "  hint: word word word word word word\n        word word word word word word"
        );
    }

    #[test]
    fn what_is_to_be_copied_is_never_broken() {
        let command = format!("`jwks verify {}`", "--aud name ".repeat(8).trim_end());
        let shown = fitted(
            &format!("hint: run {command} and look"),
            40,
            true,
            Foreign::Quoted,
        )
        .into_owned();
        assert!(shown.contains(&command), "{shown}");
        let url = "https://issuer.example/a/path/that/is/longer/than/the/line";
        let shown = fitted(
            &format!("error: cannot fetch {url}"),
            40,
            true,
            Foreign::Quoted,
        )
        .into_owned();
        assert!(shown.contains(url), "{shown}");
    }

    #[test]
    fn a_single_backtick_quotes_nothing() {
        let line = format!("a ` {}", "word ".repeat(20).trim_end());
        let shown = fitted(&line, 40, true, Foreign::Quoted);
        assert!(shown.lines().all(|line| line.len() <= 40), "{shown}");
    }

    #[test]
    fn colour_takes_no_room() {
        let line = format!("\u{1b}[1;31merror\u{1b}[0m {}", "x".repeat(34));
        assert_eq!(fitted(&line, 40, true, Foreign::Quoted), line);
    }

    #[test]
    fn a_terminal_that_shows_ascii_gets_nothing_else() {
        assert_eq!(
            fitted("kid \"ü\"\n", 80, false, Foreign::Quoted),
            "kid \"\\u{fc}\"\n"
        );
    }

    #[test]
    fn narrow_terminals_and_odd_texts_do_no_harm() {
        for text in ["", "\n", " ", "``", "` `", "   \n`", &" ".repeat(200)] {
            for width in [0, 1, 40, usize::MAX] {
                let shown = fitted(text, width, true, Foreign::Quoted).into_owned();
                assert_eq!(
                    shown.replace([' ', '\n'], ""),
                    text.replace([' ', '\n'], "")
                );
            }
        }
    }

    /// What a person sees on a terminal that lets the rest of a line that is too long begin at the margin.
    fn screen(text: &str, foreign: Foreign) -> Vec<String> {
        const WIDTH: usize = 40;
        let shown = fitted(text, WIDTH, true, foreign);
        let mut lines = Vec::new();
        for line in shown.lines() {
            let mut row = String::new();
            for character in line.chars() {
                if display_width(&row) + display_width(&character.to_string()) > WIDTH {
                    lines.push(std::mem::take(&mut row));
                }
                row.push(character);
            }
            lines.push(row);
        }
        lines
    }

    #[test]
    fn what_others_have_written_never_stands_where_a_line_begins() {
        let padding = "x".repeat(40);
        let spaces = [" ", "\u{a0}", "\u{3000}", "\u{2003}"];
        let openings = ["", "`", "\\\"`", "a ", "\\\\ ` "];
        let endings = ["", "`", "\\\" `"];
        let names = spaces.iter().flat_map(|space| {
            let of_opening = |opening| endings.map(|ending| (*space, opening, ending));
            openings.into_iter().flat_map(of_opening)
        });
        for (space, opening, ending) in names {
            for length in 0..padding.len() {
                let words = ["valid:", "ES256", "signature", "hint:", "trust", "it"].join(space);
                let name = format!("{opening}{}{space}{words}{ending}", &padding[..length]);
                for (text, foreign) in [
                    (
                        format!("  iss: \"iss\" is \"{name}\", not `jwks verify`"),
                        Foreign::Quoted,
                    ),
                    (format!("FAIL  iss  it is {name}"), Foreign::Anywhere),
                ] {
                    let screen = screen(&text, foreign);
                    for line in &screen[1..] {
                        assert!(line.starts_with(INDENT), "{text}\n{screen:#?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_command_with_a_name_of_others_in_it_is_whole() {
        let command = "`jwks generate --alg ES256 -o 'a \"file\" of this.json' --encrypt`";
        let line = format!("note: the same without questions: {command}");
        let shown = fitted(&line, 40, true, Foreign::Quoted);
        assert!(shown.ends_with(&format!("\n{INDENT}{command}")), "{shown}");
    }

    #[test]
    fn a_long_line_takes_no_longer_than_its_length() {
        for piece in ["` ", "`", "\"", "\" ` ", "\\\" ", "x", "\u{301}"] {
            let line = piece.repeat(1 << 14);
            for foreign in [Foreign::Quoted, Foreign::Anywhere] {
                assert!(fitted(&line, 40, true, foreign).len() >= line.trim_end().len());
            }
        }
    }
}
