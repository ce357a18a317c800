//! What administrators and alerts see of all messages together: counts, never a message.

mod store;

use chrono::{DateTime, Duration, Utc};
use motcua_openapi::messages::MessageStatistics;

pub use store::{Depth, depth};

use super::store::hour_of;
use crate::app::Services;
use crate::problem::Fault;
use crate::sessions::Administrator;

/// The messages of the administrator's agency and below, of the last `hours` and the one under way.
///
/// # Errors
/// Where the database fails.
pub async fn of_agency(
    services: &Services,
    administrator: &Administrator,
    hours: u32,
) -> Result<MessageStatistics, Fault> {
    let now = services.clock.now();
    let first_hour = hour_of(now - Duration::hours(i64::from(hours)));
    let reader = services.database.reader();
    let units = administrator.0.scope(reader).await?.unit_ids;
    Ok(MessageStatistics {
        from: DateTime::<Utc>::from_timestamp(first_hour * 3600, 0).unwrap_or_default(),
        to: now,
        gateways: services.gateways.in_order().map(|gateway| gateway.name().to_owned()).collect(),
        counts: store::counts(reader, units, first_hour, now).await?,
    })
}
