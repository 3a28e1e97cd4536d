//! Files: written whole or not at all, for the owner alone where they hold secrets, never over
//! something that nobody said may go, and locked against other processes.

mod crash;
mod create;
mod links;
mod lock;
mod rotate;
mod states;
mod violence;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Makes both halves of a key.
const GENERATE: [&str; 7] = [
    "generate",
    "--alg",
    "ES256",
    "-o",
    "key.json",
    "-p",
    "public.json",
];

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("the mode is set");
}

/// Makes a disk that is full after so many blocks of 512 bytes.
fn full_after(blocks: u32) -> String {
    format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"")
}
