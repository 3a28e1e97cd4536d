//! Where a fetch may lead: from the Internet never to this machine or to a network of its owner. The
//! Internet is what a proxy stands for here: what it answers for could be anywhere.

use std::fs;

use super::fixtures::{Authority, LOOPBACK, fetch, metadata, public_set, token_from, verify};
use crate::support::scratch;
use crate::support::server::{Answer, Server};

/// A server inside that must not be asked.
fn trap() -> Server {
    Server::http(|_| Answer::body(public_set()))
}

#[test]
fn a_redirect_from_outside_leads_to_no_address_inside() {
    let trap = trap();
    let port = trap.address().port();
    for host in [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
    ] {
        let target = format!("http://{host}:{port}/jwks.json");
        let proxy = Server::http(move |_| Answer::redirect(&target));
        let run = fetch("http://keys.example/jwks.json")
            .args(["--allow-http", "--timeout", "4s"])
            .env("HTTP_PROXY", proxy.origin())
            .env("NO_PROXY", "0.0.0.0,::ffff:7f00:1,127.0.0.1")
            .run();
        run.fails(4, "private-address");
    }
    assert_eq!(trap.connections(), 0);
}

#[test]
fn a_redirect_to_https_inside_is_refused_before_anything_is_said() {
    let authority = Authority::new();
    let trap = Server::https(authority.vouch_for(&LOOPBACK), |_| {
        Answer::body(public_set())
    });
    let folder = scratch();
    let file = folder.path().join("ca.pem");
    fs::write(&file, authority.pem()).unwrap();
    for host in ["127.0.0.1", "localhost"] {
        let target = format!("https://{host}:{}/jwks.json", trap.address().port());
        let proxy = Server::http(move |_| Answer::redirect(&target));
        let run = fetch("http://keys.example/jwks.json")
            .arg("--allow-http")
            .arg("--cacert")
            .arg(&file)
            .env("HTTP_PROXY", proxy.origin())
            .run();
        run.fails(4, "private-address");
    }
    assert_eq!(trap.connections(), 0);
}

#[test]
fn addresses_of_clouds_and_offices_are_inside() {
    for host in [
        "169.254.169.254",
        "10.0.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "[fd00::1]",
    ] {
        let target = format!("https://{host}/latest");
        let proxy = Server::http(move |_| Answer::redirect(&target));
        let run = fetch("http://keys.example/jwks.json")
            .args(["--allow-http", "--timeout", "4s"])
            .env("HTTP_PROXY", proxy.origin())
            .run();
        run.fails(4, "private-address");
    }
}

#[test]
fn metadata_from_outside_names_no_keys_inside() {
    let trap = trap();
    for host in ["127.0.0.1", "localhost"] {
        let keys = format!("http://{host}:{}/keys", trap.address().port());
        let proxy = Server::http(move |_| Answer::body(metadata("http://issuer.example", &keys)));
        let options = ["--allow-http", "--timeout", "4s"];
        let run = fetch("http://issuer.example")
            .args(options)
            .env("HTTP_PROXY", proxy.origin())
            .run();
        run.fails(4, "private-address");
        let run = verify(&token_from("http://issuer.example"))
            .args(["--issuer", "http://issuer.example"])
            .args(options)
            .env("HTTP_PROXY", proxy.origin())
            .run();
        run.fails(4, "private-address");
    }
    assert_eq!(trap.connections(), 0);
}

/// An answer that the cache has from a caller who named that address himself is another one.
#[test]
fn the_cache_does_not_lead_inside_either() {
    let trap = trap();
    let folder = scratch();
    let keys = trap.url("/keys");
    fetch(&keys)
        .cache(folder.path())
        .arg("--allow-http")
        .run()
        .succeeds();
    let named = keys.clone();
    let proxy = Server::http(move |_| {
        Answer::body(metadata("http://issuer.example", &named))
            .header("Cache-Control", "max-age=300")
    });
    for _ in 0..2 {
        let run = fetch("http://issuer.example")
            .arg("--allow-http")
            .cache(folder.path())
            .env("HTTP_PROXY", proxy.origin())
            .run();
        run.fails(4, "private-address");
    }
    assert_eq!(trap.targets(), ["/keys"]);
}

/// The proxy stands for someone outside who answers in between.
#[test]
fn what_has_been_outside_does_not_come_back_inside() {
    let trap = trap();
    let to_inside = trap.url("/keys");
    let proxy = Server::http(move |_| Answer::redirect(&to_inside));
    let server = Server::http(|_| Answer::redirect("http://keys.example/jwks.json"));
    let through_proxy = |url: String| {
        let run = fetch(url).args(["--allow-http", "--timeout", "4s"]);
        run.env("HTTP_PROXY", proxy.origin()).run()
    };
    through_proxy(server.url("/jwks.json")).fails(4, "private-address");
    // The keys that metadata inside names redirect from outside to the inside.
    let issuer = Server::http(|request| {
        Answer::body(metadata(&request.origin(), "http://keys.example/jwks.json"))
    });
    through_proxy(issuer.origin()).fails(4, "private-address");
    assert_eq!(trap.connections(), 0);
}

/// What listens on this machine is not what clouds serve on its link.
#[test]
fn this_machine_does_not_lead_to_its_link() {
    for host in ["169.254.169.254", "[fe80::1]"] {
        let target = format!("http://{host}/latest");
        let to_target = target.clone();
        let server = Server::http(move |_| Answer::redirect(&to_target));
        let run = fetch(server.url("/jwks.json")).arg("--allow-http").run();
        run.fails(4, "private-address");
        let issuer =
            Server::http(move |request| Answer::body(metadata(&request.origin(), &target)));
        let run = fetch(issuer.origin()).arg("--allow-http").run();
        run.fails(4, "private-address");
    }
}

#[test]
fn what_starts_inside_may_stay_inside() {
    let server = Server::http(|request| match request.target.as_str() {
        "/old" => Answer::redirect("/jwks.json"),
        _ => Answer::body(public_set()),
    });
    fetch(server.url("/old")).run().succeeds();
    let named = format!("http://localhost:{}/old", server.address().port());
    fetch(named).run().succeeds();
}

/// A proxy itself may well be inside: the caller has chosen it.
#[test]
fn a_proxy_is_reached_by_name() {
    let proxy = Server::http(|request| match request.target.as_str() {
        "http://keys.example/old" => Answer::redirect("http://keys.example/jwks.json"),
        _ => Answer::body(public_set()),
    });
    let url = format!("http://localhost:{}", proxy.address().port());
    let run = fetch("http://keys.example/old")
        .arg("--allow-http")
        .env("HTTP_PROXY", url)
        .run();
    assert_eq!(run.succeeds().text(), public_set());
}
