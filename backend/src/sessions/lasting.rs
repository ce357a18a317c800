//! What a session of either kind does: begin, go on, end, and be found by its access token.
//!
//! Owns the rotation: a refresh token that comes back after it was used ends its session. Refuses who may begin
//! one: `sign_in` decides for the staff, `citizens` for citizens.

use chrono::Duration;
use uuid::Uuid;

use super::model::{Kind, Owner, Presented, Session};
use super::store;
use super::tokens::RefreshToken;
use crate::app::Services;
use crate::audit::{self, About, Act, By};
use crate::database::Transaction;
use crate::problem::Fault;
use crate::{accounts, officers};

/// What a caller gets: an access token, and the refresh token to set where it changed.
pub struct Tokens {
    /// A JWT.
    pub access_token: String,
    /// Seconds until it expires.
    pub expires_in: u32,
    /// The next refresh token.
    pub refresh: Option<String>,
}

/// A session that is live, found by its access token.
#[derive(Clone, Copy, Debug)]
pub struct Live {
    /// Its id.
    pub session_id: Uuid,
    /// The officer's id, or the account's.
    pub owner_id: Uuid,
}

/// Begins a session within the transaction of the sign-in; its id and its tokens.
///
/// # Errors
/// Where the database fails.
pub async fn begin(transaction: &Transaction, services: &Services, owner: Owner) -> Result<(Uuid, Tokens), Fault> {
    let token = RefreshToken::draw(services.new_id(), &services.random);
    let session = Session::begin(&token, owner, services.clock.now(), valid(services, owner.kind));
    store::insert(transaction, &session).await?;
    Ok((session.id, tokens(services, &session, Some(token.text()))?))
}

/// How long a session lasts, however often it is refreshed.
pub(super) fn valid(services: &Services, kind: Kind) -> Duration {
    Duration::hours(match kind {
        Kind::Officer => services.settings.sessions.session_hours,
        Kind::Citizen => services.settings.citizens.session_hours,
    })
}

/// Goes on with the session of a refresh token; whose it is and the next tokens. `None`: sign in again. A token
/// that was used before ends its session.
///
/// # Errors
/// Where the database fails.
pub async fn go_on(services: &Services, kind: Kind, cookie: Option<&str>) -> Result<Option<(Uuid, Tokens)>, Fault> {
    let Some(token) = cookie.and_then(RefreshToken::parse) else { return Ok(None) };
    let now = services.clock.now();
    let transaction = services.database.begin().await?;
    let found = store::lock(&transaction, token.session).await?;
    let Some(session) = found.filter(|session| session.owner.kind == kind) else { return Ok(None) };
    let owner_id = session.owner.id;
    match session.judge(&token, now) {
        Presented::Newest => {
            let next = RefreshToken::draw(session.id, &services.random);
            let session = session.rotated(&next, now);
            store::save(&transaction, &session).await?;
            transaction.commit().await?;
            Ok(Some((owner_id, tokens(services, &session, Some(next.text()))?)))
        }
        Presented::JustRotated => Ok(Some((owner_id, tokens(services, &session, None)?))),
        Presented::Reused => {
            record_reuse(&transaction, services, &session).await?;
            store::save(&transaction, &session.ended(now)).await?;
            transaction.commit().await?;
            Ok(None)
        }
        Presented::Over => Ok(None),
    }
}

async fn record_reuse(transaction: &Transaction, services: &Services, session: &Session) -> Result<(), Fault> {
    match session.owner.kind {
        Kind::Officer => {
            let officer = officers::store::find(transaction, services, session.owner.id).await?;
            let about = About::of(session.id).in_unit(officer.map(|officer| officer.agency_id));
            audit::record(transaction, services, By::System, Act::SessionReused, about).await
        }
        Kind::Citizen => {
            let standing = accounts::standing(transaction, session.owner.id).await?;
            let about = About::of(session.owner.id).in_unit(standing.map(|standing| standing.unit_id));
            audit::record(transaction, services, By::System, Act::CitizenSessionReused, about).await
        }
    }
}

/// The live session of an access token.
///
/// # Errors
/// Where the database fails.
pub async fn live(services: &Services, kind: Kind, token: Option<&str>) -> Result<Option<Live>, Fault> {
    let now = services.clock.now();
    let Some(session_id) = token.and_then(|token| services.token_key.read(kind, token, now)) else { return Ok(None) };
    let session = store::find(services.database.reader(), session_id).await?;
    let session = session.filter(|session| session.is_live(now) && session.owner.kind == kind);
    Ok(session.map(|session| Live { session_id, owner_id: session.owner.id }))
}

/// Ends one session at once, access tokens included.
///
/// # Errors
/// Where the database fails.
pub async fn end(services: &Services, session_id: Uuid) -> Result<(), Fault> {
    let transaction = services.database.begin().await?;
    if let Some(session) = store::lock(&transaction, session_id).await? {
        store::save(&transaction, &session.ended(services.clock.now())).await?;
    }
    Ok(transaction.commit().await?)
}

/// Ends every session of an owner, or every other than one, at once.
///
/// # Errors
/// Where the database fails.
pub async fn end_all_of(
    transaction: &Transaction,
    services: &Services,
    owner: Owner,
    but: Option<Uuid>,
) -> Result<(), Fault> {
    store::end_all(transaction, owner, but, services.clock.now()).await
}

fn tokens(services: &Services, session: &Session, refresh: Option<String>) -> Result<Tokens, Fault> {
    let now = services.clock.now();
    let valid = Duration::minutes(services.settings.sessions.access_minutes).min(session.expires_at - now);
    let access_token = services.token_key.sign(session.owner, session.id, now, valid)?;
    Ok(Tokens { access_token, expires_in: u32::try_from(valid.num_seconds()).unwrap_or_default(), refresh })
}
