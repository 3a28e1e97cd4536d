//! Names that were nearly typed right.

/// The candidate that is nearest to `typed`: the same but for case and hyphens, a longer or a shorter form
/// of it, or a letter or two away; none when no one is near.
#[must_use]
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Shorter words are the beginning of too many others.
    const LEAST_PREFIX: usize = 3;
    /// What is longer was meant as something else altogether.
    const LONGEST: usize = 64;
    let typed = plain(typed);
    if typed.is_empty() || typed.len() > LONGEST {
        return None;
    }
    let ranked = candidates.into_iter().filter_map(|candidate| {
        let plain = plain(candidate);
        let (short, long) = if plain.len() < typed.len() {
            (&plain, &typed)
        } else {
            (&typed, &plain)
        };
        let distance = strsim::osa_distance(&plain, &typed);
        let rank = if plain == typed {
            0
        } else if short.len() >= LEAST_PREFIX && long.starts_with(short.as_str()) {
            1
        } else if distance <= (plain.len() / 3).clamp(1, 3) && distance < typed.len() {
            2
        } else {
            return None;
        };
        Some(((rank, distance), candidate))
    });
    // The first of several that are equally near: they stand in the order in which to offer them.
    ranked
        .min_by_key(|&(rank, _)| rank)
        .map(|(_, candidate)| candidate)
}

/// The candidate that `typed` is but for case, or for one letter that is missing, added, wrong or in the place of
/// its neighbour; none for a candidate itself.
#[must_use]
pub fn slip<'a>(
    typed: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<&'a str> {
    const LONGEST: usize = 64;
    let is_meant = |candidate: &&str| {
        let (typed, candidate) = (typed.to_lowercase(), candidate.to_lowercase());
        strsim::osa_distance(&candidate, &typed) <= 1
    };
    let mut all = candidates.clone().into_iter();
    if typed.len() > LONGEST || all.any(|candidate| candidate == typed) {
        return None;
    }
    candidates.into_iter().find(is_meant)
}

/// In small letters, without hyphens and underscores.
fn plain(text: &str) -> String {
    let letters = text.chars().filter(|letter| !matches!(letter, '-' | '_'));
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_one_letter_or_the_case() {
        let names = ["sig", "enc"];
        for typed in ["sgi", "Sig", "si", "sigg", "sog", "SIG"] {
            assert_eq!(slip(typed, names), Some("sig"), "{typed}");
        }
        for typed in [
            "sig",
            "enc",
            "signature",
            "jwt-svid",
            "",
            "x",
            &"sig".repeat(100),
        ] {
            assert_eq!(slip(typed, names), None, "{typed}");
        }
    }

    #[test]
    fn the_nearest_is_what_was_meant() {
        let algorithms = || super::super::alg::distinct().map(|row| row.name);
        for (typed, meant) in [
            ("rs256", Some("RS256")),
            ("es-256", Some("ES256")),
            ("ES265", Some("ES256")),
            ("ed25519", Some("Ed25519")),
            ("ML-DSA44", Some("ML-DSA-44")),
            ("eddsa", Some("EdDSA")),
            ("blowfish", None),
            ("", None),
            ("-", None),
        ] {
            assert_eq!(nearest(typed, algorithms()), meant, "{typed}");
        }
        let long = "ES256".repeat(1000);
        assert_eq!(nearest(&long, algorithms()), None);
        assert_eq!(nearest("thumb", ["thumbprint", "spki"]), Some("thumbprint"));
        assert_eq!(nearest("algorithm", ["kid", "alg"]), Some("alg"));
        assert_eq!(nearest("a", ["b"]), None, "all of it is another");
        let files = ["keys.json", "public.json", "a"];
        for typed in [
            "keys.josn",
            "key.json",
            "kyes.json",
            "Keys.json",
            "keyss.jsn",
        ] {
            assert_eq!(nearest(typed, files), Some("keys.json"), "{typed}");
        }
        for typed in ["b", "", "token", &"x".repeat(10_000)] {
            assert_eq!(nearest(typed, files), None, "{typed}");
        }
    }
}
