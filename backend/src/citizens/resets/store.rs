//! The rows of `password_resets`.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder, QuerySelect};

use super::model::{Reset, Typed};
use crate::app::Services;
use crate::database::{Transaction, locks_rows};
use crate::problem::Fault;
use crate::vault::{Place, Tag};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "password_resets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    pair_index: Vec<u8>,
    typed_sealed: Vec<u8>,
    asked_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    resolved_at: Option<DateTime<Utc>>,
    account_id: Option<Uuid>,
    message_id: Option<Uuid>,
    code_mac: Option<Vec<u8>>,
    tries: i32,
    superseded_at: Option<DateTime<Utc>>,
    consumed_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}

fn place(row: Uuid) -> Place {
    Place { table: "password_resets", column: "typed_sealed", row }
}

fn read(services: &Services, row: Model) -> Result<Reset, Fault> {
    Ok(Reset {
        id: row.id,
        typed: services.vault.open_value(place(row.id), &row.typed_sealed)?,
        expires_at: row.expires_at,
        account_id: row.account_id,
        message_id: row.message_id,
        code_mac: row.code_mac,
        tries: u32::try_from(row.tries).unwrap_or_default(),
        superseded_at: row.superseded_at,
        consumed_at: row.consumed_at,
    })
}

/// Keeps a request; any before it of the same number and phone is dead from here on.
pub(super) async fn insert(
    transaction: &Transaction,
    services: &Services,
    id: Uuid,
    pair: Tag,
    typed: &Typed,
    expires_at: DateTime<Utc>,
) -> Result<(), Fault> {
    let now = services.clock.now();
    Entity::update_many()
        .col_expr(Column::SupersededAt, Expr::value(now))
        .filter(Column::PairIndex.eq(pair.to_vec()))
        .filter(Column::SupersededAt.is_null())
        .exec(transaction)
        .await?;
    let row = ActiveModel {
        id: Set(id),
        pair_index: Set(pair.to_vec()),
        typed_sealed: Set(services.vault.seal_value(place(id), typed)?),
        asked_at: Set(now),
        expires_at: Set(expires_at),
        resolved_at: Set(None),
        account_id: Set(None),
        message_id: Set(None),
        code_mac: Set(None),
        tries: Set(0),
        superseded_at: Set(None),
        consumed_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(transaction).await?;
    Ok(())
}

/// Requests that nobody has looked up yet and that are still of use, oldest first.
pub(super) async fn unresolved(
    connection: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Uuid>, Fault> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::ResolvedAt.is_null())
        .filter(Column::SupersededAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .order_by_asc(Column::AskedAt)
        .limit(limit)
        .into_tuple()
        .all(connection)
        .await?)
}

/// Takes a request to look it up. `false`: somebody else has.
pub(super) async fn take(transaction: &Transaction, id: Uuid, now: DateTime<Utc>) -> Result<bool, Fault> {
    let taken = Entity::update_many()
        .col_expr(Column::ResolvedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::ResolvedAt.is_null())
        .exec(transaction)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// A reset, read and opened.
pub(super) async fn find(
    connection: &impl ConnectionTrait,
    services: &Services,
    id: Uuid,
) -> Result<Option<Reset>, Fault> {
    Entity::find_by_id(id).one(connection).await?.map(|row| read(services, row)).transpose()
}

/// The same, locked until the transaction ends.
pub(super) async fn lock(transaction: &Transaction, services: &Services, id: Uuid) -> Result<Option<Reset>, Fault> {
    let mut query = Entity::find_by_id(id);
    if locks_rows(transaction) {
        query = query.lock_exclusive();
    }
    query.one(transaction).await?.map(|row| read(services, row)).transpose()
}

/// The reset is an account's, and this message carries its code. The codes of the account's other resets, asked for
/// under its other number, are dead from here on.
pub(super) async fn resolve(
    transaction: &Transaction,
    id: Uuid,
    account_id: Uuid,
    message_id: Uuid,
) -> Result<(), Fault> {
    Entity::update_many()
        .col_expr(Column::CodeMac, Expr::value(None::<Vec<u8>>))
        .col_expr(Column::MessageId, Expr::value(None::<Uuid>))
        .filter(Column::AccountId.eq(account_id))
        .exec(transaction)
        .await?;
    Entity::update_many()
        .col_expr(Column::AccountId, Expr::value(account_id))
        .col_expr(Column::MessageId, Expr::value(message_id))
        .filter(Column::Id.eq(id))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Keeps the MAC of a code that was drawn.
pub(super) async fn keep_code(transaction: &Transaction, id: Uuid, mac: Tag) -> Result<(), Fault> {
    Entity::update_many()
        .col_expr(Column::CodeMac, Expr::value(mac.to_vec()))
        .filter(Column::Id.eq(id))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Counts a wrong code.
pub(super) async fn count_try(transaction: &Transaction, id: Uuid) -> Result<(), Fault> {
    Entity::update_many()
        .col_expr(Column::Tries, Expr::col(Column::Tries).add(1))
        .filter(Column::Id.eq(id))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Uses a code up.
pub(super) async fn consume(transaction: &Transaction, id: Uuid, now: DateTime<Utc>) -> Result<(), Fault> {
    Entity::update_many()
        .col_expr(Column::ConsumedAt, Expr::value(now))
        .col_expr(Column::CodeMac, Expr::value(None::<Vec<u8>>))
        .filter(Column::Id.eq(id))
        .exec(transaction)
        .await?;
    Ok(())
}

pub(super) async fn sweep(transaction: &Transaction, oldest: DateTime<Utc>) -> Result<u64, Fault> {
    Ok(Entity::delete_many().filter(Column::ExpiresAt.lt(oldest)).exec(transaction).await?.rows_affected)
}
