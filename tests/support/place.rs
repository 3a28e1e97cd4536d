//! A folder with keys in it, and runs of the binary that a shell prepares.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Jwks, Run, scratch};

/// The time by which the tests go.
pub(crate) const AT: &str = "2027-01-15T08:00:00Z";

/// A set against which nothing is to be said.
pub(crate) const GOOD_SET: &str = r#"{"keys": [
  {"kid": "2026-a", "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig",
   "x": "M2JuyniFPjI2B5GlT8tCsoHYfsG1Dj9AzLZLS7RYk54",
   "y": "331jfWewGlDyz3UxgdJlWSOBdi4p6QDMu9b0V3jDPf8"},
  {"kid": "2026-b", "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig",
   "x": "hYQ_2SKxZZT3Cu6HbyJp6gGua8JO2QzJ4ejTy0bY7eI",
   "y": "6REcmuxHp-wcX4myYHfgBwPXYZIE8kREW8wWd4YPHlM"}
]}"#;

/// What hostile input may cost at most, in a debug build on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A folder of the test's own.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(scratch())
    }

    /// With a private key of ES256 in `key.json`, its public half in `public.json`, and a token
    /// that it signed in `token`.
    pub(crate) fn with_key() -> Self {
        let place = Self::new();
        let options = ["--alg", "ES256", "--kid", "one", "--at", AT];
        Jwks::new("generate")
            .args(options)
            .arg("-o")
            .arg(place.path("key.json"))
            .arg("-p")
            .arg(place.path("public.json"))
            .run()
            .succeeds();
        let signed = Jwks::new("sign")
            .arg("--jwks")
            .arg(place.path("key.json"))
            .args(["--at", AT, "--sub", "alice"])
            .run();
        place.write("token", signed.succeeds().text());
        place
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).expect("the file is written");
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("the file is read")
    }

    /// The file as JSON.
    pub(crate) fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).expect("the file is JSON")
    }

    /// What is in the folder, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).expect("the folder is read");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name())
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// `jwks COMMAND` with the time set.
    pub(crate) fn jwks(command: &str) -> Jwks {
        Jwks::new(command).args(["--at", AT])
    }
}

/// A run of the binary that a shell prepares: `"$@"` in the script is the binary and its arguments.
pub(crate) struct Shell {
    command: Command,
    stdout: Stdio,
}

impl Shell {
    pub(crate) fn new(script: &str) -> Self {
        let mut command = Command::new("sh");
        command.env_clear();
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        command.args(["-c", script, "sh", env!("CARGO_BIN_EXE_jwks")]);
        Self {
            command,
            stdout: Stdio::piped(),
        }
    }

    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub(crate) fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Where standard output goes; into [`Run::stdout`] unless told.
    pub(crate) fn stdout(mut self, stdout: impl Into<Stdio>) -> Self {
        self.stdout = stdout.into();
        self
    }

    pub(crate) fn run(mut self) -> Run {
        let started = Instant::now();
        let child = self
            .command
            .stdin(Stdio::null())
            .stdout(self.stdout)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the shell starts");
        Run::of(child, started, PATIENCE)
    }
}

/// Makes a named pipe.
#[track_caller]
pub(crate) fn make_pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status();
    assert!(made.expect("mkfifo runs").success());
}

/// The permissions of a file, of a link those of the link.
#[cfg(unix)]
#[track_caller]
pub(crate) fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::MetadataExt;
    fs::symlink_metadata(path).expect("the file").mode() & 0o7777
}

/// The exit code of a run that neither panicked nor died of a signal.
#[track_caller]
pub(crate) fn exit_of(run: &Run) -> i32 {
    let exit = run.exit.expect("the binary was killed by a signal");
    let quiet = !run.stderr.contains("error[internal]") && !run.stderr.contains("panicked");
    assert!(exit != 101 && quiet, "it panicked: {}", start(&run.stderr));
    exit
}

/// The start of a text that may be long.
pub(crate) fn start(text: &str) -> String {
    text.chars().take(2000).collect()
}
