//! What is served: printed to the byte when it is a set, named when it is something else.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::fixtures::{fetch, public_key, public_set, token_from, verify};
use crate::support::Run;
use crate::support::server::{Answer, Server, Step};

const PEM: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";

fn fetched(body: impl Into<Vec<u8>>) -> Run {
    let answer = Answer::body(body);
    let server = Server::http(move |request| match request.target.as_str() {
        "/jwks.json" => answer.clone(),
        _ => Answer::status(404),
    });
    fetch(server.url("/jwks.json")).run()
}

/// `fetch` and `verify` say that the body is no set, and what it is.
#[track_caller]
fn is_no_set(body: impl Into<Vec<u8>>, code: &str, what: &str) {
    let body = body.into();
    let run = fetched(body.clone());
    run.fails(3, code);
    assert!(run.stderr.contains(what), "no {what} in: {}", run.stderr);
    let server = Server::http(move |_| Answer::body(body.clone()));
    let run = verify(&token_from("x"))
        .args(["--jwks", &server.url("/jwks.json")])
        .run();
    run.fails(3, code);
}

#[test]
fn a_set_is_printed_to_the_byte() {
    let key = public_key();
    for body in [
        format!("{{\"keys\":[{key}]}}\n"),
        format!("\n {{ \"keys\" :\t[\r\n{key} ] ,\"n\":1.0e+400, \"\\u0061\":\"\\/é\" }}\n"),
        format!("{{\"keys\":[{key}]}}\r\n"),
        format!("{{\"keys\":[{key}]}}\n\n"),
        format!("{{\"keys\":[{key}]}} \t\n"),
    ] {
        let run = fetched(body.clone());
        assert_eq!(run.succeeds().text(), body);
    }
}

#[test]
fn a_line_break_is_added_where_the_last_one_is_missing() {
    for end in ["", " ", "\t", "\r"] {
        let body = format!("{{\"keys\":[{}]}}{end}", public_key());
        let run = fetched(body.clone());
        assert_eq!(run.succeeds().text(), format!("{body}\n"));
    }
}

#[test]
fn keys_that_cannot_be_used_are_printed_all_the_same() {
    let body = format!(
        "{{\"keys\":[{{\"kty\":\"XYZ\"}},{},{{\"kty\":\"EC\"}}],\"spiffe_sequence\":1}}\n",
        public_key()
    );
    let run = fetched(body.clone());
    assert_eq!(run.succeeds().text(), body);
}

#[test]
fn any_content_type_will_do_and_so_will_none() {
    for content_type in [
        None,
        Some("application/jwk-set+json"),
        Some("application/json; charset=utf-8"),
        Some("text/html"),
        Some("\u{fc}"),
    ] {
        let server = Server::http(move |_| match content_type {
            None => Answer::body(public_set()),
            Some(name) => Answer::body(public_set()).header("Content-Type", name),
        });
        fetch(server.url("/jwks.json")).run().succeeds();
    }
}

#[test]
fn every_way_of_http_to_end_a_body_is_understood() {
    let set = public_set();
    let (first, second) = set.split_at(7);
    let chunked = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{first}\r\n{:x};a=b\r\n{second}\r\n0\r\nX-Late: 1\r\n\r\n",
        first.len(),
        second.len()
    );
    let old = format!("HTTP/1.0 200 OK\r\n\r\n{set}");
    let closed = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{set}");
    for response in [chunked, old, closed] {
        let answer = Answer::script([Step::Send(response.into_bytes())]);
        let server = Server::http(move |_| answer.clone());
        let run = fetch(server.url("/jwks.json")).run();
        assert_eq!(run.succeeds().text(), set);
    }
}

#[test]
fn a_body_over_the_limit_is_refused_and_one_at_the_limit_is_not() {
    let set = public_set();
    let server = Server::http(|_| Answer::body(public_set()));
    let limited = |limit: usize| {
        fetch(server.url("/jwks.json"))
            .args(["--set-limit", &limit.to_string()])
            .run()
    };
    limited(set.len()).succeeds();
    limited(set.len() - 1).fails(4, "body-too-large");
    limited(0).fails(4, "body-too-large");
    limited(usize::MAX).succeeds();
    let run = verify(&token_from("x"))
        .args(["--jwks", &server.url("/jwks.json"), "--set-limit", "10"])
        .run();
    run.fails(4, "body-too-large");
}

#[test]
fn a_compressed_body_that_nobody_asked_for_is_refused() {
    for encoding in ["br", "deflate", "zstd", "identity, gzip", "gzip, gzip"] {
        let server = Server::http(move |_| {
            Answer::body(b"\x1f\x8b\x08".as_slice()).header("Content-Encoding", encoding)
        });
        fetch(server.url("/jwks.json"))
            .run()
            .fails(4, "http-content-encoding");
    }
    let server =
        Server::http(|_| Answer::body(public_set()).header("Content-Encoding", "identity"));
    fetch(server.url("/jwks.json")).run().succeeds();
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_body_that_is_packed_all_the_same_is_unpacked() {
    let set = public_set();
    let (first, second) = set.as_bytes().split_at(20);
    let whole = packed(set.as_bytes());
    let in_parts = [packed(first), packed(second)].concat();
    for (encoding, body) in [
        ("gzip", whole.clone()),
        ("X-GZIP", whole),
        ("gzip", in_parts),
    ] {
        let server =
            Server::http(move |_| Answer::body(body.clone()).header("Content-Encoding", encoding));
        let run = fetch(server.url("/jwks.json")).run();
        assert_eq!(run.succeeds().text(), public_set());
    }
}

#[test]
fn a_body_whose_packing_is_damaged_is_refused() {
    let whole = packed(public_set().as_bytes());
    let mut flipped = whole.clone();
    let end = flipped.len() - 6;
    flipped[end] ^= 1;
    for (body, code) in [
        (whole[..whole.len() - 1].to_vec(), "network-body"),
        (whole[..3].to_vec(), "network-body"),
        (Vec::new(), "network-body"),
        (flipped, "network-body-malformed"),
        (public_set().into_bytes(), "network-body-malformed"),
    ] {
        let server =
            Server::http(move |_| Answer::body(body.clone()).header("Content-Encoding", "gzip"));
        let url = server.url("/jwks.json");
        fetch(&url).run().fails(4, code);
        let run = verify(&token_from("x")).args(["--jwks", &url]).run();
        run.fails(4, code);
    }
}

/// What is small on the way counts as what it is afterwards.
#[test]
fn the_limit_of_a_body_holds_after_it_is_unpacked() {
    let set = format!("{}{}", public_set(), " ".repeat(64 << 20));
    let body = packed(set.as_bytes());
    assert!(body.len() < 1 << 20);
    let server =
        Server::http(move |_| Answer::body(body.clone()).header("Content-Encoding", "gzip"));
    let url = server.url("/jwks.json");
    fetch(&url).run().fails(4, "body-too-large");
    let run = verify(&token_from("x")).args(["--jwks", &url]).run();
    run.fails(4, "body-too-large");
}

#[test]
fn a_web_page_is_named() {
    is_no_set(
        "<!DOCTYPE html>\n<title>Log in</title>",
        "document-html",
        "HTML",
    );
}

#[test]
fn an_empty_body_is_named() {
    is_no_set("", "document-empty", "empty");
    is_no_set(" \r\n", "document-empty", "empty");
}

#[test]
fn a_byte_order_mark_is_no_json() {
    is_no_set(
        format!("\u{feff}{}", public_set()),
        "document-byte-order-mark",
        "byte order mark",
    );
}

#[test]
fn text_in_utf16_is_named() {
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        let text = format!("\u{feff}{}", public_set());
        let body: Vec<u8> = text.encode_utf16().flat_map(order).collect();
        is_no_set(body, "document-utf-16", "UTF-16");
    }
}

#[test]
fn a_key_without_its_set_is_printed_as_it_is() {
    let body = format!("{}\n", public_key());
    assert_eq!(fetched(body.clone()).succeeds().text(), body);
}

#[test]
fn a_map_from_names_to_pem_is_named() {
    is_no_set(
        serde_json::json!({"a": PEM, "b": PEM}).to_string(),
        "not-a-jwks",
        "PEM",
    );
}

#[test]
fn pem_is_named() {
    is_no_set(PEM, "not-a-jwks", "PEM");
}

#[test]
fn a_token_is_named() {
    is_no_set(token_from("x"), "not-a-jwks", "token");
}

#[test]
fn other_json_is_named() {
    is_no_set("{\"error\":\"no such tenant\"}", "not-a-jwks", "object");
    is_no_set("[1,2]", "not-a-jwks", "array");
    is_no_set("null", "not-a-jwks", "null");
}

#[test]
fn what_is_no_json_is_named() {
    is_no_set("not found", "not-a-jwks", "JSON");
    is_no_set(&b"\xff\x00\xfe"[..], "not-a-jwks", "JSON");
    is_no_set(public_set().replace("]}", "]"), "not-a-jwks", "JSON");
}

/// What people give instead of the URL of a set, and what they are told to do.
#[test]
fn the_usual_wrong_urls_are_answered_with_the_next_step() {
    let pem_map = serde_json::json!({"a": PEM}).to_string();
    for (body, code, hint) in [
        (
            "<html><form>Log in</form></html>",
            "document-html",
            "login page",
        ),
        (&pem_map, "not-a-jwks", "serve a JWK Set too"),
        (
            r#"{"issuer":"https://a.example","jwks_uri":"https://a.example/keys"}"#,
            "not-a-jwks",
            "its keys are at \"https://a.example/keys\"",
        ),
    ] {
        let body = body.to_owned();
        let server = Server::http(move |request| match request.target.as_str() {
            "/place" => Answer::body(body.clone()),
            _ => Answer::status(404),
        });
        let url = server.url("/place");
        let run = fetch(&url).run();
        run.fails(3, code);
        let hints = run.stderr.lines().filter(|line| line.starts_with("hint: "));
        let hints: Vec<&str> = hints.collect();
        assert!(hints.concat().contains(hint), "{}", run.stderr);
        let run = verify(&token_from("x")).args(["--jwks", &url]).run();
        run.fails(3, code);
        assert!(run.stderr.contains(hint), "{}", run.stderr);
    }
}

#[test]
fn a_set_without_a_list_of_keys_is_refused() {
    for body in ["{\"keys\":{}}", "{\"keys\":null}"] {
        let run = fetched(body);
        run.fails(3, "keys-not-array");
    }
}

#[test]
fn nothing_that_a_server_says_steers_the_terminal() {
    let answer =
        Answer::body("{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\\u001b[2J\\u202e\",\"k\":\"AA\"}]}")
            .header("ETag", "\"\u{9b}2J\u{202e}\"")
            .header("Content-Type", "a\u{200b}/b");
    let server = Server::http(move |_| answer.clone());
    let run = fetch(server.url("/jwks.json")).run();
    assert_eq!(run.exit, Some(1), "{}", run.stderr);
    for character in ['\u{1b}', '\u{9b}', '\u{202e}', '\u{200b}'] {
        assert!(!run.stderr.contains(character), "{:?}", run.stderr);
    }
}
