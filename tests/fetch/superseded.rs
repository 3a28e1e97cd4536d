//! A newer answer that says something else takes the older copy away.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use super::cache::{controlled, fetched, verified};
use super::fixtures::{
    fetch, metadata, private_key, private_member, public_key, public_set, token_from, verify,
};
use crate::support::scratch;
use crate::support::server::{Answer, Server, in_turn};

const OPENID: &str = "/.well-known/openid-configuration";

/// Answers `/jwks.json` with one after another of `answers`, and has nothing else.
fn keys_in_turn<const N: usize>(answers: [Answer; N]) -> Server {
    let answers = in_turn(answers);
    Server::http(move |request| match request.target.as_str() {
        "/jwks.json" => answers(request),
        _ => Answer::status(404),
    })
}

#[test]
fn a_set_that_its_server_takes_back_is_not_used_again() {
    let secret = json!({"keys": [private_key()]}).to_string();
    for (second, exit) in [
        (Answer::status(404), 4),
        (Answer::status(410), 4),
        (Answer::body("<html>"), 3),
        (Answer::body(""), 3),
        (Answer::body("{\"keys\":{}}"), 3),
        (Answer::body("[1]"), 3),
        (Answer::body(secret), 1),
    ] {
        let shown = format!("{second:?}");
        let first = controlled("max-age=600, stale-if-error=600");
        let server = keys_in_turn([first, second, Answer::status(503)]);
        let folder = scratch();
        verified(&server, folder.path()).run().succeeds();
        let asked_anew = fetched(&server, folder.path()).args(["--max-age", "0"]);
        let run = asked_anew.run();
        assert_eq!(run.exit, Some(exit), "{shown}: {}", run.stderr);
        let run = verified(&server, folder.path()).run();
        run.fails(4, "http-server-fault");
    }
}

/// Who has no answer has none that says anything else.
#[test]
fn a_fault_of_the_server_leaves_the_copy_where_it_is() {
    for second in [
        Answer::status(503),
        Answer::status(403),
        Answer::status(429),
        Answer::body("{").with_status(206),
    ] {
        let server = keys_in_turn([controlled("max-age=600"), second]);
        let folder = scratch();
        verified(&server, folder.path()).run().succeeds();
        let asked_anew = fetched(&server, folder.path()).args(["--max-age", "0"]);
        assert_ne!(asked_anew.run().exit, Some(0));
        verified(&server, folder.path()).run().succeeds();
    }
}

/// The set is one, whether its URL was given or found.
#[test]
fn a_set_that_is_gone_is_gone_for_its_issuer_too() {
    let answers = in_turn([controlled("max-age=600"), Answer::status(404)]);
    let server = Server::http(move |request| match request.target.as_str() {
        OPENID => {
            let origin = request.origin();
            Answer::body(metadata(&origin, &format!("{origin}/jwks.json")))
        }
        "/jwks.json" => answers(request),
        _ => Answer::status(404),
    });
    let folder = scratch();
    let issuer = server.origin();
    let by_issuer = || {
        let run = verify(&token_from(&issuer)).args(["--issuer", &issuer]);
        run.cache(folder.path()).run()
    };
    by_issuer().succeeds();
    fetched(&server, folder.path())
        .run()
        .fails(4, "http-not-found");
    by_issuer().fails(4, "http-not-found");
}

#[test]
fn without_the_cache_nothing_is_taken_from_it() {
    let server = keys_in_turn([controlled("max-age=600"), Answer::status(404)]);
    let folder = scratch();
    verified(&server, folder.path()).run().succeeds();
    let run = fetched(&server, folder.path()).arg("--no-cache").run();
    run.fails(4, "http-not-found");
    verified(&server, folder.path()).run().succeeds();
}

/// The metadata that the cache has may be older than the place of the keys.
#[test]
fn metadata_that_leads_to_no_keys_any_more_is_asked_for_once_more() {
    for (has_moved, exit) in [(true, 0), (false, 4)] {
        let new = if has_moved { "/new" } else { "/gone" };
        let moved = AtomicBool::new(false);
        let keys = in_turn([controlled("no-store"), Answer::status(404)]);
        let server = Server::http(move |request| match request.target.as_str() {
            OPENID => {
                let origin = request.origin();
                let place = if moved.swap(true, Ordering::SeqCst) {
                    new
                } else {
                    "/old"
                };
                let body = metadata(&origin, &format!("{origin}{place}"));
                Answer::body(body).header("Cache-Control", "max-age=600")
            }
            "/old" => keys(request),
            "/new" => Answer::body(public_set()),
            _ => Answer::status(404),
        });
        let folder = scratch();
        let run = || fetch(server.origin()).cache(folder.path()).run();
        run().succeeds();
        assert_eq!(run().exit, Some(exit));
        let way = [OPENID, "/old", "/old", OPENID, new];
        assert_eq!(server.targets(), way);
    }
}

#[test]
fn metadata_with_a_secret_in_it_is_not_kept() {
    let server = Server::http(|request| match request.target.as_str() {
        OPENID => {
            let origin = request.origin();
            let body = json!({
                "issuer": origin, "jwks_uri": format!("{origin}/keys"), "key": private_key(),
            });
            Answer::body(body.to_string()).header("Cache-Control", "max-age=600")
        }
        _ => Answer::body(json!({"keys": [public_key()]}).to_string()),
    });
    let folder = scratch();
    fetch(server.origin()).cache(folder.path()).run().succeeds();
    for entry in std::fs::read_dir(folder.path()).expect("the folder") {
        let bytes = std::fs::read(entry.expect("an entry").path()).expect("a file");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!text.contains(&private_member()), "{text}");
    }
}
