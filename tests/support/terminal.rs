//! The binary on a terminal, which `script` plays, and someone who types.

#![allow(dead_code, reason = "not every test uses all of it")]

use std::io::{Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;
use std::time::Duration;

/// A run of the binary on a terminal.
pub(crate) struct Terminal {
    child: Child,
    keyboard: ChildStdin,
    screen: ChildStdout,
    shown: String,
}

impl Terminal {
    /// Runs the binary with these arguments; none where no terminal can be played.
    pub(crate) fn run<A: AsRef<str>>(arguments: impl IntoIterator<Item = A>) -> Option<Self> {
        let mut line = format!("'{}'", env!("CARGO_BIN_EXE_jwks"));
        for argument in arguments {
            line.push_str(&format!(" '{}'", argument.as_ref()));
        }
        let mut child = Command::new("script")
            .args(["-qec", &line, "/dev/null"])
            .env("TERM", "xterm")
            .env("SHELL", "/bin/sh")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        Some(Self {
            keyboard: child.stdin.take().expect("a pipe"),
            screen: child.stdout.take().expect("a pipe"),
            child,
            shown: String::new(),
        })
    }

    /// Waits until `prompt` is shown, and types a line.
    pub(crate) fn answer(&mut self, prompt: &str, typed: &str) {
        while !self.shown.contains(prompt) {
            let mut piece = [0; 256];
            let length = self.screen.read(&mut piece).expect("the screen is read");
            assert_ne!(length, 0, "no {prompt:?} in: {}", self.shown);
            let piece = String::from_utf8_lossy(&piece[..length]);
            self.shown.push_str(&piece);
        }
        // The terminal stops showing what is typed right after the question.
        thread::sleep(Duration::from_millis(200));
        writeln!(self.keyboard, "{typed}").expect("the terminal takes it");
    }

    /// All that was shown until the run ended.
    pub(crate) fn finish(mut self) -> String {
        let mut rest = Vec::new();
        let _ = self.screen.read_to_end(&mut rest);
        self.child.wait().expect("the run ends");
        self.shown + &String::from_utf8_lossy(&rest)
    }
}
