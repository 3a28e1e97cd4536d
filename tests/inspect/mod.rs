//! `inspect` driven from outside: what it takes as a source, what it leaves out, and how it ends.

mod arithmetic;
mod certificates;
mod directories;
mod exits;
mod findings;
mod fixtures;
mod ignoring;
mod known_keys;
mod listing;
mod only;
mod serving;
mod tokens;
