//! The rows of `officers`.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use motcua_openapi::values::{PhoneNumber, text};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{ActiveValue::Set, ConnectionTrait, QuerySelect, QueryTrait};

use super::Officer;
use crate::app::Services;
use crate::problem::Fault;
use crate::vault::{Place, VaultError};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "officers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    username: String,
    full_name: String,
    name_folded: String,
    phone_sealed: Option<Vec<u8>>,
    password_hash: String,
    is_administrator: bool,
    agency_id: Uuid,
    created_at: DateTime<Utc>,
    suspended_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}

fn phone_place(row: Uuid) -> Place {
    Place { table: "officers", column: "phone_sealed", row }
}

fn read(services: &Services, row: Model) -> Result<Officer, VaultError> {
    let phone: Option<PhoneNumber> =
        row.phone_sealed.as_deref().map(|sealed| services.vault.open_value(phone_place(row.id), sealed)).transpose()?;
    Ok(Officer {
        id: row.id,
        username: row.username,
        full_name: row.full_name,
        phone,
        password_hash: row.password_hash,
        is_administrator: row.is_administrator,
        agency_id: row.agency_id,
        is_suspended: row.suspended_at.is_some(),
    })
}

/// The officer of a sign-in name, in any case.
///
/// # Errors
/// Where the database fails.
pub async fn find_by_username(
    connection: &impl ConnectionTrait,
    services: &Services,
    username: &str,
) -> Result<Option<Officer>, Fault> {
    let row = Entity::find().filter(Column::Username.eq(username.trim().to_lowercase())).one(connection).await?;
    Ok(row.map(|row| read(services, row)).transpose()?)
}

/// The officer of an id.
///
/// # Errors
/// Where the database fails.
pub async fn find(connection: &impl ConnectionTrait, services: &Services, id: Uuid) -> Result<Option<Officer>, Fault> {
    let row = Entity::find_by_id(id).one(connection).await?;
    Ok(row.map(|row| read(services, row)).transpose()?)
}

/// The full names of officers.
///
/// # Errors
/// Where the database fails.
pub async fn names(connection: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<HashMap<Uuid, String>, Fault> {
    let rows = Entity::find()
        .select_only()
        .columns([Column::Id, Column::FullName])
        .filter(Column::Id.is_in(ids))
        .into_tuple::<(Uuid, String)>()
        .all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

/// The ids of officers whose name matches, as a subquery for another feature's filter.
pub fn ids_by_name(words: &[String]) -> SelectStatement {
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(crate::search::name_matches(Expr::col(Column::NameFolded), words))
        .into_query()
}

/// Whether there is any officer at all.
///
/// # Errors
/// Where the database fails.
pub async fn any(connection: &impl ConnectionTrait) -> Result<bool, Fault> {
    Ok(Entity::find().select_only().column(Column::Id).into_tuple::<Uuid>().one(connection).await?.is_some())
}

/// Adds an officer.
///
/// # Errors
/// Where the database fails, or the username is taken.
pub async fn insert(connection: &impl ConnectionTrait, services: &Services, officer: &Officer) -> Result<(), Fault> {
    let phone_sealed =
        officer.phone.as_ref().map(|phone| services.vault.seal_value(phone_place(officer.id), phone)).transpose()?;
    let row = ActiveModel {
        id: Set(officer.id),
        username: Set(officer.username.clone()),
        full_name: Set(officer.full_name.clone()),
        name_folded: Set(crate::search::searchable(&text::fold(&officer.full_name))),
        phone_sealed: Set(phone_sealed),
        password_hash: Set(officer.password_hash.clone()),
        is_administrator: Set(officer.is_administrator),
        agency_id: Set(officer.agency_id),
        created_at: Set(services.clock.now()),
        suspended_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(connection).await?;
    Ok(())
}
