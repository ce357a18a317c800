//! The verbs: sign in, go on, sign out. One transaction each.

use chrono::Duration;
use motcua_openapi::problem::{Problem, ProblemCode};
use motcua_openapi::sessions::{CreateSession, Session as Access};
use secrecy::SecretString;

use super::model::{Presented, Session};
use super::store;
use super::tokens::RefreshToken;
use crate::app::Services;
use crate::audit::{self, Act, By};
use crate::http::RemoteAddress;
use crate::limits::{self, Cap, Key};
use crate::officers::{self, Officer};
use crate::problem::{Failure, Fault};
use crate::sessions::Caller;

const WINDOW: Duration = Duration::minutes(15);

/// An access token, and the refresh token to set where it changed.
pub(super) struct Granted {
    pub(super) access: Access,
    pub(super) refresh: Option<String>,
}

/// Signs in. An unknown name and a wrong password take the same time and give the same answer.
pub(super) async fn sign_in(
    services: &Services,
    credentials: CreateSession,
    RemoteAddress(address): RemoteAddress,
) -> Result<Granted, Failure> {
    let account = Key(services.vault.index("sign-in name", &credentials.username.trim().to_lowercase()));
    throttle(services, account, &address).await?;
    let officer =
        officers::store::find_by_username(services.database.reader(), services, &credentials.username).await?;
    let hash = officer.as_ref().map(|officer| officer.password_hash.as_str());
    let is_right = services.passwords.verify(SecretString::from(credentials.password), hash).await?;
    match officer {
        Some(officer) if is_right && !officer.is_suspended => begin(services, officer, account, address).await,
        _ => Err(Failure::refused(ProblemCode::CredentialsInvalid, "the name or the password is wrong")),
    }
}

/// Every try counts, before it is known whether it is right: parallel guesses cannot slip past.
async fn throttle(services: &Services, account: Key, address: &str) -> Result<(), Failure> {
    let limits = &services.settings.sessions;
    let by_address = Key(services.vault.index("sign-in address", address));
    let transaction = services.database.begin().await?;
    for (key, name, max) in
        [(account, "per_account", limits.tries_per_account), (by_address, "per_address", limits.tries_per_address)]
    {
        let caps = [Cap { name, max, window: WINDOW }];
        if let Err(full) = limits::take(&transaction, services, key, &caps).await? {
            let retry_after = full.retry_after(services.clock.now()).to_string();
            return Err(Problem::new(ProblemCode::TooManyRequests, "too many tries to sign in")
                .with([("retry_after", retry_after), ("cap", full.cap.to_owned())])
                .into());
        }
    }
    Ok(transaction.commit().await?)
}

async fn begin(services: &Services, officer: Officer, account: Key, address: String) -> Result<Granted, Failure> {
    let now = services.clock.now();
    let token = RefreshToken::draw(services.new_id(), &services.random);
    let valid = Duration::hours(services.settings.sessions.session_hours);
    let session = Session::begin(&token, officer.id, now, valid);
    let caller = Caller {
        officer_id: officer.id,
        session_id: session.id,
        full_name: officer.full_name,
        is_administrator: officer.is_administrator,
        agency_id: officer.agency_id,
        unit_ids: Vec::new(),
        remote_address: address,
    };
    let transaction = services.database.begin().await?;
    limits::forget(&transaction, account).await?;
    store::insert(&transaction, &session).await?;
    audit::record(&transaction, services, Some(&caller), Act::SessionCreated, Some(session.id)).await?;
    transaction.commit().await?;
    Ok(Granted { access: access(services, &session)?, refresh: Some(token.text()) })
}

/// Goes on with a session. A refresh token that was used before ends it.
pub(super) async fn refresh(services: &Services, cookie: Option<&str>) -> Result<Granted, Failure> {
    let refused = || Failure::refused(ProblemCode::Unauthenticated, "sign in again");
    let token = cookie.and_then(RefreshToken::parse).ok_or_else(refused)?;
    let now = services.clock.now();
    let transaction = services.database.begin().await?;
    let session = store::lock(&transaction, token.session).await?.ok_or_else(refused)?;
    match session.judge(&token, now) {
        Presented::Newest => {
            let next = RefreshToken::draw(session.id, &services.random);
            let session = session.rotated(&next, now);
            store::save(&transaction, &session).await?;
            transaction.commit().await?;
            Ok(Granted { access: access(services, &session)?, refresh: Some(next.text()) })
        }
        Presented::JustRotated => Ok(Granted { access: access(services, &session)?, refresh: None }),
        Presented::Reused => {
            let id = session.id;
            store::save(&transaction, &session.ended(now)).await?;
            audit::record(&transaction, services, By::System, Act::SessionReused, Some(id)).await?;
            transaction.commit().await?;
            Err(refused())
        }
        Presented::Over => Err(refused()),
    }
}

/// Ends the caller's session at once, access tokens included.
pub(super) async fn sign_out(services: &Services, caller: &Caller) -> Result<(), Failure> {
    let transaction = services.database.begin().await?;
    if let Some(session) = store::lock(&transaction, caller.session_id).await? {
        store::save(&transaction, &session.ended(services.clock.now())).await?;
    }
    Ok(transaction.commit().await?)
}

fn access(services: &Services, session: &Session) -> Result<Access, Fault> {
    let now = services.clock.now();
    let valid = Duration::minutes(services.settings.sessions.access_minutes).min(session.expires_at - now);
    let access_token = services.token_key.sign(session.officer_id, session.id, now, valid)?;
    Ok(Access { access_token, expires_in: u32::try_from(valid.num_seconds()).unwrap_or_default() })
}
