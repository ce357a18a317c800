//! Delivery reports: what a gateway says, afterwards, became of a text.
//!
//! They come twice, out of order, before the send call has returned, or never. Owns the URL that a gateway
//! is given for each attempt, with its proof, and the applying: a state only moves forward, a report of an
//! attempt that was given up changes nothing, and the same report again changes nothing. Refuses reports
//! without proof.

mod store;

use actix_web::http::header::HeaderMap;
use chrono::Duration;
use data_encoding::HEXLOWER;
use motcua_openapi::messages::MessagePurpose;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::gateways::{About, Fate, Gateway, ReportRefusal, ReportRequest, query_value};
use super::store::{self as messages_store, Attempted};
use crate::app::Services;
use crate::database::Transaction;
use crate::problem::Fault;
use crate::registrations;

/// How long a report waits for a text to become known.
const KEPT: Duration = Duration::days(2);

/// Why a report was not taken.
pub(super) enum Error {
    /// No such gateway.
    NotFound,
    /// Without proof, or unreadable.
    Refused(ReportRefusal),
    /// A fault of ours.
    Broken(Fault),
}

impl<T: Into<Fault>> From<T> for Error {
    fn from(fault: T) -> Self {
        Self::Broken(fault.into())
    }
}

/// Where a gateway reports what becomes of one attempt: it names the attempt, proves that it is ours, and
/// holds nothing personal. `None` where gateways do not know how to reach this API.
pub(super) fn url(services: &Services, gateway: &Gateway, message: Uuid, attempt: u32) -> Option<String> {
    let base = services.settings.messages.report_url.trim_end_matches('/');
    if base.is_empty() || !gateway.reports() {
        return None;
    }
    let (path, proof) = (motcua_openapi::BASE_PATH, proof(services, gateway.name(), message, attempt));
    Some(format!("{base}{path}/gateways/{}/reports?message={message}&attempt={attempt}&proof={proof}", gateway.name()))
}

fn proof(services: &Services, gateway: &str, message: Uuid, attempt: u32) -> String {
    let parts = [gateway.as_bytes(), message.as_bytes().as_slice(), &attempt.to_be_bytes()];
    HEXLOWER.encode(&services.vault.mac("delivery report", &parts))
}

/// The attempt that a URL of ours names, where its proof is right.
fn proven_attempt(services: &Services, gateway: &str, query: &str) -> Option<(Uuid, u32)> {
    let value = |wanted| query_value(query, wanted);
    let (message, attempt) = (value("message")?.parse().ok()?, value("attempt")?.parse().ok()?);
    let expected = proof(services, gateway, message, attempt);
    bool::from(value("proof")?.as_bytes().ct_eq(expected.as_bytes())).then_some((message, attempt))
}

/// What came in at a gateway's address.
pub(super) struct Incoming<'a> {
    /// As it was called.
    pub(super) path_and_query: &'a str,
    /// Its headers.
    pub(super) headers: &'a HeaderMap,
    /// Its body; empty for a GET.
    pub(super) body: &'a [u8],
}

/// Takes a report of a gateway.
pub(super) async fn receive(
    services: &Services,
    gateway: &str,
    Incoming { path_and_query, headers, body }: Incoming<'_>,
) -> Result<(), Error> {
    let gateway = services.gateways.named(gateway).ok_or(Error::NotFound)?;
    let query = path_and_query.split_once('?').map_or("", |(_, query)| query);
    let by_url = proven_attempt(services, gateway.name(), query);
    let url = format!("{}{path_and_query}", services.settings.messages.report_url.trim_end_matches('/'));
    let request = ReportRequest { url: &url, query, headers, body, url_is_proven: by_url.is_some() };
    let (about, fate) = gateway.read_report(&request).map_err(Error::Refused)?;
    let reader = services.database.reader();
    let attempted = match (by_url, about) {
        (Some((message, attempt)), _) => {
            messages_store::by_id(reader, message).await?.filter(|found| found.attempt == attempt)
        }
        (None, Some(About::Message(message))) => messages_store::by_id(reader, message).await?,
        (None, Some(About::Reference(reference))) => {
            return by_reference(services, gateway.name(), &reference, fate).await;
        }
        (None, Some(About::Both { message, reference })) => {
            let unnamed = messages_store::called_once(reader, message, gateway.name()).await?;
            if unnamed.is_none() {
                return by_reference(services, gateway.name(), &reference, fate).await;
            }
            unnamed
        }
        (None, None) => return Err(Error::Refused(ReportRefusal::Unreadable("it names no message"))),
    };
    if let Some(attempted) = attempted {
        let transaction = services.database.begin().await?;
        apply(&transaction, services, &attempted, gateway.name(), fate).await?;
        transaction.commit().await?;
        services.outbox.tell(attempted.subject_id);
    }
    Ok(())
}

/// A report by the gateway's own name of the text. It is kept first and settled then, so that it is not lost
/// where the send call that learns the name ends at the same moment.
async fn by_reference(services: &Services, gateway: &str, reference: &str, fate: Fate) -> Result<(), Error> {
    let transaction = services.database.begin().await?;
    store::keep(&transaction, gateway, reference, fate, services.clock.now()).await?;
    transaction.commit().await?;
    Ok(settle(services, gateway, reference).await?)
}

/// Applies what was reported of a text under the gateway's name of it, once both are known. Called by
/// whoever learns either: the later of the two finds the other's row.
pub(super) async fn settle(services: &Services, gateway: &str, reference: &str) -> Result<(), Fault> {
    let reader = services.database.reader();
    if !store::any(reader, gateway, reference).await? {
        return Ok(());
    }
    let Some(attempted) = messages_store::by_reference(reader, gateway, reference).await? else { return Ok(()) };
    let transaction = services.database.begin().await?;
    for fate in store::take(&transaction, gateway, reference).await? {
        apply(&transaction, services, &attempted, gateway, fate).await?;
    }
    transaction.commit().await?;
    services.outbox.tell(attempted.subject_id);
    Ok(())
}

async fn apply(
    transaction: &Transaction,
    services: &Services,
    about: &Attempted,
    gateway: &str,
    fate: Fate,
) -> Result<(), Fault> {
    let now = services.clock.now();
    let has_moved = match fate {
        Fate::UnderWay => false,
        Fate::Failed(reason) => messages_store::undelivered(transaction, about, gateway, reason, now).await?,
        Fate::Delivered => {
            if about.purpose == MessagePurpose::Otp {
                // It may overtake the answer of the send call: the phone has the code, so its time has begun.
                registrations::code_was_sent(transaction, about.subject_id, about.id, now).await?;
            }
            messages_store::delivered(transaction, about, now).await?
        }
    };
    tracing::info!(message = %about.id, gateway, ?fate, has_moved, "a delivery report");
    if has_moved {
        super::telemetry::reported(gateway, fate);
    }
    Ok(())
}

/// Clears reports of texts that never became known.
///
/// # Errors
/// Where the database fails.
pub async fn sweep(transaction: &Transaction, services: &Services) -> Result<u64, Fault> {
    store::sweep(transaction, services.clock.now() - KEPT).await
}
