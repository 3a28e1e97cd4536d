//! How many lines there were and what became of them. Tallies of parts add up to that of the whole.

use std::collections::BTreeMap;

use super::Record;
use crate::core::failure::Code;
use crate::core::json::{Outline, Part, each_member};

/// The name under which an algorithm or a key without a name is counted.
const UNNAMED: &str = "";

/// Counts of the lines of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Lines, each of which has had a record.
    pub lines: u64,
    /// Lines whose token is valid.
    pub valid: u64,
    /// The other lines, by the first reason.
    pub codes: BTreeMap<String, u64>,
    /// Valid tokens by algorithm.
    pub algorithms: BTreeMap<String, u64>,
    /// Valid tokens by `kid` of the key; those of keys without one under the empty name.
    pub keys: BTreeMap<String, u64>,
}

/// Why a document is no tally.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyFault(pub String);

impl Tally {
    /// The lines whose token was rejected.
    #[must_use]
    pub fn invalid(&self) -> u64 {
        self.lines.saturating_sub(self.valid)
    }

    /// The lines of which nobody can tell what they are, because the keys could not be had.
    #[must_use]
    pub fn undecided(&self) -> u64 {
        let count = |code: Code| self.codes.get(code.as_str()).copied().unwrap_or(0);
        // No sum of parts is beyond the number of lines.
        count(Code::KeysOutdated).saturating_add(count(Code::KeysUnavailable))
    }

    /// Counts a line.
    pub fn count(&mut self, record: &Record<'_>) {
        self.lines += 1;
        match record.codes.first() {
            Some(code) => add(&mut self.codes, code.as_str(), 1),
            None => {
                self.valid += 1;
                let algorithm = record.algorithm.unwrap_or(UNNAMED);
                add(&mut self.algorithms, algorithm, 1);
                add(&mut self.keys, record.kid.unwrap_or(UNNAMED), 1);
            }
        }
    }

    /// Adds what another tally has counted.
    ///
    /// # Errors
    /// There are more lines than can be counted; some of the counts have been added then.
    pub fn merge(&mut self, other: &Self) -> Result<(), TallyFault> {
        let lines = self.lines.checked_add(other.lines);
        // The other counts are parts of this one.
        self.lines = lines.ok_or_else(|| TallyFault("there are too many lines".to_owned()))?;
        self.valid += other.valid;
        for (own, others) in [
            (&mut self.codes, &other.codes),
            (&mut self.algorithms, &other.algorithms),
            (&mut self.keys, &other.keys),
        ] {
            for (name, count) in others {
                add(own, name, *count);
            }
        }
        Ok(())
    }

    /// Reads the counts out of a report that holds a tally.
    ///
    /// # Errors
    /// A member is missing, is no count, or the counts contradict each other.
    pub fn read(report: &Outline<'_>) -> Result<Self, TallyFault> {
        let tally = Self {
            lines: count(report.get("lines"), "lines")?,
            valid: count(report.get("valid"), "valid")?,
            codes: counts(report, "codes")?,
            algorithms: counts(report, "algorithms")?,
            keys: counts(report, "keys")?,
        };
        let sum = |counts: &BTreeMap<String, u64>| {
            counts
                .values()
                .try_fold(0_u64, |sum, count| sum.checked_add(*count))
        };
        let invalid = tally.lines.checked_sub(tally.valid);
        let agrees = invalid.is_some()
            && invalid == sum(&tally.codes)
            && Some(tally.valid) == sum(&tally.algorithms)
            && Some(tally.valid) == sum(&tally.keys)
            && Some(count(report.get("invalid"), "invalid")?) == invalid;
        if agrees {
            Ok(tally)
        } else {
            Err(TallyFault("its counts do not add up".to_owned()))
        }
    }
}

fn add(counts: &mut BTreeMap<String, u64>, name: &str, count: u64) {
    // Looked up by a borrowed name: a name is copied once, and not for every token.
    match counts.get_mut(name) {
        Some(own) => *own += count,
        None => {
            counts.insert(name.to_owned(), count);
        }
    }
}

fn count(part: Option<Part<'_>>, name: &str) -> Result<u64, TallyFault> {
    part.and_then(Part::as_number)
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| TallyFault(format!("\"{name}\" is missing or no count")))
}

fn counts(report: &Outline<'_>, name: &str) -> Result<BTreeMap<String, u64>, TallyFault> {
    let fault = || TallyFault(format!("\"{name}\" is missing or no object of counts"));
    let object = report.get(name).filter(|part| part.is_object());
    let mut counts = BTreeMap::new();
    let mut are_counts = true;
    each_member(
        object.ok_or_else(fault)?.raw().as_bytes(),
        |own, value| match value.as_number().and_then(|number| number.parse().ok()) {
            Some(count) => {
                counts.insert(own.to_owned(), count);
            }
            None => are_counts = false,
        },
    )
    .map_err(|_| fault())?;
    if are_counts { Ok(counts) } else { Err(fault()) }
}
