//! Tables that fit the width of what shows them.

use comfy_table::presets::NOTHING;
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width};

use super::paint::Paint;
use crate::context::Stream;

/// Longest name by which others are aligned: one that a stranger made long must not widen them all.
pub const LONGEST_ALIGNED: usize = 32;
/// Longest text of a cell; laying out longer ones takes quadratic time, and nobody reads them.
const LONGEST_CELL: usize = 100;
/// Longest name with white space in it in the first column: a sentence of a stranger's would go on at the
/// margin, where lines of our own begin.
const LONGEST_SPACED: usize = 10;
/// Longest content that is kept on one line where there is room: a date, the name of a state.
const LONGEST_UNBROKEN: u16 = 20;
/// What a broken column keeps where there is room: the first, which names what the row is about, and another.
const LEAST: [u16; 2] = [12, 7];
/// What stands between two columns.
const GAP: u16 = 2;
/// From this width on there is room.
const ROOMY: usize = 72;
/// Below this width columns would lose their contents.
const NARROWEST: usize = 40;

/// What shows a table.
#[derive(Debug, Clone, Copy)]
pub struct Screen {
    /// Its width in columns.
    pub width: usize,
    /// True when it shows more than ASCII.
    pub unicode: bool,
}

impl Screen {
    /// What shows a stream.
    #[must_use]
    pub fn of(stream: &Stream<'_>) -> Self {
        Self {
            width: stream.width,
            unicode: stream.unicode,
        }
    }
}

/// A table with a heading and no lines, at most as wide as the screen.
#[must_use]
pub fn table(heading: &[&str], rows: Vec<Vec<String>>, screen: Screen, paint: Paint) -> String {
    let mut table = Table::new();
    let width = u16::try_from(screen.width.max(NARROWEST)).unwrap_or(u16::MAX);
    table
        .load_style(NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width)
        .set_header(heading.iter().map(|title| (*title).to_owned()));
    for row in rows {
        let cells = row.iter().enumerate().map(|(column, cell)| {
            let is_spaced = column == 0 && cell.contains(char::is_whitespace);
            let longest = if is_spaced {
                LONGEST_SPACED
            } else {
                LONGEST_CELL
            };
            shortened(cell, longest, screen.unicode)
        });
        table.add_row(cells);
    }
    let last = heading.len().saturating_sub(1);
    let constraints = constraints(&table.column_max_content_widths(), width);
    let columns = table.column_iter_mut().zip(constraints).enumerate();
    for (index, (column, constraint)) in columns {
        column.set_padding((0, if index == last { 0 } else { GAP }));
        if screen.width >= ROOMY {
            column.set_constraint(constraint);
        }
    }
    let text = table.to_string();
    let mut lines = text.lines().map(str::trim_end);
    let mut shown = paint.strong(lines.next().unwrap_or_default());
    for line in lines {
        shown.push('\n');
        shown.push_str(line);
    }
    shown
}

/// Short columns stay whole, from the last to the first, for as long as all others keep their least.
fn constraints(widths: &[u16], screen: u16) -> Vec<ColumnConstraint> {
    let least = |index: usize| widths[index].min(LEAST[index.min(1)]).saturating_add(GAP);
    let all_least: u16 = (0..widths.len()).map(least).fold(0, u16::saturating_add);
    let mut left = screen.saturating_add(GAP).saturating_sub(all_least);
    let mut constraints: Vec<ColumnConstraint> = (0..widths.len())
        .rev()
        .map(|index| {
            let (widest, kept) = (widths[index], least(index) - GAP);
            let more = widest - kept;
            if widest <= LONGEST_UNBROKEN && more <= left {
                left -= more;
                ColumnConstraint::ContentWidth
            } else {
                ColumnConstraint::LowerBoundary(Width::Fixed(kept + GAP))
            }
        })
        .collect();
    constraints.reverse();
    constraints
}

/// A cell that is cut in its middle: names differ at their ends.
fn shortened(cell: &str, longest: usize, unicode: bool) -> String {
    let length = cell.chars().count();
    if length <= longest {
        return cell.to_owned();
    }
    let cut = if unicode { "…" } else { "..." };
    let half = longest / 2;
    let start: String = cell.chars().take(half).collect();
    let end: String = cell.chars().skip(length - half).collect();
    format!("{start}{cut}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(kid: &str, alg: &str, width: usize) -> Vec<String> {
        let date = || "2026-11-03T02:00:00Z".to_owned();
        let row = vec![
            kid.to_owned(),
            alg.to_owned(),
            "pending (new)".to_owned(),
            date(),
            date(),
        ];
        let heading = ["KID", "ALG", "STATE", "SIGNS FROM", "LEAVES"];
        let screen = Screen {
            width,
            unicode: true,
        };
        let text = table(&heading, vec![row], screen, Paint::new(false));
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_long_column_leaves_the_first_its_least_width() {
        let kid = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
        for alg in [
            "Ed25519",
            "ECDH-ES+A256KW P-521",
            &"x".repeat(30),
            &"x".repeat(300),
        ] {
            let lines = drawn(kid, alg, 80);
            assert!(lines.iter().all(|line| line.chars().count() <= 80));
            assert!(lines[1].starts_with(&kid[..12]), "{lines:#?}");
            // What has to stay whole does.
            let dates = "  pending (new)  2026-11-03T02:00:00Z  2026-11-03T02:00:00Z";
            assert!(lines[1].ends_with(dates), "{lines:#?}");
        }
        assert!(drawn("one", "ECDH-ES+A256KW P-521", 80)[1].starts_with("one  ECDH-ES+A256KW"));
    }

    #[test]
    fn no_sentence_of_a_stranger_goes_on_at_the_margin() {
        for space in [" ", "\u{a0}"] {
            let words = ["one", "hint:", "run", "what", "is", "not", "mine"];
            for width in [80, 120, 300] {
                let lines = drawn(&words.join(space), "ES256", width);
                assert_eq!(lines.len(), 2, "{lines:#?}");
                let name = format!("one{space}h…{space}mine");
                assert!(lines[1].starts_with(&name), "{lines:#?}");
            }
        }
        assert!(drawn("key of may", "ES256", 80)[1].starts_with("key of may  ES256"));
    }

    #[test]
    fn what_is_too_long_is_cut_in_its_middle() {
        let long = format!("a{}z", "x".repeat(500));
        let cut = format!("a{}…{}z", "x".repeat(49), "x".repeat(49));
        assert_eq!(shortened(&long, LONGEST_CELL, true), cut);
        assert_eq!(
            shortened(&long, LONGEST_CELL, false),
            cut.replace('…', "...")
        );
        assert_eq!(shortened("é", LONGEST_CELL, false), "é");
    }

    #[test]
    fn no_number_of_columns_and_no_width_breaks_the_layout() {
        for width in [0, 1, 40, 72, 80, 65_535, usize::MAX] {
            for columns in [1_usize, 2, 8, 60] {
                let heading = vec!["TITLE"; columns];
                let row = vec!["x".repeat(200); columns];
                let screen = Screen {
                    width,
                    unicode: false,
                };
                let text = table(&heading, vec![row], screen, Paint::new(false));
                assert!(text.starts_with('T'), "{width} {columns}");
            }
        }
    }
}
