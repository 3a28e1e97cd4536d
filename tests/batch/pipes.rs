//! A reader of the records who goes away ends the batch: quietly, and not as if all had been checked.

use std::io::Write;
use std::process::Stdio;
use std::thread;

use super::keys::{place, valid};
use super::live::Live;
use super::records::read_summary;
use crate::support::Run;
use crate::support::place::{AT, Place, Shell};

/// Many times what a pipe holds.
const LINES: usize = 20_000;

fn run_into(output: impl Into<Stdio>, script: &str, place: &Place, options: &[&str]) -> Run {
    Shell::new(script)
        .args(["verify", "--batch", "--at", AT, "--jwks"])
        .arg(place.path("keys.json"))
        .args(options)
        .arg(place.write("tokens", format!("{0}\n{0}\n", valid())))
        .stdout(output)
        .run()
}

#[test]
fn a_batch_whose_reader_goes_away_ends_by_itself() {
    let place = place();
    let file = place.write("many", "x\n".repeat(LINES));
    let file = file.to_str().expect("UTF-8");
    for options in [&["--jobs=1"][..], &["--jobs=8"], &["--exit-zero"]] {
        let all = [options, &["--summary", "summary.json", file]].concat();
        let mut live = Live::new(&place, &all);
        assert_eq!(live.record()["line"], 1);
        live.hang_up();
        let run = live.end();
        assert_eq!(run.exit, Some(3), "{options:?}");
        assert_eq!(run.stderr, "", "{options:?}");
        let summary = read_summary(&place.path("summary.json"));
        assert_eq!(summary["complete"], false);
        assert!(summary["lines"].as_u64() < Some(LINES as u64), "{summary}");
    }
}

#[test]
fn a_batch_whose_reader_goes_away_does_not_wait_for_more_input() {
    let place = place();
    let mut live = Live::new(&place, &["--jobs=4"]);
    let mut feed = live.take_feed();
    let (done, wait) = std::sync::mpsc::channel::<()>();
    let feeder = thread::spawn(move || {
        let fed = feed.write_all("x\n".repeat(LINES).as_bytes());
        // The pipe stays open until the batch has ended.
        let _ = wait.recv();
        fed
    });
    assert_eq!(live.record()["line"], 1);
    live.hang_up();
    let run = live.end();
    drop(done);
    let _ = feeder.join().expect("the feeder ends");
    assert_eq!(run.exit, Some(3));
    assert_eq!(run.stderr, "");
}

#[test]
fn a_reader_who_was_never_there_ends_a_batch_too() {
    let place = place();
    for options in [&[][..], &["--exit-zero"]] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let run = run_into(writer, "exec \"$@\"", &place, options);
        assert_eq!(run.exit, Some(3), "{options:?}");
        assert_eq!(run.stderr, "", "{options:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_is_full_is_a_failed_output() {
    let place = place();
    let summary = place.path("summary.json").display().to_string();
    let options = ["--summary", &summary];
    for script in ["exec \"$@\" >/dev/full", "exec \"$@\" >/dev/full 2>&1"] {
        let run = run_into(Stdio::piped(), script, &place, &options);
        assert_eq!(run.exit, Some(3), "{}", run.stderr);
        let summary = read_summary(&place.path("summary.json"));
        assert_eq!(summary["complete"], false);
        assert_eq!(
            summary["lines"], 0,
            "a record that is not out does not count"
        );
    }
    let run = run_into(Stdio::piped(), "exec \"$@\" >/dev/full", &place, &[]);
    run.fails(3, "output-failed");
}

#[test]
fn nobody_has_to_hear_the_summary() {
    let place = place();
    for script in ["exec \"$@\" 2>&-", "exec \"$@\" 2>/dev/null"] {
        let run = run_into(Stdio::piped(), script, &place, &[]);
        assert_eq!(run.exit, Some(0), "{script}");
        assert_eq!(run.text().lines().count(), 2, "{script}");
    }
}
