//! Keys, sets, tokens and rotations as values: no input or output, no clock, no printing, and no
//! randomness but where a key is made.

pub mod address;
pub mod alg;
pub mod base64url;
pub mod batch;
pub mod certificate_chain;
pub mod check;
pub mod claims;
pub mod detect;
pub mod diff;
pub mod discovery;
pub mod edwards;
pub mod encrypted_keys;
pub mod engine;
pub mod exposure;
pub mod failure;
pub mod hexadecimal;
pub mod http_cache;
pub mod json;
pub mod jwk;
pub mod jwks;
pub mod jws;
pub mod key;
pub mod key_check;
pub mod key_fault;
mod key_reading;
mod key_writing;
pub mod lifecycle;
pub mod lint;
pub mod new_key;
pub mod polling;
pub mod signing;
pub mod thumbprint;
pub mod time;
pub mod token_review;
pub mod verify;
