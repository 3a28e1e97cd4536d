//! The documents hold: their shell blocks run as they stand there and print what is shown, what they
//! name exists, and what they say to type is what the command line takes.
//!
//! After a change of what the program prints, `JWKS_UPDATE=1 cargo test --test main documents::` writes the
//! outputs in the documents anew.

mod command_lines;
mod document;
mod fixtures;
mod output;
mod references;
mod running;
