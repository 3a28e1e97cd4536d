//! `--summary FILE`: the counts as JSON, written whole or not at all, and never over something else.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::batch;
use super::keys::{broken, one, place, valid};
use super::records::{read_summary, records, summary_of};
use crate::support::Run;
use crate::support::place::{AT, Place, Shell, make_pipe, mode};

fn summarized(place: &Place, input: impl AsRef<[u8]>, summary: &Path) -> Run {
    let call = batch(place).arg("--summary").arg(summary);
    call.stdin(input.as_ref()).run()
}

/// A run with the tokens in a file that a shell prepares.
fn prepared(script: &str, place: &Place, summary: &Path) -> Run {
    Shell::new(script)
        .args(["verify", "--batch", "--at", AT, "--jwks"])
        .arg(place.path("keys.json"))
        .arg("--summary")
        .arg(summary)
        .arg(place.write("tokens", valid()))
        .run()
}

#[test]
fn the_counts_are_those_of_the_records() {
    let place = place();
    let file = place.path("summary.json");
    let mut lines: Vec<Vec<u8>> = broken().into_iter().map(|(line, _)| line).collect();
    lines.extend((0..500).map(|number| one().token(number).into_bytes()));
    let run = summarized(&place, lines.join(&b'\n'), &file);
    let records = records(&run.stdout);
    let summary = read_summary(&file);
    assert_eq!(summary, summary_of(&records, true));
    assert_eq!(summary["complete"], true);
    assert_eq!(summary["valid"], 500);
    assert_eq!(summary["lines"], lines.len());
    let total = |name: &str| -> u64 {
        let counts = summary[name].as_object().expect("counts").values();
        counts.map(|count| count.as_u64().expect("a count")).sum()
    };
    assert_eq!(total("codes"), summary["invalid"]);
    assert_eq!(total("algorithms"), summary["valid"]);
    assert_eq!(total("keys"), summary["valid"]);
    assert!(place.read("summary.json").ends_with("}\n"));
}

#[test]
fn the_file_is_for_everyone_whom_the_umask_allows() {
    for (umask, expected) in [
        ("000", 0o666),
        ("022", 0o644),
        ("027", 0o640),
        ("077", 0o600),
    ] {
        let place = place();
        let file = place.path("summary.json");
        let script = format!("umask {umask}; exec \"$@\"");
        prepared(&script, &place, &file).succeeds();
        assert_eq!(mode(&file), expected, "umask {umask}");
        assert_eq!(place.names(), ["keys.json", "summary.json", "tokens"]);
    }
}

#[test]
fn a_former_summary_is_replaced_at_once_and_not_written_over() {
    let place = place();
    let file = place.path("summary.json");
    summarized(&place, "x\n", &file);
    let former = place.read("summary.json");
    // A second name of the former file keeps what it held.
    fs::hard_link(&file, place.path("former.json")).expect("a link");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    summarized(&place, format!("{0}\n{0}\n", valid()), &file).succeeds();
    assert_eq!(read_summary(&file)["valid"], 2);
    assert_eq!(place.read("former.json"), former);
    assert_eq!(
        mode(&file),
        0o640,
        "who could read it still can, and no others"
    );
    assert_eq!(place.names(), ["former.json", "keys.json", "summary.json"]);
}

#[test]
fn an_empty_file_is_a_place_for_a_summary() {
    let place = place();
    let empty = place.write("empty", "");
    summarized(&place, valid(), &empty).succeeds();
    assert_eq!(read_summary(&empty)["valid"], 1);
}

#[test]
fn a_link_stays_and_its_target_is_made_or_replaced() {
    let place = place();
    let (link, target) = (place.path("link"), place.path("target"));
    std::os::unix::fs::symlink(&target, &link).expect("a link");
    for input in [format!("{}\n", valid()), format!("{}\nx\n", valid())] {
        let run = summarized(&place, &input, &link);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(target.exists(), "{}", run.stderr);
        assert_eq!(read_summary(&target)["lines"], input.lines().count());
    }
    assert_eq!(place.names(), ["keys.json", "link", "target"]);
}

#[test]
fn a_file_that_is_no_summary_stays_as_it_is_and_nothing_is_checked() {
    let place = place();
    let input = place.write("tokens", valid());
    let contents = [
        place.read("keys.json"),
        one().members.to_string(),
        valid(),
        "precious".to_owned(),
        "{}".to_owned(),
        "\n".to_owned(),
        r#"{"schema":"jwks.verify.record/1","complete":true}"#.to_owned(),
        r#"{"schema":"jwks.verify.summary/1"}"#.to_owned(),
        r#"{"schema":"jwks.verify.summary/1","complete":true} and more"#.to_owned(),
        "-----BEGIN PRIVATE KEY-----".to_owned(),
        "x".repeat(20 << 20),
    ];
    for content in contents {
        let file = place.write("file", &content);
        let run = batch(&place).arg(&input).arg("--summary").arg(&file).run();
        run.fails(3, "file-exists");
        assert!(place.read("file") == content, "{:?}", content.get(..60));
    }
    assert_eq!(place.names(), ["file", "keys.json", "tokens"]);
}

#[test]
fn what_the_same_run_reads_or_writes_is_no_place_for_its_summary() {
    let place = place();
    let keys = place.read("keys.json");
    std::os::unix::fs::symlink("tokens", place.path("link")).expect("a link");
    // Empty, so that nothing in it tells that it is no summary.
    for tokens in [valid(), String::new()] {
        let input = place.write("tokens", &tokens);
        let run = |file: &str| {
            let call = batch(&place).arg(&input).arg("--summary");
            call.arg(place.path(file)).run()
        };
        run("tokens").fails(2, "usage");
        run("link").fails(2, "usage");
        run("keys.json").fails(3, "file-exists");
        assert_eq!(place.read("tokens"), tokens);
    }
    let output = place.path("records");
    let file = fs::File::create(&output).expect("a file");
    let run = Shell::new("exec \"$@\"")
        .args(["verify", "--batch", "--at", AT, "--jwks"])
        .args([place.path("keys.json"), place.write("tokens", valid())])
        .arg("--summary")
        .arg(&output)
        .stdout(file)
        .run();
    run.fails(2, "usage");
    assert_eq!(place.read("records"), "");
    assert_eq!(place.read("keys.json"), keys);
}

#[test]
fn what_has_come_to_stand_there_meanwhile_stays() {
    let place = place();
    for has_former in [false, true] {
        let file = place.path(format!("{has_former}.json"));
        if has_former {
            summarized(&place, "x\n", &file);
        }
        let name = file.to_str().expect("UTF-8");
        let mut live = super::live::Live::new(&place, &["--summary", name]);
        live.send(format!("{}\n", valid()));
        assert_eq!(live.record()["valid"], true);
        fs::write(&file, "precious").expect("it is written");
        live.send_end();
        let run = live.end();
        assert_eq!(run.exit, Some(3), "{}", run.stderr);
        assert!(run.has_code("file-exists"), "{}", run.stderr);
        assert_eq!(fs::read_to_string(&file).unwrap(), "precious");
    }
}

#[test]
fn a_place_where_nothing_can_be_written_is_told_before_any_record() {
    let place = place();
    let folder = place.path("folder");
    fs::create_dir(&folder).expect("a folder");
    summarized(&place, valid(), &folder).fails(3, "is-a-directory");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o500)).unwrap();
    let mut places = vec![
        place.path("no/such/folder/summary.json"),
        place.path("keys.json/through-a-file"),
        place.path("n".repeat(300)),
    ];
    if cfg!(target_os = "linux") {
        places.push(PathBuf::from("/proc/jwks-test/summary.json"));
        places.push(PathBuf::from("/proc/jwks-test.json"));
    }
    // Root writes everywhere.
    if fs::write(folder.join("probe"), "").is_err() {
        places.push(folder.join("summary.json"));
    }
    for path in places {
        let run = summarized(&place, valid(), &path);
        assert!(run.has_code("file-unwritable"), "{path:?}: {}", run.stderr);
        assert_eq!((run.exit, run.text()), (Some(3), ""), "{path:?}");
    }
}

#[test]
fn what_is_no_file_is_never_replaced() {
    let place = place();
    let pipe = place.path("pipe");
    make_pipe(&pipe);
    summarized(&place, valid(), &pipe).fails(3, "not-a-regular-file");
    assert_eq!(place.names(), ["keys.json", "pipe"]);
}

#[test]
fn a_full_disk_leaves_the_former_summary_and_nothing_else() {
    let place = place();
    let file = place.path("summary.json");
    summarized(&place, "x\n", &file);
    let former = place.read("summary.json");
    let tokens = place.write("tokens", valid());
    let run = Shell::new("trap '' XFSZ; ulimit -f 0; exec \"$@\"")
        .args(["verify", "--batch", "--at", AT, "--jwks"])
        .arg(place.path("keys.json"))
        .arg("--summary")
        .arg(&file)
        .arg(&tokens)
        .run();
    assert_eq!(run.exit, Some(3), "{}", run.stderr);
    assert!(run.has_code("file-unwritable"), "{}", run.stderr);
    assert_eq!(records(&run.stdout).len(), 1);
    assert_eq!(place.read("summary.json"), former);
    assert_eq!(place.names(), ["keys.json", "summary.json", "tokens"]);
}
