//! Which keys of a published set may verify when private halves stand in it.

use super::{JwkSet, Wanted};
use crate::core::alg;
use crate::core::failure::Code;

const EC: &str = r#"{"kty": "EC", "alg": "ES256", "crv": "P-256",
    "x": "AD8mhf1QtgNEtRu1OcUbzdxQVYMJgYchubXRfS-Nqjc",
    "y": "G-A0vS5Hf-6Kqz0za2YhCUjLGuiH5TBCwqxhbXDrfFs"}"#;
/// With -y, and the order of the curve less the private key of [`EC`].
const EC_NEGATED: &str = r#"{"kty": "EC", "alg": "ES256", "crv": "P-256",
    "x": "AD8mhf1QtgNEtRu1OcUbzdxQVYMJgYchubXRfS-Nqjc",
    "y": "5B_LQdG4gBJ1VMLMlJne9rc05Rh4Gs-9PVOeko8Ug6Q",
    "d": "H8uDlzLU7KXz32zZnf1_B2iQDrb6Xq_tdSR8kde7CUQ"}"#;
const RSA: &str = r#"{"kty": "RSA", "alg": "RS256",
    "n": "n8u1aLBsu_7FVcH5f5ai8OGlXflGBlbmbC1OOk6tdEle3ykAplXmxuR2POGghkwCsQ3MNTjiXPVUtRCLpCem7ZBv3robfZIbkcZF2d3F6rU7x729Uh3VGDgjUCx_GKPPPaE6VA74zRsefpS5ZkrFrwdsBlaPs6-UAdb00wdwD_CSniDDVXBBAt-iF1Hz22OBtMDtCOWTRyY6DVAY4klckixsOZ20co0_hO-E8dDOQJuEYfPD2zxcoEWgkCL8C3KSs7w_z0grZvC_re31ym6zQ6R1SO5NDZb5S_h7WDQudEtDm8QSiz-YIoUiaMOwbXedNxi1wvPuiBH0r2E7-MZjCQ",
    "e": "AQAB"}"#;
/// With the modulus of [`RSA`].
const RSA_OTHER_EXPONENT: &str = r#"{"kty": "RSA", "alg": "RS256",
    "n": "n8u1aLBsu_7FVcH5f5ai8OGlXflGBlbmbC1OOk6tdEle3ykAplXmxuR2POGghkwCsQ3MNTjiXPVUtRCLpCem7ZBv3robfZIbkcZF2d3F6rU7x729Uh3VGDgjUCx_GKPPPaE6VA74zRsefpS5ZkrFrwdsBlaPs6-UAdb00wdwD_CSniDDVXBBAt-iF1Hz22OBtMDtCOWTRyY6DVAY4klckixsOZ20co0_hO-E8dDOQJuEYfPD2zxcoEWgkCL8C3KSs7w_z0grZvC_re31ym6zQ6R1SO5NDZb5S_h7WDQudEtDm8QSiz-YIoUiaMOwbXedNxi1wvPuiBH0r2E7-MZjCQ",
    "e": "AQAD",
    "d": "dXCQ79GzRYXsKUYH9J0xxCMbZ-Iov9iI6vD_hr4VI5MuH8u8VgtqbfjJuFvPLqa7mjxMXEzNAFlSiOghWW8UU6dIMsMCQWCpX0Sysor2gKBXocPfpIZ9dceJJaZzKhuO0yhQ7KsG_XIxMAbwuotO7rpRRyizPb-XMiCNKJ4ik1415ISyADlDodjV96zt_w8Xfq7HoixDMjzoOCAAWCyK5hDXAwOvpzfTmWko-0DGQHf4eY-S5uhTB8WXgalQxDNnJZqfkB2OhG8eppcyEHUUYaA1dNH6ASpXmT-UvcngtdUPl2hfGQD0T59u9DhsAW2cZfNvD5zYv7HUSlAqCwfZKw",
    "p": "zKQPspu5JY_Dl88nFVYDVTNcHbfAr__KpnefQMC-8kPX27omlZvJb0kg70MEH3jypDy73KeaA6Wk4jTkL9UV5i0DTMPIravFJu6JIpEzjoTSBj8ZWwxgJS5_pq02LLTJ9PvbcLYB2T-O2cMkXvVBw_r6Sq_e8hc7YzcjwQTK-1k",
    "q": "x-ZmVsoUB8KUFtA2XXeA5inqV3Q0iqHh_pmSi7wKQvTeORpmVnqBdM2PuZSm6lgurAqeGryDMB6ve4qNuBhKzogX5aVySNOezSsOSioHdUACDDInWBuQMnfSgsNt57VLVZ2niiIqujkOI0J03XQZQEe3wH1lBOlQiVw8bvBQnzE",
    "dp": "BjawrfRcpCQPHkC5h6NDtB0w5nxO7utRn1Un4Hm43ySd8hwys1be-zogx6GMDWh99K7SD98POgqrf7PoChO0LR66i3cXhK93MCcRyM1aTrbwU8uTHGBtEhnRJtYx8ImzvMsnalfnyqdkGkR0H13IY-BFVNCUrU_YqBtGThuA71s",
    "dq": "MHHSWfOdreRrjKDCOrJFQ3hAJX92OXJ9WOcXYd1l-HZE9JH7NWXCbJKH7Ic0OlC-JXGGarGNyqEf7hYTBHO9zgJrm2IdozN38xtk_WRlb4c7qVevp_h-MfCaT-gDS8z5ogv2NcSUgzJISUzAQmba5hZvUjWtOYALB5kmzgKN0ls",
    "qi": "rVC1c5OBzi8eoXu3NiA17lclT3yDjKABDB8mJybmFbKd-i8PjYySiP36tA-PczNXZttvaYfDGxK117gO99s360ILKtv730W_26rzOrFMywwPMC4bjG9PYDN5zHvwDLGGwbJHvltSPkazyxPeaIZIO4CPRqeXCfI006oGWNIsqIQ"}"#;

/// What a set of these keys, read from where anyone can read it, says to a token of the first.
fn verdict(algorithm: &str, keys: &[&str]) -> Result<usize, Code> {
    let document = format!("{{\"keys\":[{}]}}", keys.join(","));
    let set = JwkSet::read(document.as_bytes()).unwrap();
    let wanted = Wanted {
        kid: None,
        algorithm: alg::by_name(algorithm).unwrap(),
        published: true,
    };
    let candidates = set.candidates(&wanted);
    candidates
        .map(|keys| keys.len())
        .map_err(|none| none.code())
}

#[test]
fn a_private_half_gives_away_every_key_that_it_can_sign_for() {
    assert_eq!(verdict("ES256", &[EC]), Ok(1));
    assert_eq!(verdict("RS256", &[RSA]), Ok(1));
    let private = Err(Code::PrivateMember);
    assert_eq!(verdict("ES256", &[EC, EC_NEGATED]), private);
    assert_eq!(verdict("RS256", &[RSA, RSA_OTHER_EXPONENT]), private);
}

#[test]
fn a_private_half_gives_no_other_key_away() {
    assert_eq!(verdict("ES256", &[EC, RSA_OTHER_EXPONENT]), Ok(1));
    assert_eq!(verdict("RS256", &[RSA, EC_NEGATED]), Ok(1));
}

#[test]
fn a_private_half_that_is_not_that_of_its_public_half_may_be_of_any_key() {
    let mismatched = EC_NEGATED.replace("\"d\": \"H", "\"d\": \"G");
    let foreign = EC_NEGATED.replace("\"kty\"", "\"D\": \"AAAAAAAAAAAAAAAAAAAA\", \"kty\"");
    let private = Err(Code::PrivateMember);
    for key in [&mismatched, &foreign] {
        assert_eq!(verdict("RS256", &[RSA, key]), private, "{key}");
    }
    // More than are compared.
    let many: Vec<&str> = std::iter::repeat_n(EC_NEGATED, 100).collect();
    assert_eq!(verdict("RS256", &[&[RSA][..], &many].concat()), private);
}

#[test]
fn a_withdrawn_key_checks_nothing_under_whatever_name() {
    let marked = |key: &str| {
        let (public, _) = key
            .split_once(",\n    \"d\"")
            .unwrap_or((key.trim_end_matches('}'), ""));
        public.replacen('{', "{\"revoked\": {\"revoked_at\": 1},", 1) + "}"
    };
    let none = Err(Code::NoMatchingKey);
    for keys in [
        [EC, &marked(EC)],
        [&marked(EC), EC],
        [EC, &marked(EC_NEGATED)],
        [EC, &marked(EC).replace("revoked\"", "revo\\u006bed\"")],
    ] {
        assert_eq!(verdict("ES256", &keys), none, "{keys:?}");
    }
    assert_eq!(verdict("RS256", &[RSA, &marked(RSA_OTHER_EXPONENT)]), none);
    // What is left of a key may be its name alone.
    let named = EC.replacen('{', "{\"kid\": \"gone\",", 1);
    let left = r#"{"kty": "EC", "kid": "gone", "revoked": {"revoked_at": 1}}"#;
    assert_eq!(verdict("ES256", &[&named, left]), none);
    assert_eq!(verdict("ES256", &[left, &named]), none);
    assert_eq!(verdict("ES256", &[EC, left]), Ok(1));
}

#[test]
fn a_withdrawn_key_takes_no_other_with_it() {
    let marked = EC.replacen('{', "{\"revoked\": true,", 1);
    assert_eq!(verdict("RS256", &[RSA, &marked]), Ok(1));
    let unmarked = EC.replacen('{', "{\"revoked\": false, \"kid\": \"revoked\",", 1);
    assert_eq!(verdict("ES256", &[EC, &unmarked]), Ok(2));
}
