//! Units, officers, which officer works where, and their sessions.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("units")
                    .col(pk_uuid("id"))
                    .col(uuid_null("parent_id"))
                    .col(text("name"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("retired_at"))
                    .foreign_key(ForeignKey::create().from("units", "parent_id").to("units", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("officers")
                    .col(pk_uuid("id"))
                    .col(text_uniq("username"))
                    .col(text("full_name"))
                    .col(text("name_folded"))
                    .col(blob_null("phone_sealed"))
                    .col(text("password_hash"))
                    .col(boolean("is_administrator"))
                    .col(uuid("agency_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("suspended_at"))
                    .foreign_key(ForeignKey::create().from("officers", "agency_id").to("units", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("officer_units")
                    .col(uuid("officer_id"))
                    .col(uuid("unit_id"))
                    .primary_key(Index::create().col("officer_id").col("unit_id"))
                    .foreign_key(ForeignKey::create().from("officer_units", "officer_id").to("officers", "id"))
                    .foreign_key(ForeignKey::create().from("officer_units", "unit_id").to("units", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("sessions")
                    .col(pk_uuid("id"))
                    .col(uuid("officer_id"))
                    .col(blob("refresh_hash"))
                    .col(blob_null("previous_refresh_hash"))
                    .col(timestamp_with_time_zone("rotated_at"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("ended_at"))
                    .foreign_key(ForeignKey::create().from("sessions", "officer_id").to("officers", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("sessions_by_officer").table("sessions").col("officer_id").to_owned())
            .await
    }
}
