//! The verbs of the staff: sign in (by name and password, and a second factor where there is one), go on. One
//! transaction each.

use chrono::Duration;
use motcua_openapi::problem::{Problem, ProblemCode};
use motcua_openapi::second_factors::{PasskeyChallenge, RequestPasskeyChallenge, SecondFactorKind};
use motcua_openapi::sessions::CreateSession;
use secrecy::SecretString;
use uuid::Uuid;

use super::lasting::{self, Tokens};
use super::model::{Kind, Owner};
use crate::app::Services;
use crate::audit::{self, About, Act};
use crate::database::Transaction;
use crate::http::RemoteAddress;
use crate::limits::{self, Cap, Key};
use crate::officers::{self, Officer};
use crate::problem::{Failure, Fault};
use crate::second_factors;
use crate::sessions::Caller;

const WINDOW: Duration = Duration::minutes(15);

/// Signs in. An unknown name and a wrong password take the same time and give the same answer; a second factor is
/// spoken of only after the right password.
pub(super) async fn sign_in(
    services: &Services,
    credentials: CreateSession,
    RemoteAddress(address): RemoteAddress,
) -> Result<Tokens, Failure> {
    let account = account_key(services, &credentials.username);
    throttle(services, account, &address).await?;
    let officer = prove(services, &credentials.username, credentials.password).await?;
    let methods = second_factors::methods(services.database.reader(), officer.id).await?;
    let proof = match (credentials.totp, credentials.passkey) {
        _ if methods.is_empty() => None,
        (Some(code), _) => Some(second_factors::Proof::Totp(code)),
        (None, Some(answer)) => Some(second_factors::Proof::Passkey(answer)),
        (None, None) => return Err(factor_required(&methods)),
    };
    begin(services, officer, account, address, proof).await
}

/// Begins a sign-in by passkey, after name and password.
pub(super) async fn passkey_challenge(
    services: &Services,
    body: RequestPasskeyChallenge,
    RemoteAddress(address): RemoteAddress,
) -> Result<PasskeyChallenge, Failure> {
    throttle(services, account_key(services, &body.username), &address).await?;
    let officer = prove(services, &body.username, body.password).await?;
    second_factors::challenge(services, officer.id).await
}

fn factor_required(methods: &[SecondFactorKind]) -> Failure {
    let words: Vec<&str> = methods.iter().map(|method| method.as_str()).collect();
    Problem::new(ProblemCode::SecondFactorRequired, "send totp or passkey beside name and password")
        .with([("methods", words.join(" "))])
        .into()
}

fn account_key(services: &Services, username: &str) -> Key {
    Key(services.vault.index("sign-in name", &username.trim().to_lowercase()))
}

/// The officer of a name whose password is right and still works, and who may sign in.
async fn prove(services: &Services, username: &str, password: String) -> Result<Officer, Failure> {
    let officer = officers::store::find_by_username(services.database.reader(), services, username).await?;
    let hash = officer.as_ref().and_then(Officer::hash);
    let is_right = services.passwords.verify(SecretString::from(password), hash).await?;
    let Some(officer) = officer.filter(|officer| is_right && !officer.is_suspended()) else {
        return Err(Failure::refused(ProblemCode::CredentialsInvalid, "the name or the password is wrong"));
    };
    match officer.password_expires_at {
        Some(at) if at <= services.clock.now() => {
            Err(Problem::new(ProblemCode::PasswordExpired, "an administrator sends another")
                .with([("expired_at", at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))])
                .into())
        }
        _ => Ok(officer),
    }
}

/// Whether this is the caller's own password, for an act that asks for it once more. A wrong one counts like a
/// wrong sign-in.
///
/// # Errors
/// Where too many were wrong, or the database fails.
pub async fn confirm_password(services: &Services, caller: &Caller, password: &str) -> Result<bool, Failure> {
    let reader = services.database.reader();
    let Some(officer) = officers::store::find(reader, services, caller.officer_id).await? else { return Ok(false) };
    let account = account_key(services, &officer.username);
    throttle(services, account, &caller.remote_address).await?;
    let is_right = services.passwords.verify(SecretString::from(password.to_owned()), officer.hash()).await?;
    if is_right {
        let transaction = services.database.begin().await?;
        limits::forget(&transaction, account).await?;
        transaction.commit().await?;
    }
    Ok(is_right)
}

/// Counts a try of the caller's at a secret of theirs like a try to sign in.
///
/// # Errors
/// Where there were too many, or the database fails.
pub async fn count_try(services: &Services, caller: &Caller) -> Result<(), Failure> {
    let officer = officers::store::find(services.database.reader(), services, caller.officer_id).await?;
    let username = officer.map(|officer| officer.username).unwrap_or_default();
    throttle(services, account_key(services, &username), &caller.remote_address).await
}

/// Ends every session of an officer, or every other than one, at once.
///
/// # Errors
/// Where the database fails.
pub async fn end_all(
    transaction: &Transaction,
    services: &Services,
    officer: Uuid,
    but: Option<Uuid>,
) -> Result<(), Fault> {
    lasting::end_all_of(transaction, services, Owner::officer(officer), but).await
}

/// Every try counts, before it is known whether it is right: parallel guesses cannot slip past.
async fn throttle(services: &Services, account: Key, address: &str) -> Result<(), Failure> {
    let limits = &services.settings.sessions;
    let by_address = Key(services.vault.index("sign-in address", address));
    let transaction = services.database.begin().await?;
    for (key, name, max) in
        [(account, "per_account", limits.tries_per_account), (by_address, "per_address", limits.tries_per_address)]
    {
        let caps = [Cap { name, max, window: WINDOW }];
        if let Err(full) = limits::take(&transaction, services, key, &caps).await? {
            let retry_after = full.retry_after(services.clock.now()).to_string();
            return Err(Problem::new(ProblemCode::TooManyRequests, "too many tries to sign in")
                .with([("retry_after", retry_after), ("cap", full.cap.to_owned())])
                .into());
        }
    }
    Ok(transaction.commit().await?)
}

async fn begin(
    services: &Services,
    officer: Officer,
    account: Key,
    address: String,
    proof: Option<second_factors::Proof>,
) -> Result<Tokens, Failure> {
    let transaction = services.database.begin().await?;
    // What was proved with is used up even where it was wrong: no challenge and no code is taken twice.
    if let Some(proof) = proof
        && !second_factors::prove(&transaction, services, officer.id, proof).await?
    {
        transaction.commit().await?;
        return Err(Failure::refused(ProblemCode::SecondFactorWrong, "the second factor is wrong"));
    }
    let (session_id, tokens) = lasting::begin(&transaction, services, Owner::officer(officer.id)).await?;
    let caller = Caller {
        officer_id: officer.id,
        session_id,
        full_name: officer.full_name,
        role: officer.role,
        pending: None,
        agency_id: officer.agency_id,
        unit_ids: Vec::new(),
        remote_address: address,
    };
    limits::forget(&transaction, account).await?;
    let about = About::of(session_id).in_unit(caller.agency_id);
    audit::record(&transaction, services, &caller, Act::SessionCreated, about).await?;
    transaction.commit().await?;
    Ok(tokens)
}

/// Goes on with a session. A refresh token that was used before ends it.
pub(super) async fn refresh(services: &Services, cookie: Option<&str>) -> Result<Tokens, Failure> {
    let gone_on = lasting::go_on(services, Kind::Officer, cookie).await?;
    let (_, tokens) = gone_on.ok_or_else(|| Failure::refused(ProblemCode::Unauthenticated, "sign in again"))?;
    Ok(tokens)
}
