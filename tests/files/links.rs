//! Symbolic links: they stay, and what they point to is written.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::support::place::{Place, mode};
use crate::support::{Jwks, Run};

fn generate(options: &[&str], file: &Path) -> Run {
    let call = Jwks::new("generate").args(["--alg", "ES256"]).args(options);
    call.arg("-o").arg(file).run()
}

/// A link in one folder to `key.json` in another, by a relative path.
struct Linked {
    place: Place,
    link: PathBuf,
}

impl Linked {
    fn new() -> Self {
        let place = Place::with_key();
        fs::create_dir(place.path("links")).expect("a folder");
        let link = place.path("links/link");
        symlink("../key.json", &link).expect("a link");
        Self { place, link }
    }

    #[track_caller]
    fn is_still_linked(&self) {
        let target = fs::read_link(&self.link).expect("a link");
        assert_eq!(target, Path::new("../key.json"));
        let beside = fs::read_dir(self.place.path("links")).expect("the folder");
        assert_eq!(beside.count(), 1, "nothing else is beside the link");
        assert_eq!(mode(&self.place.path("key.json")), 0o600);
        let names = ["key.json", "links", "public.json", "token"];
        assert_eq!(self.place.names(), names);
    }
}

#[test]
fn generate_replaces_what_a_link_points_to() {
    let linked = Linked::new();
    let before = linked.place.read("key.json");
    generate(&[], &linked.link).fails(3, "file-exists");
    assert_eq!(linked.place.read("key.json"), before);
    generate(&["--force"], &linked.link).succeeds();
    assert_ne!(linked.place.read("key.json"), before);
    linked.is_still_linked();
}

#[test]
fn rotate_replaces_what_a_link_points_to() {
    let linked = Linked::new();
    Place::jwks("rotate").arg(&linked.link).run().succeeds();
    let keys = linked.place.json("key.json");
    assert_eq!(keys["keys"].as_array().map(Vec::len), Some(2));
    linked.is_still_linked();
}

#[test]
fn rotate_publishes_into_what_a_link_points_to() {
    let linked = Linked::new();
    let link = linked.place.path("links/link");
    fs::remove_file(&link).expect("the link goes");
    symlink("../public.json", &link).expect("a link");
    let call = Place::jwks("rotate").arg(linked.place.path("key.json"));
    call.arg("-p").arg(&link).run().succeeds();
    assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
    let keys = linked.place.json("public.json");
    assert_eq!(keys["keys"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_link_that_dangles_counts_as_a_file_and_is_written_through_by_force() {
    let place = Place::new();
    let link = place.path("link");
    symlink("target.json", &link).expect("a link");
    generate(&[], &link).fails(3, "file-exists");
    assert_eq!(place.names(), ["link"]);
    generate(&["--force"], &link).succeeds();
    assert_eq!(place.names(), ["link", "target.json"]);
    assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
    assert_eq!(mode(&place.path("target.json")), 0o600);
}

#[test]
fn links_that_lead_nowhere_are_told() {
    let place = Place::new();
    let around = place.path("loop");
    symlink("loop", &around).expect("a link");
    generate(&["--force"], &around).fails(3, "file-unwritable");
    let astray = place.path("astray");
    symlink("no/such/folder/key.json", &astray).expect("a link");
    generate(&["--force"], &astray).fails(3, "file-unwritable");
    let folder = place.path("folder");
    fs::create_dir(&folder).expect("a folder");
    let to_folder = place.path("to-folder");
    symlink("folder", &to_folder).expect("a link");
    generate(&["--force"], &to_folder).fails(3, "is-a-directory");
    assert_eq!(place.names(), ["astray", "folder", "loop", "to-folder"]);
}

#[test]
fn a_chain_of_links_is_followed_to_its_end() {
    let place = Place::with_key();
    symlink("key.json", place.path("one")).expect("a link");
    symlink(place.path("one"), place.path("two")).expect("a link");
    generate(&["--force"], &place.path("two")).succeeds();
    for link in ["one", "two"] {
        let metadata = fs::symlink_metadata(place.path(link)).expect("a link");
        assert!(metadata.is_symlink(), "{link}");
    }
    assert_eq!(place.json("key.json")["kty"], "EC");
}

#[test]
fn the_other_name_of_a_file_keeps_the_old_content() {
    let place = Place::with_key();
    let before = place.read("key.json");
    fs::hard_link(place.path("key.json"), place.path("other.json")).expect("a hard link");
    generate(&["--force"], &place.path("key.json")).succeeds();
    assert_eq!(place.read("other.json"), before);
}
