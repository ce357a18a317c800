//! The rows of `accounts` as their citizens use them.

use chrono::{DateTime, Utc};
use motcua_openapi::values::IdNumber;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, Func};
use sea_orm::{ConnectionTrait, FromQueryResult, QuerySelect, Select};

use super::Standing;
use crate::accounts::Account;
use crate::accounts::store::{self, Column, Entity};
use crate::app::Services;
use crate::database::{Transaction, locks_rows};
use crate::problem::Fault;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    unit_id: Uuid,
    password_hash: Option<String>,
    password_expires_at: Option<DateTime<Utc>>,
    password_set_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
}

async fn one(connection: &impl ConnectionTrait, query: Select<Entity>) -> Result<Option<Standing>, Fault> {
    let row: Option<Row> = query
        .select_only()
        .columns([
            Column::Id,
            Column::UnitId,
            Column::PasswordHash,
            Column::PasswordExpiresAt,
            Column::PasswordSetAt,
            Column::ClosedAt,
        ])
        .into_model()
        .one(connection)
        .await?;
    Ok(row.map(|row| Standing {
        account_id: row.id,
        unit_id: row.unit_id,
        password_hash: row.password_hash,
        password_expires_at: row.password_expires_at,
        password_set_at: row.password_set_at,
        closed_at: row.closed_at,
    }))
}

/// The standing of the account of a number: one statement, whether there is such an account or not.
///
/// # Errors
/// Where the database fails.
pub async fn standing_of(
    connection: &impl ConnectionTrait,
    services: &Services,
    number: &IdNumber,
) -> Result<Option<Standing>, Fault> {
    one(connection, Entity::find().filter(Column::Id.in_subquery(store::id_of_number(services, number)))).await
}

/// The same for whoever signs in: the account of the number and `true`, or where there is none the account of another
/// number and `false`, so that both cost one row to read and one password to try.
///
/// # Errors
/// Where the database fails.
pub async fn candidate(
    connection: &impl ConnectionTrait,
    services: &Services,
    number: &IdNumber,
) -> Result<Option<(Standing, bool)>, Fault> {
    let Some((is_own, id)) = store::nearest_number(connection, services, number).await? else { return Ok(None) };
    Ok(standing(connection, id).await?.map(|standing| (standing, is_own)))
}

/// The standing of an account.
///
/// # Errors
/// Where the database fails.
pub async fn standing(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<Standing>, Fault> {
    one(connection, Entity::find_by_id(id)).await
}

/// The whole account, for its own citizen.
///
/// # Errors
/// Where the database fails.
pub async fn of_citizen(
    connection: &impl ConnectionTrait,
    services: &Services,
    id: Uuid,
) -> Result<Option<Account>, Fault> {
    store::find(connection, services, id).await
}

/// The whole account of a number.
///
/// # Errors
/// Where the database fails, or the account does not open.
pub async fn of_number(
    connection: &impl ConnectionTrait,
    services: &Services,
    number: &IdNumber,
) -> Result<Option<Account>, Fault> {
    match standing_of(connection, services, number).await? {
        Some(standing) => store::find(connection, services, standing.account_id).await,
        None => Ok(None),
    }
}

pub(super) async fn signed_in(
    transaction: &Transaction,
    id: Uuid,
    now: DateTime<Utc>,
    password_expires_at: Option<DateTime<Utc>>,
) -> Result<(), Fault> {
    Entity::update_many()
        .col_expr(
            Column::FirstSignedInAt,
            Func::coalesce([Expr::col(Column::FirstSignedInAt), Expr::value(now)]).into(),
        )
        .col_expr(Column::PasswordExpiresAt, Expr::value(password_expires_at))
        .filter(Column::Id.eq(id))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Sets the password that the citizen chose. `false`: the account is closed.
///
/// # Errors
/// Where the database fails.
pub async fn set_own_password(
    transaction: &Transaction,
    id: Uuid,
    hash: String,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let set = Entity::update_many()
        .col_expr(Column::PasswordHash, Expr::value(hash))
        .col_expr(Column::PasswordExpiresAt, Expr::value(None::<DateTime<Utc>>))
        .col_expr(Column::PasswordSetAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::ClosedAt.is_null())
        .exec(transaction)
        .await?;
    Ok(set.rows_affected == 1)
}

/// The whole account, locked until the transaction ends.
///
/// # Errors
/// Where the database fails, or the account does not open.
pub async fn lock(transaction: &Transaction, services: &Services, id: Uuid) -> Result<Option<Account>, Fault> {
    let mut query = Entity::find_by_id(id);
    if locks_rows(transaction) {
        query = query.lock_exclusive();
    }
    query.one(transaction).await?.map(|row| store::read(services, row)).transpose()
}

/// Saves what is sealed of an account. The row is locked by whoever saves it.
///
/// # Errors
/// Where the database fails.
pub async fn save_personal(transaction: &Transaction, services: &Services, account: &Account) -> Result<(), Fault> {
    let (sealed, phone_index) = store::sealed(services, account)?;
    Entity::update_many()
        .col_expr(Column::PersonalSealed, Expr::value(sealed))
        .col_expr(Column::PhoneIndex, Expr::value(phone_index))
        .filter(Column::Id.eq(account.id))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Closes an account: no password works any more. `false`: it is closed already.
///
/// # Errors
/// Where the database fails.
pub async fn close(transaction: &Transaction, id: Uuid, now: DateTime<Utc>) -> Result<bool, Fault> {
    let closed = Entity::update_many()
        .col_expr(Column::ClosedAt, Expr::value(now))
        .col_expr(Column::PasswordHash, Expr::value(None::<String>))
        .filter(Column::Id.eq(id))
        .filter(Column::ClosedAt.is_null())
        .exec(transaction)
        .await?;
    Ok(closed.rows_affected == 1)
}
