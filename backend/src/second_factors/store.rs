//! The rows of `second_factors` and `passkey_challenges`.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use motcua_openapi::second_factors::{SecondFactor, SecondFactorKind};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, Condition, ConnectionTrait, QueryOrder, QuerySelect, TryInsertResult};

use super::{Factor, OPEN_FOR};
use crate::app::Services;
use crate::database::{Transaction, locks_rows};
use crate::problem::Fault;
use crate::vault::Place;

mod factor {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "second_factors")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub officer_id: Uuid,
        pub kind: String,
        pub name: String,
        pub secret_sealed: Vec<u8>,
        pub credential_index: Option<Vec<u8>>,
        pub counter: i64,
        pub created_at: DateTime<Utc>,
        pub confirmed_at: Option<DateTime<Utc>>,
        pub last_used_at: Option<DateTime<Utc>>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod challenge {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "passkey_challenges")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub officer_id: Uuid,
        pub purpose: String,
        pub name: String,
        pub state_sealed: Vec<u8>,
        pub expires_at: DateTime<Utc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

fn secret_place(row: Uuid) -> Place {
    Place { table: "second_factors", column: "secret_sealed", row }
}

fn state_place(row: Uuid) -> Place {
    Place { table: "passkey_challenges", column: "state_sealed", row }
}

fn kind_of(row: &factor::Model) -> Result<SecondFactorKind, Fault> {
    let kind = SecondFactorKind::ALL.into_iter().find(|kind| kind.as_str() == row.kind);
    kind.ok_or_else(|| Fault::new(anyhow::anyhow!("a second factor of an unknown kind")))
}

fn read(services: &Services, row: factor::Model) -> Result<Factor, Fault> {
    Ok(Factor {
        kind: kind_of(&row)?,
        secret: services.vault.open(secret_place(row.id), &row.secret_sealed)?,
        id: row.id,
        officer_id: row.officer_id,
        name: row.name,
        counter: row.counter,
        created_at: row.created_at,
        confirmed_at: row.confirmed_at,
        last_used_at: row.last_used_at,
    })
}

fn confirmed_of(officer: Uuid) -> Condition {
    Condition::all().add(factor::Column::OfficerId.eq(officer)).add(factor::Column::ConfirmedAt.is_not_null())
}

/// The factors that an officer signs in with, oldest first, as they are shown.
///
/// # Errors
/// Where the database fails.
pub async fn of(connection: &impl ConnectionTrait, officer: Uuid) -> Result<Vec<SecondFactor>, Fault> {
    let rows = factor::Entity::find()
        .filter(confirmed_of(officer))
        .order_by_asc(factor::Column::CreatedAt)
        .order_by_asc(factor::Column::Id)
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|row| {
            let kind = kind_of(&row)?;
            let created_at = row.confirmed_at.unwrap_or(row.created_at);
            Ok(SecondFactor { id: row.id, kind, name: row.name, created_at, last_used_at: row.last_used_at })
        })
        .collect()
}

/// Whether an officer has any.
///
/// # Errors
/// Where the database fails.
pub async fn has_any(connection: &impl ConnectionTrait, officer: Uuid) -> Result<bool, Fault> {
    let one = factor::Entity::find().select_only().column(factor::Column::Id).filter(confirmed_of(officer));
    Ok(one.into_tuple::<Uuid>().one(connection).await?.is_some())
}

/// Which of these officers, a page of them, have any.
///
/// # Errors
/// Where the database fails.
pub async fn whose(connection: &impl ConnectionTrait, officers: &[Uuid]) -> Result<HashSet<Uuid>, Fault> {
    let rows = factor::Entity::find()
        .select_only()
        .column(factor::Column::OfficerId)
        .filter(factor::Column::OfficerId.is_in(officers.iter().copied()))
        .filter(factor::Column::ConfirmedAt.is_not_null())
        .into_tuple::<Uuid>()
        .all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

/// The factors of a kind with their secrets.
pub(super) async fn kept(
    transaction: &Transaction,
    services: &Services,
    officer: Uuid,
    kind: SecondFactorKind,
) -> Result<Vec<Factor>, Fault> {
    let rows = factor::Entity::find()
        .filter(confirmed_of(officer))
        .filter(factor::Column::Kind.eq(kind.as_str()))
        .order_by_asc(factor::Column::CreatedAt)
        .all(transaction)
        .await?;
    rows.into_iter().map(|row| read(services, row)).collect()
}

/// Keeps a factor. `false`: this passkey is kept already, for this officer or another.
pub(super) async fn insert(
    transaction: &Transaction,
    services: &Services,
    new: &Factor,
    credential_index: Option<Vec<u8>>,
) -> Result<bool, Fault> {
    let row = factor::ActiveModel {
        id: Set(new.id),
        officer_id: Set(new.officer_id),
        kind: Set(new.kind.as_str().to_owned()),
        name: Set(new.name.clone()),
        secret_sealed: Set(services.vault.seal(secret_place(new.id), &new.secret)?),
        credential_index: Set(credential_index),
        counter: Set(new.counter),
        created_at: Set(new.created_at),
        confirmed_at: Set(new.confirmed_at),
        last_used_at: Set(None),
    };
    let inserted = factor::Entity::insert(row)
        .on_conflict(OnConflict::column(factor::Column::CredentialIndex).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(transaction)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(rows) if rows > 0))
}

/// An enrolment of this officer's that was begun since then and not confirmed.
pub(super) async fn unconfirmed(
    transaction: &Transaction,
    services: &Services,
    officer: Uuid,
    id: Uuid,
    since: DateTime<Utc>,
) -> Result<Option<Factor>, Fault> {
    let mut query = factor::Entity::find_by_id(id)
        .filter(factor::Column::OfficerId.eq(officer))
        .filter(factor::Column::ConfirmedAt.is_null())
        .filter(factor::Column::CreatedAt.gt(since));
    if locks_rows(transaction) {
        query = query.lock_exclusive();
    }
    query.one(transaction).await?.map(|row| read(services, row)).transpose()
}

/// Forgets what an officer began and did not confirm.
pub(super) async fn forget_unconfirmed(transaction: &Transaction, officer: Uuid) -> Result<(), Fault> {
    factor::Entity::delete_many()
        .filter(factor::Column::OfficerId.eq(officer))
        .filter(factor::Column::ConfirmedAt.is_null())
        .exec(transaction)
        .await?;
    Ok(())
}

/// From here on the factor is asked for; the step that confirmed it is used.
pub(super) async fn confirm(transaction: &Transaction, id: Uuid, step: i64, now: DateTime<Utc>) -> Result<bool, Fault> {
    let confirmed = factor::Entity::update_many()
        .col_expr(factor::Column::ConfirmedAt, Expr::value(now))
        .col_expr(factor::Column::Counter, Expr::value(step))
        .filter(factor::Column::Id.eq(id))
        .filter(factor::Column::ConfirmedAt.is_null())
        .exec(transaction)
        .await?;
    Ok(confirmed.rows_affected == 1)
}

/// Uses a step up. `false`: it, or one after it, was used meanwhile.
pub(super) async fn advance(transaction: &Transaction, id: Uuid, step: i64, now: DateTime<Utc>) -> Result<bool, Fault> {
    let used = factor::Entity::update_many()
        .col_expr(factor::Column::Counter, Expr::value(step))
        .col_expr(factor::Column::LastUsedAt, Expr::value(now))
        .filter(factor::Column::Id.eq(id))
        .filter(factor::Column::Counter.lt(step))
        .exec(transaction)
        .await?;
    Ok(used.rows_affected == 1)
}

/// Records that a passkey was used. `false`: its counter did not rise, so there may be two of it. A passkey without
/// a counter says 0 each time.
pub(super) async fn advance_passkey(
    transaction: &Transaction,
    services: &Services,
    id: Uuid,
    counter: i64,
    secret: &[u8],
) -> Result<bool, Fault> {
    let without_counter = (counter == 0).then(|| factor::Column::Counter.eq(0));
    let used = factor::Entity::update_many()
        .col_expr(factor::Column::Counter, Expr::value(counter))
        .col_expr(factor::Column::SecretSealed, Expr::value(services.vault.seal(secret_place(id), secret)?))
        .col_expr(factor::Column::LastUsedAt, Expr::value(services.clock.now()))
        .filter(factor::Column::Id.eq(id))
        .filter(Condition::any().add(factor::Column::Counter.lt(counter)).add_option(without_counter))
        .exec(transaction)
        .await?;
    Ok(used.rows_affected == 1)
}

/// Removes one of an officer's. `false`: there is none of that id.
pub(super) async fn remove(transaction: &Transaction, officer: Uuid, id: Uuid) -> Result<bool, Fault> {
    let removed = factor::Entity::delete_many()
        .filter(confirmed_of(officer))
        .filter(factor::Column::Id.eq(id))
        .exec(transaction)
        .await?;
    Ok(removed.rows_affected == 1)
}

/// Removes every factor of an officer, and what was begun.
///
/// # Errors
/// Where the database fails.
pub async fn remove_all(transaction: &Transaction, officer: Uuid) -> Result<(), Fault> {
    factor::Entity::delete_many().filter(factor::Column::OfficerId.eq(officer)).exec(transaction).await?;
    challenge::Entity::delete_many().filter(challenge::Column::OfficerId.eq(officer)).exec(transaction).await?;
    Ok(())
}

/// What a challenge is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To enrol a passkey.
    Enrol,
    /// To sign in by one.
    SignIn,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Enrol => "enrol",
            Self::SignIn => "sign_in",
        }
    }
}

/// A challenge that waits for its answer.
pub(super) struct Challenge {
    /// What the passkey will be called.
    pub(super) name: String,
    /// What the answer is held against.
    pub(super) state: Vec<u8>,
}

/// Keeps a challenge; its id.
pub(super) async fn remember(
    transaction: &Transaction,
    services: &Services,
    officer: Uuid,
    purpose: Purpose,
    new: Challenge,
    expires_at: DateTime<Utc>,
) -> Result<Uuid, Fault> {
    let id = services.new_id();
    let row = challenge::ActiveModel {
        id: Set(id),
        officer_id: Set(officer),
        purpose: Set(purpose.as_str().to_owned()),
        name: Set(new.name),
        state_sealed: Set(services.vault.seal(state_place(id), &new.state)?),
        expires_at: Set(expires_at),
    };
    challenge::Entity::insert(row).exec_without_returning(transaction).await?;
    Ok(id)
}

/// Takes a challenge away: it is good once. `None` where it is another's, for something else, or over.
pub(super) async fn take(
    transaction: &Transaction,
    services: &Services,
    officer: Uuid,
    id: Uuid,
    purpose: Purpose,
) -> Result<Option<Challenge>, Fault> {
    let mine = || {
        Condition::all()
            .add(challenge::Column::Id.eq(id))
            .add(challenge::Column::OfficerId.eq(officer))
            .add(challenge::Column::Purpose.eq(purpose.as_str()))
    };
    let Some(row) = challenge::Entity::find().filter(mine()).one(transaction).await? else { return Ok(None) };
    let taken = challenge::Entity::delete_many().filter(mine()).exec(transaction).await?;
    if taken.rows_affected != 1 || row.expires_at <= services.clock.now() {
        return Ok(None);
    }
    let state = services.vault.open(state_place(id), &row.state_sealed)?;
    Ok(Some(Challenge { name: row.name, state }))
}

/// Forgets challenges and enrolments whose time is over.
///
/// # Errors
/// Where the database fails.
pub async fn sweep(transaction: &Transaction, now: DateTime<Utc>) -> Result<u64, Fault> {
    let over = challenge::Entity::delete_many().filter(challenge::Column::ExpiresAt.lte(now)).exec(transaction).await?;
    let begun = factor::Entity::delete_many()
        .filter(factor::Column::ConfirmedAt.is_null())
        .filter(factor::Column::CreatedAt.lte(now - OPEN_FOR))
        .exec(transaction)
        .await?;
    Ok(over.rows_affected + begun.rows_affected)
}
