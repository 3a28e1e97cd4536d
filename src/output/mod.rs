//! What people and programs read. Everything here turns facts into text and asks nothing.
//!
//! The law: standard output carries the result and nothing else; whatever is said to a person goes
//! to standard error. JSON reports name their schema. Text out of documents and tokens is shown
//! through [`crate::core::failure::quoted`], so that it cannot steer a terminal.

pub mod batch;
pub mod difference;
pub mod fetched;
pub mod formats;
pub mod help;
pub mod inspection;
pub mod json;
pub mod message;
pub mod paint;
pub mod rotation;
pub mod rule_table;
pub mod shell;
pub mod table;
pub mod timeline;
pub mod verdict;
pub mod watched;
