//! The mistakes that people really make, each to its end: the mistake is made, what is said of it holds the
//! next step, and that step, taken out of the hint to the letter, works.

mod claims;
mod files;
mod issuer;
mod keys;
mod network;
mod reports;
mod rotation;
mod secrets;
mod story;
mod tokens;
