//! The rows of `unit_requests`.

use chrono::{DateTime, Utc};
use motcua_openapi::sessions::UnselectableReason;
use motcua_openapi::unit_requests::UnitRequestState;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, Condition, ConnectionTrait, QueryOrder, QuerySelect, TryInsertResult};

use super::Request;
use crate::app::Services;
use crate::database::{Transaction, locks_rows};
use crate::problem::Fault;
use crate::vault::Place;

/// The most requests of a list.
const LISTED: u64 = 200;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    officer_id: Uuid,
    agency_id: Uuid,
    unit_id: Option<Uuid>,
    reason: Option<String>,
    words_sealed: Vec<u8>,
    open_key: Option<Vec<u8>>,
    state: String,
    answer_sealed: Option<Vec<u8>>,
    answered_by: Option<Uuid>,
    created_at: DateTime<Utc>,
    answered_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}

fn place(column: &'static str, row: Uuid) -> Place {
    Place { table: "unit_requests", column, row }
}

fn read(services: &Services, row: Model) -> Result<Request, Fault> {
    let state = UnitRequestState::ALL.into_iter().find(|state| state.as_str() == row.state);
    let reasons = [UnselectableReason::NotAssigned, UnselectableReason::NameLacksMarker];
    let answer =
        row.answer_sealed.as_deref().map(|sealed| services.vault.open_value(place("answer_sealed", row.id), sealed));
    Ok(Request {
        state: state.ok_or_else(|| Fault::new(anyhow::anyhow!("a unit request in an unknown state")))?,
        reason: reasons.into_iter().find(|reason| row.reason.as_deref() == Some(reason.as_str())),
        words: services.vault.open_value(place("words_sealed", row.id), &row.words_sealed)?,
        answer: answer.transpose()?.unwrap_or_default(),
        id: row.id,
        officer_id: row.officer_id,
        agency_id: row.agency_id,
        unit_id: row.unit_id,
        answered_by: row.answered_by,
        created_at: row.created_at,
        answered_at: row.answered_at,
    })
}

/// Keeps an open request. `false`: this officer has an open one for the same unit.
pub(super) async fn insert(
    transaction: &Transaction,
    services: &Services,
    request: &Request,
    which: &str,
) -> Result<bool, Fault> {
    let open_key = services.vault.mac("open unit request", &[request.officer_id.as_bytes(), which.as_bytes()]);
    let row = ActiveModel {
        id: Set(request.id),
        officer_id: Set(request.officer_id),
        agency_id: Set(request.agency_id),
        unit_id: Set(request.unit_id),
        reason: Set(request.reason.map(|reason| reason.as_str().to_owned())),
        words_sealed: Set(services.vault.seal_value(place("words_sealed", request.id), &request.words)?),
        open_key: Set(Some(open_key.to_vec())),
        state: Set(request.state.as_str().to_owned()),
        answer_sealed: Set(None),
        answered_by: Set(None),
        created_at: Set(request.created_at),
        answered_at: Set(None),
    };
    let inserted = Entity::insert(row)
        .on_conflict(OnConflict::column(Column::OpenKey).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(transaction)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(rows) if rows > 0))
}

pub(super) async fn find(
    connection: &impl ConnectionTrait,
    services: &Services,
    id: Uuid,
) -> Result<Option<Request>, Fault> {
    Entity::find_by_id(id).one(connection).await?.map(|row| read(services, row)).transpose()
}

pub(super) async fn lock(transaction: &Transaction, services: &Services, id: Uuid) -> Result<Option<Request>, Fault> {
    let mut query = Entity::find_by_id(id);
    if locks_rows(transaction) {
        query = query.lock_exclusive();
    }
    query.one(transaction).await?.map(|row| read(services, row)).transpose()
}

/// Saves the answer; the officer may ask for the unit again from here on.
pub(super) async fn save(transaction: &Transaction, services: &Services, request: &Request) -> Result<(), Fault> {
    let row = ActiveModel {
        id: Set(request.id),
        open_key: Set(None),
        state: Set(request.state.as_str().to_owned()),
        answer_sealed: Set(Some(services.vault.seal_value(place("answer_sealed", request.id), &request.answer)?)),
        answered_by: Set(request.answered_by),
        answered_at: Set(request.answered_at),
        ..<ActiveModel as Default>::default()
    };
    Entity::update(row).exec(transaction).await?;
    Ok(())
}

pub(super) async fn of_officer(
    connection: &impl ConnectionTrait,
    services: &Services,
    officer: Uuid,
    state: Option<UnitRequestState>,
) -> Result<Vec<Request>, Fault> {
    list(connection, services, Condition::all().add(Column::OfficerId.eq(officer)), state).await
}

pub(super) async fn of_agencies(
    connection: &impl ConnectionTrait,
    services: &Services,
    agencies: &[Uuid],
    state: Option<UnitRequestState>,
) -> Result<Vec<Request>, Fault> {
    let within = Column::AgencyId.is_in(agencies.iter().copied());
    list(connection, services, Condition::all().add(within), state).await
}

/// Open ones first, oldest first; then those answered, newest first.
async fn list(
    connection: &impl ConnectionTrait,
    services: &Services,
    within: Condition,
    state: Option<UnitRequestState>,
) -> Result<Vec<Request>, Fault> {
    let within = within.add_option(state.map(|state| Column::State.eq(state.as_str())));
    let open = Entity::find().filter(within.clone()).filter(Column::OpenKey.is_not_null());
    let open = open.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).limit(LISTED).all(connection).await?;
    let answered = Entity::find().filter(within).filter(Column::OpenKey.is_null());
    let left = LISTED.saturating_sub(open.len() as u64);
    let answered =
        answered.order_by_desc(Column::AnsweredAt).order_by_desc(Column::Id).limit(left).all(connection).await?;
    open.into_iter().chain(answered).map(|row| read(services, row)).collect()
}
