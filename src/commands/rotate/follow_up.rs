//! What is left to be done after a call: the keys that leave the published set, and by which command.

use super::Rotation;
use crate::core::lifecycle::{Departure, Pause, Roster, departure, pause, published};
use crate::core::shell::typed;
use crate::core::time::typed_duration;
use crate::output::rotation::{DepartureLine, FollowUp};

impl Rotation<'_> {
    /// Which keys of `after` leave next, and who takes them out; `name` names one by its place.
    pub(super) fn departure_line(
        &self,
        after: &Roster,
        name: impl Fn(usize) -> String,
    ) -> Option<DepartureLine> {
        let Departure { at, keys } = departure(after, self.now)?;
        let follow_up = if published(self.set, self.now).is_err() {
            FollowUp::Sharers
        } else if self.arguments.public.is_none() {
            FollowUp::Publisher
        } else if self.arguments.every.is_some() {
            FollowUp::SameCommand
        } else {
            match pause(after, &self.policy, at) {
                Some(pause) => FollowUp::Command {
                    line: self.finishing(pause),
                    until: pause.due,
                },
                None => FollowUp::NextRotation,
            }
        };
        Some(DepartureLine {
            at,
            keys: match keys[..] {
                [key] => name(key),
                _ => format!("{} keys", keys.len()),
            },
            follow_up,
        })
    }

    /// The command that takes out what has passed its time, and starts no rotation before that is due.
    fn finishing(&self, pause: Pause) -> String {
        let mut line = self.command();
        if self.arguments.standby {
            line.push_str(" --standby");
        }
        for (option, time) in self.arguments.unusual_times() {
            line.push_str(&format!(" {option} {}", typed_duration(time)));
        }
        if let Some(file) = &self.arguments.passphrase.passphrase_file {
            let file = typed(&file.display().to_string(), "FILE");
            line.push_str(&format!(" --passphrase-file {file}"));
        }
        line.push_str(&format!(" --every {}", typed_duration(pause.every)));
        line
    }
}
