//! Who is calling: the extractor that a handler names to be behind a sign-in.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use motcua_openapi::problem::ProblemCode;
use uuid::Uuid;

use super::store;
use crate::app::Services;
use crate::dashboard::Place;
use crate::database::Connection;
use crate::http::RemoteAddress;
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
    /// Whether they administer their agency.
    pub is_administrator: bool,
    /// The unit at the top of their agency.
    pub agency_id: Uuid,
    /// The units they are assigned to.
    pub unit_ids: Vec<Uuid>,
    /// From where.
    pub remote_address: String,
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

    /// An officer sees the things of the units they belong to, an administrator those of their
    /// agency and below.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn scope(&self, connection: &impl Connection) -> Result<Scope, Fault> {
        let mut unit_ids = self.unit_ids.clone();
        if self.is_administrator {
            unit_ids.extend(crate::units::store::below(connection, self.agency_id).await?);
        }
        Ok(Scope { officer_id: self.officer_id, unit_ids })
    }
}

impl FromRequest for Caller {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

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
            Ok(caller)
        })
    }
}

/// A caller who administers their agency.
#[derive(Clone, Debug)]
pub struct Administrator(pub Caller);

impl FromRequest for Administrator {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let caller = Caller::from_request(request, payload);
        Box::pin(async move {
            let caller = caller.await?;
            if caller.is_administrator {
                Ok(Self(caller))
            } else {
                Err(Failure::refused(ProblemCode::Forbidden, "for administrators"))
            }
        })
    }
}

fn bearer(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

/// The session and the officer are read at every request, so that ending either works at once.
async fn identify(services: &Services, token: Option<&str>, remote_address: String) -> Result<Option<Caller>, Fault> {
    let now = services.clock.now();
    let Some(session_id) = token.and_then(|token| services.token_key.read(token, now)) else { return Ok(None) };
    let reader = services.database.reader();
    let Some(session) = store::find(reader, session_id).await?.filter(|session| session.is_live(now)) else {
        return Ok(None);
    };
    let Some(officer) = crate::officers::store::find(reader, services, session.officer_id).await? else {
        return Ok(None);
    };
    if officer.is_suspended {
        return Ok(None);
    }
    let unit_ids = crate::units::store::assigned_to(reader, officer.id).await?;
    Ok(Some(Caller {
        officer_id: officer.id,
        session_id,
        full_name: officer.full_name,
        is_administrator: officer.is_administrator,
        agency_id: officer.agency_id,
        unit_ids,
        remote_address,
    }))
}
