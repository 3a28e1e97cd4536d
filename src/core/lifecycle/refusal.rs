//! Why a rotation is not started.

use super::Group;
use crate::core::alg::Algorithm;
use crate::core::failure::quoted;
use crate::core::time::NumericDate;

/// Why a rotation is not started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The set holds no key that can be rotated.
    NothingToRotate,
    /// All its keys wait without a date, and none is active.
    NothingActive,
    /// These keys, by their places, have no private half.
    PublicKeys(Vec<usize>),
    /// An earlier rotation has not reached its takeover.
    UnderWay {
        /// The place of the key that is to take over.
        pending: usize,
        /// When it does, which is also the earliest safe time for the next rotation.
        activates: NumericDate,
    },
    /// A change of algorithm was asked for, and several kinds of keys have that use.
    SeveralGroups(Vec<Group>),
    /// A change of algorithm was asked for, and no key has its use.
    NoGroup(&'static Algorithm),
    /// The key that is said to be active is not among those of which it could be.
    NotCandidate(String),
    /// The times of the rotation lie beyond the year 9999.
    TooFar,
}

impl Refusal {
    /// The reason in words, after "cannot rotate the file: "; `label` names a key by its place.
    #[must_use]
    pub fn sentence(&self, label: impl Fn(usize) -> String) -> String {
        match self {
            Self::NothingToRotate => "it holds no key that can be rotated".to_owned(),
            Self::NothingActive => {
                "all its keys wait without a date, and none is active".to_owned()
            }
            Self::PublicKeys(keys) => {
                let labels: Vec<String> = keys.iter().map(|&index| label(index)).collect();
                format!("it lacks the private half of {}", labels.join(", "))
            }
            Self::UnderWay { pending, activates } => format!(
                "a rotation is under way: {} takes over at {activates}",
                label(*pending)
            ),
            Self::SeveralGroups(groups) => {
                let names: Vec<&str> = groups.iter().map(|own| own.algorithm.as_str()).collect();
                format!(
                    "it has active keys of several algorithms ({}), and --alg changes one",
                    names.join(", ")
                )
            }
            Self::NoGroup(algorithm) => format!(
                "it has no active key that one for {} could succeed",
                algorithm.name
            ),
            Self::NotCandidate(kid) => format!(
                "{} is not one of several keys without dates, of which one is active",
                quoted(kid)
            ),
            Self::TooFar => "its times would lie beyond the year 9999".to_owned(),
        }
    }
}
