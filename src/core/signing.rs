//! From claims to a token: which key may sign, and the compact form (RFC 7515 §7.1).

use super::alg::{ALGORITHMS, Algorithm, Standing};
use super::base64url;
use super::engine::{Signer, Verifier};
use super::failure::{Code, Failure, quoted, quoted_list};
use super::json::RawObject;
use super::jwk::Jwk;
use super::jwks::{Entry, JwkSet};
use super::key_check::is_weakness;
use super::lifecycle::{State, states, unfitness};
use super::lint::weakness;
use super::shell::typed;
use super::time::NumericDate;

/// What to do where the key is half of one.
const PRIVATE_HALF: &str =
    "give the file with the private half: `jwks inspect` shows which half a file holds";

/// Why no key was chosen to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningRefusal {
    /// A stable name.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
}

impl SigningRefusal {
    fn new(code: &'static str, message: String) -> Self {
        Self {
            code,
            message,
            hint: None,
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// What to do with a weak key.
const REPLACE: &str = "replace it: who breaks it signs, too";
/// What takes a key that should not sign.
const FORCE: &str = "--force signs with it all the same";

/// Most kids that a hint lists.
const KIDS_SHOWN: usize = 8;

/// Which key is to sign, and how.
pub struct Choice<'r> {
    /// The key of this name, and not the active one.
    pub kid: Option<&'r str>,
    /// This algorithm, where the key or the set leaves a choice.
    pub algorithm: Option<&'static Algorithm>,
    /// Also a key that is not active, or weak.
    pub force: bool,
}

/// Chooses the key of `set` that signs at `now`.
///
/// # Errors
/// None, or several, answer the choice; or the one that does must not sign.
pub fn choose<'s>(
    set: &'s JwkSet,
    choice: &Choice<'_>,
    now: NumericDate,
) -> Result<(&'s Jwk, &'static Algorithm), SigningRefusal> {
    let states = states(set, now);
    let entry = match (choice.kid, only_private(set)) {
        (Some(kid), _) => named(set, kid)?,
        // By force the only key there is signs, whatever its state.
        (None, Some(entry)) if choice.force => entry,
        (None, _) => active(set, &states, choice.algorithm)?,
    };
    let jwk = entry.jwk().ok_or_else(|| unusable(entry))?;
    if !jwk.material().is_private() {
        let message = format!(
            "{} is a public key, and only a private one signs",
            entry.label()
        );
        return Err(SigningRefusal::new("public-key", message).hint(PRIVATE_HALF));
    }
    permit(entry, states[entry.index()], choice.force)?;
    let algorithm = algorithm(jwk, choice.algorithm, &entry.label())?;
    if is_too_short(jwk, algorithm) && !choice.force {
        let message = format!(
            "{} is weak: the secret has {} bytes, and {} needs at least {}",
            entry.label(),
            jwk.material().bits() / 8,
            algorithm.name,
            algorithm.symmetric_bytes
        );
        let refusal = SigningRefusal::new(Code::OctShort.as_str(), message);
        return Err(refusal.hint(format!("{REPLACE}; {FORCE}")));
    }
    let part = set.entries().part(entry.index()).filter(|_| !choice.force);
    if let Some(finding) = part.and_then(|part| weakness(part, now)) {
        let message = format!("{} is weak: {}", entry.label(), finding.message);
        let hint = format!("{}; {FORCE}", finding.advice());
        return Err(SigningRefusal::new(finding.rule.id, message).hint(hint));
    }
    Ok((jwk, algorithm))
}

/// Is it a secret that no verifier takes for `algorithm` (RFC 7518 §3.2)? Known from the key alone
/// only where the key names its algorithm.
fn is_too_short(jwk: &Jwk, algorithm: &Algorithm) -> bool {
    jwk.material().bits() < algorithm.symmetric_bytes * 8
}

/// The private key of a set that has no other.
fn only_private(set: &JwkSet) -> Option<&Entry> {
    let mut private = set
        .entries()
        .iter()
        .filter(|entry| entry.jwk().is_some_and(|jwk| jwk.material().is_private()));
    private.next().filter(|_| private.next().is_none())
}

fn named<'s>(set: &'s JwkSet, kid: &str) -> Result<&'s Entry, SigningRefusal> {
    let named: Vec<&Entry> = set
        .entries()
        .iter()
        .filter(|entry| entry.kid() == Some(kid))
        .collect();
    match named[..] {
        [entry] => Ok(entry),
        [] => {
            let message = format!("no key has the kid {}", quoted(kid));
            let kids: Vec<&str> = set.entries().iter().filter_map(Entry::kid).collect();
            let refusal = SigningRefusal::new(Code::UnknownKid.as_str(), message);
            Err(if kids.is_empty() {
                refusal.hint("no key has a kid at all: leave --kid out")
            } else {
                refusal.hint(format!("the kids are {}", quoted_list(&kids, KIDS_SHOWN)))
            })
        }
        _ => {
            let message = format!("several keys have the kid {}", quoted(kid));
            Err(SigningRefusal::new("ambiguous-kid", message).hint(
                "leave --kid out where one of them is active, or give each its own: `jwks convert FILE --kid-from=thumbprint`",
            ))
        }
    }
}

fn active<'s>(
    set: &'s JwkSet,
    states: &[State],
    algorithm: Option<&'static Algorithm>,
) -> Result<&'s Entry, SigningRefusal> {
    let active: Vec<&Entry> = set
        .entries()
        .iter()
        .filter(|entry| states[entry.index()] == State::Active)
        .filter(|entry| entry.jwk().is_some_and(|jwk| can_sign(jwk, algorithm)))
        .collect();
    match active[..] {
        [entry] => Ok(entry),
        [] => Err(none_active(set, algorithm)),
        _ => {
            let labels: Vec<String> = active
                .iter()
                .map(|entry| {
                    let alg = entry.jwk().and_then(|jwk| jwk.parameters().alg.clone());
                    format!(
                        "{} ({})",
                        entry.label(),
                        alg.unwrap_or_else(|| "no alg".to_owned())
                    )
                })
                .collect();
            Err(SigningRefusal::new(
                "several-active-keys",
                format!("several keys are active: {}", labels.join(", ")),
            )
            .hint(format!(
                "choose one with --kid or --alg, as by --kid={}",
                typed(active[0].kid().unwrap_or_default(), "KID")
            )))
        }
    }
}

fn none_active(set: &JwkSet, algorithm: Option<&'static Algorithm>) -> SigningRefusal {
    if set.entries().is_empty() {
        return SigningRefusal::new("no-active-key", "it holds no keys".to_owned())
            .hint("`jwks generate --alg ES256 --into FILE` makes a key in it");
    }
    let keys = set.entries().iter().filter_map(Entry::jwk);
    if set.entries().len() > 1 && !keys.clone().any(|jwk| jwk.material().is_private()) {
        let message = "it holds public keys alone, and only a private one signs".to_owned();
        return SigningRefusal::new("public-key", message).hint(PRIVATE_HALF);
    }
    // A lone key that is unusable or public is what the caller wants to hear about.
    if let Some(entry) = set.entries().only() {
        match entry.jwk() {
            Some(jwk) if entry.usable().is_some() && !jwk.material().is_private() => {
                let message = format!(
                    "{} is a public key, and only a private one signs",
                    entry.label()
                );
                return SigningRefusal::new("public-key", message).hint(PRIVATE_HALF);
            }
            Some(_) if entry.usable().is_some() && unfitness(entry).is_none() => {}
            _ => return unusable(entry),
        }
    }
    let message = match algorithm {
        Some(algorithm) => format!(
            "no private key is active that signs with {}",
            algorithm.name
        ),
        None => "no private signing key is active".to_owned(),
    };
    SigningRefusal::new("no-active-key", message)
        .hint("`jwks inspect` shows the state of each key; --kid chooses one")
}

fn unusable(entry: &Entry) -> SigningRefusal {
    let label = entry.label();
    if entry.is_revoked() {
        return SigningRefusal::new(Code::KeyRevoked.as_str(), format!("{label} is revoked"));
    }
    let fault = entry.faults().first().map(|fault| fault.failure.clone());
    match fault.or_else(|| unfitness(entry)) {
        Some(failure) => {
            let refusal = SigningRefusal::new(
                failure.code.as_str(),
                format!("{label} cannot be used: {failure}"),
            );
            match failure.hint {
                Some(hint) => refusal.hint(hint),
                None => refusal,
            }
        }
        None => SigningRefusal::new(
            Code::KeyUnusable.as_str(),
            format!("{label} cannot be used"),
        ),
    }
}

fn can_sign(jwk: &Jwk, algorithm: Option<&'static Algorithm>) -> bool {
    let material = jwk.material();
    let for_signatures = jwk
        .parameters()
        .key_use
        .as_deref()
        .is_none_or(|own| own != "enc")
        && jwk.algorithm().is_none_or(Algorithm::signs);
    let answers = match algorithm {
        None => true,
        Some(wanted) => {
            wanted.fits(material.key_type(), material.curve())
                && jwk.algorithm().is_none_or(|own| own.name == wanted.name)
        }
    };
    material.is_private() && for_signatures && answers
}

fn permit(entry: &Entry, state: State, force: bool) -> Result<(), SigningRefusal> {
    let label = entry.label();
    let refuse = |code, message: String, hint: &str| {
        let hint = format!("{hint}; {FORCE}");
        Err(SigningRefusal::new(code, message).hint(hint))
    };
    if let Some(fault) = entry
        .faults()
        .iter()
        .find(|fault| !is_weakness(fault.failure.code))
    {
        let message = format!("{label} cannot be used: {}", fault.failure);
        return Err(SigningRefusal::new(fault.failure.code.as_str(), message));
    }
    if force {
        return Ok(());
    }
    if let Some(fault) = entry.faults().first() {
        return refuse(
            fault.failure.code.as_str(),
            format!("{label} is weak: {}", fault.failure),
            REPLACE,
        );
    }
    if let Some(failure) = unfitness(entry) {
        return refuse(
            failure.code.as_str(),
            format!("{label} cannot be used: {failure}"),
            "mend its members",
        );
    }
    match state {
        State::Active => Ok(()),
        State::Revoked => refuse(
            Code::KeyRevoked.as_str(),
            format!("{label} is revoked"),
            "leave --kid out to sign with the active key, since others may hold this one",
        ),
        other => refuse(
            "key-not-active",
            format!("{label} is {}, not active", other.name()),
            "leave --kid out to sign with the active key, which every consumer knows by now",
        ),
    }
}

/// The algorithm to sign with: the key's own, the one asked for, or the only one that fits.
fn algorithm(
    jwk: &Jwk,
    wanted: Option<&'static Algorithm>,
    label: &str,
) -> Result<&'static Algorithm, SigningRefusal> {
    let material = jwk.material();
    let mismatch = |message: String| SigningRefusal::new(Code::AlgKeyMismatch.as_str(), message);
    if jwk.parameters().key_use.as_deref() == Some("enc") {
        return Err(mismatch(format!(
            "{label} is for encryption (its use is \"enc\")"
        )));
    }
    if let Some(key_ops) = &jwk.parameters().key_ops
        && !key_ops.iter().any(|operation| operation == "sign")
    {
        return Err(mismatch(format!(
            "the key_ops of {label} do not include \"sign\""
        )));
    }
    match (&jwk.parameters().alg, wanted) {
        (Some(own), Some(wanted)) if own != wanted.name => Err(mismatch(format!(
            "{label} is for {}, not for {}",
            quoted(own),
            wanted.name
        ))),
        (Some(own), _) => jwk.algorithm().filter(|row| row.signs()).ok_or_else(|| {
            mismatch(format!(
                "{label} is for {}, which does not sign",
                quoted(own)
            ))
        }),
        (None, Some(wanted)) if wanted.fits(material.key_type(), material.curve()) => Ok(wanted),
        (None, Some(wanted)) => Err(mismatch(format!(
            "{} cannot be used with {label}, which is {}",
            wanted.name,
            material.description()
        ))),
        (None, None) => {
            let fitting: Vec<&'static Algorithm> = ALGORITHMS
                .iter()
                .filter(|row| row.signs() && row.standing == Standing::Current)
                .filter(|row| row.fits(material.key_type(), material.curve()))
                .collect();
            if let [row] = fitting[..] {
                Ok(row)
            } else {
                let names: Vec<&str> = fitting.iter().map(|row| row.name).collect();
                Err(mismatch(format!(
                    "{label} has no alg, and several fit: {}",
                    names.join(", ")
                ))
                .hint("choose one with --alg"))
            }
        }
    }
}

/// Signs `claims` and gives the compact token. What was signed is verified with the public half, so
/// that a faulty computation never leaves this function.
///
/// # Errors
/// The key cannot sign, or what it signed does not verify.
pub fn sign(
    jwk: &Jwk,
    algorithm: &'static Algorithm,
    header: &RawObject,
    claims: &RawObject,
) -> Result<String, Failure> {
    let mut token = format!(
        "{}.{}",
        base64url::encode(header.to_json().as_bytes()),
        base64url::encode(claims.to_json().as_bytes())
    );
    let material = jwk.material();
    let signature = Signer::new(material, algorithm)?.sign(token.as_bytes())?;
    // Only a secret too short for the verifier, signed with by force, goes unchecked.
    if !is_too_short(jwk, algorithm)
        && !Verifier::new(material, algorithm)?.verify(token.as_bytes(), &signature)
    {
        let message = "the signature that was made does not verify";
        return Err(Failure::new(Code::SignatureInvalid, message));
    }
    token.push('.');
    token.push_str(&base64url::encode(&signature));
    Ok(token)
}
