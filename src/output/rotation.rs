//! A rotation: what changes and when, for people and as `jwks.rotate/1`.

use serde_json::{Value, json};

use super::json::object;
use super::paint::Paint;
use super::table::{Screen, table};
use super::timeline::{self, Span, Words};
use crate::core::failure::printable;
use crate::core::lifecycle::{Group, State};
use crate::core::time::NumericDate;

/// A key in the set that a rotation leaves behind, or that leaves with it.
pub struct KeyLine {
    /// `kid`, when it has one.
    pub kid: Option<String>,
    /// Use and algorithm.
    pub group: Group,
    /// What it is once the rotation is done.
    pub state: State,
    /// When it was made, which is about when it was published.
    pub made: Option<NumericDate>,
    /// When it signs, or has signed, from.
    pub activates: Option<NumericDate>,
    /// When its successor takes over, or has.
    pub retires: Option<NumericDate>,
    /// When it goes.
    pub leaves: Option<NumericDate>,
    /// True when it waits without a date.
    pub is_standby: bool,
    /// True when this rotation adds it.
    pub is_new: bool,
    /// True when this rotation removes it.
    pub is_removed: bool,
    /// True for one that stays longer than was planned.
    pub is_prolonged: bool,
}

/// What a call came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A rotation was started.
    Started,
    /// None was due.
    NotDue,
    /// A key was withdrawn.
    Revoked,
    /// A key was withdrawn before.
    RevokedBefore,
}

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::NotDue => "not-due",
            Self::Revoked => "revoked",
            Self::RevokedBefore => "revoked-before",
        }
    }
}

/// A withdrawal.
pub struct RevocationLine {
    /// The name that is never used again.
    pub kid: String,
    /// The registered word for why.
    pub reason: &'static str,
    /// Until when copies of the published set name it.
    pub exposed_until: NumericDate,
    /// True of a key to which others encrypt.
    pub encrypts: bool,
}

/// Keys that leave the published set: a step that somebody must take.
pub struct DepartureLine {
    /// When they may go.
    pub at: NumericDate,
    /// The keys in words.
    pub keys: String,
    /// Who takes them out, and how.
    pub follow_up: FollowUp,
}

/// Who takes keys out of the published set, and how.
pub enum FollowUp {
    /// The command that was given.
    SameCommand,
    /// Another one.
    Command {
        /// The command, as it can be typed.
        line: String,
        /// It starts no other rotation before.
        until: NumericDate,
    },
    /// Only one that starts a rotation.
    NextRotation,
    /// Whoever publishes the set.
    Publisher,
    /// Those who share the secret.
    Sharers,
}

impl DepartureLine {
    /// What is to be done with the keys, after the time at which it can be.
    fn text(&self) -> String {
        /// Below the word at the start of a line.
        const INDENT: &str = "\n         ";
        let keys = &self.keys;
        match &self.follow_up {
            FollowUp::SameCommand => {
                format!("run it again: it takes {keys} out of the published set")
            }
            FollowUp::Command { line, until } => format!(
                "take {keys} out of the published set with{INDENT}{line}{INDENT}which starts no other rotation before {until}"
            ),
            FollowUp::NextRotation => {
                format!("the next rotation takes {keys} out of the published set")
            }
            FollowUp::Publisher => format!("take {keys} out of what you publish"),
            FollowUp::Sharers => format!("take {keys} away from those who share the secret"),
        }
    }
}

/// A rotation, done or planned.
pub struct RotationView {
    /// What the call came to.
    pub outcome: Outcome,
    /// What changed, in a line.
    pub changed: String,
    /// The keys, in the order of the file.
    pub keys: Vec<KeyLine>,
    /// True when nothing was written.
    pub dry_run: bool,
    /// When to run it next: the earliest safe time, or with an age the time at which it is due.
    pub next: Option<NumericDate>,
    /// True when the next one is due by the age of the key, and not when somebody asks for it.
    pub is_by_age: bool,
    /// The keys that leave the published set next.
    pub departure: Option<DepartureLine>,
    /// When the last of the old keys has passed its time.
    pub removal: Option<NumericDate>,
    /// What was withdrawn.
    pub revocation: Option<RevocationLine>,
}

impl RotationView {
    /// The view for people, as wide as the screen where that can be.
    #[must_use]
    pub fn text(&self, now: NumericDate, screen: Screen, paint: Paint) -> String {
        let mut text = String::new();
        if let Some(drawing) = timeline::draw(&self.spans(), self.words(), now, screen, paint) {
            text.push_str(&drawing);
            text.push('\n');
        }
        text.push_str(&self.table(screen, paint));
        text.push_str("\n\n");
        let mut line = |head: &str, rest: &str| {
            text.push_str(&format!("{} {rest}\n", paint.strong(head)));
        };
        line("Changed:", &self.changed);
        if let Some(revocation) = &self.revocation {
            let until = revocation.exposed_until;
            let (use_it, again) = if revocation.encrypts {
                ("encrypt to it", "what was sent under the key")
            } else {
                ("take its tokens", "what the key has signed")
            };
            line(
                "Exposed:",
                &format!(
                    "consumers with a cached copy {use_it} until {until} ({}), and longer where publishing is late",
                    until.relative_to(now)
                ),
            );
            line(
                "Do now: ",
                &format!(
                    "publish the set, purge the CDN, restart caches and consumers, issue anew {again}"
                ),
            );
        }
        // What must be done comes last, and what can be done before it.
        if let Some(next) = self.next {
            let distance = next.relative_to(now);
            let (head, rest) = match (self.is_by_age, &self.departure) {
                (true, Some(_)) => ("Due:    ", format!("the next rotation at {next} or later")),
                (true, None) => ("Next:   ", format!("due at {next} or later")),
                (false, Some(_)) => ("Safe:   ", format!("another rotation from {next} on")),
                (false, None) => (
                    "Next:   ",
                    format!("another rotation is safe from {next} on"),
                ),
            };
            line(head, &format!("{rest} ({distance})"));
        }
        if let Some(departure) = &self.departure {
            let (at, distance) = (departure.at, departure.at.relative_to(now));
            let step = departure.text();
            line("Next:   ", &format!("at {at} or later ({distance}) {step}"));
        }
        if self.dry_run {
            text.push_str("Nothing was written (--dry-run); new keys are made when it is.\n");
        }
        text
    }

    fn table(&self, screen: Screen, paint: Paint) -> String {
        let from = if self.encrypts() {
            "ACTIVE FROM"
        } else {
            "SIGNS FROM"
        };
        let heading = ["KID", "ALG", "STATE", from, "LEAVES"];
        let rows = self.keys.iter().map(|key| {
            let state = match (key.is_new, key.is_removed) {
                (true, _) => format!("{} (new)", key.state.name()),
                (_, true) => "removed".to_owned(),
                _ => key.state.name().to_owned(),
            };
            let activates = if key.is_standby {
                "when needed".to_owned()
            } else {
                shown(key.activates)
            };
            vec![
                key.kid.as_deref().map_or_else(|| "-".to_owned(), printable),
                printable(&key.group.algorithm),
                state,
                activates,
                shown(key.leaves),
            ]
        });
        table(&heading, rows.collect(), screen, paint)
    }

    /// True when not every key is one to sign with.
    fn encrypts(&self) -> bool {
        self.keys.iter().any(|key| key.group.encrypts())
    }

    fn words(&self) -> Words {
        if self.encrypts() {
            Words {
                active: "active",
                retiring: "retiring",
            }
        } else {
            Words {
                active: "signs",
                retiring: "verifies",
            }
        }
    }

    /// The keys that are published, by their times.
    fn spans(&self) -> Vec<Span> {
        let is_live = |key: &&KeyLine| {
            matches!(key.state, State::Pending | State::Active | State::Retiring) && !key.is_removed
        };
        let live = self.keys.iter().filter(is_live);
        live.map(|key| Span {
            label: key.kid.as_deref().map_or_else(|| "-".to_owned(), printable),
            published: key.made,
            signs: key.activates,
            is_standby: key.is_standby,
            retires: key.retires,
            leaves: key
                .leaves
                .filter(|_| key.retires.is_some() || key.state == State::Retiring),
        })
        .collect()
    }

    /// The report `jwks.rotate/1`.
    #[must_use]
    pub fn report(&self) -> String {
        let seconds = |date: Option<NumericDate>| date.map(NumericDate::seconds);
        let keys: Vec<Value> = self
            .keys
            .iter()
            .map(|key| {
                json!({
                    "kid": key.kid,
                    "use": key.group.key_use,
                    "alg": key.group.algorithm,
                    "state": key.state.name(),
                    "standby": key.is_standby,
                    "activates": seconds(key.activates.filter(|_| !key.is_standby)),
                    "retires": seconds(key.retires),
                    "leaves": seconds(key.leaves),
                    "new": key.is_new,
                    "removed": key.is_removed,
                    "prolonged": key.is_prolonged,
                })
            })
            .collect();
        let revocation = self.revocation.as_ref().map(|own| {
            json!({
                "kid": own.kid,
                "reason": own.reason,
                "exposed_until": own.exposed_until.seconds(),
            })
        });
        let mut report = object("jwks.rotate/1");
        report.set_string("outcome", self.outcome.name());
        report.set_raw("dry_run", self.dry_run.to_string());
        report.set_raw("keys", Value::from(keys).to_string());
        report.set_raw("next", Value::from(seconds(self.next)).to_string());
        report.set_raw("removal", Value::from(seconds(self.removal)).to_string());
        report.set_raw("revocation", Value::from(revocation).to_string());
        super::json::text(&report)
    }
}

fn shown(date: Option<NumericDate>) -> String {
    date.map_or_else(|| "-".to_owned(), |date| date.to_string())
}
