//! `fetch`, and the network side of `verify`, against servers of ours on loopback: good answers, bad
//! answers and no answers.

#![allow(
    clippy::disallowed_methods,
    reason = "tests drive the binary from outside"
)]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot set itself up fails"
)]

#[path = "../support/mod.rs"]
mod support;
#[cfg(unix)]
#[path = "../support/terminal.rs"]
mod terminal;

mod addresses;
mod bodies;
mod cache;
mod cache_files;
mod cache_keys;
mod connections;
mod discovery;
mod fixtures;
mod misbehaviour;
mod out_of_reach;
mod output;
mod proxies;
mod redirects;
mod refetch;
mod secrets;
mod statuses;
mod superseded;
mod tls;
mod verification;
#[cfg(unix)]
mod watch;
