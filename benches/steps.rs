//! What each step of a verification costs: `cargo bench --bench steps`. Whole runs beside the bare loop
//! of the cryptographic library are measured by the script `targets`.

#![expect(clippy::expect_used, reason = "a benchmark: a fault may end it")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use jwks_cli::core::alg::by_name;
use jwks_cli::core::base64url::{decode_into, encode};
use jwks_cli::core::batch::{LineJudge, Tally};
use jwks_cli::core::check::{Checks, Codes};
use jwks_cli::core::claims::{Claims, Expectations};
use jwks_cli::core::engine::{Shape, Signer, generate, sha256};
use jwks_cli::core::json::read_strict;
use jwks_cli::core::jwk::{Jwk, Parameters};
use jwks_cli::core::jwks::{JwkSet, document};
use jwks_cli::core::time::NumericDate;
use jwks_cli::core::verify::{Judge, Policy, verify};
use jwks_cli::output::batch::push_record;

const CLAIMS: &str = r#"{"iss":"https://issuer.example","sub":"user-000001","aud":"https://api.example","iat":1767225600,"nbf":1767225600,"exp":2082758400,"jti":"4f1b2c3d5e6f708192a3b4c5d6e7f809","scope":"openid profile email"}"#;

/// A set of one HS256 key, whose verification costs least beside the other steps, and a token by it.
fn set_and_token() -> (JwkSet, String) {
    let algorithm = by_name("HS256").expect("an algorithm");
    let material = generate(Shape::Octets(32)).expect("a secret");
    let header = encode(br#"{"alg":"HS256","kid":"one","typ":"at+jwt"}"#);
    let input = format!("{header}.{}", encode(CLAIMS.as_bytes()));
    let signer = Signer::new(&material, algorithm).expect("a signer");
    let signature = signer.sign(input.as_bytes()).expect("a signature");
    let parameters = Parameters {
        kid: Some("one".to_owned()),
        ..Parameters::default()
    };
    let key = Jwk::from_material(material, parameters).members().clone();
    let set = JwkSet::read(document(&[key]).as_bytes()).expect("a set");
    (set, format!("{input}.{}", encode(&signature)))
}

fn parts(criterion: &mut Criterion) {
    let payload = encode(CLAIMS.as_bytes());
    let (_, token) = set_and_token();
    let now = NumericDate::from_seconds(1_780_000_000);
    let expectations = Expectations::default();
    let mut octets = Vec::new();
    criterion.bench_function("base64url of the claims", |bencher| {
        bencher.iter(|| decode_into(black_box(payload.as_bytes()), &mut octets));
    });
    criterion.bench_function("SHA-256 of the token", |bencher| {
        bencher.iter(|| sha256(black_box(token.as_bytes())));
    });
    criterion.bench_function("claims as a tree", |bencher| {
        bencher.iter(|| read_strict(black_box(CLAIMS.as_bytes())).is_ok());
    });
    criterion.bench_function("claims as what is checked", |bencher| {
        bencher.iter(|| Claims::read(black_box(CLAIMS.as_bytes())).is_ok());
    });
    let claims = Claims::read(CLAIMS.as_bytes()).expect("claims");
    criterion.bench_function("checks of the claims", |bencher| {
        bencher.iter(|| claims.check(&expectations, now, &mut Codes::default()));
    });
    criterion.bench_function("checks of the claims, in words", |bencher| {
        bencher.iter(|| claims.check(&expectations, now, &mut Checks::default()));
    });
}

fn tokens(criterion: &mut Criterion) {
    let (set, token) = set_and_token();
    let (policy, now) = (Policy::default(), NumericDate::from_seconds(1_780_000_000));
    criterion.bench_function("a token alone", |bencher| {
        bencher.iter(|| verify(black_box(token.as_bytes()), &set, &policy, now));
    });
    let mut judge = Judge::<Codes>::new(&set, &policy, now);
    criterion.bench_function("a token after another", |bencher| {
        bencher.iter(|| judge.judge(black_box(token.as_bytes())).verified.is_some());
    });
    let mut judge = LineJudge::new(&set, &policy, now, false);
    let (mut text, mut tally) = (Vec::new(), Tally::default());
    criterion.bench_function("a line of a batch, with its record", |bencher| {
        bencher.iter(|| {
            text.clear();
            judge.line(1, black_box(token.as_bytes()), |record| {
                push_record(&mut text, record, false);
                tally.count(record);
            });
        });
    });
}

criterion_group!(benches, parts, tokens);
criterion_main!(benches);
