//! What is wrong with a key, and where in its document.

use super::failure::{Code, Failure};
use super::json::Node;

/// A fault of a key and the byte of the document at which it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFault {
    /// What is wrong.
    pub failure: Failure,
    /// Where, in bytes from the start of the document.
    pub offset: usize,
}

/// A fault of `code` at the value `node` of the member `name`.
pub(super) fn fault_at(node: &Node<'_>, code: Code, name: &str, message: String) -> KeyFault {
    KeyFault {
        failure: Failure::new(code, message).member(name),
        offset: node.span().start,
    }
}
