//! The rows of `units` and `officer_units`.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder, QuerySelect};

use super::Unit;
use super::model::subtree;
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
