//! What the documents take from other tools: keys of OpenSSL, a cluster, a web server and OpenSSH.

use std::fs;
use std::path::Path;

use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;

use crate::support::repository::root;

/// Puts into the folder what the blocks of the document find there.
pub(crate) fn prepare(document: &str, folder: &Path) {
    examples(folder);
    match document {
        "docs/convert.md" => {
            key_of_openssl(folder);
            key_of_a_cluster(folder);
            key_of_a_web_server(folder);
            key_of_openssh(folder);
        }
        "docs/kubernetes.md" => key_of_a_cluster(folder),
        _ => {}
    }
}

fn examples(folder: &Path) {
    fs::create_dir(folder.join("examples")).expect("a folder for the examples");
    for name in ["jwks.json", "token.jwt", "tokens.txt"] {
        let example = Path::new("examples").join(name);
        fs::copy(root().join(&example), folder.join(&example)).expect("an example");
    }
}

fn write(folder: &Path, name: &str, content: &[u8]) {
    fs::write(folder.join(name), content).expect("the file is written");
}

fn key_of_openssl(folder: &Path) {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("a group");
    let key = EcKey::generate(&group).and_then(PKey::from_ec_key);
    let pem = key.and_then(|key| key.private_key_to_pem_pkcs8());
    write(folder, "openssl.pem", &pem.expect("PEM"));
}

fn key_of_a_cluster(folder: &Path) {
    let key = Rsa::generate(2048).and_then(PKey::from_rsa);
    let pem = key.and_then(|key| key.public_key_to_pem());
    write(folder, "sa.pub", &pem.expect("PEM"));
}

fn key_of_a_web_server(folder: &Path) {
    let key = rcgen::KeyPair::generate().expect("a key");
    let certificate = rcgen::CertificateParams::default().self_signed(&key);
    let certificate = certificate.expect("a certificate");
    write(folder, "tls.crt", certificate.pem().as_bytes());
    write(folder, "tls.key", key.serialize_pem().as_bytes());
}

fn key_of_openssh(folder: &Path) {
    let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea me@example\n";
    write(folder, "id_ed25519.pub", line.as_bytes());
}
