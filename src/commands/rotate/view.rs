//! A rotation as facts for its report.

use super::Rotation;
use crate::core::failure::quoted;
use crate::core::jwk::PrivateJwk;
use crate::core::jwks::JwkSet;
use crate::core::lifecycle::{DatedKey, Group, Plan, Roster, Stage, State, undated};
use crate::core::time::NumericDate;
use crate::output::rotation::{KeyLine, Outcome, RevocationLine, RotationView};

impl Rotation<'_> {
    /// The keys after `plan`, with those that it adds when they have been made.
    pub(super) fn view(&self, plan: &Plan, new_keys: &[PrivateJwk]) -> RotationView {
        let kid = |place: usize| new_keys.get(place)?.jwk().parameters().kid.clone();
        // Those that leave are shown, too.
        let mut staying = plan.clone();
        staying.removals.clear();
        let made = plan.dated_keys(self.now, kid);
        let after = Roster::of(self.set).after(&staying, Stage::Done, &made);
        let states = after.states(self.now);
        let before = self.set.entries().len();
        let keys = self.key_lines(plan, &after, &states);
        RotationView {
            outcome: match (&plan.revocation, plan.started.is_empty()) {
                (Some(_), _) => Outcome::Revoked,
                (None, false) => Outcome::Started,
                (None, true) => Outcome::NotDue,
            },
            changed: changed(plan, &after, &states, before),
            removal: keys
                .iter()
                .filter(|key| !key.is_removed && key.state != State::Revoked)
                .filter_map(|key| key.leaves)
                .max(),
            keys,
            dry_run: self.arguments.dry_run,
            next: plan.next,
            is_by_age: self.arguments.every.is_some(),
            departure: self
                .departure_line(&after, |index| name(&after.keys()[index], index, before)),
            revocation: plan.revocation.as_ref().map(|own| RevocationLine {
                kid: own.kid.clone(),
                reason: own.reason.name(),
                exposed_until: own.exposed_until,
                encrypts: own.keys.iter().all(|&index| {
                    let entry = self.set.entries().get(index);
                    let jwk = entry.and_then(|entry| entry.jwk());
                    jwk.is_some_and(|jwk| Group::of(jwk).encrypts())
                }),
            }),
        }
    }

    fn key_lines(&self, plan: &Plan, after: &Roster, states: &[State]) -> Vec<KeyLine> {
        let successions = successions(after);
        let keys = after.keys().iter().enumerate();
        keys.map(|(index, key)| KeyLine {
            kid: key.kid.clone(),
            group: key
                .group
                .clone()
                .unwrap_or_else(|| known_group(self.set, index)),
            state: states[index],
            made: key.iat,
            activates: key.nbf,
            retires: successions[index],
            leaves: key.exp,
            is_standby: states[index] == State::Pending && key.is_standby(self.now),
            is_new: index >= self.set.entries().len(),
            is_removed: plan.removals.contains(&index),
            is_prolonged: plan.prolongs(index),
        })
        .collect()
    }
}

/// When the successor of each key takes over.
fn successions(roster: &Roster) -> Vec<Option<NumericDate>> {
    let mut successions = vec![None; roster.keys().len()];
    for lineage in roster.lineages() {
        for pair in lineage.members.windows(2) {
            let takeover = roster.keys()[pair[1]].nbf;
            successions[pair[0]] = takeover.filter(|&nbf| nbf < undated());
        }
    }
    successions
}

fn known_group(set: &JwkSet, index: usize) -> Group {
    let jwk = set.entries().get(index).and_then(|entry| entry.jwk());
    jwk.map_or_else(
        || Group {
            key_use: "-".to_owned(),
            algorithm: "-".to_owned(),
        },
        Group::of,
    )
}

/// What the plan changes, in a line.
fn changed(plan: &Plan, after: &Roster, states: &[State], before: usize) -> String {
    let named = |index: usize| name(&after.keys()[index], index, before);
    let mut parts = Vec::new();
    if let Some(revocation) = &plan.revocation {
        let revoked = revocation.keys.iter().map(|&index| named(index));
        let revoked: Vec<String> = revoked.collect();
        parts.push(format!(
            "{} is revoked ({})",
            revoked.join(", "),
            revocation.reason.name()
        ));
    }
    let is_changed = |index: usize| {
        index >= before
            || plan
                .dates
                .get(&index)
                .is_some_and(|dates| dates.nbf.is_some())
    };
    for index in (0..after.keys().len()).filter(|&index| is_changed(index)) {
        let key = &after.keys()[index];
        parts.push(match (states[index], key.nbf) {
            (State::Active, _) if key.group.as_ref().is_some_and(Group::encrypts) => {
                format!("{} is active from now on", named(index))
            }
            (State::Active, _) => format!("{} signs from now on", named(index)),
            (State::Pending, Some(nbf)) if nbf < undated() => {
                format!("{} takes over at {nbf}", named(index))
            }
            _ => format!("{} is kept as a standby", named(index)),
        });
    }
    let prolonged = plan.prolonged();
    parts.extend(prolonged.map(|(index, leaves)| format!("{} stays until {leaves}", named(index))));
    if !plan.removals.is_empty() {
        let removed: Vec<String> = plan.removals.iter().map(|&index| named(index)).collect();
        parts.push(format!("{} removed", removed.join(", ")));
    }
    if parts.is_empty() {
        return "nothing".to_owned();
    }
    parts.join("; ")
}

fn name(key: &DatedKey, index: usize, before: usize) -> String {
    match &key.kid {
        Some(kid) => format!("key {}", quoted(kid)),
        None if index >= before => "a new key".to_owned(),
        None => format!("key {}", index + 1),
    }
}
