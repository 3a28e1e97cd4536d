//! Threads, and what each of them keeps for its work.

use std::thread;

use openssl::bn::BigNumContext;
use openssl::error::ErrorStack;

use super::transform::Roots;

/// What a thread works with.
pub(super) struct Worker {
    /// Where OpenSSL keeps numbers while it works.
    pub(super) context: BigNumContext,
    pub(super) roots: Roots,
    /// How many threads may work for this one, itself among them.
    threads: usize,
}

impl Worker {
    pub(super) fn new(threads: usize) -> Result<Self, ErrorStack> {
        Ok(Self {
            context: BigNumContext::new()?,
            roots: Roots::default(),
            threads,
        })
    }

    /// Does both, at the same time where there are threads for it.
    pub(super) fn both<A, B: Send>(
        &mut self,
        first: impl FnOnce(&mut Self) -> Result<A, ErrorStack>,
        second: impl Fn(&mut Self) -> Result<B, ErrorStack> + Sync,
    ) -> Result<(A, B), ErrorStack> {
        let helpers = self.threads / 2;
        if helpers == 0 {
            return Ok((first(self)?, second(self)?));
        }
        self.threads -= helpers;
        let (first, second) = thread::scope(|scope| {
            let helper =
                thread::Builder::new().spawn_scoped(scope, || second(&mut Self::new(helpers)?));
            let first = first(self);
            // Where the system grants no thread, or one has died, this one does its work.
            let second = helper
                .ok()
                .and_then(|helper| helper.join().ok())
                .unwrap_or_else(|| second(self));
            (first, second)
        });
        self.threads += helpers;
        Ok((first?, second?))
    }
}
