//! The report `jwks.inspect/1`.

use serde_json::{Value, json};

use super::certificates::Certificates;
use super::keys::half;
use super::{Holds, KeysView, SourceView};
use crate::core::alg::Curve;
use crate::core::failure::shown;
use crate::core::json::Positions;
use crate::core::jwks::Entry;
use crate::core::lifecycle::State;
use crate::core::lint::Finding;
use crate::core::time::NumericDate;
use crate::error::CommandError;
use crate::output::json::{object, text};
use crate::output::message::error_value;

/// The report on all sources, and on those that could not be read.
#[must_use]
pub fn report(sources: &[SourceView<'_>], errors: &[CommandError]) -> String {
    let mut report = object("jwks.inspect/1");
    let facts: Vec<Value> = sources.iter().map(source).collect();
    let keys: Vec<Value> = sources.iter().flat_map(keys).collect();
    let findings: Vec<Value> = sources
        .iter()
        .flat_map(|source| source.findings.iter().map(|found| finding(source, found)))
        .collect();
    // Headers and claims keep the spelling of the token, so they are put in as they are.
    let tokens: Vec<String> = sources
        .iter()
        .filter_map(|source| match &source.holds {
            Holds::Token(token) => Some(token.json(source.name)),
            _ => None,
        })
        .collect();
    report.set_raw("sources", Value::from(facts).to_string());
    report.set_raw("keys", Value::from(keys).to_string());
    report.set_raw("findings", Value::from(findings).to_string());
    report.set_raw("tokens", format!("[{}]", tokens.join(",")));
    let errors: Vec<Value> = errors.iter().map(error_value).collect();
    report.set_raw("errors", Value::from(errors).to_string());
    text(&report)
}

fn source(source: &SourceView<'_>) -> Value {
    let holds = match &source.holds {
        Holds::Keys(_) => "keys",
        Holds::Token(_) => "token",
        Holds::Neither => "neither",
    };
    json!({"name": source.name, "holds": holds})
}

fn keys(source: &SourceView<'_>) -> Vec<Value> {
    match &source.holds {
        Holds::Keys(view) => {
            let certificates = Certificates::of(view.set);
            let entries = view.set.entries().iter();
            entries
                .map(|entry| {
                    let mut key = key(source.name, &source.positions, view, entry);
                    let certificates = certificates.json(entry.index());
                    if !certificates.is_empty() {
                        key["certificates"] = certificates.into();
                    }
                    key
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

fn key(name: &str, positions: &Positions<'_>, view: &KeysView<'_>, entry: &Entry) -> Value {
    let position = positions.of(entry.offset());
    let mut key = json!({
        "source": name,
        "index": entry.index(),
        "kid": entry.kid().map(shown),
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
        key["alg"] = parameters.alg.as_deref().map(shown).into();
        key["use"] = parameters.key_use.as_deref().map(shown).into();
        let key_ops = parameters.key_ops.as_deref();
        key["key_ops"] = key_ops
            .map(|operations| operations.iter().map(|own| shown(own)).collect::<Vec<_>>())
            .into();
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
    key["state"] = view.state(entry).map(State::name).into();
    key
}

fn finding(source: &SourceView<'_>, finding: &Finding) -> Value {
    let start = source.positions.of(finding.span.start);
    let end = source.positions.of(finding.span.end);
    let mut value = json!({
        "code": finding.rule.id,
        "message": finding.message,
        "hint": finding.advice(),
        "severity": finding.severity.name(),
        "source": source.name,
        "key": finding.key.as_ref().map(|key| key.index),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    });
    if let Some(member) = &finding.member {
        value["member"] = member.as_str().into();
    }
    value
}
