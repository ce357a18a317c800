//! The rows of `known_addresses`.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait};

use crate::database::Transaction;
use crate::problem::Fault;
use crate::vault::Tag;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "known_addresses")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    key: Vec<u8>,
    last_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

pub(super) async fn is_known(connection: &impl ConnectionTrait, key: &Tag) -> Result<bool, Fault> {
    Ok(Entity::find_by_id(key.to_vec()).one(connection).await?.is_some())
}

pub(super) async fn remember(transaction: &Transaction, key: &Tag, now: DateTime<Utc>) -> Result<(), Fault> {
    Entity::insert(ActiveModel { key: Set(key.to_vec()), last_at: Set(now) })
        .on_conflict(OnConflict::column(Column::Key).update_column(Column::LastAt).to_owned())
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

pub(super) async fn sweep(transaction: &Transaction, oldest: DateTime<Utc>) -> Result<u64, Fault> {
    Ok(Entity::delete_many().filter(Column::LastAt.lt(oldest)).exec(transaction).await?.rows_affected)
}
