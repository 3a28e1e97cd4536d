//! Ctrl-C: the batch ends at once, and says how far it has come.

use std::io::{Read, Write};
use std::process::ChildStdout;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;

use super::keys::{broken, one, place, valid};
use super::live::Live;
use super::records::{read_summary, records, summary_of, texts};
use crate::support::Run;
use crate::support::place::Place;

/// A batch that writes its summary into the place.
fn start(place: &Place, options: &[&str]) -> Live {
    let options = [options, &["--summary", "summary.json"]].concat();
    Live::new(place, &options)
}

/// It was ended by Ctrl-C, and counts just what it wrote.
#[track_caller]
fn was_interrupted(run: &Run, place: &Place, written: &[Value]) {
    assert_eq!(run.exit, Some(130), "{}", run.stderr);
    let count = written.len();
    let beginning = format!("summary so far: {count} lines: ");
    assert!(
        run.stderr.starts_with(&beginning),
        "{count}: {}",
        run.stderr
    );
    assert!(!run.stderr.contains("error"), "{}", run.stderr);
    let summary = read_summary(&place.path("summary.json"));
    assert_eq!(summary, summary_of(written, false));
    assert_eq!(place.names(), ["keys.json", "summary.json"]);
}

#[test]
fn an_interrupted_batch_counts_the_records_that_it_has_written() {
    for options in [&["--jobs=1"][..], &["--jobs=8"], &["--exit-zero"]] {
        let place = place();
        let mut live = start(&place, options);
        let mut lines: Vec<Vec<u8>> = broken().into_iter().map(|(line, _)| line).collect();
        lines.extend((0..20).map(|number| one().token(number).into_bytes()));
        live.send(lines.join(&b'\n'));
        live.send("\nthe beginning of another line");
        let written: Vec<Value> = lines.iter().map(|_| live.record()).collect();
        // It has nothing to do now but to read.
        live.rests();
        live.interrupt();
        let run = live.end();
        assert!(run.stdout.is_empty(), "{}", run.text());
        was_interrupted(&run, &place, &written);
    }
}

#[test]
fn a_batch_that_has_read_nothing_yet_is_interrupted() {
    let place = place();
    let live = start(&place, &[]);
    // Until it reads, Ctrl-C ends it as it ends any program.
    live.rests();
    live.interrupt();
    was_interrupted(&live.end(), &place, &[]);
}

#[test]
fn a_batch_at_work_is_interrupted_between_records() {
    for jobs in ["--jobs=1", "--jobs=4"] {
        let place = place();
        let mut live = start(&place, &[jobs]);
        let mut feed = live.take_feed();
        let feeder = thread::spawn(move || {
            let lines = format!("{}\nx\n\n", valid()).repeat(500);
            while feed.write_all(lines.as_bytes()).is_ok() {}
        });
        let mut written = Vec::new();
        for _ in 0..2_000 {
            written.extend(live.next().expect("a record"));
        }
        live.interrupt();
        let run = live.end();
        feeder.join().expect("the feeder ends");
        written.extend_from_slice(&run.stdout);
        was_interrupted(&run, &place, &records(&written));
    }
}

/// Fills its input with lines that are no tokens, until it has ended.
fn fill(live: &mut Live) -> JoinHandle<()> {
    let mut feed = live.take_feed();
    thread::spawn(move || {
        let lines = "x\n".repeat(10_000);
        while feed.write_all(lines.as_bytes()).is_ok() {}
    })
}

/// A batch that is interrupted when it waits for somebody to take its records, what fills its input,
/// and its output.
fn interrupted_when_full(place: &Place, jobs: &str) -> (Live, JoinHandle<()>, ChildStdout) {
    let mut live = start(place, &[jobs]);
    let feeder = fill(&mut live);
    let output = live.take_output();
    live.rests();
    live.interrupt();
    (live, feeder, output)
}

#[test]
fn a_batch_whose_records_are_taken_slowly_is_interrupted_between_records() {
    const PORTION: usize = 4_096;
    const PAUSE: Duration = Duration::from_millis(1);
    for jobs in ["--jobs=1", "--jobs=4"] {
        for _ in 0..3 {
            let place = place();
            let (live, feeder, mut output) = interrupted_when_full(&place, jobs);
            let (mut written, mut portion) = (Vec::new(), [0; PORTION]);
            loop {
                let count = output.read(&mut portion).expect("records");
                written.extend_from_slice(&portion[..count]);
                if count == 0 {
                    break;
                }
                // What makes it slow; nothing depends on how long it is.
                thread::sleep(PAUSE);
            }
            let run = live.end();
            feeder.join().expect("the feeder ends");
            was_interrupted(&run, &place, &records(&written));
        }
    }
}

#[test]
fn a_batch_whose_records_nobody_takes_is_interrupted_too() {
    for jobs in ["--jobs=1", "--jobs=4"] {
        let place = place();
        let (mut live, feeder, mut output) = interrupted_when_full(&place, jobs);
        assert_eq!(live.exit(), Some(130));
        feeder.join().expect("the feeder ends");
        // A record may be cut where it stuck, but none is counted that is not there.
        let mut written = Vec::new();
        output.read_to_end(&mut written).expect("records");
        let whole = texts(&written[..=last_break(&written)]).len();
        let summary = read_summary(&place.path("summary.json"));
        assert_eq!(summary["complete"], false);
        let counted = summary["lines"].as_u64().expect("a count");
        assert!(counted <= whole as u64, "{counted} of {whole}");
        assert_eq!(place.names(), ["keys.json", "summary.json"]);
    }
}

/// Where the last line break is.
fn last_break(written: &[u8]) -> usize {
    let last = written.iter().rposition(|&byte| byte == b'\n');
    last.expect("a record")
}
