//! A help text in a man page. A line at the margin with a colon at its end is a heading; lines that are
//! indented by four or more are shown as they are; those by two are paragraphs, or entries of a list where
//! two spaces or a deeper line come after a name.

use std::iter::Peekable;
use std::str::Lines;

use super::page::{Page, bold, escaped};

/// The least indentation of lines that are shown as they are.
const VERBATIM: usize = 4;
/// That of the lines with which an entry goes on.
const DEEP: usize = 6;

/// Writes the text, with `heading` for its headings.
pub(super) fn write(page: &mut Page, text: &str, heading: impl Fn(&mut Page, &str)) {
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let content = line.trim();
        let is_entry =
            content.contains("  ") || lines.peek().is_some_and(|next| indentation(next) >= DEEP);
        match indentation(line) {
            _ if content.is_empty() => {}
            0 if content.ends_with(':') => heading(page, content.trim_end_matches(':')),
            VERBATIM.. => verbatim(page, line, &mut lines),
            _ if is_entry => entry(page, content, &mut lines),
            _ => page.paragraphs(content),
        }
    }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn verbatim(page: &mut Page, first: &str, lines: &mut Peekable<Lines<'_>>) {
    let mut block = vec![first];
    while let Some(more) = lines.next_if(|next| indentation(next) >= VERBATIM) {
        block.push(more);
    }
    let block: Vec<&str> = block.iter().map(|line| &line[VERBATIM..]).collect();
    page.indented(|page| page.verbatim(&block));
}

fn entry(page: &mut Page, first: &str, lines: &mut Peekable<Lines<'_>>) {
    let (name, said) = first.split_once("  ").unwrap_or((first, ""));
    page.item(&bold(name));
    let mut said = said.trim().to_owned();
    while let Some(more) = lines.next_if(|next| indentation(next) >= DEEP) {
        said = format!("{said} {}", more.trim());
    }
    page.line(&escaped(&said));
}
