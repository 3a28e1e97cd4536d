//! The source of a man page: escaping, and the few macros of man(7) that the pages need.

/// Longest line of the source, in bytes.
const LINE: usize = 78;

/// A page, or a part of one.
#[derive(Default)]
pub(super) struct Page {
    source: String,
}

impl Page {
    pub(super) fn title(&mut self, name: &str, date: &str, version: &str) {
        let name = name.to_uppercase();
        self.control(&format!(
            "TH {name} 1 {date} \"{version}\" \"User Commands\""
        ));
    }

    pub(super) fn section(&mut self, name: &str) {
        self.control(&format!("SH {name}"));
    }

    pub(super) fn subsection(&mut self, name: &str) {
        self.control(&format!("SS {name}"));
    }

    /// A line of text that is escaped already.
    pub(super) fn line(&mut self, text: &str) {
        let text = text.trim();
        if text.starts_with(['.', '\'']) {
            self.source += "\\&";
        }
        self.source += text;
        self.source.push('\n');
    }

    /// The head of an item; its text follows.
    pub(super) fn item(&mut self, head: &str) {
        self.control("TP");
        self.line(head);
    }

    /// The text of an item, which is escaped already, with an empty line between its paragraphs.
    pub(super) fn said(&mut self, text: &str) {
        for (index, paragraph) in text.split("\n\n").enumerate() {
            if index > 0 {
                self.control("IP");
            }
            let words: Vec<&str> = paragraph.split_whitespace().collect();
            self.line(&words.join(" "));
        }
    }

    /// What `body` writes stands further to the right.
    pub(super) fn indented(&mut self, body: impl FnOnce(&mut Self)) {
        self.control("RS");
        body(self);
        self.control("RE");
    }

    /// Text with an empty line between its paragraphs.
    pub(super) fn paragraphs(&mut self, text: &str) {
        for paragraph in text
            .split("\n\n")
            .filter(|paragraph| !paragraph.trim().is_empty())
        {
            if !self.has_new_section() {
                self.control("PP");
            }
            let words: Vec<&str> = paragraph.split_whitespace().collect();
            self.line(&escaped(&words.join(" ")));
        }
    }

    /// Lines that are shown as they are.
    pub(super) fn verbatim(&mut self, lines: &[&str]) {
        self.control("EX");
        for line in lines {
            let escaped = escaped_verbatim(line);
            if escaped.starts_with(['.', '\'']) {
                self.source += "\\&";
            }
            self.source += &escaped;
            self.source.push('\n');
        }
        self.control("EE");
    }

    /// The next line begins anew.
    pub(super) fn line_break(&mut self) {
        self.control("br");
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.source.into_bytes()
    }

    fn control(&mut self, line: &str) {
        self.source.push('.');
        self.source += line;
        self.source.push('\n');
    }

    fn has_new_section(&self) -> bool {
        let last = self.source.lines().last();
        last.is_some_and(|line| line.starts_with(".SH") || line.starts_with(".SS"))
    }
}

pub(super) fn bold(text: &str) -> String {
    format!("\\fB{}\\fR", escaped_verbatim(text))
}

pub(super) fn italic(text: &str) -> String {
    format!("\\fI{}\\fR", escaped_verbatim(text))
}

/// Running text: what stands between backticks is to be typed, and bold.
pub(super) fn escaped(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escaped_verbatim(text);
    }
    let styled = |(index, part): (usize, &&str)| match index % 2 {
        0 => escaped_verbatim(part),
        _ => bold(part),
    };
    parts.iter().enumerate().map(styled).collect()
}

/// Every character as itself, also those for which roff has finer ones.
fn escaped_verbatim(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '\\' => escaped += "\\e",
            '-' => escaped += "\\-",
            '\'' => escaped += "\\(aq",
            '`' => escaped += "\\(ga",
            '^' => escaped += "\\(ha",
            '~' => escaped += "\\(ti",
            other => escaped.push(other),
        }
    }
    escaped
}

/// The source with long lines of running text broken, in ASCII, which every roff reads.
pub(super) fn folded(source: &str) -> String {
    let source = ascii(source);
    let mut folded = String::new();
    let (mut is_verbatim, mut is_head) = (false, false);
    for line in source.lines() {
        match line {
            ".EX" => is_verbatim = true,
            ".EE" => is_verbatim = false,
            _ => {}
        }
        let is_control = line.starts_with('.') || line.starts_with('\'');
        if is_control || is_verbatim || is_head {
            folded += line;
            folded.push('\n');
        } else {
            fold_into(&mut folded, line);
        }
        is_head = line.starts_with(".TP");
    }
    folded
}

fn ascii(source: &str) -> String {
    let mut ascii = String::with_capacity(source.len());
    for character in source.chars() {
        if character.is_ascii() {
            ascii.push(character);
        } else {
            ascii += &format!("\\[u{:04X}]", u32::from(character));
        }
    }
    ascii
}

/// Each sentence starts a line: so roff knows its end, and leaves the same space behind each.
fn fold_into(folded: &mut String, line: &str) {
    let mut length = 0;
    for word in line.split(' ').filter(|word| !word.is_empty()) {
        if length > 0 && length + 1 + word.len() > LINE {
            folded.push('\n');
            length = 0;
        }
        if length > 0 {
            folded.push(' ');
            length += 1;
        } else if word.starts_with(['.', '\'']) {
            *folded += "\\&";
        }
        *folded += word;
        length += word.len();
        if word.ends_with(['.', '?', '!']) || word.ends_with(".)") {
            folded.push('\n');
            length = 0;
        }
    }
    if length > 0 {
        folded.push('\n');
    }
}
