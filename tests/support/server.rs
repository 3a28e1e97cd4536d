//! A server on loopback that answers as a test says, well or badly, and remembers what it was asked.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// How long a server waits for the other side to hang up after an answer.
const FAREWELL: Duration = Duration::from_secs(2);

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// What stands after the method: a path, or what a proxy is asked for.
    pub(crate) target: String,
    scheme: &'static str,
    headers: Vec<(String, String)>,
}

impl Request {
    /// The value of a header; several of that name are joined as RFC 9110 §5.3 allows.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let values: Vec<&str> = self
            .headers
            .iter()
            .filter(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
            .collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// Scheme and host as the client sees them.
    pub(crate) fn origin(&self) -> String {
        let host = self.header("host").unwrap_or_default();
        format!("{}://{host}", self.scheme)
    }

    fn read(stream: &mut impl Read, scheme: &'static str) -> Option<Self> {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).ok()?;
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).ok()?;
        let mut lines = head.lines();
        let mut first = lines.next()?.split(' ');
        let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
            .collect();
        Some(Self {
            method,
            target,
            scheme,
            headers,
        })
    }
}

/// What a server does with a connection.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Sends bytes.
    Send(Vec<u8>),
    /// Sends bytes again and again, with a pause after each time, until the client goes.
    Repeat(Vec<u8>, Duration),
    /// Says nothing until the client goes.
    Stall,
    /// Hangs up without a farewell of TLS.
    Cut,
    /// Passes everything on to another server and back, as a proxy does.
    Tunnel(SocketAddr),
}

/// An answer, good or bad.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    script: Option<Vec<Step>>,
}

impl Answer {
    /// A status without body.
    pub(crate) fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            script: None,
        }
    }

    /// Success with a body and no type.
    pub(crate) fn body(body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: body.into(),
            ..Self::status(200)
        }
    }

    /// A redirect.
    pub(crate) fn redirect(location: &str) -> Self {
        Self::status(302).header("Location", location)
    }

    /// Whatever the steps say, byte by byte.
    pub(crate) fn script(steps: impl Into<Vec<Step>>) -> Self {
        Self {
            script: Some(steps.into()),
            ..Self::status(0)
        }
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn steps(self) -> Vec<Step> {
        if let Some(steps) = self.script {
            return steps;
        }
        let mut head = format!("HTTP/1.1 {} Told\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let length = self.body.len();
        head.push_str(&format!(
            "Content-Length: {length}\r\nConnection: close\r\n\r\n"
        ));
        let mut bytes = head.into_bytes();
        bytes.extend(self.body);
        vec![Step::Send(bytes)]
    }
}

/// The answers one after another, and the last of them for ever.
pub(crate) fn in_turn(answers: impl Into<Vec<Answer>>) -> impl Fn(&Request) -> Answer {
    let answers = answers.into();
    let count = AtomicUsize::new(0);
    move |_| {
        let number = count.fetch_add(1, Ordering::SeqCst);
        answers[number.min(answers.len() - 1)].clone()
    }
}

enum Behaviour {
    /// Reads a request and answers it.
    Answers(Box<dyn Fn(&Request) -> Answer + Send + Sync>),
    /// Acts without reading anything.
    Acts(Vec<Step>),
}

/// What the threads of a server share.
struct Shared {
    behaviour: Behaviour,
    tls: Option<Arc<ServerConfig>>,
    requests: Mutex<Vec<Request>>,
    connections: AtomicUsize,
    stopped: AtomicBool,
}

/// A server that listens until it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    listener: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn http(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        Self::start(Behaviour::Answers(Box::new(answer)), None)
    }

    pub(crate) fn https(
        tls: Arc<ServerConfig>,
        answer: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::start(Behaviour::Answers(Box::new(answer)), Some(tls))
    }

    /// A server that acts on each connection before anything was asked.
    pub(crate) fn raw(steps: impl Into<Vec<Step>>) -> Self {
        Self::start(Behaviour::Acts(steps.into()), None)
    }

    fn start(behaviour: Behaviour, tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            behaviour,
            tls,
            requests: Mutex::new(Vec::new()),
            connections: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
        });
        let for_listener = Arc::clone(&shared);
        Self {
            address,
            shared,
            listener: Some(thread::spawn(move || listen(&listener, &for_listener))),
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn origin(&self) -> String {
        let tls = self.shared.tls.is_some();
        format!("{}://{}", if tls { "https" } else { "http" }, self.address)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    /// What has been asked so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().expect("no panic").clone()
    }

    /// The targets of the requests so far.
    pub(crate) fn targets(&self) -> Vec<String> {
        let requests = self.requests().into_iter();
        requests.map(|request| request.target).collect()
    }

    /// How many connections there were so far.
    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the listener.
        let _ = TcpStream::connect(self.address);
        if let Some(listener) = self.listener.take() {
            let _ = listener.join();
        }
    }
}

fn listen(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stopped.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        shared.connections.fetch_add(1, Ordering::SeqCst);
        let shared = Arc::clone(shared);
        // A client that hangs up early is what many tests are about.
        thread::spawn(move || drop(serve(stream, &shared)));
    }
}

fn serve(mut tcp: TcpStream, shared: &Shared) -> io::Result<()> {
    tcp.set_nodelay(true)?;
    match &shared.tls {
        None => converse(&mut tcp.try_clone()?, &tcp, shared, "http")?,
        Some(config) => {
            let connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
            let mut stream = StreamOwned::new(connection, tcp.try_clone()?);
            if converse(&mut stream, &tcp, shared, "https")? == Ending::Orderly {
                stream.conn.send_close_notify();
                stream.flush()?;
            }
            Ending::Orderly
        }
    };
    // What arrives after a plain close would make the system throw away what is still to be sent.
    tcp.shutdown(Shutdown::Write)?;
    tcp.set_read_timeout(Some(FAREWELL))?;
    io::copy(&mut tcp, &mut io::sink())?;
    Ok(())
}

#[derive(PartialEq)]
enum Ending {
    Orderly,
    Cut,
}

fn converse(
    stream: &mut (impl Read + Write),
    tcp: &TcpStream,
    shared: &Shared,
    scheme: &'static str,
) -> io::Result<Ending> {
    let steps = match &shared.behaviour {
        Behaviour::Acts(steps) => steps.clone(),
        Behaviour::Answers(answer) => {
            let Some(request) = Request::read(stream, scheme) else {
                return Ok(Ending::Cut);
            };
            let requests = shared.requests.lock();
            requests.expect("no panic").push(request.clone());
            answer(&request).steps()
        }
    };
    for step in steps {
        match step {
            Step::Send(bytes) => {
                stream.write_all(&bytes)?;
                stream.flush()?;
            }
            Step::Repeat(bytes, pause) => loop {
                stream.write_all(&bytes)?;
                stream.flush()?;
                if !pause.is_zero() && has_left(stream, tcp, Some(pause))? {
                    break;
                }
            },
            Step::Stall => while !has_left(stream, tcp, None)? {},
            Step::Cut => return Ok(Ending::Cut),
            Step::Tunnel(address) => tunnel(tcp, address)?,
        }
    }
    Ok(Ending::Orderly)
}

/// Waits for so long, or without end, for the client to hang up.
fn has_left(
    stream: &mut impl Read,
    tcp: &TcpStream,
    patience: Option<Duration>,
) -> io::Result<bool> {
    tcp.set_read_timeout(patience)?;
    match stream.read(&mut [0]) {
        Ok(count) => Ok(count == 0),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

fn tunnel(client: &TcpStream, address: SocketAddr) -> io::Result<()> {
    let server = TcpStream::connect(address)?;
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    let upwards = thread::spawn(move || {
        let _ = io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(Shutdown::Write);
    });
    let (mut from_server, mut to_client) = (server, client.try_clone()?);
    let _ = io::copy(&mut from_server, &mut to_client);
    let _ = to_client.shutdown(Shutdown::Write);
    let _ = upwards.join();
    Ok(())
}
