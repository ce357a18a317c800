//! What is held about a citizen, and whoever had to do with it.
//!
//! Owns the showing. Each look is an event, which the citizen sees too. Refuses the scan itself: what is known of it
//! is here, its pages are at the desk.

mod accesses;
mod email;
pub mod routes;

use motcua_openapi::citizens::CitizenMe;
use motcua_openapi::registrations::Scan;
use motcua_openapi::values::PersonName;

use super::citizen::Citizen;
use super::data_requests;
use super::error::Error;
use crate::accounts;
use crate::app::Services;
use crate::audit::{self, About, Act};
use crate::problem::Fault;
use crate::{officers, units};

/// All that is held about the citizen, who looks at it or takes it away: an event of that `act`.
pub(super) async fn held(services: &Services, citizen: &Citizen, act: Act) -> Result<CitizenMe, Error> {
    let transaction = services.database.begin().await?;
    let about = About::of(citizen.account_id).in_unit(citizen.unit_id);
    audit::record(&transaction, services, citizen, act, about).await?;
    transaction.commit().await?;
    let reader = services.database.reader();
    let account = accounts::of_citizen(reader, services, citizen.account_id).await?.ok_or(Error::SessionOver)?;
    let created_by = officers::store::names(reader, vec![account.officer_id]).await?.remove(&account.officer_id);
    let created_at_unit = units::store::names(reader, vec![account.unit_id]).await?.remove(&account.unit_id);
    let accesses = accesses::of(services, &account).await?;
    let requests = data_requests::of_account(services, account.id).await?;
    Ok(CitizenMe {
        account_id: account.id,
        full_name: PersonName::parse(&account.full_name).map_err(Fault::new)?,
        id_number: account.personal.id_number,
        previous_id_number: account.personal.previous_id_number,
        birth_date: account.personal.birth_date,
        phone: account.personal.phone,
        email: account.personal.email,
        language: account.personal.language,
        scan: Scan {
            file_name: account.scan.file_name,
            kind: account.scan.kind,
            size_bytes: account.scan.size_bytes,
            uploaded_at: account.scan.uploaded_at,
        },
        created_at: account.created_at,
        created_by: created_by.unwrap_or_default(),
        created_at_unit: created_at_unit.unwrap_or_default(),
        first_signed_in_at: account.first_signed_in_at,
        password_set_at: account.password_set_at,
        accesses,
        requests,
    })
}
