//! Who had to do with an account and the registration that it came from, from the audit.

use std::collections::HashMap;

use motcua_openapi::citizens::{Access, AccessAct};
use uuid::Uuid;

use crate::accounts::Account;
use crate::app::Services;
use crate::audit::{self, Act, Trace};
use crate::problem::Fault;
use crate::{officers, units};

/// The most of the staff's acts, and of the others: a citizen who looks often does not push an officer's look out.
const OF_STAFF: u64 = 400;
const OF_OTHERS: u64 = 100;

/// Newest first.
pub(super) async fn of(services: &Services, account: &Account) -> Result<Vec<Access>, Fault> {
    let reader = services.database.reader();
    let subjects = [account.id, account.registration_id];
    let traces = audit::traces(reader, &subjects, OF_STAFF, OF_OTHERS).await?;
    let mut staff: Vec<Uuid> = traces.iter().filter_map(|trace| trace.officer_id).collect();
    staff.sort_unstable();
    staff.dedup();
    let names = officers::store::briefs(reader, &staff).await?;
    let assigned = units::store::units_of(reader, &staff).await?;
    let agencies = traces.iter().filter_map(|trace| trace.agency_id);
    let mut places: Vec<Uuid> = assigned.values().flatten().copied().chain(agencies).collect();
    places.sort_unstable();
    places.dedup();
    let places = units::store::names(reader, places).await?;
    let show = |trace: &Trace| Access {
        at: trace.at,
        act: shown(trace.act),
        officer: trace.officer_id.map(|id| names.get(&id).map(|(name, _)| name.clone()).unwrap_or_default()),
        unit: trace.officer_id.and_then(|id| place(&assigned, &places, id, trace.agency_id)),
        by_citizen: trace.citizen_id.is_some(),
    };
    Ok(traces.iter().map(show).collect())
}

/// The names of the units that an officer is assigned to, or of the agency of whoever has none.
fn place(
    assigned: &HashMap<Uuid, Vec<Uuid>>,
    names: &HashMap<Uuid, String>,
    officer: Uuid,
    agency: Option<Uuid>,
) -> Option<String> {
    let units = assigned.get(&officer).into_iter().flatten();
    let mut named: Vec<&str> = units.filter_map(|unit| names.get(unit)).map(String::as_str).collect();
    named.sort_unstable();
    if named.is_empty() {
        return agency.and_then(|agency| names.get(&agency).cloned());
    }
    Some(named.join("; "))
}

fn shown(act: Option<Act>) -> AccessAct {
    match act {
        Some(Act::RegistrationRead) => AccessAct::RegistrationRead,
        Some(Act::ScanAttached) => AccessAct::ScanAttached,
        Some(Act::ScanRead) => AccessAct::ScanRead,
        Some(Act::RequestFormMade) => AccessAct::RequestFormMade,
        Some(Act::OtpRequested) => AccessAct::OtpRequested,
        Some(Act::PhoneVerified) => AccessAct::PhoneVerified,
        Some(Act::AccountCreated) => AccessAct::AccountCreated,
        Some(Act::AccountRead) => AccessAct::AccountRead,
        Some(Act::PasswordResent) => AccessAct::PasswordResent,
        Some(Act::CitizenSignedIn) => AccessAct::SignedIn,
        Some(Act::CitizenSessionReused) => AccessAct::SessionReused,
        Some(Act::CitizenPasswordChanged) => AccessAct::PasswordChanged,
        Some(Act::CitizenPasswordReset) => AccessAct::PasswordReset,
        Some(Act::CitizenDataRead) => AccessAct::DataRead,
        Some(Act::CitizenDataExported) => AccessAct::DataExported,
        Some(Act::CitizenEmailChanged) => AccessAct::EmailChanged,
        Some(Act::CitizenPhoneChanged) => AccessAct::PhoneChanged,
        Some(Act::DataRequested) => AccessAct::DataRequested,
        Some(Act::DataRequestAnswered) => AccessAct::DataRequestAnswered,
        Some(Act::AccountClosed) => AccessAct::AccountClosed,
        _ => AccessAct::Other,
    }
}
