//! Damaged keys: the fault names the member, and tells nothing of its value.

use std::thread;

use serde_json::Value;

use super::keys::Key;
use crate::support::Run;
use crate::support::place::{Place, exit_of};
use crate::support::watch::PRIVATE_MEMBERS;

/// One algorithm for each way in which a key is built.
const SHAPES: [&str; 5] = ["RS256", "HS256", "ES512", "Ed25519", "ML-DSA-44"];

/// What a damage does to a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// The member breaks the rules of its form, and is itself named.
    OfForm,
    /// The members disagree, and the one that is named may be another.
    OfArithmetic,
    /// None: leading zeros change no number.
    NoneForNumbers,
}

/// The JSON of a member's value after each damage.
fn damages(value: &str) -> Vec<(&'static str, String, Fault)> {
    use Fault::{NoneForNumbers, OfArithmetic, OfForm};
    let quoted = |text: &str| format!("\"{text}\"");
    let (start, end) = value.split_at(value.len() / 2);
    let other = |text: &str| if text.starts_with('A') { "B" } else { "A" };
    let flipped = format!("{start}{}{}", other(end), &end[1..]);
    let flipped_first = format!("{}{}", other(value), &value[1..]);
    vec![
        ("flipped", quoted(&flipped), OfArithmetic),
        ("flipped first", quoted(&flipped_first), OfArithmetic),
        (
            "cut by one",
            quoted(&value[..value.len() - 1]),
            OfArithmetic,
        ),
        (
            "cut by four",
            quoted(&value[..value.len() - 4]),
            OfArithmetic,
        ),
        ("grown", quoted(&format!("{value}AAAA")), OfArithmetic),
        (
            "zeros first",
            quoted(&format!("AAAA{value}")),
            NoneForNumbers,
        ),
        ("padded", quoted(&format!("{value}==")), OfForm),
        ("foreign", quoted(&format!("{start}!{end}")), OfForm),
        ("a plus", quoted(&format!("{start}+{}", &end[1..])), OfForm),
        ("a space", quoted(&format!("{start} {end}")), OfForm),
        ("NUL", quoted(&format!("{start}\\u0000{end}")), OfForm),
        ("a bell", quoted(&format!("{start}\\u0007{end}")), OfForm),
        ("a list", format!("[\"{value}\"]"), OfForm),
        ("an object", format!("{{\"x\":\"{value}\"}}"), OfForm),
        ("a number", "7".to_owned(), OfForm),
        ("empty", quoted(""), OfForm),
    ]
}

/// The damages to try on a member: fewer where RSA has many members of one kind.
fn damages_of(name: &str, value: &str) -> impl Iterator<Item = (&'static str, String, Fault)> {
    let step = if matches!(name, "q" | "dp" | "dq" | "qi") {
        6
    } else {
        1
    };
    damages(value).into_iter().step_by(step)
}

/// What every command says of the keys in `damaged.json`.
fn runs(key: &Key) -> Vec<(&'static str, Run)> {
    let file = key.place.path("damaged.json");
    let verify = Place::jwks("verify").arg(key.place.path("token"));
    vec![
        ("inspect", Place::jwks("inspect").arg(&file).run()),
        (
            "inspect json",
            Place::jwks("inspect").arg("--format=json").arg(&file).run(),
        ),
        ("sign", Place::jwks("sign").arg("--jwks").arg(&file).run()),
        (
            "sign by force",
            Place::jwks("sign")
                .args(["--force", "--kid=one", "--jwks"])
                .arg(&file)
                .run(),
        ),
        ("verify", verify.arg("--jwks").arg(&file).run()),
        ("rotate", Place::jwks("rotate").arg(&file).run()),
    ]
}

fn for_each_shape(work: fn(&Key)) {
    let (rsa, others) = SHAPES.split_at(1);
    thread::scope(|scope| {
        for shapes in [rsa, others] {
            scope.spawn(move || shapes.iter().for_each(|shape| work(&Key::of(shape))));
        }
    });
}

#[test]
fn a_damaged_member_is_named_and_not_shown_and_its_key_signs_nothing() {
    for_each_shape(|key| {
        let watch = key.watch();
        for (name, value) in &key.private {
            for (damage, text, fault) in damages_of(name, value) {
                let what = format!("{} {name} {damage}", key.algorithm);
                let sound = format!("\"{value}\"");
                key.place
                    .write("damaged.json", key.text().replace(&sound, &text));
                for (command, run) in runs(key) {
                    watch.sees_nothing_in(&run, &format!("{what}: {command}"));
                    let is_sound = is_sound(&key.algorithm, name, fault);
                    match command {
                        "inspect json" if !is_sound => is_found(&run, name, fault, &what),
                        "sign" if !is_sound => assert_eq!(exit_of(&run), 1, "{what}"),
                        _ => {}
                    }
                }
            }
        }
    });
}

/// Another secret of enough bytes is a secret like any other.
fn is_sound(algorithm: &str, name: &str, fault: Fault) -> bool {
    match fault {
        Fault::OfForm => false,
        Fault::OfArithmetic => name == "k",
        Fault::NoneForNumbers => name == "k" || algorithm == "RS256",
    }
}

/// There is a finding, and it names the member.
#[track_caller]
fn is_found(run: &Run, name: &str, fault: Fault, what: &str) {
    assert_eq!(exit_of(run), 0, "{what}");
    let report: Value = serde_json::from_slice(&run.stdout).expect("JSON");
    let findings = report["findings"].as_array().expect("findings");
    let named: Vec<&str> = findings
        .iter()
        .filter_map(|finding| finding["member"].as_str())
        .collect();
    let found = if fault == Fault::OfForm {
        named.contains(&name)
    } else {
        named.iter().any(|member| PRIVATE_MEMBERS.contains(member))
    };
    assert!(found, "{what}: {findings:?}");
}

#[test]
fn a_member_twice_is_named_and_not_shown() {
    for_each_shape(|key| {
        let watch = key.watch();
        for (name, value) in &key.private {
            let once = format!("\"{name}\": \"{value}\"");
            for again in [format!("\"{name}\": 7"), once.clone()] {
                let what = format!("{} {name} twice", key.algorithm);
                key.place.write(
                    "damaged.json",
                    key.text().replace(&once, &format!("{once}, {again}")),
                );
                for (command, run) in runs(key) {
                    watch.sees_nothing_in(&run, &format!("{what}: {command}"));
                    if command == "inspect json" {
                        is_found(&run, name, Fault::OfForm, &what);
                    }
                }
            }
        }
    });
}

#[test]
fn a_document_that_breaks_off_within_a_secret_is_not_shown() {
    for_each_shape(|key| {
        let watch = key.watch();
        let text = key.text();
        for (name, value) in key.private.iter().take(2) {
            let start = text.find(value.as_str()).expect("the member");
            let middle = start + value.len() / 2;
            let breaks = [
                text[..middle].to_owned(),
                format!("{}\n{}", &text[..middle], &text[middle..]),
                format!("{}\u{7}{}", &text[..middle], &text[middle..]),
                format!("{}\\x{}", &text[..middle], &text[middle..]),
                format!("{}\"{}", &text[..middle], &text[middle..]),
                format!("{}{}", &text[..start - 1], &text[start..]),
            ];
            for broken in breaks {
                key.place.write("damaged.json", broken);
                for (command, run) in runs(key) {
                    let what = format!("{} {name}: {command}", key.algorithm);
                    watch.sees_nothing_in(&run, &what);
                }
            }
        }
    });
}
