//! The one table of algorithms. Code asks a row for what it needs and never looks at a name.
//!
//! Sources: RFC 7518 §3 and §4, RFC 8037 §3, RFC 8812 §3, RFC 9864 §2 (fully-specified names),
//! RFC 9964 (ML-DSA). RFC 9864's other names (`ESP256`, `ESB256`, …) are for COSE alone.

mod parameters;
mod table;

pub use parameters::{Curve, Hash, KeyType, MlDsa};
pub use table::ALGORITHMS;

/// What an algorithm does, with what is peculiar to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// HMAC (RFC 7518 §3.2)
    Hmac(Hash),
    /// RSASSA-PKCS1-v1_5 (RFC 7518 §3.3)
    RsaPkcs1(Hash),
    /// RSASSA-PSS, MGF1 and salt with the same hash (RFC 7518 §3.5)
    RsaPss(Hash),
    /// ECDSA with R‖S signatures (RFC 7518 §3.4)
    Ecdsa(Hash),
    /// EdDSA (RFC 8037 §3.1)
    EdDsa,
    /// ML-DSA with an empty context (RFC 9964)
    MlDsa(MlDsa),
    /// Encryption or agreement of a content encryption key (RFC 7518 §4)
    KeyManagement,
    /// Encryption of content (RFC 7518 §5), `dir` keys
    ContentEncryption,
}

/// How the standards stand to an algorithm today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing against it.
    Current,
    /// Still read, no longer to be chosen; why, and what to take instead.
    Deprecated(&'static str),
    /// Never accepted and never made.
    Prohibited {
        /// Why.
        reason: &'static str,
        /// The algorithm to take instead.
        instead: &'static str,
    },
}

/// A row of the table.
#[derive(Debug, PartialEq, Eq)]
pub struct Algorithm {
    /// The value of `alg`.
    pub name: &'static str,
    /// What it does.
    pub scheme: Scheme,
    /// The type of its keys.
    pub key_type: KeyType,
    /// The curves it allows, the usual one first; empty when its keys have none.
    pub curves: &'static [Curve],
    /// Length of a symmetric key in bytes: exact for encryption, the least for HMAC; else 0.
    pub symmetric_bytes: usize,
    /// Length of a signature in bytes, when the algorithm alone fixes it.
    pub signature_bytes: Option<usize>,
    /// How the standards stand to it.
    pub standing: Standing,
    /// A word of advice to someone who chooses.
    pub advice: &'static str,
}

impl Algorithm {
    /// True when it signs or authenticates, which is what a JWS needs.
    #[must_use]
    pub fn signs(&self) -> bool {
        !matches!(
            self.scheme,
            Scheme::KeyManagement | Scheme::ContentEncryption
        )
    }

    /// The value of `use` that its keys have (RFC 7517 §4.2).
    #[must_use]
    pub fn key_use(&self) -> &'static str {
        if self.signs() { "sig" } else { "enc" }
    }

    /// True when a key of this type and curve can serve the algorithm.
    #[must_use]
    pub fn fits(&self, key_type: KeyType, curve: Option<Curve>) -> bool {
        self.key_type == key_type
            && match curve {
                None => self.curves.is_empty(),
                Some(curve) => self.curves.contains(&curve),
            }
    }

    /// The parameter set, when the algorithm is ML-DSA.
    #[must_use]
    pub fn ml_dsa(&self) -> Option<MlDsa> {
        match self.scheme {
            Scheme::MlDsa(parameters) => Some(parameters),
            _ => None,
        }
    }
}

/// Smallest RSA modulus in bits (RFC 7518 §3.3 and §3.5).
pub const RSA_MINIMUM_BITS: usize = 2048;
/// Largest RSA modulus in bits that is used: past it one verification costs a visible time.
pub const RSA_MAXIMUM_BITS: usize = 8192;

/// The first row of that name; names are case-sensitive (RFC 7515 §4.1.1).
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Algorithm> {
    ALGORITHMS.iter().find(|row| row.name == name)
}

/// The row of that name whose keys have this type.
#[must_use]
pub fn by_name_and_key_type(name: &str, key_type: KeyType) -> Option<&'static Algorithm> {
    ALGORITHMS
        .iter()
        .find(|row| row.name == name && row.key_type == key_type)
}

/// The first row of each name that is not prohibited.
pub fn distinct() -> impl Iterator<Item = &'static Algorithm> {
    ALGORITHMS.iter().enumerate().filter_map(|(index, row)| {
        let is_first = ALGORITHMS[..index]
            .iter()
            .all(|other| other.name != row.name);
        let is_allowed = !matches!(row.standing, Standing::Prohibited { .. });
        (is_first && is_allowed).then_some(row)
    })
}

/// The row of that name whose keys are on this curve; the first of that name when no curve is named, or
/// when none has it.
#[must_use]
pub fn row_for(row: &'static Algorithm, curve: Option<Curve>) -> &'static Algorithm {
    let fits = |other: &&Algorithm| {
        other.name == row.name && curve.is_some_and(|curve| other.curves.contains(&curve))
    };
    ALGORITHMS.iter().find(fits).unwrap_or(row)
}

/// The rows that sign.
pub fn signing() -> impl Iterator<Item = &'static Algorithm> {
    ALGORITHMS.iter().filter(|row| row.signs())
}

/// The name of an algorithm that differs from `name` in case alone, for a hint.
#[must_use]
pub fn near(name: &str) -> Option<&'static str> {
    ALGORITHMS
        .iter()
        .find(|row| row.name.eq_ignore_ascii_case(name))
        .map(|row| row.name)
}

/// The name of the one algorithm for signatures with keys on `curve`; none where there are several.
#[must_use]
pub fn of_curve(curve: Option<Curve>) -> Option<&'static str> {
    let curve = curve?;
    let mut rows = ALGORITHMS.iter().filter(|row| {
        row.signs() && row.standing == Standing::Current && row.curves.contains(&curve)
    });
    rows.next()
        .filter(|_| rows.next().is_none())
        .map(|row| row.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_distinct_and_agree_with_themselves() {
        for (index, row) in ALGORITHMS.iter().enumerate() {
            assert!(
                !ALGORITHMS[..index]
                    .iter()
                    .any(|other| other.name == row.name && other.key_type == row.key_type),
                "{} stands twice",
                row.name
            );
            let on_curves = matches!(row.key_type, KeyType::Ec | KeyType::Okp);
            assert_eq!(on_curves, !row.curves.is_empty(), "{}", row.name);
            assert_eq!(
                row.key_type == KeyType::Oct,
                row.symmetric_bytes > 0,
                "{}",
                row.name
            );
            // It stands beside the name in a list, on lines of 80 columns.
            let is_told = !row.advice.is_empty() && row.advice.len() < 60 && row.advice.is_ascii();
            let is_made = !matches!(row.standing, Standing::Prohibited { .. });
            assert_eq!(is_told, is_made, "{}", row.name);
        }
        assert_eq!(signing().count(), 19);
    }

    #[test]
    fn names_are_case_sensitive() {
        assert!(by_name("es256").is_none());
        assert_eq!(near("es256"), Some("ES256"));
        assert_eq!(of_curve(Some(Curve::P384)), Some("ES384"));
        assert_eq!(of_curve(Some(Curve::Ed25519)), Some("Ed25519"));
        assert_eq!(of_curve(Some(Curve::X25519)), None);
        assert!(by_name("none").is_none());
        assert!(
            by_name("").is_none(),
            "the template row is not in the table"
        );
    }

    #[test]
    fn a_key_fits_by_type_and_curve() {
        let es256 = by_name("ES256").unwrap();
        assert!(es256.fits(KeyType::Ec, Some(Curve::P256)));
        assert!(!es256.fits(KeyType::Ec, Some(Curve::P384)));
        assert!(!es256.fits(KeyType::Rsa, None));
        let agreement = by_name_and_key_type("ECDH-ES", KeyType::Okp).unwrap();
        assert!(agreement.fits(KeyType::Okp, Some(Curve::X25519)));
    }
}
