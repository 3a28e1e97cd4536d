//! What a source is and what it holds: for people, and as `jwks.inspect/1`.

use serde_json::{Value, json};

use super::json::object;
use super::message::hint_line;
use super::paint::Paint;
use super::table::{LONGEST_ALIGNED, table};
use crate::core::alg::Curve;
use crate::core::diagnosis::{Finding, Severity};
use crate::core::failure::printable;
use crate::core::json::{Node, Positions, RawObject};
use crate::core::jwk::Jwk;
use crate::core::jwks::{Entry, Form, JwkSet};
use crate::core::key::Material;
use crate::core::lifecycle::State;
use crate::core::time::NumericDate;

/// A source that holds keys.
pub struct KeysView<'s> {
    /// The source as messages name it.
    pub name: &'s str,
    /// Where things stand in the document.
    pub positions: Positions<'s>,
    /// Its keys.
    pub set: &'s JwkSet,
    /// The state of each key; none when nothing in the set is dated.
    pub states: Option<Vec<State>>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

/// A source that holds a token.
pub struct TokenView<'s> {
    /// The source as messages name it.
    pub name: &'s str,
    /// Length in bytes.
    pub length: usize,
    /// The header.
    pub header: Node<'s>,
    /// The claims, when the payload is JSON.
    pub claims: Option<Node<'s>>,
    /// Length of the payload in bytes.
    pub payload_length: usize,
    /// Length of the signature in bytes.
    pub signature_length: usize,
}

/// The registered claims and parameters whose name says nothing to a newcomer
/// (RFC 7519 §4.1, RFC 7515 §4.1, OpenID Connect Core 1.0 §2, RFC 8693 §4, RFC 9068 §2.2).
const NAMES: [(&str, &str); 24] = [
    ("iss", "issuer"),
    ("sub", "subject"),
    ("aud", "audience"),
    ("exp", "expiration time"),
    ("nbf", "not before"),
    ("iat", "issued at"),
    ("jti", "token ID"),
    ("auth_time", "time of authentication"),
    ("nonce", "nonce"),
    ("acr", "authentication context class"),
    ("amr", "authentication methods"),
    ("azp", "authorized party"),
    ("act", "actor"),
    ("cnf", "confirmation key"),
    ("scope", "scope"),
    ("client_id", "client"),
    ("sid", "session ID"),
    ("alg", "algorithm"),
    ("kid", "key ID"),
    ("typ", "type"),
    ("cty", "content type"),
    ("jku", "set URL, never followed"),
    ("jwk", "key, never trusted"),
    ("crit", "critical extensions"),
];

const DATES: [&str; 4] = ["exp", "nbf", "iat", "auth_time"];

impl KeysView<'_> {
    /// The view for people.
    #[must_use]
    pub fn text(&self, now: NumericDate, width: usize, paint: Paint) -> String {
        let count = match self.set.entries().len() {
            1 => "1 key".to_owned(),
            count => format!("{count} keys"),
        };
        let form = match self.set.form() {
            Form::Jwk => "a JWK",
            Form::Jwks => "a JWK Set",
            Form::Array => "an array of JWKs",
        };
        let mut text = format!("{}: {form}, {count}\n", paint.strong(&printable(self.name)));
        if !self.set.entries().is_empty() {
            text.push('\n');
            text.push_str(&self.table(now, width, paint));
            text.push('\n');
        }
        if !self.findings.is_empty() {
            text.push('\n');
        }
        for finding in &self.findings {
            text.push_str(&self.finding(finding, paint));
        }
        text
    }

    fn table(&self, now: NumericDate, width: usize, paint: Paint) -> String {
        let mut heading = vec!["KID", "TYPE", "ALG", "USE", "HALF", "THUMBPRINT"];
        if self.states.is_some() {
            heading.extend(["STATE", "AGE"]);
        }
        let rows = self
            .set
            .entries()
            .iter()
            .map(|entry| self.row(entry, now))
            .collect();
        table(&heading, rows, width, paint)
    }

    fn row(&self, entry: &Entry, now: NumericDate) -> Vec<String> {
        let none = || "-".to_owned();
        let shown = |text: Option<&String>| text.map_or_else(none, |text| printable(text));
        let jwk = entry.jwk();
        let parameters = jwk.map(Jwk::parameters);
        let mut row = vec![
            entry.kid().map_or_else(none, printable),
            jwk.map_or_else(|| unread_type(entry), |jwk| jwk.material().description()),
            shown(parameters.and_then(|parameters| parameters.alg.as_ref())),
            shown(parameters.and_then(|parameters| parameters.key_use.as_ref())),
            jwk.map_or_else(none, |jwk| half(jwk.material()).to_owned()),
            jwk.map_or_else(none, |jwk| thumbprint_cell(jwk, entry.kid())),
        ];
        if let Some(states) = &self.states {
            let state = states.get(entry.index()).copied();
            row.push(state.map_or_else(none, |state| state.name().to_owned()));
            let since = parameters.and_then(|parameters| parameters.iat.or(parameters.nbf));
            row.push(since.map_or_else(none, |since| since.relative_to(now)));
        }
        row
    }

    fn finding(&self, finding: &Finding, paint: Paint) -> String {
        let code = format!("{}[{}]", finding.severity.name(), finding.failure.code);
        let code = match finding.severity {
            Severity::Error => paint.bad(&code),
            Severity::Warning => paint.warning(&code),
            Severity::Info => paint.faint(&code),
        };
        let position = self.positions.of(finding.offset);
        let mut text = format!(
            "{code}: {}:{}:{}: {}: {}\n",
            printable(self.name),
            position.line,
            position.column,
            finding.label,
            finding.failure.message
        );
        if let Some(hint) = &finding.failure.hint {
            text.push_str(&format!("  {}\n", hint_line(hint, paint)));
        }
        text
    }

    fn keys_json(&self) -> Vec<Value> {
        self.set
            .entries()
            .iter()
            .map(|entry| {
                let position = self.positions.of(entry.offset());
                let mut key = json!({
                    "source": self.name,
                    "index": entry.index(),
                    "kid": entry.kid(),
                    "line": position.line,
                    "column": position.column,
                    "usable": entry.usable().is_some(),
                });
                if let Some(jwk) = entry.jwk() {
                    let parameters = jwk.parameters();
                    let material = jwk.material();
                    key["kty"] = material.key_type().name().into();
                    key["crv"] = material.curve().map(Curve::name).into();
                    key["bits"] = material.bits().into();
                    key["alg"] = parameters.alg.clone().into();
                    key["use"] = parameters.key_use.clone().into();
                    key["key_ops"] = parameters.key_ops.clone().into();
                    key["half"] = half(material).into();
                    key["thumbprint"] = jwk.thumbprint().into();
                    for (name, date) in [
                        ("iat", parameters.iat),
                        ("nbf", parameters.nbf),
                        ("exp", parameters.exp),
                    ] {
                        key[name] = date.map(NumericDate::seconds).into();
                    }
                }
                let states = self.states.as_ref();
                let state = states.and_then(|states| states.get(entry.index()));
                key["state"] = state.map(|state| state.name()).into();
                key
            })
            .collect()
    }

    fn findings_json(&self) -> Vec<Value> {
        self.findings
            .iter()
            .map(|finding| {
                let position = self.positions.of(finding.offset);
                let mut value = super::json::failure(&finding.failure);
                value["severity"] = finding.severity.name().into();
                value["source"] = self.name.into();
                value["key"] = finding.index.into();
                value["line"] = position.line.into();
                value["column"] = position.column.into();
                value
            })
            .collect()
    }
}

/// What a key that cannot be read says of its type.
fn unread_type(entry: &Entry) -> String {
    let kty = entry.members().get("kty").unwrap_or_default();
    match kty.trim_matches('"') {
        "" => "unreadable".to_owned(),
        kty => printable(kty),
    }
}

/// The thumbprint, but for a key that is named by it: twice the same would fill the screen.
fn thumbprint_cell(jwk: &Jwk, kid: Option<&str>) -> String {
    match jwk.thumbprint() {
        None => "-".to_owned(),
        Some(thumbprint) if kid == Some(thumbprint.as_str()) => "is the kid".to_owned(),
        Some(thumbprint) => thumbprint,
    }
}

fn half(material: &Material) -> &'static str {
    match material {
        Material::Public(_) => "public",
        Material::Pair(..) => "private",
        Material::Symmetric(_) => "secret",
    }
}

impl TokenView<'_> {
    /// The view for people.
    #[must_use]
    pub fn text(&self, now: NumericDate, paint: Paint) -> String {
        let mut text = format!(
            "{}: a signed token (JWS), {} bytes, {}\n",
            paint.strong(&printable(self.name)),
            self.length,
            paint.warning("signature NOT checked")
        );
        text.push_str(&format!("\n{}\n", paint.strong("header")));
        text.push_str(&members(&self.header, now, paint));
        match &self.claims {
            Some(claims) => {
                text.push_str(&format!("\n{}\n", paint.strong("claims")));
                text.push_str(&members(claims, now, paint));
            }
            None => text.push_str(&format!(
                "\npayload: {} bytes that are no JSON object\n",
                self.payload_length
            )),
        }
        text.push_str(&format!("\nsignature: {} bytes\n", self.signature_length));
        text
    }

    fn json(&self) -> Value {
        json!({
            "source": self.name,
            "bytes": self.length,
            "signature_bytes": self.signature_length,
            "signature_checked": false,
        })
    }
}

fn members(node: &Node<'_>, now: NumericDate, paint: Paint) -> String {
    let Some(object) = node.as_object() else {
        return format!("  {}\n", printable(node.raw()));
    };
    let widest = object
        .members()
        .iter()
        .map(|member| printable(member.name()).chars().count())
        .filter(|&width| width <= LONGEST_ALIGNED)
        .max()
        .unwrap_or_default();
    let mut text = String::new();
    for member in object.members() {
        let name = printable(member.name());
        let value = printable(member.value().raw());
        let mut line = format!("  {name:<widest$}  {value}");
        let mut remarks = Vec::new();
        if let Some((_, meaning)) = NAMES.iter().find(|(known, _)| *known == member.name()) {
            remarks.push((*meaning).to_owned());
        }
        if DATES.contains(&member.name())
            && let Some(number) = member.value().as_number()
        {
            let date = NumericDate::from_json_number(number);
            remarks.push(format!("{date}, {}", date.relative_to(now)));
        }
        if !remarks.is_empty() {
            line.push_str(&paint.faint(&format!("  ({})", remarks.join(": "))));
        }
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// The report `jwks.inspect/1` on all sources.
#[must_use]
pub fn report(keys: &[KeysView<'_>], tokens: &[TokenView<'_>]) -> String {
    let mut report = object("jwks.inspect/1");
    let all_keys: Vec<Value> = keys.iter().flat_map(KeysView::keys_json).collect();
    let findings: Vec<Value> = keys.iter().flat_map(KeysView::findings_json).collect();
    report.set_raw("keys", Value::from(all_keys).to_string());
    report.set_raw("findings", Value::from(findings).to_string());
    // Headers and claims keep the spelling of the token, so they are put in as they are.
    let tokens: Vec<String> = tokens
        .iter()
        .map(|token| {
            let mut entry = RawObject::new();
            if let Value::Object(facts) = token.json() {
                for (name, value) in facts {
                    entry.set_raw(&name, value.to_string());
                }
            }
            entry.set_raw("header", token.header.raw());
            if let Some(claims) = &token.claims {
                entry.set_raw("claims", claims.raw());
            }
            entry.to_json().to_string()
        })
        .collect();
    report.set_raw("tokens", format!("[{}]", tokens.join(",")));
    super::json::text(&report)
}
