//! The password of a citizen's own: what it must not be, and changing it.

use motcua_openapi::citizens::ChangeCitizenPassword;
use motcua_openapi::problem::{FieldCode, FieldError};
use motcua_openapi::values::{IdNumber, NewPassword, text};
use secrecy::SecretString;

use super::citizen::Citizen;
use super::error::Error;
use super::sign_in;
use crate::accounts::{self, Account};
use crate::app::Services;
use crate::audit::{self, About, Act};
use crate::passwords;
use crate::sessions::{self, Owner};

/// Sets a password of the citizen's own: every other session ends, and a text says so.
pub(super) async fn change(services: &Services, citizen: &Citizen, body: ChangeCitizenPassword) -> Result<(), Error> {
    let new = body.parse().map_err(Error::Fields)?;
    refuse_common(&new)?;
    let reader = services.database.reader();
    let account = accounts::of_citizen(reader, services, citizen.account_id).await?.ok_or(Error::SessionOver)?;
    refuse_personal(services, &account, &new)?;
    sign_in::count_password(services, account.id).await?;
    let standing = accounts::standing(reader, account.id).await?.ok_or(Error::SessionOver)?;
    let hash = standing.password_hash.as_deref();
    if !services.passwords.verify(SecretString::from(text::nfc(&body.current_password)), hash).await? {
        return Err(Error::PasswordWrong);
    }
    let hash = services.passwords.hash(SecretString::from(new.as_str().to_owned())).await?;
    let transaction = services.database.begin().await?;
    sign_in::right_password(&transaction, services, account.id).await?;
    if !accounts::set_own_password(&transaction, account.id, hash, services.clock.now()).await? {
        return Err(Error::SessionOver);
    }
    sessions::end_all_of(&transaction, services, Owner::citizen(account.id), Some(citizen.session_id)).await?;
    accounts::tell_of_password(&transaction, services, &account).await?;
    let about = About::of(account.id).in_unit(account.unit_id);
    audit::record(&transaction, services, citizen, Act::CitizenPasswordChanged, about).await?;
    transaction.commit().await?;
    services.outbox.wake(account.id);
    Ok(())
}

fn refused(code: FieldCode, detail: &str) -> Error {
    Error::Fields(vec![FieldError::new("new_password", code, detail)])
}

/// Refuses a password that very many people use.
pub(super) fn refuse_common(new: &NewPassword) -> Result<(), Error> {
    if passwords::is_common(new) {
        return Err(refused(FieldCode::PasswordCommon, "it is a common password"));
    }
    Ok(())
}

/// Refuses a password that says its owner's number or phone, or the portal's name.
pub(super) fn refuse_personal(services: &Services, account: &Account, new: &NewPassword) -> Result<(), Error> {
    let personal = &account.personal;
    let numbers = std::iter::once(&personal.id_number).chain(&personal.previous_id_number);
    let e164 = personal.phone.as_e164();
    // Without its first digit a phone reads the same after 0 and after +84.
    let subscriber = e164.trim_start_matches("+84");
    let portal = without_spaces(&services.settings.place.portal_name);
    let words = numbers.map(IdNumber::as_str).chain([subscriber, portal.as_str()]);
    let typed = without_spaces(new.as_str());
    if words.filter(|word| !word.is_empty()).any(|word| typed.contains(word)) {
        return Err(refused(FieldCode::PasswordPersonal, "it says a number of yours, or the portal's name"));
    }
    Ok(())
}

fn without_spaces(words: &str) -> String {
    text::fold(words).split_whitespace().collect()
}
