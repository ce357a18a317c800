//! The citizens' own side: sessions of theirs, own passwords, spent captchas, tries that make the next one wait.
//!
//! Two statements move rows: a session gets an owner of either kind, and those that are under way go on. They hold
//! ids and hashes only.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::ConnectionTrait};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const MOVE_SESSIONS: &[&str] = &[
    "INSERT INTO sessions (id, kind, owner_id, refresh_hash, previous_refresh_hash, rotated_at, created_at, expires_at,
       ended_at)
     SELECT id, 'officer', officer_id, refresh_hash, previous_refresh_hash, rotated_at, created_at, expires_at,
       ended_at
     FROM officer_sessions",
    "DROP TABLE officer_sessions",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        share_sessions(manager).await?;
        // SQLite adds one column a statement.
        for column in ["password_set_at", "closed_at"] {
            let column = timestamp_with_time_zone_null(column);
            manager.alter_table(Table::alter().table("accounts").add_column(column).to_owned()).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("spent_captchas")
                    .col(pk_uuid("id"))
                    .col(timestamp_with_time_zone("spent_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("limit_streaks")
                    .col(blob("key").primary_key())
                    .col(integer("count"))
                    .col(timestamp_with_time_zone("last_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("known_addresses")
                    // A MAC over number and address: neither can be read from it.
                    .col(blob("key").primary_key())
                    .col(timestamp_with_time_zone("last_at"))
                    .to_owned(),
            )
            .await
    }
}

async fn share_sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager.rename_table(Table::rename().table("sessions", "officer_sessions").to_owned()).await?;
    manager
        .create_table(
            Table::create()
                .table("sessions")
                .col(pk_uuid("id"))
                // Whose it is: `officer` or `citizen`, and the id of the officer or the account.
                .col(text("kind"))
                .col(uuid("owner_id"))
                .col(blob("refresh_hash"))
                .col(blob_null("previous_refresh_hash"))
                .col(timestamp_with_time_zone("rotated_at"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("expires_at"))
                .col(timestamp_with_time_zone_null("ended_at"))
                .to_owned(),
        )
        .await?;
    for statement in MOVE_SESSIONS {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    manager.create_index(Index::create().name("sessions_by_owner").table("sessions").col("owner_id").to_owned()).await
}
