//! The protected header (RFC 7515 §4, RFC 7797).

use std::collections::HashSet;

use crate::core::alg::{self, Algorithm, Standing};
use crate::core::base64url;
use crate::core::failure::{Code, Failure, quoted};
use crate::core::json::{JsonError, JsonFault, Node, Object, Position, Value, read, read_strict};

/// Header parameters that point to a key. They are never followed: whoever made the token wrote them.
const KEY_POINTERS: [&str; 4] = ["jku", "x5u", "jwk", "x5c"];

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

impl ProtectedHeader {
    /// Reads the header.
    ///
    /// # Errors
    /// [`Code::HeaderMalformed`] or [`Code::DuplicateMember`]; faults of single parameters are
    /// gathered in [`ProtectedHeader::faults`].
    pub fn read(octets: &[u8]) -> Result<Self, Failure> {
        let node = read_strict(octets)
            .map_err(|error| json_failure("header", Code::HeaderMalformed, octets, &error))?;
        let object = node.as_object().ok_or_else(|| {
            Failure::new(
                Code::HeaderMalformed,
                format!("the header is {}, not a JSON object", node.kind()),
            )
        })?;
        let mut header = Self {
            b64: true,
            ..Self::default()
        };
        header.alg = header.string(object, "alg");
        header.kid = header.string(object, "kid");
        header.typ = header.string(object, "typ");
        header.cty = header.string(object, "cty");
        header.key_pointers = KEY_POINTERS
            .into_iter()
            .filter(|name| object.get(name).is_some())
            .collect();
        if object.get("alg").is_none() {
            let message = "the header has no \"alg\"";
            header
                .faults
                .push(Failure::new(Code::AlgMissing, message).member("alg"));
        }
        header.faults.extend(crit_fault(object));
        header.read_b64(object);
        Ok(header)
    }

    fn string(&mut self, object: &Object<'_>, name: &str) -> Option<String> {
        let node = object.get(name)?;
        let problem = match node.as_str() {
            Some(text) if !text.contains('\0') => return Some(text.to_owned()),
            Some(_) => "contains a NUL character".to_owned(),
            None => format!("is {}, not a string", node.kind()),
        };
        let message = format!("the header's \"{name}\" {problem}");
        self.faults
            .push(Failure::new(Code::HeaderInvalid, message).member(name));
        None
    }

    /// RFC 7797 §6: `b64` counts only when `crit` names it, and is refused otherwise.
    fn read_b64(&mut self, object: &Object<'_>) {
        let Some(node) = object.get("b64") else {
            return;
        };
        let critical = object
            .get("crit")
            .and_then(Node::as_strings)
            .is_some_and(|names| names.contains(&"b64"));
        let problem = match node.value() {
            Value::Bool(value) if critical => {
                self.b64 = *value;
                return;
            }
            Value::Bool(_) => "is not listed in \"crit\" (RFC 7797 section 6)",
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
        .hint("an unsigned token proves nothing: anyone can write one"));
    }
    let failure = |message: String| Failure::new(Code::AlgUnknown, message).member("alg");
    match alg::by_name(name) {
        Some(row) if row.signs() && !matches!(row.standing, Standing::Prohibited(_)) => Ok(row),
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
fn crit_fault(object: &Object<'_>) -> Option<Failure> {
    const UNDERSTOOD: [&str; 1] = ["b64"];
    const REGISTERED: [&str; 11] = [
        "alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit",
    ];
    let node = object.get("crit")?;
    let invalid = |message: String| Some(Failure::new(Code::CritInvalid, message).member("crit"));
    let Some(names) = node.as_strings().filter(|names| !names.is_empty()) else {
        return invalid("\"crit\" is not a non-empty array of strings".to_owned());
    };
    let mut seen = HashSet::new();
    if let Some(name) = names.iter().find(|name| !seen.insert(**name)) {
        return invalid(format!("\"crit\" names {} twice", quoted(name)));
    }
    // Ends at the first name that is not understood, so that a long list costs nothing.
    for name in &names {
        if REGISTERED.contains(name) {
            return invalid(format!(
                "\"crit\" names the registered parameter \"{name}\""
            ));
        }
        if object.get(name).is_none() {
            return invalid(format!(
                "\"crit\" names {}, which the header lacks",
                quoted(name)
            ));
        }
        if !UNDERSTOOD.contains(name) {
            let message = format!(
                "the token demands that its extension {} be understood, and it is not",
                quoted(name)
            );
            return Some(Failure::new(Code::CritNotUnderstood, message).member("crit"));
        }
    }
    None
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
