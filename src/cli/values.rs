//! Values that several commands take.

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::core::alg::{self, Algorithm, Curve};
use crate::core::bad_value::BadValue;
use crate::core::claims::ExpectedValue;
use crate::core::failure::quoted;
use crate::core::json::read_strict;

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Takes the name of an algorithm that signs.
pub(super) fn signing_algorithm() -> impl TypedValueParser<Value = &'static Algorithm> {
    PossibleValuesParser::new(alg::signing().map(|row| row.name)).try_map(|name| {
        alg::by_name(&name)
            .ok_or_else(|| BadValue::new(format!("the algorithm {name} is not known")))
    })
}

/// Takes the name of any algorithm that is not prohibited.
pub(super) fn algorithm() -> impl TypedValueParser<Value = &'static Algorithm> {
    let names = alg::distinct().map(|row| row.name);
    PossibleValuesParser::new(names).try_map(|name| {
        alg::by_name(&name)
            .ok_or_else(|| BadValue::new(format!("the algorithm {name} is not known")))
    })
}

/// Takes the name of a curve.
pub(super) fn curve() -> impl TypedValueParser<Value = Curve> {
    PossibleValuesParser::new(Curve::ALL.iter().map(|curve| curve.name())).try_map(|name| {
        Curve::by_name(&name).ok_or_else(|| BadValue::new(format!("the curve {name} is not known")))
    })
}

/// `NAME=TEXT`, a string, or `NAME:=JSON`, any JSON value.
#[derive(Debug, Clone)]
pub struct ClaimAssignment {
    /// The claim.
    pub name: String,
    /// Its value.
    pub value: ExpectedValue,
}

impl std::str::FromStr for ClaimAssignment {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = |reason: String| {
            BadValue::new(reason)
                .advice("write NAME=TEXT for a string, or NAME:=JSON for another value")
        };
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| wrong("it gives the claim no value".to_owned()))?;
        let (name, value) = match name.strip_suffix(':') {
            Some(name) => {
                read_strict(value.as_bytes())
                    .map_err(|error| wrong(format!("{} is not JSON ({error})", quoted(value))))?;
                (name, ExpectedValue::Json(value.to_owned()))
            }
            None => (name, ExpectedValue::Text(value.to_owned())),
        };
        if name.is_empty() {
            return Err(wrong("it names no claim".to_owned()));
        }
        Ok(Self {
            name: name.to_owned(),
            value,
        })
    }
}

/// `Name: value`, or `Name: @FILE` for a value that others must not see. What is neither has an empty name,
/// and is refused by the command: the parser would repeat it, with a secret in it.
#[derive(Clone)]
pub struct HeaderArgument {
    /// The name of the header field.
    pub name: String,
    /// Its value, or `@` and the file that holds it.
    pub value: String,
}

impl std::str::FromStr for HeaderArgument {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, value) = text.split_once(':').unwrap_or_default();
        Ok(Self {
            name: name.trim().to_owned(),
            value: value.trim().to_owned(),
        })
    }
}

impl std::fmt::Debug for HeaderArgument {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The value may be a secret.
        formatter
            .debug_struct("HeaderArgument")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_text_or_json() {
        let claim: ClaimAssignment = "a=b:=c".parse().unwrap();
        assert_eq!(claim.name, "a");
        assert!(matches!(claim.value, ExpectedValue::Text(text) if text == "b:=c"));
        let claim: ClaimAssignment = "a:=[1]".parse().unwrap();
        assert!(matches!(claim.value, ExpectedValue::Json(text) if text == "[1]"));
        for text in ["a", "=b", ":=1", "a:=b", "a:={\"x\":1,\"x\":2}"] {
            assert!(text.parse::<ClaimAssignment>().is_err(), "{text}");
        }
    }

    #[test]
    fn header_values_keep_their_colons() {
        let header: HeaderArgument = "Authorization: Basic a:b".parse().unwrap();
        assert_eq!(
            (header.name.as_str(), header.value.as_str()),
            ("Authorization", "Basic a:b")
        );
        for text in ["no colon", ": no name"] {
            let header: HeaderArgument = text.parse().unwrap();
            assert_eq!(header.name, "", "{text}");
        }
    }
}
