//! A log that grows: each line is answered when it comes, and not when the next one does.

use serde_json::Value;

use super::keys::{one, place, valid};
use super::live::Live;
use super::records::{code, hash};

/// Asks line after line, each when the one before has been answered.
fn converse(live: &mut Live, rounds: usize) {
    for round in 0..rounds {
        let token = one().token(round);
        live.send(format!("{token}\n"));
        let record = live.record();
        assert_eq!(record["line"], 2 * round + 1);
        assert_eq!(record["sha256"], hash(token.as_bytes()));
        assert_eq!(code(&record), None);
        live.send("\r\n");
        let record = live.record();
        assert_eq!(record["line"], 2 * round + 2);
        assert_eq!(code(&record), Some("token-empty"));
    }
}

#[test]
fn a_line_is_answered_while_the_input_is_open() {
    let place = place();
    let mut live = Live::new(&place, &[]);
    converse(&mut live, 20);
    live.send_end();
    let run = live.end();
    assert_eq!(run.exit, Some(1), "{}", run.stderr);
    assert!(run.stdout.is_empty(), "nothing is said twice");
    assert!(
        run.stderr.starts_with("summary: 40 lines: 20 valid"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_line_is_answered_however_many_threads_wait_for_one() {
    let place = place();
    for jobs in ["--jobs=1", "--jobs=8", "--jobs=40"] {
        let mut live = Live::new(&place, &[jobs]);
        converse(&mut live, 20);
        live.send_end();
        assert_eq!(live.end().exit, Some(1), "{jobs}");
    }
}

#[test]
fn lines_that_come_together_are_answered_together_and_in_order() {
    let place = place();
    let mut live = Live::new(&place, &["--jobs=8"]);
    let mut number = 0;
    for burst in [1, 2, 50, 3, 300, 1, 700] {
        let tokens: Vec<String> = (0..burst).map(|line| one().token(line)).collect();
        live.send(tokens.join("\n") + "\n");
        for token in tokens {
            number += 1;
            let record = live.record();
            assert_eq!(record["line"], number);
            assert_eq!(record["sha256"], hash(token.as_bytes()));
        }
    }
    live.send_end();
    assert_eq!(live.end().exit, Some(0));
}

#[test]
fn the_beginning_of_a_line_is_not_answered_until_its_end_comes() {
    let place = place();
    for jobs in ["--jobs=1", "--jobs=8"] {
        // Each portion is a reading of its own.
        let mut live = Live::in_datagrams(&place, &[jobs]);
        let token = valid();
        let (beginning, end) = token.split_at(40);
        let expected: [(&[&str], &[&str]); 4] = [
            (&[beginning, end, "\n"], &[&token]),
            (&["a", ".", "b", "\r", "\n"], &["a.b"]),
            (&["x\ny", "z\n"], &["x", "yz"]),
            (&["1\n2\n3", "\n4", "\n"], &["1", "2", "3", "4"]),
        ];
        let mut number = 0;
        for (portions, lines) in expected {
            for portion in portions {
                live.send(portion);
            }
            for line in lines {
                number += 1;
                let record = live.record();
                assert_eq!(record["line"], number);
                assert_eq!(record["sha256"], hash(line.as_bytes()), "{line}");
            }
        }
        live.send("the last one");
        live.send_end();
        let run = live.end();
        let last: Value = serde_json::from_slice(&run.stdout).expect("one record");
        assert_eq!(last["sha256"], hash(b"the last one"));
        assert_eq!(last["line"], number + 1);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn whole_lines_are_answered_while_the_next_one_is_on_its_way() {
    let place = place();
    let mut live = Live::new(&place, &["--jobs=8"]);
    live.send("x\ny\nbeginning");
    assert_eq!(live.record()["sha256"], hash(b"x"));
    assert_eq!(live.record()["sha256"], hash(b"y"));
    live.rests();
    // It has read the beginning, and waits for more.
    live.send(" and end\n");
    assert_eq!(live.record()["sha256"], hash(b"beginning and end"));
    live.send_end();
    assert_eq!(live.end().exit, Some(1));
}

#[test]
fn a_line_longer_than_a_token_is_answered_when_its_end_comes() {
    let place = place();
    let mut live = Live::new(&place, &["--token-limit=1000"]);
    let long = vec![b'a'; 3 << 20];
    for round in 0..3 {
        live.send(&long);
        live.send("\nx\n");
        let record = live.record();
        assert_eq!(code(&record), Some("token-too-large"));
        assert_eq!(record["line"], 2 * round + 1);
        assert_eq!(record["sha256"], hash(&long));
        assert_eq!(live.record()["line"], 2 * round + 2);
    }
    live.send_end();
    assert_eq!(live.end().exit, Some(1));
}
