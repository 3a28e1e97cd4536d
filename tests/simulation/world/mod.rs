//! The files, and the true time.

mod files;
mod reserves;

use std::time::Duration;

use jwks_cli::core::alg::by_name;
use jwks_cli::core::lifecycle::{
    DatedKey, Group, Haste, Reason, Refusal, Request, RevocationFault, RevocationRequest, Roster,
    Seen, Stage, plan, plan_revocation, turn, undated,
};
use jwks_cli::core::time::NumericDate;

use super::ledger::Ledger;
use super::story::{Act, Setting};

const START: i64 = 1_800_000_000;

pub(crate) struct World {
    setting: Setting,
    now: i64,
    private: Roster,
    /// When the private file became what it is.
    since: i64,
    /// It became so by a call that did not publish.
    is_blind: bool,
    public: Vec<String>,
    ledger: Ledger,
    made: usize,
    pub(crate) rotations: usize,
    pub(crate) withdrawals: usize,
    pub(crate) crashes: usize,
}

fn date(seconds: i64) -> NumericDate {
    NumericDate::from_seconds(seconds)
}

fn group(algorithm: &str) -> Group {
    Group {
        key_use: if algorithm == "RSA-OAEP" {
            "enc"
        } else {
            "sig"
        }
        .to_owned(),
        algorithm: algorithm.to_owned(),
    }
}

fn kid(key: &DatedKey) -> &str {
    key.kid.as_deref().expect("every key has a kid")
}

impl World {
    pub(crate) fn new(setting: Setting) -> Self {
        let mut ledger = Ledger::default();
        let keys = setting.groups.iter().map(|algorithm| {
            ledger.known_for_ever(algorithm);
            DatedKey {
                kid: Some((*algorithm).to_owned()),
                group: Some(group(algorithm)),
                is_private: true,
                iat: Some(date(START)),
                nbf: None,
                exp: None,
                revoked: false,
                material: None,
            }
        });
        let private = Roster::new(keys.collect());
        Self {
            public: setting
                .groups
                .iter()
                .map(|name| (*name).to_owned())
                .collect(),
            setting,
            now: START,
            private,
            since: START,
            is_blind: false,
            ledger,
            made: 0,
            rotations: 0,
            withdrawals: 0,
            crashes: 0,
        }
    }

    pub(crate) fn seconds(&self) -> i64 {
        self.now - START
    }

    pub(crate) fn play(&mut self, act: &Act) -> Result<(), String> {
        match *act {
            Act::Wait(seconds) => {
                self.now += seconds;
                Ok(())
            }
            Act::Rotate {
                every,
                force,
                standby,
                algorithm,
                publishes,
                crash,
                clock,
            } => {
                let request = Request {
                    every: every.map(|every| Duration::from_secs(every.unsigned_abs())),
                    force,
                    standby,
                    algorithm: algorithm.and_then(by_name),
                    active: None,
                };
                self.rotate(&request, publishes, crash, clock)
            }
            Act::Revoke {
                place,
                standby,
                crash,
                clock,
            } => self.revoke(place, standby, crash, clock),
        }
    }

    /// Lets everything come to its end.
    pub(crate) fn end(&mut self) -> Result<(), String> {
        self.now += 10 * 365 * 86_400;
        self.note_uses()
    }

    fn rotate(
        &mut self,
        request: &Request<'_>,
        publishes: bool,
        crash: Option<usize>,
        clock: i64,
    ) -> Result<(), String> {
        let now = date(self.now + clock);
        let policy = self.setting.policy;
        let was_published = |index: usize| self.is_public(index);
        let seen = Seen {
            holds: &was_published,
            is_found: true,
        };
        let known = (Haste::Rotation, Some(seen).filter(|_| publishes));
        let turn = turn(&self.private, &policy, known, now, |roster| {
            plan(roster, &policy, request, now)
        });
        match turn.refusal {
            // The request cannot be met: nothing is done.
            Some(Refusal::SeveralGroups(_)) => return Ok(()),
            Some(Refusal::UnderWay { .. }) | None => {}
            Some(other) => return Err(format!("refused: {other:?}")),
        }
        self.rotations += turn.plan.started.len();
        if publishes {
            self.rush_those_without_another(now);
        }
        self.carry_out(&turn.plan, publishes, crash, clock)
    }

    fn revoke(
        &mut self,
        place: usize,
        standby: bool,
        crash: Option<usize>,
        clock: i64,
    ) -> Result<(), String> {
        let now = date(self.now + clock);
        let policy = self.setting.policy;
        let keys = self.private.keys();
        let live: Vec<usize> = (0..keys.len())
            .filter(|&index| !keys[index].revoked)
            .collect();
        let chosen = live[place % live.len()];
        let name = kid(&keys[chosen]).to_owned();
        let is_meant = |index: usize| index == chosen;
        let request = RevocationRequest {
            kid: &name,
            is_meant: &is_meant,
            reason: Reason::Compromised,
            standby,
        };
        let was_published = |index: usize| self.is_public(index);
        let seen = Seen {
            holds: &was_published,
            is_found: true,
        };
        let known = (Haste::Withdrawal(&is_meant), Some(seen));
        let turn = turn(&self.private, &policy, known, now, |roster| {
            plan_revocation(roster, &policy, &request, now)
        });
        if let Some(RevocationFault::UnknownKid(kid)) = turn.refusal {
            return Err(format!("{kid} is not found"));
        }
        self.withdrawals += 1;
        self.rush_those_like(chosen, now);
        if let Some(reserve) = self.reserve(chosen, now) {
            let after = self.private.after(&turn.plan, Stage::Done, &[]);
            let lineages = after.lineages();
            let active = lineages.iter().filter_map(|own| own.active(&after, now));
            let mut kids = active.map(|index| kid(&after.keys()[index]));
            if !kids.any(|own| self.ledger.is_known(own, self.now, &self.setting) && own == reserve)
            {
                return Err(format!("{reserve} does not sign in the place of {name}"));
            }
        }
        self.carry_out(&turn.plan, true, crash, clock)
    }

    fn is_public(&self, index: usize) -> bool {
        let name = kid(&self.private.keys()[index]);
        self.public.iter().any(|own| own == name)
    }

    /// Notes who may have signed with which key since the private file became what it is; a signer may
    /// go by it for a while after it has been replaced.
    fn note_uses(&mut self) -> Result<(), String> {
        let Setting {
            skew, signer_lag, ..
        } = self.setting;
        let (from, to) = (self.since, self.now + signer_lag);
        for lineage in self.private.lineages() {
            if lineage.group.encrypts() {
                continue;
            }
            for (place, &index) in lineage.members.iter().enumerate() {
                let key = &self.private.keys()[index];
                let next = lineage.members.get(place + 1);
                let ends = next.map_or(i64::MAX / 4, |&next| {
                    let next = &self.private.keys()[next];
                    next.nbf.map_or(i64::MIN / 4, NumericDate::seconds)
                });
                let starts = key.nbf.map_or(i64::MIN / 4, NumericDate::seconds);
                let (first, last) = (from.max(starts - skew), to.min(ends + skew));
                if first < last && starts < ends {
                    let times = (first, last);
                    self.ledger
                        .used(kid(key), times, self.is_blind, &self.setting)?;
                }
            }
        }
        Ok(())
    }

    /// What holds after every single file operation.
    fn check(&mut self, clock: i64) -> Result<(), String> {
        for name in &self.public {
            let key = self
                .private
                .keys()
                .iter()
                .find(|key| key.kid.as_ref() == Some(name));
            let is_revoked = key.is_some_and(|key| key.revoked);
            // Whoever does not publish leaves a key in the published set that is past its time.
            if !is_revoked && !self.setting.forgets && !key.is_some_and(|key| key.is_private) {
                return Err(format!("{name} is published, and its private half is gone"));
            }
        }
        let planned = self
            .private
            .keys()
            .iter()
            .flat_map(|key| [key.nbf, key.exp]);
        let ahead = planned.flatten().filter(|&date| date < undated());
        let now = date(self.now + clock);
        let mut times: Vec<NumericDate> = ahead.filter(|&date| date > now).collect();
        times.push(now);
        let lineages = self.private.lineages();
        for time in times {
            let active = lineages
                .iter()
                .filter(|lineage| lineage.active(&self.private, time).is_some())
                .count();
            if active != self.setting.groups.len() {
                return Err(format!(
                    "{active} keys are active at {time}: {:?}",
                    self.private
                ));
            }
        }
        Ok(())
    }
}
