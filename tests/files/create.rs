//! `generate -o` and `-p`: modes, existing files, places where nothing can be written.

use std::path::{Path, PathBuf};

use super::{GENERATE, full_after, set_mode};
use crate::support::place::{Place, Shell, make_pipe, mode};
use crate::support::{Jwks, Run};

/// What a file holds that must survive.
const PRECIOUS: &str = "precious";

fn generate(options: &[&str], private: &Path) -> Run {
    let call = Jwks::new("generate").args(["--alg", "ES256"]).args(options);
    call.arg("-o").arg(private).run()
}

fn generate_under(umask: &str, place: &Place) {
    let run = Shell::new(&format!("umask {umask}; exec \"$@\""))
        .args(["generate", "--alg", "ES256", "-o"])
        .arg(place.path("key.json"))
        .arg("-p")
        .arg(place.path("public.json"))
        .run();
    run.succeeds();
}

#[test]
fn a_private_file_is_for_its_owner_alone_whatever_the_umask() {
    for umask in ["000", "022", "027", "077"] {
        let place = Place::new();
        generate_under(umask, &place);
        assert_eq!(mode(&place.path("key.json")), 0o600, "umask {umask}");
        assert_eq!(place.names(), ["key.json", "public.json"], "umask {umask}");
    }
}

#[test]
fn a_private_file_is_readable_for_its_owner_under_an_umask_that_takes_everything() {
    let place = Place::new();
    generate_under("777", &place);
    assert_eq!(mode(&place.path("key.json")), 0o600);
}

#[test]
fn a_public_file_is_for_everyone_whom_the_umask_allows() {
    for (umask, expected) in [
        ("000", 0o666),
        ("022", 0o644),
        ("027", 0o640),
        ("077", 0o600),
    ] {
        let place = Place::new();
        generate_under(umask, &place);
        assert_eq!(mode(&place.path("public.json")), expected, "umask {umask}");
    }
}

#[test]
fn an_existing_file_stays_as_it_is() {
    let place = Place::new();
    let file = place.write("key.json", PRECIOUS);
    generate(&[], &file).fails(3, "file-exists");
    generate(&["--no-input"], &file).fails(3, "file-exists");
    let public = Jwks::new("generate")
        .args(["--alg", "ES256", "-o"])
        .arg(place.path("new.json"))
        .arg("-p")
        .arg(&file)
        .run();
    public.fails(3, "file-exists");
    assert_eq!(place.read("key.json"), PRECIOUS);
    assert_eq!(
        place.names(),
        ["key.json"],
        "nothing was made of half a pair"
    );
}

#[test]
fn force_replaces_a_file_and_takes_it_from_the_others() {
    let place = Place::new();
    let file = place.write("key.json", PRECIOUS);
    for before in [0o644, 0o666, 0o400, 0o777] {
        set_mode(&file, before);
        generate(&["--force"], &file).succeeds();
        assert_eq!(mode(&file), 0o600, "was {before:o}");
        assert_eq!(place.json("key.json")["kty"], "EC");
    }
    assert_eq!(place.names(), ["key.json"]);
}

#[test]
fn force_leaves_a_public_file_its_mode() {
    let place = Place::new();
    let file = place.write("public.json", PRECIOUS);
    set_mode(&file, 0o640);
    let call = Jwks::new("generate").args(["--alg", "ES256", "--force", "-p"]);
    call.arg(&file).run().succeeds();
    assert_eq!(mode(&file), 0o640);
    assert_eq!(place.names(), ["public.json"]);
}

#[test]
fn places_where_nothing_can_be_written_are_told() {
    let place = Place::with_key();
    let before = place.names();
    let mut targets = vec![
        place.path("no/such/folder/key.json"),
        place.path("key.json/through-a-file"),
        place.path("n".repeat(300)),
    ];
    if cfg!(target_os = "linux") {
        targets.push(PathBuf::from("/proc/jwks-test/key.json"));
        targets.push(PathBuf::from("/proc/jwks-test.json"));
    }
    for target in targets {
        for options in [&[][..], &["--force"]] {
            generate(options, &target).fails(3, "file-unwritable");
        }
    }
    assert_eq!(place.names(), before);
}

#[test]
fn a_directory_is_never_replaced() {
    let place = Place::new();
    let folder = place.path("folder");
    std::fs::create_dir(&folder).expect("a folder");
    generate(&[], &folder).fails(3, "file-exists");
    generate(&["--force"], &folder).fails(3, "is-a-directory");
    generate(&["--force"], &place.path("folder/")).fails(3, "is-a-directory");
    assert!(folder.is_dir());
    assert_eq!(place.names(), ["folder"]);
    let inside = std::fs::read_dir(&folder).expect("the folder").count();
    assert_eq!(inside, 0, "nothing was left in it");
}

/// Renaming over `/dev/null`, as root, would take it from the whole machine.
#[test]
fn what_is_no_file_is_never_replaced() {
    use std::os::unix::fs::FileTypeExt;
    let place = Place::new();
    let pipe = place.path("pipe");
    make_pipe(&pipe);
    generate(&["--force"], &pipe).fails(3, "not-a-regular-file");
    let kind = std::fs::symlink_metadata(&pipe)
        .expect("the pipe")
        .file_type();
    assert!(kind.is_fifo(), "the pipe is gone");
    assert_eq!(place.names(), ["pipe"]);
}

#[test]
fn a_locked_folder_is_told() {
    let place = Place::new();
    let folder = place.path("folder");
    std::fs::create_dir(&folder).expect("a folder");
    set_mode(&folder, 0o500);
    if std::fs::write(folder.join("probe"), "").is_ok() {
        return; // Root writes everywhere.
    }
    generate(&[], &folder.join("key.json")).fails(3, "file-unwritable");
}

#[test]
fn a_full_disk_leaves_the_old_file_and_nothing_else() {
    let place = Place::new();
    let run = |arguments: &[&str], file: &Path| {
        let shell = Shell::new(&full_after(0)).args(["generate", "--alg", "ES256"]);
        shell.args(arguments).arg(file).run()
    };
    run(&["-o"], &place.path("new.json")).fails(3, "file-unwritable");
    run(&["-p"], &place.path("new.json"))
        .exit
        .expect("an exit code");
    assert!(place.names().is_empty(), "{:?}", place.names());
    let old = place.write("old.json", PRECIOUS);
    run(&["--force", "-o"], &old).fails(3, "file-unwritable");
    assert_eq!(run(&["--force", "-p"], &old).exit, Some(3));
    assert_eq!(place.read("old.json"), PRECIOUS);
    assert_eq!(place.names(), ["old.json"]);
}

#[test]
fn both_halves_into_one_file_is_wrong_usage_however_it_is_spelled() {
    let place = Place::new();
    std::fs::create_dir(place.path("folder")).expect("a folder");
    std::os::unix::fs::symlink(place.path("key.json"), place.path("link")).expect("a link");
    let before = place.names();
    for (private, public) in [
        ("key.json", "key.json"),
        ("key.json", "./key.json"),
        ("key.json", "folder/../key.json"),
        ("key.json", "link"),
        ("link", "key.json"),
    ] {
        for options in [&[][..], &["--force"]] {
            let run = Jwks::new("generate")
                .args(["--alg", "ES256"])
                .args(options)
                .arg("-o")
                .arg(place.path(private))
                .arg("-p")
                .arg(place.path(public))
                .run();
            // Without --force the link is in the way already.
            let refused = [Some(2), Some(3)].contains(&run.exit);
            assert!(refused, "{private} {public}: {}", run.stderr);
            let forced = options.is_empty() || run.exit == Some(2);
            assert!(forced, "{private} {public}: {}", run.stderr);
            assert_eq!(place.names(), before, "{private} {public}");
        }
    }
}

#[test]
fn a_relative_path_is_one_of_the_working_folder() {
    let place = Place::new();
    let line = format!("cd '{}' && exec \"$@\"", place.path("").display());
    Shell::new(&line).args(GENERATE).run().succeeds();
    assert_eq!(place.names(), ["key.json", "public.json"]);
    assert_eq!(mode(&place.path("key.json")), 0o600);
}
