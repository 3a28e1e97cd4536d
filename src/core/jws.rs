//! Compact JWS (RFC 7515 §7.1) and its protected header (RFC 7515 §4, RFC 7797).

use std::collections::HashSet;

use super::alg::{self, Algorithm, Standing};
use super::base64url::{self, is_alphabet_byte};
use super::failure::{Code, Failure, quoted};
use super::json::{JsonError, JsonFault, Node, Object, Position, Value, read, read_strict};

/// Longest token that is read, in bytes, unless another limit is asked for.
pub const TOKEN_LIMIT: usize = 1 << 20;

/// Header parameters that point to a key. They are never followed: whoever made the token wrote them.
const KEY_POINTERS: [&str; 4] = ["jku", "x5u", "jwk", "x5c"];

/// The three parts of a token, still encoded.
#[derive(Debug, Clone, Copy)]
pub struct CompactJws<'a> {
    header: &'a str,
    payload: &'a str,
    signature: &'a str,
    /// Everything before the second dot.
    signing_input: &'a str,
}

impl<'a> CompactJws<'a> {
    /// Splits a token of at most `limit` bytes. One newline at its end is not part of it.
    ///
    /// # Errors
    /// What keeps the input from being a compact JWS.
    pub fn split(input: &'a [u8], limit: usize) -> Result<Self, Failure> {
        let token = without_newline(input);
        if token.len() > limit {
            return Err(Failure::new(
                Code::TokenTooLarge,
                format!("the token is longer than the limit of {limit} bytes"),
            ));
        }
        if token.is_empty() {
            return Err(Failure::new(
                Code::TokenEmpty,
                "there is no token: the input is empty",
            ));
        }
        if let Some(at) = token.iter().position(|&byte| !is_token_byte(byte)) {
            return Err(foreign_character(token, at));
        }
        // Only ASCII is left.
        let text = std::str::from_utf8(token).unwrap_or_default();
        let parts: Vec<&str> = text.splitn(7, '.').collect();
        match parts[..] {
            [header, payload, signature] => Ok(Self {
                header,
                payload,
                signature,
                signing_input: &text[..header.len() + 1 + payload.len()],
            }),
            [_, _, _, _, _] => Err(Failure::new(
                Code::TokenEncrypted,
                "this is an encrypted token (JWE): it has five parts, and a signed token has three",
            )
            .hint("only its recipient can open it; a signed token may be inside")),
            _ => Err(Failure::new(
                Code::TokenParts,
                format!(
                    "this is no compact token: it has {}, and a signed token has three",
                    match parts.len() {
                        1 => "one part".to_owned(),
                        7 => "more than six parts".to_owned(),
                        count => format!("{count} parts"),
                    }
                ),
            )
            .hint(
                "a token looks like HEADER.PAYLOAD.SIGNATURE; was it cut off when it was copied?",
            )),
        }
    }

    /// The octets of the header.
    ///
    /// # Errors
    /// [`Code::TokenBase64`].
    pub fn header_octets(&self) -> Result<Vec<u8>, Failure> {
        part("header", self.header)
    }

    /// The octets of the payload, which is the part itself when the header says that it is not
    /// `encoded` (RFC 7797 §5.2).
    ///
    /// # Errors
    /// [`Code::TokenBase64`].
    pub fn payload_octets(&self, encoded: bool) -> Result<Vec<u8>, Failure> {
        if encoded {
            part("payload", self.payload)
        } else {
            Ok(self.payload.as_bytes().to_vec())
        }
    }

    /// The octets of the signature.
    ///
    /// # Errors
    /// [`Code::TokenBase64`].
    pub fn signature_octets(&self) -> Result<Vec<u8>, Failure> {
        part("signature", self.signature)
    }

    /// True when the payload part is empty, as it is beside detached content (RFC 7515 appendix F).
    #[must_use]
    pub fn is_detached(&self) -> bool {
        self.payload.is_empty()
    }

    /// What the signature covers (RFC 7515 §5.2 step 8).
    #[must_use]
    pub fn signing_input(&self) -> &'a [u8] {
        self.signing_input.as_bytes()
    }

    /// What the signature covers when the content is detached (RFC 7515 appendix F, RFC 7797 §3).
    #[must_use]
    pub fn detached_signing_input(&self, content: &[u8], encoded: bool) -> Vec<u8> {
        let mut input = format!("{}.", self.header).into_bytes();
        if encoded {
            input.extend_from_slice(base64url::encode(content).as_bytes());
        } else {
            input.extend_from_slice(content);
        }
        input
    }
}

fn without_newline(input: &[u8]) -> &[u8] {
    match input.strip_suffix(b"\n") {
        Some(line) => line.strip_suffix(b"\r").unwrap_or(line),
        None => input,
    }
}

fn is_token_byte(byte: u8) -> bool {
    is_alphabet_byte(byte) || byte == b'.'
}

fn foreign_character(token: &[u8], at: usize) -> Failure {
    let shown = match token[at] {
        byte if byte.is_ascii_graphic() => quoted(&char::from(byte).to_string()),
        b' ' => "a space".to_owned(),
        b'\n' | b'\r' => "a line break".to_owned(),
        byte => format!("the byte 0x{byte:02x}"),
    };
    let failure = Failure::new(
        Code::TokenCharacter,
        format!(
            "character {} of the token is {shown}, which no token has",
            at + 1
        ),
    );
    let start = &token[..token.len().min(7)];
    if start.eq_ignore_ascii_case(b"bearer ") {
        failure.hint("leave out the word \"Bearer\" and give the token alone")
    } else if token.starts_with(b"{") {
        failure.hint("this looks like JSON; only the compact form HEADER.PAYLOAD.SIGNATURE is read")
    } else if matches!(token[at], b'+' | b'/' | b'=') {
        failure.hint("this is standard base64; tokens use base64url (- and _) without padding")
    } else if token.starts_with(b"\"") || token.starts_with(b"'") {
        failure.hint("give the token without quotes around it")
    } else if token[at].is_ascii_whitespace() {
        failure.hint("was the token broken into lines when it was copied?")
    } else {
        failure
    }
}

fn part(name: &str, text: &str) -> Result<Vec<u8>, Failure> {
    base64url::decode(text)
        .map(|octets| octets.to_vec())
        .map_err(|fault| {
            Failure::new(
                Code::TokenBase64,
                format!("the {name} is not canonical base64url: {fault}"),
            )
            .hint("the token was cut off or changed")
        })
}

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
pub(super) fn json_failure(part: &str, code: Code, octets: &[u8], error: &JsonError) -> Failure {
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
