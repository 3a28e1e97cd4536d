//! Colour, for one stream: on or off.

use colored::Colorize;

/// Paints text when its stream is to be coloured.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    color: bool,
}

impl Paint {
    /// Paint for a stream that is coloured, or not.
    #[must_use]
    pub fn new(color: bool) -> Self {
        Self { color }
    }

    /// Something that went well.
    #[must_use]
    pub fn good(self, text: &str) -> String {
        self.with(text, |text| text.green().bold().to_string())
    }

    /// Something that went wrong.
    #[must_use]
    pub fn bad(self, text: &str) -> String {
        self.with(text, |text| text.red().bold().to_string())
    }

    /// Something to look at.
    #[must_use]
    pub fn warning(self, text: &str) -> String {
        self.with(text, |text| text.yellow().bold().to_string())
    }

    /// A heading.
    #[must_use]
    pub fn strong(self, text: &str) -> String {
        self.with(text, |text| text.bold().to_string())
    }

    /// The heading of a page of help, as the parser of the command line paints its own.
    #[must_use]
    pub fn heading(self, text: &str) -> String {
        self.with(text, |text| text.bold().underline().to_string())
    }

    /// Something beside the point.
    #[must_use]
    pub fn faint(self, text: &str) -> String {
        self.with(text, |text| text.dimmed().to_string())
    }

    fn with(self, text: &str, paint: impl FnOnce(&str) -> String) -> String {
        if self.color {
            paint(text)
        } else {
            text.to_owned()
        }
    }
}
