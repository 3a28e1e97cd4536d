//! The claims of a JWT (RFC 7519 §4) against a given time and what the caller expects.

use std::time::Duration;

use crate::core::check::Recorder;
use crate::core::failure::{Code, Failure, quoted};
use crate::core::json::{Outline, Part, Text, read_strict};
use crate::core::jws::json_failure;
use crate::core::time::{NumericDate, words};

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
    outline: Outline<'a>,
}

impl<'a> Claims<'a> {
    /// Reads a payload as claims.
    ///
    /// # Errors
    /// [`Code::ClaimsMalformed`] or [`Code::DuplicateMember`].
    pub fn read(payload: &'a [u8]) -> Result<Self, Failure> {
        const HINT: &str =
            "a JWT's payload is a JSON object; for a JWS with other content use --signature-only";
        let outline = Outline::read_strict(payload).map_err(|error| {
            let failure = json_failure("payload", Code::ClaimsMalformed, payload, &error);
            match failure.code {
                Code::ClaimsMalformed => failure.hint(HINT),
                _ => failure,
            }
        })?;
        if !outline.whole().is_object() {
            let message = format!(
                "the payload is {}, not a JSON object",
                outline.whole().kind()
            );
            return Err(Failure::new(Code::ClaimsMalformed, message).hint(HINT));
        }
        Ok(Self { outline })
    }

    /// The date that the claim `name` says, when it is a number.
    #[must_use]
    pub fn date(&self, name: &str) -> Option<NumericDate> {
        self.get(name)
            .and_then(Part::as_number)
            .map(NumericDate::from_json_number)
    }

    fn get(&self, name: &str) -> Option<Part<'a>> {
        self.outline.get(name)
    }

    /// Takes every check, and goes on after one that failed.
    pub fn check<R: Recorder>(&self, expected: &Expectations, now: NumericDate, record: &mut R) {
        self.check_exp(expected, now, record);
        self.check_nbf(expected, now, record);
        self.check_iat(expected, now, record);
        let issuer = expected.issuer.as_deref();
        self.check_string("iss", Code::IssuerMismatch, issuer, record);
        let subject = expected.subject.as_deref();
        self.check_string("sub", Code::SubjectMismatch, subject, record);
        self.check_audience(&expected.audiences, record);
        self.check_string("jti", Code::ClaimMismatch, None, record);
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
    }

    fn check_exp<R: Recorder>(&self, expected: &Expectations, now: NumericDate, record: &mut R) {
        let Some(exp) = self.typed_date("exp", record) else {
            return;
        };
        // RFC 7519 §4.1.4: on or after exp the token must not be accepted.
        if exp <= now.minus(expected.leeway) {
            record.fail("exp", Code::Expired, |code| {
                let message = format!("the token expired {} (exp is {exp})", exp.relative_to(now));
                clock_hint(Failure::new(code, message), now.since(exp)).member("exp")
            });
        } else {
            record.pass("exp", || {
                format!("expires {} ({exp})", exp.relative_to(now))
            });
        }
    }

    fn check_nbf<R: Recorder>(&self, expected: &Expectations, now: NumericDate, record: &mut R) {
        let Some(nbf) = self.typed_date("nbf", record) else {
            return;
        };
        if nbf > now.plus(expected.leeway) {
            record.fail("nbf", Code::NotYetValid, |code| {
                let message = format!(
                    "the token is not valid yet, but {} (nbf is {nbf})",
                    nbf.relative_to(now)
                );
                clock_hint(Failure::new(code, message), nbf.since(now)).member("nbf")
            });
        } else {
            record.pass("nbf", || format!("valid since {nbf}"));
        }
    }

    fn check_iat<R: Recorder>(&self, expected: &Expectations, now: NumericDate, record: &mut R) {
        let Some(iat) = self.typed_date("iat", record) else {
            if expected.max_age.is_some() && self.get("iat").is_none() {
                record.fail("iat", Code::ClaimMissing, |_| {
                    missing("iat").hint("without \"iat\" nobody knows the token's age")
                });
            }
            return;
        };
        match expected.max_age {
            Some(_) if iat > now.plus(expected.leeway) => {
                record.fail("iat", Code::IssuedInFuture, |code| {
                    let message = format!(
                        "the token is issued in the future, {} (iat is {iat})",
                        iat.relative_to(now)
                    );
                    clock_hint(Failure::new(code, message), iat.since(now)).member("iat")
                });
            }
            Some(max_age) if now.minus(expected.leeway).since(iat) > max_age => {
                record.fail("iat", Code::TooOld, |code| {
                    let message = format!(
                        "the token was issued {} (iat is {iat}), and {} is the greatest age allowed",
                        iat.relative_to(now),
                        words(max_age)
                    );
                    Failure::new(code, message).member("iat")
                });
            }
            _ => record.pass("iat", || format!("issued {} ({iat})", iat.relative_to(now))),
        }
    }

    /// The date of a claim; what is no number is reported.
    fn typed_date<R: Recorder>(&self, name: &str, record: &mut R) -> Option<NumericDate> {
        let Some(part) = self.get(name) else {
            record.skip(name, "not in the token");
            return None;
        };
        let Some(number) = part.as_number() else {
            record.fail(name, Code::ClaimInvalid, |_| {
                invalid(name, &format!("is {}, not a number", part.kind()))
                    .hint("RFC 7519 section 2: a NumericDate is a JSON number of seconds")
            });
            return None;
        };
        Some(NumericDate::from_json_number(number))
    }

    fn check_string<R: Recorder>(
        &self,
        name: &str,
        code: Code,
        expected: Option<&str>,
        record: &mut R,
    ) {
        let Some(part) = self.get(name) else {
            match expected {
                None => record.skip(name, "not in the token"),
                Some(_) => record.fail(name, Code::ClaimMissing, |_| missing(name)),
            }
            return;
        };
        let value = match identifier(name, part) {
            Ok(value) => value,
            Err(failure) => return record.refuse(name, failure),
        };
        let value = value.as_str();
        match expected {
            Some(expected) if expected != value => record.fail(name, code, |code| {
                let message = format!("\"{name}\" is {}, not {}", quoted(value), quoted(expected));
                near_miss(Failure::new(code, message).member(name), value, expected)
            }),
            _ => record.pass(name, || quoted(value)),
        }
    }

    fn check_audience<R: Recorder>(&self, expected: &[String], record: &mut R) {
        let Some(part) = self.get("aud") else {
            if expected.is_empty() {
                record.skip("aud", "not in the token");
            } else {
                record.fail("aud", Code::ClaimMissing, |_| missing("aud"));
            }
            return;
        };
        let audiences = match audiences(part) {
            Ok(audiences) => audiences,
            Err(failure) => return record.refuse("aud", failure),
        };
        let meant = audiences
            .iter()
            .any(|audience| expected.iter().any(|own| own == audience.as_str()));
        let shown = || {
            let all: Vec<String> = audiences.iter().map(|one| quoted(one.as_str())).collect();
            all.join(", ")
        };
        if expected.is_empty() || meant {
            record.pass("aud", shown);
            return;
        }
        record.fail("aud", Code::AudienceMismatch, |code| {
            let wanted: Vec<String> = expected.iter().map(|one| quoted(one)).collect();
            let message = format!(
                "the token is meant for {}, not for {}",
                if audiences.is_empty() {
                    "nobody".to_owned()
                } else {
                    shown()
                },
                wanted.join(" or ")
            );
            let failure = Failure::new(code, message).member("aud");
            match (&audiences[..], expected) {
                ([value], [expected]) => near_miss(failure, value.as_str(), expected),
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

fn same_json(expected: &str, part: Part<'_>) -> bool {
    // The command line has read it before; what cannot be read equals nothing.
    match (read_strict(expected.as_bytes()), part.node()) {
        (Ok(wanted), Some(node)) => wanted.equals(&node),
        _ => false,
    }
}

fn missing(name: &str) -> Failure {
    Failure::new(
        Code::ClaimMissing,
        format!("the claim {} is missing", quoted(name)),
    )
    .member(name)
}

fn invalid(name: &str, problem: &str) -> Failure {
    Failure::new(Code::ClaimInvalid, format!("\"{name}\" {problem}")).member(name)
}

fn identifier<'a>(name: &str, part: Part<'a>) -> Result<Text<'a>, Failure> {
    match part.as_str() {
        Some(text) if text.as_str().contains('\0') => {
            Err(invalid(name, "contains a NUL character"))
        }
        Some(text) => Ok(text),
        None => Err(invalid(name, &format!("is {}, not a string", part.kind()))),
    }
}

/// RFC 7519 §4.1.3: one string, or an array of nothing but strings.
fn audiences(part: Part<'_>) -> Result<Vec<Text<'_>>, Failure> {
    if part.as_str().is_some() {
        return Ok(vec![identifier("aud", part)?]);
    }
    let Some(elements) = part.elements() else {
        let problem = format!("is {}, not a string or an array of strings", part.kind());
        return Err(invalid("aud", &problem));
    };
    elements
        .into_iter()
        .map(|element| match element.as_str() {
            Some(_) => identifier("aud", element),
            None => Err(invalid(
                "aud",
                &format!("has {} among its strings", element.kind()),
            )),
        })
        .collect()
}

fn shown_value(part: Part<'_>) -> String {
    match part.as_str() {
        Some(text) => quoted(text.as_str()),
        None if matches!(part.kind(), "an array" | "an object") => part.kind().to_owned(),
        None => part.raw().to_owned(),
    }
}

/// The mistakes that are made again and again: a slash at the end, case.
fn near_miss(failure: Failure, value: &str, expected: &str) -> Failure {
    if value.trim_end_matches('/') == expected.trim_end_matches('/') {
        failure.hint("they differ only in a slash at the end, and both are compared to the letter")
    } else if value.eq_ignore_ascii_case(expected) {
        failure.hint("they differ only in case, and both are compared to the letter")
    } else {
        failure
    }
}

/// A failure by minutes is more often a wrong clock than a wrong token.
fn clock_hint(failure: Failure, distance: Duration) -> Failure {
    const CLOCK_ERROR: Duration = Duration::from_secs(300);
    if distance <= CLOCK_ERROR {
        failure.hint(
            "so short a time may be a difference of clocks: compare them, or allow it with --leeway",
        )
    } else {
        failure
    }
}

#[cfg(test)]
mod tests;
