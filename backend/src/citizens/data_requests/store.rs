//! The rows of `data_requests`.

use chrono::{DateTime, NaiveDate, Utc};
use motcua_openapi::citizens::{DataRequestKind, DataRequestOutcome};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, Condition, ConnectionTrait, QueryOrder, QuerySelect, TryInsertResult};

use super::model::{Answer, Request};
use crate::app::Services;
use crate::database::{Transaction, locks_rows};
use crate::problem::Fault;
use crate::vault::Place;

/// The most requests of a list.
const LISTED: u64 = 200;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "data_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    account_id: Uuid,
    unit_id: Uuid,
    kind: String,
    words_sealed: Vec<u8>,
    open_key: Option<Vec<u8>>,
    made_at: DateTime<Utc>,
    due_on: NaiveDate,
    outcome: Option<String>,
    answer_sealed: Option<Vec<u8>>,
    answered_by: Option<Uuid>,
    answered_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}

fn place(column: &'static str, row: Uuid) -> Place {
    Place { table: "data_requests", column, row }
}

fn kind_word(kind: DataRequestKind) -> &'static str {
    match kind {
        DataRequestKind::WithdrawConsent => "withdraw_consent",
        DataRequestKind::CloseAccount => "close_account",
    }
}

fn outcome_word(outcome: DataRequestOutcome) -> &'static str {
    match outcome {
        DataRequestOutcome::Accepted => "accepted",
        DataRequestOutcome::Declined => "declined",
    }
}

fn read(services: &Services, row: Model) -> Result<Request, Fault> {
    let kinds = [DataRequestKind::WithdrawConsent, DataRequestKind::CloseAccount];
    let kind = kinds.into_iter().find(|kind| kind_word(*kind) == row.kind);
    let outcomes = [DataRequestOutcome::Accepted, DataRequestOutcome::Declined];
    let outcome = outcomes.into_iter().find(|outcome| row.outcome.as_deref() == Some(outcome_word(*outcome)));
    let answer = match (outcome, row.answer_sealed.as_deref(), row.answered_at) {
        (Some(outcome), Some(sealed), Some(at)) => {
            let words = services.vault.open_value(place("answer_sealed", row.id), sealed)?;
            Some(Answer { outcome, words, at })
        }
        _ => None,
    };
    Ok(Request {
        id: row.id,
        account_id: row.account_id,
        unit_id: row.unit_id,
        kind: kind.ok_or_else(|| Fault::new(anyhow::anyhow!("a data request of an unknown kind")))?,
        words: services.vault.open_value(place("words_sealed", row.id), &row.words_sealed)?,
        made_at: row.made_at,
        due_on: row.due_on,
        answer,
        answered_by: row.answered_by,
    })
}

/// Keeps an open request. `false`: the same is open already.
pub(super) async fn insert(transaction: &Transaction, services: &Services, request: &Request) -> Result<bool, Fault> {
    let kind = kind_word(request.kind);
    let open_key = services.vault.mac("open data request", &[request.account_id.as_bytes(), kind.as_bytes()]);
    let row = ActiveModel {
        id: Set(request.id),
        account_id: Set(request.account_id),
        unit_id: Set(request.unit_id),
        kind: Set(kind.to_owned()),
        words_sealed: Set(services.vault.seal_value(place("words_sealed", request.id), &request.words)?),
        open_key: Set(Some(open_key.to_vec())),
        made_at: Set(request.made_at),
        due_on: Set(request.due_on),
        outcome: Set(None),
        answer_sealed: Set(None),
        answered_by: Set(None),
        answered_at: Set(None),
    };
    let inserted = Entity::insert(row)
        .on_conflict(OnConflict::column(Column::OpenKey).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(transaction)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(rows) if rows > 0))
}

pub(super) async fn lock(transaction: &Transaction, services: &Services, id: Uuid) -> Result<Option<Request>, Fault> {
    let mut query = Entity::find_by_id(id);
    if locks_rows(transaction) {
        query = query.lock_exclusive();
    }
    query.one(transaction).await?.map(|row| read(services, row)).transpose()
}

/// Saves the answer; the citizen may ask for the same again from here on.
pub(super) async fn save_answer(
    transaction: &Transaction,
    services: &Services,
    id: Uuid,
    answer: &Answer,
    by: Uuid,
) -> Result<(), Fault> {
    let row = ActiveModel {
        id: Set(id),
        open_key: Set(None),
        outcome: Set(Some(outcome_word(answer.outcome).to_owned())),
        answer_sealed: Set(Some(services.vault.seal_value(place("answer_sealed", id), &answer.words)?)),
        answered_by: Set(Some(by)),
        answered_at: Set(Some(answer.at)),
        ..<ActiveModel as Default>::default()
    };
    Entity::update(row).exec(transaction).await?;
    Ok(())
}

/// Those of an account, newest first.
pub(super) async fn of_account(
    connection: &impl ConnectionTrait,
    services: &Services,
    account_id: Uuid,
) -> Result<Vec<Request>, Fault> {
    let rows = Entity::find()
        .filter(Column::AccountId.eq(account_id))
        .order_by_desc(Column::MadeAt)
        .order_by_desc(Column::Id)
        .limit(LISTED)
        .all(connection)
        .await?;
    rows.into_iter().map(|row| read(services, row)).collect()
}

/// Those of accounts of these units: open ones first, the oldest first; then those answered, the newest first.
pub(super) async fn of_units(
    connection: &impl ConnectionTrait,
    services: &Services,
    units: &[Uuid],
) -> Result<Vec<Request>, Fault> {
    let within = Condition::all().add(Column::UnitId.is_in(units.iter().copied()));
    let open = Entity::find().filter(within.clone()).filter(Column::OpenKey.is_not_null());
    let open = open.order_by_asc(Column::MadeAt).order_by_asc(Column::Id).limit(LISTED).all(connection).await?;
    let answered = Entity::find().filter(within).filter(Column::OpenKey.is_null());
    let left = LISTED.saturating_sub(open.len() as u64);
    let answered =
        answered.order_by_desc(Column::AnsweredAt).order_by_desc(Column::Id).limit(left).all(connection).await?;
    open.into_iter().chain(answered).map(|row| read(services, row)).collect()
}
