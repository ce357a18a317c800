//! Test-only: many finished accounts at once, for benches. Not in a release build.
//!
//! Goes through the same state transitions and stores as the desk, a thousand accounts a transaction,
//! and takes their password messages off the outbox, so that nobody is texted.

use anyhow::Context;
use chrono::{Datelike, Duration, NaiveDate};
use motcua_openapi::messages::TextLanguage;
use motcua_openapi::registrations::{CompleteDetails, ScanKind};
use motcua_openapi::values::{BirthDate, IdNumber, PersonName, PhoneNumber};
use uuid::Uuid;

use crate::accounts::{self, NewAccount};
use crate::app::Services;
use crate::database::{Connection, Transaction};
use crate::officers;
use crate::problem::Fault;
use crate::registrations::model::{By, Registration};
use crate::registrations::{self, ScanRecord};
use crate::units;

const BATCH: u32 = 1_000;
const FAMILY: [&str; 8] = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đặng", "Bùi", "Đỗ"];
const MIDDLE: [&str; 6] = ["Văn", "Thị", "Quang", "Ngọc", "Hữu", "Thanh"];
const GIVEN: [&str; 12] = ["An", "Ánh", "Bình", "Dũng", "Hà", "Hương", "Khánh", "Lan", "Minh", "Phúc", "Quỳnh", "Yến"];

/// The number of the `n`-th made-up citizen: the same every time, so that a bench knows whom to look up.
pub fn number_of(n: u32) -> String {
    format!("056{}{:02}{:06}", n % 2, 60 + (n / 2) % 40, n)
}

/// Makes `count` accounts of the officer's first selectable unit.
///
/// # Errors
/// Where the database fails, or there is no such officer.
pub async fn accounts(services: &Services, username: &str, count: u32) -> anyhow::Result<()> {
    let reader = services.database.reader();
    let officer = officers::store::find_by_username(reader, services, username)
        .await
        .map_err(broken)?
        .context("no such officer")?
        .id;
    let assigned = units::store::assigned_to(reader, officer).await.map_err(broken)?;
    let unit = *assigned.first().context("the officer has no unit")?;
    for start in (0..count).step_by(BATCH as usize) {
        let transaction = services.database.begin().await?;
        for n in start..count.min(start + BATCH) {
            account(&transaction, services, officer, unit, n).await?;
        }
        transaction.execute_unprepared("UPDATE messages SET state = 'sent' WHERE state = 'queued'").await?;
        transaction.commit().await?;
    }
    Ok(())
}

async fn account(
    transaction: &Transaction,
    services: &Services,
    officer_id: Uuid,
    unit_id: Uuid,
    n: u32,
) -> anyhow::Result<()> {
    let now = services.clock.now();
    let by = By { officer_id, at: now };
    let id = services.new_id();
    let draft = Registration::begin(id, by, Duration::hours(1));
    let scan = ScanRecord {
        object: services.new_id(),
        file_name: "scan.pdf".into(),
        kind: ScanKind::Pdf,
        size_bytes: 1,
        uploaded_at: now,
    };
    let account_id = services.new_id();
    let verified = draft.verify_phone(by).map_err(|_| anyhow::anyhow!("a draft"))?;
    let completed = verified.complete(account_id, by).map_err(|_| anyhow::anyhow!("a verified draft"))?;
    registrations::insert_seeded(transaction, services, &completed).await.map_err(broken)?;
    let new =
        NewAccount { id: account_id, registration_id: id, officer_id, unit_id, details: details(n, now.year())?, scan };
    accounts::create(transaction, services, new)
        .await
        .map_err(broken)?
        .map_err(|_| anyhow::anyhow!("citizen {n} has an account already"))
}

fn details(n: u32, this_year: i32) -> anyhow::Result<CompleteDetails> {
    let pick = |list: &[&'static str], by: u32| {
        usize::try_from(by).ok().and_then(|by| list.get(by % list.len())).copied().unwrap_or("An")
    };
    let name = format!("{} {} {}", pick(&FAMILY, n), pick(&MIDDLE, n / 8), pick(&GIVEN, n / 48));
    let id_number = IdNumber::parse(&number_of(n))?;
    let born = NaiveDate::from_ymd_opt(id_number.birth_year().unwrap_or(1990), 1, 2).context("a date")?;
    let end_of_year = NaiveDate::from_ymd_opt(this_year, 12, 31).context("a date")?;
    Ok(CompleteDetails {
        id_number,
        previous_id_number: None,
        full_name: PersonName::parse(&name)?,
        birth_date: BirthDate::new(born, end_of_year)?,
        phone: PhoneNumber::parse(&format!("09{:08}", n % 100_000_000))?,
        email: None,
        language: TextLanguage::Vi,
    })
}

fn broken(fault: Fault) -> anyhow::Error {
    anyhow::anyhow!("{fault}")
}
