//! Tables that fit the width of what shows them.

use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};

use super::paint::Paint;

/// A table with a heading and no lines, at most `width` columns wide.
#[must_use]
pub fn table(heading: &[&str], rows: Vec<Vec<String>>, width: usize, paint: Paint) -> String {
    let mut table = Table::new();
    table
        .load_style(NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(width).unwrap_or(u16::MAX))
        .set_header(heading.iter().map(|title| (*title).to_owned()));
    for row in rows {
        table.add_row(row);
    }
    let last = heading.len().saturating_sub(1);
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, if index == last { 0 } else { 2 }));
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
