//! The files that examples name, and a server that stands for their issuer.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use tempfile::TempDir;

use crate::support::scratch;
use crate::support::server::{Answer, Server};

/// What the examples call the issuer.
const ISSUER: &str = "https://issuer.example";

/// How the files are made, `ISSUER` being the local server.
const SCRIPT: &str = "
jwks generate --alg ES256 --kid 2026-01 -o key.json -p jwks.json
cp key.json keys.json
jwks rotate keys.json
jwks generate --alg ES256 --kid 2025-01 -o a.json -p old.json
cp jwks.json new.json
mkdir public
cp jwks.json public
jwks generate --alg ES256 --to pem -o key.pem
cp key.pem b.pem
jwks sign --jwks key.json --iss ISSUER --sub alice --aud api > token.txt
cat token.txt token.txt > tokens.log
jwks verify --batch tokens.log --jwks jwks.json --summary part-1.json > records
cp part-1.json part-2.json
echo '{\"sub\":\"alice\"}' > claims.json
echo 'correct horse battery staple' > pass.txt
";

/// A public key as OpenSSH writes it.
const SSH: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea me@example\n";

/// A folder with all that examples need.
pub(crate) struct Workshop {
    folder: TempDir,
    server: Server,
}

impl Workshop {
    pub(crate) fn new() -> Self {
        let set = Arc::new(Mutex::new(Vec::new()));
        let served = Arc::clone(&set);
        let server = Server::http(move |request| match request.target.as_str() {
            "/jwks.json" => Answer::body(served.lock().expect("no panic").clone()),
            "/.well-known/openid-configuration" => {
                let issuer = request.origin();
                let metadata = serde_json::json!({
                    "issuer": issuer, "jwks_uri": format!("{issuer}/jwks.json")
                });
                Answer::body(metadata.to_string())
            }
            _ => Answer::status(404),
        });
        let folder = scratch();
        let workshop = Self { folder, server };
        let path = workshop.folder.path();
        fs::write(path.join("id_ed25519.pub"), SSH).expect("a file");
        let key = rcgen::KeyPair::generate().expect("a key");
        let certificate = rcgen::CertificateParams::default().self_signed(&key);
        let pem = certificate.expect("a certificate").pem();
        fs::write(path.join("tls.crt"), pem).expect("a file");
        for line in SCRIPT.lines() {
            let line = line.replace("ISSUER", ISSUER);
            let output = workshop.run(&line, path);
            assert!(output.status.success(), "{line}: {output:?}");
        }
        *set.lock().expect("no panic") = fs::read(path.join("jwks.json")).expect("a set");
        workshop
    }

    /// A copy of the folder.
    pub(crate) fn copy(&self) -> TempDir {
        let copy = scratch();
        let public = copy.path().join("public");
        fs::create_dir(&public).expect("a folder");
        for (from, to) in [
            (self.folder.path().to_owned(), copy.path()),
            (self.folder.path().join("public"), &public),
        ] {
            for entry in fs::read_dir(from).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_file() {
                    let name = path.file_name().expect("a name");
                    fs::copy(&path, to.join(name)).expect("a copy");
                }
            }
        }
        copy
    }

    /// Runs a line of a shell in `folder`, `jwks` being the binary.
    pub(crate) fn run(&self, line: &str, folder: &Path) -> Output {
        let binary = Path::new(env!("CARGO_BIN_EXE_jwks"));
        let programs = binary.parent().expect("the folder of the binary");
        let path = format!("{}:/usr/bin:/bin", programs.display());
        let token = fs::read_to_string(folder.join("token.txt")).unwrap_or_default();
        Command::new("/bin/sh")
            .arg("-c")
            .arg(line.replace(ISSUER, &self.server.origin()))
            .current_dir(folder)
            .env_clear()
            .env("PATH", path)
            .env("HOME", folder)
            .env("JWKS_CACHE_DIR", folder.join("cache"))
            .env("TOKEN", token.trim())
            .output()
            .expect("a shell")
    }
}
