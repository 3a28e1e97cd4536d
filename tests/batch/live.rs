//! A batch that is talked to while it runs: lines go in, records come out, and whoever waits for a
//! record that does not come is told so instead of waiting for ever.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::support::Run;
use crate::support::place::{AT, PATIENCE, Place};

/// Pause between two looks at a process.
const PAUSE: Duration = Duration::from_millis(2);
/// One that runs longer hangs, and is ended: nobody waits for it any more.
const LONGEST: Duration = Duration::from_secs(50);

/// Where the lines go.
enum Feed {
    Pipe(Option<ChildStdin>),
    Datagrams(UnixDatagram),
}

/// A running batch. It is ended when it is dropped.
pub(crate) struct Live {
    child: Child,
    feed: Feed,
    output: Option<ChildStdout>,
    records: Option<Receiver<Vec<u8>>>,
    errors: Option<JoinHandle<Vec<u8>>>,
    started: Instant,
    /// Lets the watchdog go when it is dropped.
    _watched: SyncSender<()>,
}

impl Live {
    /// `jwks verify --batch` with the keys of the place; it reads a pipe unless told otherwise.
    pub(crate) fn new(place: &Place, options: &[&str]) -> Self {
        let mut live = Self::start(place, options, Stdio::piped());
        live.feed = Feed::Pipe(live.child.stdin.take());
        live
    }

    /// One that reads datagrams: what is sent at once is read at once, and nothing else with it.
    pub(crate) fn in_datagrams(place: &Place, options: &[&str]) -> Self {
        let (own, other) = UnixDatagram::pair().expect("sockets");
        own.set_write_timeout(Some(PATIENCE)).expect("a limit");
        let mut live = Self::start(place, options, OwnedFd::from(other).into());
        live.feed = Feed::Datagrams(own);
        // Records are taken while it is fed: it must never wait for that.
        live.listen(1_000_000);
        live
    }

    fn start(place: &Place, options: &[&str], input: Stdio) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_jwks"))
            .env_clear()
            .args(["verify", "--batch", "--at", AT, "--jwks"])
            .arg(place.path("keys.json"))
            .args(options)
            .current_dir(place.path(""))
            .stdin(input)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut errors = child.stderr.take().expect("a pipe");
        let errors = thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = errors.read_to_end(&mut bytes);
            bytes
        });
        let (watched, watch) = sync_channel(0);
        let id = child.id().to_string();
        thread::spawn(move || {
            if watch.recv_timeout(LONGEST) == Err(RecvTimeoutError::Timeout) {
                let _ = Command::new("kill").args(["-KILL", &id]).status();
            }
        });
        Self {
            feed: Feed::Pipe(None),
            output: child.stdout.take(),
            records: None,
            errors: Some(errors),
            started: Instant::now(),
            _watched: watched,
            child,
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Gives it bytes of its input.
    #[track_caller]
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        match &mut self.feed {
            Feed::Pipe(pipe) => {
                let pipe = pipe.as_mut().expect("the input has not ended");
                pipe.write_all(bytes).expect("the input is read");
            }
            Feed::Datagrams(socket) => {
                let sent = socket.send(bytes).expect("the input is read");
                assert_eq!(sent, bytes.len());
            }
        }
    }

    /// Ends its input.
    pub(crate) fn send_end(&mut self) {
        match &mut self.feed {
            Feed::Pipe(pipe) => drop(pipe.take()),
            // An empty datagram reads as the end, every time that somebody looks.
            Feed::Datagrams(socket) => {
                for _ in 0..3 {
                    let _ = socket.send(b"");
                }
            }
        }
    }

    /// The pipe into it, for a thread that fills it.
    pub(crate) fn take_feed(&mut self) -> ChildStdin {
        match &mut self.feed {
            Feed::Pipe(pipe) => pipe.take().expect("the input has not ended"),
            Feed::Datagrams(_) => panic!("not with datagrams"),
        }
    }

    /// Takes the records from now on; at most so many wait to be asked for.
    fn listen(&mut self, most: usize) -> &Receiver<Vec<u8>> {
        let Self {
            records, output, ..
        } = self;
        records.get_or_insert_with(|| {
            let mut output = BufReader::new(output.take().expect("the output is open"));
            let (sender, receiver) = sync_channel(most);
            thread::spawn(move || {
                loop {
                    let mut line = Vec::new();
                    match output.read_until(b'\n', &mut line) {
                        Ok(1..) if sender.send(line).is_ok() => {}
                        _ => return,
                    }
                }
            });
            receiver
        })
    }

    /// The next record, waited for; none at the end.
    #[track_caller]
    pub(crate) fn next(&mut self) -> Option<Vec<u8>> {
        // Hardly more is taken than is asked for, lest a slow reader be a quick one.
        match self.listen(64).recv_timeout(PATIENCE) {
            Ok(line) => Some(line),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("no record after {PATIENCE:?}"),
        }
    }

    /// The next record as JSON.
    #[track_caller]
    pub(crate) fn record(&mut self) -> serde_json::Value {
        let line = self.next().expect("a record");
        assert_eq!(line.last(), Some(&b'\n'), "the record is whole");
        serde_json::from_slice(&line).expect("the record is JSON")
    }

    /// The pipe out of it, when no record has been taken yet.
    pub(crate) fn take_output(&mut self) -> ChildStdout {
        let output = self.output.take().expect("the output is open");
        self.hang_up();
        output
    }

    /// Takes no more records, and lets it know.
    pub(crate) fn hang_up(&mut self) {
        self.output = None;
        // With the old receiver its thread goes; the new one has nothing to receive.
        let (_, nothing) = sync_channel(0);
        self.records = Some(nothing);
    }

    /// The remaining records, then how it ended.
    #[track_caller]
    pub(crate) fn end(mut self) -> Run {
        let mut stdout = Vec::new();
        while let Some(line) = self.next() {
            stdout.extend_from_slice(&line);
        }
        let exit = self.exit();
        let errors = self.errors.take().expect("its errors").join();
        Run {
            exit,
            stdout,
            stderr: String::from_utf8(errors.expect("they are read")).expect("UTF-8"),
            took: self.started.elapsed(),
        }
    }

    /// How it ended, which is waited for; what it has to say is not taken.
    #[track_caller]
    pub(crate) fn exit(&mut self) -> Option<i32> {
        let waiting = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("it is waited for") {
                return status.code();
            }
            assert!(waiting.elapsed() < PATIENCE, "it still runs");
            thread::sleep(PAUSE);
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(target_os = "linux")]
impl Live {
    /// Presses Ctrl-C.
    pub(crate) fn interrupt(&self) {
        let id = self.id().to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status();
        assert!(sent.expect("kill runs").success());
    }

    /// Waits until all its threads do nothing but wait, and have for a moment, or until it has ended.
    #[track_caller]
    pub(crate) fn rests(&self) {
        const LOOKS: usize = 5;
        let started = Instant::now();
        let mut quiet = 0;
        let mut before = None;
        while quiet < LOOKS {
            assert!(started.elapsed() < PATIENCE, "it never rests");
            thread::sleep(PAUSE);
            let now = self.activity();
            let is_quiet = now.is_some() && now == before;
            quiet = if is_quiet { quiet + 1 } else { 0 };
            before = now;
        }
    }

    /// How often its threads have been on a processor so far; none when one of them is at work.
    fn activity(&self) -> Option<String> {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.id())).expect("it is there");
        let mut work = String::new();
        for task in tasks {
            let folder = task.expect("a thread").path();
            let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
            let state = read("status");
            if !state.contains("State:\tS") && !state.contains("State:\tZ") {
                return None;
            }
            work.push_str(&read("schedstat"));
        }
        Some(work)
    }

    /// The most memory that it has had so far, in KiB.
    #[track_caller]
    pub(crate) fn peak(&self) -> u64 {
        let path = format!("/proc/{}/status", self.id());
        let status = std::fs::read_to_string(path).expect("it runs");
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .expect("its peak");
        let number = line.trim().strip_suffix(" kB").expect("in KiB");
        number.parse().expect("a number")
    }
}
