//! Mistakes that people make with keys: none of them brings the key onto the screen.

use super::keys::Key;
use crate::support::Jwks;
use crate::support::place::{Place, Shell};

#[test]
fn a_key_in_the_place_of_a_file_name_is_not_repeated() {
    for algorithm in ["HS256", "ES256", "Ed25519"] {
        let key = Key::of(algorithm);
        let watch = key.watch();
        let pretty = key.text();
        let compact = jwks_cli::core::json::compact(&pretty).to_string();
        let secret = &key.private[0].1;
        let short = format!("{{\"kty\":\"oct\",\"k\":\"{secret}\"}}");
        for text in [&pretty, &compact, &short] {
            let token = key.place.path("token");
            let calls = [
                Place::jwks("inspect").arg(text),
                Place::jwks("sign").arg("--jwks").arg(text),
                Place::jwks("verify").arg(token).arg("--jwks").arg(text),
                Place::jwks("verify")
                    .arg(text)
                    .arg("--jwks")
                    .arg(key.file()),
                Place::jwks("rotate").arg(text),
            ];
            for (index, call) in calls.into_iter().enumerate() {
                watch.sees_nothing_in(&call.run(), &format!("{algorithm}, call {index}"));
            }
        }
    }
}

#[test]
fn a_key_file_given_for_something_else_is_not_repeated() {
    let key = Key::of("ES256");
    let watch = key.watch();
    let file = key.file();
    let header = format!("--header=Authorization: @{}", file.display());
    let fetch = || Jwks::new("fetch").args(["http://127.0.0.1:9/jwks", "--retries=0"]);
    let calls = [
        fetch().arg(header),
        fetch().arg("--cacert").arg(&file),
        Place::jwks("verify").arg(&file).arg("--jwks").arg(&file),
        Place::jwks("inspect").arg(&file).arg(&file),
        Place::jwks("rotate").arg(&file).arg("-p").arg(&file),
    ];
    for (index, call) in calls.into_iter().enumerate() {
        watch.sees_nothing_in(&call.run(), &format!("call {index}"));
    }
}

#[test]
fn a_key_from_standard_input_is_not_repeated() {
    let key = Key::of("HS256");
    let watch = key.watch();
    for text in [
        key.text(),
        key.text().replace('}', ""),
        key.private[0].1.clone(),
    ] {
        let token = key.place.path("token");
        let calls = [
            Place::jwks("inspect").arg("-"),
            Place::jwks("sign").args(["--jwks", "-", "--kid=nobody"]),
            Place::jwks("verify")
                .arg(token)
                .args(["--jwks", "-", "--explain"]),
            Place::jwks("verify").arg("-").arg("--jwks").arg(key.file()),
        ];
        for (index, call) in calls.into_iter().enumerate() {
            let run = call.stdin(text.clone()).run();
            watch.sees_nothing_in(&run, &format!("call {index}"));
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_key_that_cannot_be_written_is_not_shown_instead() {
    let key = Key::of("ES256");
    let watch = key.watch();
    for (command, options) in [("sign", &["--jwks"][..]), ("rotate", &[]), ("inspect", &[])] {
        let shell = Shell::new("exec \"$@\" >/dev/full")
            .arg(command)
            .args(options);
        let run = shell.arg(key.file()).run();
        watch.sees_nothing_in(run.fails(3, "output-failed"), command);
    }
    let rotated = super::keys::watch_of(&key.place.json("key.json"));
    let shell = Shell::new("trap '' XFSZ; ulimit -f 0; exec \"$@\"").arg("rotate");
    let later = ["--at", "2028-01-15T08:00:00Z"];
    let run = shell.arg(key.file()).args(later).run();
    rotated.sees_nothing_in(run.fails(3, "file-unwritable"), "rotate");
}

#[test]
fn an_hmac_token_is_no_way_to_the_secret_of_its_key() {
    let key = Key::of("HS256");
    let watch = key.watch();
    let mut token = key.place.read("token");
    token.truncate(token.trim_end().len() - 1);
    key.place.write("cut", token);
    let run = key.verify("cut", &["--explain", "--format=json"]);
    assert_eq!(run.exit, Some(1));
    watch.sees_nothing_in(&run, "a cut token");
}
