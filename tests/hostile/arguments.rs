//! Command lines that make no sense.

use std::ffi::{OsStr, OsString};

use crate::support::place::{Place, exit_of};
use crate::support::{Jwks, Run};

const COMMANDS: [&str; 6] = ["generate", "inspect", "fetch", "verify", "sign", "rotate"];

/// Wrong usage: said on standard error, and nothing on standard output.
#[track_caller]
fn is_wrong_usage(run: &Run) {
    assert_eq!(exit_of(run), 2, "{}", run.stderr);
    assert!(run.stderr.starts_with("error"), "{}", run.stderr);
    assert_eq!(run.text(), "");
}

#[test]
fn every_command_without_arguments_is_wrong_usage() {
    for command in COMMANDS {
        is_wrong_usage(&Jwks::new(command).run());
    }
}

#[test]
fn no_command_at_all_shows_the_help_on_standard_error() {
    let run = Jwks::new("--no-input").run();
    assert_eq!(exit_of(&run), 2);
    assert_eq!(run.text(), "");
    assert!(run.stderr.contains("Usage:"), "{}", run.stderr);
}

#[test]
fn unknown_commands_options_and_values_are_wrong_usage() {
    is_wrong_usage(&Jwks::new("nonsense").run());
    is_wrong_usage(&Jwks::new("").run());
    for command in COMMANDS {
        for option in ["--nonsense", "-Z", "--color=sometimes", "--at=x=y=z"] {
            is_wrong_usage(&Jwks::new(command).args(["x", option]).run());
        }
    }
    for alg in ["", "none", "es256", "RSA1_5", "ES256 ", "ESP256"] {
        is_wrong_usage(&Jwks::new("generate").args(["--alg", alg]).run());
    }
}

#[test]
fn options_that_contradict_each_other_are_wrong_usage() {
    let place = Place::with_key();
    let key = place.path("key.json");
    let verify = ["--signature-only", "--iss=a", "--issuer=https://a.example"];
    for (one, other) in [(0, 1), (1, 2), (0, 2)] {
        let call = Jwks::new("verify")
            .arg("e30.e30.AA")
            .args([verify[one], verify[other]]);
        is_wrong_usage(&call.run());
    }
    let twice = Jwks::new("verify").args(["a", "b"]).arg("--jwks").arg(&key);
    is_wrong_usage(&twice.run());
    let kid = ["--alg", "ES256", "--kid", "a", "--kid-from", "date"];
    is_wrong_usage(&Jwks::new("generate").args(kid).run());
    let several = ["--alg", "ES256", "--kid", "a", "--count", "2"];
    is_wrong_usage(&Jwks::new("generate").args(several).run());
    is_wrong_usage(&Jwks::new("rotate").arg(&key).arg("-p").arg(&key).run());
}

#[test]
fn standard_input_twice_is_wrong_usage() {
    for arguments in [
        vec!["verify", "-", "--jwks", "-"],
        vec!["verify", "-", "--jwks", "/dev/null", "--detached", "-"],
        vec!["verify", "e30.e30.AA", "--jwks", "-", "--detached", "-"],
        vec!["inspect", "-", "-"],
        vec!["sign", "--jwks", "-", "--claims", "-"],
    ] {
        let run = Jwks::new(arguments[0]).args(&arguments[1..]).run();
        run.fails(2, "usage");
    }
}

#[test]
fn empty_arguments_are_answered() {
    let place = Place::with_key();
    let (key, token) = (place.path("key.json"), place.path("token"));
    let key = key.as_os_str();
    let sign = || Place::jwks("sign").arg("--jwks").arg(key);
    let verify = || Place::jwks("verify").arg("--jwks").arg(key);
    verify().arg("").run().fails(1, "token-empty");
    is_wrong_usage(&verify().arg(&token).arg("--detached=").run());
    is_wrong_usage(&Place::jwks("rotate").arg("").run());
    for arguments in [["inspect", ""], ["sign", "--jwks="]] {
        let run = Place::jwks(arguments[0]).arg(arguments[1]).run();
        run.fails(3, "file-not-found");
    }
    sign().arg("--claims=").run().fails(3, "file-not-found");
    sign().arg("--kid=").run().fails(1, "unknown-kid");
    for option in [
        "--claim=",
        "--claim==x",
        "--claim=:=1",
        "--header=",
        "--exp=",
    ] {
        is_wrong_usage(&sign().arg(option).run());
    }
    let generate = |option: &str| Jwks::new("generate").args(["--alg=ES256", option]).run();
    is_wrong_usage(&generate("--kid="));
    is_wrong_usage(&generate("--output="));
    is_wrong_usage(&generate("--public="));
    is_wrong_usage(&Jwks::new("fetch").arg("").run());
}

#[cfg(unix)]
fn not_utf8(prefix: &str) -> OsString {
    use std::os::unix::ffi::OsStringExt;
    let mut bytes = prefix.as_bytes().to_vec();
    bytes.extend(b"\xff\xfe\x80");
    OsString::from_vec(bytes)
}

#[cfg(unix)]
#[test]
fn files_whose_names_are_no_text_are_files_like_others() {
    let place = Place::with_key();
    let path = place.path(not_utf8("key"));
    let (key, token) = (place.path("key.json"), place.path("token"));
    let readers = || {
        [
            Place::jwks("inspect").arg(&path),
            Place::jwks("sign").arg("--jwks").arg(&path),
            Place::jwks("verify").arg(&token).arg("--jwks").arg(&path),
            Place::jwks("rotate").arg("--dry-run").arg(&path),
        ]
    };
    for reader in readers() {
        reader.run().fails(3, "file-not-found");
    }
    std::fs::copy(&key, &path).expect("a copy");
    for reader in readers() {
        reader.run().succeeds();
    }
    let new = place.path(not_utf8("new"));
    let generate = Jwks::new("generate")
        .args(["--alg", "ES256", "-o"])
        .arg(&new);
    generate.run().succeeds();
    let again = Jwks::new("generate")
        .args(["--alg", "ES256", "-o"])
        .arg(&new);
    again.run().fails(3, "file-exists");
}

#[cfg(unix)]
#[test]
fn a_token_that_is_no_text_is_a_missing_file() {
    let place = Place::with_key();
    let call = |argument: &OsStr| {
        let verify = Place::jwks("verify").arg(argument).arg("--jwks");
        verify.arg(place.path("key.json")).run()
    };
    call(&not_utf8("")).fails(3, "file-not-found");
    call(&not_utf8("e30.e30.")).fails(3, "file-not-found");
}

#[cfg(unix)]
#[test]
fn options_that_must_be_text_and_are_not_are_wrong_usage() {
    let place = Place::with_key();
    let (key, token) = (place.path("key.json"), place.path("token"));
    for option in [
        "--alg=",
        "--kid=",
        "--use=",
        "--at=",
        "--size=",
        "--kid-from=",
    ] {
        is_wrong_usage(&Jwks::new("generate").arg(not_utf8(option)).run());
    }
    for option in [
        "--iss=",
        "--aud=",
        "--claim=a=",
        "--leeway=",
        "--typ=",
        "--format=",
        "--issuer=",
    ] {
        let verify = Jwks::new("verify").arg(&token).arg(not_utf8(option));
        is_wrong_usage(&verify.arg("--jwks").arg(&key).run());
    }
    for option in ["--sub=", "--claim=a:=", "--header=a=", "--exp=", "--kid="] {
        let sign = Jwks::new("sign").arg("--jwks").arg(&key);
        is_wrong_usage(&sign.arg(not_utf8(option)).run());
    }
    is_wrong_usage(&Jwks::new("fetch").arg(not_utf8("https://")).run());
    is_wrong_usage(&Jwks::new("inspect").arg(not_utf8("--nonsense")).run());
}

#[cfg(unix)]
#[test]
fn an_environment_that_is_no_text_is_ignored() {
    let place = Place::with_key();
    for name in [
        "NO_COLOR",
        "CLICOLOR_FORCE",
        "TERM",
        "COLUMNS",
        "HTTPS_PROXY",
        "RUST_BACKTRACE",
    ] {
        let call = Place::jwks("inspect").arg(place.path("key.json"));
        call.env(name, not_utf8("x")).run().succeeds();
    }
}
