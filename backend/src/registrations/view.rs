//! A registration as the wire shows it.

use motcua_openapi::desk::{OfficerRef, UnitRef, Warning};
use motcua_openapi::registrations as wire;
use motcua_openapi::registrations::{RegistrationSummary, ScanKind};
use uuid::Uuid;

use super::model::{Registration, ScanRecord, State};
use super::{phone_check, request_form, store};
use crate::app::Services;
use crate::problem::Fault;
use crate::{messages, officers, units};

/// The whole.
pub(super) async fn registration(services: &Services, one: Registration) -> Result<wire::Registration, Fault> {
    let reader = services.database.reader();
    let officers = officers::store::names(reader, vec![one.officer_id]).await?;
    let units = units::store::names(reader, one.unit_id.into_iter().collect()).await?;
    let mut warnings = one.details.warnings();
    if one.scan.as_ref().is_some_and(|scan| scan.kind == ScanKind::Doc) {
        warnings.push(Warning::ScanIsLegacyDoc);
    }
    Ok(wire::Registration {
        otp: otp(services, &one).await?,
        request_form: one.form.as_ref().map(|form| wire::RequestFormRecord {
            code: form.code.clone(),
            downloaded_at: form.at,
            stale: one.is_open() && request_form::code(services, &one).is_none_or(|code| code != form.code),
        }),
        phone_verified_at: match one.state {
            State::PhoneVerified { at } => Some(at),
            _ => None,
        },
        account_id: match one.state {
            State::Completed { account_id } => Some(account_id),
            _ => None,
        },
        id: one.id,
        version: one.version,
        state: one.state.name(),
        unit: unit(one.unit_id, &units),
        officer: officer(one.officer_id, &officers),
        scan: one.scan.as_ref().map(scan),
        details: one.details,
        warnings,
        created_at: one.created_at,
        updated_at: one.updated_at,
        expires_at: one.expires_at,
    })
}

/// One row of the unfinished ones.
pub(super) async fn summaries(services: &Services, all: Vec<Registration>) -> Result<Vec<RegistrationSummary>, Fault> {
    let reader = services.database.reader();
    let officers = officers::store::names(reader, all.iter().map(|one| one.officer_id).collect()).await?;
    let units = units::store::names(reader, all.iter().filter_map(|one| one.unit_id).collect()).await?;
    let summary = |one: Registration| RegistrationSummary {
        id: one.id,
        state: one.state.name(),
        id_number_masked: one.details.id_number.as_ref().map(motcua_openapi::values::IdNumber::masked),
        full_name: one.details.full_name,
        officer: officer(one.officer_id, &officers),
        unit: unit(one.unit_id, &units),
        updated_at: one.updated_at,
        expires_at: one.expires_at,
    };
    Ok(all.into_iter().map(summary).collect())
}

/// A scan.
pub(crate) fn scan(record: &ScanRecord) -> wire::Scan {
    wire::Scan {
        file_name: record.file_name.clone(),
        kind: record.kind,
        size_bytes: record.size_bytes,
        uploaded_at: record.uploaded_at,
    }
}

async fn otp(services: &Services, one: &Registration) -> Result<Option<wire::OtpStatus>, Fault> {
    let Some(message_id) = one.otp.message_id else { return Ok(None) };
    let reader = services.database.reader();
    let Some(message) = messages::find(reader, message_id, services.clock.now()).await? else { return Ok(None) };
    let newest = store::codes(reader, one.id, 1).await?.into_iter().find(|code| code.sequence == one.otp.sequence);
    let rules = &services.settings.otp;
    let tries = newest.as_ref().map_or(0, |code| u32::try_from(code.tries).unwrap_or_default());
    Ok(Some(wire::OtpStatus {
        message_id,
        sent_at: newest.as_ref().and_then(|code| code.sent_at),
        expires_at: newest.and_then(|code| code.sent_at.map(|_| phone_check::valid_until(services, &code))),
        resend_at: phone_check::resend_at(services, message.queued_at),
        tries_left: rules.max_tries.saturating_sub(tries),
        codes_sent: u32::try_from(store::count_codes(reader, one.id).await?).unwrap_or(u32::MAX),
    }))
}

fn officer(id: Uuid, names: &std::collections::HashMap<Uuid, String>) -> OfficerRef {
    OfficerRef { id, full_name: names.get(&id).cloned().unwrap_or_default() }
}

fn unit(id: Option<Uuid>, names: &std::collections::HashMap<Uuid, String>) -> Option<UnitRef> {
    id.map(|id| UnitRef { id, name: names.get(&id).cloned().unwrap_or_default() })
}
