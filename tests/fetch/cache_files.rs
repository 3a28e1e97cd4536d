//! The files of the cache: where they are, who can read them, and what becomes of a run when they are not
//! as they should be.

use std::fs;
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::process::Command;
use std::thread;

use tempfile::TempDir;

use super::fixtures::{fetch, public_set, token_from, verify};
use crate::support::server::{Answer, Server};
use crate::support::{Jwks, scratch};

fn server() -> Server {
    Server::http(|_| Answer::body(public_set()).header("Cache-Control", "max-age=300"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// A server, and a cache that holds its set.
fn warm() -> (Server, TempDir, PathBuf) {
    let server = server();
    let folder = scratch();
    let cache = folder.path().join("cache");
    fetch(server.url("/jwks.json"))
        .cache(&cache)
        .run()
        .succeeds();
    let file = files(&cache).pop().expect("an answer");
    (server, folder, file)
}

#[test]
fn the_environment_says_where_the_cache_is() {
    let server = server();
    let folder = scratch();
    let path = |name: &str| folder.path().join(name);
    let fetched = || fetch(server.url("/jwks.json")).env("JWKS_CACHE_DIR", "");
    fetched()
        .cache(path("own"))
        .env("XDG_CACHE_HOME", path("xdg"))
        .run()
        .succeeds();
    assert_eq!(files(&path("own")).len(), 1);
    assert!(!path("xdg").exists());
    fetched()
        .env("XDG_CACHE_HOME", path("xdg"))
        .run()
        .succeeds();
    assert_eq!(files(&path("xdg/jwks")).len(), 1);
    // A relative one would be another place in each folder.
    let relative = fetched()
        .env("XDG_CACHE_HOME", "xdg")
        .env("HOME", path("home"));
    relative.folder(folder.path()).run().succeeds();
    if cfg!(target_os = "linux") {
        assert_eq!(files(&path("home/.cache/jwks")).len(), 1);
    }
    let homeless = fetched().env("HOME", "").run();
    homeless.succeeds();
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_or_change_what_is_kept() {
    use crate::support::place::mode;
    let (_server, _folder, file) = warm();
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(file.parent().unwrap()), 0o700);
}

#[test]
fn a_file_that_is_not_as_it_was_left_is_passed_over() {
    let (server, _folder, file) = warm();
    let good = fs::read(&file).unwrap();
    let with_another_key = String::from_utf8(good.clone())
        .unwrap()
        .replace("one", "two");
    let cases = [
        Vec::new(),
        good[..good.len() - 1].to_vec(),
        good[..100].to_vec(),
        with_another_key.into_bytes(),
        vec![0; 1 << 20],
    ];
    for (count, bytes) in cases.into_iter().enumerate() {
        fs::write(&file, bytes).unwrap();
        let url = server.url("/jwks.json");
        let run = fetch(&url).cache(file.parent().unwrap()).run();
        assert_eq!(run.succeeds().text(), public_set());
        assert_eq!(server.targets().len(), 2 + count);
    }
}

/// Whoever could put an answer there under the name of another one would choose the keys.
#[test]
fn an_answer_to_another_question_is_passed_over() {
    let (server, folder, file) = warm();
    let evil = Server::http(|_| Answer::body("{\"keys\":[]}"));
    let other = folder.path().join("other");
    fetch(evil.url("/jwks.json")).cache(&other).run().succeeds();
    fs::copy(files(&other).pop().unwrap(), &file).unwrap();
    let run = fetch(server.url("/jwks.json"))
        .cache(file.parent().unwrap())
        .run();
    assert_eq!(run.succeeds().text(), public_set());
    assert_eq!(server.targets().len(), 2);
}

#[cfg(unix)]
#[test]
fn no_link_is_followed() {
    use std::os::unix::fs::symlink;
    let (server, folder, file) = warm();
    let elsewhere = folder.path().join("elsewhere");
    fs::rename(&file, &elsewhere).unwrap();
    symlink(&elsewhere, &file).unwrap();
    let before = fs::read(&elsewhere).unwrap();
    let cache = file.parent().unwrap();
    fetch(server.url("/jwks.json"))
        .cache(cache)
        .run()
        .succeeds();
    assert_eq!(server.targets().len(), 2);
    assert_eq!(fs::read(&elsewhere).unwrap(), before);
    assert!(!fs::symlink_metadata(&file).unwrap().is_symlink());
    let link = folder.path().join("link");
    symlink(cache, &link).unwrap();
    let mut asked = server.targets().len();
    for end in ["", "/", "//", "/.", "/../link/"] {
        let place = format!("{}{end}", link.display());
        fetch(server.url("/jwks.json"))
            .cache(&place)
            .run()
            .succeeds();
        asked += 1;
        assert_eq!(server.targets().len(), asked, "{place}");
        let clear = Jwks::new("fetch").arg("--clear-cache").cache(&place);
        clear.run().fails(3, "cache-unusable");
    }
}

#[test]
fn a_place_where_nothing_can_be_kept_is_no_error() {
    let server = server();
    let folder = scratch();
    let file = folder.path().join("file");
    fs::write(&file, "precious").unwrap();
    for place in [
        file.clone(),
        file.join("below"),
        PathBuf::from("/proc/none"),
    ] {
        let run = fetch(server.url("/jwks.json")).cache(&place).run();
        assert_eq!(run.succeeds().text(), public_set());
        let run = verify(&token_from("x"))
            .args(["--jwks", &server.url("/jwks.json")])
            .cache(&place)
            .run();
        run.succeeds();
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "precious");
}

/// A limit on the length of files is what a full disk is to a program.
#[cfg(unix)]
#[test]
fn a_full_disk_is_no_error_and_leaves_nothing_behind() {
    let server = server();
    let folder = scratch();
    let cache = folder.path().join("cache");
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh"])
        .arg(env!("CARGO_BIN_EXE_jwks"))
        .args(["fetch", &server.url("/jwks.json")])
        .env("JWKS_CACHE_DIR", &cache)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(output.stdout, public_set().as_bytes());
    assert_eq!(files(&cache), [""; 0].map(PathBuf::from));
}

#[test]
fn processes_side_by_side_leave_a_whole_answer() {
    let server = server();
    let folder = scratch();
    let cache = folder.path().join("cache");
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let run = fetch(server.url("/jwks.json")).cache(&cache).run();
                assert_eq!(run.succeeds().text(), public_set());
            });
        }
    });
    let asked = server.targets().len();
    fetch(server.url("/jwks.json"))
        .cache(&cache)
        .run()
        .succeeds();
    assert_eq!(server.targets().len(), asked);
    assert_eq!(files(&cache).len(), 1);
}

#[test]
fn the_cache_is_emptied_when_asked() {
    let (server, folder, file) = warm();
    let cache = file.parent().unwrap();
    let clear = |cache: &Path| Jwks::new("fetch").arg("--clear-cache").cache(cache).run();
    fs::write(cache.join(".jwks-cache-killed.tmp"), "half an answer").unwrap();
    let run = clear(cache);
    assert_eq!(run.succeeds().text(), "");
    assert!(run.stderr.contains("1 answer removed"), "{}", run.stderr);
    assert_eq!(files(cache).len(), 0);
    fetch(server.url("/jwks.json"))
        .cache(cache)
        .run()
        .succeeds();
    assert_eq!(server.targets().len(), 2);
    clear(&folder.path().join("missing")).succeeds();
    let not_a_directory = folder.path().join("file");
    fs::write(&not_a_directory, "precious").unwrap();
    clear(&not_a_directory).fails(3, "cache-unusable");
    let run = fetch(server.url("/")).arg("--clear-cache").run();
    assert_eq!(run.exit, Some(2), "{}", run.stderr);
}
