//! The e-mail address, which the citizen changes alone: no code and no password goes there.

use motcua_openapi::citizens::ChangeEmail;

use crate::accounts;
use crate::app::Services;
use crate::audit::{self, About, Act, Change, ChangedField};
use crate::citizens::citizen::Citizen;
use crate::citizens::error::Error;

/// Changes it, or takes it away.
pub(super) async fn change(services: &Services, citizen: &Citizen, body: &ChangeEmail) -> Result<(), Error> {
    let email = body.parse().map_err(Error::Fields)?;
    let transaction = services.database.begin().await?;
    let account = accounts::lock(&transaction, services, citizen.account_id).await?;
    let mut account = account.filter(|account| account.closed_at.is_none()).ok_or(Error::SessionOver)?;
    if account.personal.email == email {
        return Ok(());
    }
    account.personal.email = email;
    accounts::save_personal(&transaction, services, &account).await?;
    let changed = Change { field: ChangedField::Email, before: None, after: None };
    let about = About::of(account.id).in_unit(account.unit_id).with(vec![changed]);
    audit::record(&transaction, services, citizen, Act::CitizenEmailChanged, about).await?;
    Ok(transaction.commit().await?)
}
