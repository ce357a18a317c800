//! The audit as a sealed chain, refusals counted by the hour, uploaded lists of officers.
//!
//! `audit_events` is append-only in the database itself: nothing is deleted, and an event is changed once, when
//! it takes its place in the chain.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const POSTGRES: &[&str] = &[
    "CREATE FUNCTION audit_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       IF TG_OP = 'UPDATE' THEN
         IF OLD.sequence IS NULL AND NEW.sequence IS NOT NULL
            AND to_jsonb(NEW) - 'sequence' - 'seal' = to_jsonb(OLD) - 'sequence' - 'seal' THEN
           RETURN NEW;
         END IF;
       END IF;
       RAISE EXCEPTION 'audit_events is append-only';
     END $$",
    "CREATE TRIGGER audit_events_rows BEFORE UPDATE OR DELETE ON audit_events
     FOR EACH ROW EXECUTE FUNCTION audit_events_append_only()",
    "CREATE TRIGGER audit_events_table BEFORE TRUNCATE ON audit_events
     FOR EACH STATEMENT EXECUTE FUNCTION audit_events_append_only()",
];

const SQLITE: &[&str] = &[
    "CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
     BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END",
    "CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
     WHEN OLD.sequence IS NOT NULL OR NEW.sequence IS NULL OR OLD.id IS NOT NEW.id OR OLD.at IS NOT NEW.at
       OR OLD.officer_id IS NOT NEW.officer_id OR OLD.citizen_id IS NOT NEW.citizen_id
       OR OLD.agency_id IS NOT NEW.agency_id OR OLD.unit_id IS NOT NEW.unit_id OR OLD.act IS NOT NEW.act
       OR OLD.subject_id IS NOT NEW.subject_id OR OLD.remote_address IS NOT NEW.remote_address
       OR OLD.changes IS NOT NEW.changes OR OLD.mac IS NOT NEW.mac
     BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        extend_events(manager).await?;
        manager
            .create_table(
                Table::create()
                    .table("audit_chain")
                    .col(integer("id").primary_key())
                    .col(big_integer("sequence"))
                    .col(blob("head"))
                    .col(timestamp_with_time_zone("advanced_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("refusal_counts")
                    // Whole hours since 1970.
                    .col(big_integer("hour"))
                    .col(uuid("unit_id"))
                    .col(text("code"))
                    .col(big_integer("count"))
                    .primary_key(Index::create().col("unit_id").col("hour").col("code"))
                    .to_owned(),
            )
            .await?;
        create_imports(manager).await?;
        crate::on_postgres(manager, POSTGRES).await?;
        crate::on_sqlite(manager, SQLITE).await
    }
}

async fn extend_events(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // One column a statement: SQLite takes no more.
    for column in [
        uuid_null("citizen_id"),
        // The agency of the officer who did it, and the unit that the subject belongs to.
        uuid_null("agency_id"),
        uuid_null("unit_id"),
        text_null("changes"),
        blob_null("mac"),
        big_integer_null("sequence"),
        blob_null("seal"),
    ] {
        manager.alter_table(Table::alter().table("audit_events").add_column(column).to_owned()).await?;
    }
    for (name, columns) in [
        ("audit_events_newest", ["at", "id"].as_slice()),
        ("audit_events_by_officer", &["officer_id", "at", "id"]),
        ("audit_events_by_subject", &["subject_id", "at", "id"]),
    ] {
        let mut index = Index::create().name(name).table("audit_events").to_owned();
        for column in columns {
            index.col(*column);
        }
        manager.create_index(index).await?;
    }
    let statements = [
        "CREATE UNIQUE INDEX audit_events_by_sequence ON audit_events (sequence)",
        "CREATE INDEX audit_events_unsealed ON audit_events (at, id) WHERE sequence IS NULL",
    ];
    crate::on_postgres(manager, &statements).await?;
    crate::on_sqlite(manager, &statements).await
}

async fn create_imports(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("officer_imports")
                .col(pk_uuid("id"))
                // Who uploaded it; none: the command line.
                .col(uuid_null("officer_id"))
                .col(uuid("agency_id"))
                .col(text_null("remote_address"))
                .col(text("state"))
                .col(text("format"))
                // The file, until it is checked; then what was made of it.
                .col(blob_null("file_sealed"))
                .col(blob_null("plan_sealed"))
                .col(integer("done"))
                .col(integer("total"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("expires_at"))
                .col(timestamp_with_time_zone_null("claimed_until"))
                .col(timestamp_with_time_zone_null("applied_at"))
                .foreign_key(ForeignKey::create().from("officer_imports", "agency_id").to("units", "id"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(Index::create().name("officer_imports_by_state").table("officer_imports").col("state").to_owned())
        .await
}
