//! The rows of `messages`.
//!
//! A state only moves forward, and only the attempt that is under way moves it: every update names the
//! states it may leave and, where it speaks for an attempt, that attempt's number.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use motcua_openapi::messages::{Message, MessagePurpose, MessageReason, MessageState, MessageStatus};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ActiveValue::Set, Condition, ConnectionTrait, QueryOrder, QuerySelect, UpdateMany};
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
    unit_id: Option<Uuid>,
    state: String,
    reason: Option<String>,
    gateway: Option<String>,
    gateway_reference: Option<String>,
    phone_masked: String,
    attempts: i32,
    called_attempt: i32,
    queued_at: DateTime<Utc>,
    queued_hour: i64,
    next_attempt_at: DateTime<Utc>,
    use_until: DateTime<Utc>,
    claimed_until: Option<DateTime<Utc>>,
    sent_at: Option<DateTime<Utc>>,
    report_due_at: Option<DateTime<Utc>>,
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
    pub(super) queued_at: DateTime<Utc>,
    pub(super) use_until: DateTime<Utc>,
}

/// The words of the wire are the words of the table.
pub(super) fn word<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

pub(super) fn unword<T: DeserializeOwned>(word: &str) -> Result<T, Fault> {
    serde_json::from_value(word.into()).map_err(Fault::new)
}

/// A row as the wire has it. A report that is overdue is said so here, when it is read: nothing has to run
/// for it, and a late report changes it back.
fn show(row: Model, now: DateTime<Utc>) -> Result<Message, Fault> {
    let state = unword(&row.state)?;
    let is_overdue = state == MessageState::Sent && row.report_due_at.is_some_and(|due| due < now);
    let reason = row.reason.as_deref().map(unword).transpose()?;
    Ok(Message {
        id: row.id,
        purpose: unword(&row.purpose)?,
        state,
        reason: reason.or(is_overdue.then_some(MessageReason::NoReport)),
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

/// Queues a message, within the transaction that needs it.
///
/// # Errors
/// Where the database fails.
pub async fn enqueue(transaction: &Transaction, services: &Services, new: NewMessage<'_>) -> Result<(), Fault> {
    Entity::insert(row(new, services.clock.now())).exec_without_returning(transaction).await?;
    Ok(())
}

/// The row of a message that has its turn at a time.
pub(super) fn row(new: NewMessage<'_>, now: DateTime<Utc>) -> ActiveModel {
    ActiveModel {
        id: Set(new.id),
        purpose: Set(word(new.purpose)),
        subject_id: Set(new.subject_id),
        officer_id: Set(new.officer_id),
        unit_id: Set(Some(new.unit_id)),
        state: Set(word(MessageState::Queued)),
        reason: Set(None),
        gateway: Set(None),
        gateway_reference: Set(None),
        phone_masked: Set(new.phone.masked()),
        attempts: Set(0),
        called_attempt: Set(0),
        queued_at: Set(now),
        queued_hour: Set(hour_of(now)),
        next_attempt_at: Set(now),
        use_until: Set(new.use_until),
        claimed_until: Set(None),
        sent_at: Set(None),
        report_due_at: Set(None),
        delivered_at: Set(None),
        ended_at: Set(None),
    }
}

/// Whole hours since 1970.
pub(super) fn hour_of(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(3600)
}

/// The message of an id.
///
/// # Errors
/// Where the database fails.
pub async fn find(connection: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<Option<Message>, Fault> {
    Entity::find_by_id(id).one(connection).await?.map(|row| show(row, now)).transpose()
}

/// What became of each of these messages, in short.
///
/// # Errors
/// Where the database fails.
pub async fn statuses(
    connection: &impl ConnectionTrait,
    ids: Vec<Uuid>,
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, MessageStatus>, Fault> {
    let rows = Entity::find().filter(Column::Id.is_in(ids)).all(connection).await?;
    rows.into_iter().map(|row| show(row, now).map(|message| (message.id, message.status()))).collect()
}

pub(super) async fn of_subject(
    connection: &impl ConnectionTrait,
    subject: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<Message>, Fault> {
    let rows = Entity::find()
        .filter(Column::SubjectId.eq(subject))
        .order_by_desc(Column::QueuedAt)
        .order_by_desc(Column::Id)
        .limit(100)
        .all(connection)
        .await?;
    rows.into_iter().map(|row| show(row, now)).collect()
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
                queued_at: row.queued_at,
                use_until: row.use_until,
            });
        }
    }
    transaction.commit().await?;
    Ok(claimed)
}

/// A gateway is about to be called for this attempt: it is on the message from before the call, so that a
/// report that overtakes the answer finds it. `false`: the message moved on meanwhile, do not call.
pub(super) async fn begin_call(transaction: &Transaction, message: &Claimed, gateway: &str) -> Result<bool, Fault> {
    let begun = Entity::update_many()
        .col_expr(Column::Gateway, Expr::value(gateway))
        .col_expr(Column::GatewayReference, Expr::value(None::<String>))
        .col_expr(Column::CalledAttempt, Expr::col(Column::Attempts))
        .filter(under_way(message))
        .exec(transaction)
        .await?;
    Ok(begun.rows_affected == 1)
}

/// Still queued, and nobody has begun another attempt since.
fn under_way(message: &Claimed) -> Condition {
    of_attempt(message.id, message.attempts).add(Column::State.eq(word(MessageState::Queued)))
}

fn of_attempt(id: Uuid, attempt: u32) -> Condition {
    Condition::all().add(Column::Id.eq(id)).add(Column::Attempts.eq(i32::try_from(attempt).unwrap_or(i32::MAX)))
}

/// How an attempt ended.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// A gateway accepted it, and may say by then what became of it.
    Sent { gateway: String, reference: Option<String>, report_due_at: Option<DateTime<Utc>> },
    /// It will be tried again.
    Again { reason: MessageReason, at: DateTime<Utc> },
    /// It is given up.
    Failed { reason: MessageReason },
    /// It had become useless.
    Dropped { reason: MessageReason },
}

/// Records how an attempt ended; `false` where the message moved on before: by a report that overtook the
/// answer, or because the claim ran out.
pub(super) async fn record(
    transaction: &Transaction,
    message: &Claimed,
    outcome: Outcome,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let update = Entity::update_many()
        .col_expr(Column::ClaimedUntil, Expr::value(None::<DateTime<Utc>>))
        .filter(under_way(message));
    let update = match outcome {
        Outcome::Sent { gateway, reference, report_due_at } => {
            name_attempt(transaction, message, &gateway, reference).await?;
            update
                .col_expr(Column::State, Expr::value(word(MessageState::Sent)))
                .col_expr(Column::Reason, Expr::value(None::<String>))
                .col_expr(Column::ReportDueAt, Expr::value(report_due_at))
                .col_expr(Column::SentAt, Expr::value(now))
        }
        Outcome::Again { reason, at } => {
            update.col_expr(Column::Reason, Expr::value(word(reason))).col_expr(Column::NextAttemptAt, Expr::value(at))
        }
        Outcome::Failed { reason } => ended(update, MessageState::Failed, reason, now),
        Outcome::Dropped { reason } => ended(update, MessageState::Dropped, reason, now),
    };
    Ok(update.exec(transaction).await?.rows_affected == 1)
}

fn ended(
    update: UpdateMany<Entity>,
    state: MessageState,
    reason: MessageReason,
    now: DateTime<Utc>,
) -> UpdateMany<Entity> {
    update
        .col_expr(Column::State, Expr::value(word(state)))
        .col_expr(Column::Reason, Expr::value(word(reason)))
        .col_expr(Column::EndedAt, Expr::value(now))
}

/// Who accepted this attempt and under which name, whatever a report has said of it already.
async fn name_attempt(
    transaction: &Transaction,
    message: &Claimed,
    gateway: &str,
    reference: Option<String>,
) -> Result<(), Fault> {
    Entity::update_many()
        .col_expr(Column::Gateway, Expr::value(gateway))
        .col_expr(Column::GatewayReference, Expr::value(reference))
        .filter(of_attempt(message.id, message.attempts))
        .exec(transaction)
        .await?;
    Ok(())
}

/// The newest attempt that called a gateway: the only one that a report is believed of. An attempt that called
/// nobody, because every gateway rested or a cap held it, leaves the one before as good as it was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempted {
    pub(super) id: Uuid,
    pub(super) purpose: MessagePurpose,
    pub(super) subject_id: Uuid,
    pub(super) attempt: u32,
}

/// The message that a gateway knows under its own name.
pub(super) async fn by_reference(
    connection: &impl ConnectionTrait,
    gateway: &str,
    reference: &str,
) -> Result<Option<Attempted>, Fault> {
    let named = Condition::all().add(Column::GatewayReference.eq(reference)).add(Column::Gateway.eq(gateway));
    attempted(Entity::find().filter(named).one(connection).await?)
}

/// The message that was given to this gateway once and to nobody since, and whose name there was never learned.
pub(super) async fn called_once(
    connection: &impl ConnectionTrait,
    id: Uuid,
    gateway: &str,
) -> Result<Option<Attempted>, Fault> {
    let once = Condition::all()
        .add(Column::Id.eq(id))
        .add(Column::Gateway.eq(gateway))
        .add(Column::GatewayReference.is_null())
        .add(Column::CalledAttempt.eq(1));
    attempted(Entity::find().filter(once).one(connection).await?)
}

/// The message of an id as it was last called for.
pub(super) async fn by_id(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<Attempted>, Fault> {
    attempted(Entity::find_by_id(id).one(connection).await?)
}

fn attempted(row: Option<Model>) -> Result<Option<Attempted>, Fault> {
    row.map(|row| {
        let attempt = u32::try_from(row.called_attempt).unwrap_or_default();
        Ok(Attempted { id: row.id, purpose: unword(&row.purpose)?, subject_id: row.subject_id, attempt })
    })
    .transpose()
}

fn of_call(about: &Attempted) -> Condition {
    let attempt = i32::try_from(about.attempt).unwrap_or(i32::MAX);
    Condition::all().add(Column::Id.eq(about.id)).add(Column::CalledAttempt.eq(attempt))
}

/// The phone has it: true whatever was known before, unless a newer call was made or a newer message took its
/// place.
pub(super) async fn delivered(transaction: &Transaction, about: &Attempted, now: DateTime<Utc>) -> Result<bool, Fault> {
    let before = [MessageState::Queued, MessageState::Sent, MessageState::Failed].map(word);
    let given_up = Condition::all()
        .add(Column::State.eq(word(MessageState::Dropped)))
        .add(Column::Reason.is_in([MessageReason::TooLate, MessageReason::PhoneCapReached].map(word)));
    let update = Entity::update_many()
        .col_expr(Column::State, Expr::value(word(MessageState::Delivered)))
        .col_expr(Column::Reason, Expr::value(None::<String>))
        .col_expr(Column::ClaimedUntil, Expr::value(None::<DateTime<Utc>>))
        .col_expr(Column::SentAt, Func::coalesce([Expr::col(Column::SentAt), Expr::value(now)]).into())
        .col_expr(Column::DeliveredAt, Expr::value(now))
        .col_expr(Column::EndedAt, Expr::value(None::<DateTime<Utc>>))
        .filter(of_call(about))
        .filter(Condition::any().add(Column::State.is_in(before)).add(given_up));
    Ok(update.exec(transaction).await?.rows_affected == 1)
}

/// A gateway says that it will not arrive. Of a message that waits for another attempt, only what no other
/// attempt would mend is believed; and only of the gateway that was called last.
pub(super) async fn undelivered(
    transaction: &Transaction,
    about: &Attempted,
    gateway: &str,
    reason: MessageReason,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let is_final = match reason {
        MessageReason::NumberUnknown | MessageReason::Blocked | MessageReason::GatewayRefused => true,
        MessageReason::GatewayUnreachable
        | MessageReason::GatewayFault
        | MessageReason::Superseded
        | MessageReason::TooLate
        | MessageReason::NoLongerNeeded
        | MessageReason::PhoneUnreachable
        | MessageReason::NetworkFault
        | MessageReason::NoReport
        | MessageReason::PhoneCapReached => false,
    };
    let being_sent = Condition::all()
        .add(Column::State.eq(word(MessageState::Queued)))
        .add_option((!is_final).then(|| Column::ClaimedUntil.is_not_null()))
        .add_option((!is_final).then(|| Expr::col(Column::CalledAttempt).eq(Expr::col(Column::Attempts))));
    let update = Entity::update_many()
        .col_expr(Column::ClaimedUntil, Expr::value(None::<DateTime<Utc>>))
        .filter(of_call(about))
        .filter(Column::Gateway.eq(gateway))
        .filter(Condition::any().add(Column::State.eq(word(MessageState::Sent))).add(being_sent));
    Ok(ended(update, MessageState::Failed, reason, now).exec(transaction).await?.rows_affected == 1)
}
