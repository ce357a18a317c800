//! The rows of `units` and `officer_units`.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::SelectStatement;
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder, QuerySelect, QueryTrait};

use super::Unit;
use super::model::{Kept, subtree};
use crate::database::{Transaction, locks_rows};
use crate::problem::Fault;

mod unit {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "units")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub parent_id: Option<Uuid>,
        pub name: String,
        pub created_at: DateTime<Utc>,
        pub retired_at: Option<DateTime<Utc>>,
        pub version: i32,
        pub updated_at: Option<DateTime<Utc>>,
        pub updated_by: Option<Uuid>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod assignment {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "officer_units")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub officer_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub unit_id: Uuid,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

impl From<unit::Model> for Unit {
    fn from(row: unit::Model) -> Self {
        Self { id: row.id, parent_id: row.parent_id, name: row.name }
    }
}

impl From<unit::Model> for Kept {
    fn from(row: unit::Model) -> Self {
        Self {
            id: row.id,
            parent_id: row.parent_id,
            name: row.name,
            version: row.version,
            created_at: row.created_at,
            retired_at: row.retired_at,
            updated_at: row.updated_at,
            updated_by: row.updated_by,
        }
    }
}

/// Every unit, retired or not.
pub(super) async fn kept(connection: &impl ConnectionTrait) -> Result<Vec<Kept>, Fault> {
    Ok(unit::Entity::find().all(connection).await?.into_iter().map(Kept::from).collect())
}

/// One unit, whose row waits for nobody else from here on.
///
/// # Errors
/// Where the database fails.
pub async fn lock(transaction: &Transaction, id: Uuid) -> Result<Option<Kept>, Fault> {
    let mut query = unit::Entity::find_by_id(id);
    if locks_rows(transaction) {
        query = query.lock_exclusive();
    }
    Ok(query.one(transaction).await?.map(Kept::from))
}

/// Saves name and retirement under the next version. The row is locked by whoever saves it.
pub(super) async fn save(transaction: &Transaction, unit: &Kept, by: Uuid, now: DateTime<Utc>) -> Result<(), Fault> {
    let row = unit::ActiveModel {
        id: Set(unit.id),
        name: Set(unit.name.clone()),
        retired_at: Set(unit.retired_at),
        version: Set(unit.version + 1),
        updated_at: Set(Some(now)),
        updated_by: Set(Some(by)),
        ..<unit::ActiveModel as Default>::default()
    };
    unit::Entity::update(row).exec(transaction).await?;
    Ok(())
}

/// The names of the units right below one that are not retired.
pub(super) async fn children(transaction: &Transaction, id: Uuid) -> Result<Vec<String>, Fault> {
    let rows = unit::Entity::find()
        .filter(unit::Column::ParentId.eq(id))
        .filter(unit::Column::RetiredAt.is_null())
        .order_by_asc(unit::Column::Name)
        .all(transaction)
        .await?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// Ids in one statement: databases bound them.
const AT_ONCE: usize = 5_000;

/// Who is assigned to each of these units.
pub(super) async fn assigned(
    connection: &impl ConnectionTrait,
    units: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Uuid>>, Fault> {
    let mut found: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for some in units.chunks(AT_ONCE) {
        let of_these = assignment::Column::UnitId.is_in(some.iter().copied());
        for row in assignment::Entity::find().filter(of_these).all(connection).await? {
            found.entry(row.unit_id).or_default().push(row.officer_id);
        }
    }
    Ok(found)
}

/// The units of each of these officers.
///
/// # Errors
/// Where the database fails.
pub async fn units_of(connection: &impl ConnectionTrait, officers: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>, Fault> {
    let mut found: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for some in officers.chunks(AT_ONCE) {
        let of_these = assignment::Column::OfficerId.is_in(some.iter().copied());
        for row in assignment::Entity::find().filter(of_these).all(connection).await? {
            found.entry(row.officer_id).or_default().push(row.unit_id);
        }
    }
    Ok(found)
}

/// The ids of the officers assigned to a unit, as a subquery for another feature's filter.
pub fn ids_of_assigned(unit: Uuid) -> SelectStatement {
    assignment::Entity::find()
        .select_only()
        .column(assignment::Column::OfficerId)
        .filter(assignment::Column::UnitId.eq(unit))
        .into_query()
}

/// Assigns an officer to units; a unit that is named twice is one.
///
/// # Errors
/// Where the database fails.
pub async fn assign_all(connection: &impl ConnectionTrait, officer: Uuid, units: &[Uuid]) -> Result<(), Fault> {
    let mut units = units.to_vec();
    units.sort_unstable();
    units.dedup();
    for unit in units {
        assign(connection, officer, unit).await?;
    }
    Ok(())
}

/// Assigns an officer to no unit.
///
/// # Errors
/// Where the database fails.
pub async fn unassign_all(connection: &impl ConnectionTrait, officer: Uuid) -> Result<(), Fault> {
    assignment::Entity::delete_many().filter(assignment::Column::OfficerId.eq(officer)).exec(connection).await?;
    Ok(())
}

/// Every unit that is not retired, by name.
///
/// # Errors
/// Where the database fails.
pub async fn all(connection: &impl ConnectionTrait) -> Result<Vec<Unit>, Fault> {
    let rows = unit::Entity::find()
        .filter(unit::Column::RetiredAt.is_null())
        .order_by_asc(unit::Column::Name)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(Unit::from).collect())
}

/// One unit that is not retired.
///
/// # Errors
/// Where the database fails.
pub async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<Unit>, Fault> {
    let row = unit::Entity::find_by_id(id).filter(unit::Column::RetiredAt.is_null()).one(connection).await?;
    Ok(row.map(Unit::from))
}

/// The names of units, retired ones too.
///
/// # Errors
/// Where the database fails.
pub async fn names(connection: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<HashMap<Uuid, String>, Fault> {
    let rows = unit::Entity::find()
        .select_only()
        .columns([unit::Column::Id, unit::Column::Name])
        .filter(unit::Column::Id.is_in(ids))
        .into_tuple::<(Uuid, String)>()
        .all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

/// The ids of a unit and all below it.
///
/// # Errors
/// Where the database fails.
pub async fn below(connection: &impl ConnectionTrait, root: Uuid) -> Result<Vec<Uuid>, Fault> {
    Ok(subtree(&all(connection).await?, root))
}

/// The ids of the units that an officer is assigned to.
///
/// # Errors
/// Where the database fails.
pub async fn assigned_to(connection: &impl ConnectionTrait, officer: Uuid) -> Result<Vec<Uuid>, Fault> {
    Ok(assignment::Entity::find()
        .select_only()
        .column(assignment::Column::UnitId)
        .filter(assignment::Column::OfficerId.eq(officer))
        .into_tuple()
        .all(connection)
        .await?)
}

/// Adds a unit.
///
/// # Errors
/// Where the database fails.
pub async fn insert(connection: &impl ConnectionTrait, unit: &Unit, now: DateTime<Utc>) -> Result<(), Fault> {
    let row = unit::ActiveModel {
        id: Set(unit.id),
        parent_id: Set(unit.parent_id),
        name: Set(unit.name.clone()),
        created_at: Set(now),
        retired_at: Set(None),
        version: Set(1),
        updated_at: Set(None),
        updated_by: Set(None),
    };
    unit::Entity::insert(row).exec_without_returning(connection).await?;
    Ok(())
}

/// Assigns an officer to a unit.
///
/// # Errors
/// Where the database fails, or the two are assigned already.
pub async fn assign(connection: &impl ConnectionTrait, officer: Uuid, unit: Uuid) -> Result<(), Fault> {
    let row = assignment::ActiveModel { officer_id: Set(officer), unit_id: Set(unit) };
    assignment::Entity::insert(row).exec_without_returning(connection).await?;
    Ok(())
}

/// Assigns officers to units, pair by pair.
///
/// # Errors
/// Where the database fails, or two are assigned already.
pub async fn assign_pairs(transaction: &Transaction, pairs: &[(Uuid, Uuid)]) -> Result<(), Fault> {
    for some in pairs.chunks(AT_ONCE) {
        let row =
            |(officer, unit): &(Uuid, Uuid)| assignment::ActiveModel { officer_id: Set(*officer), unit_id: Set(*unit) };
        assignment::Entity::insert_many(some.iter().map(row)).exec_without_returning(transaction).await?;
    }
    Ok(())
}

/// Assigns an officer to some units no longer.
///
/// # Errors
/// Where the database fails.
pub async fn unassign(transaction: &Transaction, officer: Uuid, units: &[Uuid]) -> Result<(), Fault> {
    assignment::Entity::delete_many()
        .filter(assignment::Column::OfficerId.eq(officer))
        .filter(assignment::Column::UnitId.is_in(units.iter().copied()))
        .exec(transaction)
        .await?;
    Ok(())
}
