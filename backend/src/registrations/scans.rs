//! The verbs on a scan: attach it, read it.
//!
//! The bytes are checked, sealed and stored under a generated name before the row names them; the
//! scan that they replace is deleted after the row no longer does.

use std::time::Duration;

use bytes::Bytes;
use motcua_openapi::registrations::ScanKind;
use uuid::Uuid;

use super::error::Error;
use super::model::{Registration, ScanRecord, State};
use super::scan::ScanRefusal;
use super::{drafts, scan};
use crate::accounts;
use crate::antivirus::{self, Finding};
use crate::app::Services;
use crate::audit::{self, About, Act};
use crate::problem::Fault;
use crate::sessions::Caller;
use crate::uploads::Upload;

/// Attaches a scan in place of the one before.
pub(super) async fn attach(
    services: &Services,
    caller: &Caller,
    id: Uuid,
    upload: Upload,
) -> Result<Registration, Error> {
    let size_bytes = upload.content.len() as u64;
    let file_name = plain_name(&upload.file_name);
    let kind = check(services, &upload).await?;
    let object = services.new_id();
    services.objects.put(object, upload.content).await?;
    let record = ScanRecord { object, file_name, kind, size_bytes, uploaded_at: services.clock.now() };
    let saved = record_scan(services, caller, id, record).await;
    let orphan = match &saved {
        Ok((_, replaced)) => *replaced,
        Err(_) => Some(object),
    };
    if let Some(orphan) = orphan {
        services.objects.delete(orphan).await;
    }
    saved.map(|(registration, _)| registration)
}

async fn record_scan(
    services: &Services,
    caller: &Caller,
    id: Uuid,
    record: ScanRecord,
) -> Result<(Registration, Option<Uuid>), Error> {
    let transaction = services.database.begin().await?;
    let current = drafts::lock(&transaction, services, caller, id).await?;
    let replaced = current.scan.as_ref().map(|scan| scan.object);
    let attached = current.attach_scan(record, caller.by(services))?;
    let saved = drafts::save(&transaction, services, attached).await?;
    audit::record(&transaction, services, Some(caller), Act::ScanAttached, About::of(id).in_unit(saved.unit_id))
        .await?;
    transaction.commit().await?;
    Ok((saved, replaced))
}

/// Runs the check off the request threads and for so long only.
async fn check(services: &Services, upload: &Upload) -> Result<ScanKind, Error> {
    let (name, declared, content) = (upload.file_name.clone(), upload.declared.clone(), upload.content.clone());
    let checking = tokio::task::spawn_blocking(move || scan::check(&name, declared.as_deref(), &content));
    let limit = Duration::from_secs(services.settings.registrations.scan_check_seconds);
    let kind = match tokio::time::timeout(limit, checking).await {
        Ok(Ok(verdict)) => verdict.map_err(Error::ScanRefused)?,
        Ok(Err(panic)) => return Err(Fault::new(panic).into()),
        Err(_) => return Err(Error::ScanRefused(ScanRefusal::Damaged)),
    };
    let clamd = &services.settings.registrations.clamd;
    if !clamd.is_empty() && antivirus::examine(clamd, &upload.content).await? == Finding::Infected {
        return Err(Error::ScanRefused(ScanRefusal::Infected { kind }));
    }
    Ok(kind)
}

/// Reads a scan, also that of a completed registration, which its account keeps.
pub(super) async fn read(services: &Services, caller: &Caller, id: Uuid) -> Result<(ScanRecord, Bytes), Error> {
    let registration = drafts::read(services, caller, id).await?;
    let record = match registration.state {
        State::Completed { account_id } => accounts::scan_of(services, account_id).await?,
        _ => registration.scan,
    };
    let record = record.ok_or(Error::ScanMissing)?;
    let content = services.objects.get(record.object).await?;
    let transaction = services.database.begin().await?;
    audit::record(&transaction, services, Some(caller), Act::ScanRead, About::of(id).in_unit(registration.unit_id))
        .await?;
    transaction.commit().await?;
    Ok((record, content))
}

/// The last part of a name, without control characters, at most 120 characters, the extension kept.
fn plain_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: Vec<char> = base.chars().filter(|c| !c.is_control()).collect();
    let skip = clean.len().saturating_sub(120);
    clean.into_iter().skip(skip).collect()
}

#[cfg(test)]
mod tests {
    use super::plain_name;

    #[test]
    fn a_name_loses_its_folders_and_keeps_its_extension() {
        assert_eq!(plain_name(r"C:\fake\thẻ\0\r\n.pdf"), "n.pdf");
        assert_eq!(plain_name("../../thẻ\n căn cước.pdf"), "thẻ căn cước.pdf");
        let long = format!("{}.docx", "a".repeat(300));
        assert!(plain_name(&long).ends_with(".docx") && plain_name(&long).chars().count() == 120);
    }
}
