//! The rows of `limit_keys` and `limit_hits`.

use chrono::{DateTime, Duration, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, QueryOrder, QuerySelect};

use super::{Cap, Full, Key};
use crate::app::Services;
use crate::database::Transaction;
use crate::problem::Fault;

mod key {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "limit_keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: Vec<u8>,
        pub touched_at: DateTime<Utc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod hit {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "limit_hits")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub key: Vec<u8>,
        pub at: DateTime<Utc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Takes one from every cap of the key, or says which is full and takes none.
///
/// The upsert of the key's row is the lock: a second taker of the same key waits here until the
/// first one's transaction has ended.
///
/// # Errors
/// Where the database fails.
pub async fn take(
    transaction: &Transaction,
    services: &Services,
    key: Key,
    caps: &[Cap],
) -> Result<Result<(), Full>, Fault> {
    let now = services.clock.now();
    let key = key.0.to_vec();
    key::Entity::insert(key::ActiveModel { key: Set(key.clone()), touched_at: Set(now) })
        .on_conflict(OnConflict::column(key::Column::Key).update_column(key::Column::TouchedAt).to_owned())
        .exec_without_returning(transaction)
        .await?;
    if let Some(full) = first_full(transaction, &key, caps, now).await? {
        return Ok(Err(full));
    }
    let hit = hit::ActiveModel { id: Set(services.new_id()), key: Set(key), at: Set(now) };
    hit::Entity::insert(hit).exec_without_returning(transaction).await?;
    Ok(Ok(()))
}

/// The first cap of the key that is full just now; takes none and waits for nobody.
///
/// # Errors
/// Where the database fails.
pub async fn full(
    transaction: &Transaction,
    services: &Services,
    key: Key,
    caps: &[Cap],
) -> Result<Option<Full>, Fault> {
    Ok(first_full(transaction, &key.0, caps, services.clock.now()).await?)
}

async fn first_full(
    transaction: &Transaction,
    key: &[u8],
    caps: &[Cap],
    now: DateTime<Utc>,
) -> Result<Option<Full>, DbErr> {
    for cap in caps {
        if let Some(opens_at) = opens_at(transaction, key, *cap, now).await? {
            return Ok(Some(Full { cap: cap.name, opens_at }));
        }
    }
    Ok(None)
}

/// The instant a full cap opens: when its `max`-th newest hit leaves the window.
async fn opens_at(
    transaction: &Transaction,
    key: &[u8],
    cap: Cap,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, DbErr> {
    let Some(skip) = cap.max.checked_sub(1) else { return Ok(Some(now + cap.window)) };
    let oldest_that_counts: Option<DateTime<Utc>> = hit::Entity::find()
        .select_only()
        .column(hit::Column::At)
        .filter(hit::Column::Key.eq(key.to_vec()))
        .filter(hit::Column::At.gt(now - cap.window))
        .order_by_desc(hit::Column::At)
        .offset(u64::from(skip))
        .limit(1)
        .into_tuple()
        .one(transaction)
        .await?;
    Ok(oldest_that_counts.map(|at| at + cap.window))
}

/// Gives back every take of a key: a right password clears the wrong ones before it.
///
/// # Errors
/// Where the database fails.
pub async fn forget(transaction: &Transaction, key: Key) -> Result<(), Fault> {
    hit::Entity::delete_many().filter(hit::Column::Key.eq(key.0.to_vec())).exec(transaction).await?;
    Ok(())
}

/// Clears what no cap looks at any more.
///
/// # Errors
/// Where the database fails.
pub async fn sweep(transaction: &Transaction, now: DateTime<Utc>) -> Result<u64, Fault> {
    let oldest = now - Duration::days(2);
    let hits = hit::Entity::delete_many().filter(hit::Column::At.lt(oldest)).exec(transaction).await?;
    key::Entity::delete_many().filter(key::Column::TouchedAt.lt(oldest)).exec(transaction).await?;
    Ok(hits.rows_affected)
}
