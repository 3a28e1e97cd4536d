//! What is accepted of a token.

use crate::core::alg::Algorithm;
use crate::core::claims::Expectations;
use crate::core::jws::TOKEN_LIMIT;

/// What the token's payload is to be.
#[derive(Debug, Clone, Default)]
pub enum Content {
    /// The claims of a JWT.
    #[default]
    Claims,
    /// Octets that only the signature is checked of.
    Octets,
    /// Octets that travel beside the token (RFC 7515 appendix F).
    Detached(Vec<u8>),
}

/// What is accepted.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The algorithms that are accepted; every one that signs when empty.
    pub algorithms: Vec<&'static Algorithm>,
    /// The `typ` that is demanded.
    pub typ: Option<String>,
    /// What the payload is.
    pub content: Content,
    /// What is expected of the claims.
    pub expectations: Expectations,
    /// True when the keys come from where anyone can read them.
    pub keys_are_published: bool,
    /// Longest token, in bytes.
    pub token_limit: usize,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            algorithms: Vec::new(),
            typ: None,
            content: Content::default(),
            expectations: Expectations::default(),
            keys_are_published: false,
            token_limit: TOKEN_LIMIT,
        }
    }
}
