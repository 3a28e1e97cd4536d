//! What a token carries: claims, which are checked, or content, which is not looked at.

use super::{Content, Rules};
use crate::core::check::Recorder;
use crate::core::claims::Claims;
use crate::core::failure::{Code, Failure};
use crate::core::jws::{CompactJws, ProtectedHeader, same_type};
use crate::core::time::NumericDate;

impl Rules<'_> {
    /// The checks of the payload; `exp` when there is one.
    pub(super) fn content<R: Recorder>(
        &self,
        jws: &CompactJws<'_>,
        header: &ProtectedHeader,
        payload: &[u8],
        steps: &mut R,
    ) -> Option<NumericDate> {
        if !matches!(self.policy.content, Content::Claims) {
            steps.skip("claims", "only the signature was asked for");
            return None;
        }
        if !header.b64 {
            steps.fail("payload", Code::B64Invalid, |code| {
                let message = "\"b64\" is false, which a JWT must not use (RFC 7797 section 7)";
                Failure::new(code, message).member("b64").hint(
                    "for a JWS that is no JWT use --signature-only, or --detached FILE when its content travels beside it: neither checks claims",
                )
            });
            return None;
        }
        match Claims::read(payload) {
            Err(failure) => {
                steps.fail("claims", failure.code, |_| {
                    payload_hint(jws, header, failure)
                });
                None
            }
            Ok(claims) => claims.check(&self.policy.expectations, self.now, steps),
        }
    }
}

/// What the payload is instead of claims, where that is told by more than itself.
fn payload_hint(jws: &CompactJws<'_>, header: &ProtectedHeader, failure: Failure) -> Failure {
    match &header.cty {
        // RFC 7519 §5.2.
        Some(cty) if same_type(cty, "JWT") => failure.hint(
            "the payload is a token itself (cty is JWT): check the outer one with --signature-only, and give what it prints to verify again",
        ),
        _ if jws.is_detached() => failure.hint(
            "the payload is empty, as where the content travels beside the token: give it with --detached FILE",
        ),
        _ => failure,
    }
}
