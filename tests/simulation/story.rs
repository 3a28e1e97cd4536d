//! What happens in a world, made of numbers.

use std::time::Duration;

use jwks_cli::core::lifecycle::RotationPolicy;

use crate::support::numbers::Numbers;

/// What holds in a world, in seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting {
    /// What `rotate` is told.
    pub(crate) policy: RotationPolicy,
    /// How long consumers really cache, and tokens really live.
    pub(crate) cache: i64,
    pub(crate) lifetime: i64,
    /// From the published file to what is served.
    pub(crate) publish_delay: i64,
    /// How old the private file may be that a signer goes by.
    pub(crate) signer_lag: i64,
    /// How far a clock may be from the true time.
    pub(crate) skew: i64,
    /// The algorithms of the keys at the start, a key each.
    pub(crate) groups: &'static [&'static str],
    /// True where some rotations are made without a published set.
    pub(crate) forgets: bool,
    /// True for a wrong order of the files, by which the simulation is tried out.
    pub(crate) publishes_last: bool,
}

/// Something that someone does.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Act {
    /// Time passes, in seconds.
    Wait(i64),
    /// `rotate`; after `crash` file operations the machine stops.
    Rotate {
        every: Option<i64>,
        force: bool,
        standby: bool,
        algorithm: Option<&'static str>,
        /// With `--public`.
        publishes: bool,
        crash: Option<usize>,
        clock: i64,
    },
    /// `rotate --revoke` of the key at a place, counted around.
    Revoke {
        place: usize,
        standby: bool,
        crash: Option<usize>,
        clock: i64,
    },
}

/// A world and all that happens in it.
#[derive(Debug, Clone)]
pub(crate) struct Story {
    pub(crate) setting: Setting,
    pub(crate) acts: Vec<Act>,
}

impl Story {
    pub(crate) fn of(numbers: &mut Numbers, length: usize) -> Self {
        let setting = setting(numbers);
        let acts = (0..length).flat_map(|_| {
            let wait = Act::Wait(wait(numbers, &setting));
            [wait, act(numbers, &setting)]
        });
        Self {
            acts: acts.collect(),
            setting,
        }
    }
}

fn setting(numbers: &mut Numbers) -> Setting {
    const HOUR: i64 = 3600;
    let cache = numbers.of(&[0, 60, 300, HOUR, 24 * HOUR, 72 * HOUR]);
    let lifetime = numbers.of(&[60, 300, HOUR, 24 * HOUR, 30 * 24 * HOUR]);
    let margin = numbers.of(&[60, 600, HOUR, 6 * HOUR]);
    // The margin is shared among all that it is for: two clocks may differ by twice the skew.
    let skew = numbers.below(margin / 4);
    let publish_delay = numbers.below(margin - 2 * skew);
    let signer_lag = margin - 2 * skew - publish_delay;
    let seconds = |number: i64| Duration::from_secs(u64::try_from(number).expect("a duration"));
    let groups = numbers.of(&[
        &["ES256"][..],
        &["ES256"],
        &["ES256", "RS256"],
        &["ES256", "RSA-OAEP"],
    ]);
    Setting {
        policy: RotationPolicy {
            cache_ttl: seconds(cache),
            token_lifetime: seconds(lifetime),
            margin: seconds(margin),
        },
        cache,
        lifetime,
        publish_delay,
        signer_lag,
        skew,
        // Nobody can know until when others encrypt to a key that no call takes out of the published set.
        forgets: !groups.contains(&"RSA-OAEP") && numbers.one_in(4),
        groups,
        publishes_last: false,
    }
}

/// Mostly about as long as a rotation takes, sometimes no time at all or a season.
fn wait(numbers: &mut Numbers, setting: &Setting) -> i64 {
    let rotation = setting.cache + setting.lifetime + 3_600;
    match numbers.below(10) {
        0 => numbers.below(3),
        1 | 2 => numbers.below(rotation / 4),
        3 | 4 => numbers.below(rotation),
        5..=8 => numbers.below(rotation * 4),
        _ => 90 * 86_400,
    }
}

fn act(numbers: &mut Numbers, setting: &Setting) -> Act {
    let crash = numbers
        .one_in(6)
        .then(|| usize::from(numbers.one_in(2)) + usize::from(numbers.one_in(2)));
    let clock = numbers.below(2 * setting.skew + 1) - setting.skew;
    let standby = numbers.one_in(4);
    if numbers.one_in(25) {
        let place = usize::try_from(numbers.below(8)).expect("a place");
        return Act::Revoke {
            place,
            standby,
            crash,
            clock,
        };
    }
    let every = numbers
        .one_in(5)
        .then(|| numbers.of(&[3_600, 86_400, 30 * 86_400]));
    Act::Rotate {
        every,
        force: every.is_none() && numbers.one_in(6),
        standby,
        algorithm: numbers
            .one_in(15)
            .then(|| numbers.of(&["ES256", "PS256", "ES384"])),
        publishes: !setting.forgets || !numbers.one_in(4),
        crash,
        clock,
    }
}
