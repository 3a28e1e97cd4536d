//! Every file of keys cut off anywhere, and with any one bit flipped: nothing panics or aborts, no
//! mutation makes the reader take much memory, and what is accepted is a sound key.

use std::process::Command;
use std::{env, fs};

use jwks_cli::core::engine;
use jwks_cli::core::import::{Fault, Foreign};

use crate::support::foreign::{Fixture, PASSPHRASE, fixtures};

/// Set in a process that runs nothing but this test.
const IS_ALONE: &str = "JWKS_TEST_IS_ALONE";
/// More than this at once, in kibibytes, is too much for any of these files.
const MOST_MEMORY: u64 = 64 * 1024;
/// About so many mutations of each kind are tried of a file: all of a small one.
const MUTATIONS: usize = 400;
/// Flips of what costs work on a passphrase each time.
const MUTATIONS_OF_PROTECTED: usize = 50;
/// Rounds of bcrypt_pbkdf take too long to be done for each.
const SLOW: &str = "encrypted OpenSSH";

/// The most address space that this process has had, in kibibytes: it never shrinks, so that nothing that
/// was taken and given back is missed.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("the status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmPeak:"));
    let number = line.and_then(|line| line.trim().strip_suffix(" kB"));
    number.expect("the peak").trim().parse().expect("a number")
}

/// Reads a document as a program would, and checks what comes of it.
fn read(bytes: &[u8], passphrase: Option<&[u8]>) {
    let Some(foreign) = Foreign::recognize(bytes) else {
        return;
    };
    assert!(!foreign.description().is_empty());
    match foreign.read(passphrase) {
        Ok(imported) => {
            for key in &imported.keys {
                engine::check_pair(&key.material).expect("a sound key");
            }
        }
        Err(fault) => assert!(!fault.to_string().is_empty() && !fault.code().is_empty()),
    }
}

fn mutate(fixture: &Fixture) {
    let bytes = &fixture.bytes;
    let passphrase = fixture.is_protected.then_some(PASSPHRASE.as_bytes());
    let is_slow = fixture.name.contains(SLOW);
    let passphrase = passphrase.filter(|_| !is_slow);
    let mutations = match passphrase {
        Some(_) => MUTATIONS_OF_PROTECTED,
        None => MUTATIONS,
    };
    let step = |places: usize| (places / mutations).max(1);
    for length in (0..bytes.len()).step_by(step(bytes.len())) {
        read(&bytes[..length], passphrase);
    }
    let mut changed = bytes.clone();
    let bits = bytes.len() * 8;
    // Odd, so that each bit of an octet has its turn.
    for bit in (0..bits).step_by(step(bits) | 1) {
        changed[bit / 8] ^= 1 << (bit % 8);
        read(&changed, passphrase);
        changed[bit / 8] = bytes[bit / 8];
    }
}

/// Other tests take memory too: it has a process of its own.
#[test]
fn no_mutation_panics_or_takes_much_memory() {
    const NAME: &str = "mutations::no_mutation_panics_or_takes_much_memory";
    if env::var_os(IS_ALONE).is_some() {
        return mutate_all();
    }
    let run = Command::new(env::current_exe().expect("this program"))
        .args([NAME, "--exact", "--nocapture"])
        .env(IS_ALONE, "1")
        .output()
        .expect("it starts");
    let [told, complaints] =
        [run.stdout, run.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    // Under another name nothing would run, and nothing fail.
    let has_passed = run.status.success() && told.contains("test result: ok. 1 passed");
    assert!(has_passed, "{told}{complaints}");
}

fn mutate_all() {
    let fixtures = fixtures();
    for fixture in &fixtures {
        let whole = fixture.read();
        assert!(
            whole.is_ok(),
            "{}: {:?}",
            fixture.name,
            whole.err().map(|fault: Fault| fault.to_string())
        );
    }
    let before = peak();
    for fixture in &fixtures {
        mutate(fixture);
        let more = peak() - before;
        assert!(more < MOST_MEMORY, "{} KiB for {}", more, fixture.name);
    }
}
