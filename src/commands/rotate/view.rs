//! A rotation as facts for its report.

use crate::core::jwk::PrivateJwk;
use crate::core::jwks::{Entry, JwkSet};
use crate::core::lifecycle::{Group, Plan, State, states};
use crate::core::time::NumericDate;
use crate::output::rotation::{KeyLine, RotationView};

/// The keys of `set` after `plan`, with those that it adds when they have been made.
pub(super) fn view(
    set: &JwkSet,
    plan: &Plan,
    new_keys: &[PrivateJwk],
    dry_run: bool,
    now: NumericDate,
) -> RotationView {
    let states = states(set, now);
    let mut keys: Vec<KeyLine> = set
        .entries()
        .iter()
        .map(|entry| line_of(entry, states[entry.index()], plan))
        .collect();
    for (index, successor) in plan.successors.iter().enumerate() {
        let made = new_keys.get(index).map(|key| key.jwk().parameters());
        keys.push(KeyLine {
            kid: made.and_then(|parameters| parameters.kid.clone()),
            group: successor.group.clone(),
            state: State::Pending,
            activates: Some(successor.activates),
            leaves: None,
            is_new: true,
            is_removed: false,
        });
    }
    RotationView {
        removal: keys
            .iter()
            .filter(|key| !key.is_removed)
            .filter_map(|key| key.leaves)
            .max(),
        keys,
        dry_run,
        next: plan
            .successors
            .iter()
            .map(|successor| successor.activates)
            .max(),
    }
}

fn line_of(entry: &Entry, state: State, plan: &Plan) -> KeyLine {
    let unknown = || Group {
        key_use: "-".to_owned(),
        algorithm: "-".to_owned(),
    };
    let retirement = plan
        .retirements
        .iter()
        .find(|retirement| retirement.index == entry.index());
    let parameters = entry.jwk().map(|jwk| jwk.parameters().clone());
    let parameters = parameters.unwrap_or_default();
    KeyLine {
        kid: entry.kid().map(str::to_owned),
        group: entry.jwk().map_or_else(unknown, Group::of),
        state,
        activates: parameters.nbf,
        leaves: retirement
            .map(|retirement| retirement.leaves)
            .or(parameters.exp),
        is_new: false,
        is_removed: plan.removals.contains(&entry.index()),
    }
}
