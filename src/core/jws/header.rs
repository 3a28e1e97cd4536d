//! The protected header (RFC 7515 §4, RFC 7797).

use std::collections::HashSet;

use crate::core::alg::{self, Algorithm, Standing};
use crate::core::base64url;
use crate::core::failure::{Code, Failure, quoted};
use crate::core::json::{JsonError, JsonFault, Part, Position, Text, each_member, read};

/// Header parameters that point to a key. They are never followed: whoever made the token wrote them.
const KEY_POINTERS: [&str; 4] = ["jku", "x5u", "jwk", "x5c"];

/// Most names that `crit` may hold: one is understood, so that a longer list is refused in any case.
const CRITICAL_NAMES: usize = 64;

/// The parameters of a protected header that this program acts on.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "the fields are the registered parameter names")]
pub struct ProtectedHeader {
    pub alg: Option<String>,
    pub kid: Option<String>,
    pub typ: Option<String>,
    pub cty: Option<String>,
    /// False when the payload is signed as it is (RFC 7797 §3).
    pub b64: bool,
    /// Those of `jku`, `x5u`, `jwk`, `x5c` that are there, to be ignored.
    pub key_pointers: Vec<&'static str>,
    /// What is wrong with the parameters, `crit` included.
    pub faults: Vec<Failure>,
}

/// The parameters as they stand in the header.
#[derive(Default)]
struct Parameters<'a> {
    alg: Option<Part<'a>>,
    kid: Option<Part<'a>>,
    typ: Option<Part<'a>>,
    cty: Option<Part<'a>>,
    crit: Option<Part<'a>>,
    b64: Option<Part<'a>>,
    /// Which of [`KEY_POINTERS`] are there.
    key_pointers: [bool; KEY_POINTERS.len()],
}

impl<'a> Parameters<'a> {
    /// Takes a member, when it is one of them.
    fn take(&mut self, name: &str, value: Part<'a>) {
        let place = match name {
            "alg" => &mut self.alg,
            "kid" => &mut self.kid,
            "typ" => &mut self.typ,
            "cty" => &mut self.cty,
            "crit" => &mut self.crit,
            "b64" => &mut self.b64,
            _ => {
                if let Some(index) = KEY_POINTERS.iter().position(|own| *own == name) {
                    self.key_pointers[index] = true;
                }
                return;
            }
        };
        *place = Some(value);
    }
}

impl ProtectedHeader {
    /// Reads the header.
    ///
    /// # Errors
    /// [`Code::HeaderMalformed`] or [`Code::DuplicateMember`]; faults of single parameters are
    /// gathered in [`ProtectedHeader::faults`].
    pub fn read(octets: &[u8]) -> Result<Self, Failure> {
        let mut parameters = Parameters::default();
        let whole = each_member(octets, |name, value| parameters.take(name, value))
            .map_err(|error| json_failure("header", Code::HeaderMalformed, octets, &error))?;
        if !whole.is_object() {
            let message = format!("the header is {}, not a JSON object", whole.kind());
            return Err(Failure::new(Code::HeaderMalformed, message));
        }
        let mut header = Self {
            b64: true,
            ..Self::default()
        };
        header.alg = header.string("alg", parameters.alg);
        header.kid = header.string("kid", parameters.kid);
        header.typ = header.string("typ", parameters.typ);
        header.cty = header.string("cty", parameters.cty);
        header.key_pointers = KEY_POINTERS
            .into_iter()
            .zip(parameters.key_pointers)
            .filter_map(|(name, is_there)| is_there.then_some(name))
            .collect();
        if parameters.alg.is_none() {
            let message = "the header has no \"alg\"";
            header
                .faults
                .push(Failure::new(Code::AlgMissing, message).member("alg"));
        }
        header
            .faults
            .extend(parameters.crit.and_then(|crit| crit_fault(crit, whole)));
        header.read_b64(&parameters);
        Ok(header)
    }

    fn string(&mut self, name: &str, part: Option<Part<'_>>) -> Option<String> {
        let part = part?;
        let problem = match part.as_str() {
            Some(text) if !text.as_str().contains('\0') => return Some(text.as_str().to_owned()),
            Some(_) => "contains a NUL character".to_owned(),
            None => format!("is {}, not a string", part.kind()),
        };
        let message = format!("the header's \"{name}\" {problem}");
        self.faults
            .push(Failure::new(Code::HeaderInvalid, message).member(name));
        None
    }

    /// RFC 7797 §6: `b64` counts only when `crit` names it, and is refused otherwise.
    fn read_b64(&mut self, parameters: &Parameters<'_>) {
        let Some(part) = parameters.b64 else {
            return;
        };
        let names = parameters.crit.and_then(critical_names);
        let critical = names.is_some_and(|names| names.iter().any(|name| name.as_str() == "b64"));
        let problem = match part.raw() {
            "true" | "false" if critical => {
                self.b64 = part.raw() == "true";
                return;
            }
            "true" | "false" => "is not listed in \"crit\" (RFC 7797 section 6)",
            _ => "is not a boolean",
        };
        let message = format!("the header's \"b64\" {problem}");
        self.faults
            .push(Failure::new(Code::B64Invalid, message).member("b64"));
    }

    /// The algorithm that the header names.
    ///
    /// # Errors
    /// `none`, an unknown name, or one that does not sign.
    #[must_use]
    pub fn algorithm(&self) -> Option<Result<&'static Algorithm, Failure>> {
        let name = self.alg.as_deref()?;
        Some(signing_algorithm(name))
    }
}

fn signing_algorithm(name: &str) -> Result<&'static Algorithm, Failure> {
    if name.eq_ignore_ascii_case("none") {
        return Err(Failure::new(
            Code::AlgNone,
            format!("alg {} means that the token is not signed", quoted(name)),
        )
        .member("alg")
        .hint("an unsigned token proves nothing, anyone can write one: have it signed, as `jwks sign` does"));
    }
    let failure = |message: String| Failure::new(Code::AlgUnknown, message).member("alg");
    match alg::by_name(name) {
        Some(row) if row.signs() && !matches!(row.standing, Standing::Prohibited { .. }) => Ok(row),
        Some(row) => Err(failure(format!(
            "alg \"{}\" is for encryption, not for signatures",
            row.name
        ))),
        None => {
            let unknown = failure(format!("the algorithm {} is not known", quoted(name)));
            Err(match alg::near(name) {
                Some(meant) => unknown.hint(format!(
                    "names of algorithms are case-sensitive: the signer should write \"{meant}\""
                )),
                None => unknown,
            })
        }
    }
}

/// RFC 7515 §4.1.11: a non-empty array of distinct names, each understood, none of them a
/// registered parameter, each present in the header.
fn crit_fault(crit: Part<'_>, header: Part<'_>) -> Option<Failure> {
    const UNDERSTOOD: [&str; 1] = ["b64"];
    const REGISTERED: [&str; 11] = [
        "alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit",
    ];
    let invalid = |message: String| Some(Failure::new(Code::CritInvalid, message).member("crit"));
    let Some(names) = critical_names(crit).filter(|names| !names.is_empty()) else {
        return invalid(format!(
            "\"crit\" is not a non-empty array of at most {CRITICAL_NAMES} strings"
        ));
    };
    let names: Vec<&str> = names.iter().map(Text::as_str).collect();
    let mut seen = HashSet::new();
    if let Some(name) = names.iter().find(|name| !seen.insert(**name)) {
        return invalid(format!("\"crit\" names {} twice", quoted(name)));
    }
    for name in names {
        if REGISTERED.contains(&name) {
            return invalid(format!(
                "\"crit\" names the registered parameter \"{name}\""
            ));
        }
        if header.member(name).is_none() {
            return invalid(format!(
                "\"crit\" names {}, which the header lacks",
                quoted(name)
            ));
        }
        if !UNDERSTOOD.contains(&name) {
            let message = format!(
                "the token demands that its extension {} be understood, and it is not",
                quoted(name)
            );
            return Some(Failure::new(Code::CritNotUnderstood, message).member("crit"));
        }
    }
    None
}

/// The names of an array of nothing but strings, and of no more than [`CRITICAL_NAMES`].
fn critical_names(crit: Part<'_>) -> Option<Vec<Text<'_>>> {
    let mut names = Vec::new();
    crit.each_element(|element| {
        names.push(element.as_str());
        names.len() <= CRITICAL_NAMES
    })?;
    if names.len() > CRITICAL_NAMES {
        return None;
    }
    names.into_iter().collect()
}

/// The failure that a JSON error in a part of a token is.
pub(in crate::core) fn json_failure(
    part: &str,
    code: Code,
    octets: &[u8],
    error: &JsonError,
) -> Failure {
    match &error.fault {
        JsonFault::DuplicateMember(name) => Failure::new(
            Code::DuplicateMember,
            format!("the {part} has the member {} twice", quoted(name)),
        )
        .member(name.clone())
        .hint("two readers could understand this token in two ways, so it is refused"),
        _ => Failure::new(
            code,
            format!(
                "the {part} is not JSON: {error} ({})",
                Position::of(octets, error.offset)
            ),
        ),
    }
}

/// True when `octets` are a header that a token could start with: a JSON object.
#[must_use]
pub fn looks_like_header(segment: &str) -> bool {
    base64url::decode(segment)
        .is_ok_and(|octets| read(&octets).is_ok_and(|node| node.as_object().is_some()))
}

/// True when two media types are the same as `typ` values: without case, and `x` means
/// `application/x` (RFC 7515 §4.1.9).
#[must_use]
pub fn same_type(one: &str, other: &str) -> bool {
    let bare = |name: &str| {
        let lower = name.to_ascii_lowercase();
        match lower.strip_prefix("application/") {
            Some(rest) if !rest.contains('/') => rest.to_owned(),
            _ => lower,
        }
    };
    bare(one) == bare(other)
}
