//! What `inspect` has found, in the forms in which other programs take it in.
//!
//! The names of files are as much a stranger's as what the documents hold. Each form escapes whatever it
//! writes in one place and by its own rules, so that nothing can end a line, a string or an element.

mod fingerprint;
mod github;
mod gitlab;
mod junit;
mod place;
mod sarif;

use std::io;

use super::inspection::SourceView;
use crate::core::lint::{Finding, Ignore, Severity};
use crate::error::CommandError;

/// An inspection, as reports tell of it.
pub struct Inspection<'i> {
    /// The sources that could be read.
    pub sources: &'i [SourceView<'i>],
    /// Why others could not.
    pub errors: &'i [CommandError],
    /// Findings that somebody does not want to see.
    pub ignored: &'i [Ignore],
    /// The least severity with which a finding fails a rule.
    pub threshold: Severity,
}

impl Inspection<'_> {
    /// The report as a SARIF log.
    #[must_use]
    pub fn sarif(&self) -> String {
        sarif::report(self)
    }

    /// The report as JUnit XML.
    ///
    /// # Errors
    /// None that can happen: everything is written to memory.
    pub fn junit(&self) -> io::Result<String> {
        junit::report(self)
    }

    /// The report as workflow commands of GitHub Actions.
    #[must_use]
    pub fn github(&self) -> String {
        github::report(self)
    }

    /// The report as a GitLab Code Quality report.
    #[must_use]
    pub fn gitlab(&self) -> String {
        gitlab::report(self)
    }

    /// Every finding beside its source, in the order of sources and documents.
    fn findings(&self) -> impl Iterator<Item = (&SourceView<'_>, &Finding)> {
        self.sources
            .iter()
            .flat_map(|source| source.findings.iter().map(move |finding| (source, finding)))
    }
}
