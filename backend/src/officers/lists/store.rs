//! The rows of `officers`, many at once.

use std::collections::HashSet;

use motcua_openapi::sessions::Role;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect};

use crate::app::Services;
use crate::database::{Transaction, locks_rows};
use crate::officers::Officer;
use crate::officers::store::{self, Column, Entity, Model};
use crate::problem::Fault;
use crate::search::searchable;

/// Values in one statement: databases bound them.
const AT_ONCE: usize = 5_000;
/// Rows an insert, of twenty columns.
const ROWS_AT_ONCE: usize = 1_000;

fn read_all(services: &Services, rows: Vec<Model>) -> Result<Vec<Officer>, Fault> {
    rows.into_iter().map(|row| store::read(services, row)).collect()
}

/// Whoever has one of these sign-in names, of any agency.
///
/// # Errors
/// Where the database fails.
pub async fn by_usernames(
    connection: &impl ConnectionTrait,
    services: &Services,
    usernames: &[String],
) -> Result<Vec<Officer>, Fault> {
    let mut found = Vec::new();
    for some in usernames.chunks(AT_ONCE) {
        let rows = Entity::find().filter(Column::Username.is_in(some.iter().cloned())).all(connection).await?;
        found.extend(read_all(services, rows)?);
    }
    Ok(found)
}

/// The officers of these agencies whose folded name is one of these, by sign-in name.
///
/// # Errors
/// Where the database fails.
pub async fn by_names(
    connection: &impl ConnectionTrait,
    services: &Services,
    agencies: &HashSet<Uuid>,
    folded: &[String],
) -> Result<Vec<Officer>, Fault> {
    let mut found = Vec::new();
    for some in folded.chunks(AT_ONCE) {
        let names = some.iter().map(|name| searchable(name));
        let query = Entity::find().filter(Column::NameFolded.is_in(names)).order_by_asc(Column::Username);
        let rows = query.all(connection).await?;
        let rows: Vec<Model> = rows.into_iter().filter(|row| agencies.contains(&store::agency(row))).collect();
        found.extend(read_all(services, rows)?);
    }
    Ok(found)
}

/// Every sign-in name.
///
/// # Errors
/// Where the database fails.
pub async fn usernames(connection: &impl ConnectionTrait) -> Result<HashSet<String>, Fault> {
    let query = Entity::find().select_only().column(Column::Username).into_tuple::<String>();
    Ok(query.all(connection).await?.into_iter().collect())
}

/// Those who administer an agency and may sign in: agency and officer.
///
/// # Errors
/// Where the database fails.
pub async fn administrators(connection: &impl ConnectionTrait) -> Result<Vec<(Uuid, Uuid)>, Fault> {
    Ok(Entity::find()
        .select_only()
        .columns([Column::AgencyId, Column::Id])
        .filter(Column::Role.eq(Role::Administrator.as_str()))
        .filter(Column::SuspendedAt.is_null())
        .into_tuple()
        .all(connection)
        .await?)
}

/// The officers of these agencies, by sign-in name, at most `limit` behind one.
///
/// # Errors
/// Where the database fails.
pub async fn of_agencies(
    connection: &impl ConnectionTrait,
    services: &Services,
    agencies: &[Uuid],
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<Officer>, Fault> {
    let mut query = Entity::find().filter(Column::AgencyId.is_in(agencies.iter().copied()));
    if let Some(after) = after {
        query = query.filter(Column::Username.gt(after));
    }
    read_all(services, query.order_by_asc(Column::Username).limit(limit).all(connection).await?)
}

/// Officers whose rows wait for nobody else from here on, in one order everywhere.
///
/// # Errors
/// Where the database fails.
pub async fn lock_all(transaction: &Transaction, services: &Services, ids: &[Uuid]) -> Result<Vec<Officer>, Fault> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    let mut found = Vec::new();
    for some in ids.chunks(AT_ONCE) {
        let mut query = Entity::find().filter(Column::Id.is_in(some.iter().copied())).order_by_asc(Column::Id);
        if locks_rows(transaction) {
            query = query.lock_exclusive();
        }
        found.extend(read_all(services, query.all(transaction).await?)?);
    }
    Ok(found)
}

/// Adds officers. `false`: somebody has one of these sign-in names.
///
/// # Errors
/// Where the database fails.
pub async fn authorise_all(
    transaction: &Transaction,
    services: &Services,
    officers: &[Officer],
) -> Result<bool, Fault> {
    for some in officers.chunks(ROWS_AT_ONCE) {
        let rows = some.iter().map(|officer| store::row(services, officer)).collect::<Result<Vec<_>, _>>()?;
        let conflict = OnConflict::column(Column::Username).do_nothing().to_owned();
        let added = Entity::insert_many(rows).on_conflict(conflict).exec_without_returning(transaction).await?;
        if added != some.len() as u64 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Saves what a list changes of a locked officer, under the next version.
///
/// # Errors
/// Where the database fails.
pub async fn change(
    transaction: &Transaction,
    services: &Services,
    officer: &Officer,
    by: Option<Uuid>,
) -> Result<(), Fault> {
    store::save(transaction, services, officer, by).await
}
