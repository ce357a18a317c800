//! The rows of `phone_changes`.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, QuerySelect};

use super::model::{Change, Sent, Which};
use crate::app::Services;
use crate::database::{Transaction, locks_rows};
use crate::problem::Fault;
use crate::vault::{Place, Tag};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "phone_changes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    account_id: Uuid,
    phones_sealed: Vec<u8>,
    current_message_id: Uuid,
    current_mac: Option<Vec<u8>>,
    new_message_id: Uuid,
    new_mac: Option<Vec<u8>>,
    tries: i32,
    asked_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    superseded_at: Option<DateTime<Utc>>,
    consumed_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}

fn place(row: Uuid) -> Place {
    Place { table: "phone_changes", column: "phones_sealed", row }
}

fn read(services: &Services, row: Model) -> Result<Change, Fault> {
    Ok(Change {
        id: row.id,
        account_id: row.account_id,
        phones: services.vault.open_value(place(row.id), &row.phones_sealed)?,
        current: Sent { message_id: row.current_message_id, mac: row.current_mac },
        new: Sent { message_id: row.new_message_id, mac: row.new_mac },
        tries: u32::try_from(row.tries).unwrap_or_default(),
        expires_at: row.expires_at,
        superseded_at: row.superseded_at,
        consumed_at: row.consumed_at,
    })
}

/// Keeps a change; any before it of the same account is dead from here on.
pub(super) async fn insert(transaction: &Transaction, services: &Services, change: &Change) -> Result<(), Fault> {
    let now = services.clock.now();
    Entity::update_many()
        .col_expr(Column::SupersededAt, Expr::value(now))
        .filter(Column::AccountId.eq(change.account_id))
        .filter(Column::SupersededAt.is_null())
        .filter(Column::ConsumedAt.is_null())
        .exec(transaction)
        .await?;
    let row = ActiveModel {
        id: Set(change.id),
        account_id: Set(change.account_id),
        phones_sealed: Set(services.vault.seal_value(place(change.id), &change.phones)?),
        current_message_id: Set(change.current.message_id),
        current_mac: Set(None),
        new_message_id: Set(change.new.message_id),
        new_mac: Set(None),
        tries: Set(0),
        asked_at: Set(now),
        expires_at: Set(change.expires_at),
        superseded_at: Set(None),
        consumed_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(transaction).await?;
    Ok(())
}

pub(super) async fn lock(transaction: &Transaction, services: &Services, id: Uuid) -> Result<Option<Change>, Fault> {
    let mut query = Entity::find_by_id(id);
    if locks_rows(transaction) {
        query = query.lock_exclusive();
    }
    query.one(transaction).await?.map(|row| read(services, row)).transpose()
}

/// Keeps the MAC of a code that was drawn.
pub(super) async fn keep_code(transaction: &Transaction, id: Uuid, which: Which, mac: Tag) -> Result<(), Fault> {
    let column = match which {
        Which::Current => Column::CurrentMac,
        Which::New => Column::NewMac,
    };
    Entity::update_many()
        .col_expr(column, Expr::value(mac.to_vec()))
        .filter(Column::Id.eq(id))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Counts a wrong try.
pub(super) async fn count_try(transaction: &Transaction, id: Uuid) -> Result<(), Fault> {
    Entity::update_many()
        .col_expr(Column::Tries, Expr::col(Column::Tries).add(1))
        .filter(Column::Id.eq(id))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Uses the codes up.
pub(super) async fn consume(transaction: &Transaction, id: Uuid, now: DateTime<Utc>) -> Result<(), Fault> {
    Entity::update_many()
        .col_expr(Column::ConsumedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .exec(transaction)
        .await?;
    Ok(())
}

pub(super) async fn sweep(transaction: &Transaction, oldest: DateTime<Utc>) -> Result<u64, Fault> {
    Ok(Entity::delete_many().filter(Column::ExpiresAt.lt(oldest)).exec(transaction).await?.rows_affected)
}
