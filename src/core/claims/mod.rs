//! The claims of a JWT (RFC 7519 §4) against a given time and what the caller expects.

use std::time::Duration;

use crate::core::check::Checks;
use crate::core::failure::{Code, Failure, quoted};
use crate::core::json::{Node, Object, Value, read_strict};
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

/// The claims of a token, of the right types. Nothing of them is trusted until the signature is.
pub struct Claims<'a> {
    root: Node<'a>,
}

impl<'a> Claims<'a> {
    /// Reads a payload as claims.
    ///
    /// # Errors
    /// [`Code::ClaimsMalformed`] or [`Code::DuplicateMember`].
    pub fn read(payload: &'a [u8]) -> Result<Self, Failure> {
        const HINT: &str =
            "a JWT's payload is a JSON object; for a JWS with other content use --signature-only";
        let root = read_strict(payload).map_err(|error| {
            let failure = json_failure("payload", Code::ClaimsMalformed, payload, &error);
            match failure.code {
                Code::ClaimsMalformed => failure.hint(HINT),
                _ => failure,
            }
        })?;
        if root.as_object().is_none() {
            let message = format!("the payload is {}, not a JSON object", root.kind());
            return Err(Failure::new(Code::ClaimsMalformed, message).hint(HINT));
        }
        Ok(Self { root })
    }

    fn object(&self) -> Option<&Object<'a>> {
        self.root.as_object()
    }

    /// The date that the claim `name` says, when it is a number.
    #[must_use]
    pub fn date(&self, name: &str) -> Option<NumericDate> {
        self.get(name)
            .and_then(Node::as_number)
            .map(NumericDate::from_json_number)
    }

    fn get(&self, name: &str) -> Option<&Node<'a>> {
        self.object()?.get(name)
    }

    /// Takes every check, and goes on after one that failed.
    pub fn check(&self, expected: &Expectations, now: NumericDate, checks: &mut Checks) {
        self.check_dates(expected, now, checks);
        self.check_string(
            "iss",
            Code::IssuerMismatch,
            expected.issuer.as_deref(),
            checks,
        );
        self.check_string(
            "sub",
            Code::SubjectMismatch,
            expected.subject.as_deref(),
            checks,
        );
        self.check_audience(&expected.audiences, checks);
        self.check_string("jti", Code::ClaimMismatch, None, checks);
        for name in &expected.required {
            let found = match self.get(name).map(Node::value) {
                // A claim that says nothing is as good as none.
                None | Some(Value::Null) => Err(missing(name)),
                Some(_) => Ok("present".to_owned()),
            };
            checks.record(name, found);
        }
        for (name, value) in &expected.values {
            checks.record(name, self.check_value(name, value));
        }
    }

    fn check_dates(&self, expected: &Expectations, now: NumericDate, checks: &mut Checks) {
        let leeway = expected.leeway;
        self.check_date("exp", checks, |exp| {
            // RFC 7519 §4.1.4: on or after exp the token must not be accepted.
            if exp <= now.minus(leeway) {
                let failure = Failure::new(
                    Code::Expired,
                    format!("the token expired {} (exp is {exp})", exp.relative_to(now)),
                );
                return Err(clock_hint(failure, now.since(exp)));
            }
            Ok(format!("expires {} ({exp})", exp.relative_to(now)))
        });
        self.check_date("nbf", checks, |nbf| {
            if nbf > now.plus(leeway) {
                let failure = Failure::new(
                    Code::NotYetValid,
                    format!(
                        "the token is not valid yet, but {} (nbf is {nbf})",
                        nbf.relative_to(now)
                    ),
                );
                return Err(clock_hint(failure, nbf.since(now)));
            }
            Ok(format!("valid since {nbf}"))
        });
        self.check_date("iat", checks, |iat| {
            let Some(max_age) = expected.max_age else {
                return Ok(format!("issued {} ({iat})", iat.relative_to(now)));
            };
            if iat > now.plus(leeway) {
                let failure = Failure::new(
                    Code::IssuedInFuture,
                    format!("the token is issued in the future, {} (iat is {iat})", iat.relative_to(now)),
                );
                return Err(clock_hint(failure, iat.since(now)));
            }
            if now.minus(leeway).since(iat) > max_age {
                return Err(Failure::new(
                    Code::TooOld,
                    format!(
                        "the token was issued {} (iat is {iat}), and {} is the greatest age allowed",
                        iat.relative_to(now),
                        words(max_age)
                    ),
                ));
            }
            Ok(format!("issued {} ({iat})", iat.relative_to(now)))
        });
        if expected.max_age.is_some() && self.get("iat").is_none() {
            let failure = missing("iat").hint("without \"iat\" nobody knows the token's age");
            checks.fail("iat", failure);
        }
    }

    fn check_date(
        &self,
        name: &str,
        checks: &mut Checks,
        judge: impl FnOnce(NumericDate) -> Result<String, Failure>,
    ) {
        let Some(node) = self.get(name) else {
            checks.skip(name, "not in the token");
            return;
        };
        let result = if let Some(number) = node.as_number() {
            judge(NumericDate::from_json_number(number))
        } else {
            let failure = invalid(name, &format!("is {}, not a number", node.kind()));
            Err(failure.hint("RFC 7519 section 2: a NumericDate is a JSON number of seconds"))
        };
        checks.record(name, result.map_err(|failure| failure.member(name)));
    }

    fn check_string(&self, name: &str, code: Code, expected: Option<&str>, checks: &mut Checks) {
        let result = match (self.get(name), expected) {
            (None, None) => return checks.skip(name, "not in the token"),
            (None, Some(_)) => Err(missing(name)),
            (Some(node), expected) => identifier(name, node).and_then(|value| match expected {
                Some(expected) if expected != value => {
                    let failure = Failure::new(
                        code,
                        format!("\"{name}\" is {}, not {}", quoted(value), quoted(expected)),
                    )
                    .member(name);
                    Err(near_miss(failure, value, expected))
                }
                _ => Ok(quoted(value)),
            }),
        };
        checks.record(name, result);
    }

    fn check_audience(&self, expected: &[String], checks: &mut Checks) {
        let Some(node) = self.get("aud") else {
            if expected.is_empty() {
                checks.skip("aud", "not in the token");
            } else {
                checks.fail("aud", missing("aud"));
            }
            return;
        };
        let result = audiences(node).and_then(|audiences| {
            let shown = audiences
                .iter()
                .map(|audience| quoted(audience))
                .collect::<Vec<_>>()
                .join(", ");
            let meant = expected
                .iter()
                .any(|expected| audiences.contains(&expected.as_str()));
            if expected.is_empty() || meant {
                return Ok(shown);
            }
            let wanted = expected
                .iter()
                .map(|expected| quoted(expected))
                .collect::<Vec<_>>()
                .join(" or ");
            let failure = Failure::new(
                Code::AudienceMismatch,
                format!(
                    "the token is meant for {}, not for {wanted}",
                    if shown.is_empty() { "nobody" } else { &shown }
                ),
            )
            .member("aud");
            Err(match (&audiences[..], expected) {
                ([value], [expected]) => near_miss(failure, value, expected),
                _ => failure,
            })
        });
        checks.record("aud", result);
    }

    fn check_value(&self, name: &str, expected: &ExpectedValue) -> Result<String, Failure> {
        let node = self.get(name).ok_or_else(|| missing(name))?;
        let mismatch = |wanted: &str| {
            Failure::new(
                Code::ClaimMismatch,
                format!(
                    "the claim {} is {}, not {wanted}",
                    quoted(name),
                    shown_value(node)
                ),
            )
            .member(name)
        };
        match expected {
            ExpectedValue::Text(text) => match node.as_str() {
                Some(value) if value == text => Ok(quoted(value)),
                Some(_) => Err(mismatch(&quoted(text))),
                None => Err(mismatch(&quoted(text)).hint(format!(
                    "the claim is {}: compare JSON with --claim {name}:=VALUE",
                    node.kind()
                ))),
            },
            ExpectedValue::Json(json) => {
                // The command line has read it before; what cannot be read equals nothing.
                match read_strict(json.as_bytes()) {
                    Ok(wanted) if wanted.equals(node) => Ok(shown_value(node)),
                    _ => Err(mismatch(json)),
                }
            }
        }
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

fn identifier<'n>(name: &str, node: &'n Node<'_>) -> Result<&'n str, Failure> {
    match node.as_str() {
        Some(text) if text.contains('\0') => Err(invalid(name, "contains a NUL character")),
        Some(text) => Ok(text),
        None => Err(invalid(name, &format!("is {}, not a string", node.kind()))),
    }
}

/// RFC 7519 §4.1.3: one string, or an array of nothing but strings.
fn audiences<'n>(node: &'n Node<'_>) -> Result<Vec<&'n str>, Failure> {
    match node.value() {
        Value::String(_) => Ok(vec![identifier("aud", node)?]),
        Value::Array(elements) => elements
            .iter()
            .map(|element| match element.as_str() {
                Some(_) => identifier("aud", element),
                None => Err(invalid(
                    "aud",
                    &format!("has {} among its strings", element.kind()),
                )),
            })
            .collect(),
        _ => Err(invalid(
            "aud",
            &format!("is {}, not a string or an array of strings", node.kind()),
        )),
    }
}

fn shown_value(node: &Node<'_>) -> String {
    match node.value() {
        Value::String(text) => quoted(text.as_str()),
        Value::Array(_) | Value::Object(_) => node.kind().to_owned(),
        _ => node.raw().to_owned(),
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
