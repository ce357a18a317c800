//! Who did what on whom, when, from where: by ids only, nothing personal.
//!
//! Owns `audit_events` and the chain that seals them. Append-only: the database itself refuses any other
//! change. An event is written in the transaction of the act it tells of, so that neither is there without
//! the other, and carries a MAC of its own from then on; a task seals it into the chain a little later, so
//! that no request waits for another's event. Auditors search and export what concerns their agency and below.

mod export;
mod model;
pub mod routes;
mod sealing;
mod search;
mod store;
mod verification;

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub use model::Head;
pub use motcua_openapi::audit::{Act, Change, ChangedField};
pub use sealing::{run, seal_due};
pub use store::traces;
pub use verification::{Finding, Verdict, verify};

use crate::app::Services;
use crate::database::Connection;
use crate::problem::Fault;
use crate::sessions::Caller;
use model::Event;

/// Who did it.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    /// An officer, administrator or auditor with a session.
    Officer(&'a Caller),
    /// A citizen on their own account.
    Citizen {
        /// The account.
        account_id: Uuid,
        /// From where.
        remote_address: &'a str,
    },
    /// Somebody who asked for it before, when it is done behind them.
    Behalf {
        /// Who.
        officer_id: Uuid,
        /// Of which agency.
        agency_id: Uuid,
        /// From where they asked.
        remote_address: Option<&'a str>,
    },
    /// The system by itself, or whoever runs its commands.
    System,
}

impl<'a> From<&'a Caller> for By<'a> {
    fn from(caller: &'a Caller) -> Self {
        Self::Officer(caller)
    }
}

impl<'a> From<Option<&'a Caller>> for By<'a> {
    fn from(caller: Option<&'a Caller>) -> Self {
        caller.map_or(Self::System, Self::Officer)
    }
}

/// What an event tells the citizen whose account it is about.
#[derive(Clone, Debug)]
pub struct Trace {
    /// When.
    pub at: DateTime<Utc>,
    /// What; `None` for one that this program does not know.
    pub act: Option<Act>,
    /// Which of the staff.
    pub officer_id: Option<Uuid>,
    /// The agency of theirs.
    pub agency_id: Option<Uuid>,
    /// The citizen, where they did it themselves.
    pub citizen_id: Option<Uuid>,
}

/// On what, and what changed of it.
#[derive(Clone, Debug, Default)]
pub struct About {
    subject_id: Option<Uuid>,
    unit_id: Option<Uuid>,
    changes: Vec<Change>,
}

impl About {
    /// A thing by its id.
    pub fn of(id: Uuid) -> Self {
        Self { subject_id: Some(id), ..Self::default() }
    }

    /// The unit that the thing belongs to: whose auditors see the event.
    #[must_use]
    pub fn in_unit(self, unit_id: impl Into<Option<Uuid>>) -> Self {
        Self { unit_id: unit_id.into(), ..self }
    }

    /// What changed: never a name, a number, a phone.
    #[must_use]
    pub fn with(self, changes: Vec<Change>) -> Self {
        Self { changes, ..self }
    }
}

impl From<Option<Uuid>> for About {
    fn from(subject_id: Option<Uuid>) -> Self {
        Self { subject_id, ..Self::default() }
    }
}

/// Appends an event: `by` did `act` on what it is `about`. The one door.
///
/// # Errors
/// Where the database fails.
pub async fn record(
    connection: &impl Connection,
    services: &Services,
    by: impl Into<By<'_>>,
    act: Act,
    about: impl Into<About>,
) -> Result<(), Fault> {
    record_all(connection, services, by, vec![(act, about.into())]).await
}

/// The same for many acts of one caller at once.
///
/// # Errors
/// Where the database fails.
pub async fn record_all(
    connection: &impl Connection,
    services: &Services,
    by: impl Into<By<'_>>,
    acts: Vec<(Act, About)>,
) -> Result<(), Fault> {
    let by = by.into();
    let events = acts.into_iter().map(|(act, about)| event(services, by, act, about)).collect::<Result<Vec<_>, _>>()?;
    store::append(connection, services, events).await
}

fn event(services: &Services, by: By<'_>, act: Act, about: About) -> Result<Event, Fault> {
    let (officer_id, citizen_id, agency_id, remote_address) = match by {
        By::Officer(caller) => {
            (Some(caller.officer_id), None, Some(caller.agency_id), Some(caller.remote_address.clone()))
        }
        By::Citizen { account_id, remote_address } => (None, Some(account_id), None, Some(remote_address.to_owned())),
        By::Behalf { officer_id, agency_id, remote_address } => {
            (Some(officer_id), None, Some(agency_id), remote_address.map(str::to_owned))
        }
        By::System => (None, None, None, None),
    };
    let changes = (!about.changes.is_empty()).then(|| serde_json::to_string(&about.changes)).transpose();
    Ok(Event {
        id: services.new_id(),
        at: services.clock.now(),
        officer_id,
        citizen_id,
        agency_id,
        unit_id: about.unit_id,
        act: act.as_str().to_owned(),
        subject_id: about.subject_id,
        remote_address,
        changes: changes.map_err(Fault::new)?,
    })
}
