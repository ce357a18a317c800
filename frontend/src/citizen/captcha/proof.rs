//! The calculation that stands for a captcha's picture, in steps small enough for the page to stay alive.
//!
//! The algorithm is ALTCHA's second version with SHA-256, as the contract's `ProofChallenge` describes it.

use motcua_openapi::citizens::{ProofChallenge, ProofSolution};
use sha2::{Digest, Sha256};

/// How far a search has come.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Not found yet; per cent of all tries.
    Going(u32),
    /// Found.
    Found(ProofSolution),
    /// There is none: the challenge is not one that we know how to solve.
    Impossible,
}

/// A search for a challenge's solution.
pub(crate) struct Search {
    /// The nonce and the salt, as hashed before each counter.
    nonce: Vec<u8>,
    salt: Vec<u8>,
    challenge: ProofChallenge,
    counter: u32,
}

impl Search {
    /// Begins; `None` where the challenge is none that we know.
    pub(crate) fn begin(challenge: &ProofChallenge) -> Option<Self> {
        let is_known = challenge.algorithm == "SHA-256" && (1..=32).contains(&challenge.key_length);
        let (nonce, salt) = (bytes_of_hex(&challenge.nonce)?, bytes_of_hex(&challenge.salt)?);
        is_known.then(|| Self { nonce, salt, challenge: challenge.clone(), counter: 0 })
    }

    /// Goes on by so many tries.
    pub(crate) fn step(&mut self, tries: u32) -> Step {
        let max = self.challenge.max_counter;
        for _ in 0..tries {
            if self.counter >= max {
                return Step::Impossible;
            }
            let derived_key = self.derived_key();
            if derived_key.starts_with(&self.challenge.key_prefix) {
                return Step::Found(ProofSolution { counter: self.counter, derived_key });
            }
            self.counter += 1;
        }
        Step::Going(u32::try_from(u64::from(self.counter) * 100 / u64::from(max.max(1))).unwrap_or(100))
    }

    fn derived_key(&self) -> String {
        let first = Sha256::new().chain_update(&self.salt).chain_update(&self.nonce);
        let mut key = first.chain_update(self.counter.to_be_bytes()).finalize();
        for _ in 1..self.challenge.cost {
            key = Sha256::digest(key);
        }
        let length = usize::try_from(self.challenge.key_length).unwrap_or(usize::MAX);
        key.iter().take(length).map(|byte| format!("{byte:02x}")).collect()
    }
}

fn bytes_of_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let pairs = digits?;
    let byte = |pair: &[u32]| match pair {
        [high, low] => u8::try_from(high * 16 + low).ok(),
        _ => None,
    };
    pairs.chunks(2).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn challenge(key_prefix: &str) -> ProofChallenge {
        ProofChallenge {
            algorithm: "SHA-256".into(),
            cost: 3,
            key_length: 16,
            key_prefix: key_prefix.into(),
            nonce: "000102030405060708090a0b0c0d0e0f".into(),
            salt: "f0e0d0c0b0a090807060504030201000".into(),
            max_counter: 5_000,
        }
    }

    #[test]
    fn what_is_found_begins_as_asked_and_is_found_in_steps() {
        let mut search = Search::begin(&challenge("a7")).unwrap();
        let mut steps = 0;
        let found = loop {
            match search.step(10) {
                Step::Going(percent) => assert!(percent < 100),
                Step::Found(found) => break found,
                Step::Impossible => panic!("one of 256 begins so"),
            }
            steps += 1;
        };
        assert!(found.derived_key.starts_with("a7") && found.derived_key.len() == 32, "{found:?}");
        assert!(steps <= 500);
        let mut again = Search::begin(&challenge(&found.derived_key)).unwrap();
        assert_eq!(again.step(found.counter + 1), Step::Found(found), "the counter is the first that fits");
    }

    #[test]
    fn a_challenge_that_nothing_solves_ends() {
        let mut search = Search::begin(&challenge("no hexadecimal")).unwrap();
        assert_eq!(search.step(5_000), Step::Going(100));
        assert_eq!(search.step(1), Step::Impossible);
    }

    #[test]
    fn a_challenge_of_another_kind_is_not_begun() {
        assert!(Search::begin(&ProofChallenge { algorithm: "SCRYPT".into(), ..challenge("a") }).is_none());
        assert!(Search::begin(&ProofChallenge { salt: "0g".into(), ..challenge("a") }).is_none());
        assert!(Search::begin(&ProofChallenge { salt: "abc".into(), ..challenge("a") }).is_none());
    }
}
