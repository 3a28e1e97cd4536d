//! Batches of moduli, beside what one divisor at a time says of them.

use std::collections::BTreeSet;

use openssl::bn::{BigNum, BigNumContext};

use super::super::fixtures::{odd, prime, product};
use super::*;

fn shared(moduli: &[Vec<u8>]) -> Vec<Vec<Vec<u8>>> {
    let moduli: Vec<&[u8]> = moduli.iter().map(Vec::as_slice).collect();
    let factors = shared_factors(&moduli, 1).unwrap();
    for threads in [0, 2, 5] {
        assert_eq!(shared_factors(&moduli, threads).unwrap(), factors);
    }
    factors
}

fn primes(count: u32, bits: i32) -> Vec<BigNum> {
    (0..count).map(|seed| prime(seed, bits)).collect()
}

fn octets(numbers: &[&BigNum]) -> BTreeSet<Vec<u8>> {
    numbers.iter().map(|number| number.to_vec()).collect()
}

/// The factors of a modulus, in no order.
fn set(factors: &[Vec<u8>]) -> BTreeSet<Vec<u8>> {
    let set: BTreeSet<Vec<u8>> = factors.iter().cloned().collect();
    assert_eq!(set.len(), factors.len());
    set
}

#[test]
fn honest_moduli_share_nothing() {
    for bits in [256, 512, 1024] {
        let primes = primes(8, bits);
        let moduli: Vec<Vec<u8>> = primes
            .chunks(2)
            .map(|pair| product(&[&pair[0], &pair[1]]))
            .collect();
        assert_eq!(shared(&moduli), vec![Vec::<Vec<u8>>::new(); 4]);
    }
    assert!(shared(&[]).is_empty());
    assert_eq!(
        shared(&[product(&[&prime(1, 128)])]),
        [Vec::<Vec<u8>>::new()]
    );
}

#[test]
fn a_prime_of_two_moduli_is_a_factor_of_both() {
    let (p, q, r) = (prime(1, 512), prime(2, 512), prime(3, 1024));
    let (s, t) = (prime(4, 256), prime(5, 2048));
    let moduli = [product(&[&p, &q]), product(&[&s, &t]), product(&[&r, &p])];
    let factors = shared(&moduli);
    assert_eq!(factors, [vec![p.to_vec()], vec![], vec![p.to_vec()]]);
}

#[test]
fn a_modulus_given_twice_shares_nothing_with_itself() {
    let [p, q, r, s] = [1, 2, 3, 4].map(|seed| prime(seed, 128));
    let (twice, other) = (product(&[&p, &q]), product(&[&r, &s]));
    let padded = [&[0, 0], &twice[..]].concat();
    let factors = shared(&[twice.clone(), other, padded.clone(), twice.clone()]);
    assert_eq!(factors, vec![Vec::<Vec<u8>>::new(); 4]);
    // But all of them share what they share with another one.
    let factors = shared(&[twice.clone(), padded, product(&[&p, &r]), twice]);
    assert_eq!(factors, vec![vec![p.to_vec()]; 4]);
}

#[test]
fn what_is_no_odd_number_above_one_is_left_out() {
    let (p, q) = (prime(1, 128), prime(2, 128));
    let two = BigNum::from_u32(2).unwrap();
    let even = product(&[&p, &two]);
    let moduli = [
        vec![],
        vec![0],
        vec![1],
        vec![0, 1],
        vec![2],
        even.clone(),
        even,
        product(&[&p, &q]),
    ];
    assert_eq!(shared(&moduli), vec![Vec::<Vec<u8>>::new(); 8]);
    assert_eq!(shared(&[vec![3], vec![15]]), [vec![vec![3]], vec![vec![3]]]);
}

#[test]
fn moduli_of_shared_primes_alone_are_split() {
    let p = primes(12, 128);
    // Triangles, and a graph in which each prime is in many moduli.
    let triangles = [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)];
    let complete = (0..12).flat_map(|one| (0..one).map(move |other| (one, other)));
    let hub = (1..12).map(|other| (0, other)).chain([(1, 2)]);
    for pairs in [
        triangles.to_vec(),
        complete.collect(),
        hub.collect::<Vec<_>>(),
    ] {
        let moduli: Vec<Vec<u8>> = pairs
            .iter()
            .map(|&(one, other)| product(&[&p[one], &p[other]]))
            .collect();
        for (factors, &(one, other)) in shared(&moduli).iter().zip(&pairs) {
            let is_shared = |prime: &usize| {
                let holders = pairs
                    .iter()
                    .filter(|(one, other)| one == prime || other == prime);
                holders.count() > 1
            };
            let expected: Vec<&BigNum> = [one, other]
                .iter()
                .filter(|prime| is_shared(prime))
                .map(|prime| &p[*prime])
                .collect();
            assert_eq!(set(factors), octets(&expected), "{one} {other}");
        }
    }
}

#[test]
fn a_modulus_that_divides_another_is_its_own_factor() {
    let [p, q, r] = [1, 2, 3].map(|seed| prime(seed, 128));
    let (short, long) = (product(&[&p, &q]), product(&[&p, &q, &r]));
    assert_eq!(shared(&[long, short.clone()]), vec![vec![short]; 2]);
    let (prime, square) = (p.to_vec(), product(&[&p, &p]));
    assert_eq!(shared(&[prime.clone(), square]), vec![vec![prime]; 2]);
}

fn common(one: &BigNum, other: &BigNum) -> BigNum {
    let mut divisor = BigNum::new().unwrap();
    let mut context = BigNumContext::new().unwrap();
    divisor.gcd(one, other, &mut context).unwrap();
    divisor
}

/// Holds the factors of different moduli against the divisors with the product of the others.
fn assert_agreement(moduli: &[BigNum], factors: &[Vec<Vec<u8>>]) {
    let all = number(&product(&moduli.iter().collect::<Vec<_>>())).unwrap();
    for (modulus, factors) in moduli.iter().zip(factors) {
        let others = &(&all / modulus) % modulus;
        let expected = common(modulus, &others);
        let factors: Vec<BigNum> = factors
            .iter()
            .map(|factor| number(factor).unwrap())
            .collect();
        assert!(factors.iter().all(|factor| factor.num_bits() > 1));
        match &factors[..] {
            [] => assert_eq!(expected.num_bits(), 1),
            [factor] => {
                assert_eq!(*factor, expected);
                // All of a modulus is left in one piece where all of it is in another one.
                let is_multiple = |other: &&BigNum| (*other % modulus).num_bits() == 0;
                let multiples = moduli.iter().filter(is_multiple).count();
                assert!(expected != *modulus || multiples > 1);
            }
            [one, other] => {
                assert_eq!(*modulus, expected);
                assert_eq!(*modulus, one * other);
            }
            _ => panic!("more than two factors"),
        }
    }
}

/// A product of one to four of the factors.
fn random_modulus(seed: u32, factors: &[BigNum]) -> BigNum {
    let random = odd(seed, 64).to_vec();
    let choices = random[1..=1 + usize::from(random[0] % 4)].iter();
    let chosen: Vec<&BigNum> = choices
        .map(|octet| &factors[usize::from(*octet) % factors.len()])
        .collect();
    number(&product(&chosen)).unwrap()
}

#[test]
fn random_batches_agree_with_the_divisors_of_each_modulus() {
    let lengths = [20, 60, 100, 140];
    let factors: Vec<BigNum> = (0..160)
        .map(|seed| prime(seed, lengths[seed as usize % 4]))
        .collect();
    for batch in 0..40_usize {
        let factors = &factors[..20 + 3 * batch];
        let seeds = (0..2 + 2 * batch).map(|index| u32::try_from(batch * 1000 + index).unwrap());
        let mut moduli: Vec<BigNum> = seeds.map(|seed| random_modulus(seed, factors)).collect();
        moduli.sort_unstable();
        moduli.dedup();
        moduli.reverse();
        let octets: Vec<Vec<u8>> = moduli.iter().map(|modulus| modulus.to_vec()).collect();
        assert_agreement(&moduli, &shared(&octets));
    }
}

#[test]
fn long_batches_agree_with_the_divisors_of_each_modulus() {
    // Long enough for transforms; odd numbers share small primes by chance.
    let mut moduli: Vec<BigNum> = (0..1200).map(|seed| odd(seed, 256)).collect();
    let p = prime(1, 128);
    for index in [3, 700, 1199] {
        moduli[index] = &p * &prime(index.try_into().unwrap(), 128);
    }
    let octets: Vec<Vec<u8>> = moduli.iter().map(|modulus| modulus.to_vec()).collect();
    let octets: Vec<&[u8]> = octets.iter().map(Vec::as_slice).collect();
    let factors = shared_factors(&octets, 2).unwrap();
    assert_agreement(&moduli, &factors);
    for index in [3, 700, 1199] {
        assert_eq!(factors[index], [p.to_vec()]);
    }
}
