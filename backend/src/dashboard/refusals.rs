//! Counting refusals where they leave the server: in memory, written every few seconds and at the end.
//!
//! What a process that is killed had counted since is lost: a count of refusals is not worth a write a refusal.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};
use motcua_openapi::BASE_PATH;
use motcua_openapi::problem::ProblemCode;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::store;
use crate::app::Services;
use crate::problem::{Failure, Fault};

/// What an officer does at a desk, by where its path begins.
const DESK_PATHS: [&str; 3] = ["/lookups", "/registrations", "/accounts"];

/// What is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Whole hours since 1970.
    pub hour: i64,
    /// The unit; nil where it is not known.
    pub unit_id: Uuid,
    /// The reason.
    pub code: ProblemCode,
}

/// Whose refusal it is: a word that the caller's extractor leaves on the request.
#[derive(Clone, Copy, Debug)]
pub struct Place(pub Uuid);

/// What was counted and not written yet.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<HashMap<Key, u64>>);

impl Refusals {
    fn add(&self, counted: impl IntoIterator<Item = (Key, u64)>) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, count) in counted {
            *counts.entry(key).or_default() += count;
        }
    }

    fn take(&self) -> HashMap<Key, u64> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Counts the refusal of an operation at a desk on its way out.
///
/// # Errors
/// Those of the operation.
pub async fn count(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let response = next.call(request).await?;
    let path = response.request().path().strip_prefix(BASE_PATH);
    let is_of_a_desk = path.is_some_and(|path| DESK_PATHS.iter().any(|desk| path.starts_with(desk)));
    let failure = response.response().error().and_then(actix_web::Error::as_error::<Failure>);
    if let (true, Some(Failure::Refused(problem))) = (is_of_a_desk, failure)
        && let Some(services) = response.request().app_data::<web::Data<Services>>()
    {
        let place = response.request().extensions().get::<Place>().copied();
        let hour = services.clock.now().timestamp().div_euclid(3600);
        let key = Key { hour, unit_id: place.map_or(Uuid::nil(), |Place(unit)| unit), code: problem.code };
        services.refusals.add([(key, 1)]);
    }
    Ok(response)
}

/// Writes what was counted, until cancelled and then once more.
pub async fn run(services: Services, stop: CancellationToken) {
    let every = Duration::from_secs(u64::from(services.settings.dashboard.flush_seconds.max(1)));
    while !stop.is_cancelled() {
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(every) => {}
        }
        if let Err(fault) = flush(&services).await {
            tracing::error!(error = %fault, "refusals could not be counted; they are kept");
        }
    }
}

async fn flush(services: &Services) -> Result<(), Fault> {
    let counted = services.refusals.take();
    if counted.is_empty() {
        return Ok(());
    }
    let written = write(services, &counted).await;
    if written.is_err() {
        services.refusals.add(counted);
    }
    written
}

async fn write(services: &Services, counted: &HashMap<Key, u64>) -> Result<(), Fault> {
    let transaction = services.database.begin().await?;
    // In one order everywhere: two instances that flush at once wait for each other and do not block for good.
    let mut counted: Vec<_> = counted.iter().map(|(key, count)| (*key, *count)).collect();
    counted.sort_by_key(|(key, _)| (key.unit_id, key.hour, key.code.as_str()));
    for (key, count) in counted {
        store::add(&transaction, key, count).await?;
    }
    Ok(transaction.commit().await?)
}
