//! Documents in Markdown, as far as the tests look into them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::repository::root;

/// Fewer blocks than this in all documents mean that reading them went wrong.
const LEAST_BLOCKS: usize = 40;

/// A document of the repository.
pub(crate) struct Document {
    /// The path from the root of the repository.
    pub(crate) name: String,
    pub(crate) text: String,
}

/// A fenced block.
pub(crate) struct Block {
    pub(crate) language: String,
    /// What stands in it, without the indentation of the fence.
    pub(crate) content: String,
    /// Lines of the document that it takes up, fences included, from 0.
    pub(crate) lines: std::ops::Range<usize>,
    /// How far the fence is indented, in spaces.
    pub(crate) indentation: usize,
}

/// Fails with all of these, each of which is about one place in a document.
pub(crate) fn require_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

/// All documents for people who use the program or change it.
pub(crate) fn documents() -> Vec<Document> {
    let mut paths: Vec<PathBuf> = [
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "CHANGELOG.md",
    ]
    .iter()
    .chain(&["schemas/README.md"])
    .map(|name| root().join(name))
    .collect();
    for entry in fs::read_dir(root().join("docs")).expect("the folder of the guides") {
        paths.push(entry.expect("a guide").path());
    }
    paths.sort();
    let documents: Vec<Document> = paths.iter().map(|path| Document::read(path)).collect();
    let count: usize = documents
        .iter()
        .map(|document| document.blocks().len())
        .sum();
    assert!(count >= LEAST_BLOCKS, "only {count} blocks");
    documents
}

impl Document {
    fn read(path: &Path) -> Self {
        let name = path.strip_prefix(root()).expect("a path of the repository");
        Self {
            name: name.to_str().expect("a name in UTF-8").to_owned(),
            text: fs::read_to_string(path)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display())),
        }
    }

    /// The fenced blocks, in order.
    pub(crate) fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut open: Option<Block> = None;
        for (number, line) in self.text.lines().enumerate() {
            let indentation = line.len() - line.trim_start().len();
            match (&mut open, line.trim_start().strip_prefix("```")) {
                (None, Some(language)) => {
                    open = Some(Block {
                        language: language.to_owned(),
                        content: String::new(),
                        lines: number..number,
                        indentation,
                    });
                }
                (None, None) => {}
                (Some(_), Some("")) => blocks.extend(open.take().map(|mut block| {
                    block.lines.end = number + 1;
                    block
                })),
                (Some(block), _) => {
                    let spaces = block.indentation.min(indentation);
                    block.content.push_str(&line[spaces..]);
                    block.content.push('\n');
                }
            }
        }
        assert!(open.is_none(), "{}: a block has no end", self.name);
        blocks
    }

    /// The text with the lines of its blocks empty.
    pub(crate) fn prose(&self) -> String {
        let blocks = self.blocks();
        let is_prose = |number: &usize| !blocks.iter().any(|block| block.lines.contains(number));
        let lines = self
            .text
            .lines()
            .enumerate()
            .map(|(number, line)| if is_prose(&number) { line } else { "" });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// What stands between backticks in the prose.
    pub(crate) fn inline_code(&self) -> Vec<String> {
        self.paragraphs().into_iter().flatten().collect()
    }

    /// The same for each paragraph, in the next line of which it may go on, and for each row of a table.
    pub(crate) fn paragraphs(&self) -> Vec<Vec<String>> {
        let prose = self.prose().replace("\n|", "\n\n|");
        prose
            .split("\n\n")
            .map(|paragraph| self.code_of(paragraph))
            .collect()
    }

    fn code_of(&self, paragraph: &str) -> Vec<String> {
        let parts: Vec<&str> = paragraph.split('`').collect();
        assert!(
            parts.len() % 2 == 1,
            "{}: a backtick alone in\n{paragraph}",
            self.name
        );
        let code = parts.into_iter().skip(1).step_by(2);
        code.map(|code| code.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    }

    /// The names by which links reach its headings.
    pub(crate) fn anchors(&self) -> Vec<String> {
        let prose = self.prose();
        let headings = prose.lines().filter(|line| line.starts_with('#'));
        headings
            .map(|line| {
                let title = line.trim_start_matches('#').trim().to_lowercase();
                let kept = title.chars().filter_map(|character| match character {
                    ' ' => Some('-'),
                    '-' | '_' => Some(character),
                    _ if character.is_alphanumeric() => Some(character),
                    _ => None,
                });
                kept.collect()
            })
            .collect()
    }
}
