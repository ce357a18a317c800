//! Units (đơn vị): which exist, whose they are, and which can be chosen for an account.
//!
//! Owns the rule of problem 1 of the guide: an officer can choose a unit they are assigned to whose
//! name contains an accepted marker; and the keeping of units by administrators, of their agency and below.
//! Refuses to know what is done in a unit.

mod error;
mod keeping;
pub mod model;
pub mod routes;
pub(crate) mod store;

use uuid::Uuid;

pub use error::Error;
pub use keeping::{reach, rename_within};
pub use model::{Unit, Verdict};

use crate::app::Services;
use crate::problem::Fault;

/// Adds a unit below another, or at the top; its id.
///
/// # Errors
/// Where the database fails, or there is no such parent.
pub async fn add(services: &Services, parent_id: Option<Uuid>, name: &str) -> Result<Uuid, Fault> {
    let unit = Unit { id: services.new_id(), parent_id, name: motcua_openapi::values::text::tidy(name) };
    let transaction = services.database.begin().await?;
    store::insert(&transaction, &unit, services.clock.now()).await?;
    transaction.commit().await?;
    Ok(unit.id)
}
