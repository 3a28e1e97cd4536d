//! The claims of a JWT (RFC 7519 §4) against a given time and what the caller expects.

mod mistake;
mod value;

use std::time::Duration;

use crate::core::check::Recorder;
use crate::core::failure::{Code, Failure, quoted};
use crate::core::json::{Part, each_member};
use crate::core::jws::json_failure;
use crate::core::time::{NumericDate, words};
use mistake::{by_value, clock_hint, too_early, too_late};
use value::{
    Wanted, audiences, check_string, first_audience, missing, same_json, shown_audiences,
    shown_value, typed_date,
};

/// What a caller expects of a claim that has no option of its own.
#[derive(Debug, Clone)]
pub enum ExpectedValue {
    /// The string itself.
    Text(String),
    /// A JSON value, as its text.
    Json(String),
}

/// What the caller expects of the claims.
#[derive(Debug, Clone, Default)]
pub struct Expectations {
    /// `iss` must be this.
    pub issuer: Option<String>,
    /// True when the keys were found by the name of that issuer.
    pub issuer_names_keys: bool,
    /// `aud` must name one of these, when there are any.
    pub audiences: Vec<String>,
    /// `sub` must be this.
    pub subject: Option<String>,
    /// Claims that must be there.
    pub required: Vec<String>,
    /// Claims that must have a value.
    pub values: Vec<(String, ExpectedValue)>,
    /// `iat` must be at most so long ago.
    pub max_age: Option<Duration>,
    /// Tolerance for clocks that differ, on every comparison with the time.
    pub leeway: Duration,
}

/// The claims of a token. Nothing of them is trusted until the signature is.
pub struct Claims<'a> {
    whole: Part<'a>,
    registered: Registered<'a>,
}

/// The claims of RFC 7519 §4.1, each as it stands in the token.
#[derive(Default)]
struct Registered<'a> {
    exp: Option<Part<'a>>,
    nbf: Option<Part<'a>>,
    iat: Option<Part<'a>>,
    iss: Option<Part<'a>>,
    sub: Option<Part<'a>>,
    aud: Option<Part<'a>>,
    jti: Option<Part<'a>>,
}

impl<'a> Registered<'a> {
    /// Takes a member, when it is one of them.
    fn take(&mut self, name: &str, value: Part<'a>) {
        let place = match name {
            "exp" => &mut self.exp,
            "nbf" => &mut self.nbf,
            "iat" => &mut self.iat,
            "iss" => &mut self.iss,
            "sub" => &mut self.sub,
            "aud" => &mut self.aud,
            "jti" => &mut self.jti,
            _ => return,
        };
        *place = Some(value);
    }
}

impl<'a> Claims<'a> {
    /// Reads a payload as claims.
    ///
    /// # Errors
    /// [`Code::ClaimsMalformed`] or [`Code::DuplicateMember`].
    pub fn read(payload: &'a [u8]) -> Result<Self, Failure> {
        const HINT: &str = "a JWT's payload is a JSON object; for a JWS with other content use --signature-only, which checks no claims";
        let mut registered = Registered::default();
        let whole = each_member(payload, |name, value| registered.take(name, value));
        let whole = whole.map_err(|error| {
            let failure = json_failure("payload", Code::ClaimsMalformed, payload, &error);
            match failure.code {
                Code::ClaimsMalformed => failure.hint(HINT),
                _ => failure,
            }
        })?;
        if !whole.is_object() {
            let message = format!("the payload is {}, not a JSON object", whole.kind());
            return Err(Failure::new(Code::ClaimsMalformed, message).hint(HINT));
        }
        Ok(Self { whole, registered })
    }

    /// The value of the claim `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Part<'a>> {
        self.whole.member(name)
    }

    /// Takes every check, and goes on after one that failed; `exp` when there is one.
    pub fn check<R: Recorder>(
        &self,
        expected: &Expectations,
        now: NumericDate,
        record: &mut R,
    ) -> Option<NumericDate> {
        let exp = self.check_dates(expected, now, record);
        let issuer = expected.issuer.as_deref();
        check_string(
            "iss",
            self.registered.iss,
            &Wanted {
                value: issuer,
                option: if expected.issuer_names_keys {
                    "--issuer"
                } else {
                    "--iss"
                },
                code: Code::IssuerMismatch,
            },
            record,
        );
        let subject = expected.subject.as_deref();
        check_string(
            "sub",
            self.registered.sub,
            &Wanted {
                value: subject,
                option: "--sub",
                code: Code::SubjectMismatch,
            },
            record,
        );
        self.check_audience(&expected.audiences, record);
        check_string(
            "jti",
            self.registered.jti,
            &Wanted {
                value: None,
                option: "--claim",
                code: Code::ClaimMismatch,
            },
            record,
        );
        for name in &expected.required {
            // A claim that says nothing is as good as none.
            if self.get(name).is_some_and(|part| !part.is_null()) {
                record.pass(name, || "present".to_owned());
            } else {
                record.fail(name, Code::ClaimMissing, |_| missing(name));
            }
        }
        for (name, value) in &expected.values {
            self.check_value(name, value, record);
        }
        exp
    }

    /// The checks of the dates; `exp` when there is one.
    fn check_dates<R: Recorder>(
        &self,
        expected: &Expectations,
        now: NumericDate,
        record: &mut R,
    ) -> Option<NumericDate> {
        let exp = self.check_exp(expected, now, record);
        let nbf = self.check_nbf(expected, now, record);
        let iat = self.check_iat(expected, now, record);
        note_no_time("nbf", nbf, exp, record);
        // That it was issued when it was over is what everyone does who tries out an expired token.
        note_no_time("iat", iat, exp.filter(|&exp| exp > now), record);
        exp
    }

    fn check_exp<R: Recorder>(
        &self,
        expected: &Expectations,
        now: NumericDate,
        record: &mut R,
    ) -> Option<NumericDate> {
        let exp = typed_date("exp", self.registered.exp, record)?;
        // RFC 7519 §4.1.4: on or after exp the token must not be accepted.
        if exp <= now.minus(expected.leeway) {
            record.fail("exp", Code::Expired, |code| {
                let message = format!("the token expired {} (exp is {exp})", exp.relative_to(now));
                clock_hint(Failure::new(code, message), now.since(exp), too_late(exp)).member("exp")
            });
        } else {
            record.pass("exp", || {
                format!("expires {} ({exp})", exp.relative_to(now))
            });
        }
        Some(exp)
    }

    fn check_nbf<R: Recorder>(
        &self,
        expected: &Expectations,
        now: NumericDate,
        record: &mut R,
    ) -> Option<NumericDate> {
        let nbf = typed_date("nbf", self.registered.nbf, record)?;
        if nbf > now.plus(expected.leeway) {
            record.fail("nbf", Code::NotYetValid, |code| {
                let message = format!(
                    "the token is not valid yet, but {} (nbf is {nbf})",
                    nbf.relative_to(now)
                );
                clock_hint(Failure::new(code, message), nbf.since(now), too_early(nbf))
                    .member("nbf")
            });
        } else {
            record.pass("nbf", || format!("valid since {nbf}"));
        }
        Some(nbf)
    }

    fn check_iat<R: Recorder>(
        &self,
        expected: &Expectations,
        now: NumericDate,
        record: &mut R,
    ) -> Option<NumericDate> {
        let Some(iat) = typed_date("iat", self.registered.iat, record) else {
            if expected.max_age.is_some() && self.registered.iat.is_none() {
                record.fail("iat", Code::ClaimMissing, |_| {
                    missing("iat").hint("without \"iat\" nobody knows the token's age")
                });
            }
            return None;
        };
        match expected.max_age {
            Some(_) if iat > now.plus(expected.leeway) => {
                record.fail("iat", Code::IssuedInFuture, |code| {
                    let message = format!(
                        "the token is issued in the future, {} (iat is {iat})",
                        iat.relative_to(now)
                    );
                    clock_hint(Failure::new(code, message), iat.since(now), too_early(iat))
                        .member("iat")
                });
            }
            Some(max_age) if now.minus(expected.leeway).since(iat) > max_age => {
                record.fail("iat", Code::TooOld, |code| {
                    let message = format!(
                        "the token was issued {} (iat is {iat}), and {} is the greatest age allowed",
                        iat.relative_to(now),
                        words(max_age)
                    );
                    Failure::new(code, message)
                        .member("iat")
                        .hint("get a new token from its issuer, or allow more with --max-age")
                });
            }
            _ => record.pass("iat", || format!("issued {} ({iat})", iat.relative_to(now))),
        }
        Some(iat)
    }

    fn check_audience<R: Recorder>(&self, expected: &[String], record: &mut R) {
        let Some(part) = self.registered.aud else {
            if expected.is_empty() {
                record.skip("aud", "not in the token");
            } else {
                record.fail("aud", Code::ClaimMissing, |_| missing("aud"));
            }
            return;
        };
        let mut meant = expected.is_empty();
        let judged = audiences(part, |audience| {
            meant |= expected.iter().any(|own| own == audience);
        });
        if let Err(failure) = judged {
            return record.refuse("aud", failure);
        }
        if meant {
            record.pass("aud", || shown_audiences(part));
            return;
        }
        record.fail("aud", Code::AudienceMismatch, |code| {
            let wanted: Vec<String> = expected.iter().map(|one| quoted(one)).collect();
            let shown = shown_audiences(part);
            let message = format!(
                "the token is meant for {}, not for {}",
                if shown.is_empty() { "nobody" } else { &shown },
                wanted.join(" or ")
            );
            let failure = Failure::new(code, message).member("aud");
            match (first_audience(part), expected) {
                (Some(value), [expected, ..]) => failure.hint(by_value("--aud", &value, expected)),
                _ => failure,
            }
        });
    }

    fn check_value<R: Recorder>(&self, name: &str, expected: &ExpectedValue, record: &mut R) {
        let Some(part) = self.get(name) else {
            return record.fail(name, Code::ClaimMissing, |_| missing(name));
        };
        let is_equal = match expected {
            ExpectedValue::Text(text) => part.as_str().is_some_and(|own| own.as_str() == text),
            ExpectedValue::Json(json) => same_json(json, part),
        };
        if is_equal {
            record.pass(name, || shown_value(part));
            return;
        }
        record.fail(name, Code::ClaimMismatch, |code| {
            let message = format!(
                "the claim {} is {}, not {}",
                quoted(name),
                shown_value(part),
                match expected {
                    ExpectedValue::Text(text) => quoted(text),
                    ExpectedValue::Json(json) => json.clone(),
                }
            );
            let failure = Failure::new(code, message).member(name);
            match expected {
                ExpectedValue::Text(_) if part.as_str().is_none() => failure.hint(format!(
                    "the claim is {}: compare JSON with --claim {name}:=VALUE",
                    part.kind()
                )),
                _ => failure,
            }
        });
    }
}

/// Notes that a token is over before it begins, which no clock explains.
fn note_no_time<R: Recorder>(
    name: &str,
    date: Option<NumericDate>,
    exp: Option<NumericDate>,
    record: &mut R,
) {
    if let (Some(date), Some(exp)) = (date, exp)
        && date >= exp
    {
        record.note(|| {
            format!(
                "the token is over before it begins: its {name} ({date}) is not before its exp ({exp})"
            )
        });
    }
}

#[cfg(test)]
mod tests;
