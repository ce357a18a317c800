//! Applying a list: all of it or nothing, in one transaction.
//!
//! The list is checked once more behind the locks, against officers and units as they are now. Only where that gives
//! exactly what was previewed is anything written: a preview that is stale in whatever way changes nothing.

use std::collections::HashMap;
use std::sync::atomic::AtomicU32;

use chrono::Duration;
use motcua_openapi::audit::{Act, Change, ChangedField};
use motcua_openapi::messages::MessagePurpose;
use motcua_openapi::officer_imports::{ImportState, ListColumn, RowOutcome};
use motcua_openapi::sessions::Role;
use uuid::Uuid;

use super::model::{Plan, Planned};
use super::work::{by, check_rows, remember};
use super::{Uploaded, store, world};
use crate::app::Services;
use crate::audit::{self, About};
use crate::database::Transaction;
use crate::messages::{self, NewMessage};
use crate::officers::{self, Officer, lists};
use crate::problem::Fault;
use crate::units;

/// Rows between two notes of how far it has come.
const STEP: usize = 500;

/// Applies a list that is being applied, or finds that it is stale.
pub(super) async fn apply(services: &Services, list: &Uploaded) -> Result<(), Fault> {
    let plan = store::plan(services.database.reader(), services, list.id).await?;
    let plan = plan.ok_or_else(|| Fault::new(anyhow::anyhow!("a list without what it would do")))?;
    let total = u32::try_from(plan.rows.len()).unwrap_or(u32::MAX);
    store::progress(services, list.id, 0, total).await?;
    let applied = write(services, list, &plan).await;
    services.imports.is_over(list.id);
    if applied? {
        store::progress(services, list.id, total, total).await?;
        services.outbox.wake(list.id);
        return Ok(());
    }
    let transaction = services.database.begin().await?;
    store::advance(&transaction, list.id, ImportState::Applying, ImportState::Stale, None).await?;
    Ok(transaction.commit().await?)
}

/// `false`: it is stale, and nothing was written.
async fn write(services: &Services, list: &Uploaded, plan: &Plan) -> Result<bool, Fault> {
    let transaction = services.database.begin().await?;
    if !may_still(&transaction, services, list).await? {
        return Ok(false);
    }
    let changed: Vec<Uuid> = of(plan, RowOutcome::Changed).filter_map(|row| row.officer_id).collect();
    let officers = lists::lock_all(&transaction, services, &changed).await?;
    hold_agencies(&transaction, plan).await?;
    if !is_as_previewed(&transaction, services, list, plan).await? {
        return Ok(false);
    }
    let mut writing = Writing { transaction: &transaction, services, list, total: plan.rows.len(), done: 0, texts: 0 };
    let unchanged = of(plan, RowOutcome::Unchanged).count();
    writing.progress(unchanged).await?;
    let new: Vec<&Planned> = of(plan, RowOutcome::New).collect();
    for some in new.chunks(STEP) {
        if !writing.authorise(some).await? {
            return Ok(false);
        }
    }
    let mut officers: HashMap<Uuid, Officer> = officers.into_iter().map(|officer| (officer.id, officer)).collect();
    let changed: Vec<&Planned> = of(plan, RowOutcome::Changed).collect();
    for some in changed.chunks(STEP) {
        writing.change(some, &mut officers).await?;
    }
    let now = services.clock.now();
    if !store::advance(&transaction, list.id, ImportState::Applying, ImportState::Applied, Some(now)).await? {
        return Ok(false);
    }
    let rows = u32::try_from(plan.rows.len()).unwrap_or(u32::MAX);
    remember(&transaction, services, list, Act::ImportApplied, rows, ImportState::Applied).await?;
    transaction.commit().await?;
    Ok(true)
}

fn of(plan: &Plan, outcome: RowOutcome) -> impl Iterator<Item = &Planned> {
    plan.rows.iter().filter(move |row| row.shown.outcome == outcome)
}

/// Whether who uploaded it still administers that agency.
async fn may_still(transaction: &Transaction, services: &Services, list: &Uploaded) -> Result<bool, Fault> {
    let Some(officer_id) = list.officer_id else { return Ok(true) };
    let officer = officers::store::find(transaction, services, officer_id).await?;
    Ok(officer.is_some_and(|officer| {
        officer.role == Role::Administrator && !officer.is_suspended() && officer.agency_id == list.agency_id
    }))
}

/// Whoever else takes an administrator away waits at the agency's row.
async fn hold_agencies(transaction: &Transaction, plan: &Plan) -> Result<(), Fault> {
    let administered = plan.rows.iter().filter(|row| row.role_before == Some(Role::Administrator));
    let losing = administered.filter(|row| (row.role, Some(row.agency_id)) != (Role::Administrator, row.agency_before));
    let mut agencies: Vec<Uuid> = losing.filter_map(|row| row.agency_before).collect();
    agencies.sort_unstable();
    agencies.dedup();
    for agency in agencies {
        units::store::lock(transaction, agency).await?;
    }
    Ok(())
}

async fn is_as_previewed(
    transaction: &Transaction,
    services: &Services,
    list: &Uploaded,
    plan: &Plan,
) -> Result<bool, Fault> {
    let sheet = plan.sheet.clone();
    let world = world::load(transaction, services, (list.officer_id, list.agency_id), &sheet).await?;
    let checking = tokio::task::spawn_blocking(move || check_rows(&world, &sheet, &AtomicU32::new(0)));
    let now = checking.await.map_err(Fault::new)?;
    Ok(now.is_sound() && now.rows == plan.rows)
}

/// The writing of one list.
struct Writing<'a> {
    transaction: &'a Transaction,
    services: &'a Services,
    list: &'a Uploaded,
    total: usize,
    done: usize,
    texts: usize,
}

impl Writing<'_> {
    async fn progress(&mut self, rows: usize) -> Result<(), Fault> {
        self.done += rows;
        let count = |rows| u32::try_from(rows).unwrap_or(u32::MAX);
        self.services.imports.has_come_to(self.list.id, count(self.done));
        store::progress_beside(self.services, self.list.id, count(self.done), count(self.total)).await
    }

    /// Authorises officers; the password of each goes to their own phone, not all at the same moment. `false`:
    /// somebody has one of the sign-in names.
    async fn authorise(&mut self, rows: &[&Planned]) -> Result<bool, Fault> {
        let (transaction, services) = (self.transaction, self.services);
        let officers: Vec<Officer> = rows.iter().map(|row| self.fresh(row)).collect();
        if !lists::authorise_all(transaction, services, &officers).await? {
            return Ok(false);
        }
        let with_rows = || officers.iter().zip(rows);
        let pairs: Vec<(Uuid, Uuid)> =
            with_rows().flat_map(|(officer, row)| row.units.iter().map(|unit| (officer.id, *unit))).collect();
        units::store::assign_pairs(transaction, &pairs).await?;
        let texts: Vec<NewMessage<'_>> = officers.iter().filter_map(|officer| self.text(officer)).collect();
        let (so_far, per_minute) = (self.texts, services.settings.imports.texts_per_minute);
        self.texts += texts.len();
        messages::enqueue_spread(transaction, services, texts, so_far, per_minute).await?;
        let events = with_rows().map(|(officer, row)| {
            let changes = vec![
                Change::to(ChangedField::Role, row.role.as_str()),
                Change::to(ChangedField::Agency, row.agency_id.to_string()),
                Change::units(&[], &row.units),
            ];
            (Act::OfficerImported, About::of(officer.id).in_unit(row.agency_id).with(changes))
        });
        audit::record_all(transaction, services, by(self.list), events.collect()).await?;
        self.progress(rows.len()).await?;
        Ok(true)
    }

    /// Nobody knows a password yet: none works until one is drawn.
    fn fresh(&self, row: &Planned) -> Officer {
        let now = self.services.clock.now();
        Officer {
            id: self.services.new_id(),
            username: row.shown.username.clone(),
            full_name: row.shown.full_name.clone(),
            phone: row.phone.clone(),
            password_hash: String::new(),
            role: row.role,
            agency_id: row.agency_id,
            password_change_needed: true,
            password_message_id: Some(self.services.new_id()),
            password_expires_at: None,
            version: 1,
            created_at: now,
            suspended_at: None,
            updated_at: Some(now),
            updated_by: self.list.officer_id,
        }
    }

    fn text<'o>(&self, officer: &'o Officer) -> Option<NewMessage<'o>> {
        let hours = self.services.settings.messages.password_hours;
        Some(NewMessage {
            id: officer.password_message_id?,
            purpose: MessagePurpose::OfficerPassword,
            subject_id: officer.id,
            // Of the command line nobody's: the officer's own.
            officer_id: self.list.officer_id.unwrap_or(officer.id),
            unit_id: officer.agency_id,
            phone: officer.phone.as_ref()?,
            use_until: self.services.clock.now() + Duration::hours(i64::from(hours)),
        })
    }

    async fn change(&mut self, rows: &[&Planned], officers: &mut HashMap<Uuid, Officer>) -> Result<(), Fault> {
        let (transaction, services) = (self.transaction, self.services);
        let mut events = Vec::with_capacity(rows.len());
        let mut assigned = Vec::new();
        for row in rows {
            let officer = row.officer_id.and_then(|id| officers.remove(&id));
            let Some(officer) = officer else {
                return Err(Fault::new(anyhow::anyhow!("an officer went while the list was applied")));
            };
            let officer = Officer {
                full_name: row.shown.full_name.clone(),
                phone: row.phone.clone(),
                role: row.role,
                agency_id: row.agency_id,
                ..officer
            };
            lists::change(transaction, services, &officer, self.list.officer_id).await?;
            let gone: Vec<Uuid> = row.units_before.iter().copied().filter(|unit| !row.units.contains(unit)).collect();
            if !gone.is_empty() {
                units::store::unassign(transaction, officer.id, &gone).await?;
            }
            let come = row.units.iter().filter(|unit| !row.units_before.contains(unit));
            assigned.extend(come.map(|unit| (officer.id, *unit)));
            let about = About::of(officer.id).in_unit(row.agency_id).with(changes(row));
            events.push((Act::OfficerChangedByImport, about));
        }
        units::store::assign_pairs(transaction, &assigned).await?;
        audit::record_all(transaction, services, by(self.list), events).await?;
        self.progress(rows.len()).await
    }
}

/// What the list changes of somebody: of a name and a phone only that it did.
fn changes(row: &Planned) -> Vec<Change> {
    let change = |column| match column {
        ListColumn::FullName => Some(Change::of(ChangedField::Name)),
        ListColumn::Phone => Some(Change::of(ChangedField::Phone)),
        ListColumn::Unit => Some(Change::units(&row.units_before, &row.units)),
        ListColumn::Agency => {
            Some(Change::between(ChangedField::Agency, row.agency_before?.to_string(), row.agency_id.to_string()))
        }
        ListColumn::Role => Some(Change::between(ChangedField::Role, row.role_before?.as_str(), row.role.as_str())),
        ListColumn::Number | ListColumn::Username => None,
    };
    row.shown.changes.iter().filter_map(|one| change(one.column)).collect()
}
