//! The records of an input are the same bytes however many threads judge, wherever the input comes
//! from and in whatever portions.

use super::batch;
use super::keys::{broken, one, place, three};
use super::records::{hash, records};
use crate::support::numbers::Numbers;

const LINES: usize = 4_000;
/// Every so many lines a long one stands.
const LONG_EVERY: usize = 400;
/// Longer than a reading, and longer than a token may be.
const LONG: [usize; 4] = [70_000, 200_000, (1 << 20) - 40, (1 << 20) + 100_000];

/// Lines of every kind, each with its name before it.
fn lines() -> Vec<Vec<u8>> {
    let mut numbers = Numbers::new(1);
    let broken = broken();
    let (one, three) = (one(), three());
    (0..LINES)
        .map(|line| {
            let token = match numbers.below(4) {
                _ if line % LONG_EVERY == LONG_EVERY / 2 => {
                    vec![b'a'; LONG[line / LONG_EVERY % LONG.len()]]
                }
                0 => one.token(line).into_bytes(),
                1 => three.token(line).into_bytes(),
                _ => broken[numbers.below(broken.len())].0.clone(),
            };
            let id = match numbers.below(20) {
                0 => Vec::new(),
                1 => b"\xff\t".to_vec(),
                _ => format!("line {line}\t").into_bytes(),
            };
            [id, token].concat()
        })
        .collect()
}

fn input() -> Vec<u8> {
    let mut input = lines().join(&b'\n');
    input.push(b'\n');
    input
}

#[test]
fn records_do_not_depend_on_the_number_of_threads() {
    let place = place();
    let file = place.write("tokens", input());
    let run = |jobs: &str| {
        let call = batch(&place).arg(&file).args(["--id-field", "--claims"]);
        let run = call.args(["--jobs", jobs]).run();
        assert_eq!(run.exit, Some(1), "{}", run.stderr);
        (run.stdout, run.stderr)
    };
    let expected = run("1");
    assert_eq!(records(&expected.0).len(), LINES);
    for jobs in ["2", "3", "8", "33"] {
        assert!(run(jobs) == expected, "--jobs {jobs} says otherwise");
    }
}

#[test]
fn records_do_not_depend_on_where_the_input_comes_from() {
    let place = place();
    let input = input();
    let file = place.write("tokens", &input);
    let from_file = batch(&place).arg(&file).arg("--id-field").run();
    let records = records(&from_file.stdout);
    for (record, line) in records.iter().zip(lines()) {
        let start = match record.get("id") {
            Some(id) => id.as_str().unwrap().len() + 1,
            None => 0,
        };
        assert_eq!(record["sha256"], hash(&line[start..]), "{record}");
    }
    for from_pipe in [
        batch(&place).arg("--id-field").stdin(&*input).run(),
        batch(&place).args(["-", "--id-field"]).stdin(&*input).run(),
    ] {
        assert!(
            from_pipe.stdout == from_file.stdout,
            "a pipe says otherwise"
        );
        assert_eq!(from_pipe.stderr, from_file.stderr);
        assert_eq!(from_pipe.exit, from_file.exit);
    }
}

/// A datagram is what one reading brings, so that the portions are those of the test in every run.
#[cfg(unix)]
#[test]
fn records_do_not_depend_on_the_portions_in_which_the_input_comes() {
    use super::live::Live;
    let place = place();
    let lines = lines();
    let short = lines.iter().filter(|line| line.len() < 1_000).take(300);
    let mut input = short.cloned().collect::<Vec<_>>().join(&b'\n');
    // Not even the last line, which is longer than a token may be here, comes in one portion.
    input.extend_from_slice(b"\r\nlast\t");
    input.resize(input.len() + 20_000, b'a');
    let options = ["--id-field", "--token-limit=600"];
    let whole = batch(&place).args(options).stdin(&*input).run();
    for (seed, largest) in [(1, 40), (2, 700), (3, 7_000)] {
        let mut live = Live::in_datagrams(&place, &options);
        for portion in portions(&input, &mut Numbers::new(seed), largest) {
            live.send(portion);
        }
        live.send_end();
        let run = live.end();
        assert!(run.stdout == whole.stdout, "portions up to {largest}");
        assert_eq!(run.exit, whole.exit);
    }
    // The smallest portions are for the beginning alone: each one wakes the process.
    let beginning = &input[..4_000];
    let mut live = Live::in_datagrams(&place, &options);
    for portion in portions(beginning, &mut Numbers::new(4), 3) {
        live.send(portion);
    }
    live.send_end();
    let expected = batch(&place).args(options).stdin(beginning).run();
    assert!(live.end().stdout == expected.stdout, "portions up to 3");
}

#[cfg(unix)]
fn portions<'i>(mut input: &'i [u8], numbers: &mut Numbers, largest: usize) -> Vec<&'i [u8]> {
    let mut portions = Vec::new();
    while !input.is_empty() {
        let length = (1 + numbers.below(largest)).min(input.len());
        let (portion, rest) = input.split_at(length);
        portions.push(portion);
        input = rest;
    }
    portions
}
