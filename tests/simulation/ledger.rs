//! Who could use which key, and who could know it, at which times.
//!
//! Nothing is tried at random: of each state of the private file it is known from when to when any
//! signer can use a key, and of each state of the published one until when any consumer can go by it.

use std::collections::BTreeMap;

use super::story::Setting;

/// What is known of a key, by true time in seconds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    /// Since when the published file has it without a break; none when it has it not.
    since: Option<i64>,
    /// When it left the published file.
    left: Option<i64>,
    /// The first and the last instant at which a signer may have signed with it.
    used: Option<(i64, i64)>,
    /// It was made to sign before consumers could know it, by a withdrawal, or by whoever did not publish
    /// it while the key before it could still sign.
    pub(crate) is_rushed: bool,
    /// It was only used by those who went by a private file that nobody had published.
    is_excused: bool,
    /// It was withdrawn, and nothing holds for it.
    pub(crate) is_revoked: bool,
}

/// All keys there ever were.
#[derive(Default)]
pub(crate) struct Ledger {
    records: BTreeMap<String, Record>,
}

impl Ledger {
    pub(crate) fn record(&mut self, kid: &str) -> &mut Record {
        if !self.records.contains_key(kid) {
            self.records.insert(kid.to_owned(), Record::default());
        }
        self.records.get_mut(kid).expect("it is there")
    }

    /// A key that consumers have known for ever.
    pub(crate) fn known_for_ever(&mut self, kid: &str) {
        self.record(kid).since = Some(i64::MIN / 2);
    }

    /// The published file has these keys from `now` on, and no others.
    pub(crate) fn published(
        &mut self,
        kids: &[String],
        now: i64,
        setting: &Setting,
    ) -> Result<(), String> {
        for kid in kids {
            let record = self.record(kid);
            if record.since.is_none() {
                record.since = Some(now);
                record.left = None;
            }
        }
        for (kid, record) in &mut self.records {
            if record.since.is_some() && !kids.contains(kid) {
                record.since = None;
                record.left = Some(now);
                record.check(kid, setting)?;
            }
        }
        Ok(())
    }

    /// True for a key that consumers can know at `now`.
    pub(crate) fn is_known(&self, kid: &str, now: i64, setting: &Setting) -> bool {
        let needed = now - setting.cache - setting.publish_delay;
        let record = self.records.get(kid);
        record.is_some_and(|record| record.since.is_some_and(|since| since <= needed))
    }

    /// Signers may sign with a key from one instant to another; `is_blind` where the private file that
    /// they go by has not been published.
    pub(crate) fn used(
        &mut self,
        kid: &str,
        (from, to): (i64, i64),
        is_blind: bool,
        setting: &Setting,
    ) -> Result<(), String> {
        let record = self.record(kid);
        let is_first = record.used.is_none() || record.is_excused;
        record.is_excused = is_first && is_blind;
        let (first, last) = record.used.unwrap_or((from, to));
        record.used = Some((first.min(from), last.max(to)));
        let known_since = record.since.or(record.left.filter(|_| !is_first));
        let needed = from - setting.cache - setting.publish_delay;
        let is_known = known_since.is_some_and(|since| since <= needed);
        if is_first && !is_known && !is_blind && !record.is_rushed && !record.is_revoked {
            return Err(format!(
                "{kid} signs from {from}, and consumers may not know it: published {:?}, needed {needed}",
                record.since
            ));
        }
        record.check(kid, setting)
    }

    /// The private half of an encryption key goes.
    pub(crate) fn decrypts_no_more(
        &mut self,
        kid: &str,
        now: i64,
        setting: &Setting,
    ) -> Result<(), String> {
        let record = self.record(kid);
        // A copy that was fetched when the key left is used for as long as it may be cached.
        let last_encryption = record
            .left
            .map(|left| left + setting.publish_delay + setting.cache);
        let readable_until = last_encryption.map(|last| last + setting.lifetime);
        if record.is_revoked || readable_until.is_some_and(|until| until <= now) {
            return Ok(());
        }
        Err(format!(
            "{kid} is gone at {now}, and what is encrypted to it until {readable_until:?} is lost"
        ))
    }
}

impl Record {
    /// A key that has left the published file has signed nothing that is still valid.
    fn check(&self, kid: &str, setting: &Setting) -> Result<(), String> {
        let (Some((_, last)), Some(left)) = (self.used, self.left) else {
            return Ok(());
        };
        if self.is_revoked
            || self.is_excused
            || self.since.is_some()
            || last + setting.lifetime <= left
        {
            return Ok(());
        }
        Err(format!(
            "{kid} left at {left}, and tokens that it signed are valid until {}",
            last + setting.lifetime
        ))
    }
}
