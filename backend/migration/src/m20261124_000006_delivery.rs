//! What becomes of a message after it was sent: its unit, when its report is due, reports that came before
//! the send call returned; and whether a citizen has signed in.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One column a statement: SQLite takes no more.
        let columns = [
            ("messages", uuid_null("unit_id")),
            // Whole hours since 1970, to be counted by in any database.
            ("messages", big_integer("queued_hour").default(0).to_owned()),
            ("messages", timestamp_with_time_zone_null("report_due_at")),
            // The newest attempt that called a gateway: a report speaks of no other.
            ("messages", integer("called_attempt").default(0).to_owned()),
            ("accounts", timestamp_with_time_zone_null("first_signed_in_at")),
        ];
        for (table, column) in columns {
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        for (name, columns) in [
            ("messages_by_reference", ["gateway_reference", "gateway"]),
            ("messages_by_hour", ["queued_hour", "unit_id"]),
        ] {
            let mut index = Index::create().name(name).table("messages").to_owned();
            for column in columns {
                index.col(column);
            }
            manager.create_index(index).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("early_reports")
                    .col(text("gateway"))
                    .col(text("reference"))
                    .col(text("fate"))
                    .col(text_null("reason"))
                    .col(timestamp_with_time_zone("received_at"))
                    .primary_key(Index::create().col("gateway").col("reference").col("fate"))
                    .to_owned(),
            )
            .await
    }
}
