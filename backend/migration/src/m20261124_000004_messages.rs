//! The outbox: *what* is to be sent and what became of it. Neither a text nor a secret is here.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("messages")
                    .col(pk_uuid("id"))
                    .col(text("purpose"))
                    .col(uuid("subject_id"))
                    .col(uuid("officer_id"))
                    .col(text("state"))
                    .col(text_null("reason"))
                    .col(text_null("gateway"))
                    .col(text_null("gateway_reference"))
                    .col(text("phone_masked"))
                    .col(integer("attempts"))
                    .col(timestamp_with_time_zone("queued_at"))
                    .col(timestamp_with_time_zone("next_attempt_at"))
                    .col(timestamp_with_time_zone("use_until"))
                    .col(timestamp_with_time_zone_null("claimed_until"))
                    .col(timestamp_with_time_zone_null("sent_at"))
                    .col(timestamp_with_time_zone_null("delivered_at"))
                    .col(timestamp_with_time_zone_null("ended_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("messages_due").table("messages").col("state").col("next_attempt_at").to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("messages_by_subject")
                    .table("messages")
                    .col("subject_id")
                    .col("queued_at")
                    .to_owned(),
            )
            .await
    }
}
