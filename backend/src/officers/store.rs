//! The rows of `officers`.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use motcua_openapi::officers::OfficerState;
use motcua_openapi::sessions::Role;
use motcua_openapi::values::{PhoneNumber, text};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict, SelectStatement};
use sea_orm::{ActiveValue::Set, Condition, ConnectionTrait, QueryOrder, QuerySelect, QueryTrait, TryInsertResult};

use super::Officer;
use crate::app::Services;
use crate::database::{Transaction, locks_rows};
use crate::problem::Fault;
use crate::search::{name_matches, searchable};
use crate::vault::Place;

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
    role: String,
    password_change_needed: bool,
    password_message_id: Option<Uuid>,
    password_expires_at: Option<DateTime<Utc>>,
    version: i32,
    updated_at: Option<DateTime<Utc>>,
    updated_by: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

fn phone_place(row: Uuid) -> Place {
    Place { table: "officers", column: "phone_sealed", row }
}

pub(super) fn read(services: &Services, row: Model) -> Result<Officer, Fault> {
    let phone: Option<PhoneNumber> =
        row.phone_sealed.as_deref().map(|sealed| services.vault.open_value(phone_place(row.id), sealed)).transpose()?;
    let role = Role::ALL.into_iter().find(|role| role.as_str() == row.role);
    Ok(Officer {
        role: role.ok_or_else(|| Fault::new(anyhow::anyhow!("an officer of an unknown role")))?,
        password_change_needed: row.password_change_needed,
        password_message_id: row.password_message_id,
        password_expires_at: row.password_expires_at,
        version: row.version,
        created_at: row.created_at,
        suspended_at: row.suspended_at,
        updated_at: row.updated_at,
        updated_by: row.updated_by,
        id: row.id,
        username: row.username,
        full_name: row.full_name,
        phone,
        password_hash: row.password_hash,
        agency_id: row.agency_id,
    })
}

/// The agency of a row that is not read yet: the phone is opened only where it is wanted.
pub(super) fn agency(row: &Model) -> Uuid {
    row.agency_id
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
    row.map(|row| read(services, row)).transpose()
}

/// The officer of an id.
///
/// # Errors
/// Where the database fails.
pub async fn find(connection: &impl ConnectionTrait, services: &Services, id: Uuid) -> Result<Option<Officer>, Fault> {
    let row = Entity::find_by_id(id).one(connection).await?;
    row.map(|row| read(services, row)).transpose()
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
        .filter(name_matches(Expr::col(Column::NameFolded), words))
        .into_query()
}

/// Whether there is any officer at all.
///
/// # Errors
/// Where the database fails.
pub async fn any(connection: &impl ConnectionTrait) -> Result<bool, Fault> {
    Ok(Entity::find().select_only().column(Column::Id).into_tuple::<Uuid>().one(connection).await?.is_some())
}

fn seal_phone(services: &Services, id: Uuid, phone: Option<&PhoneNumber>) -> Result<Option<Vec<u8>>, Fault> {
    Ok(phone.map(|phone| services.vault.seal_value(phone_place(id), phone)).transpose()?)
}

/// Adds an officer. `false`: somebody has this sign-in name.
///
/// # Errors
/// Where the database fails.
pub async fn insert(connection: &impl ConnectionTrait, services: &Services, officer: &Officer) -> Result<bool, Fault> {
    let row = row(services, officer)?;
    let inserted = Entity::insert(row)
        .on_conflict(OnConflict::column(Column::Username).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(connection)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(rows) if rows > 0))
}

/// The row of somebody new.
pub(super) fn row(services: &Services, officer: &Officer) -> Result<ActiveModel, Fault> {
    Ok(ActiveModel {
        id: Set(officer.id),
        username: Set(officer.username.clone()),
        full_name: Set(officer.full_name.clone()),
        name_folded: Set(searchable(&text::fold(&officer.full_name))),
        phone_sealed: Set(seal_phone(services, officer.id, officer.phone.as_ref())?),
        password_hash: Set(officer.password_hash.clone()),
        is_administrator: Set(officer.role == Role::Administrator),
        agency_id: Set(officer.agency_id),
        created_at: Set(officer.created_at),
        suspended_at: Set(None),
        role: Set(officer.role.as_str().to_owned()),
        password_change_needed: Set(officer.password_change_needed),
        password_message_id: Set(officer.password_message_id),
        password_expires_at: Set(None),
        version: Set(officer.version),
        updated_at: Set(officer.updated_at),
        updated_by: Set(officer.updated_by),
    })
}

/// The officer of an id, whose row waits for nobody else from here on.
pub(super) async fn lock(transaction: &Transaction, services: &Services, id: Uuid) -> Result<Option<Officer>, Fault> {
    let mut query = Entity::find_by_id(id);
    if locks_rows(transaction) {
        query = query.lock_exclusive();
    }
    query.one(transaction).await?.map(|row| read(services, row)).transpose()
}

/// Saves what an administrator may change, under the next version. The row is locked by whoever saves it.
pub(super) async fn save(
    transaction: &Transaction,
    services: &Services,
    officer: &Officer,
    by: impl Into<Option<Uuid>>,
) -> Result<(), Fault> {
    let row = ActiveModel {
        id: Set(officer.id),
        full_name: Set(officer.full_name.clone()),
        name_folded: Set(searchable(&text::fold(&officer.full_name))),
        phone_sealed: Set(seal_phone(services, officer.id, officer.phone.as_ref())?),
        password_hash: Set(officer.password_hash.clone()),
        is_administrator: Set(officer.role == Role::Administrator),
        agency_id: Set(officer.agency_id),
        suspended_at: Set(officer.suspended_at),
        role: Set(officer.role.as_str().to_owned()),
        password_change_needed: Set(officer.password_change_needed),
        password_message_id: Set(officer.password_message_id),
        password_expires_at: Set(officer.password_expires_at),
        version: Set(officer.version + 1),
        updated_at: Set(Some(services.clock.now())),
        updated_by: Set(by.into()),
        ..<ActiveModel as Default>::default()
    };
    Entity::update(row).exec(transaction).await?;
    Ok(())
}

/// Records a drawn password. `false`: another message was asked to carry it, or the officer has chosen one or was
/// suspended.
pub(super) async fn set_password(
    transaction: &Transaction,
    id: Uuid,
    message_id: Uuid,
    hash: String,
    expires_at: DateTime<Utc>,
) -> Result<bool, Fault> {
    let set = Entity::update_many()
        .col_expr(Column::PasswordHash, Expr::value(hash))
        .col_expr(Column::PasswordExpiresAt, Expr::value(expires_at))
        .filter(Column::Id.eq(id))
        .filter(Column::PasswordMessageId.eq(message_id))
        .filter(Column::SuspendedAt.is_null())
        .exec(transaction)
        .await?;
    Ok(set.rows_affected == 1)
}

/// How many administrators of an agency may sign in, one left out.
pub(super) async fn other_administrators(
    transaction: &Transaction,
    agency_id: Uuid,
    left_out: Uuid,
) -> Result<u64, Fault> {
    Ok(Entity::find()
        .filter(Column::AgencyId.eq(agency_id))
        .filter(Column::Role.eq(Role::Administrator.as_str()))
        .filter(Column::SuspendedAt.is_null())
        .filter(Column::Id.ne(left_out))
        .count(transaction)
        .await?)
}

/// The names of officers and whether they may sign in, for lists of any length.
///
/// # Errors
/// Where the database fails.
pub async fn briefs(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, (String, bool)>, Fault> {
    let mut found = HashMap::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        let rows = Entity::find()
            .select_only()
            .columns([Column::Id, Column::FullName, Column::SuspendedAt])
            .filter(Column::Id.is_in(some.iter().copied()))
            .into_tuple::<(Uuid, String, Option<DateTime<Utc>>)>()
            .all(connection)
            .await?;
        found.extend(rows.into_iter().map(|(id, name, suspended)| (id, (name, suspended.is_none()))));
    }
    Ok(found)
}

/// Ids in one statement: databases bound them.
const AT_ONCE: usize = 5_000;

/// What a search looks for.
pub(super) struct Filter {
    /// Of these agencies.
    pub(super) agencies: Vec<Uuid>,
    /// Folded words of the name; empty = any.
    pub(super) words: Vec<String>,
    /// Assigned to this unit.
    pub(super) unit_id: Option<Uuid>,
    /// Of this role.
    pub(super) role: Option<Role>,
    /// In this state.
    pub(super) state: Option<OfficerState>,
}

impl Filter {
    fn condition(&self) -> Condition {
        let named = (!self.words.is_empty()).then(|| {
            Condition::any()
                .add(name_matches(Expr::col(Column::NameFolded), &self.words))
                .add(name_matches(Expr::col(Column::Username), &[self.words.join(" ")]))
        });
        let assigned = self.unit_id.map(|unit| Column::Id.in_subquery(crate::units::store::ids_of_assigned(unit)));
        let state = self.state.map(|state| match state {
            OfficerState::Active => Column::SuspendedAt.is_null(),
            OfficerState::Suspended => Column::SuspendedAt.is_not_null(),
        });
        Condition::all()
            .add(Column::AgencyId.is_in(self.agencies.iter().copied()))
            .add_option(named)
            .add_option(assigned)
            .add_option(self.role.map(|role| Column::Role.eq(role.as_str())))
            .add_option(state)
    }
}

/// At most `limit` officers after a sign-in name, by sign-in name.
pub(super) async fn page(
    connection: &impl ConnectionTrait,
    services: &Services,
    filter: &Filter,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<Officer>, Fault> {
    let mut query = Entity::find().filter(filter.condition());
    if let Some(after) = after {
        query = query.filter(Column::Username.gt(after));
    }
    let rows = query.order_by_asc(Column::Username).limit(limit).all(connection).await?;
    rows.into_iter().map(|row| read(services, row)).collect()
}

/// How many match.
pub(super) async fn count(connection: &impl ConnectionTrait, filter: &Filter) -> Result<u64, Fault> {
    Ok(Entity::find().filter(filter.condition()).count(connection).await?)
}
