//! Who is calling: the extractors, one of which a handler names to be behind a sign-in.
//!
//! [`Staff`] is anybody who has signed in; the others are also done with what is asked of them first, a password of
//! their own and, of administrators, a second factor. [`Caller`] works at a desk, [`Administrator`] administers,
//! [`Auditor`] reads what happened.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use motcua_openapi::problem::ProblemCode;
use motcua_openapi::sessions::Role;
use uuid::Uuid;

use super::lasting;
use super::model::Kind;
use crate::app::Services;
use crate::dashboard::Place;
use crate::database::Connection;
use crate::http::RemoteAddress;
use crate::officers::Officer;
use crate::problem::{Failure, Fault};

/// An officer with a live session, as of this request.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The officer.
    pub officer_id: Uuid,
    /// The session.
    pub session_id: Uuid,
    /// Full name.
    pub full_name: String,
    /// What they may do.
    pub role: Role,
    /// What is asked of them before anything else.
    pub pending: Option<Pending>,
    /// The unit at the top of their agency.
    pub agency_id: Uuid,
    /// The units they are assigned to.
    pub unit_ids: Vec<Uuid>,
    /// From where.
    pub remote_address: String,
}

/// What somebody does before they may do anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pending {
    /// The password came by text: choose one of your own.
    PasswordChange,
    /// An administrator without a second factor: enrol one.
    SecondFactor,
}

/// Whose things a caller may see.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Things begun by this officer…
    pub officer_id: Uuid,
    /// …and things of these units.
    pub unit_ids: Vec<Uuid>,
}

impl Scope {
    /// Whether a thing of that officer and unit is within.
    pub fn covers(&self, officer_id: Uuid, unit_id: Option<Uuid>) -> bool {
        officer_id == self.officer_id || unit_id.is_some_and(|unit| self.unit_ids.contains(&unit))
    }
}

impl Caller {
    /// Whose refusals those of this caller are: their unit's, or where they have none or several, their agency's.
    fn place(&self) -> Place {
        match self.unit_ids.as_slice() {
            [unit] => Place(*unit),
            _ => Place(self.agency_id),
        }
    }

    /// Whether they administer their agency.
    pub fn is_administrator(&self) -> bool {
        self.role == Role::Administrator
    }

    /// An officer sees the things of the units they belong to, an administrator those of their
    /// agency and below.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn scope(&self, connection: &impl Connection) -> Result<Scope, Fault> {
        let mut unit_ids = self.unit_ids.clone();
        if self.is_administrator() {
            unit_ids.extend(crate::units::store::below(connection, self.agency_id).await?);
        }
        Ok(Scope { officer_id: self.officer_id, unit_ids })
    }
}

/// Anybody of the staff, whatever is still asked of them: for what they need to get it done.
#[derive(Clone, Debug)]
pub struct Staff(pub Caller);

/// A caller who administers their agency.
#[derive(Clone, Debug)]
pub struct Administrator(pub Caller);

/// A caller who audits their agency: reads what happened, changes nothing.
#[derive(Clone, Debug)]
pub struct Auditor(pub Caller);

type Extracted<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

impl FromRequest for Staff {
    type Error = Failure;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let token = bearer(request);
        let services = request.app_data::<web::Data<Services>>().cloned();
        let address = RemoteAddress::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let services = services.ok_or_else(|| Fault::new(anyhow::anyhow!("no services in this app")))?;
            let RemoteAddress(remote_address) = address.await?;
            let caller = identify(&services, token.as_deref(), remote_address)
                .await?
                .ok_or_else(|| Failure::refused(ProblemCode::Unauthenticated, "send a valid access token"))?;
            request.extensions_mut().insert(caller.place());
            Ok(Self(caller))
        })
    }
}

impl FromRequest for Caller {
    type Error = Failure;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        of_role(request, payload, "for officers", |role| match role {
            Role::Officer | Role::Administrator => true,
            Role::Auditor => false,
        })
    }
}

impl FromRequest for Administrator {
    type Error = Failure;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let caller = of_role(request, payload, "for administrators", |role| role == Role::Administrator);
        Box::pin(async move { caller.await.map(Self) })
    }
}

impl FromRequest for Auditor {
    type Error = Failure;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let caller = of_role(request, payload, "for auditors", |role| role == Role::Auditor);
        Box::pin(async move { caller.await.map(Self) })
    }
}

/// Who has done what is asked of them first, and has a role that fits.
fn of_role(
    request: &HttpRequest,
    payload: &mut Payload,
    whom: &'static str,
    fits: fn(Role) -> bool,
) -> Extracted<Caller> {
    let staff = Staff::from_request(request, payload);
    Box::pin(async move {
        let Staff(caller) = staff.await?;
        match caller.pending {
            Some(Pending::PasswordChange) => {
                Err(Failure::refused(ProblemCode::PasswordChangeNeeded, "PUT /me/password first"))
            }
            Some(Pending::SecondFactor) => {
                Err(Failure::refused(ProblemCode::SecondFactorNeeded, "enrol one at /me/second-factors first"))
            }
            None if fits(caller.role) => Ok(caller),
            None => Err(Failure::refused(ProblemCode::Forbidden, whom)),
        }
    })
}

/// The access token of a request.
pub(crate) fn bearer(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

/// The session and the officer are read at every request, so that ending either works at once.
async fn identify(services: &Services, token: Option<&str>, remote_address: String) -> Result<Option<Caller>, Fault> {
    let reader = services.database.reader();
    let Some(session) = lasting::live(services, Kind::Officer, token).await? else { return Ok(None) };
    let Some(officer) = crate::officers::store::find(reader, services, session.owner_id).await? else {
        return Ok(None);
    };
    if officer.is_suspended() {
        return Ok(None);
    }
    let pending = pending(services, &officer).await?;
    let unit_ids = crate::units::store::assigned_to(reader, officer.id).await?;
    Ok(Some(Caller {
        officer_id: officer.id,
        session_id: session.session_id,
        full_name: officer.full_name,
        role: officer.role,
        pending,
        agency_id: officer.agency_id,
        unit_ids,
        remote_address,
    }))
}

/// What is asked of an officer first, as things stand now.
pub(super) async fn pending(services: &Services, officer: &Officer) -> Result<Option<Pending>, Fault> {
    if officer.password_change_needed {
        return Ok(Some(Pending::PasswordChange));
    }
    let needs_factor =
        officer.role == Role::Administrator && services.settings.sessions.administrators_need_second_factor;
    if needs_factor && !crate::second_factors::has_any(services.database.reader(), officer.id).await? {
        return Ok(Some(Pending::SecondFactor));
    }
    Ok(None)
}
