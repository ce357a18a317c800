//! What a captcha asks, and whether an answer is right: all of it follows from its id, its form and the key.

use altcha::{
    Challenge, ChallengeParameters, HmacAlgorithm, Solution, SolveChallengeOptions, VerifySolutionOptions,
    sign_challenge, solve_challenge, verify_solution,
};
use data_encoding::HEXLOWER;
use motcua_openapi::citizens::{CaptchaAnswer, CaptchaForm, ProofChallenge, ProofSolution};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::app::Services;
use crate::problem::Fault;

/// Characters that are not mistaken for each other, in any case, and drawn no wider than the picture allows.
pub(super) const ALPHABET: &[u8] = b"abcdefhkprstuxyz347";

const ALGORITHM: &str = "SHA-256";
const KEY_LENGTH: usize = 32;
/// Hexadecimal digits of the derived key that are wanted: 16 bytes.
const PREFIX: usize = 32;
/// The challenge's signature only passes through the verifier: nothing that a caller signed is ever believed.
const SIGNING: &str = "captcha";

/// A captcha's text and calculation.
pub(super) struct Puzzle {
    pub(super) text: String,
    nonce: String,
    salt: String,
    cost: u32,
    tries: u32,
    counter: u32,
}

impl Puzzle {
    /// That of an id for a form.
    pub(super) fn of(services: &Services, form: CaptchaForm, id: Uuid) -> Self {
        let settings = &services.settings.citizens.captcha;
        let form = match form {
            CaptchaForm::SignIn => b"sign_in".as_slice(),
            CaptchaForm::PasswordReset => b"password_reset",
        };
        let tag = |what: &[u8]| services.vault.mac("captcha", &[form, id.as_bytes(), what]);
        let numbers = |what| tag(what).as_chunks::<4>().0.iter().map(|four| u32::from_be_bytes(*four)).collect();
        let letters: Vec<u32> = numbers(b"text");
        let text = letters
            .iter()
            .take(usize::try_from(settings.characters).unwrap_or_default())
            .filter_map(|n| ALPHABET.get(usize::try_from(*n).unwrap_or_default() % ALPHABET.len()))
            .map(|letter| char::from(*letter))
            .collect();
        let random = tag(b"proof");
        let (nonce, salt) = random.split_at(16);
        let counter: Vec<u32> = numbers(b"counter");
        Self {
            text,
            nonce: HEXLOWER.encode(nonce),
            salt: HEXLOWER.encode(salt),
            cost: settings.proof_cost,
            tries: settings.proof_tries,
            counter: counter.first().copied().unwrap_or_default() % settings.proof_tries.max(1),
        }
    }

    /// The calculation as the caller gets it.
    pub(super) fn challenge(&self) -> Result<ProofChallenge, Fault> {
        let signed = self.signed()?;
        Ok(ProofChallenge {
            algorithm: signed.parameters.algorithm,
            cost: signed.parameters.cost,
            key_length: u32::try_from(signed.parameters.key_length).map_err(Fault::new)?,
            key_prefix: signed.parameters.key_prefix,
            nonce: signed.parameters.nonce,
            salt: signed.parameters.salt,
            max_counter: self.tries,
        })
    }

    /// Whether an answer is the text, in any case, or the calculation's result.
    pub(super) fn is_solved_by(&self, answer: &CaptchaAnswer) -> Result<bool, Fault> {
        match (&answer.text, &answer.solution) {
            (Some(text), _) => Ok(text.trim().to_lowercase().as_bytes().ct_eq(self.text.as_bytes()).into()),
            (None, Some(solution)) => self.is_calculated_by(solution),
            (None, None) => Ok(false),
        }
    }

    fn is_calculated_by(&self, solution: &ProofSolution) -> Result<bool, Fault> {
        let challenge = self.signed()?;
        let derived_key = solution.derived_key.to_lowercase();
        let solution = Solution { counter: solution.counter, derived_key, time: None };
        let verdict = verify_solution(VerifySolutionOptions::new(&challenge, &solution, SIGNING));
        Ok(verdict.map_err(Fault::new)?.verified)
    }

    fn signed(&self) -> Result<Challenge, Fault> {
        let mut parameters = self.parameters(String::new());
        let unasked = Challenge { parameters: parameters.clone(), signature: None };
        // Every key begins with nothing: the first try, at our counter, gives its key.
        let first = SolveChallengeOptions { counter_start: self.counter, ..SolveChallengeOptions::new(&unasked) };
        let solved = solve_challenge(first).map_err(Fault::new)?;
        let solved = solved.ok_or_else(|| Fault::new(anyhow::anyhow!("a captcha's key was not derived in time")))?;
        parameters.key_prefix = solved.derived_key.chars().take(PREFIX).collect();
        sign_challenge(&HmacAlgorithm::Sha256, &mut parameters, None, SIGNING, None).map_err(Fault::new)
    }

    fn parameters(&self, key_prefix: String) -> ChallengeParameters {
        ChallengeParameters {
            algorithm: ALGORITHM.to_owned(),
            cost: self.cost,
            data: None,
            expires_at: None,
            key_length: KEY_LENGTH,
            key_prefix,
            key_signature: None,
            memory_cost: None,
            nonce: self.nonce.clone(),
            parallelism: None,
            salt: self.salt.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn puzzle() -> Puzzle {
        Puzzle { text: "kh4xt".into(), nonce: "00".repeat(16), salt: "01".repeat(16), cost: 3, tries: 50, counter: 7 }
    }

    fn text(text: &str) -> CaptchaAnswer {
        CaptchaAnswer { id: Uuid::nil(), text: Some(text.to_owned()), solution: None }
    }

    #[test]
    fn the_text_is_taken_in_any_case_and_nothing_is_no_answer() {
        assert!(puzzle().is_solved_by(&text(" KH4xT ")).unwrap());
        assert!(!puzzle().is_solved_by(&text("kh4xx")).unwrap());
        assert!(!puzzle().is_solved_by(&text("")).unwrap());
        assert!(!puzzle().is_solved_by(&CaptchaAnswer { text: None, ..text("") }).unwrap());
    }

    #[test]
    fn the_calculation_is_solved_by_counting_and_by_nothing_else() {
        let challenge = puzzle().signed().unwrap();
        let found = solve_challenge(SolveChallengeOptions::new(&challenge)).unwrap().unwrap();
        assert_eq!(found.counter, 7);
        let answer = |counter, derived_key: &str| CaptchaAnswer {
            id: Uuid::nil(),
            text: None,
            solution: Some(ProofSolution { counter, derived_key: derived_key.to_owned() }),
        };
        assert!(puzzle().is_solved_by(&answer(7, &found.derived_key.to_uppercase())).unwrap());
        assert!(!puzzle().is_solved_by(&answer(8, &found.derived_key)).unwrap());
        assert!(!puzzle().is_solved_by(&answer(7, "00")).unwrap());
        assert!(!puzzle().is_solved_by(&answer(7, "no hexadecimal")).unwrap());
    }
}
