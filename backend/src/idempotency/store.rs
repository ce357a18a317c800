//! The rows of `idempotency_keys`.

use chrono::{DateTime, Duration, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, TryInsertResult};

use super::Claim;
use crate::app::Services;
use crate::database::Transaction;
use crate::problem::Fault;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key_hash: Vec<u8>,
    pub request_hash: Vec<u8>,
    pub result_id: Uuid,
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Claims `key` of `owner` for an act that will be `result`. `request` is all that makes the request
/// this one and no other: the operation's name and its body. Without a key every act is a first.
///
/// Inside the act's transaction: a second claim waits for the first to commit or roll back.
///
/// # Errors
/// Where the database fails.
pub async fn claim(
    transaction: &Transaction,
    services: &Services,
    owner: Uuid,
    key: Option<&str>,
    request: &[&[u8]],
    result: Uuid,
) -> Result<Claim, Fault> {
    let Some(key) = key else { return Ok(Claim::First) };
    let key_hash = services.vault.mac("idempotency key", &[key.as_bytes()]).to_vec();
    let request_hash = services.vault.mac("idempotent request", request).to_vec();
    let row = ActiveModel {
        owner_id: Set(owner),
        key_hash: Set(key_hash.clone()),
        request_hash: Set(request_hash.clone()),
        result_id: Set(result),
        created_at: Set(services.clock.now()),
    };
    let inserted = Entity::insert(row)
        .on_conflict(OnConflict::columns([Column::OwnerId, Column::KeyHash]).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(transaction)
        .await?;
    if matches!(inserted, TryInsertResult::Inserted(rows) if rows > 0) {
        return Ok(Claim::First);
    }
    let before = Entity::find_by_id((owner, key_hash)).one(transaction).await?;
    Ok(match before {
        Some(row) if row.request_hash == request_hash => Claim::Repeat(row.result_id),
        _ => Claim::Reused,
    })
}

/// Forgets keys older than a day.
///
/// # Errors
/// Where the database fails.
pub async fn sweep(transaction: &Transaction, now: DateTime<Utc>) -> Result<u64, Fault> {
    let old = Entity::delete_many().filter(Column::CreatedAt.lt(now - Duration::days(1))).exec(transaction).await?;
    Ok(old.rows_affected)
}
