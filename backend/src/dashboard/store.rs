//! The rows of `refusal_counts`.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use motcua_openapi::dashboard::RefusalCount;
use motcua_openapi::problem::ProblemCode;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ConnectionTrait, FromQueryResult, QuerySelect};

use super::refusals::Key;
use crate::clock::{DESK_OFFSET_HOURS, desk_day, desk_midnight};
use crate::database::Transaction;
use crate::problem::Fault;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refusal_counts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    unit_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    hour: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    code: String,
    count: i64,
}

impl ActiveModelBehavior for ActiveModel {}

/// Adds to a count.
pub(super) async fn add(transaction: &Transaction, key: Key, count: u64) -> Result<(), Fault> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let row = ActiveModel {
        unit_id: Set(key.unit_id),
        hour: Set(key.hour),
        code: Set(key.code.as_str().to_owned()),
        count: Set(count),
    };
    let sum = Expr::col((Entity, Column::Count)).add(count);
    Entity::insert(row)
        .on_conflict(
            OnConflict::columns([Column::UnitId, Column::Hour, Column::Code]).value(Column::Count, sum).to_owned(),
        )
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

/// The counts of these units from a day on, by day, unit and reason.
pub(super) async fn counts(
    connection: &impl ConnectionTrait,
    units: Vec<Uuid>,
    from: NaiveDate,
) -> Result<Vec<RefusalCount>, Fault> {
    let day = Expr::col(Column::Hour).add(DESK_OFFSET_HOURS).div(24);
    let rows: Vec<Counted> = Entity::find()
        .select_only()
        .column(Column::UnitId)
        .column(Column::Code)
        .column_as(day, "day")
        .column_as(Column::Count.sum().cast_as("BIGINT"), "sum")
        .filter(Column::UnitId.is_in(units))
        .filter(Column::Hour.gte(desk_midnight(from).timestamp().div_euclid(3600)))
        .group_by(Column::UnitId)
        .group_by(Column::Code)
        .group_by(Expr::col("day"))
        .into_model()
        .all(connection)
        .await?;
    let mut counts: Vec<RefusalCount> = rows.into_iter().filter_map(Counted::show).collect();
    counts.sort_by_key(|one| (one.day, one.unit_id, one.code.as_str()));
    Ok(counts)
}

/// Forgets what no dashboard looks at any more.
///
/// # Errors
/// Where the database fails.
pub async fn sweep(transaction: &Transaction, now: DateTime<Utc>) -> Result<u64, Fault> {
    let oldest = (now - Duration::days(90)).timestamp().div_euclid(3600);
    Ok(Entity::delete_many().filter(Column::Hour.lt(oldest)).exec(transaction).await?.rows_affected)
}

#[derive(FromQueryResult)]
struct Counted {
    unit_id: Uuid,
    code: String,
    day: i64,
    sum: i64,
}

impl Counted {
    /// A code of a program that was newer is passed over.
    fn show(self) -> Option<RefusalCount> {
        let code = ProblemCode::ALL.iter().find(|code| code.as_str() == self.code)?;
        let count = u64::try_from(self.sum).unwrap_or_default();
        Some(RefusalCount { day: desk_day(self.day)?, unit_id: self.unit_id, code: *code, count })
    }
}
