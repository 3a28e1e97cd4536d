use std::fs::File;

use super::*;

const INTERVAL: Duration = Duration::from_secs(30);

fn cache_in(directory: &Path) -> RealCache {
    RealCache {
        directory: Some(directory.to_owned()),
        trust: LazyLock::new(|| Some(Vec::new())),
    }
}

/// A cache in a folder that is not there yet.
fn cache() -> (tempfile::TempDir, RealCache) {
    let folder = tempfile::tempdir().unwrap();
    let cache = cache_in(&folder.path().join("deep/jwks"));
    (folder, cache)
}

fn only_file(cache: &RealCache) -> PathBuf {
    let mut files = ours(cache.directory.as_deref().unwrap()).unwrap();
    assert_eq!(files.len(), 1);
    files.remove(0).path
}

#[test]
fn what_is_written_is_read_until_it_is_removed() {
    let (_folder, cache) = cache();
    assert_eq!(cache.read("a"), None);
    cache.write("a", b"1");
    cache.write("b", b"2");
    cache.write("a", b"3");
    assert_eq!(cache.read("a").as_deref(), Some(&b"3"[..]));
    cache.remove("a");
    assert_eq!(cache.read("a"), None);
    assert_eq!(cache.read("b").as_deref(), Some(&b"2"[..]));
    assert_eq!(cache.clear().unwrap(), 1);
    assert_eq!(cache.read("b"), None);
}

#[test]
fn other_authorities_have_other_answers() {
    let (_folder, cache) = cache();
    cache.write("a", b"1");
    let mut other = cache_in(cache.directory.as_deref().unwrap());
    other.trust = LazyLock::new(|| Some(b"other".to_vec()));
    assert_eq!(other.read("a"), None);
    other.trust = LazyLock::new(|| None);
    other.write("a", b"2");
    assert_eq!(other.read("a"), None);
    assert_eq!(cache.read("a").as_deref(), Some(&b"1"[..]));
}

#[test]
fn a_claim_is_granted_once_in_its_time_to_any_process() {
    let (_folder, cache) = cache();
    let pending = Claim::Refused(Outcome::Pending);
    assert_eq!(cache.claim("a", INTERVAL), Claim::Granted);
    assert_eq!(cache.claim("a", INTERVAL), pending);
    assert_eq!(cache.claim("b", INTERVAL), Claim::Granted);
    let other = cache_in(cache.directory.as_deref().unwrap());
    assert_eq!(other.claim("a", INTERVAL), pending);
    assert_eq!(other.claim("a", Duration::ZERO), Claim::Granted);
}

#[test]
fn what_came_of_a_claim_is_told_to_whoever_comes_too_soon() {
    let (_folder, cache) = cache();
    for outcome in [Outcome::Failed, Outcome::Answered] {
        assert_eq!(cache.claim("a", Duration::ZERO), Claim::Granted);
        cache.settle("a", outcome);
        let other = cache_in(cache.directory.as_deref().unwrap());
        assert_eq!(other.claim("a", INTERVAL), Claim::Refused(outcome));
    }
}

#[test]
fn a_claim_of_the_future_or_of_nothing_binds_nobody() {
    let (_folder, cache) = cache();
    assert_eq!(cache.claim("a", INTERVAL), Claim::Granted);
    let file = only_file(&cache);
    let texts = [
        "99999999999",
        "99999999999 failed",
        "",
        "x",
        "1",
        "1 pending",
    ];
    for text in texts.map(str::as_bytes).into_iter().chain([&b"\xff"[..]]) {
        fs::write(&file, text).unwrap();
        let other = cache_in(cache.directory.as_deref().unwrap());
        assert_eq!(other.claim("a", INTERVAL), Claim::Granted, "{text:?}");
        assert_ne!(other.claim("a", INTERVAL), Claim::Granted, "{text:?}");
    }
}

#[test]
fn without_a_place_nothing_is_kept_and_nothing_fails() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "precious").unwrap();
    for directory in [None, Some(file.clone()), Some(file.join("below"))] {
        let cache = RealCache {
            directory,
            trust: LazyLock::new(|| Some(Vec::new())),
        };
        cache.write("a", b"1");
        assert_eq!(cache.read("a"), None);
        assert_eq!(cache.claim("a", INTERVAL), Claim::Unshared);
        cache.settle("a", Outcome::Answered);
        cache.remove("a");
    }
    assert_eq!(fs::read_to_string(file).unwrap(), "precious");
}

#[test]
fn an_answer_too_long_to_be_kept_takes_the_old_one_along() {
    let (_folder, cache) = cache();
    cache.write("a", b"1");
    cache.write("a", &vec![0; LONGEST_ENTRY + 1]);
    assert_eq!(cache.read("a"), None);
}

/// What a process that was killed has left holds answers, too.
#[test]
fn answers_that_were_not_finished_count_and_are_cleared() {
    let (_folder, cache) = cache();
    cache.write("a", b"1");
    let directory = cache.directory.clone().unwrap();
    let left = |name: &str| directory.join(format!(".jwks-cache-{name}.tmp"));
    let leave = |name: &str, length: u64, seconds: u64| {
        let file = File::create(left(name)).unwrap();
        file.set_len(length).unwrap();
        let ago = Duration::from_secs(seconds);
        file.set_modified(SystemTime::now() - ago).unwrap();
    };
    leave("older", 1, 60);
    leave("large", MOST_BYTES, 30);
    cache.write("b", b"2");
    assert!(!left("older").exists() && !left("large").exists());
    assert_eq!(cache.read("b").as_deref(), Some(&b"2"[..]));
    leave("small", 1, 1);
    cache.write("b", b"2");
    assert!(left("small").exists());
    cache.clear().unwrap();
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 0);
}

#[test]
fn what_was_used_longest_ago_goes_first() {
    const DAY: u64 = 86_400;
    let (_folder, cache) = cache();
    for number in 0..MOST_FILES + 2 {
        let name = number.to_string();
        let file = cache.file(&name, ANSWER);
        cache.write(&name, b"1");
        let file = file.or_else(|| cache.file(&name, ANSWER)).unwrap();
        let file = File::options().write(true).open(file).unwrap();
        let ago = Duration::from_secs(DAY - number as u64);
        file.set_modified(SystemTime::now() - ago).unwrap();
        if number == 0 || number == MOST_FILES - 1 {
            // Its use is noted, and it stays.
            assert!(cache.read("0").is_some());
        }
    }
    assert!(cache.read("0").is_some());
    assert!(cache.read("1").is_none());
    let files = ours(cache.directory.as_deref().unwrap()).unwrap();
    assert_eq!(files.len(), MOST_FILES);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    #[test]
    fn files_and_directory_are_for_their_owner_alone() {
        let (_folder, cache) = cache();
        cache.write("a", b"1");
        let file = only_file(&cache);
        assert_eq!(cache.claim("a", INTERVAL), Claim::Granted);
        let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
        assert_eq!(mode(cache.directory.as_deref().unwrap()), 0o700);
        assert_eq!(mode(&file), 0o600);
        assert_eq!(mode(&file.with_extension(CLAIM)), 0o600);
    }

    #[test]
    fn a_link_is_no_answer_and_not_written_through() {
        let (folder, cache) = cache();
        cache.write("a", b"1");
        let file = only_file(&cache);
        let elsewhere = folder.path().join("elsewhere");
        fs::write(&elsewhere, "2").unwrap();
        fs::remove_file(&file).unwrap();
        symlink(&elsewhere, &file).unwrap();
        assert_eq!(cache.read("a"), None);
        cache.write("a", b"3");
        assert_eq!(cache.read("a").as_deref(), Some(&b"3"[..]));
        let claim = file.with_extension(CLAIM);
        symlink(&elsewhere, &claim).unwrap();
        assert_eq!(cache.claim("a", INTERVAL), Claim::Granted);
        assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "2");
    }

    #[test]
    fn a_pipe_or_a_directory_in_the_place_of_an_answer_is_none() {
        let (_folder, cache) = cache();
        cache.write("a", b"1");
        let file = only_file(&cache);
        fs::remove_file(&file).unwrap();
        let made = std::process::Command::new("mkfifo").arg(&file).status();
        assert!(made.unwrap().success());
        assert_eq!(cache.read("a"), None);
        fs::remove_file(&file).unwrap();
        fs::create_dir(&file).unwrap();
        assert_eq!(cache.read("a"), None);
        cache.write("a", b"2");
        assert_eq!(cache.read("a"), None);
    }

    #[test]
    fn what_stands_in_the_place_of_a_claim_is_put_away() {
        let (_folder, cache) = cache();
        assert_eq!(cache.claim("a", INTERVAL), Claim::Granted);
        let file = only_file(&cache);
        let pipe = || {
            let made = std::process::Command::new("mkfifo").arg(&file).status();
            assert!(made.unwrap().success());
        };
        let open_to_all = || {
            fs::write(&file, "1").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
        };
        let things: [&dyn Fn(); 3] = [&pipe, &open_to_all, &|| fs::create_dir(&file).unwrap()];
        for put in things {
            fs::remove_file(&file).unwrap();
            put();
            assert_eq!(cache.claim("a", INTERVAL), Claim::Granted);
            assert_ne!(cache.claim("a", INTERVAL), Claim::Granted);
        }
    }

    #[test]
    fn processes_that_have_no_place_for_claims_are_told_so() {
        let (_folder, cache) = cache();
        assert_eq!(cache.claim("a", INTERVAL), Claim::Granted);
        let file = only_file(&cache);
        fs::remove_file(&file).unwrap();
        fs::create_dir_all(file.join("in the way")).unwrap();
        assert_eq!(cache.claim("a", INTERVAL), Claim::Unshared);
    }

    #[test]
    fn what_others_can_write_to_is_not_used() {
        let (_folder, cache) = cache();
        cache.write("a", b"1");
        let file = only_file(&cache);
        let allow = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        allow(&file, 0o666);
        assert_eq!(cache.read("a"), None);
        allow(&file, 0o600);
        let directory = cache.directory.as_deref().unwrap();
        allow(directory, 0o777);
        assert_eq!(cache.read("a"), None);
        assert!(cache.clear().is_err());
        allow(directory, 0o700);
        assert!(cache.read("a").is_some());
    }

    #[test]
    fn a_directory_behind_a_link_is_not_used() {
        let (folder, cache) = cache();
        cache.write("a", b"1");
        let link = folder.path().join("link");
        symlink(cache.directory.as_deref().unwrap(), &link).unwrap();
        let other = cache_in(&link);
        assert_eq!(other.read("a"), None);
        assert!(other.clear().is_err());
        other.write("b", b"1");
        assert_eq!(cache.read("b"), None);
    }

    #[test]
    fn clearing_leaves_what_is_not_ours() {
        let (_folder, cache) = cache();
        cache.write("a", b"1");
        let directory = cache.directory.as_deref().unwrap();
        let (upper, letters) = ("AB".repeat(32), "xy".repeat(32));
        let foreign = [
            "notes.answer".to_owned(),
            "ab.answer".to_owned(),
            "beef.claim".to_owned(),
            format!("{upper}.answer"),
            format!("{letters}.answer"),
            format!("{}.answer.tmp", "ab".repeat(32)),
            format!("{}.txt", "ab".repeat(32)),
            // What another command writes, perhaps a private key.
            ".jwks-abcdef.tmp".to_owned(),
        ];
        for name in &foreign {
            fs::write(directory.join(name), "precious").unwrap();
        }
        let link = directory.join(format!("{}.answer", "ab".repeat(32)));
        symlink(directory.join("notes.answer"), &link).unwrap();
        assert_eq!(cache.clear().unwrap(), 1);
        for name in &foreign {
            assert!(directory.join(name).exists(), "{name}");
        }
        assert!(link.is_symlink());
        assert_eq!(fs::read_dir(directory).unwrap().count(), foreign.len() + 1);
    }
}
