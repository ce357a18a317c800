//! The rows of `audit_events`.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, ConnectionTrait};

use super::Act;
use crate::app::Services;
use crate::problem::Fault;
use crate::sessions::Caller;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    at: DateTime<Utc>,
    officer_id: Option<Uuid>,
    act: String,
    subject_id: Option<Uuid>,
    remote_address: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Appends an event: `caller` did `act` on `subject`. `None` for what the system does by itself.
///
/// # Errors
/// Where the database fails.
pub async fn record(
    connection: &impl ConnectionTrait,
    services: &Services,
    caller: Option<&Caller>,
    act: Act,
    subject: Option<Uuid>,
) -> Result<(), Fault> {
    let event = ActiveModel {
        id: Set(services.new_id()),
        at: Set(services.clock.now()),
        officer_id: Set(caller.map(|caller| caller.officer_id)),
        act: Set(act.as_str().to_owned()),
        subject_id: Set(subject),
        remote_address: Set(caller.map(|caller| caller.remote_address.clone())),
    };
    Entity::insert(event).exec_without_returning(connection).await?;
    Ok(())
}
