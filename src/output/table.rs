//! Tables that fit the width of what shows them.

use comfy_table::presets::NOTHING;
use comfy_table::{ColumnConstraint, ContentArrangement, Table};

use super::paint::Paint;

/// Longest name by which others are aligned: one that a stranger made long must not widen them all.
pub const LONGEST_ALIGNED: usize = 32;
/// Longest text of a cell; laying out longer ones takes quadratic time, and nobody reads them.
const LONGEST_CELL: usize = 100;
/// Longest content that is kept on one line where there is room: a date, the name of a state.
const LONGEST_UNBROKEN: u16 = 20;
/// From this width on there is room.
const ROOMY: usize = 72;
/// Below this width columns would lose their contents.
const NARROWEST: usize = 40;

/// A table with a heading and no lines, at most `width` columns wide.
#[must_use]
pub fn table(heading: &[&str], rows: Vec<Vec<String>>, width: usize, paint: Paint) -> String {
    let mut table = Table::new();
    table
        .load_style(NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(width.max(NARROWEST)).unwrap_or(u16::MAX))
        .set_header(heading.iter().map(|title| (*title).to_owned()));
    for row in rows {
        table.add_row(row.iter().map(|cell| shortened(cell)));
    }
    let widths = table.column_max_content_widths();
    let last = heading.len().saturating_sub(1);
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, if index == last { 0 } else { 2 }));
        let fits = widths
            .get(index)
            .is_some_and(|&widest| widest <= LONGEST_UNBROKEN);
        if width >= ROOMY && fits {
            column.set_constraint(ColumnConstraint::ContentWidth);
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

fn shortened(cell: &str) -> String {
    match cell.char_indices().nth(LONGEST_CELL) {
        Some((end, _)) => format!("{}…", &cell[..end]),
        None => cell.to_owned(),
    }
}
