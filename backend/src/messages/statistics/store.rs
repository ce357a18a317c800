//! Counting the rows of `messages`.

use chrono::{DateTime, Utc};
use motcua_openapi::messages::{MessageCount, MessageReason, MessageState};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{Condition, ConnectionTrait, FromQueryResult, PaginatorTrait, QueryOrder, QuerySelect};

use crate::messages::store::{Column, Entity, unword, word};
use crate::problem::Fault;

/// How full the outbox is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// Messages that are queued.
    pub queued: u64,
    /// When the oldest was asked for of those that no cap holds back.
    pub oldest_queued_at: Option<DateTime<Utc>>,
}

/// How full the outbox is.
///
/// # Errors
/// Where the database fails.
pub async fn depth(connection: &impl ConnectionTrait) -> Result<Depth, Fault> {
    let is_queued = || Entity::find().filter(Column::State.eq(word(MessageState::Queued)));
    let is_free =
        Condition::any().add(Column::Reason.is_null()).add(Column::Reason.ne(word(MessageReason::PhoneCapReached)));
    let oldest: Option<Option<DateTime<Utc>>> = is_queued()
        .filter(is_free)
        .select_only()
        .column_as(Column::QueuedAt.min(), "oldest")
        .into_tuple()
        .one(connection)
        .await?;
    Ok(Depth { queued: is_queued().count(connection).await?, oldest_queued_at: oldest.flatten() })
}

/// Counts the messages of these units from an hour on, by hour, gateway and fate.
pub(super) async fn counts(
    connection: &impl ConnectionTrait,
    units: Vec<Uuid>,
    from_hour: i64,
    now: DateTime<Utc>,
) -> Result<Vec<MessageCount>, Fault> {
    let is_overdue = Condition::all().add(Column::State.eq(word(MessageState::Sent))).add(Column::ReportDueAt.lt(now));
    let overdue: SimpleExpr = Expr::case(is_overdue, 1).finally(0).into();
    let rows: Vec<Counted> = Entity::find()
        .select_only()
        .column(Column::QueuedHour)
        .column(Column::Gateway)
        .column(Column::Purpose)
        .column(Column::State)
        .column(Column::Reason)
        .column_as(overdue, "overdue")
        .column_as(Column::Id.count(), "count")
        .filter(Column::QueuedHour.gte(from_hour))
        .filter(Column::UnitId.is_in(units))
        .group_by(Column::QueuedHour)
        .group_by(Column::Gateway)
        .group_by(Column::Purpose)
        .group_by(Column::State)
        .group_by(Column::Reason)
        .group_by(Expr::col("overdue"))
        .order_by_asc(Column::QueuedHour)
        .into_model()
        .all(connection)
        .await?;
    rows.into_iter().map(Counted::show).collect()
}

#[derive(FromQueryResult)]
struct Counted {
    queued_hour: i64,
    gateway: Option<String>,
    purpose: String,
    state: String,
    reason: Option<String>,
    overdue: i32,
    count: i64,
}

impl Counted {
    fn show(self) -> Result<MessageCount, Fault> {
        let reason = self.reason.as_deref().map(unword).transpose()?;
        Ok(MessageCount {
            hour: DateTime::from_timestamp(self.queued_hour * 3600, 0).unwrap_or_default(),
            gateway: self.gateway,
            purpose: unword(&self.purpose)?,
            state: unword(&self.state)?,
            reason: reason.or((self.overdue == 1).then_some(MessageReason::NoReport)),
            count: u64::try_from(self.count).unwrap_or_default(),
        })
    }
}
