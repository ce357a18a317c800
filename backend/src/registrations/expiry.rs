//! Drafts that were left: erased with their scans after a day.

use crate::app::Services;
use crate::audit::{self, About, Act, By};
use crate::problem::Fault;
use crate::registrations::store;

const AT_ONCE: u64 = 100;

/// Erases the open registrations whose time is over; how many. Each in a transaction of its own, so
/// that one that fails does not keep the others.
///
/// # Errors
/// Where the database fails; the next round goes on.
pub async fn expire(services: &Services) -> Result<usize, Fault> {
    let now = services.clock.now();
    let overdue = store::overdue(services.database.reader(), now, AT_ONCE).await?;
    let mut erased = 0;
    for id in overdue {
        let transaction = services.database.begin().await?;
        let Some(registration) = store::lock(&transaction, services, id).await? else { continue };
        let (scan, unit_id) = (registration.scan.clone(), registration.unit_id);
        let Ok(expired) = registration.expire(now) else { continue };
        if store::save(&transaction, services, expired).await?.is_none() {
            continue;
        }
        let about = About::of(id).in_unit(unit_id);
        audit::record(&transaction, services, By::System, Act::RegistrationExpired, about).await?;
        transaction.commit().await?;
        if let Some(scan) = scan {
            services.objects.delete(scan.object).await;
        }
        erased += 1;
    }
    Ok(erased)
}
