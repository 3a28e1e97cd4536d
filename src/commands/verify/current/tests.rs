//! Keys over hours, by a clock that the tests move.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use crossbeam_channel::{Receiver, unbounded};

use super::*;
use crate::commands::network::{Fetching, Source};
use crate::context::{Cache, Claim, FetchOptions, FetchResponse, Get, Network, Outcome, Session};
use crate::core::address::Zone;
use crate::core::http_cache::ResponseHeaders;
use crate::core::time::NumericDate;
use crate::error::Exit;

const START: i64 = 1_700_000_000;
const URL: &str = "https://a.example/jwks.json";

/// A server that answers in turn and then no more, a cache, and a clock.
struct World(Mutex<Things>);

struct Things {
    clock: i64,
    /// The kid of each key set, and `Cache-Control`.
    answers: VecDeque<(&'static str, &'static str)>,
    requests: usize,
    files: HashMap<String, Vec<u8>>,
    claim: Claim,
}

struct Shared(Arc<World>);

impl World {
    fn new(first: (&'static str, &'static str)) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Things {
            clock: START,
            answers: VecDeque::from([first]),
            requests: 0,
            files: HashMap::new(),
            claim: Claim::Granted,
        })))
    }

    fn things(&self) -> MutexGuard<'_, Things> {
        self.0.lock().unwrap()
    }

    fn wait(&self, seconds: i64) {
        self.things().clock += seconds;
    }

    fn will_answer(&self, kid: &'static str, control: &'static str) {
        self.things().answers.push_back((kid, control));
    }

    fn requests(&self) -> usize {
        self.things().requests
    }

    fn fetching(self: &Arc<Self>) -> Fetching {
        let shared = Arc::new(Shared(Arc::clone(self)));
        Fetching::in_world(Arc::clone(&shared) as Arc<dyn Network>, shared)
    }

    /// The keys of a run that starts now.
    fn current(self: &Arc<Self>) -> (Current, Receiver<Remark>) {
        let source = Source::Url(URL.to_owned());
        let fetching = self.fetching();
        let answer = fetching.fetch(&source, &mut |_| {}).unwrap();
        let set = JwkSet::read(&answer.response.body).unwrap();
        let server = Server::of(fetching, source, &answer);
        let (sender, remarks) = unbounded();
        let current = Current::new(Arc::new(set), Some(server), sender);
        (current, remarks)
    }
}

impl Network for Shared {
    fn open(&self, _: &FetchOptions) -> Result<Box<dyn Session>, CommandError> {
        Ok(Box::new(Self(Arc::clone(&self.0))))
    }
}

impl Session for Shared {
    fn get(&self, get: &Get<'_>) -> Result<FetchResponse, CommandError> {
        let mut things = self.0.things();
        things.requests += 1;
        let (kid, control) = things
            .answers
            .pop_front()
            .ok_or_else(|| CommandError::new("network-connect", Exit::Network, "no way"))?;
        let control = |name: &str| (name == "cache-control").then(|| control.to_owned());
        Ok(FetchResponse {
            requested: get.url.clone(),
            url: get.url.to_string(),
            zone: Zone::Global,
            status: 200,
            headers: ResponseHeaders::collect(control),
            redirects_hold: None,
            body: set_of(kid).into_bytes(),
        })
    }
}

impl Cache for Shared {
    fn read(&self, name: &str) -> Option<Vec<u8>> {
        self.0.things().files.get(name).cloned()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let mut things = self.0.things();
        things.files.insert(name.to_owned(), bytes.to_vec());
    }

    fn remove(&self, name: &str) {
        self.0.things().files.remove(name);
    }

    fn claim(&self, _: &str, _: Duration) -> Claim {
        self.0.things().claim
    }

    fn settle(&self, _: &str, outcome: Outcome) {
        self.0.things().claim = Claim::Refused(outcome);
    }

    fn clear(&self) -> Result<usize, CommandError> {
        Ok(0)
    }

    fn now(&self) -> NumericDate {
        NumericDate::from_seconds(self.0.things().clock)
    }
}

fn set_of(kid: &str) -> String {
    const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    format!(r#"{{"keys":[{{"kty":"OKP","crv":"Ed25519","x":"{X}","kid":"{kid}"}}]}}"#)
}

#[track_caller]
fn holds(keys: &InForce, kid: &str) {
    assert_eq!(keys.set.entries().only().unwrap().kid(), Some(kid));
}

#[test]
fn keys_are_had_anew_when_their_time_is_over() {
    let world = World::new(("one", "max-age=60"));
    let (current, _remarks) = world.current();
    world.will_answer("two", "max-age=600");
    world.wait(59);
    holds(&current.keys(), "one");
    assert_eq!(world.requests(), 1);
    world.wait(1);
    holds(&current.keys(), "two");
    world.wait(599);
    holds(&current.keys(), "two");
    assert_eq!(world.requests(), 2);
}

#[test]
fn the_same_keys_stay_the_same_set() {
    let world = World::new(("one", "no-store"));
    let (current, _remarks) = world.current();
    let first = current.keys();
    world.will_answer("one", "no-store");
    world.wait(30);
    assert!(Arc::ptr_eq(&first.set, &current.keys().set));
    assert_eq!(world.requests(), 2);
}

#[test]
fn what_another_process_has_fetched_is_taken_from_the_cache() {
    let world = World::new(("one", "max-age=60"));
    let (current, _remarks) = world.current();
    world.will_answer("two", "max-age=600");
    world.wait(60);
    world
        .fetching()
        .fetch(&Source::Url(URL.to_owned()), &mut |_| {})
        .unwrap();
    holds(&current.keys(), "two");
    assert_eq!(world.requests(), 2);
}

#[test]
fn an_older_copy_in_the_cache_does_not_take_the_place_of_newer_keys() {
    let world = World::new(("old", "max-age=86400"));
    let (_, _) = world.current();
    let old = world.things().files.clone();
    world.things().files.clear();
    world.wait(100);
    world.will_answer("new", "max-age=60");
    let (current, _remarks) = world.current();
    // As if it could not be written.
    world.things().files = old;
    world.wait(60);
    world.will_answer("newest", "max-age=60");
    holds(&current.keys(), "newest");
}

#[test]
fn outdated_keys_are_told_and_sought_again_every_half_minute() {
    let world = World::new(("one", "max-age=60"));
    let (current, remarks) = world.current();
    world.wait(60);
    let keys = current.keys();
    assert_eq!(keys.doubt(), Some(Code::KeysOutdated));
    assert!(matches!(remarks.try_recv(), Ok(Remark::Warning(_))));
    world.wait(29);
    assert!(current.keys().are_outdated);
    assert_eq!(world.requests(), 2);
    world.wait(1);
    assert!(current.keys().are_outdated);
    assert_eq!(world.requests(), 3);
    // It has been told.
    assert!(remarks.try_recv().is_err());
    world.will_answer("one", "max-age=60");
    world.wait(30);
    assert_eq!(current.keys().doubt(), None);
}

#[test]
fn a_server_that_allows_it_is_stood_in_for() {
    let world = World::new(("one", "max-age=60, stale-if-error=600"));
    let (current, _remarks) = world.current();
    world.wait(60);
    assert!(!current.keys().are_outdated);
    world.wait(601);
    assert!(current.keys().are_outdated);
}

#[test]
fn a_key_that_is_missing_is_asked_for_at_once_and_then_not_again() {
    let world = World::new(("one", "max-age=600"));
    let (_, _) = world.current();
    let (current, _remarks) = world.current();
    world.will_answer("two", "max-age=600");
    let newer = current.newer().unwrap();
    holds(&newer.keys, "two");
    assert_eq!(newer.doubt(true), None);
    for _ in 0..3 {
        assert_eq!(current.newer().unwrap().doubt(true), None);
    }
    holds(&current.keys(), "two");
    assert_eq!(world.requests(), 2);
}

#[test]
fn a_request_in_vain_leaves_open_what_the_server_has() {
    let world = World::new(("one", "max-age=600"));
    let (_, _) = world.current();
    let (current, _remarks) = world.current();
    for _ in 0..3 {
        let newer = current.newer().unwrap();
        assert_eq!(newer.doubt(true), Some(Code::KeysUnavailable));
        assert_eq!(newer.doubt(false), None);
    }
    assert_eq!(world.requests(), 2);
    // Keys that hold are as good as before.
    assert_eq!(current.keys().doubt(), None);
    world.wait(30);
    world.things().claim = Claim::Granted;
    world.will_answer("two", "max-age=600");
    holds(&current.newer().unwrap().keys, "two");
}

#[test]
fn the_newer_keys_of_another_process_are_taken_where_it_has_asked() {
    let world = World::new(("one", "max-age=600"));
    let (_, _) = world.current();
    let (current, _remarks) = world.current();
    let (other, _others) = world.current();
    world.will_answer("two", "max-age=600");
    world.wait(1);
    holds(&other.newer().unwrap().keys, "two");
    holds(&current.newer().unwrap().keys, "two");
    assert_eq!(world.requests(), 2);
}

#[test]
fn the_fault_of_another_process_is_one_of_this_process() {
    for outcome in [Outcome::Failed, Outcome::Pending] {
        let world = World::new(("one", "max-age=600"));
        let (_, _) = world.current();
        let (current, _remarks) = world.current();
        world.things().claim = Claim::Refused(outcome);
        let newer = current.newer().unwrap();
        assert_eq!(newer.doubt(true), Some(Code::KeysUnavailable));
        assert_eq!(world.requests(), 1);
    }
}

#[test]
fn where_processes_cannot_take_turns_each_waits_for_the_interval() {
    let world = World::new(("one", "max-age=600"));
    let (_, _) = world.current();
    let (current, _remarks) = world.current();
    world.things().claim = Claim::Unshared;
    world.will_answer("two", "max-age=600");
    world.wait(29);
    let newer = current.newer().unwrap();
    assert_eq!(newer.doubt(true), Some(Code::KeysUnavailable));
    world.wait(1);
    holds(&current.newer().unwrap().keys, "two");
    assert_eq!(world.requests(), 2);
}

#[test]
fn a_clock_that_is_set_back_keeps_nobody_from_asking() {
    let world = World::new(("one", "max-age=600"));
    let (current, _remarks) = world.current();
    world.will_answer("two", "max-age=600");
    world.wait(-7_200);
    holds(&current.newer().unwrap().keys, "two");
    world.will_answer("three", "max-age=600");
    world.wait(-7_200);
    holds(&current.keys(), "three");
}
