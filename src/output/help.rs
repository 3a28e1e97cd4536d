//! Help as it is shown.

use clap::builder::StyledStr;

use super::paint::Paint;

/// A page of help. With colours the headings of texts look like those of options.
#[must_use]
pub fn page(page: &StyledStr, color: bool) -> String {
    let paint = Paint::new(color);
    let text = if color {
        page.ansi().to_string()
    } else {
        page.to_string()
    };
    let mut shown = String::with_capacity(text.len());
    for line in text.lines() {
        // The parser indents lines that are empty.
        let line = line.trim_end();
        if is_heading(line) {
            shown.push_str(&paint.heading(line));
        } else {
            shown.push_str(line);
        }
        shown.push('\n');
    }
    shown
}

/// A line at the margin with a colon at its end and nothing painted in it.
fn is_heading(line: &str) -> bool {
    line.ends_with(':') && line.starts_with(|first: char| first.is_ascii_alphabetic())
}
