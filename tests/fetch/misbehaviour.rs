//! Servers that misbehave: each ends in time, with a code, and never as a success.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use super::fixtures::{Authority, LOOPBACK, fetch, metadata, public_set, token_from, verify};
use crate::support::server::{Answer, Server, Step};
use crate::support::{Jwks, Run, scratch};

/// A time limit that is to be reached.
const SHORT: &str = "300ms";
/// One that is to be reached by the body, after a connection on a busy machine.
const ENOUGH_TO_BEGIN: &str = "1500ms";
/// A time limit that is not.
const LONG: &str = "4s";
/// Above both, for slow machines.
const BOUND: Duration = Duration::from_secs(5);
/// The pause of servers that send a little at a time.
const PAUSE: Duration = Duration::from_millis(50);

fn text(text: &str) -> Step {
    Step::Send(text.as_bytes().to_vec())
}

fn again(text: &str, pause: Duration) -> Step {
    Step::Repeat(text.as_bytes().to_vec(), pause)
}

#[track_caller]
fn ends(run: &Run, code: &str) {
    run.fails(4, code);
    assert!(run.took < BOUND, "{:?}", run.took);
}

/// A server that answers with the steps, plainly to `fetch` and `verify` and over TLS to `fetch`; each
/// says `code`.
#[track_caller]
fn ends_with(steps: impl Into<Vec<Step>>, timeout: &str, code: &str) {
    let answer = Answer::script(steps);
    let over_tls = answer.clone();
    let plain = Server::http(move |_| answer.clone());
    let url = plain.url("/jwks.json");
    ends(&fetch(&url).args(["--timeout", timeout]).run(), code);
    let run = verify(&token_from("x"))
        .args(["--jwks", &url, "--timeout", timeout])
        .run();
    ends(&run, code);
    let authority = Authority::new();
    let folder = scratch();
    let file = folder.path().join("ca.pem");
    fs::write(&file, authority.pem()).unwrap();
    let tls = Server::https(authority.vouch_for(&LOOPBACK), move |_| over_tls.clone());
    let run = fetch(tls.url("/jwks.json"))
        .args(["--timeout", timeout])
        .arg("--cacert")
        .arg(file)
        .run();
    ends(&run, code);
}

#[test]
fn silence() {
    ends_with([Step::Stall], SHORT, "network-timeout");
}

#[test]
fn headers_a_byte_at_a_time() {
    let steps = [text("HTTP/1.1 200 OK\r\nX-Slow: "), again("x", PAUSE)];
    ends_with(steps, SHORT, "network-timeout");
}

#[test]
fn a_body_a_byte_at_a_time() {
    let steps = [
        text("HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n"),
        again(" ", PAUSE),
    ];
    ends_with(steps, ENOUGH_TO_BEGIN, "network-timeout-body");
}

#[test]
fn a_body_that_stops_halfway() {
    let steps = [
        text("HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n{\"keys\":["),
        Step::Stall,
    ];
    ends_with(steps, ENOUGH_TO_BEGIN, "network-timeout-body");
}

#[test]
fn a_whole_set_in_a_body_that_does_not_end() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let set = public_set();
    let chunk = format!("{head}{:x}\r\n{set}\r\n", set.len());
    ends_with(
        [text(&chunk), Step::Stall],
        ENOUGH_TO_BEGIN,
        "network-timeout-body",
    );
}

#[test]
fn interim_answers_without_end() {
    let steps = [again("HTTP/1.1 100 Continue\r\n\r\n", PAUSE)];
    ends_with(steps, SHORT, "network-timeout");
}

#[test]
fn a_body_shorter_than_its_length() {
    let set = public_set();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n",
        set.len() + 1
    );
    ends_with([text(&head), text(&set)], LONG, "network-body");
}

#[test]
fn chunks_that_are_none() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    ends_with(
        [text(head), text("no length\r\n{}\r\n")],
        LONG,
        "network-body-malformed",
    );
    ends_with(
        [text(head), text("fffffffffffffffffffff\r\n")],
        LONG,
        "network-body-malformed",
    );
}

#[test]
fn chunks_without_the_last_one() {
    let set = public_set();
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunk = format!("{:x}\r\n{set}\r\n", set.len());
    ends_with([text(head), text(&chunk)], LONG, "network-body");
}

#[test]
fn a_body_without_end() {
    let spaces = " ".repeat(1 << 16);
    let steps = [
        text("HTTP/1.1 200 OK\r\n\r\n"),
        again(&spaces, Duration::ZERO),
    ];
    ends_with(steps, LONG, "body-too-large");
}

#[test]
fn a_body_that_claims_to_be_vast() {
    let spaces = " ".repeat(1 << 16);
    for (length, code) in [(1 << 40, "body-too-large"), (u64::MAX, "network-http")] {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
        let steps = [text(&head), again(&spaces, Duration::ZERO)];
        ends_with(steps, LONG, code);
    }
}

#[test]
fn headers_without_end() {
    let steps = [
        text("HTTP/1.1 200 OK\r\n"),
        again("X-Many: many\r\n", Duration::ZERO),
    ];
    ends_with(steps, LONG, "network-http");
}

#[test]
fn no_answer() {
    ends_with([], LONG, "network-http");
}

#[test]
fn half_a_header() {
    ends_with(
        [text("HTTP/1.1 200 OK\r\nContent-Le")],
        LONG,
        "network-http",
    );
}

#[test]
fn what_is_not_http() {
    for garbage in [
        "SSH-2.0-OpenSSH_9.9\r\n",
        "\0\0\0\0",
        "HTTP/1.1 abc\r\n\r\n",
    ] {
        ends_with([text(garbage)], LONG, "network-http");
    }
}

#[test]
fn two_lengths() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 14\r\n\r\n{}";
    ends_with([text(head)], LONG, "network-http");
}

#[test]
fn a_server_that_does_not_shake_hands() {
    let server = Server::raw([Step::Stall]);
    let url = server.url("/jwks.json").replace("http:", "https:");
    ends(
        &fetch(url).args(["--timeout", SHORT]).run(),
        "network-timeout",
    );
}

#[test]
fn a_server_that_does_not_speak_tls() {
    let server = Server::raw([text("HTTP/1.1 400 Bad Request\r\n\r\n")]);
    let url = server.url("/jwks.json").replace("http:", "https:");
    ends(&fetch(url).args(["--timeout", LONG]).run(), "network-tls");
}

#[test]
fn a_server_that_hangs_up_on_tls() {
    let server = Server::raw([]);
    let url = server.url("/jwks.json").replace("http:", "https:");
    ends(
        &fetch(url).args(["--timeout", LONG]).run(),
        "network-connect",
    );
}

#[test]
fn a_server_of_tls_asked_in_plain_words() {
    let server = Server::https(Authority::new().vouch_for(&LOOPBACK), |_| {
        Answer::status(200)
    });
    let url = server.url("/jwks.json").replace("https:", "http:");
    let run = fetch(url).args(["--timeout", LONG]).run();
    ends(&run, "network-http");
}

/// Without the farewell of TLS anyone on the way could have cut the body short.
#[test]
fn a_body_that_tls_does_not_end() {
    let authority = Authority::new();
    let folder = scratch();
    let file = folder.path().join("ca.pem");
    fs::write(&file, authority.pem()).unwrap();
    let head = text("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    let answer = Answer::script([head, text(&public_set()), Step::Cut]);
    let server = Server::https(authority.vouch_for(&LOOPBACK), move |_| answer.clone());
    let run = fetch(server.url("/jwks.json"))
        .args(["--timeout", LONG])
        .arg("--cacert")
        .arg(file)
        .run();
    ends(&run, "network-body");
}

#[test]
fn redirects_that_take_their_time_together() {
    let server = Server::http(|request| {
        sleep(PAUSE * 2);
        Answer::redirect(&format!("{}x", request.target))
    });
    let run = fetch(server.url("/")).args(["--timeout", SHORT]).run();
    ends(&run, "network-timeout");
}

#[test]
fn discovery_that_takes_its_time_together() {
    let server = Server::http(|request| {
        sleep(PAUSE * 4);
        let origin = request.origin();
        Answer::body(metadata(&origin, &format!("{origin}/keys")))
    });
    let run = fetch(server.origin()).args(["--timeout", SHORT]).run();
    ends(&run, "network-timeout");
}

#[test]
fn retries_that_take_their_time_together() {
    let server = Server::http(|_| Answer::status(503));
    let run = Jwks::new("fetch")
        .arg(server.url("/jwks.json"))
        .args(["--retries", "1000", "--timeout", "700ms"])
        .run();
    assert_eq!(run.exit, Some(4), "{}", run.stderr);
    assert!(run.took < BOUND, "{:?}", run.took);
}
