//! Moduli all of which is shared, split into factors.
//!
//! Such a modulus has each of its primes in common with some other one. Those that have anything in
//! common are halved again and again, and it is asked what the modulus has in common with the product of
//! one half, which is one without the modulus itself. A proper factor splits it. If it is all of the
//! modulus, the search goes on in that half, and if nothing, in the other. So each modulus is searched for
//! in one place of each level, and however the moduli were chosen, the work is some three times what it
//! took to see that all of them is shared.

use openssl::bn::BigNum;
use openssl::error::ErrorStack;

use super::tree::Tree;
use super::worker::Worker;

/// Fewest numbers for which a tree is made.
const CHUNK: usize = 16;

/// A proper factor of each number that is equal to its shared part; none for the other numbers, and for
/// those that divide another number as a whole.
pub(super) fn split(
    numbers: &[BigNum],
    shared: &[BigNum],
    worker: &mut Worker,
) -> Result<Vec<Option<BigNum>>, ErrorStack> {
    let mut factors: Vec<Option<BigNum>> = numbers.iter().map(|_| None).collect();
    let mut sources: Vec<&BigNum> = shared.iter().filter(|part| part.num_bits() > 1).collect();
    sources.sort_unstable();
    sources.dedup();
    // Where the numbers are among the sources.
    let mut indices = vec![None; sources.len()];
    for (index, (number, part)) in numbers.iter().zip(shared).enumerate() {
        if number == part
            && let Ok(source) = sources.binary_search(&part)
        {
            indices[source] = Some(index);
        }
    }
    let is_searched = |source: &usize| indices[*source].is_some();
    let searched: Vec<usize> = (0..sources.len()).filter(is_searched).collect();
    if searched.is_empty() {
        return Ok(factors);
    }
    let tree = Tree::new(&sources, worker)?;
    for (source, factor) in search(&tree, 0, &searched, &sources, worker)? {
        if let Some(index) = indices[source] {
            factors[index] = Some(factor);
        }
    }
    Ok(factors)
}

/// Proper factors of searched sources, each of which divides the product of the sources of the tree,
/// without itself if it is one of them. Those are the ones from `first` on.
fn search(
    tree: &Tree,
    first: usize,
    searched: &[usize],
    sources: &[&BigNum],
    worker: &mut Worker,
) -> Result<Vec<(usize, BigNum)>, ErrorStack> {
    let Some((one, other)) = tree.halves().filter(|_| !searched.is_empty()) else {
        return Ok(Vec::new());
    };
    let middle = first + one.count();
    let (of_one, elsewhere): (Vec<usize>, Vec<usize>) = searched
        .iter()
        .partition(|source| (first..middle).contains(*source));
    let (with_other, with_one) = worker.both(
        |worker| divisors(other, &of_one, sources, worker),
        |worker| divisors(one, &elsewhere, sources, worker),
    )?;
    let (mut found, mut next) = (Vec::new(), [Vec::new(), Vec::new()]);
    for (asked, divisors) in [with_one, with_other].into_iter().enumerate() {
        for (source, divisor) in divisors {
            match Answer::new(&divisor, sources[source]) {
                Answer::Nothing => next[1 - asked].push(source),
                Answer::Factor => found.push((source, divisor)),
                Answer::All => next[asked].push(source),
            }
        }
    }
    // By length, as a tree wants its numbers.
    for searched in &mut next {
        searched.sort_unstable();
    }
    let [in_one, in_other] = next;
    let (in_one, in_other) = worker.both(
        |worker| search(one, first, &in_one, sources, worker),
        |worker| search(other, middle, &in_other, sources, worker),
    )?;
    found.extend(in_one);
    found.extend(in_other);
    Ok(found)
}

/// What a source has in common with a product.
enum Answer {
    Nothing,
    Factor,
    All,
}

impl Answer {
    fn new(divisor: &BigNum, source: &BigNum) -> Self {
        if divisor.num_bits() == 1 {
            Self::Nothing
        } else if divisor == source {
            Self::All
        } else {
            Self::Factor
        }
    }
}

/// What each of the searched sources has in common with the product of a tree.
fn divisors(
    tree: &Tree,
    searched: &[usize],
    sources: &[&BigNum],
    worker: &mut Worker,
) -> Result<Vec<(usize, BigNum)>, ErrorStack> {
    let mut divisors = Vec::with_capacity(searched.len());
    // More numbers at once would be multiplied to more than the product, which saves nothing.
    for chunk in searched.chunks(tree.count().max(CHUNK)) {
        let numbers: Vec<&BigNum> = chunk.iter().map(|source| sources[*source]).collect();
        let common = Tree::new(&numbers, worker)?.common_divisors(tree.product(), worker)?;
        divisors.extend(chunk.iter().copied().zip(common));
    }
    Ok(divisors)
}
