//! Enrolling and removing one's own factors. One transaction and one event each.

use motcua_openapi::problem::{FieldCode, FieldError, ProblemCode};
use motcua_openapi::second_factors::{
    BeginSecondFactor, ConfirmTotp, PasskeyAnswer, PasskeyChallenge, SecondFactor, SecondFactorKind, SecondFactorList,
    TotpEnrolment,
};
use motcua_openapi::sessions::Role;
use motcua_openapi::values::text;
use uuid::Uuid;

use super::{Factor, MOST, OPEN_FOR, passkeys, store, totp};
use crate::app::Services;
use crate::audit::{self, About, Act, By};
use crate::officers::{self, Officer};
use crate::problem::{Failure, Fault};
use crate::sessions::{self, Caller};

/// The caller's factors.
pub(super) async fn list(services: &Services, caller: &Caller) -> Result<SecondFactorList, Fault> {
    let items = store::of(services.database.reader(), caller.officer_id).await?;
    Ok(SecondFactorList { items, required: must_have_one(services, caller) })
}

fn must_have_one(services: &Services, caller: &Caller) -> bool {
    caller.role == Role::Administrator && services.settings.sessions.administrators_need_second_factor
}

/// The officer who has shown the password once more and may enrol another factor.
async fn allowed(services: &Services, caller: &Caller, body: &BeginSecondFactor) -> Result<Officer, Failure> {
    if text::tidy(&body.name).is_empty() {
        return Err(Failure::fields(vec![FieldError::new("name", FieldCode::Required, "give it a name")]));
    }
    if !sessions::confirm_password(services, caller, &body.password).await? {
        return Err(Failure::refused(ProblemCode::PasswordWrong, "not the password"));
    }
    let reader = services.database.reader();
    if store::of(reader, caller.officer_id).await?.len() >= MOST {
        return Err(Failure::refused(ProblemCode::WrongState, "remove a second factor first"));
    }
    let officer = officers::store::find(reader, services, caller.officer_id).await?;
    Ok(officer.ok_or_else(|| Fault::new(anyhow::anyhow!("the caller is no officer any more")))?)
}

/// Begins with an authenticator app: the secret is shown here and never again. One that was begun before and not
/// confirmed is forgotten.
pub(super) async fn begin_totp(
    services: &Services,
    caller: &Caller,
    body: &BeginSecondFactor,
) -> Result<TotpEnrolment, Failure> {
    let officer = allowed(services, caller, body).await?;
    let secret: [u8; totp::SECRET_BYTES] = services.random.bytes();
    let codes = totp::of_secret(services, &secret, &officer.username)?;
    let now = services.clock.now();
    let factor = Factor {
        id: services.new_id(),
        officer_id: officer.id,
        kind: SecondFactorKind::Totp,
        name: text::tidy(&body.name),
        secret: secret.to_vec(),
        counter: -1,
        created_at: now,
        confirmed_at: None,
        last_used_at: None,
    };
    let transaction = services.database.begin().await?;
    store::forget_unconfirmed(&transaction, officer.id).await?;
    store::insert(&transaction, services, &factor, None).await?;
    transaction.commit().await?;
    Ok(TotpEnrolment {
        id: factor.id,
        otpauth_url: codes.to_url().map_err(Fault::new)?,
        secret: codes.secret().to_base32(),
        expires_at: now + OPEN_FOR,
    })
}

/// Ends it with a right code: from here on the factor is asked for. A wrong code counts like a wrong sign-in.
pub(super) async fn confirm_totp(
    services: &Services,
    caller: &Caller,
    body: &ConfirmTotp,
) -> Result<SecondFactor, Failure> {
    sessions::count_try(services, caller).await?;
    let now = services.clock.now();
    let transaction = services.database.begin().await?;
    let begun = store::unconfirmed(&transaction, services, caller.officer_id, body.id, now - OPEN_FOR).await?;
    let factor = begun.ok_or_else(|| Failure::refused(ProblemCode::NotFound, "no such enrolment"))?;
    let codes = totp::of_secret(services, &factor.secret, "")?;
    let step = totp::fresh_step(&codes, &body.code, now.timestamp(), factor.counter);
    let step = step.ok_or_else(|| Failure::refused(ProblemCode::SecondFactorUnfit, "not the code"))?;
    if !store::confirm(&transaction, factor.id, step, now).await? {
        return Err(Failure::refused(ProblemCode::NotFound, "no such enrolment"));
    }
    audit::record(&transaction, services, caller, Act::SecondFactorEnrolled, own(caller)).await?;
    transaction.commit().await?;
    Ok(Factor { confirmed_at: Some(now), ..factor }.shown())
}

/// Begins with a passkey.
pub(super) async fn begin_passkey(
    services: &Services,
    caller: &Caller,
    body: &BeginSecondFactor,
) -> Result<PasskeyChallenge, Failure> {
    let officer = allowed(services, caller, body).await?;
    let body = BeginSecondFactor { name: text::tidy(&body.name), ..body.clone() };
    Ok(passkeys::begin(services, officer.id, &officer.username, &officer.full_name, &body).await?)
}

/// Ends it with the passkey's answer.
pub(super) async fn confirm_passkey(
    services: &Services,
    caller: &Caller,
    answer: PasskeyAnswer,
) -> Result<SecondFactor, Failure> {
    let refused = || Failure::refused(ProblemCode::SecondFactorUnfit, "not an answer to an open challenge");
    let transaction = services.database.begin().await?;
    let Some((factor, index)) = passkeys::enrolled(&transaction, services, caller.officer_id, answer).await? else {
        transaction.commit().await?;
        return Err(refused());
    };
    if !store::insert(&transaction, services, &factor, Some(index)).await? {
        transaction.commit().await?;
        return Err(refused());
    }
    audit::record(&transaction, services, caller, Act::SecondFactorEnrolled, own(caller)).await?;
    transaction.commit().await?;
    Ok(factor.shown())
}

/// Removes one of the caller's. Who must have one keeps the last.
pub(super) async fn remove(services: &Services, caller: &Caller, id: Uuid) -> Result<(), Failure> {
    let transaction = services.database.begin().await?;
    if !store::remove(&transaction, caller.officer_id, id).await? {
        return Err(Failure::refused(ProblemCode::NotFound, "no such second factor"));
    }
    if must_have_one(services, caller) && !store::has_any(&transaction, caller.officer_id).await? {
        return Err(Failure::refused(ProblemCode::SecondFactorNeeded, "enrol another first"));
    }
    audit::record(&transaction, services, caller, Act::SecondFactorRemoved, own(caller)).await?;
    Ok(transaction.commit().await?)
}

/// Removes every factor of an officer by name, from the server's own command line.
///
/// # Errors
/// Where there is no such officer, or the database fails.
pub async fn remove_by_username(services: &Services, username: &str) -> Result<(), Fault> {
    let transaction = services.database.begin().await?;
    let officer = officers::store::find_by_username(&transaction, services, username).await?;
    let officer = officer.ok_or_else(|| Fault::new(anyhow::anyhow!("there is no officer of that sign-in name")))?;
    store::remove_all(&transaction, officer.id).await?;
    sessions::end_all(&transaction, services, officer.id, None).await?;
    let about = About::of(officer.id).in_unit(officer.agency_id);
    audit::record(&transaction, services, By::System, Act::SecondFactorsReset, about).await?;
    Ok(transaction.commit().await?)
}

fn own(caller: &Caller) -> About {
    About::of(caller.officer_id).in_unit(caller.agency_id)
}
