//! The rows of `messages`.

use chrono::{DateTime, Duration, Utc};
use motcua_openapi::messages::{Message, MessagePurpose, MessageReason, MessageState};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, Condition, ConnectionTrait, QueryOrder, QuerySelect};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::NewMessage;
use crate::app::Services;
use crate::database::Transaction;
use crate::problem::Fault;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    purpose: String,
    subject_id: Uuid,
    officer_id: Uuid,
    state: String,
    reason: Option<String>,
    gateway: Option<String>,
    gateway_reference: Option<String>,
    phone_masked: String,
    attempts: i32,
    queued_at: DateTime<Utc>,
    next_attempt_at: DateTime<Utc>,
    use_until: DateTime<Utc>,
    claimed_until: Option<DateTime<Utc>>,
    sent_at: Option<DateTime<Utc>>,
    delivered_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}

/// A message that this dispatcher has claimed.
#[derive(Clone, Debug)]
pub(super) struct Claimed {
    pub(super) id: Uuid,
    pub(super) purpose: MessagePurpose,
    pub(super) subject_id: Uuid,
    pub(super) attempts: u32,
    pub(super) use_until: DateTime<Utc>,
}

/// The words of the wire are the words of the table.
fn word<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn unword<T: DeserializeOwned>(word: &str) -> Result<T, Fault> {
    serde_json::from_value(word.into()).map_err(Fault::new)
}

impl TryFrom<Model> for Message {
    type Error = Fault;

    fn try_from(row: Model) -> Result<Self, Fault> {
        let state = unword(&row.state)?;
        Ok(Self {
            id: row.id,
            purpose: unword(&row.purpose)?,
            state,
            reason: row.reason.as_deref().map(unword).transpose()?,
            gateway: row.gateway,
            attempts: u32::try_from(row.attempts).unwrap_or_default(),
            phone_masked: row.phone_masked,
            queued_at: row.queued_at,
            sent_at: row.sent_at,
            delivered_at: row.delivered_at,
            ended_at: row.ended_at,
            next_attempt_at: (state == MessageState::Queued && row.attempts > 0).then_some(row.next_attempt_at),
        })
    }
}

/// Queues a message, within the transaction that needs it.
///
/// # Errors
/// Where the database fails.
pub async fn enqueue(transaction: &Transaction, services: &Services, new: NewMessage<'_>) -> Result<(), Fault> {
    let now = services.clock.now();
    let row = ActiveModel {
        id: Set(new.id),
        purpose: Set(word(new.purpose)),
        subject_id: Set(new.subject_id),
        officer_id: Set(new.officer_id),
        state: Set(word(MessageState::Queued)),
        reason: Set(None),
        gateway: Set(None),
        gateway_reference: Set(None),
        phone_masked: Set(new.phone.masked()),
        attempts: Set(0),
        queued_at: Set(now),
        next_attempt_at: Set(now),
        use_until: Set(new.use_until),
        claimed_until: Set(None),
        sent_at: Set(None),
        delivered_at: Set(None),
        ended_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(transaction).await?;
    Ok(())
}

/// The message of an id.
///
/// # Errors
/// Where the database fails.
pub async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<Message>, Fault> {
    Entity::find_by_id(id).one(connection).await?.map(Message::try_from).transpose()
}

pub(super) async fn of_subject(connection: &impl ConnectionTrait, subject: Uuid) -> Result<Vec<Message>, Fault> {
    let rows = Entity::find()
        .filter(Column::SubjectId.eq(subject))
        .order_by_desc(Column::QueuedAt)
        .order_by_desc(Column::Id)
        .limit(100)
        .all(connection)
        .await?;
    rows.into_iter().map(Message::try_from).collect()
}

fn is_due(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(Column::State.eq(word(MessageState::Queued)))
        .add(Column::NextAttemptAt.lte(now))
        .add(Condition::any().add(Column::ClaimedUntil.is_null()).add(Column::ClaimedUntil.lte(now)))
}

/// Claims at most `limit` due messages. The update is the claim: where two dispatchers see the same
/// row, one of them updates it and the other does not.
pub(super) async fn claim_due(
    services: &Services,
    limit: u64,
    now: DateTime<Utc>,
    lease: Duration,
) -> Result<Vec<Claimed>, Fault> {
    let reader = services.database.reader();
    let due = Entity::find().filter(is_due(now)).order_by_asc(Column::NextAttemptAt).limit(limit).all(reader).await?;
    let mut claimed = Vec::with_capacity(due.len());
    if due.is_empty() {
        return Ok(claimed);
    }
    let transaction = services.database.begin().await?;
    for row in due {
        let taken = Entity::update_many()
            .col_expr(Column::ClaimedUntil, Expr::value(now + lease))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
            .filter(Column::Id.eq(row.id))
            .filter(is_due(now))
            .exec(&transaction)
            .await?;
        if taken.rows_affected == 1 {
            claimed.push(Claimed {
                id: row.id,
                purpose: unword(&row.purpose)?,
                subject_id: row.subject_id,
                attempts: u32::try_from(row.attempts + 1).unwrap_or(u32::MAX),
                use_until: row.use_until,
            });
        }
    }
    transaction.commit().await?;
    Ok(claimed)
}

/// How an attempt ended.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// A gateway accepted it.
    Sent { gateway: &'static str, reference: Option<String> },
    /// It will be tried again.
    Again { gateway: &'static str, reason: MessageReason, at: DateTime<Utc> },
    /// It is given up.
    Failed { gateway: Option<&'static str>, reason: MessageReason },
    /// It had become useless.
    Dropped { reason: MessageReason },
}

/// Records how an attempt ended. Only a queued message can: the state moves forward.
pub(super) async fn record(
    transaction: &Transaction,
    id: Uuid,
    outcome: Outcome,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let update = Entity::update_many()
        .col_expr(Column::ClaimedUntil, Expr::value(None::<DateTime<Utc>>))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(word(MessageState::Queued)));
    let update = match outcome {
        Outcome::Sent { gateway, reference } => update
            .col_expr(Column::State, Expr::value(word(MessageState::Sent)))
            .col_expr(Column::Gateway, Expr::value(gateway))
            .col_expr(Column::GatewayReference, Expr::value(reference))
            .col_expr(Column::Reason, Expr::value(None::<String>))
            .col_expr(Column::SentAt, Expr::value(now)),
        Outcome::Again { gateway, reason, at } => update
            .col_expr(Column::Gateway, Expr::value(gateway))
            .col_expr(Column::Reason, Expr::value(word(reason)))
            .col_expr(Column::NextAttemptAt, Expr::value(at)),
        Outcome::Failed { gateway, reason } => update
            .col_expr(Column::State, Expr::value(word(MessageState::Failed)))
            .col_expr(Column::Gateway, Expr::value(gateway.map(str::to_owned)))
            .col_expr(Column::Reason, Expr::value(word(reason)))
            .col_expr(Column::EndedAt, Expr::value(now)),
        Outcome::Dropped { reason } => update
            .col_expr(Column::State, Expr::value(word(MessageState::Dropped)))
            .col_expr(Column::Reason, Expr::value(word(reason)))
            .col_expr(Column::EndedAt, Expr::value(now)),
    };
    update.exec(transaction).await?;
    Ok(())
}
