//! The binary on a terminal of its own, and someone who sits there.

use std::ffi::{OsStr, OsString};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pts, Pty, open};
use rustix::termios::{Termios, tcgetattr};
use tempfile::TempDir;

use crate::support::scratch;

/// Whoever waits longer waits for something that does not come.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) const UP: &str = "\u{1b}[A";
pub(crate) const DOWN: &str = "\u{1b}[B";
pub(crate) const END: &str = "\u{1b}[F";
pub(crate) const ESCAPE: &str = "\u{1b}";
pub(crate) const CTRL_C: &str = "\u{3}";
pub(crate) const CTRL_D: &str = "\u{4}";
pub(crate) const CTRL_Z: &str = "\u{1a}";
pub(crate) const CTRL_BACKSLASH: &str = "\u{1c}";

/// A run of a program on a terminal to be: no environment but what is given, and an empty home.
pub(crate) struct Setting {
    command: Command,
    size: Size,
    input: Option<Vec<u8>>,
    pipes_output: bool,
    home: TempDir,
}

impl Setting {
    /// A run of the binary with these arguments.
    pub(crate) fn new<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Self {
        Self::of(env!("CARGO_BIN_EXE_jwks")).args(arguments)
    }

    /// A run of a shell with this script, in which `"$@"` is the binary with its arguments.
    pub(crate) fn shell<A: AsRef<OsStr>>(
        script: &str,
        arguments: impl IntoIterator<Item = A>,
    ) -> Self {
        let shell = Self::of("/bin/sh").args(["-c", script, "sh", env!("CARGO_BIN_EXE_jwks")]);
        shell.args(arguments)
    }

    fn of(program: &str) -> Self {
        let home = scratch();
        let mut command = Command::new(program)
            .env_clear()
            .env("HOME", home.path())
            .env("JWKS_CACHE_DIR", home.path().join("cache"))
            .env("TERM", "xterm")
            .env("LANG", "C.UTF-8")
            .current_dir(home.path());
        if let Some(path) = std::env::var_os("PATH") {
            command = command.env("PATH", path);
        }
        Self {
            command,
            size: Size::new(24, 80),
            input: None,
            pipes_output: false,
            home,
        }
    }

    fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        let arguments: Vec<OsString> = arguments
            .into_iter()
            .map(|argument| argument.as_ref().to_owned())
            .collect();
        self.command = self.command.args(arguments);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command = self.command.env(name, value);
        self
    }

    pub(crate) fn folder(mut self, folder: impl AsRef<Path>) -> Self {
        self.command = self.command.current_dir(folder);
        self
    }

    /// How large the terminal is.
    pub(crate) fn size(mut self, rows: u16, columns: u16) -> Self {
        self.size = Size::new(rows, columns);
        self
    }

    /// Standard input is a pipe with this in it, and no terminal.
    pub(crate) fn input(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.command = self.command.stdin(Stdio::piped());
        self.input = Some(input.into());
        self
    }

    /// Standard output is a pipe: what comes out of it is in [`Ended::output`].
    pub(crate) fn pipe_output(mut self) -> Self {
        self.command = self.command.stdout(Stdio::piped());
        self.pipes_output = true;
        self
    }

    pub(crate) fn run(mut self) -> Terminal {
        // A process that another test starts just now may inherit the end that is read here, and keep it open,
        // which nobody waits for; the other end is never inherited.
        let (pty, other_end) = open().expect("a terminal");
        pty.resize(self.size).expect("a size");
        let modes = tcgetattr(&other_end).expect("modes");
        let mut child = self
            .command
            .spawn_borrowed(&other_end)
            .expect("the program starts");
        // It has descriptors of its own.
        drop(self.command);
        if let (Some(mut pipe), Some(input)) = (child.stdin.take(), self.input) {
            // A program that does not read its input is no error, nor must it be waited for.
            thread::spawn(move || drop(pipe.write_all(&input)));
        }
        let output = child.stdout.take().map(|mut pipe| {
            thread::spawn(move || {
                let mut bytes = Vec::new();
                let _ = pipe.read_to_end(&mut bytes);
                bytes
            })
        });
        let (sender, screen) = channel();
        let pty = Arc::new(pty);
        let reading = Arc::clone(&pty);
        thread::spawn(move || {
            let mut piece = [0; 4096];
            // It ends with an error where nobody holds the other end any more.
            while let Ok(length @ 1..) = (&*reading).read(&mut piece) {
                if sender.send(piece[..length].to_vec()).is_err() {
                    break;
                }
            }
        });
        Terminal {
            child,
            pty,
            other_end,
            modes,
            screen,
            shown: Vec::new(),
            read: 0,
            output,
            _home: self.home,
        }
    }
}

/// A run of a program on a terminal.
pub(crate) struct Terminal {
    child: Child,
    pty: Arc<Pty>,
    /// Held open, so that its modes can be looked at when the program has ended.
    other_end: Pts,
    /// What they were before.
    modes: Termios,
    screen: Receiver<Vec<u8>>,
    shown: Vec<u8>,
    /// How much of it has been waited for.
    read: usize,
    output: Option<JoinHandle<Vec<u8>>>,
    _home: TempDir,
}

impl Terminal {
    /// Runs the binary with these arguments.
    pub(crate) fn run<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Self {
        Setting::new(arguments).run()
    }

    /// Waits until `text` is shown after what was waited for before.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, text: &str) -> &mut Self {
        let started = Instant::now();
        loop {
            let fresh = &self.shown[self.read..];
            let mut windows = fresh.windows(text.len());
            if let Some(place) = windows.position(|window| window == text.as_bytes()) {
                self.read += place + text.len();
                return self;
            }
            let left = PATIENCE.saturating_sub(started.elapsed());
            match self.screen.recv_timeout(left) {
                Ok(piece) => self.shown.extend(piece),
                Err(_) => {
                    let _ = self.child.kill();
                    panic!("no {text:?} in: {}", String::from_utf8_lossy(&self.shown));
                }
            }
        }
    }

    /// Presses keys.
    pub(crate) fn press(&mut self, keys: &str) -> &mut Self {
        (&*self.pty)
            .write_all(keys.as_bytes())
            .expect("the terminal takes it");
        self
    }

    /// Waits until `prompt` is shown, and types a line.
    #[track_caller]
    pub(crate) fn answer(&mut self, prompt: &str, typed: &str) -> &mut Self {
        self.wait_for(prompt).press(typed).press("\r")
    }

    /// True when the terminal shows what is typed.
    pub(crate) fn echoes(&self) -> bool {
        let modes = tcgetattr(&self.other_end).expect("modes");
        modes
            .local_modes
            .contains(rustix::termios::LocalModes::ECHO)
    }

    /// Waits until the program ends.
    #[track_caller]
    pub(crate) fn finish(mut self) -> Ended {
        let started = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("the run is waited for") {
                break status;
            }
            // Meanwhile what it shows must go somewhere.
            match self.screen.recv_timeout(Duration::from_millis(2)) {
                Ok(piece) => self.shown.extend(piece),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => thread::yield_now(),
            }
            if started.elapsed() > PATIENCE {
                let _ = self.child.kill();
                let shown = String::from_utf8_lossy(&self.shown);
                panic!("it still runs after {PATIENCE:?}: {shown}");
            }
        };
        let modes = tcgetattr(&self.other_end).expect("modes");
        drop(self.other_end);
        while let Ok(piece) = self.screen.recv_timeout(PATIENCE) {
            self.shown.extend(piece);
        }
        let output = self
            .output
            .map(|thread| thread.join().expect("the pipe is read"));
        Ended {
            exit: status.code(),
            shown: String::from_utf8_lossy(&self.shown).into_owned(),
            output: output.unwrap_or_default(),
            is_restored: format!("{modes:?}") == format!("{:?}", self.modes),
        }
    }
}

/// What a run on a terminal came to.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) exit: Option<i32>,
    /// All that the terminal was sent.
    pub(crate) shown: String,
    /// Standard output, where it was a pipe.
    pub(crate) output: Vec<u8>,
    /// The terminal is in the modes that it was in before.
    pub(crate) is_restored: bool,
}

impl Ended {
    /// Ended with `exit`, and left the terminal as it was: its modes, and the cursor.
    #[track_caller]
    pub(crate) fn ends(&self, exit: i32) -> &Self {
        assert_eq!(self.exit, Some(exit), "{}", self.shown);
        assert!(self.is_restored, "other modes: {}", self.shown);
        let [hidden, seen] = ["\u{1b}[?25l", "\u{1b}[?25h"].map(|code| self.shown.rfind(code));
        assert!(seen >= hidden, "no cursor: {:?}", self.shown);
        self
    }

    /// Shows this text.
    #[track_caller]
    pub(crate) fn shows(&self, text: &str) -> &Self {
        assert!(self.shown.contains(text), "no {text:?} in: {}", self.shown);
        self
    }

    /// Shows nothing of this text.
    #[track_caller]
    pub(crate) fn hides(&self, text: &str) -> &Self {
        assert!(!self.shown.contains(text), "{text:?} in: {}", self.shown);
        self
    }
}
