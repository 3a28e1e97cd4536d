//! The crate `jsonwebtoken`: `peer-jsonwebtoken JWKS TOKENS` verifies a file of tokens on all cores and
//! prints `1 valid`, `2 valid`, … in the order of the file.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a program of the benchmarks: files and output are its work"
)]

use std::error::Error;
use std::fs::{read, read_to_string};
use std::io::{BufWriter, Write, stdout};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;

/// A thread takes so many tokens at a time, because a core that is busy with something else must not
/// hold up the end.
const SHARE: usize = 64;

/// Why a token is refused, if it is.
type Verdict = Option<String>;

/// None of the claims is kept: the crate reads those that it checks by itself.
#[derive(Clone, Deserialize)]
struct Claims {}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, jwks, tokens] = &arguments[..] else {
        return Err("usage: peer-jsonwebtoken JWKS TOKENS".into());
    };
    let set: JwkSet = serde_json::from_slice(&read(jwks)?)?;
    let verifier = Verifier::new(set.keys.first().ok_or("no key")?)?;
    let text = read_to_string(tokens)?;
    let tokens: Vec<&str> = text.lines().collect();
    print(&verify_all(&verifier, &tokens))
}

struct Verifier {
    key: DecodingKey,
    validation: Validation,
}

impl Verifier {
    fn new(jwk: &Jwk) -> Result<Self, Box<dyn Error>> {
        let name = jwk.common.key_algorithm.ok_or("no alg")?.to_string();
        let mut validation = Validation::new(name.parse::<Algorithm>()?);
        validation.leeway = 0;
        validation.validate_nbf = true;
        validation.validate_aud = false;
        Ok(Self {
            key: DecodingKey::from_jwk(jwk)?,
            validation,
        })
    }

    fn verdict(&self, token: &str) -> Verdict {
        decode::<Claims>(token, &self.key, &self.validation)
            .err()
            .map(|error| error.to_string())
    }
}

fn verify_all(verifier: &Verifier, tokens: &[&str]) -> Vec<Verdict> {
    let shares: Vec<&[&str]> = tokens.chunks(SHARE).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let index = next.fetch_add(1, Ordering::Relaxed)
            && let Some(share) = shares.get(index)
        {
            let verdicts: Vec<_> = share.iter().map(|token| verifier.verdict(token)).collect();
            done.push((index, verdicts));
        }
        done
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut done: Vec<(usize, Vec<Verdict>)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let joined = workers
            .into_iter()
            .map(|worker| worker.join().expect("no thread panics"));
        joined.flatten().collect()
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter()
        .flat_map(|(_, verdicts)| verdicts)
        .collect()
}

fn print(verdicts: &[Verdict]) -> Result<ExitCode, Box<dyn Error>> {
    let mut output = BufWriter::new(stdout().lock());
    for (index, verdict) in verdicts.iter().enumerate() {
        match verdict {
            None => writeln!(output, "{} valid", index + 1)?,
            Some(reason) => writeln!(output, "{} invalid: {reason}", index + 1)?,
        }
    }
    output.flush()?;
    let refused = verdicts.iter().flatten().count();
    if refused == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("{refused} of {} tokens do not verify", verdicts.len());
    Ok(ExitCode::FAILURE)
}
