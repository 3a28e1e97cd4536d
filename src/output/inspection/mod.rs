//! What sources are and what they hold: for people, and as `jwks.inspect/1`.

mod certificates;
mod findings;
mod json;
mod keys;
mod token;

use super::paint::Paint;
use super::table::Screen;
use crate::core::failure::printable;
use crate::core::json::Positions;
use crate::core::lint::{Finding, Rule};
use crate::core::time::NumericDate;

pub use json::report;
pub use keys::KeysView;
pub use token::{Body, TokenView};

/// A source, what it holds, and what is wrong with that.
pub struct SourceView<'s> {
    /// The source as messages name it.
    pub name: &'s str,
    /// What it is a name of.
    pub origin: Origin,
    /// Where things stand in the document.
    pub positions: Positions<'s>,
    /// The rules that it was held to.
    pub rules: Vec<&'static Rule>,
    /// What the rules have found, in the order of the document.
    pub findings: Vec<Finding>,
    /// What it holds.
    pub holds: Holds<'s>,
}

/// Where a source came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A file; the name is its path.
    File,
    /// A server; the name is the URL that was asked.
    Url,
    /// Standard input.
    StandardInput,
    /// The command line, on which a token stood.
    Argument,
}

/// What a source holds.
pub enum Holds<'s> {
    /// Keys.
    Keys(KeysView<'s>),
    /// A token.
    Token(Box<TokenView<'s>>),
    /// Neither; what it is instead, a finding says.
    Neither,
}

impl SourceView<'_> {
    /// The view for people.
    #[must_use]
    pub fn text(&self, now: NumericDate, screen: Screen, paint: Paint) -> String {
        let name = paint.strong(&printable(self.name));
        let mut text = match &self.holds {
            Holds::Keys(keys) => format!("{name}: {}", keys.text(now, screen, paint)),
            Holds::Token(token) => format!("{name}: {}", token.text(now, paint)),
            Holds::Neither => format!("{name}: neither keys nor a token\n"),
        };
        if !self.findings.is_empty() {
            text.push('\n');
            text.push_str(&findings::text(self, paint));
        }
        text
    }
}
