//! One module for each command: from arguments through the core to output. Nothing here decides
//! anything about keys or tokens.

pub mod completions;
pub mod diff;
pub mod fetch;
pub mod generate;
pub mod inspect;
mod network;
pub mod rotate;
pub mod sign;
mod source;
pub mod verify;
