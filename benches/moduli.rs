//! What it costs to examine the moduli of RSA keys: `cargo bench --bench moduli`.

#![expect(clippy::expect_used, reason = "a benchmark: a fault may end it")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use jwks_cli::core::engine::modulus::{
    close_factors, is_roca, prime_or_power, shared_factors, small_factor,
};
use jwks_cli::core::engine::sha256;
use openssl::bn::BigNum;

/// An odd number of so many bits, the upper two of them set, without a small factor as moduli have none.
fn random_modulus(seed: u64, bits: usize) -> Vec<u8> {
    let candidate = |attempt: u64| {
        let block = |index: usize| {
            let input = [seed, attempt, index as u64].map(u64::to_be_bytes).concat();
            sha256(&input)
        };
        let mut octets: Vec<u8> = (0..bits.div_ceil(256)).flat_map(block).collect();
        octets.truncate(bits / 8);
        octets[0] |= 0xc0;
        octets[bits / 8 - 1] |= 1;
        octets
    };
    let mut candidates = (0..).map(candidate);
    let modulus = candidates.find(|octets| small_factor(octets).is_none());
    modulus.expect("one of many has no small factor")
}

/// The product of two of half the length.
fn with_factor(factor: &[u8], seed: u64) -> Vec<u8> {
    let number = |octets| BigNum::from_slice(octets).expect("a number");
    let other = random_modulus(seed, factor.len() * 8);
    (&number(factor) * &number(&other)).to_vec()
}

fn one(criterion: &mut Criterion) {
    for bits in [2048, 8192] {
        let modulus = random_modulus(1, bits);
        let mut group = criterion.benchmark_group(format!("{bits} bits"));
        group.bench_function("small factor", |bencher| {
            bencher.iter(|| small_factor(black_box(&modulus)));
        });
        group.bench_function("ROCA", |bencher| {
            bencher.iter(|| is_roca(black_box(&modulus)));
        });
        group.bench_function("close factors", |bencher| {
            bencher.iter(|| close_factors(black_box(&modulus)).expect("an answer"));
        });
        group.sample_size(10);
        group.bench_function("prime or power", |bencher| {
            bencher.iter(|| prime_or_power(black_box(&modulus)).expect("an answer"));
        });
        group.finish();
    }
}

fn many(criterion: &mut Criterion) {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut group = criterion.benchmark_group(format!("shared factors, {threads} threads"));
    group.sample_size(10);
    for count in [1000, 10_000] {
        let mut moduli: Vec<Vec<u8>> = (0..count).map(|seed| random_modulus(seed, 2048)).collect();
        let factor = random_modulus(count, 1024);
        let holders = [moduli.len() / 3, moduli.len() - 1];
        for (holder, seed) in holders.into_iter().zip(count + 1..) {
            moduli[holder] = with_factor(&factor, seed);
        }
        let moduli: Vec<&[u8]> = moduli.iter().map(Vec::as_slice).collect();
        group.bench_function(BenchmarkId::from_parameter(count), |bencher| {
            bencher.iter(|| {
                let factors = shared_factors(black_box(&moduli), threads).expect("an answer");
                assert!(
                    holders
                        .iter()
                        .all(|holder| factors[*holder] == [&factor[..]])
                );
            });
        });
    }
    group.finish();
}

criterion_group!(benches, one, many);
criterion_main!(benches);
