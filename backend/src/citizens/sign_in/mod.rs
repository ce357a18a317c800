//! Signing in, by whichever way: what each way proves is an account, and [`grant`] begins its session.
//!
//! By number and password: the captcha is spent, the try is counted, and only then is anything looked up. An unknown
//! number, a wrong password and a closed account are one answer, after the same statements and one Argon2id: where
//! there is no account, another's is read and its password tried in vain.

mod store;
mod throttle;

use motcua_openapi::citizens::{CaptchaForm, CitizenSession, CreateCitizenSession};
use motcua_openapi::values::{IdNumber, text};
use secrecy::SecretString;

use super::captchas;
use super::error::Error;
use crate::accounts::{self, Standing};
use crate::app::Services;
use crate::audit::{self, About, Act, By};
use crate::database::Transaction;
use crate::problem::Fault;
use crate::sessions::{self, Kind, Owner, Tokens};

pub(super) use throttle::{count_address, count_password, forget_tries, is_known, right_password};

/// A session as its citizen gets it, and the refresh token to set where it changed.
pub(super) struct Granted {
    pub(super) session: CitizenSession,
    pub(super) refresh: Option<String>,
}

impl Granted {
    fn of(tokens: Tokens, password_change_needed: bool) -> Self {
        let Tokens { access_token, expires_in, refresh } = tokens;
        Self { session: CitizenSession { access_token, expires_in, password_change_needed }, refresh }
    }
}

/// Signs in by number and password.
pub(super) async fn by_password(
    services: &Services,
    body: CreateCitizenSession,
    address: &str,
) -> Result<Granted, Error> {
    let number = body.parse().map_err(Error::Fields)?;
    captchas::spend(services, CaptchaForm::SignIn, &body.captcha).await?;
    throttle::count(services, &number, address).await?;
    let candidate = accounts::candidate(services.database.reader(), services, &number).await?;
    let hash = candidate.as_ref().and_then(|(standing, _)| standing.password_hash.as_deref());
    let is_right = services.passwords.verify(SecretString::from(text::nfc(&body.password)), hash).await?;
    let is_theirs = |(standing, is_own): &(Standing, bool)| *is_own && is_right && !standing.is_closed();
    let (standing, _) = candidate.filter(is_theirs).ok_or(Error::CredentialsInvalid)?;
    if let Some(at) = standing.password_expired_at(services.clock.now()) {
        return Err(Error::PasswordExpired(at));
    }
    grant(services, &standing, Some(&number), address).await
}

/// Begins a session for the account that somebody has proved to be theirs, by whichever way. With the `number` that
/// was typed, its tries are forgotten and the address is known from here on.
pub(super) async fn grant(
    services: &Services,
    standing: &Standing,
    number: Option<&IdNumber>,
    address: &str,
) -> Result<Granted, Error> {
    let transaction = services.database.begin().await?;
    if let Some(number) = number {
        throttle::forget(&transaction, services, number, address).await?;
    }
    let (_, tokens) = sessions::begin(&transaction, services, Owner::citizen(standing.account_id)).await?;
    accounts::signed_in(&transaction, services, standing).await?;
    let by = By::Citizen { account_id: standing.account_id, remote_address: address };
    let about = About::of(standing.account_id).in_unit(standing.unit_id);
    audit::record(&transaction, services, by, Act::CitizenSignedIn, about).await?;
    transaction.commit().await?;
    Ok(Granted::of(tokens, standing.needs_own_password()))
}

/// Goes on with a session. A refresh token that was used before ends it.
pub(super) async fn refresh(services: &Services, cookie: Option<&str>) -> Result<Granted, Error> {
    let gone_on = sessions::go_on(services, Kind::Citizen, cookie).await?;
    let (account_id, tokens) = gone_on.ok_or(Error::SessionOver)?;
    let standing = accounts::standing(services.database.reader(), account_id).await?;
    let standing = standing.filter(|standing| !standing.is_closed()).ok_or(Error::SessionOver)?;
    Ok(Granted::of(tokens, standing.needs_own_password()))
}

/// Forgets addresses that nobody has signed in from for long, and streaks of tries that nobody adds to.
pub(super) async fn sweep(transaction: &Transaction, services: &Services) -> Result<u64, Fault> {
    throttle::sweep(transaction, services).await
}
