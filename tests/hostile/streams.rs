//! Streams that are closed, full or gone.

use std::path::PathBuf;

use crate::support::Run;
use crate::support::place::{AT, Place, Shell, exit_of};

const FULL_OUTPUT: &str = "exec \"$@\" >/dev/full";

/// A run of each command that writes to standard output, by its name.
struct Calls {
    place: Place,
}

impl Calls {
    fn new() -> Self {
        Self {
            place: Place::with_key(),
        }
    }

    fn arguments(&self, call: &str) -> Vec<String> {
        let path = |name: &str| self.place.path(name).display().to_string();
        let (key, token) = (path("key.json"), path("token"));
        let list: &[&str] = match call {
            "generate" => &["generate", "--alg", "ES256"],
            "inspect" => &["inspect", &key],
            "inspect json" => &["inspect", &key, "--format", "json"],
            "inspect token" => &["inspect", &token],
            "verify" => &["verify", &token, "--jwks", &key],
            "verify json" => &["verify", &token, "--jwks", &key, "--format", "json"],
            "verify content" => &["verify", &token, "--jwks", &key, "--signature-only"],
            "sign" => &["sign", "--jwks", &key],
            "rotate" => &["rotate", &key],
            "rotate json" => &["rotate", &key, "--format", "json"],
            "rotate dry" => &["rotate", &key, "--dry-run"],
            other => panic!("no call is named {other}"),
        };
        let mut arguments: Vec<String> = list.iter().map(|&text| text.to_owned()).collect();
        arguments.extend(["--at".to_owned(), AT.to_owned()]);
        arguments
    }

    fn run(&self, call: &str, script: &str) -> Run {
        Shell::new(script).args(self.arguments(call)).run()
    }

    fn run_into_closed_pipe(&self, call: &str) -> Run {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        Shell::new("exec \"$@\"")
            .args(self.arguments(call))
            .stdout(writer)
            .run()
    }
}

const REPORTS: [&str; 8] = [
    "inspect",
    "inspect json",
    "inspect token",
    "verify",
    "verify json",
    "verify content",
    "rotate dry",
    "rotate json",
];

#[test]
fn a_report_whose_reader_has_gone_ends_quietly_and_with_its_own_exit_code() {
    let calls = Calls::new();
    for call in REPORTS {
        let run = calls.run_into_closed_pipe(call);
        assert_eq!(exit_of(&run), 0, "{call}: {}", run.stderr);
        assert!(!run.stderr.contains("error"), "{call}: {}", run.stderr);
    }
}

#[test]
fn a_result_whose_reader_has_gone_is_a_failed_output() {
    let calls = Calls::new();
    for call in ["generate", "sign"] {
        calls.run_into_closed_pipe(call).fails(3, "output-failed");
    }
}

#[test]
fn help_whose_reader_has_gone_is_no_bug() {
    for arguments in [vec!["--help"], vec!["--version"], vec!["verify", "--help"]] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let shell = Shell::new("exec \"$@\"").args(arguments).stdout(writer);
        exit_of(&shell.run());
    }
}

#[test]
fn a_full_standard_output_is_a_failed_output() {
    let calls = Calls::new();
    for call in REPORTS.into_iter().chain(["generate", "sign"]) {
        calls.run(call, FULL_OUTPUT).fails(3, "output-failed");
    }
}

#[test]
fn a_full_standard_output_does_not_keep_a_rotation_from_its_file() {
    let calls = Calls::new();
    calls.run("rotate", FULL_OUTPUT).fails(3, "output-failed");
    let keys = calls.place.json("key.json");
    assert_eq!(keys["keys"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_full_standard_output_does_not_hide_a_rejection() {
    let calls = Calls::new();
    let key = calls.place.path("key.json");
    let verify = |format: &str| {
        Shell::new(FULL_OUTPUT)
            .args(["verify", "e30.e30.AA", "--format", format, "--jwks"])
            .arg(&key)
            .run()
    };
    assert_eq!(exit_of(&verify("text")), 1);
    verify("json").fails(3, "output-failed");
}

#[test]
fn the_exit_code_is_right_when_nobody_hears_what_is_said() {
    let calls = Calls::new();
    let key = calls.place.path("key.json");
    let token = calls.place.path("token");
    let none = PathBuf::from("/nowhere/at/all");
    for script in ["exec \"$@\" 2>/dev/full", "exec \"$@\" 2>&-"] {
        let verify = |token: &PathBuf, keys: &PathBuf| {
            let call = Shell::new(script).arg("verify").arg(token).arg("--jwks");
            exit_of(&call.arg(keys).args(["--at", AT]).run())
        };
        assert_eq!(verify(&token, &key), 0, "{script}");
        assert_eq!(verify(&PathBuf::from("e30.e30.AA"), &key), 1, "{script}");
        assert_eq!(verify(&token, &none), 3, "{script}");
        for usage in [vec!["--nonsense"], vec!["generate"], vec!["verify"]] {
            let run = Shell::new(script).args(usage).run();
            assert_eq!(exit_of(&run), 2, "{script}");
        }
        assert_eq!(exit_of(&calls.run("rotate dry", script)), 0, "{script}");
    }
}

#[test]
fn what_is_said_never_mixes_with_a_key_file_that_takes_the_place_of_a_closed_stream() {
    // With standard error closed, the next file to be opened could become descriptor 2.
    let calls = Calls::new();
    for script in ["exec \"$@\" 2>&-", "exec \"$@\" <&- >&- 2>&-"] {
        let file = calls.place.path("new.json");
        let run = Shell::new(script)
            .args(["generate", "--alg", "ES256", "--force", "-o"])
            .arg(&file)
            .run();
        assert_eq!(exit_of(&run), 0, "{script}");
        assert_eq!(calls.place.json("new.json")["kty"], "EC", "{script}");
    }
}

#[test]
fn a_closed_standard_input_is_an_empty_one() {
    let calls = Calls::new();
    let key = calls.place.path("key.json");
    let script = "exec \"$@\" <&-";
    Shell::new(script)
        .args(["verify", "-", "--jwks"])
        .arg(&key)
        .run()
        .fails(1, "token-empty");
    let inspected = Shell::new(script).args(["inspect", "-"]).run();
    assert_eq!(inspected.exit, Some(3));
    assert!(inspected.text().contains("error[not-a-jwks]: "));
}

#[test]
fn a_standard_input_that_cannot_be_read_is_told() {
    let calls = Calls::new();
    let key = calls.place.path("key.json");
    let script = "exec \"$@\" </";
    Shell::new(script)
        .args(["verify", "-", "--jwks"])
        .arg(&key)
        .run()
        .fails(3, "file-unreadable");
    Shell::new(script)
        .args(["inspect", "-"])
        .run()
        .fails(3, "file-unreadable");
}
