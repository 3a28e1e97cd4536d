//! `jwks sign`.

use std::ffi::OsStr;

use super::passphrase::PassphraseSource;
use super::private_keys;
use super::source::{self, Location};
use super::warn;
use crate::cli::{ClaimAssignment, SignArgs};
use crate::context::Context;
use crate::core::alg::Algorithm;
use crate::core::bad_value::BadValue;
use crate::core::check::Checks;
use crate::core::claims::{Claims, Expectations, ExpectedValue};
use crate::core::detect::quoted_source;
use crate::core::exposure::holds_secret;
use crate::core::failure::{Code, quoted};
use crate::core::json::{RawObject, read, read_strict};
use crate::core::jwk::Jwk;
use crate::core::signing::{Choice, choose, sign};
use crate::core::time::{NumericDate, parse_time};
use crate::error::{CommandError, Exit};

/// Lifetime of a token whose expiration nobody names.
const DEFAULT_EXPIRATION: &str = "+15m";
/// Longest claims file, in bytes.
const CLAIMS_LIMIT: usize = 1 << 20;
/// Parameters that follow from the key, or that a JWT must not have.
const FIXED_PARAMETERS: [&str; 5] = ["alg", "kid", "typ", "crit", "b64"];

/// Mints a token.
///
/// # Errors
/// The keys or claims cannot be read, or no key may sign.
pub fn run(arguments: &SignArgs, context: &mut Context<'_>) -> Result<Exit, CommandError> {
    let now = context.time(arguments.at.as_deref())?;
    source::require_one_reader(&[
        source::is_standard_input(&arguments.jwks),
        arguments
            .claims
            .as_deref()
            .is_some_and(source::is_standard_input),
        PassphraseSource::from(&arguments.passphrase).is_standard_input(),
    ])?;
    let claims = claims(arguments, context, now)?;
    let location = Location::of(&arguments.jwks);
    let keys = private_keys::read(context, &location, &arguments.passphrase)?;
    if keys.are_thought_protected((&arguments.passphrase).into()) {
        let name = quoted_source(&keys.document.name);
        let text = format!("{name} is not protected, and a passphrase is given for it");
        warn(context, &text);
    }
    let (document, set) = (&keys.document, &keys.set);
    let choice = Choice {
        kid: arguments.kid.as_deref(),
        algorithm: arguments.algorithm,
        force: arguments.force,
    };
    let (jwk, algorithm) = choose(set, &choice, now).map_err(|refusal| {
        let message = format!(
            "cannot sign with {}: {}",
            quoted_source(&document.name),
            refusal.message
        );
        let error = CommandError::new(refusal.code, Exit::No, message);
        match refusal.hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    })?;
    if let Some(exp) = jwk.parameters().exp.filter(|&exp| exp <= now) {
        let text = format!(
            "the key should have left the set {}: its own exp was {exp}, and consumers may know it no more",
            exp.relative_to(now)
        );
        warn(context, &text);
    }
    let header = header(arguments, jwk, algorithm)?;
    let token = sign(jwk, algorithm, &header, &claims).map_err(|failure| {
        let context = format!("cannot sign with {}", quoted_source(&document.name));
        CommandError::from_failure(Exit::No, context, &failure)
    })?;
    context.deliver(format!("{token}\n").as_bytes())?;
    Ok(Exit::Success)
}

fn header(
    arguments: &SignArgs,
    jwk: &Jwk,
    algorithm: &'static Algorithm,
) -> Result<RawObject, CommandError> {
    let mut header = RawObject::new();
    header.set_string("alg", algorithm.name);
    header.set_string("typ", &arguments.typ);
    if let Some(kid) = &jwk.parameters().kid {
        header.set_string("kid", kid);
    }
    for (place, assignment) in arguments.headers.iter().enumerate() {
        if is_repeated(&arguments.headers, place) {
            return Err(given_twice("header parameter", &assignment.name));
        }
        if FIXED_PARAMETERS.contains(&assignment.name.as_str()) {
            let message = format!("--header cannot set \"{}\"", assignment.name);
            return Err(CommandError::usage(message).hint(
                "alg and kid follow from the key, typ from --typ; crit and b64 are not for JWTs",
            ));
        }
        assign(&mut header, assignment);
    }
    require_no_secret("header", &header)?;
    Ok(header)
}

fn claims(
    arguments: &SignArgs,
    context: &mut Context<'_>,
    now: NumericDate,
) -> Result<RawObject, CommandError> {
    let mut claims = match arguments.claims.as_deref() {
        None => RawObject::new(),
        Some(argument) => claims_file(context, argument)?,
    };
    let texts = [
        ("iss", &arguments.iss),
        ("sub", &arguments.sub),
        ("jti", &arguments.jti),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            claims.set_string(name, text);
        }
    }
    match &arguments.audiences[..] {
        [] => {}
        [audience] => claims.set_string("aud", audience),
        several => claims.set_raw("aud", serde_json::Value::from(several.to_vec()).to_string()),
    }
    let times = [
        ("exp", &arguments.exp, Some(DEFAULT_EXPIRATION)),
        ("nbf", &arguments.nbf, None),
        ("iat", &arguments.iat, Some("now")),
    ];
    for (name, text, default) in times {
        let default = default.filter(|_| claims.get(name).is_none());
        set_time(&mut claims, name, text.as_deref().or(default), now)?;
    }
    require_once(arguments)?;
    for assignment in &arguments.assignments {
        assign(&mut claims, assignment);
    }
    require_no_secret("claims", &claims)?;
    let checks = require_valid(&claims, now)?;
    for note in checks.notes() {
        warn(context, note);
    }
    // A bare number is Unix seconds, and may have been meant from now on; what else is over, is meant to be.
    let is_meant = arguments
        .exp
        .as_deref()
        .is_some_and(|exp| exp.trim().parse::<i64>().is_err());
    let expired = checks
        .failures()
        .find(|failure| failure.code == Code::Expired && !is_meant);
    if let Some(expired) = expired {
        warn(context, &expired.message);
    }
    Ok(claims)
}

/// Refuses a claim of the command line that has two values: which one was meant, nobody knows.
fn require_once(arguments: &SignArgs) -> Result<(), CommandError> {
    let by_option = [
        ("iss", arguments.iss.is_some()),
        ("sub", arguments.sub.is_some()),
        ("aud", !arguments.audiences.is_empty()),
        ("jti", arguments.jti.is_some()),
        ("exp", arguments.exp.is_some()),
        ("nbf", arguments.nbf.is_some()),
        ("iat", arguments.iat.is_some()),
    ];
    let assignments = &arguments.assignments;
    for (place, assignment) in assignments.iter().enumerate() {
        let has_option = by_option.contains(&(assignment.name.as_str(), true));
        if has_option || is_repeated(assignments, place) {
            return Err(given_twice("claim", &assignment.name));
        }
    }
    Ok(())
}

fn is_repeated(assignments: &[ClaimAssignment], place: usize) -> bool {
    let mut before = assignments[..place].iter();
    before.any(|earlier| earlier.name == assignments[place].name)
}

fn given_twice(what: &str, name: &str) -> CommandError {
    CommandError::usage(format!("the {what} {} is given twice", quoted(name)))
        .hint("give it once; for several values write NAME:=JSON, such as NAME:='[\"a\",\"b\"]'")
}

fn set_time(
    claims: &mut RawObject,
    name: &str,
    text: Option<&str>,
    now: NumericDate,
) -> Result<(), CommandError> {
    match text {
        None => {}
        Some("none") => claims.retain(|own, _| own != name),
        Some(text) => {
            let time = parse_time(text, now).map_err(|problem| {
                let advice = problem.advice.map(|advice| format!("{advice}, or none"));
                CommandError::of_value(&format!("--{name}"), BadValue { advice, ..problem })
            })?;
            claims.set_raw(name, time.seconds().to_string());
        }
    }
    Ok(())
}

fn assign(object: &mut RawObject, assignment: &ClaimAssignment) {
    match &assignment.value {
        ExpectedValue::Text(text) => object.set_string(&assignment.name, text),
        ExpectedValue::Json(json) => object.set_raw(&assignment.name, json.as_str()),
    }
}

fn claims_file(context: &Context<'_>, argument: &OsStr) -> Result<RawObject, CommandError> {
    let location = match Location::of(argument) {
        Location::Url(url) => Location::File(url.into()),
        local => local,
    };
    let document = source::read_local(context, &location, CLAIMS_LIMIT)?;
    let name = quoted_source(&document.name);
    let node = read_strict(&document.bytes).map_err(|error| {
        let position = crate::core::json::Position::of(&document.bytes, error.offset);
        let message = format!("the claims in {name} are not JSON ({position})");
        CommandError::new("claims-malformed", Exit::File, message).cause(error)
    })?;
    if let Some(object) = node.as_object() {
        Ok(RawObject::of(object))
    } else {
        let message = format!(
            "the claims in {name} are {}, not a JSON object",
            node.kind()
        );
        Err(CommandError::new("claims-malformed", Exit::File, message))
    }
}

/// Whoever has a token can read it: a private key in it, as of a key file that was named for the claims,
/// is published with it.
fn require_no_secret(part: &str, members: &RawObject) -> Result<(), CommandError> {
    let text = members.to_json();
    if read(text.as_bytes()).is_ok_and(|node| !holds_secret(&node)) {
        return Ok(());
    }
    let message =
        format!("there is a private key in the {part}, and whoever has the token can read it");
    Err(
        CommandError::new("private-key-in-token", Exit::File, message)
            .hint("keys go to --jwks, and the claims of a token to --claims"),
    )
}

/// A token that every verifier must refuse for the types of its claims is not minted. What else should be
/// known of them is given back.
fn require_valid(claims: &RawObject, now: NumericDate) -> Result<Checks, CommandError> {
    let text = claims.to_json();
    let read = Claims::read(text.as_bytes())
        .map_err(|failure| CommandError::from_failure(Exit::Usage, "the claims", &failure))?;
    let mut checks = Checks::default();
    read.check(&Expectations::default(), now, &mut checks);
    let invalid = checks
        .failures()
        .find(|failure| failure.code == Code::ClaimInvalid);
    match invalid {
        None => Ok(checks),
        Some(failure) => Err(CommandError::from_failure(
            Exit::Usage,
            "no verifier would take these claims",
            failure,
        )),
    }
}
