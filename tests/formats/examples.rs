//! What SARIF and JUnit look like, to the byte. They list every rule, so after a change of one run
//! `JWKS_UPDATE=1 cargo test --test main formats::` and commit what that writes.

use std::fs;

use super::{MIXED, inspect, place};
use crate::support::repository::root;

#[test]
fn reports_are_those_of_the_examples() {
    let place = place(MIXED);
    let folder = root().join("tests/formats/examples");
    for (format, name) in [("sarif", "mixed.sarif"), ("junit", "mixed.xml")] {
        let options = ["none.json", "jwks.json", "--ignore", "no-standby"];
        let run = inspect(&place.path(""), format, &options);
        let path = folder.join(name);
        if std::env::var_os("JWKS_UPDATE").is_some() {
            fs::create_dir_all(&folder).expect("the folder can be made");
            fs::write(&path, run.text()).expect("the example is written");
        }
        let example = fs::read_to_string(&path).expect("the example");
        assert!(
            example == run.text(),
            "{name} is not what is reported: JWKS_UPDATE=1 writes it anew\n{}",
            run.text()
        );
    }
}
