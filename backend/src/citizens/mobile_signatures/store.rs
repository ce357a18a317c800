//! The rows of `mobile_signatures`.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;

use super::Request;
use crate::app::Services;
use crate::database::Transaction;
use crate::problem::Fault;
use crate::vault::Place;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mobile_signatures")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    browser_tag: Vec<u8>,
    reference_sealed: Vec<u8>,
    expires_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}

fn place(row: Uuid) -> Place {
    Place { table: "mobile_signatures", column: "reference_sealed", row }
}

pub(super) async fn insert(transaction: &Transaction, services: &Services, request: &Request) -> Result<(), Fault> {
    let row = ActiveModel {
        id: Set(request.id),
        browser_tag: Set(request.browser.clone()),
        reference_sealed: Set(services.vault.seal(place(request.id), request.reference.as_bytes())?),
        expires_at: Set(request.expires_at),
        ended_at: Set(request.ended_at),
    };
    Entity::insert(row).exec_without_returning(transaction).await?;
    Ok(())
}

pub(super) async fn find(services: &Services, id: Uuid) -> Result<Option<Request>, Fault> {
    let Some(row) = Entity::find_by_id(id).one(services.database.reader()).await? else { return Ok(None) };
    let reference = services.vault.open(place(id), &row.reference_sealed)?;
    Ok(Some(Request {
        id,
        browser: row.browser_tag,
        reference: String::from_utf8(reference).map_err(Fault::new)?,
        expires_at: row.expires_at,
        ended_at: row.ended_at,
    }))
}

/// Ends it. `false`: somebody was faster.
pub(super) async fn end(transaction: &Transaction, id: Uuid, now: DateTime<Utc>) -> Result<bool, Fault> {
    let ended = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::EndedAt.is_null())
        .exec(transaction)
        .await?;
    Ok(ended.rows_affected == 1)
}

pub(super) async fn sweep(transaction: &Transaction, oldest: DateTime<Utc>) -> Result<u64, Fault> {
    Ok(Entity::delete_many().filter(Column::ExpiresAt.lt(oldest)).exec(transaction).await?.rows_affected)
}
