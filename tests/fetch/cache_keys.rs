//! To whom an answer of the cache is given: to who would have accepted it from the server.

#[cfg(target_os = "linux")]
use std::path::Path;

use serde_json::json;

use super::cache::{controlled, fetched};
use super::fixtures::{Authority, LOOPBACK, fetch, private_key, private_member};
use crate::support::scratch;
use crate::support::server::{Answer, Server};

#[test]
fn what_credentials_get_is_for_nobody_else() {
    let server = Server::http(|_| controlled("max-age=300"));
    let folder = scratch();
    let with = || fetched(&server, folder.path()).args(["--header", "Authorization: a"]);
    with().run().succeeds();
    with().run().succeeds();
    fetched(&server, folder.path()).run().succeeds();
    with().run().succeeds();
    assert_eq!(server.targets().len(), 4);
}

#[test]
fn urls_that_differ_in_their_query_have_their_own_answers() {
    let server = Server::http(|_| controlled("max-age=300"));
    let folder = scratch();
    for query in ["?p=a", "?p=b", "", "?p=a"] {
        let url = server.url(&format!("/jwks.json{query}"));
        fetch(url).cache(folder.path()).run().succeeds();
    }
    assert_eq!(server.targets().len(), 3);
}

#[test]
fn what_one_caller_accepts_is_not_given_to_one_who_would_not() {
    let authority = Authority::new();
    let server = Server::https(authority.vouch_for(&LOOPBACK), |_| {
        controlled("max-age=300")
    });
    let folder = scratch();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, authority.pem()).expect("a file");
    let cache = folder.path().join("cache");
    let url = server.url("/jwks.json");
    let trusting = || fetch(&url).cache(&cache).arg("--cacert").arg(&file);
    trusting().run().succeeds();
    trusting().run().succeeds();
    assert_eq!(server.targets().len(), 1);
    fetch(&url)
        .cache(&cache)
        .run()
        .fails(4, "network-tls-issuer");
    let offline = fetch(&url).cache(&cache).arg("--offline").run();
    offline.fails(4, "not-in-cache");
    // The authorities of the platform, as the environment names them.
    let by_platform = fetch(&url).cache(&cache).env("SSL_CERT_FILE", &file).run();
    if cfg!(target_os = "linux") {
        by_platform.succeeds();
        fetch(&url)
            .cache(&cache)
            .run()
            .fails(4, "network-tls-issuer");
    }
}

/// The authorities that the environment names are the files themselves, and not their names.
#[cfg(target_os = "linux")]
#[test]
fn a_file_of_authorities_with_others_in_it_is_another_one() {
    let (good, other) = (Authority::new(), Authority::new());
    let server = Server::https(good.vouch_for(&LOOPBACK), |_| controlled("max-age=300"));
    let folder = scratch();
    let file = folder.path().join("ca.pem");
    let (dev, prod) = (folder.path().join("dev"), folder.path().join("prod"));
    for (place, authority) in [(&dev, &good), (&prod, &other)] {
        std::fs::create_dir(place).expect("a folder");
        std::fs::write(place.join("ca.pem"), authority.pem()).expect("a file");
    }
    let trusting = |path: &Path| {
        let run = fetched(&server, &folder.path().join("cache"));
        run.env("SSL_CERT_FILE", path)
    };
    // A relative name in two folders.
    let relative = |place: &Path| trusting(Path::new("ca.pem")).folder(place).run();
    relative(&dev).succeeds();
    relative(&dev).succeeds();
    assert_eq!(server.targets().len(), 1);
    relative(&prod).fails(4, "network-tls-issuer");
    // A name whose file is written over.
    std::fs::write(&file, good.pem()).expect("a file");
    trusting(&file).run().succeeds();
    trusting(&file).run().succeeds();
    assert_eq!(server.targets().len(), 2);
    std::fs::write(&file, other.pem()).expect("a file");
    trusting(&file).run().fails(4, "network-tls-issuer");
    let in_directory = |place: &Path| {
        let run = fetched(&server, &folder.path().join("cache"));
        run.env("SSL_CERT_DIR", place).run()
    };
    in_directory(&dev).succeeds();
    in_directory(&dev).succeeds();
    assert_eq!(server.targets().len(), 3);
    in_directory(&prod).fails(4, "network-tls-issuer");
    assert_eq!(server.targets().len(), 3);
}

#[test]
fn plain_http_from_elsewhere_is_not_served_to_who_wants_https() {
    let proxy = Server::http(|_| controlled("max-age=300"));
    let folder = scratch();
    let url = "http://keys.example/jwks.json";
    let asks = || {
        fetch(url)
            .cache(folder.path())
            .env("HTTP_PROXY", proxy.origin())
    };
    asks().arg("--allow-http").run().succeeds();
    asks().run().fails(4, "http-not-https");
    asks().arg("--offline").run().yields_nothing(4);
    asks().args(["--offline", "--allow-http"]).run().succeeds();
}

#[test]
fn a_limit_holds_for_answers_of_the_cache_too() {
    let server = Server::http(|_| controlled("max-age=300"));
    let folder = scratch();
    fetched(&server, folder.path()).run().succeeds();
    let run = fetched(&server, folder.path())
        .args(["--set-limit", "10"])
        .run();
    run.fails(4, "body-too-large");
}

#[test]
fn a_secret_that_a_server_lets_slip_is_not_kept() {
    let body = json!({"keys": [private_key()]}).to_string();
    let server =
        Server::http(move |_| Answer::body(body.clone()).header("Cache-Control", "max-age=300"));
    let folder = scratch();
    for _ in 0..2 {
        let run = fetched(&server, folder.path()).run();
        assert_eq!(run.exit, Some(1), "{}", run.stderr);
    }
    assert_eq!(server.targets().len(), 2);
    for entry in std::fs::read_dir(folder.path()).expect("the folder") {
        let bytes = std::fs::read(entry.expect("an entry").path()).expect("a file");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!text.contains(&private_member()), "{text}");
    }
}
