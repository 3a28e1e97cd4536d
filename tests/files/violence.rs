//! `rotate` under violence: killed at any instant, on a disk that is full, many at once, with a file
//! that someone else changes or owns. Afterwards both files are whole, and the next call completes the
//! work.

use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::process::{Child, Command, Stdio};
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use jwks_cli::context::{Audience, Existing, Files};
use jwks_cli::edge::files::RealFiles;
use serde_json::Value;

use super::{full_after, set_mode};
use crate::support::place::{AT, Place, Shell, mode};
use crate::support::{Jwks, Run};

/// How often a process is killed.
const KILLS: u32 = 240;
/// As many as rotate at once.
const PROCESSES: usize = 16;

fn ed25519() -> Place {
    let place = Place::new();
    let options = ["--alg", "Ed25519", "--kid", "one", "--at", AT, "-o"];
    let call = Jwks::new("generate").args(options);
    call.arg(place.path("key.json")).run().succeeds();
    place
}

fn rotate(place: &Place, options: &[&str]) -> Jwks {
    let call = Place::jwks("rotate").arg(place.path("key.json"));
    call.arg("-p").arg(place.path("public.json")).args(options)
}

fn start(place: &Place, options: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_jwks"))
        .args(["rotate", "key.json", "-p", "public.json", "--at", AT])
        .args(options)
        .current_dir(place.path(""))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts")
}

fn keys(document: &Value) -> Vec<Value> {
    match document["keys"].as_array() {
        Some(keys) => keys.clone(),
        None => vec![document.clone()],
    }
}

/// Both files are whole, and every published key has its private half.
fn is_consistent(place: &Place, round: u32) {
    let private = keys(&place.json("key.json"));
    if place.path("public.json").exists() {
        for key in keys(&place.json("public.json")) {
            assert!(key["d"].is_null(), "round {round}");
            let own = private.iter().find(|own| own["kid"] == key["kid"]);
            let own = own.unwrap_or_else(|| panic!("round {round}: {} is lost", key["kid"]));
            let is_private = own["d"].is_string() || own["revoked"].is_object();
            assert!(is_private, "round {round}: half of {} is lost", key["kid"]);
        }
    }
    assert_eq!(mode(&place.path("key.json")), 0o600, "round {round}");
}

/// One folder all along: what one killed process leaves is what the next one finds.
#[test]
fn whenever_it_is_killed_the_files_are_whole_and_the_next_call_completes_the_work() {
    let place = ed25519();
    let started = Instant::now();
    rotate(&place, &[]).run().succeeds();
    // From before its first step to after its last, whatever the machine is like.
    let longest = started.elapsed().as_micros() * 5 / 4;
    let mut completed = 0;
    for round in 0..KILLS {
        let kid = || {
            keys(&place.json("key.json"))[0]["kid"]
                .as_str()
                .map(str::to_owned)
        };
        let options: &[&str] = match round % 3 {
            0 => &["--force"],
            1 => &["--force", "--standby"],
            _ => &["--revoke", &kid().expect("a kid"), "--yes"],
        };
        let mut child = start(&place, options);
        // Spread evenly in an order that looks random.
        let part = u128::from(round) * 617 % 1_000;
        let instant = u64::try_from(longest * part / 1_000).expect("a moment");
        thread::sleep(Duration::from_micros(instant));
        let _ = child.kill();
        if child.wait().expect("it ends").success() {
            completed += 1;
        }
        is_consistent(&place, round);
        if round % 10 == 9 {
            let run = rotate(&place, &["--force"]).run();
            assert_eq!(run.exit, Some(0), "round {round}: {}", run.stderr);
            let live = |file: &str| -> Vec<String> {
                let keys = keys(&place.json(file)).into_iter();
                let live = keys.filter(|key| key["revoked"].is_null());
                let mut kids: Vec<String> = live.map(|key| key["kid"].to_string()).collect();
                kids.sort();
                kids
            };
            assert_eq!(live("key.json"), live("public.json"), "round {round}");
            // Forced rotations pile up: a fresh start keeps each round short.
            let first = keys(&place.json("key.json")).pop().expect("a key");
            let first = first.to_string().replace("\"nbf\":", "\"x-nbf\":");
            place.write("key.json", first);
            fs::remove_file(place.path("public.json")).expect("the file goes");
        }
    }
    assert!(completed > 0, "none came to its end");
    assert!(completed < KILLS, "none was killed before its end");
}

#[test]
fn wherever_the_disk_is_full_nothing_is_lost_and_room_is_all_that_the_next_call_needs() {
    // Blocks of 512 bytes: of the private file, with its two keys, and of the published one.
    for blocks in 0..2 {
        let place = ed25519();
        let before = place.read("key.json");
        let run = |script: &str| {
            let shell = Shell::new(script).args(["rotate", "--at", AT, "--standby"]);
            let shell = shell.arg(place.path("key.json")).arg("-p");
            shell.arg(place.path("public.json")).run()
        };
        let full = run(&full_after(blocks));
        full.fails(3, "file-unwritable");
        is_consistent(&place, blocks);
        assert_eq!(place.read("key.json"), before, "{blocks} blocks");
        run("exec \"$@\"").succeeds();
        assert_eq!(keys(&place.json("public.json")).len(), 3);
        assert_eq!(place.names(), ["key.json", "public.json"]);
    }
}

#[test]
fn of_sixteen_rotations_at_once_each_waits_for_the_others() {
    let place = ed25519();
    let runs: Vec<Run> = thread::scope(|scope| {
        let place = &place;
        let threads: Vec<_> = (0..PROCESSES)
            .map(|_| scope.spawn(move || rotate(place, &["--lock-timeout", "60s"]).run()))
            .collect();
        let ended = threads.into_iter().map(ScopedJoinHandle::join);
        ended.map(|run| run.expect("a run")).collect()
    });
    let done = runs.iter().filter(|run| run.exit == Some(0)).count();
    assert_eq!(done, 1);
    for run in runs.iter().filter(|run| run.exit != Some(0)) {
        run.fails(1, "rotation-under-way");
    }
    is_consistent(&place, 0);
    assert_eq!(keys(&place.json("public.json")).len(), 2);
    let forced: Vec<Run> = thread::scope(|scope| {
        let place = &place;
        let options = ["--force", "--lock-timeout", "60s"];
        let threads: Vec<_> = (0..PROCESSES)
            .map(|_| scope.spawn(move || rotate(place, &options).run()))
            .collect();
        let ended = threads.into_iter().map(ScopedJoinHandle::join);
        ended.map(|run| run.expect("a run")).collect()
    });
    for run in &forced {
        run.succeeds();
    }
    assert_eq!(
        keys(&place.json("key.json")).len(),
        2 + PROCESSES,
        "one was lost"
    );
}

/// Holds the lock on a folder until it is dropped.
struct Holder(Child);

impl Holder {
    fn new(place: &Place) -> Option<Self> {
        let held = place.path("held");
        let child = Command::new("flock")
            .arg("--no-fork")
            .arg(place.path(""))
            .args(["sh", "-c", "touch \"$0\"; exec sleep 60"])
            .arg(&held)
            .spawn();
        let holder = Self(child.ok()?);
        while !held.exists() {
            thread::sleep(Duration::from_millis(2));
        }
        Some(holder)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn who_holds_the_lock_is_told_and_a_dead_holder_is_in_nobodys_way() {
    let place = ed25519();
    let before = place.read("key.json");
    let Some(holder) = Holder::new(&place) else {
        return; // There is no flock here.
    };
    let run = rotate(&place, &["--lock-timeout", "0"]).run();
    run.fails(3, "locked");
    assert!(run.stderr.contains("--lock-timeout"), "{}", run.stderr);
    // Some file systems hide from the kernel's list what they lock.
    if !run.stderr.contains("another process") {
        let name = format!("process {} (sleep)", holder.0.id());
        assert!(run.stderr.contains(&name), "{}", run.stderr);
    }
    assert_eq!(place.read("key.json"), before);
    drop(holder);
    rotate(&place, &["--lock-timeout", "0"]).run().succeeds();
}

#[test]
fn what_someone_else_writes_meanwhile_is_not_lost() {
    let place = Place::new();
    let file = place.write("key.json", "theirs");
    let write = |expected: &[u8]| {
        let existing = Existing::Unchanged(expected);
        RealFiles.write(&file, b"ours", Audience::Keepers, existing)
    };
    for read_before in ["", "their", "theirs\n", "Theirs"] {
        let error = write(read_before.as_bytes()).expect_err("it was changed");
        assert_eq!((error.code, error.exit as u8), ("file-changed", 3));
        assert_eq!(place.read("key.json"), "theirs");
    }
    write(b"theirs").expect("it is as it was");
    assert_eq!(place.read("key.json"), "ours");
    fs::remove_file(&file).expect("the file goes");
    assert_eq!(write(b"ours").expect_err("it is gone").code, "file-changed");
    assert!(place.names().is_empty());
}

/// Only root can play two users.
#[test]
fn a_file_of_another_user_is_not_taken_from_them() {
    let place = ed25519();
    let key = place.path("key.json");
    let is_given = Command::new("chown").arg("12345:12346").arg(&key).status();
    set_mode(&place.path(""), 0o777);
    set_mode(&key, 0o640);
    let as_other = [
        "setpriv",
        "--reuid=12347",
        "--regid=12346",
        "--clear-groups",
    ];
    let works = Command::new(as_other[0])
        .args(&as_other[1..])
        .arg("true")
        .status();
    if !is_given.is_ok_and(|status| status.success()) || !works.is_ok_and(|status| status.success())
    {
        return;
    }
    let before = place.read("key.json");
    let script = format!("exec {} \"$@\"", as_other.join(" "));
    let run = Shell::new(&script)
        .args(["rotate", "--at", AT])
        .arg(&key)
        .run();
    if run.exit.is_none_or(|exit| exit > 100) {
        return; // That user cannot run the binary.
    }
    run.fails(3, "file-not-yours");
    assert_eq!(place.read("key.json"), before);
    assert_eq!(place.names(), ["key.json"]);
    // Root gives it back to whom it belongs.
    Place::jwks("rotate").arg(&key).run().succeeds();
    let metadata = fs::metadata(&key).expect("the file");
    assert_eq!(
        (metadata.uid(), metadata.gid(), mode(&key)),
        (12345, 12346, 0o640)
    );
}

#[test]
fn a_folder_that_takes_no_files_is_told_before_anything_is_done() {
    let place = Place::new();
    let folder = place.path("folder");
    fs::create_dir(&folder).expect("a folder");
    fs::copy(ed25519().path("key.json"), folder.join("key.json")).expect("a copy");
    set_mode(&folder, 0o500);
    let is_root = fs::write(folder.join("probe"), "").is_ok();
    if !is_root {
        let run = Place::jwks("rotate").arg(folder.join("key.json")).run();
        run.fails(3, "file-unwritable");
    }
    set_mode(&folder, 0o700);
}

/// The link is turned to another file between two calls, and each call changes what it leads to.
#[test]
fn a_link_that_is_turned_elsewhere_leads_to_the_other_file() {
    let place = ed25519();
    let other = ed25519();
    let link = place.path("link");
    symlink(place.path("key.json"), &link).expect("a link");
    Place::jwks("rotate").arg(&link).run().succeeds();
    fs::remove_file(&link).expect("the link goes");
    symlink(other.path("key.json"), &link).expect("a link");
    let first = place.read("key.json");
    Place::jwks("rotate").arg(&link).run().succeeds();
    assert_eq!(place.read("key.json"), first);
    assert_eq!(keys(&other.json("key.json")).len(), 2);
}
