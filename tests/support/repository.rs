//! What tests read of the repository.

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder that hold a case each, in the order of their names.
pub(crate) fn cases(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).expect("the folder of the cases");
    let paths = entries.map(|entry| entry.expect("an entry of the folder").path());
    let mut cases: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    cases.sort();
    cases
}

/// What a report is held against, by the name of its schema.
pub(crate) fn validator(name: &str) -> Validator {
    let file = root().join("schemas").join(format!("{name}.json"));
    let text = fs::read(file).expect("the schema");
    let schema = serde_json::from_slice(&text).expect("the schema is JSON");
    jsonschema::draft202012::new(&schema).expect("the schema is one")
}
