//! What the areas share: the binary run from outside, alone, in a shell or on a terminal, and a server to talk to.

#![cfg_attr(
    not(unix),
    allow(dead_code, reason = "some is for the tests that need Unix")
)]

#[cfg(unix)]
pub(crate) mod foreign;
pub(crate) mod numbers;
pub(crate) mod place;
pub(crate) mod repository;
pub(crate) mod server;
#[cfg(unix)]
pub(crate) mod terminal;
pub(crate) mod tls;
pub(crate) mod watch;

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A run that lasts longer hangs, and is ended.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks at a process that has closed its output.
const PAUSE: Duration = Duration::from_millis(1);

/// A folder of the test's own that goes with it.
pub(crate) fn scratch() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// A run of the binary to be: no environment but what is given, and an empty home.
pub(crate) struct Jwks {
    command: Command,
    input: Vec<u8>,
    _home: TempDir,
}

impl Jwks {
    /// A run of `jwks COMMAND`.
    pub(crate) fn new(subcommand: &str) -> Self {
        let home = scratch();
        let mut command = Command::new(env!("CARGO_BIN_EXE_jwks"));
        command.env_clear().env("HOME", home.path());
        command.env("JWKS_CACHE_DIR", home.path().join("cache"));
        // Without it Windows opens no sockets.
        if let Some(root) = std::env::var_os("SystemRoot") {
            command.env("SystemRoot", root);
        }
        command.current_dir(home.path()).arg(subcommand);
        Self {
            command,
            input: Vec::new(),
            _home: home,
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

    /// The folder of the cache that it uses; one of its own, and empty, unless told.
    pub(crate) fn cache(self, folder: impl AsRef<Path>) -> Self {
        let folder = folder.as_ref().to_owned();
        self.env("JWKS_CACHE_DIR", folder)
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// The folder in which it runs; an empty one unless told.
    pub(crate) fn folder(mut self, path: impl AsRef<Path>) -> Self {
        self.command.current_dir(path);
        self
    }

    /// What standard input holds; nothing unless told.
    pub(crate) fn stdin(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    pub(crate) fn run(mut self) -> Run {
        let started = Instant::now();
        let mut child = self
            .command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        let input = self.input;
        // A program that does not read its input is no error, nor must it be waited for.
        thread::spawn(move || drop(stdin.write_all(&input)));
        Run::of(child, started, PATIENCE)
    }
}

/// Reads a pipe to its end, beside what else goes on.
fn collect(mut pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    receiver
}

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) exit: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
}

impl Run {
    /// Waits for the end of a process, which hangs when it has not come `patience` after the start.
    #[track_caller]
    pub(crate) fn of(mut child: Child, started: Instant, patience: Duration) -> Self {
        let left = || patience.saturating_sub(started.elapsed());
        let stdout = child.stdout.take().map(collect);
        let stderr = child.stderr.take().map(collect);
        let [stdout, stderr] = [stdout, stderr].map(|pipe| match pipe {
            Some(pipe) => pipe.recv_timeout(left()).ok(),
            None => Some(Vec::new()),
        });
        let status = loop {
            if let Some(status) = child.try_wait().expect("the binary is waited for") {
                break status;
            }
            if left().is_zero() {
                let _ = child.kill();
                panic!("the binary still runs after {patience:?}");
            }
            thread::sleep(PAUSE);
        };
        let [stdout, stderr] = [stdout, stderr].map(|bytes| bytes.expect("the end of its output"));
        Self {
            exit: status.code(),
            stdout,
            stderr: String::from_utf8(stderr).expect("standard error is UTF-8"),
            took: started.elapsed(),
        }
    }

    /// Standard output as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("standard output is UTF-8")
    }

    /// True when standard error holds `error[CODE]:`, or CODE as a reason for a rejection.
    pub(crate) fn has_code(&self, code: &str) -> bool {
        let error = format!("error[{code}]: ");
        let reason = format!("  {code}: ");
        self.stderr
            .lines()
            .any(|line| line.starts_with(&error) || line.starts_with(&reason))
    }

    #[track_caller]
    pub(crate) fn succeeds(&self) -> &Self {
        assert_eq!(self.exit, Some(0), "{}", self.stderr);
        self
    }

    /// Ends with `exit` and leaves standard output empty.
    #[track_caller]
    pub(crate) fn yields_nothing(&self, exit: i32) -> &Self {
        assert_eq!(self.exit, Some(exit), "{}", self.stderr);
        assert_eq!(self.text(), "");
        self
    }

    /// Ends with `exit`, says `code`, and leaves standard output empty.
    #[track_caller]
    pub(crate) fn fails(&self, exit: i32, code: &str) -> &Self {
        assert!(self.has_code(code), "no {code} in: {}", self.stderr);
        self.yields_nothing(exit)
    }
}
