//! `jwks verify --batch`, from outside: one record for each line, in order, whatever a line holds, at
//! whatever pace lines come and records are taken, in little memory.

mod claims;
mod counts;
mod exits;
mod keys;
mod limits;
mod lines;
mod names;
mod records;
mod verdicts;

#[cfg(unix)]
mod follow;
#[cfg(target_os = "linux")]
mod hostile;
#[cfg(target_os = "linux")]
mod interrupt;
#[cfg(unix)]
mod live;
#[cfg(target_os = "linux")]
mod memory;
mod merge;
mod order;
#[cfg(unix)]
mod pipes;
#[cfg(unix)]
mod summary;
mod terminal;

use crate::support::Jwks;
use crate::support::place::Place;

/// `jwks verify --batch` with the keys of the place, at the time of the tests.
fn batch(place: &Place) -> Jwks {
    Place::jwks("verify")
        .args(["--batch", "--jwks"])
        .arg(place.path("keys.json"))
}
