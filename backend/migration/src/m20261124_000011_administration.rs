//! Administration: what an officer may do, passwords that travel by text, second factors, requests for units.
//!
//! One statement fills a column: `officers.role` says what `is_administrator` said. No personal data is read or
//! written by it, and without it every administrator would wake up an officer.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::ConnectionTrait};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement.
        for column in [
            text("role").default("officer").take(),
            boolean("password_change_needed").default(false).take(),
            uuid_null("password_message_id").take(),
            timestamp_with_time_zone_null("password_expires_at").take(),
            integer("version").default(1).take(),
            timestamp_with_time_zone_null("updated_at").take(),
            uuid_null("updated_by").take(),
        ] {
            add_column(manager, "officers", column).await?;
        }
        for column in [
            integer("version").default(1).take(),
            timestamp_with_time_zone_null("updated_at").take(),
            uuid_null("updated_by").take(),
        ] {
            add_column(manager, "units", column).await?;
        }
        manager
            .get_connection()
            .execute_unprepared("UPDATE officers SET role = 'administrator' WHERE is_administrator")
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("second_factors")
                    .col(pk_uuid("id"))
                    .col(uuid("officer_id"))
                    .col(text("kind"))
                    .col(text("name"))
                    .col(blob("secret_sealed"))
                    // One passkey is one officer's.
                    .col(blob_null("credential_index").unique_key())
                    // The newest step of a code that was used, or a passkey's counter.
                    .col(big_integer("counter"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("confirmed_at"))
                    .col(timestamp_with_time_zone_null("last_used_at"))
                    .foreign_key(ForeignKey::create().from("second_factors", "officer_id").to("officers", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("passkey_challenges")
                    .col(pk_uuid("id"))
                    .col(uuid("officer_id"))
                    .col(text("purpose"))
                    .col(text("name"))
                    .col(blob("state_sealed"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .foreign_key(ForeignKey::create().from("passkey_challenges", "officer_id").to("officers", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("unit_requests")
                    .col(pk_uuid("id"))
                    .col(uuid("officer_id"))
                    .col(uuid("agency_id"))
                    .col(uuid_null("unit_id"))
                    .col(text_null("reason"))
                    .col(blob("words_sealed"))
                    // Of an open request: officer and unit, so that there is one at a time.
                    .col(blob_null("open_key").unique_key())
                    .col(text("state"))
                    .col(blob_null("answer_sealed"))
                    .col(uuid_null("answered_by"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("answered_at"))
                    .foreign_key(ForeignKey::create().from("unit_requests", "officer_id").to("officers", "id"))
                    .foreign_key(ForeignKey::create().from("unit_requests", "unit_id").to("units", "id"))
                    .to_owned(),
            )
            .await?;
        for (name, table, columns) in [
            ("officers_by_agency", "officers", ["agency_id", "username"]),
            ("second_factors_by_officer", "second_factors", ["officer_id", "created_at"]),
            ("unit_requests_by_agency", "unit_requests", ["agency_id", "created_at"]),
            ("unit_requests_by_officer", "unit_requests", ["officer_id", "created_at"]),
            ("officer_units_by_unit", "officer_units", ["unit_id", "officer_id"]),
        ] {
            let mut index = Index::create().name(name).table(table).to_owned();
            for column in columns {
                index.col(column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

async fn add_column(manager: &SchemaManager<'_>, table: &'static str, mut column: ColumnDef) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(&mut column).to_owned()).await
}
