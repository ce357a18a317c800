//! Codes of an authenticator app: SHA-1, six digits, 30 seconds, as every app reads them; one step of tolerance.

use totp_rs::{Builder, Totp};
use uuid::Uuid;

use super::store;
use crate::app::Services;
use crate::database::Transaction;
use crate::problem::Fault;
use motcua_openapi::second_factors::SecondFactorKind;

/// Bytes of a secret: what RFC 4226 advises for SHA-1.
pub(super) const SECRET_BYTES: usize = 20;

/// The codes of a secret.
pub(super) fn of_secret(services: &Services, secret: &[u8], username: &str) -> Result<Totp, Fault> {
    // A colon would end the issuer in the URL.
    let issuer = services.settings.place.portal_name.replace(':', " ");
    Builder::new().with_secret(secret).with_account_name(username).with_issuer(Some(issuer)).build().map_err(Fault::new)
}

/// The step of a right code that is newer than `used`, as apps show it: `123 456` too.
pub(super) fn fresh_step(totp: &Totp, typed: &str, now: i64, used: i64) -> Option<i64> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let step = totp.check(&digits, u64::try_from(now).ok()?)?;
    i64::try_from(step).ok().filter(|step| *step > used)
}

/// Whether the code is one of the officer's, of a step that was never used. Tried in parallel it is right once.
pub(super) async fn prove(
    transaction: &Transaction,
    services: &Services,
    officer: Uuid,
    typed: &str,
) -> Result<bool, Fault> {
    let now = services.clock.now();
    for factor in store::kept(transaction, services, officer, SecondFactorKind::Totp).await? {
        let totp = of_secret(services, &factor.secret, "")?;
        if let Some(step) = fresh_step(&totp, typed, now.timestamp(), factor.counter) {
            return store::advance(transaction, factor.id, step, now).await;
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the secret `12345678901234567890` with SHA-1; the last six of its eight digits.
    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        let totp = Builder::new().with_secret(b"12345678901234567890".as_slice()).build().unwrap();
        for (time, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            assert_eq!(fresh_step(&totp, code, time, -1), Some(time / 30), "{time}");
        }
    }

    #[test]
    fn one_step_of_tolerance_and_no_used_step() {
        let totp = Builder::new().with_secret(b"12345678901234567890".as_slice()).build().unwrap();
        let code = "287082";
        for (now, used, taken) in [(59, -1, true), (89, -1, true), (90, -1, false), (29, -1, true), (59, 1, false)] {
            assert_eq!(fresh_step(&totp, code, now, used).is_some(), taken, "at {now}, used {used}");
        }
        assert_eq!(fresh_step(&totp, "287 082", 59, 0), Some(1));
        assert_eq!(fresh_step(&totp, "+87082", 59, 0), None);
    }
}
