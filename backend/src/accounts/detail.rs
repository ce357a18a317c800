//! One account with its numbers unmasked: whoever opens it is remembered.

use motcua_openapi::accounts as wire;
use motcua_openapi::desk::{OfficerRef, UnitRef};
use motcua_openapi::values::PersonName;
use uuid::Uuid;

use super::{Account, store};
use crate::app::Services;
use crate::audit::{self, About, Act};
use crate::problem::Fault;
use crate::sessions::Caller;
use crate::{messages, officers, units};

/// The account of an id, without asking who looks: for the answer that creates it.
///
/// # Errors
/// Where the database fails.
pub async fn detail(services: &Services, id: Uuid) -> Result<Option<wire::Account>, Fault> {
    let found = store::find(services.database.reader(), services, id).await?;
    match found {
        Some(account) => Ok(Some(show(services, account).await?)),
        None => Ok(None),
    }
}

/// The account of an id where the caller may see it.
pub(super) async fn open(services: &Services, caller: &Caller, id: Uuid) -> Result<Option<wire::Account>, Fault> {
    let Some(account) = visible(services, caller, id).await? else { return Ok(None) };
    let transaction = services.database.begin().await?;
    audit::record(&transaction, services, Some(caller), Act::AccountRead, About::of(id).in_unit(account.unit_id))
        .await?;
    transaction.commit().await?;
    Ok(Some(show(services, account).await?))
}

/// The account where the caller may see it, unopened: no audit event.
pub(super) async fn visible(services: &Services, caller: &Caller, id: Uuid) -> Result<Option<Account>, Fault> {
    let reader = services.database.reader();
    let scope = caller.scope(reader).await?;
    let found = store::find(reader, services, id).await?;
    Ok(found.filter(|account| scope.covers(account.officer_id, Some(account.unit_id))))
}

async fn show(services: &Services, account: Account) -> Result<wire::Account, Fault> {
    let reader = services.database.reader();
    let mut officers = officers::store::names(reader, vec![account.officer_id]).await?;
    let mut units = units::store::names(reader, vec![account.unit_id]).await?;
    let message = messages::find(reader, account.password_message_id, services.clock.now()).await?;
    Ok(wire::Account {
        id: account.id,
        registration_id: account.registration_id,
        full_name: name_of(&account)?,
        id_number: account.personal.id_number,
        previous_id_number: account.personal.previous_id_number,
        birth_date: account.personal.birth_date,
        phone: account.personal.phone,
        email: account.personal.email,
        officer: OfficerRef {
            id: account.officer_id,
            full_name: officers.remove(&account.officer_id).unwrap_or_default(),
        },
        unit: UnitRef { id: account.unit_id, name: units.remove(&account.unit_id).unwrap_or_default() },
        scan: motcua_openapi::registrations::Scan {
            file_name: account.scan.file_name,
            kind: account.scan.kind,
            size_bytes: account.scan.size_bytes,
            uploaded_at: account.scan.uploaded_at,
        },
        created_at: account.created_at,
        language: account.personal.language,
        password_message: message.map(|message| message.status()),
        password_expires_at: account.password_expires_at,
        first_signed_in_at: account.first_signed_in_at,
    })
}

pub(super) fn name_of(account: &Account) -> Result<PersonName, Fault> {
    PersonName::parse(&account.full_name).map_err(Fault::new)
}
