//! A fleet over simulated years: signers that read the private file late, consumers that cache the
//! published set, clocks that differ, and rotations, withdrawals and crashes at random times. No valid
//! token is ever refused, no key is ever lost, and one key of each kind is active at every instant.
//!
//! The functions of the core run on the dates of keys alone, without files and without making keys,
//! which is why there can be so many. What a run does follows from its seed; a failure prints the
//! shortest story that still fails.

mod ledger;
mod story;
mod world;

use std::thread;

use crate::support::numbers::Numbers;
use story::{Act, Story};
use world::World;

/// Worlds, each with its own times and its own story.
const WORLDS: u64 = 800;
/// Acts in a story.
const ACTS: usize = 140;
/// Fewer rotations than this are no proof.
const LEAST_ROTATIONS: usize = 100_000;

/// How often a story came to something.
#[derive(Clone, Copy, Default)]
struct Counts {
    rotations: usize,
    withdrawals: usize,
    crashes: usize,
    years: i64,
}

impl Counts {
    fn plus(self, other: Self) -> Self {
        Self {
            rotations: self.rotations + other.rotations,
            withdrawals: self.withdrawals + other.withdrawals,
            crashes: self.crashes + other.crashes,
            years: self.years + other.years,
        }
    }
}

/// Plays a story to its end, or to the first broken promise.
fn play(story: &Story, counts: &mut Counts) -> Result<(), String> {
    let mut world = World::new(story.setting);
    for act in &story.acts {
        world.play(act)?;
    }
    world.end()?;
    counts.rotations += world.rotations;
    counts.withdrawals += world.withdrawals;
    counts.crashes += world.crashes;
    counts.years += world.seconds() / (365 * 86_400);
    Ok(())
}

/// Leaves out acts for as long as the story still fails.
fn shortest(mut story: Story) -> Story {
    let mut size = story.acts.len();
    while size > 0 {
        let mut start = 0;
        while start < story.acts.len() {
            let mut shorter = story.clone();
            let end = (start + size).min(shorter.acts.len());
            shorter.acts.drain(start..end);
            if play(&shorter, &mut Counts::default()).is_err() {
                story = shorter;
            } else {
                start += size;
            }
        }
        size /= 2;
    }
    story
}

fn play_all(seeds: &[u64]) -> Counts {
    let mut counts = Counts::default();
    for seed in seeds {
        let story = Story::of(&mut Numbers::new(*seed), ACTS);
        if play(&story, &mut counts).is_err() {
            let story = shortest(story);
            let fault = play(&story, &mut Counts::default());
            panic!("seed {seed}: {fault:?}\n{story:#?}");
        }
    }
    counts
}

#[test]
fn no_valid_token_is_refused_and_no_key_is_lost_in_a_hundred_thousand_rotations() {
    let seeds: Vec<u64> = (0..WORLDS).collect();
    let parts = thread::available_parallelism().map_or(1, usize::from);
    let counts = thread::scope(|scope| {
        let threads = seeds.chunks(seeds.len().div_ceil(parts));
        let threads: Vec<_> = threads
            .map(|seeds| scope.spawn(|| play_all(seeds)))
            .collect();
        let counts = threads
            .into_iter()
            .map(|thread| thread.join().expect("a story failed"));
        counts.fold(Counts::default(), Counts::plus)
    });
    println_figures(&counts);
    assert!(
        counts.rotations >= LEAST_ROTATIONS,
        "only {}",
        counts.rotations
    );
    assert!(counts.withdrawals >= 1_000, "only {}", counts.withdrawals);
    assert!(counts.crashes >= 1_000, "only {}", counts.crashes);
}

#[expect(
    clippy::disallowed_macros,
    clippy::print_stdout,
    reason = "figures for whoever runs it with --nocapture"
)]
fn println_figures(counts: &Counts) {
    println!(
        "{} rotations, {} withdrawals, {} crashes in {} years",
        counts.rotations, counts.withdrawals, counts.crashes, counts.years
    );
}

/// The simulation sees what it should see: with a margin that is too small for its world, or an order of
/// the files in which a crash does harm, it finds a refused token.
#[test]
fn a_world_that_breaks_its_word_is_caught() {
    let caught = |change: fn(&mut Story)| {
        (0..40).any(|seed| {
            let mut story = Story::of(&mut Numbers::new(seed), ACTS);
            change(&mut story);
            play(&story, &mut Counts::default()).is_err()
        })
    };
    assert!(caught(
        |story| story.setting.skew += story.setting.policy.margin.as_secs().cast_signed()
    ));
    assert!(caught(|story| story.setting.cache += 3_600));
    assert!(caught(|story| story.setting.lifetime += 3_600));
    assert!(caught(|story| story.setting.publishes_last = true));
    assert!(!caught(|story| story
        .acts
        .retain(|act| !matches!(act, Act::Revoke { .. }))));
}
