//! The rows of `spent_captchas`.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, TryInsertResult};

use crate::database::Transaction;
use crate::problem::Fault;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "spent_captchas")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    spent_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Spends a captcha. `false`: it was spent before.
pub(super) async fn spend(transaction: &Transaction, id: Uuid, now: DateTime<Utc>) -> Result<bool, Fault> {
    let inserted = Entity::insert(ActiveModel { id: Set(id), spent_at: Set(now) })
        .on_conflict(OnConflict::column(Column::Id).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(transaction)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(rows) if rows > 0))
}

pub(super) async fn sweep(transaction: &Transaction, oldest: DateTime<Utc>) -> Result<u64, Fault> {
    Ok(Entity::delete_many().filter(Column::SpentAt.lt(oldest)).exec(transaction).await?.rows_affected)
}
