//! `--merge-summaries`: the summaries of the parts of a log come to that of the whole.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::batch;
use super::keys::{broken, nameless, one, place, three};
use super::records::{read_summary, require_schema};
use crate::support::numbers::Numbers;
use crate::support::place::Place;
use crate::support::{Jwks, Run};

fn merge(files: &[PathBuf]) -> Run {
    Jwks::new("verify")
        .arg("--merge-summaries")
        .args(files)
        .run()
}

fn sum(run: &Run) -> Value {
    let sum = serde_json::from_slice(&run.stdout).expect("a summary");
    require_schema(&sum);
    sum
}

/// A summary of some lines, as it could have been written.
fn one_of(lines: u64, is_complete: bool) -> Value {
    json!({
        "schema": "jwks.verify.summary/1", "complete": is_complete,
        "lines": lines, "valid": lines, "invalid": 0,
        "codes": {}, "algorithms": {"ES256": lines}, "keys": {"a": lines},
    })
}

#[test]
fn the_summaries_of_parts_come_to_that_of_the_whole() {
    const LINES: usize = 1_000;
    let place = place();
    let (broken, keys) = (broken(), [one(), three(), nameless()]);
    let mut numbers = Numbers::new(3);
    let lines: Vec<Vec<u8>> = (0..LINES)
        .map(|line| match numbers.below(6) {
            key @ 0..3 => keys[key].token(line).into_bytes(),
            _ => broken[numbers.below(broken.len())].0.clone(),
        })
        .collect();
    let summarize = |name: &str, lines: &[Vec<u8>]| {
        let file = place.path(name);
        let input = [lines.join(&b'\n'), b"\n".to_vec()].concat();
        let call = batch(&place).arg("--summary").arg(&file);
        (call.stdin(input).run(), file)
    };
    let (whole, whole_file) = summarize("whole.json", &lines);
    let parts = [&lines[..1], &lines[1..500], &lines[500..501], &lines[501..]];
    let files: Vec<PathBuf> = parts
        .iter()
        .enumerate()
        .map(|(part, lines)| summarize(&format!("part-{part}.json"), lines).1)
        .collect();
    let run = merge(&files);
    assert_eq!(run.exit, Some(1), "tokens were rejected");
    assert_eq!(sum(&run), read_summary(&whole_file));
    assert_eq!(run.text(), place.read("whole.json"));
    assert_eq!(run.stderr, whole.stderr);
    let backward: Vec<PathBuf> = files.iter().rev().cloned().collect();
    assert_eq!(merge(&backward).stdout, run.stdout);
    // A sum is a summary too.
    let sum = place.write("sum.json", &run.stdout);
    assert_eq!(merge(&[sum]).stdout, run.stdout);
}

#[test]
fn the_exit_code_is_that_of_the_sum() {
    let place = Place::new();
    let good = place.write("good.json", one_of(3, true).to_string());
    let partial = place.write("partial.json", one_of(2, false).to_string());
    let empty = place.write("empty.json", {
        let mut empty = one_of(0, true);
        empty["algorithms"] = json!({});
        empty["keys"] = json!({});
        empty.to_string()
    });
    let run = merge(&[good.clone(), empty.clone()]);
    assert_eq!(sum(run.succeeds()), one_of(3, true));
    assert_eq!(
        sum(merge(std::slice::from_ref(&empty)).succeeds())["lines"],
        0
    );
    for files in [[&good, &partial], [&partial, &good]] {
        let run = merge(&files.map(Clone::clone));
        assert_eq!(run.exit, Some(1), "not every line was looked at");
        assert_eq!(sum(&run), one_of(5, false));
        let partial = "partial.json\" is of an input that was not checked to its end";
        assert!(run.stderr.contains(partial), "{}", run.stderr);
        let so_far = "\nsummary so far: 5 lines";
        assert!(run.stderr.contains(so_far), "{}", run.stderr);
    }
    let lenient = Jwks::new("verify")
        .args(["--exit-zero", "--merge-summaries"])
        .args([&good, &partial])
        .run();
    assert_eq!(
        lenient.exit,
        Some(1),
        "tokens may fail, but not be left out"
    );
    assert_eq!(sum(&lenient)["complete"], false);
    let twice = merge(&[good.clone(), good]);
    assert_eq!(
        sum(twice.succeeds())["lines"],
        6,
        "what is named twice counts twice"
    );
}

/// A summary with one member changed; taken away when there is no value.
fn with(member: &str, value: Option<Value>) -> String {
    let mut summary = one_of(3, true);
    let members = summary.as_object_mut().unwrap();
    match value {
        Some(value) => members.insert(member.to_owned(), value),
        None => members.remove(member),
    };
    summary.to_string()
}

#[test]
fn what_is_no_summary_is_not_added_up() {
    let place = Place::new();
    let good = place.write("good.json", one_of(3, true).to_string());
    let mut broken = vec![
        String::new(),
        "summary".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        format!("{} {{}}", one_of(3, true)),
        one_of(3, true)
            .to_string()
            .replace("\"lines\"", "\"lines\":3,\"lines\""),
        with("schema", Some(json!("jwks.verify.summary/2"))),
        with("schema", Some(json!("jwks.verify.record/1"))),
        with("lines", Some(json!(4))),
        with("valid", Some(json!(2))),
        with("valid", Some(json!(4))),
        with("invalid", Some(json!(1))),
        with("codes", Some(json!({"expired": 1}))),
        with("algorithms", Some(json!({"ES256": 2}))),
        with("keys", Some(json!({"a": 4}))),
        with("keys", Some(json!({"a": u64::MAX, "b": 4}))),
        with("keys", Some(json!([3]))),
    ];
    for member in [
        "schema",
        "complete",
        "lines",
        "valid",
        "invalid",
        "codes",
        "algorithms",
        "keys",
    ] {
        broken.push(with(member, None));
        broken.push(with(member, Some(Value::Null)));
        broken.push(with(member, Some(json!("3"))));
    }
    for count in [json!(3.0), json!(-3), json!(true)] {
        broken.push(with("lines", Some(count.clone())));
        broken.push(with("keys", Some(json!({ "a": count }))));
    }
    for content in broken {
        let file = place.write("broken.json", &content);
        for files in [[good.clone(), file.clone()], [file, good.clone()]] {
            let run = merge(&files);
            assert!(run.has_code("not-a-summary"), "{content}: {}", run.stderr);
            run.fails(3, "not-a-summary");
        }
    }
}

#[test]
fn a_summary_that_cannot_be_read_is_told() {
    let place = Place::new();
    let good = place.write("good.json", one_of(3, true).to_string());
    merge(&[good.clone(), place.path("missing.json")]).fails(3, "file-not-found");
    merge(&[good, place.path("")]).fails(3, "is-a-directory");
}

#[test]
fn counts_up_to_the_greatest_add_up_exactly() {
    let place = Place::new();
    let most = u64::MAX - 3;
    let great = place.write("great.json", one_of(most, true).to_string());
    let good = place.write("good.json", one_of(3, true).to_string());
    let run = merge(&[great.clone(), good.clone()]);
    assert_eq!(sum(run.succeeds()), one_of(u64::MAX, true));
    merge(&[great, good.clone(), good]).fails(3, "not-a-summary");
}
