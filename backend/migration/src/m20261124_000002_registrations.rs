//! Registrations and the codes of their phone checks.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("registrations")
                    .col(pk_uuid("id"))
                    .col(integer("version"))
                    .col(text("state"))
                    .col(uuid("officer_id"))
                    .col(uuid_null("unit_id"))
                    .col(blob_null("details_sealed"))
                    .col(blob_null("scan_sealed"))
                    .col(text_null("form_code"))
                    .col(timestamp_with_time_zone_null("form_at"))
                    .col(integer("otp_sequence"))
                    .col(uuid_null("otp_message_id"))
                    .col(timestamp_with_time_zone_null("phone_verified_at"))
                    .col(uuid_null("account_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .col(uuid("updated_by"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .foreign_key(ForeignKey::create().from("registrations", "officer_id").to("officers", "id"))
                    .foreign_key(ForeignKey::create().from("registrations", "unit_id").to("units", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("registrations_by_state")
                    .table("registrations")
                    .col("state")
                    .col("expires_at")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("otp_codes")
                    .col(uuid("registration_id"))
                    .col(integer("sequence"))
                    .col(uuid("message_id"))
                    .col(blob("mac"))
                    .col(timestamp_with_time_zone("drawn_at"))
                    .col(timestamp_with_time_zone_null("sent_at"))
                    .col(integer("tries"))
                    .col(timestamp_with_time_zone_null("consumed_at"))
                    .primary_key(Index::create().col("registration_id").col("sequence"))
                    .foreign_key(ForeignKey::create().from("otp_codes", "registration_id").to("registrations", "id"))
                    .to_owned(),
            )
            .await
    }
}
