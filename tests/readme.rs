//! The shell blocks of README.md run as they stand there. Those that start with cargo are left to
//! the continuous integration, which runs them on a machine of its own.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "tests drive the binary from outside"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;

/// Fewer blocks than this mean that the reading of the README went wrong.
const LEAST_BLOCKS: usize = 3;

/// What the README takes from openssl, a cluster, a web server and OpenSSH.
fn keys_of_other_tools(folder: &Path) {
    let write = |name: &str, content: &[u8]| {
        fs::write(folder.join(name), content).expect("the file is written");
    };
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("a group");
    let key = EcKey::generate(&group).and_then(PKey::from_ec_key);
    let pem = key.and_then(|key| key.private_key_to_pem_pkcs8());
    write("openssl.pem", &pem.expect("PEM"));
    let key = Rsa::generate(2048).and_then(PKey::from_rsa);
    let pem = key.and_then(|key| key.public_key_to_pem());
    write("sa.pub", &pem.expect("PEM"));
    let key = rcgen::KeyPair::generate().expect("a key");
    let certificate = rcgen::CertificateParams::default().self_signed(&key);
    write(
        "tls.crt",
        certificate.expect("a certificate").pem().as_bytes(),
    );
    write("tls.key", key.serialize_pem().as_bytes());
    let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea me@example\n";
    write("id_ed25519.pub", line.as_bytes());
}

#[test]
fn every_shell_block_of_the_readme_runs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).expect("the README");
    let blocks: Vec<&str> = readme
        .split("```sh\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .filter(|block| !block.starts_with("cargo "))
        .collect();
    assert!(blocks.len() >= LEAST_BLOCKS, "only {} blocks", blocks.len());
    let scratch = tempfile::tempdir().expect("a scratch folder");
    fs::create_dir(scratch.path().join("examples")).expect("a folder for the examples");
    for name in ["jwks.json", "token.jwt", "tokens.txt"] {
        let example = Path::new("examples").join(name);
        fs::copy(root.join(&example), scratch.path().join(&example)).expect("an example");
    }
    keys_of_other_tools(scratch.path());
    let binary = Path::new(env!("CARGO_BIN_EXE_jwks"));
    let programs = binary.parent().expect("the folder of the binary");
    for block in blocks {
        let output = Command::new("/bin/sh")
            .args(["-euc", block])
            .current_dir(scratch.path())
            .env_clear()
            .env("PATH", programs)
            .output()
            .expect("a shell");
        assert!(output.status.success(), "{block}\n{output:?}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!said.contains("error"), "{block}\n{said}");
    }
}
