//! What citizens do with their own data: change the phone, ask for something and get an answer.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("phone_changes")
                    .col(pk_uuid("id"))
                    .col(uuid("account_id"))
                    .col(blob("phones_sealed"))
                    .col(uuid("current_message_id"))
                    .col(blob_null("current_mac"))
                    .col(uuid("new_message_id"))
                    .col(blob_null("new_mac"))
                    .col(integer("tries"))
                    .col(timestamp_with_time_zone("asked_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("superseded_at"))
                    .col(timestamp_with_time_zone_null("consumed_at"))
                    .foreign_key(ForeignKey::create().from("phone_changes", "account_id").to("accounts", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("data_requests")
                    .col(pk_uuid("id"))
                    .col(uuid("account_id"))
                    // The unit that created the account: whose administrators answer.
                    .col(uuid("unit_id"))
                    .col(text("kind"))
                    .col(blob("words_sealed"))
                    // Of an open request: account and kind, so that there is one at a time.
                    .col(blob_null("open_key").unique_key())
                    .col(timestamp_with_time_zone("made_at"))
                    .col(date("due_on"))
                    .col(text_null("outcome"))
                    .col(blob_null("answer_sealed"))
                    .col(uuid_null("answered_by"))
                    .col(timestamp_with_time_zone_null("answered_at"))
                    .foreign_key(ForeignKey::create().from("data_requests", "account_id").to("accounts", "id"))
                    .to_owned(),
            )
            .await?;
        for (name, table, columns) in [
            ("phone_changes_by_account", "phone_changes", ["account_id", "asked_at"]),
            ("data_requests_by_account", "data_requests", ["account_id", "made_at"]),
            ("data_requests_by_unit", "data_requests", ["unit_id", "made_at"]),
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
