//! The parts of the `jwks` program. It is a program and not a library for others: nothing here is a
//! stable interface but what the command line promises.
//!
//! Dependencies run one way:
//!
//! ```text
//! main ──> edge ─────> context ──> error ──> core
//!   │                    ^
//!   └──> commands ──> { context, cli, output, error, core }
//!                           cli ──> core        output ──> { context, error, core }
//! ```
//!
//! * [`core`] is pure: keys, sets, tokens and rotations as values; time is an argument.
//! * [`context`] is the outside world as data and traits, which `edge` implements.
//! * [`edge`] alone touches clock, files, network and terminal; `clippy.toml` holds the others to it.
//! * [`cli`] is the command line: types and help texts.
//! * [`commands`] go from arguments through `core` to `output`, one file each.
//! * [`output`] turns facts into text.

pub mod cli;
pub mod commands;
pub mod context;
pub mod core;
pub mod edge;
pub mod error;
pub mod output;
