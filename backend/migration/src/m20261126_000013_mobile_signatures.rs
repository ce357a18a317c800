//! Signatures that phones were asked for: nothing of whose phone it was.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("mobile_signatures")
                    .col(pk_uuid("id"))
                    // A MAC of what only the browser that asked knows.
                    .col(blob("browser_tag"))
                    // The provider's name of it.
                    .col(blob("reference_sealed"))
                    .col(timestamp_with_time_zone("expires_at"))
                    // When its outcome was taken.
                    .col(timestamp_with_time_zone_null("ended_at"))
                    .to_owned(),
            )
            .await
    }
}
