//! Memory does not grow with the input, whether its lines are many or one, and whether or not anybody
//! takes the records.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::keys::{one, place};
use super::live::Live;
use super::records::{code, hash};
use crate::support::place::Place;

/// The most that a batch may ever hold, in KiB; a debug build needs a part of it for itself.
const MOST: u64 = 40 << 10;
const MEBIBYTE: usize = 1 << 20;
/// So many records do not fit into a pipe: who has not taken them knows that the batch still runs.
const LAST: usize = 2_000;

#[track_caller]
fn is_modest(live: &Live) {
    let peak = live.peak();
    assert!(peak < MOST, "{peak} KiB");
}

#[test]
fn a_line_without_end_costs_no_memory() {
    let place = place();
    for (options, start, mebibytes) in [(&[][..], "", 64), (&["--id-field"], "name\t", 48)] {
        let mut live = Live::new(&place, options);
        live.send(start);
        let chunk = vec![b'a'; MEBIBYTE];
        for _ in 0..mebibytes {
            live.send(&chunk);
        }
        is_modest(&live);
        live.send_end();
        let record = live.record();
        assert_eq!(code(&record), Some("token-too-large"));
        assert_eq!(record["sha256"], hash(&chunk.repeat(mebibytes)));
        assert_eq!(live.end().exit, Some(1));
    }
}

/// A file of short lines, long lines, empty lines and tokens, and the number of its lines.
fn large_file(place: &Place) -> (String, usize) {
    const LENGTH: usize = 60 * MEBIBYTE;
    let path = place.path("large");
    let mut file = BufWriter::new(File::create(&path).expect("a file"));
    let tokens: Vec<String> = (0..4).map(|number| one().token(number)).collect();
    let garbage = "x".repeat(4_000);
    let block = format!(
        "{}\n\n{}\n",
        tokens.join("\n"),
        [garbage.as_str(); 8].join("\n")
    );
    let very_long = format!("{}\n", "y".repeat(MEBIBYTE - 1));
    let (mut written, mut lines) = (0, 0);
    while written < LENGTH {
        let piece = if lines % 40 == 39 { &very_long } else { &block };
        file.write_all(piece.as_bytes()).expect("it is written");
        written += piece.len();
        lines += piece.matches('\n').count();
    }
    file.flush().expect("it is written");
    (path.to_str().expect("UTF-8").to_owned(), lines)
}

#[test]
fn a_large_file_costs_no_more_memory_than_a_small_one() {
    let place = place();
    let (file, lines) = large_file(&place);
    let mut live = Live::new(&place, &["--jobs=8", &file]);
    takes_all(&mut live, lines);
    assert_eq!(live.end().exit, Some(1));
}

/// Takes the records, and looks at the memory before the last ones.
#[track_caller]
fn takes_all(live: &mut Live, lines: usize) {
    for _ in 0..lines - LAST {
        live.next().expect("a record");
    }
    is_modest(live);
    for _ in 0..LAST {
        live.next().expect("a record");
    }
    assert_eq!(live.next(), None, "more records than lines");
}

#[test]
fn the_records_of_empty_lines_are_not_piled_up_although_they_are_longer_than_these() {
    let place = place();
    for jobs in ["--jobs=1", "--jobs=8"] {
        let mut live = Live::new(&place, &[jobs]);
        let mut feed = live.take_feed();
        let feeder = thread::spawn(move || feed.write_all(&vec![b'\n'; 8 * MEBIBYTE]));
        live.rests();
        is_modest(&live);
        // It is ended by force, for nobody wants so many records.
        drop(live);
        let fed = feeder.join().expect("the feeder ends");
        assert!(fed.is_err(), "all lines were taken, and no record");
    }
}

#[test]
fn a_slow_reader_slows_the_reading_of_the_input_down() {
    const LENGTH: usize = 20 * MEBIBYTE;
    let place = place();
    let token = format!("{}\n", one().token(0)).repeat(10);
    let garbage = format!("{}\n", "x".repeat(1_000)).repeat(30);
    let block = token + &garbage;
    let blocks = LENGTH / block.len();
    for jobs in ["--jobs=1", "--jobs=8"] {
        let mut live = Live::new(&place, &[jobs]);
        let mut feed = live.take_feed();
        let fed = Arc::new(AtomicUsize::new(0));
        let (counter, block) = (Arc::clone(&fed), block.clone());
        let feeder = thread::spawn(move || {
            for _ in 0..blocks {
                feed.write_all(block.as_bytes()).expect("it is read");
                counter.fetch_add(block.len(), Ordering::SeqCst);
            }
        });
        // Nobody takes a record: sooner or later it stops.
        live.rests();
        let taken = fed.load(Ordering::SeqCst);
        assert!(
            taken < LENGTH / 4,
            "{taken} bytes were taken, and no record"
        );
        is_modest(&live);
        takes_all(&mut live, blocks * 40);
        feeder.join().expect("everything was read");
        assert_eq!(live.end().exit, Some(1));
    }
}
