//! The rows of `officer_imports`.
//!
//! A state is left by one statement that names it: of two who would move a list on, one does.

use chrono::{DateTime, Utc};
use motcua_openapi::officer_imports::{ImportState, ListFormat};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, Condition, ConnectionTrait, QueryOrder, QuerySelect};

use super::Uploaded;
use super::model::Plan;
use crate::app::Services;
use crate::database::{Transaction, locks_rows};
use crate::problem::Fault;
use crate::vault::Place;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "officer_imports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    officer_id: Option<Uuid>,
    agency_id: Uuid,
    remote_address: Option<String>,
    state: String,
    format: String,
    file_sealed: Option<Vec<u8>>,
    plan_sealed: Option<Vec<u8>>,
    done: i32,
    total: i32,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    claimed_until: Option<DateTime<Utc>>,
    applied_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}

const STATES: [ImportState; 8] = [
    ImportState::Checking,
    ImportState::Refused,
    ImportState::Ready,
    ImportState::Applying,
    ImportState::Applied,
    ImportState::Stale,
    ImportState::Failed,
    ImportState::Expired,
];

/// Everything but the sealed columns, in the order of [`Row`].
const SHOWN: [Column; 11] = [
    Column::Id,
    Column::OfficerId,
    Column::AgencyId,
    Column::RemoteAddress,
    Column::State,
    Column::Format,
    Column::Done,
    Column::Total,
    Column::CreatedAt,
    Column::ExpiresAt,
    Column::AppliedAt,
];

type Row = (
    Uuid,
    Option<Uuid>,
    Uuid,
    Option<String>,
    String,
    String,
    i32,
    i32,
    DateTime<Utc>,
    DateTime<Utc>,
    Option<DateTime<Utc>>,
);

fn read(row: Row) -> Result<Uploaded, Fault> {
    let (id, officer_id, agency_id, remote_address, state, format, done, total, created_at, expires_at, applied_at) =
        row;
    let unknown = || Fault::new(anyhow::anyhow!("a list of an unknown state or format"));
    Ok(Uploaded {
        id,
        officer_id,
        agency_id,
        remote_address,
        state: STATES.into_iter().find(|one| one.as_str() == state).ok_or_else(unknown)?,
        format: ListFormat::ALL.into_iter().find(|one| one.extension() == format).ok_or_else(unknown)?,
        done: u32::try_from(done).unwrap_or_default(),
        total: u32::try_from(total).unwrap_or_default(),
        created_at,
        expires_at,
        applied_at,
    })
}

fn place(column: &'static str, row: Uuid) -> Place {
    Place { table: "officer_imports", column, row }
}

fn signed(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Keeps a list that came.
pub(super) async fn insert(
    transaction: &Transaction,
    services: &Services,
    list: &Uploaded,
    file: &[u8],
) -> Result<(), Fault> {
    let row = ActiveModel {
        id: Set(list.id),
        officer_id: Set(list.officer_id),
        agency_id: Set(list.agency_id),
        remote_address: Set(list.remote_address.clone()),
        state: Set(list.state.as_str().to_owned()),
        format: Set(list.format.extension().to_owned()),
        file_sealed: Set(Some(services.vault.seal(place("file_sealed", list.id), file)?)),
        plan_sealed: Set(None),
        done: Set(signed(list.done)),
        total: Set(signed(list.total)),
        created_at: Set(list.created_at),
        expires_at: Set(list.expires_at),
        claimed_until: Set(None),
        applied_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(transaction).await?;
    Ok(())
}

/// The list of an id.
pub(super) async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<Uploaded>, Fault> {
    let query = Entity::find_by_id(id).select_only().columns(SHOWN).into_tuple::<Row>();
    query.one(connection).await?.map(read).transpose()
}

/// The file as it came; none once it is checked.
pub(super) async fn file(
    connection: &impl ConnectionTrait,
    services: &Services,
    id: Uuid,
) -> Result<Option<Vec<u8>>, Fault> {
    let sealed = sealed(connection, id, Column::FileSealed).await?;
    Ok(sealed.map(|sealed| services.vault.open(place("file_sealed", id), &sealed)).transpose()?)
}

/// What was made of it; none while it is checked and once it is erased.
pub(super) async fn plan(
    connection: &impl ConnectionTrait,
    services: &Services,
    id: Uuid,
) -> Result<Option<Plan>, Fault> {
    let sealed = sealed(connection, id, Column::PlanSealed).await?;
    Ok(sealed.map(|sealed| services.vault.open_value(place("plan_sealed", id), &sealed)).transpose()?)
}

async fn sealed(connection: &impl ConnectionTrait, id: Uuid, column: Column) -> Result<Option<Vec<u8>>, Fault> {
    let query = Entity::find_by_id(id).select_only().column(column).into_tuple::<Option<Vec<u8>>>();
    Ok(query.one(connection).await?.flatten())
}

/// Claims the oldest list that waits for work and that nobody works on.
pub(super) async fn claim(
    services: &Services,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Option<Uploaded>, Fault> {
    let is_due = || {
        Condition::all()
            .add(Column::State.is_in([ImportState::Checking, ImportState::Applying].map(ImportState::as_str)))
            .add(Condition::any().add(Column::ClaimedUntil.is_null()).add(Column::ClaimedUntil.lte(now)))
    };
    let due = Entity::find().select_only().column(Column::Id).filter(is_due()).order_by_asc(Column::CreatedAt);
    let Some(id) = due.limit(1).into_tuple::<Uuid>().one(services.database.reader()).await? else { return Ok(None) };
    let transaction = services.database.begin().await?;
    let claimed = Entity::update_many()
        .col_expr(Column::ClaimedUntil, Expr::value(until))
        .filter(Column::Id.eq(id))
        .filter(is_due())
        .exec(&transaction)
        .await?;
    let list = if claimed.rows_affected == 1 { find(&transaction, id).await? } else { None };
    transaction.commit().await?;
    Ok(list)
}

/// Notes how far the work has come.
pub(super) async fn progress(services: &Services, id: Uuid, done: u32, total: u32) -> Result<(), Fault> {
    let transaction = services.database.begin().await?;
    Entity::update_many()
        .col_expr(Column::Done, Expr::value(signed(done)))
        .col_expr(Column::Total, Expr::value(signed(total)))
        .filter(Column::Id.eq(id))
        .exec(&transaction)
        .await?;
    Ok(transaction.commit().await?)
}

/// The same while another transaction of this process is open: SQLite has one writer, and would wait for itself.
pub(super) async fn progress_beside(services: &Services, id: Uuid, done: u32, total: u32) -> Result<(), Fault> {
    if locks_rows(services.database.reader()) { progress(services, id, done, total).await } else { Ok(()) }
}

/// Ends the check: the file goes, what was made of it stays. `false`: somebody else has ended it.
pub(super) async fn checked(
    transaction: &Transaction,
    services: &Services,
    id: Uuid,
    plan: &Plan,
    state: ImportState,
) -> Result<bool, Fault> {
    let sealed = services.vault.seal_value(place("plan_sealed", id), plan)?;
    let ended = Entity::update_many()
        .col_expr(Column::State, Expr::value(state.as_str()))
        .col_expr(Column::PlanSealed, Expr::value(sealed))
        .col_expr(Column::FileSealed, Expr::value(None::<Vec<u8>>))
        .col_expr(Column::ClaimedUntil, Expr::value(None::<DateTime<Utc>>))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(ImportState::Checking.as_str()))
        .exec(transaction)
        .await?;
    Ok(ended.rows_affected == 1)
}

/// Moves a list from one state to another. `false`: it was not in the one.
pub(super) async fn advance(
    transaction: &Transaction,
    id: Uuid,
    from: ImportState,
    to: ImportState,
    applied_at: Option<DateTime<Utc>>,
) -> Result<bool, Fault> {
    let moved = Entity::update_many()
        .col_expr(Column::State, Expr::value(to.as_str()))
        .col_expr(Column::ClaimedUntil, Expr::value(None::<DateTime<Utc>>))
        .col_expr(Column::AppliedAt, Expr::value(applied_at))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(from.as_str()))
        .exec(transaction)
        .await?;
    Ok(moved.rows_affected == 1)
}

/// Erases the rows of lists whose day has passed; how many. One that was applied stays applied.
pub(super) async fn erase(transaction: &Transaction, now: DateTime<Utc>) -> Result<u64, Fault> {
    let (applied, expired) = (ImportState::Applied.as_str(), ImportState::Expired.as_str());
    let over = || {
        Condition::all()
            .add(Column::ExpiresAt.lte(now))
            .add(Column::State.ne(ImportState::Applying.as_str()))
            .add(Column::State.ne(expired))
            .add(Condition::any().add(Column::PlanSealed.is_not_null()).add(Column::State.ne(applied)))
    };
    let state = Expr::case(Column::State.eq(applied), applied).finally(expired);
    let erased = Entity::update_many()
        .col_expr(Column::State, state.into())
        .col_expr(Column::PlanSealed, Expr::value(None::<Vec<u8>>))
        .col_expr(Column::FileSealed, Expr::value(None::<Vec<u8>>))
        .filter(over())
        .exec(transaction)
        .await?;
    Ok(erased.rows_affected)
}
