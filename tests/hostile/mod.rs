//! Hostile and awkward input: whatever comes in, the binary answers with one of its exit codes. It
//! never panics, dies of a signal, hangs, fills the memory, or passes on what could steer a terminal.

mod arguments;
mod characters;
#[cfg(unix)]
mod inputs;
mod numbers;
mod shapes;
mod sizes;
#[cfg(target_os = "linux")]
mod streams;
#[cfg(target_os = "linux")]
mod terminal;
