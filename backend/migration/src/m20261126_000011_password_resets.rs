//! Requests for another password, of anybody's number and phone: both are sealed, and looked up behind the request.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("password_resets")
                    .col(pk_uuid("id"))
                    // A MAC over number and phone.
                    .col(blob("pair_index"))
                    .col(blob("typed_sealed"))
                    .col(timestamp_with_time_zone("asked_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("resolved_at"))
                    .col(uuid_null("account_id"))
                    .col(uuid_null("message_id"))
                    .col(blob_null("code_mac"))
                    .col(integer("tries"))
                    .col(timestamp_with_time_zone_null("superseded_at"))
                    .col(timestamp_with_time_zone_null("consumed_at"))
                    .to_owned(),
            )
            .await?;
        for column in ["pair_index", "account_id", "expires_at"] {
            let name = format!("password_resets_by_{column}");
            manager.create_index(Index::create().name(name).table("password_resets").col(column).to_owned()).await?;
        }
        Ok(())
    }
}
