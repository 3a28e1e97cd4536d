//! Commands in a hint, as a person copies them into a shell. What came from a token, a server or a file name
//! stands in one only where it means nothing there.

use super::failure::quoted;

/// The text where it can be typed as it is and may be shown, and else what stands for it. An option takes it
/// as `--option=TEXT`: it may start with a hyphen.
#[must_use]
pub fn typed(text: &str, stands_for: &str) -> String {
    let typed = if can_be_typed(text) { text } else { stands_for };
    typed.to_owned()
}

/// True for a text that can be typed as it is and may be shown.
#[must_use]
pub fn can_be_typed(text: &str) -> bool {
    // What is quoted as it is has nothing to hide, and was not cut.
    let is_shown = || quoted(text) == format!("\"{text}\"");
    !text.is_empty() && text.chars().all(is_plain) && is_shown()
}

/// True for what means nothing to a shell.
fn is_plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-._:/@+=".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_act_on_is_not_typed() {
        for text in ["api", "https://a.example:8443/t", "a@b", "2026-a", "x=1"] {
            assert_eq!(typed(text, "NAME"), text);
        }
        let acted_on = [
            "",
            "a b",
            "$(id)",
            "`id`",
            "a;b",
            "it's",
            "\"",
            "a\nb",
            "a&b",
            "a|b",
            "~",
            "*",
            "a?b",
            "!x",
            "\u{1b}[31m",
            "\u{202e}",
            "grün",
            "%PATH%",
            "a\\b",
            "{a,b}",
            "#",
        ];
        for text in acted_on {
            assert_eq!(typed(text, "NAME"), "NAME", "{text:?}");
        }
        assert_eq!(typed(&"x".repeat(10_000), "NAME"), "NAME");
    }
}
