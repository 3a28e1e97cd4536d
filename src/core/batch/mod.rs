//! A batch: tokens one a line, and one record for each line, whatever it holds.

mod tally;

use super::check::Codes;
use super::engine;
use super::failure::Code;
use super::jwks::JwkSet;
use super::jws::without_newline;
use super::time::NumericDate;
use super::verify::{Judge, Policy, Verified};

pub use tally::{Tally, TallyFault};

/// Longest name of a line, in bytes: it is repeated in the record.
pub const ID_LIMIT: usize = 1_024;

/// How lines are read.
#[derive(Debug, Clone, Copy)]
pub struct LineForm {
    /// True when a line is `id<TAB>token`, and not the token alone.
    pub has_id: bool,
    /// Longest token, in bytes.
    pub token_limit: usize,
}

impl LineForm {
    /// Longest line, in bytes without its end, that can hold a token within the limit.
    #[must_use]
    pub fn longest_line(self) -> usize {
        let id = if self.has_id { ID_LIMIT + 1 } else { 0 };
        self.token_limit.saturating_add(id)
    }

    /// The name of a line, and where its token starts.
    fn split(self, line: &[u8]) -> Result<(Option<&str>, usize), ()> {
        if !self.has_id {
            return Ok((None, 0));
        }
        let place = memchr::memchr(b'\t', &line[..line.len().min(ID_LIMIT + 1)]).ok_or(())?;
        let id = std::str::from_utf8(&line[..place]).map_err(drop)?;
        Ok((Some(id), place + 1))
    }

    /// Where the token starts in a line of which this is the beginning; at its start when the line has
    /// no name.
    #[must_use]
    pub fn token_start(self, beginning: &[u8]) -> usize {
        self.split(beginning).map_or(0, |(_, start)| start)
    }
}

/// What is said of a line.
#[derive(Debug)]
pub struct Record<'r> {
    /// The line, from 1.
    pub line: u64,
    /// The name that the line gives itself.
    pub id: Option<&'r str>,
    /// SHA-256 of the token, or of the whole line when it has no readable name.
    pub sha256: [u8; 32],
    /// Why the token was rejected; empty when it is valid.
    pub codes: &'r [Code],
    /// `alg` of the header, when it is known.
    pub algorithm: Option<&'static str>,
    /// `kid` of the key that verified, or else of the header, which anyone may have written; one of the
    /// header that is longer than [`ID_LIMIT`] is left out.
    pub kid: Option<&'r str>,
    /// The claims of a valid token, as they stand in it; none where only the signature is checked.
    pub claims: Option<&'r [u8]>,
}

impl Record<'_> {
    /// True when the token passed every check.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.codes.is_empty()
    }

    /// True when the token names a key that is not in the set.
    #[must_use]
    pub fn lacks_key(&self) -> bool {
        self.codes.contains(&Code::UnknownKid)
    }

    /// The codes when, for the reason `doubt`, nobody can tell what the right keys would say: `doubt`
    /// stands among them where the keys are sought. A token that has failed before that, and only then,
    /// is bad by whatever keys.
    #[must_use]
    pub fn codes_with(&self, doubt: Code) -> Vec<Code> {
        let mut codes = self.codes.to_vec();
        let is_before = |code: &Code| (*code as usize) < doubt as usize;
        if codes.is_empty() || !codes.iter().all(is_before) {
            let place = codes.iter().take_while(|code| is_before(code)).count();
            codes.insert(place, doubt);
        }
        codes
    }
}

/// Judges line after line.
pub struct LineJudge<'s> {
    form: LineForm,
    judge: Judge<'s, Codes>,
}

impl<'s> LineJudge<'s> {
    /// Judges by one set, one policy and one time; the policy's limit on tokens holds.
    #[must_use]
    pub fn new(set: &'s JwkSet, policy: &'s Policy, now: NumericDate, has_id: bool) -> Self {
        Self {
            form: LineForm {
                has_id,
                token_limit: policy.token_limit,
            },
            judge: Judge::new(set, policy, now),
        }
    }

    /// Judges the line `number`, its end included, and gives the record to `tell`.
    pub fn line<T>(&mut self, number: u64, line: &[u8], tell: impl FnOnce(&Record<'_>) -> T) -> T {
        let Ok((id, token_start)) = self.form.split(line) else {
            return tell(&Record {
                line: number,
                id: None,
                sha256: engine::sha256(without_newline(line)),
                codes: &[Code::IdInvalid],
                algorithm: None,
                kid: None,
                claims: None,
            });
        };
        let token = &line[token_start..];
        let judgement = self.judge.judge(token);
        let verified = judgement.verified.as_ref();
        let codes = match (verified, judgement.steps.all()) {
            // Fails closed: what did not verify is not valid, whatever the checks have to say of it.
            (None, []) => &[Code::SignatureInvalid],
            (_, codes) => codes,
        };
        tell(&Record {
            line: number,
            id,
            sha256: engine::sha256(without_newline(token)),
            codes,
            algorithm: judgement.algorithm().map(|row| row.name),
            // What a header says can be as long as a token, and a record repeats it.
            kid: judgement
                .kid()
                .filter(|kid| verified.is_some() || kid.len() <= ID_LIMIT),
            claims: verified
                .filter(|verified| !verified.is_content())
                .map(Verified::payload),
        })
    }

    /// Judges a line that is longer than any token: its `beginning` of more than [`ID_LIMIT`] bytes,
    /// and the hash of its token.
    pub fn long_line<T>(
        &self,
        number: u64,
        beginning: &[u8],
        sha256: [u8; 32],
        tell: impl FnOnce(&Record<'_>) -> T,
    ) -> T {
        let (id, code) = match self.form.split(beginning) {
            Ok((id, _)) => (id, Code::TokenTooLarge),
            Err(()) => (None, Code::IdInvalid),
        };
        tell(&Record {
            line: number,
            id,
            sha256,
            codes: &[code],
            algorithm: None,
            kid: None,
            claims: None,
        })
    }
}

#[cfg(test)]
mod tests;
