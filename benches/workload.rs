//! What the scripts beside this file measure with: tokens to verify, and the bare loop of the
//! cryptographic library over them, which is as fast as any program on top of it can become.
//!
//! ```text
//! workload tokens ALG DISTINCT COUNT DIRECTORY   write jwks.json and tokens.txt: COUNT tokens, DISTINCT of them different
//! workload bare ALG DIRECTORY THREADS SECONDS    verify the tokens again and again; print verifications a second
//! ```

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool of the benchmarks: files, clock and output are its work, and a fault may end it"
)]

use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ML_DSA_44, ML_DSA_65, ML_DSA_87, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents,
};
use jwks_cli::core::alg::{Algorithm, KeyType, by_name};
use jwks_cli::core::base64url;
use jwks_cli::core::engine::{Shape, Signer, generate};
use jwks_cli::core::json::RawObject;
use jwks_cli::core::jwk::{Jwk, Parameters};
use jwks_cli::core::jwks::{JwkSet, document};
use jwks_cli::core::key::{Material, PublicKey};

/// The time at which the tokens are judged is between these.
const ISSUED: u64 = 1_767_225_600;
const EXPIRES: u64 = 2_082_758_400;

fn main() {
    // `cargo bench` adds a switch of its own.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["tokens", alg, distinct, count, directory] => write_tokens(
            row(alg),
            distinct.parse().expect("DISTINCT is a number"),
            count.parse().expect("COUNT is a number"),
            Path::new(directory),
        ),
        ["bare", alg, directory, threads, seconds] => {
            let rate = bare_rate(
                row(alg),
                Path::new(directory),
                threads.parse().expect("THREADS is a number"),
                Duration::from_secs_f64(seconds.parse().expect("SECONDS is a number")),
            );
            println!("{rate:.0}");
        }
        _ => eprintln!(
            "usage: workload tokens ALG DISTINCT COUNT DIRECTORY | workload bare ALG DIRECTORY THREADS SECONDS"
        ),
    }
}

fn row(name: &str) -> &'static Algorithm {
    by_name(name).unwrap_or_else(|| panic!("{name} is no algorithm"))
}

fn write_tokens(algorithm: &'static Algorithm, distinct: usize, count: usize, directory: &Path) {
    let shape = match algorithm.key_type {
        KeyType::Rsa => Shape::Rsa(2048),
        KeyType::Oct => Shape::Octets(algorithm.symmetric_bytes),
        KeyType::Akp => Shape::Akp(algorithm, algorithm.ml_dsa().unwrap()),
        KeyType::Ec | KeyType::Okp => Shape::Curve(algorithm.curves[0]),
    };
    let material = generate(shape).unwrap();
    let signer = Signer::new(&material, algorithm).unwrap();
    let tokens: Vec<String> = (0..distinct)
        .map(|index| token(&signer, algorithm, index))
        .collect();
    let parameters = Parameters {
        kid: Some("bench-2026-01".to_owned()),
        alg: Some(algorithm.name.to_owned()),
        key_use: Some("sig".to_owned()),
        ..Parameters::default()
    };
    let public = match material {
        Material::Pair(public, _) => Material::Public(public),
        other => other,
    };
    let members: RawObject = Jwk::from_material(public, parameters).members().clone();
    fs::create_dir_all(directory).unwrap();
    fs::write(directory.join("jwks.json"), document(&[members]).as_bytes()).unwrap();
    let mut file = BufWriter::new(fs::File::create(directory.join("tokens.txt")).unwrap());
    for token in tokens.iter().cycle().take(count) {
        writeln!(file, "{token}").unwrap();
    }
    file.flush().unwrap();
}

/// Length that tokens have about, in bytes, where the signature leaves room for claims.
const TOKEN_BYTES: usize = 500;

fn token(signer: &Signer, algorithm: &Algorithm, index: usize) -> String {
    let header = format!(
        r#"{{"alg":"{}","kid":"bench-2026-01","typ":"at+jwt"}}"#,
        algorithm.name
    );
    let mut claims = format!(
        r#"{{"iss":"https://issuer.example","sub":"user-{:06}","exp":{EXPIRES}"#,
        index % 5000
    );
    let signature_characters = match algorithm.signature_bytes {
        Some(bytes) => bytes * 4 / 3,
        None if algorithm.key_type == KeyType::Rsa => 342,
        None => 86,
    };
    let room = TOKEN_BYTES.saturating_sub(header.len() * 4 / 3 + signature_characters) * 3 / 4;
    for claim in [
        format!(r#","iat":{ISSUED}"#),
        r#","aud":"https://api.example""#.to_owned(),
        format!(r#","jti":"{index:032x}""#),
        format!(r#","nbf":{ISSUED}"#),
        r#","client_id":"s6BhdRkqt3","scope":"openid profile email phone""#.to_owned(),
        r#","auth_time":1767225600,"acr":"urn:example:silver""#.to_owned(),
    ] {
        if claims.len() + claim.len() < room {
            claims.push_str(&claim);
        }
    }
    claims.push('}');
    let input = format!(
        "{}.{}",
        base64url::encode(header.as_bytes()),
        base64url::encode(claims.as_bytes())
    );
    let signature = signer.sign(input.as_bytes()).unwrap();
    format!("{input}.{}", base64url::encode(&signature))
}

/// A prepared key of the library itself.
enum Bare {
    Asymmetric(ParsedPublicKey),
    Hmac(Box<hmac::Key>),
}

impl Bare {
    fn new(algorithm: &Algorithm, material: &Material) -> Self {
        let parsed = match material {
            Material::Symmetric(secret) => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose());
                return Self::Hmac(Box::new(key));
            }
            Material::Public(PublicKey::Rsa { n, e }) => {
                let parameters = match algorithm.name {
                    "RS256" => &RSA_PKCS1_2048_8192_SHA256,
                    "PS256" => &RSA_PSS_2048_8192_SHA256,
                    other => panic!("no bare loop for {other}"),
                };
                RsaPublicKeyComponents { n, e }.to_parsed_public_key(parameters)
            }
            Material::Public(PublicKey::Ec { x, y, .. }) if algorithm.name == "ES256" => {
                let point = [&[4], x.as_slice(), y].concat();
                ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
            }
            Material::Public(PublicKey::Okp { x, .. }) => ParsedPublicKey::new(&ED25519, x),
            Material::Public(PublicKey::Akp { public, .. }) => match algorithm.name {
                "ML-DSA-44" => ParsedPublicKey::new(&ML_DSA_44, public),
                "ML-DSA-65" => ParsedPublicKey::new(&ML_DSA_65, public),
                _ => ParsedPublicKey::new(&ML_DSA_87, public),
            },
            _ => panic!("no bare loop for {}", algorithm.name),
        };
        Self::Asymmetric(parsed.unwrap())
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Asymmetric(key) => key.verify_sig(message, signature).is_ok(),
            Self::Hmac(key) => hmac::verify(key, message, signature).is_ok(),
        }
    }
}

fn bare_rate(
    algorithm: &'static Algorithm,
    directory: &Path,
    threads: usize,
    duration: Duration,
) -> f64 {
    let set = JwkSet::read(&fs::read(directory.join("jwks.json")).unwrap()).unwrap();
    let material = set.entries().get(0).unwrap().usable().unwrap().material();
    let text = fs::read_to_string(directory.join("tokens.txt")).unwrap();
    let tokens: Vec<(&[u8], Vec<u8>)> = text
        .lines()
        .map(|line| {
            let (input, signature) = line.rsplit_once('.').unwrap();
            let signature = base64url::decode(signature).unwrap().to_vec();
            (input.as_bytes(), signature)
        })
        .collect();
    let barrier = Barrier::new(threads);
    let (tokens, barrier) = (&tokens[..], &barrier);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(move || {
                    let bare = Bare::new(algorithm, material);
                    barrier.wait();
                    let started = Instant::now();
                    let mut count = 0_u32;
                    for (message, signature) in tokens.iter().cycle() {
                        assert!(bare.verify(message, signature), "a token does not verify");
                        count += 1;
                        if count.is_multiple_of(64) && started.elapsed() > duration {
                            break;
                        }
                    }
                    f64::from(count) / started.elapsed().as_secs_f64()
                })
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .sum()
    })
}
