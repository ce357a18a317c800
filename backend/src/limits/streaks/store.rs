//! The rows of `limit_streaks`.

use chrono::{DateTime, Duration, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict};

use super::Growth;
use crate::app::Services;
use crate::database::Transaction;
use crate::limits::{Full, Key};
use crate::problem::Fault;

/// Days after which a streak that nobody adds to is forgotten, whatever it was.
const KEPT: Duration = Duration::days(400);

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "limit_streaks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    key: Vec<u8>,
    count: i32,
    last_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Counts a try of the key and says how many came before it, or says that it came too early and counts nothing.
///
/// The upsert of the key's row is the lock: a second taker of the same key waits here until the first one's
/// transaction has ended.
///
/// # Errors
/// Where the database fails.
pub async fn take(
    transaction: &Transaction,
    services: &Services,
    key: Key,
    growth: Growth,
) -> Result<Result<u32, Full>, Fault> {
    let now = services.clock.now();
    let key = key.0.to_vec();
    Entity::insert(ActiveModel { key: Set(key.clone()), count: Set(0), last_at: Set(now) })
        .on_conflict(OnConflict::column(Column::Key).update_column(Column::Key).to_owned())
        .exec_without_returning(transaction)
        .await?;
    let row = Entity::find_by_id(key.clone()).one(transaction).await?;
    let row = row.ok_or_else(|| Fault::new(anyhow::anyhow!("a streak that was just begun is gone")))?;
    let is_over = growth.is_forgotten(row.last_at, now);
    let count = if is_over { 0 } else { u32::try_from(row.count).unwrap_or_default() };
    let opens_at = growth.opens_at(count, row.last_at);
    if now < opens_at {
        return Ok(Err(Full { cap: growth.name, opens_at }));
    }
    Entity::update_many()
        .col_expr(Column::Count, Expr::value(i32::try_from(count).unwrap_or(i32::MAX).saturating_add(1)))
        .col_expr(Column::LastAt, Expr::value(now))
        .filter(Column::Key.eq(key))
        .exec(transaction)
        .await?;
    Ok(Ok(count))
}

/// Ends the streak of a key: a try was right.
///
/// # Errors
/// Where the database fails.
pub async fn end(transaction: &Transaction, key: Key) -> Result<(), Fault> {
    Entity::delete_by_id(key.0.to_vec()).exec(transaction).await?;
    Ok(())
}

/// Clears what nobody has added to for very long.
///
/// # Errors
/// Where the database fails.
pub async fn sweep(transaction: &Transaction, now: DateTime<Utc>) -> Result<u64, Fault> {
    Ok(Entity::delete_many().filter(Column::LastAt.lt(now - KEPT)).exec(transaction).await?.rows_affected)
}
