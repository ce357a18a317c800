//! What keeps the house in order: audit events, limits, idempotency keys.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("audit_events")
                    .col(pk_uuid("id"))
                    .col(timestamp_with_time_zone("at"))
                    .col(uuid_null("officer_id"))
                    .col(text("act"))
                    .col(uuid_null("subject_id"))
                    .col(text_null("remote_address"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("limit_keys")
                    .col(blob("key").primary_key())
                    .col(timestamp_with_time_zone("touched_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("limit_hits")
                    .col(pk_uuid("id"))
                    .col(blob("key"))
                    .col(timestamp_with_time_zone("at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("limit_hits_by_key").table("limit_hits").col("key").col("at").to_owned())
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("idempotency_keys")
                    .col(uuid("owner_id"))
                    .col(blob("key_hash"))
                    .col(blob("request_hash"))
                    .col(uuid("result_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .primary_key(Index::create().col("owner_id").col("key_hash"))
                    .to_owned(),
            )
            .await
    }
}
