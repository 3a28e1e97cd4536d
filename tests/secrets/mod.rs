//! Secrets: no private member of any key shows in what a command prints, whether it succeeds or
//! fails, nor in what the library's values print of themselves.

mod damaged;
mod intact;
mod keys;
mod mistakes;
