//! Accounts. `account_numbers` decides that one identity number has one account: its primary key
//! is the number's blind index, and a CCCD and the old CMND beside it are two rows of one account.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("accounts")
                    .col(pk_uuid("id"))
                    .col(uuid_uniq("registration_id"))
                    .col(uuid("officer_id"))
                    .col(uuid("unit_id"))
                    .col(text("full_name"))
                    .col(text("name_folded"))
                    .col(blob("personal_sealed"))
                    .col(blob("phone_index"))
                    .col(blob("scan_sealed"))
                    .col(text_null("password_hash"))
                    .col(integer("password_sequence"))
                    .col(uuid("password_message_id"))
                    .col(timestamp_with_time_zone_null("password_expires_at"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(ForeignKey::create().from("accounts", "registration_id").to("registrations", "id"))
                    .foreign_key(ForeignKey::create().from("accounts", "officer_id").to("officers", "id"))
                    .foreign_key(ForeignKey::create().from("accounts", "unit_id").to("units", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("account_numbers")
                    .col(blob("number_index").primary_key())
                    .col(uuid("account_id"))
                    .foreign_key(ForeignKey::create().from("account_numbers", "account_id").to("accounts", "id"))
                    .to_owned(),
            )
            .await?;
        for (name, columns) in [
            ("accounts_newest_by_unit", ["unit_id", "created_at", "id"].as_slice()),
            ("accounts_newest", &["created_at", "id"]),
            ("accounts_by_officer", &["officer_id", "created_at", "id"]),
            ("accounts_by_phone", &["phone_index"]),
        ] {
            let mut index = Index::create().name(name).table("accounts").to_owned();
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        // `LIKE '%…%'` on the folded name: trigrams where the engine has them.
        crate::on_postgres(
            manager,
            &[
                "CREATE EXTENSION IF NOT EXISTS pg_trgm",
                "CREATE INDEX accounts_by_name ON accounts USING gin (name_folded gin_trgm_ops)",
            ],
        )
        .await
    }
}
