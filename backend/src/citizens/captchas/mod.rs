//! Captchas: good once, for two minutes, for one form. A picture for those who see it, a calculation for others.
//!
//! Owns giving and spending. A captcha is nowhere kept: its text and its calculation follow from its id, its form
//! and the server's key, and its id says when it was given. What is kept is which were spent. Refuses what the form
//! is for.

mod picture;
mod puzzle;
mod store;

use chrono::{DateTime, Duration, Utc};
use motcua_openapi::citizens::{Captcha, CaptchaAnswer, CaptchaForm};
use uuid::Uuid;

use super::error::Error;
use crate::app::Services;
use crate::database::Transaction;
use crate::limits::{self, Cap, Key};
use crate::problem::Fault;
use puzzle::Puzzle;

/// Gives a captcha to an address, within its caps.
pub(super) async fn give(services: &Services, form: CaptchaForm, address: &str) -> Result<Captcha, Error> {
    let settings = &services.settings.citizens.captcha;
    let cap = |name, max, window| Cap { name, max, window };
    let caps = [
        cap("per_address_minute", settings.per_address_minute, Duration::minutes(1)),
        cap("per_address_day", settings.per_address_day, Duration::days(1)),
    ];
    let transaction = services.database.begin().await?;
    let taken = limits::take(&transaction, services, Key(services.vault.index("captchas", address)), &caps).await?;
    taken.map_err(|full| Error::too_many(full, services.clock.now()))?;
    transaction.commit().await?;
    let id = services.new_id();
    let puzzle = Puzzle::of(services, form, id);
    let proof = puzzle.challenge()?;
    let noise = settings.noise_percent;
    let image = tokio::task::spawn_blocking(move || picture::draw(&puzzle.text, noise)).await.map_err(Fault::new)??;
    Ok(Captcha { id, image, characters: settings.characters, proof, expires_at: given_at(id) + valid(services) })
}

/// Spends a captcha, whether it is solved or not: each is judged once.
pub(super) async fn spend(services: &Services, form: CaptchaForm, answer: &CaptchaAnswer) -> Result<(), Error> {
    let now = services.clock.now();
    let given_at = given_at(answer.id);
    if given_at > now || now >= given_at + valid(services) {
        return Err(Error::CaptchaWrong);
    }
    let transaction = services.database.begin().await?;
    let is_fresh = store::spend(&transaction, answer.id, now).await?;
    transaction.commit().await?;
    if is_fresh && Puzzle::of(services, form, answer.id).is_solved_by(answer)? {
        Ok(())
    } else {
        Err(Error::CaptchaWrong)
    }
}

/// Forgets those that are past their time.
pub(super) async fn sweep(transaction: &Transaction, services: &Services) -> Result<u64, Fault> {
    // A while longer than any is good for: two instances' clocks may differ.
    let oldest = services.clock.now() - valid(services) - Duration::minutes(10);
    store::sweep(transaction, oldest).await
}

fn valid(services: &Services) -> Duration {
    Duration::seconds(i64::from(services.settings.citizens.captcha.seconds))
}

/// When a captcha was given, as its id (UUIDv7) says. An id that nobody gave has no text that anybody knows.
fn given_at(id: Uuid) -> DateTime<Utc> {
    let millis = id
        .get_timestamp()
        .map(|at| at.to_unix())
        .and_then(|(seconds, nanos)| DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos));
    millis.unwrap_or(DateTime::<Utc>::MIN_UTC)
}
