//! The lives of keys, drawn: published, signing, verifying, gone, with now marked.

use std::time::Duration;

use super::paint::Paint;
use super::table::{LONGEST_ALIGNED, Screen};
use crate::core::time::NumericDate;

/// More keys than this are not drawn: the table says it all.
const MOST_KEYS: usize = 20;
/// Fewer columns than this show nothing.
const NARROWEST: usize = 20;
/// More columns than this are no clearer.
const WIDEST: usize = 72;

/// The life of a key. A time that is not known is long ago, or has not been planned.
pub struct Span {
    /// Its name.
    pub label: String,
    /// Since when consumers can know it.
    pub published: Option<NumericDate>,
    /// Since when it signs.
    pub signs: Option<NumericDate>,
    /// True when it waits until it is needed.
    pub is_standby: bool,
    /// When its successor takes over.
    pub retires: Option<NumericDate>,
    /// When it goes.
    pub leaves: Option<NumericDate>,
}

/// What stands for what.
struct Strokes {
    now: char,
    published: char,
    signs: char,
    verifies: char,
    gone: char,
}

const UNICODE: Strokes = Strokes {
    now: '▼',
    published: '┄',
    signs: '━',
    verifies: '─',
    gone: '╳',
};

const ASCII: Strokes = Strokes {
    now: 'v',
    published: '.',
    signs: '=',
    verifies: '-',
    gone: 'x',
};

/// What the keys do while they are in use, and after that.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// While a key is the active one.
    pub active: &'static str,
    /// While its successor is, and it has not gone.
    pub retiring: &'static str,
}

/// The drawing, with a line break at its end; none where there is no room, nothing to draw, or too much.
#[must_use]
pub fn draw(
    spans: &[Span],
    words: Words,
    now: NumericDate,
    screen: Screen,
    paint: Paint,
) -> Option<String> {
    let strokes = if screen.unicode { &UNICODE } else { &ASCII };
    let labels: Vec<String> = spans.iter().map(|span| shortened(&span.label)).collect();
    let label_width = labels.iter().map(|label| label.chars().count()).max()?;
    let columns = screen.width.checked_sub(label_width + 2)?.min(WIDEST);
    if spans.len() > MOST_KEYS || columns < NARROWEST {
        return None;
    }
    let scale = Scale::of(spans, now, columns)?;
    let mark = scale.column(now);
    let mut text = format!("{:label_width$}  {:mark$}{} now\n", "", "", strokes.now);
    for (span, label) in spans.iter().zip(&labels) {
        let line: String = (0..columns)
            .map(|column| stroke(span, &scale, column, strokes))
            .collect();
        let pad = label_width - label.chars().count();
        let row = format!("{}{:pad$}  {}", paint.strong(label), "", line.trim_end());
        text.push_str(row.trim_end());
        text.push('\n');
    }
    let legend = format!(
        "{:label_width$}  {} published   {} {}   {} {}   {} leaves\n",
        "",
        strokes.published,
        strokes.signs,
        words.active,
        strokes.verifies,
        words.retiring,
        strokes.gone
    );
    text.push_str(&paint.faint(legend.trim_end()));
    text.push('\n');
    Some(text)
}

fn shortened(label: &str) -> String {
    match label.char_indices().nth(LONGEST_ALIGNED / 2) {
        Some((end, _)) => format!("{}~", &label[..end]),
        None => label.to_owned(),
    }
}

/// What of its life a key is in at a column.
fn stroke(span: &Span, scale: &Scale, column: usize, strokes: &Strokes) -> char {
    let from = |date: Option<NumericDate>| date.map(|date| scale.column(date));
    match from(span.leaves) {
        Some(leaves) if column == leaves => return strokes.gone,
        Some(leaves) if column > leaves => return ' ',
        _ => {}
    }
    if from(span.published).is_some_and(|published| column < published) {
        ' '
    } else if span.is_standby || from(span.signs).is_some_and(|signs| column < signs) {
        strokes.published
    } else if from(span.retires).is_some_and(|retires| column >= retires) {
        strokes.verifies
    } else {
        strokes.signs
    }
}

/// From times to columns.
struct Scale {
    start: NumericDate,
    length: Duration,
    columns: usize,
}

impl Scale {
    /// From a little before now, or the last event before it, to a little after the last event.
    fn of(spans: &[Span], now: NumericDate, columns: usize) -> Option<Self> {
        let ahead = |span: &Span| {
            let signs = span.signs.filter(|_| !span.is_standby);
            [signs, span.retires, span.leaves]
                .into_iter()
                .flatten()
                .max()
        };
        let last = spans
            .iter()
            .filter_map(ahead)
            .max()
            .filter(|last| *last > now)?;
        let rest = last.since(now);
        Some(Self {
            start: now.minus(rest / 4),
            length: (rest / 8).saturating_mul(11),
            columns,
        })
    }

    /// The column of a time, which is the first or the last for one beyond the drawing.
    fn column(&self, date: NumericDate) -> usize {
        let part = date.since(self.start).as_secs_f64() / self.length.as_secs_f64().max(1.0);
        let places = f64::from(u32::try_from(self.columns).unwrap_or(u32::MAX));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is between nought and the number of columns"
        )]
        let column = (part * places).clamp(0.0, places) as usize;
        column.min(self.columns - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: Words = Words {
        active: "signs",
        retiring: "verifies",
    };

    fn at(hours: i64) -> NumericDate {
        NumericDate::from_seconds(hours * 3600)
    }

    fn screen(width: usize) -> Screen {
        Screen {
            width,
            unicode: false,
        }
    }

    fn spans() -> Vec<Span> {
        let span = |label: &str, published, signs, retires, leaves| Span {
            label: label.to_owned(),
            published,
            signs,
            is_standby: false,
            retires,
            leaves,
        };
        vec![
            span("old", None, None, Some(at(25)), Some(at(50))),
            span("new", Some(at(0)), Some(at(25)), None, None),
            Span {
                is_standby: true,
                ..span("spare", Some(at(0)), Some(at(80_000_000)), None, None)
            },
        ]
    }

    #[test]
    fn lives_are_drawn_in_order_with_now_marked() {
        let drawn = draw(&spans(), WORDS, at(0), screen(51), Paint::new(false)).unwrap();
        assert_eq!(
            drawn,
            "               v now
old    ========================----------------x
new            ................====================
spare          ....................................
       . published   = signs   - verifies   x leaves
"
        );
        let unicode = Screen {
            unicode: true,
            ..screen(51)
        };
        let drawn = draw(&spans(), WORDS, at(0), unicode, Paint::new(false)).unwrap();
        assert!(drawn.contains("━───") && drawn.contains('╳') && drawn.contains("▼ now"));
        for line in drawn.lines().take(4) {
            assert!(line.chars().count() <= 51, "{line}");
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_left_to_the_table() {
        let paint = Paint::new(false);
        assert_eq!(draw(&spans(), WORDS, at(0), screen(20), paint), None);
        assert_eq!(draw(&[], WORDS, at(0), screen(80), paint), None);
        assert_eq!(
            draw(&spans(), WORDS, at(51), screen(80), paint),
            None,
            "nothing is ahead"
        );
        let many: Vec<Span> = (0..30).flat_map(|_| spans()).collect();
        assert_eq!(draw(&many, WORDS, at(0), screen(80), paint), None);
        let far = NumericDate::from_seconds(i64::MAX);
        let mut extreme = spans();
        extreme[0].leaves = Some(far);
        assert!(
            draw(
                &extreme,
                WORDS,
                NumericDate::from_seconds(i64::MIN),
                screen(80),
                paint
            )
            .is_some()
        );
    }
}
