//! The rows of `sessions`.

use chrono::{DateTime, Duration, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ConnectionTrait, QuerySelect};

use super::model::{Kind, Owner, Session};
use crate::database::{Transaction, locks_rows};
use crate::problem::Fault;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    kind: String,
    owner_id: Uuid,
    refresh_hash: Vec<u8>,
    previous_refresh_hash: Option<Vec<u8>>,
    rotated_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Session {
    type Error = Fault;

    fn try_from(row: Model) -> Result<Self, Fault> {
        let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == row.kind);
        let kind = kind.ok_or_else(|| Fault::new(anyhow::anyhow!("a session of an unknown kind")))?;
        Ok(Self {
            id: row.id,
            owner: Owner { kind, id: row.owner_id },
            refresh_hash: row.refresh_hash,
            previous_refresh_hash: row.previous_refresh_hash,
            rotated_at: row.rotated_at,
            created_at: row.created_at,
            expires_at: row.expires_at,
            ended_at: row.ended_at,
        })
    }
}

impl From<&Session> for ActiveModel {
    fn from(session: &Session) -> Self {
        Self {
            id: Set(session.id),
            kind: Set(session.owner.kind.as_str().to_owned()),
            owner_id: Set(session.owner.id),
            refresh_hash: Set(session.refresh_hash.clone()),
            previous_refresh_hash: Set(session.previous_refresh_hash.clone()),
            rotated_at: Set(session.rotated_at),
            created_at: Set(session.created_at),
            expires_at: Set(session.expires_at),
            ended_at: Set(session.ended_at),
        }
    }
}

pub(super) async fn insert(transaction: &Transaction, session: &Session) -> Result<(), Fault> {
    Entity::insert(ActiveModel::from(session)).exec_without_returning(transaction).await?;
    Ok(())
}

pub(super) async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<Session>, Fault> {
    Entity::find_by_id(id).one(connection).await?.map(Session::try_from).transpose()
}

pub(super) async fn lock(transaction: &Transaction, id: Uuid) -> Result<Option<Session>, Fault> {
    let mut query = Entity::find_by_id(id);
    if locks_rows(transaction) {
        query = query.lock_exclusive();
    }
    query.one(transaction).await?.map(Session::try_from).transpose()
}

pub(super) async fn save(transaction: &Transaction, session: &Session) -> Result<(), Fault> {
    Entity::update(ActiveModel::from(session)).exec(transaction).await?;
    Ok(())
}

/// Ends every session of an owner but one.
pub(super) async fn end_all(
    transaction: &Transaction,
    owner: Owner,
    but: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let mut query = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now))
        .filter(Column::OwnerId.eq(owner.id))
        .filter(Column::Kind.eq(owner.kind.as_str()))
        .filter(Column::EndedAt.is_null());
    if let Some(but) = but {
        query = query.filter(Column::Id.ne(but));
    }
    query.exec(transaction).await?;
    Ok(())
}

/// Forgets sessions that have been over for a week.
///
/// # Errors
/// Where the database fails.
pub async fn sweep(transaction: &Transaction, now: DateTime<Utc>) -> Result<u64, Fault> {
    let over = Entity::delete_many().filter(Column::ExpiresAt.lt(now - Duration::days(7))).exec(transaction).await?;
    Ok(over.rows_affected)
}
