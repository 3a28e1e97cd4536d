//! `fetch`, and the network side of `verify`, against servers of ours on loopback: good answers, bad
//! answers and no answers.

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
mod several;
mod statuses;
mod superseded;
mod tls;
mod verification;
#[cfg(unix)]
mod watch;
