//! An officer's own password: by the one so far, for length only, not a common one.

use motcua_openapi::problem::{FieldCode, FieldError, IntoFieldError};
use motcua_openapi::sessions::ChangePassword;
use motcua_openapi::values::NewPassword;
use secrecy::SecretString;

use super::{Officer, store};
use crate::app::Services;
use crate::audit::{self, About, Act};
use crate::passwords;
use crate::problem::{Failure, Fault};
use crate::sessions::{self, Caller};

/// Changes it; every other session of theirs ends.
///
/// # Errors
/// Where the password so far is another, or the new one is none.
pub async fn change_own_password(services: &Services, caller: &Caller, body: ChangePassword) -> Result<(), Failure> {
    let refused = |error: FieldError| Failure::fields(vec![error]);
    let new = NewPassword::parse(&body.new_password).map_err(|error| refused(error.under("new_password")))?;
    if passwords::is_common(&new) {
        return Err(refused(FieldError::new("new_password", FieldCode::PasswordCommon, "it is a common password")));
    }
    if !sessions::confirm_password(services, caller, &body.current_password).await? {
        return Err(super::Error::CurrentPasswordWrong.into());
    }
    let hash = services.passwords.hash(SecretString::from(new.as_str().to_owned())).await?;
    let transaction = services.database.begin().await?;
    let officer = store::lock(&transaction, services, caller.officer_id).await?;
    let officer = officer.ok_or_else(|| Fault::new(anyhow::anyhow!("the caller is no officer any more")))?;
    let officer = Officer {
        password_hash: hash,
        password_change_needed: false,
        password_message_id: None,
        password_expires_at: None,
        ..officer
    };
    store::save(&transaction, services, &officer, caller.officer_id).await?;
    sessions::end_all(&transaction, services, caller.officer_id, Some(caller.session_id)).await?;
    let about = About::of(caller.officer_id).in_unit(caller.agency_id);
    audit::record(&transaction, services, caller, Act::OwnPasswordChanged, about).await?;
    Ok(transaction.commit().await?)
}
