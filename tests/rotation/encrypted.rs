//! Private files that a passphrase protects: `generate --encrypt`, `sign` and `rotate` on them.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use jwks_cli::core::base64url;
use jwks_cli::core::encrypted_keys::EncryptedKeys;

use super::{T, kids};
use crate::support::place::{Place, Shell, make_pipe, mode};
use crate::support::terminal::Terminal;
use crate::support::{Jwks, Run};

const PASSPHRASE: &str = "correct horse battery staple";
/// A key under PBES2-HS384+A192KW with 700,000 iterations and a member "x-keeper", made elsewhere.
const STRONGER: &str = concat!(
    "eyJhbGciOiJQQkVTMi1IUzM4NCtBMTkyS1ciLCJlbmMiOiJBMTI4R0NNIiwieC1rZWVwZXIiOiJ2YXVsdCA3Iiwi",
    "cDJzIjoiQUFFQ0F3UUZCZ2NJQ1FvTERBME9EdyIsInAyYyI6NzAwMDAwfQ.MBgzK0WsQ56upG69Yq8ce3iUSGg_H",
    "g3l.AAECAwQFBgcICQoL.8L7a4mWsnJWONfoVkMN5dQlrG99QwSOj4ewX443_AIjrFCizR6ZsP0HfpF2tp0m95DQ",
    "Q64-TgH819OkHzvFdoqVBpjAThl3XiCPshKLfvO5hrri6j4bb2GzZhS-04ZIluaMEm5oe5ZCh2h-ZfZqQjRcwtFk",
    "QA26rP5LZSYR5bhY8T0-hu32D0mlF22gJHjlNR47t2ZtctC1T4F-o8A.gAVoTA7MVJQpRAcVQPhAuw",
);

struct Protected {
    place: Place,
    passphrase: PathBuf,
}

impl Protected {
    fn new(options: &[&str]) -> Self {
        let place = Place::new();
        let passphrase = place.write("passphrase", format!("{PASSPHRASE}\n"));
        let call = Jwks::new("generate").args(["--alg", "Ed25519", "--kid", "one", "--encrypt"]);
        let call = call.args(["--at", "1800000000"]).args(options);
        let call = call.arg("-o").arg(place.path("key.json"));
        call.arg("--passphrase-file")
            .arg(&passphrase)
            .run()
            .succeeds();
        Self { place, passphrase }
    }

    fn rotate(&self, at: i64, options: &[&str]) -> Run {
        let call = Jwks::new("rotate")
            .args(["--at", &at.to_string()])
            .args(options);
        let call = call.arg(self.place.path("key.json")).arg("-p");
        let call = call.arg(self.place.path("public.json"));
        call.arg("--passphrase-file").arg(&self.passphrase).run()
    }

    fn opened(&self) -> String {
        let keys = EncryptedKeys::read(self.place.read("key.json").as_bytes());
        let document = keys
            .and_then(|keys| keys.open(PASSPHRASE.as_bytes()))
            .expect("it opens");
        String::from_utf8(document.to_vec()).expect("UTF-8")
    }
}

#[test]
fn a_protected_file_is_made_signed_with_and_rotated_and_stays_protected() {
    let file = Protected::new(&[]);
    assert_eq!(mode(&file.place.path("key.json")), 0o600);
    assert!(file.opened().contains("\"kty\": \"OKP\""));
    let sign = |at: i64| {
        let call = Jwks::new("sign").args(["--at", &at.to_string(), "--jwks"]);
        let call = call.arg(file.place.path("key.json"));
        call.arg("--passphrase-file").arg(&file.passphrase).run()
    };
    sign(T).succeeds();
    file.rotate(T, &["--standby"]).succeeds();
    assert_eq!(kids(&file.place, "public.json").len(), 3);
    let before = file.place.read("key.json");
    assert!(!before.contains('{'), "{before}");
    assert_eq!(before.matches('.').count(), 4);
    // Nothing to do: not a byte changes.
    file.rotate(T + 1, &["--every", "90d"]).succeeds();
    assert_eq!(file.place.read("key.json"), before);
    file.rotate(T + 2, &["--revoke", "one", "--yes", "--backup"])
        .succeeds();
    assert!(file.opened().contains("revoked_at"));
    assert_eq!(file.place.read("key.json.20270115T080002Z.bak"), before);
    let token = sign(T + 3);
    let verify = Jwks::new("verify").args(["--at", "1800000003", "-", "--jwks"]);
    let verify = verify.arg(file.place.path("public.json"));
    verify.stdin(token.succeeds().text()).run().succeeds();
}

#[test]
fn a_wrong_passphrase_is_one_error_and_changes_nothing() {
    let file = Protected::new(&["--set"]);
    let before = file.place.read("key.json");
    for (content, exit, code) in [
        ("wrong", 3, "wrong-passphrase"),
        ("correct horse battery staple ", 3, "wrong-passphrase"),
        ("", 2, "usage"),
        ("\r\n", 2, "usage"),
    ] {
        file.place.write("passphrase", content);
        let run = file.rotate(T, &[]);
        run.fails(exit, code);
        assert!(!run.stderr.contains("horse"), "{}", run.stderr);
        assert_eq!(file.place.read("key.json"), before);
    }
    assert_eq!(file.place.names(), ["key.json", "passphrase"]);
    // A line break of another system is no part of it.
    file.place.write("passphrase", format!("{PASSPHRASE}\r\n"));
    file.rotate(T, &["--dry-run"]).succeeds();
}

#[test]
fn a_passphrase_comes_from_standard_input_or_a_descriptor_and_else_is_asked_for() {
    let file = Protected::new(&[]);
    let key = file.place.path("key.json");
    let rotate = || {
        Jwks::new("rotate")
            .args(["--at", "1800000000", "--dry-run"])
            .arg(&key)
    };
    let run = rotate()
        .args(["--passphrase-file", "-"])
        .stdin(PASSPHRASE)
        .run();
    run.succeeds();
    let script = format!("exec \"$@\" 7<'{}'", file.passphrase.display());
    let shell = Shell::new(&script).args(["rotate", "--dry-run", "--passphrase-fd", "7"]);
    shell.arg(&key).run().succeeds();
    rotate()
        .args(["--passphrase-fd", "8"])
        .run()
        .yields_nothing(3);
    let run = rotate().run();
    run.fails(2, "usage");
    assert!(run.stderr.contains("--passphrase-file"), "{}", run.stderr);
    let sign = Jwks::new("sign").args(["--jwks", "-", "--passphrase-file", "-"]);
    sign.run().fails(2, "usage");
    let generate = Jwks::new("generate").args(["--alg", "ES256", "--encrypt"]);
    generate.run().fails(2, "usage");
    let generate = Jwks::new("generate").args(["--alg", "ES256", "--passphrase-fd", "7"]);
    generate.run().fails(2, "usage");
}

#[test]
fn protected_files_that_break_the_rules_are_told_before_a_passphrase_is_asked_for() {
    let place = Place::new();
    for (header, problem) in [
        (
            r#"{"alg":"PBES2-HS512+A256KW","enc":"A256GCM","p2s":"AAAAAAAAAAAAAAAAAAAAAA","p2c":99999999}"#,
            "p2c",
        ),
        (r#"{"alg":"dir","enc":"A256GCM"}"#, "alg"),
        (
            r#"{"alg":"PBES2-HS512+A256KW","enc":"A256GCM","p2s":"AAAAAAAAAAAAAAAAAAAAAA","p2c":600000,"crit":["x"]}"#,
            "crit",
        ),
    ] {
        let token = format!("{}.AA.AA.AA.AA", base64url::encode(header.as_bytes()));
        let file = place.write("key.json", token);
        let run = Jwks::new("rotate").arg(file).run();
        run.fails(3, "encrypted-keys-malformed");
        assert!(run.stderr.contains(problem), "{}", run.stderr);
    }
}

/// The passphrase comes through a pipe, which is opened after the file has been read: time enough for
/// someone to edit it.
#[test]
fn an_edit_while_the_command_waits_for_its_passphrase_is_not_lost() {
    let file = Protected::new(&[]);
    let pipe = file.place.path("pipe");
    make_pipe(&pipe);
    let child = Command::new(env!("CARGO_BIN_EXE_jwks"))
        .args(["rotate", "--at", "1800000000", "--passphrase-file"])
        .arg(&pipe)
        .arg(file.place.path("key.json"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    // Opening the pipe waits for its reader, who has read the keys by then.
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let pipe = fs::OpenOptions::new().write(true).open(pipe);
        let _ = sender.send(pipe.expect("the pipe"));
    });
    let opened = receiver.recv_timeout(Duration::from_secs(20));
    let mut pipe = opened.expect("the command asks for its passphrase");
    file.place.write("key.json", "edited by hand");
    pipe.write_all(PASSPHRASE.as_bytes())
        .expect("the passphrase");
    drop(pipe);
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert_eq!(file.place.read("key.json"), "edited by hand");
}

/// On a terminal: typed twice, and never shown.
#[test]
fn a_passphrase_is_typed_unseen() {
    let place = Place::new();
    for (name, second, is_made) in [("one.jwe", "sesame", true), ("two.jwe", "sesam", false)] {
        let path = place.path(name).display().to_string();
        let line = ["generate", "--alg", "Ed25519", "--encrypt", "-o", &path];
        let mut terminal = Terminal::run(line);
        for _ in 0..if is_made { 1 } else { 3 } {
            terminal.answer("New passphrase", "sesame");
            terminal.answer("passphrase again", second);
        }
        let ended = terminal.finish();
        ended.hides("sesam");
        assert_eq!(place.path(name).exists(), is_made, "{ended:?}");
    }
}

/// As another program may write it: more iterations, and a name in the header.
#[test]
fn a_rotation_takes_no_iterations_and_no_members_of_the_header_away() {
    let file = Protected::new(&[]);
    let header = |place: &Place| {
        let text = place.read("key.json");
        let header = text.split('.').next().expect("a header");
        let header = base64url::decode(header.as_bytes()).expect("base64url");
        serde_json::from_slice::<serde_json::Value>(&header).expect("JSON")
    };
    assert_eq!(header(&file.place)["p2c"], 600_000);
    file.place.write("key.json", STRONGER);
    file.rotate(T, &[]).succeeds();
    let after = header(&file.place);
    assert_eq!(after["p2c"], 700_000);
    assert_eq!(after["x-keeper"], "vault 7");
    assert_eq!(after["alg"], "PBES2-HS512+A256KW");
    assert!(file.opened().contains("\"kid\": \"one\""));
}

#[test]
fn a_passphrase_for_a_file_that_is_not_protected_is_no_reason_to_write_plain_keys() {
    let place = super::place();
    let passphrase = place.write("passphrase", PASSPHRASE);
    let before = place.read("key.json");
    let call = |options: &[&str]| {
        let call = Jwks::new("rotate").args(["--at", &T.to_string()]);
        let call = call.arg(place.path("key.json")).args(options);
        call.arg("--passphrase-file").arg(&passphrase).run()
    };
    for options in [&[][..], &["--dry-run"], &["--revoke", "one", "--yes"]] {
        call(options).fails(3, "not-protected");
        assert_eq!(place.read("key.json"), before);
    }
    // Nothing is written by who only signs.
    let call = Jwks::new("sign").args(["--at", &T.to_string(), "--jwks"]);
    let call = call.arg(place.path("key.json")).arg("--passphrase-file");
    let run = call.arg(&passphrase).run();
    run.succeeds();
    assert!(run.stderr.contains("is not protected"), "{}", run.stderr);
}
