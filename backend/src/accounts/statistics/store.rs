//! Counting the rows of `accounts`, by the index of units and times alone.

use chrono::{DateTime, Utc};
use motcua_openapi::dashboard::AccountCount;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, QuerySelect};

use crate::accounts::store::{Column, Entity};
use crate::clock::{DESK_OFFSET_HOURS, desk_day};
use crate::problem::Fault;

/// The accounts of these units from a time on, by day at the desk and unit, oldest day first.
///
/// # Errors
/// Where the database fails.
pub async fn created_by_day(
    connection: &impl ConnectionTrait,
    units: Vec<Uuid>,
    from: DateTime<Utc>,
) -> Result<Vec<AccountCount>, Fault> {
    let rows: Vec<Counted> = Entity::find()
        .select_only()
        .column(Column::UnitId)
        .column_as(day_of_creation(connection), "day")
        .column_as(Expr::cust("COUNT(*)"), "count")
        .filter(Column::UnitId.is_in(units))
        .filter(Column::CreatedAt.gte(from))
        .group_by(Column::UnitId)
        .group_by(Expr::col("day"))
        .into_model()
        .all(connection)
        .await?;
    let mut counts: Vec<AccountCount> = rows.into_iter().filter_map(Counted::show).collect();
    counts.sort_by_key(|one| (one.day, one.unit_id));
    Ok(counts)
}

/// Whole days at the desk since 1970: the engines share no function of dates.
fn day_of_creation(connection: &impl ConnectionTrait) -> SimpleExpr {
    let offset = DESK_OFFSET_HOURS * 3600;
    Expr::cust(match connection.get_database_backend() {
        DbBackend::Postgres => format!("CAST(FLOOR((EXTRACT(EPOCH FROM created_at) + {offset}) / 86400) AS BIGINT)"),
        _ => format!("(CAST(strftime('%s', created_at) AS INTEGER) + {offset}) / 86400"),
    })
}

/// When the last account of a unit was created.
///
/// # Errors
/// Where the database fails.
pub async fn last_created(connection: &impl ConnectionTrait, unit: Uuid) -> Result<Option<DateTime<Utc>>, Fault> {
    let last: Option<Option<DateTime<Utc>>> = Entity::find()
        .select_only()
        .column_as(Column::CreatedAt.max(), "last")
        .filter(Column::UnitId.eq(unit))
        .into_tuple()
        .one(connection)
        .await?;
    Ok(last.flatten())
}

#[derive(FromQueryResult)]
struct Counted {
    unit_id: Uuid,
    day: i64,
    count: i64,
}

impl Counted {
    fn show(self) -> Option<AccountCount> {
        let count = u64::try_from(self.count).unwrap_or_default();
        Some(AccountCount { day: desk_day(self.day)?, unit_id: self.unit_id, count })
    }
}
