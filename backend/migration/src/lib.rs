//! The tables, one migration a file, the same on SQLite and PostgreSQL.
//!
//! Owns the shape of what is kept. Refuses data: no migration reads or writes a row, but for two that
//! touch no person's data and say so. Identity
//! numbers, phones, e-mails, dates of birth and file names are sealed blobs from the first table
//! on; what must be found by an exact value has an HMAC blind index (32 bytes) beside it.

mod m20261124_000001_people_and_units;
mod m20261124_000002_registrations;
mod m20261124_000003_accounts;
mod m20261124_000004_messages;
mod m20261124_000005_house_keeping;
mod m20261124_000006_delivery;
mod m20261124_000011_administration;
mod m20261124_000012_oversight;
mod m20261126_000010_citizens;
mod m20261126_000011_password_resets;
mod m20261126_000012_own_data;
mod m20261126_000013_mobile_signatures;

use sea_orm_migration::{MigrationTrait, sea_orm::DbBackend};
pub use sea_orm_migration::{MigratorTrait, async_trait, prelude::DbErr, sea_orm};

/// Every migration in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261124_000001_people_and_units::Migration),
            Box::new(m20261124_000002_registrations::Migration),
            Box::new(m20261124_000003_accounts::Migration),
            Box::new(m20261124_000004_messages::Migration),
            Box::new(m20261124_000005_house_keeping::Migration),
            Box::new(m20261124_000006_delivery::Migration),
            Box::new(m20261124_000011_administration::Migration),
            Box::new(m20261124_000012_oversight::Migration),
            Box::new(m20261126_000010_citizens::Migration),
            Box::new(m20261126_000011_password_resets::Migration),
            Box::new(m20261126_000012_own_data::Migration),
            Box::new(m20261126_000013_mobile_signatures::Migration),
        ]
    }
}

/// Runs statements that only PostgreSQL needs.
async fn on_postgres(manager: &sea_orm_migration::SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    on(DbBackend::Postgres, manager, statements).await
}

/// Runs statements that only SQLite needs.
async fn on_sqlite(manager: &sea_orm_migration::SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    on(DbBackend::Sqlite, manager, statements).await
}

async fn on(
    engine: DbBackend,
    manager: &sea_orm_migration::SchemaManager<'_>,
    statements: &[&str],
) -> Result<(), DbErr> {
    use sea_orm_migration::sea_orm::ConnectionTrait;
    if manager.get_database_backend() == engine {
        for statement in statements {
            manager.get_connection().execute_unprepared(statement).await?;
        }
    }
    Ok(())
}
