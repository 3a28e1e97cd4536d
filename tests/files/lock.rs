//! Several processes at once on one file.

use std::thread::{self, ScopedJoinHandle};

use crate::support::place::{AT, Place};
use crate::support::{Jwks, Run};

/// As many as rotate at once.
const PROCESSES: usize = 8;

fn at_once(run: impl Fn(usize) -> Run + Sync) -> Vec<Run> {
    thread::scope(|scope| {
        let run = &run;
        let threads: Vec<_> = (0..PROCESSES)
            .map(|index| scope.spawn(move || run(index)))
            .collect();
        let ended = threads.into_iter().map(ScopedJoinHandle::join);
        ended.map(|ended| ended.expect("a run")).collect()
    })
}

fn rotated(runs: &[Run]) -> usize {
    for run in runs {
        if run.exit != Some(0) {
            run.fails(1, "rotation-under-way");
        }
    }
    runs.iter().filter(|run| run.exit == Some(0)).count()
}

#[test]
fn of_rotations_at_once_one_takes_place_and_the_others_are_refused() {
    let place = Place::with_key();
    let runs = at_once(|_| {
        let call = Place::jwks("rotate").arg(place.path("key.json"));
        call.arg("-p").arg(place.path("public.json")).run()
    });
    assert_eq!(rotated(&runs), 1);
    for file in ["key.json", "public.json"] {
        let keys = place.json(file);
        assert_eq!(keys["keys"].as_array().map(Vec::len), Some(2), "{file}");
    }
    assert_eq!(place.names(), ["key.json", "public.json", "token"]);
}

#[test]
fn rotations_through_a_link_and_directly_hold_the_same_lock() {
    let place = Place::with_key();
    let link = place.path("link");
    std::os::unix::fs::symlink("key.json", &link).expect("a link");
    let runs = at_once(|index| {
        let file = if index % 2 == 0 {
            link.clone()
        } else {
            place.path("key.json")
        };
        Place::jwks("rotate").arg(file).run()
    });
    assert_eq!(rotated(&runs), 1);
    assert_eq!(
        place.json("key.json")["keys"].as_array().map(Vec::len),
        Some(2)
    );
}

#[test]
fn no_rotation_is_lost_when_each_is_due() {
    let place = Place::with_key();
    // Far enough apart for each to find the one before complete, in whatever order they come.
    let runs = at_once(|index| {
        let at = format!("20{}-01-01T00:00:00Z", 30 + index);
        let call = Jwks::new("rotate").args(["--at", &at, "--token-lifetime", "9999d"]);
        call.arg(place.path("key.json")).run()
    });
    let keys = place.json("key.json");
    let keys = keys["keys"].as_array().expect("keys");
    assert_eq!(keys.len(), rotated(&runs) + 1);
    assert_eq!(keys[0]["kid"], "one");
}

#[test]
fn those_who_read_see_the_old_file_or_the_new_one() {
    let place = Place::with_key();
    let runs = at_once(|index| {
        if index == 0 {
            return Place::jwks("rotate").arg(place.path("key.json")).run();
        }
        let call = Jwks::new("inspect").args(["--at", AT, "--fail-on", "error"]);
        call.arg(place.path("key.json")).run()
    });
    for run in runs {
        run.succeeds();
    }
}

#[test]
fn of_files_made_at_once_under_one_name_one_stays() {
    let place = Place::new();
    let runs = at_once(|_| {
        let call = Jwks::new("generate").args(["--alg", "ES256", "-o"]);
        call.arg(place.path("key.json")).run()
    });
    let made: Vec<&Run> = runs.iter().filter(|run| run.exit == Some(0)).collect();
    assert_eq!(made.len(), 1);
    let kid = place.json("key.json")["kid"]
        .as_str()
        .expect("a kid")
        .to_owned();
    assert!(made[0].stderr.contains(&kid), "another one stayed");
    assert_eq!(place.names(), ["key.json"]);
}
