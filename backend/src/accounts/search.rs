//! Searching the accounts that the caller may see: newest first, by a keyset cursor.

use motcua_openapi::accounts::{AccountPage, AccountSummary, SearchAccounts, Total};
use motcua_openapi::desk::{OfficerRef, UnitRef};
use motcua_openapi::problem::{FieldCode, FieldError};

use super::detail::name_of;
use super::{Account, store};
use crate::app::Services;
use crate::cursor::Position;
use crate::problem::{Failure, Fault};
use crate::sessions::Caller;
use crate::{messages, officers, units};

/// Where the total stops counting.
const COUNTED: u64 = 10_000;
const DEFAULT_LIMIT: u32 = 20;

/// One page.
pub(super) async fn search(
    services: &Services,
    caller: &Caller,
    query: &SearchAccounts,
) -> Result<AccountPage, Failure> {
    let filter = query.parse().map_err(Failure::fields)?;
    let after = query.cursor.as_deref().map(|text| Position::parse(text).ok_or_else(bad_cursor)).transpose()?;
    let limit = u64::from(query.limit.unwrap_or(DEFAULT_LIMIT));
    let reader = services.database.reader();
    let scope = caller.scope(reader).await?;
    let mut rows = store::page(reader, services, &scope, &filter, after, limit + 1).await?;
    let has_more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = rows.last().map(|row| Position { at: row.created_at, id: row.id });
    let count = store::count(reader, services, &scope, &filter, COUNTED + 1).await?;
    Ok(AccountPage {
        items: summaries(services, rows).await?,
        next: last.filter(|_| has_more).map(Position::cursor),
        total: Total { count: u32::try_from(count.min(COUNTED)).unwrap_or(u32::MAX), exact: count <= COUNTED },
    })
}

fn bad_cursor() -> Failure {
    Failure::fields(vec![FieldError::new("cursor", FieldCode::OutOfRange, "not a cursor of this search")])
}

async fn summaries(services: &Services, rows: Vec<Account>) -> Result<Vec<AccountSummary>, Fault> {
    let reader = services.database.reader();
    let officers = officers::store::names(reader, rows.iter().map(|row| row.officer_id).collect()).await?;
    let units = units::store::names(reader, rows.iter().map(|row| row.unit_id).collect()).await?;
    let passwords = rows.iter().map(|row| row.password_message_id).collect();
    let passwords = messages::statuses(reader, passwords, services.clock.now()).await?;
    rows.into_iter()
        .map(|row| {
            Ok(AccountSummary {
                id: row.id,
                full_name: name_of(&row)?,
                id_number_masked: row.personal.id_number.masked(),
                phone_masked: row.personal.phone.masked(),
                officer: OfficerRef {
                    id: row.officer_id,
                    full_name: officers.get(&row.officer_id).cloned().unwrap_or_default(),
                },
                unit: UnitRef { id: row.unit_id, name: units.get(&row.unit_id).cloned().unwrap_or_default() },
                created_at: row.created_at,
                password_message: passwords.get(&row.password_message_id).copied(),
            })
        })
        .collect()
}
