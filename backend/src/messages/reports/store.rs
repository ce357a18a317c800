//! The rows of `early_reports`: what a gateway said of a text before it had told us the text's name.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ConnectionTrait};

use crate::database::Transaction;
use crate::messages::gateways::Fate;
use crate::messages::store::{unword, word};
use crate::problem::Fault;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "early_reports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    gateway: String,
    #[sea_orm(primary_key, auto_increment = false)]
    reference: String,
    #[sea_orm(primary_key, auto_increment = false)]
    fate: String,
    reason: Option<String>,
    received_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

const DELIVERED: &str = "delivered";
const FAILED: &str = "failed";

/// Keeps a report; the same again is the same one.
pub(super) async fn keep(
    transaction: &Transaction,
    gateway: &str,
    reference: &str,
    fate: Fate,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let (fate, reason) = match fate {
        Fate::Delivered => (DELIVERED, None),
        Fate::Failed(reason) => (FAILED, Some(word(reason))),
        Fate::UnderWay => return Ok(()),
    };
    let row = ActiveModel {
        gateway: Set(gateway.to_owned()),
        reference: Set(reference.to_owned()),
        fate: Set(fate.to_owned()),
        reason: Set(reason),
        received_at: Set(now),
    };
    let key = [Column::Gateway, Column::Reference, Column::Fate];
    Entity::insert(row)
        .on_conflict(OnConflict::columns(key).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

/// Takes out what was kept of a text.
pub(super) async fn take(transaction: &Transaction, gateway: &str, reference: &str) -> Result<Vec<Fate>, Fault> {
    let of_text = || Column::Gateway.eq(gateway).and(Column::Reference.eq(reference));
    let rows = Entity::find().filter(of_text()).all(transaction).await?;
    if !rows.is_empty() {
        // Only what was read: another report may have been kept meanwhile.
        let read = rows.iter().map(|row| row.fate.clone());
        Entity::delete_many().filter(of_text()).filter(Column::Fate.is_in(read)).exec(transaction).await?;
    }
    let fate = |row: Model| match row.reason {
        _ if row.fate == DELIVERED => Ok(Fate::Delivered),
        Some(reason) => unword(&reason).map(Fate::Failed),
        None => Err(Fault::new(anyhow::anyhow!("an early report without a reason"))),
    };
    rows.into_iter().map(fate).collect()
}

/// Whether anything was kept of a text, read without a lock.
pub(super) async fn any(connection: &impl ConnectionTrait, gateway: &str, reference: &str) -> Result<bool, Fault> {
    let found = Entity::find().filter(Column::Gateway.eq(gateway)).filter(Column::Reference.eq(reference));
    Ok(found.one(connection).await?.is_some())
}

/// Clears reports that came before `oldest` and that no text was ever known for.
pub(super) async fn sweep(transaction: &Transaction, oldest: DateTime<Utc>) -> Result<u64, Fault> {
    let gone = Entity::delete_many().filter(Column::ReceivedAt.lt(oldest)).exec(transaction).await?;
    Ok(gone.rows_affected)
}
