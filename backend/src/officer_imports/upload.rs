//! Taking a list in, and pressing "apply". Both are quick: the work is done behind them.

use chrono::Duration;
use motcua_openapi::officer_imports::{ImportState, ListFormat};
use uuid::Uuid;

use super::{Error, Uploaded, sheet, store};
use crate::app::Services;
use crate::database::Transaction;
use crate::idempotency::{self, Claim};
use crate::sessions::Caller;
use crate::uploads::Upload;

/// Takes a list in; its id. It is checked from here on.
pub(super) async fn upload(
    services: &Services,
    caller: &Caller,
    upload: &Upload,
    key: Option<&str>,
) -> Result<Uuid, Error> {
    let format = sheet::format_of(&upload.file_name, &upload.content).map_err(Error::TypeRefused)?;
    let id = services.new_id();
    let transaction = services.database.begin().await?;
    let request = [b"create_officer_import".as_slice(), upload.file_name.as_bytes(), &upload.content];
    match idempotency::claim(&transaction, services, caller.officer_id, key, &request, id).await? {
        Claim::First => {}
        Claim::Repeat(id) => return Ok(id),
        Claim::Reused => return Err(Error::KeyReused),
    }
    let by = (Some(caller.officer_id), caller.agency_id, Some(caller.remote_address.clone()));
    keep(&transaction, services, id, by, format, &upload.content).await?;
    transaction.commit().await?;
    services.imports.wake();
    Ok(id)
}

/// Keeps a list of somebody, or of nobody who has a session, for the check.
pub(super) async fn keep(
    transaction: &Transaction,
    services: &Services,
    id: Uuid,
    (officer_id, agency_id, remote_address): (Option<Uuid>, Uuid, Option<String>),
    format: ListFormat,
    content: &[u8],
) -> Result<(), Error> {
    let now = services.clock.now();
    let list = Uploaded {
        id,
        officer_id,
        agency_id,
        remote_address,
        state: ImportState::Checking,
        format,
        done: 0,
        total: 0,
        created_at: now,
        expires_at: now + Duration::hours(i64::from(services.settings.imports.keep_hours)),
        applied_at: None,
    };
    Ok(store::insert(transaction, services, &list, content).await?)
}

/// Lets the caller's list be applied, where it is ready.
pub(super) async fn apply(services: &Services, caller: &Caller, id: Uuid) -> Result<(), Error> {
    let transaction = services.database.begin().await?;
    let found = store::find(&transaction, id).await?;
    let list = found.filter(|list| list.officer_id == Some(caller.officer_id)).ok_or(Error::NotFound)?;
    begin_to_apply(&transaction, &list).await?;
    transaction.commit().await?;
    services.imports.wake();
    Ok(())
}

/// The same of a list that is at hand.
pub(super) async fn begin_to_apply(transaction: &Transaction, list: &Uploaded) -> Result<(), Error> {
    match store::advance(transaction, list.id, ImportState::Ready, ImportState::Applying, None).await? {
        true => Ok(()),
        false => Err(Error::NotReady(list.state)),
    }
}
