//! What a key is for: the values of `use` and `key_ops` that are registered (RFC 7517 §4.2, §4.3). Others may
//! be agreed on.

/// The values of `use`.
pub const USES: [&str; 2] = ["sig", "enc"];

/// The operations of a key for signatures.
pub const SIGNING: [&str; 2] = ["sign", "verify"];

/// Those of a key for encryption or agreement.
pub const ENCRYPTING: [&str; 6] = [
    "encrypt",
    "decrypt",
    "wrapKey",
    "unwrapKey",
    "deriveKey",
    "deriveBits",
];

/// The operations.
pub fn operations() -> impl Iterator<Item = &'static str> {
    SIGNING.into_iter().chain(ENCRYPTING)
}

/// Those of `operations` that a key of the use `key_use` never does; none where the use is not registered.
#[must_use]
pub fn contradicting<'o>(
    key_use: &str,
    operations: impl IntoIterator<Item = &'o str>,
) -> Vec<&'o str> {
    let excluded: &[&str] = match key_use {
        "sig" => &ENCRYPTING,
        "enc" => &SIGNING,
        _ => &[],
    };
    let operations = operations.into_iter();
    operations.filter(|own| excluded.contains(own)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_registered_contradicts_nothing() {
        let all = || operations().chain(["own"]);
        assert_eq!(contradicting("sig", all()), ENCRYPTING);
        assert_eq!(contradicting("enc", all()), SIGNING);
        assert_eq!(contradicting("jwt-svid", all()), [""; 0]);
    }
}
