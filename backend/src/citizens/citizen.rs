//! Which citizen is calling: the extractors, one of which a handler names to be behind a citizen's sign-in.
//!
//! [`Newcomer`] is any citizen who has signed in; [`Citizen`] has also chosen a password of their own.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use motcua_openapi::problem::ProblemCode;
use uuid::Uuid;

use crate::accounts;
use crate::app::Services;
use crate::audit::By;
use crate::http::RemoteAddress;
use crate::problem::{Failure, Fault};
use crate::sessions::{self, Kind};

/// A citizen with a live session, as of this request.
#[derive(Clone, Debug)]
pub struct Citizen {
    /// The account.
    pub account_id: Uuid,
    /// Where it was created.
    pub unit_id: Uuid,
    /// The session.
    pub session_id: Uuid,
    /// From where.
    pub remote_address: String,
}

/// Any citizen who has signed in, with the texted password too: for choosing an own one, and for signing out.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// Who.
    pub citizen: Citizen,
    /// Whether an own password is still to be chosen.
    pub needs_own_password: bool,
}

impl<'a> From<&'a Citizen> for By<'a> {
    fn from(citizen: &'a Citizen) -> Self {
        Self::Citizen { account_id: citizen.account_id, remote_address: &citizen.remote_address }
    }
}

type Extracted<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

impl FromRequest for Newcomer {
    type Error = Failure;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let token = sessions::bearer(request);
        let services = request.app_data::<web::Data<Services>>().cloned();
        let address = RemoteAddress::from_request(request, payload);
        Box::pin(async move {
            let services = services.ok_or_else(|| Fault::new(anyhow::anyhow!("no services in this app")))?;
            let RemoteAddress(remote_address) = address.await?;
            let newcomer = identify(&services, token.as_deref(), remote_address).await?;
            newcomer.ok_or_else(|| Failure::refused(ProblemCode::Unauthenticated, "send a valid access token"))
        })
    }
}

impl FromRequest for Citizen {
    type Error = Failure;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let newcomer = Newcomer::from_request(request, payload);
        Box::pin(async move {
            let newcomer = newcomer.await?;
            if newcomer.needs_own_password {
                return Err(Failure::refused(ProblemCode::PasswordChangeNeeded, "PUT /citizen/password first"));
            }
            Ok(newcomer.citizen)
        })
    }
}

/// The session and the account are read at every request, so that ending either works at once.
async fn identify(services: &Services, token: Option<&str>, remote_address: String) -> Result<Option<Newcomer>, Fault> {
    let Some(session) = sessions::live(services, Kind::Citizen, token).await? else { return Ok(None) };
    let standing = accounts::standing(services.database.reader(), session.owner_id).await?;
    let Some(standing) = standing.filter(|standing| !standing.is_closed()) else { return Ok(None) };
    Ok(Some(Newcomer {
        needs_own_password: standing.needs_own_password(),
        citizen: Citizen {
            account_id: standing.account_id,
            unit_id: standing.unit_id,
            session_id: session.session_id,
            remote_address,
        },
    }))
}
