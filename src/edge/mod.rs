//! The only modules that touch the world.

pub mod cache;
pub mod clock;
pub mod console;
pub mod directory;
pub mod files;
pub mod http;
mod interrupt;
pub mod terminal;
