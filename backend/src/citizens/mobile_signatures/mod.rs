//! **Sim ký số**: signing in by a signature that the phone's SIM makes.
//!
//! A provider is asked to have the phone sign a text, asked how far it is, and gives the signature with the signer's
//! certificate ([`provider`]). The signature is believed for what it proves and not because the provider says so:
//! it must be one over our very text, by the key of a certificate that one of the accepted authorities issued
//! ([`proof`]). The number in that certificate is who signs in. Refuses to say whether a phone has an account.

mod browser;
mod proof;
mod provider;
pub mod routes;
mod store;

use anyhow::Context;
use chrono::{DateTime, Duration, Utc};
use motcua_openapi::citizens::{
    CaptchaForm, CreateMobileSignature, MobileSignature, MobileSignatureProgress, MobileSignatureState,
};
use motcua_openapi::values::PhoneNumber;
use uuid::Uuid;

use super::captchas;
use super::error::Error;
use super::sign_in::{self, Granted};
use crate::accounts;
use crate::app::Services;
use crate::database::Transaction;
use crate::limits::{self, Cap, Key};
use crate::problem::Fault;
use crate::settings;

use browser::Browser;
use proof::Authorities;
use provider::{Asked, Progress, Provider};

/// A provider, and whose certificates are accepted.
pub struct Signatures {
    provider: Provider,
    authorities: Authorities,
}

impl Signatures {
    /// Those of the settings; `None` where this way is off.
    ///
    /// # Errors
    /// Where a URL is none, or the file of accepted authorities cannot be read or names nobody.
    pub fn open(settings: &settings::MobileSignature) -> anyhow::Result<Option<Self>> {
        if !settings.enabled {
            return Ok(None);
        }
        let issuers = settings.issuers_file.as_deref().context("citizens.mobile_signature.issuers_file is missing")?;
        Ok(Some(Self { provider: Provider::open(settings)?, authorities: Authorities::read(issuers)? }))
    }
}

/// As often as a page asks, and a little more.
const LOOKS_A_MINUTE: u32 = 60;

/// A signature that a phone was asked for.
struct Request {
    id: Uuid,
    /// The MAC of what only the browser that asked knows.
    browser: Vec<u8>,
    /// The provider's name of it.
    reference: String,
    expires_at: DateTime<Utc>,
    /// When its outcome was taken: it gives none again.
    ended_at: Option<DateTime<Utc>>,
}

/// What was found when it was asked for.
struct Found {
    progress: MobileSignatureProgress,
    /// The refresh token to set, once it is signed.
    refresh: Option<String>,
}

impl Found {
    fn without_session(state: MobileSignatureState) -> Self {
        Self { progress: MobileSignatureProgress { state, session: None }, refresh: None }
    }

    fn signed(granted: Granted) -> Self {
        let progress = MobileSignatureProgress { state: MobileSignatureState::Signed, session: Some(granted.session) };
        Self { progress, refresh: granted.refresh }
    }
}

/// Asks a phone to sign. Whose phone it is, is not looked up.
async fn ask(
    services: &Services,
    body: &CreateMobileSignature,
    address: &str,
) -> Result<(MobileSignature, Browser), Error> {
    let signatures = services.signatures.as_ref().ok_or(Error::WayOff)?;
    let phone = body.parse().map_err(Error::Fields)?;
    captchas::spend(services, CaptchaForm::SignIn, &body.captcha).await?;
    take_caps(services, &phone, address).await?;
    let id = services.new_id();
    let verification_code = verification_code(services, id);
    let text = text_to_sign(services, id, &verification_code);
    let asked = Asked { id, phone: &phone, text: &text, verification_code: &verification_code };
    let reference = signatures.provider.ask(&asked).await?;
    let expires_at =
        services.clock.now() + Duration::seconds(i64::from(services.settings.citizens.mobile_signature.valid_seconds));
    let browser = Browser::draw(services);
    let request = Request { id, browser: browser.tag(services, id), reference, expires_at, ended_at: None };
    let transaction = services.database.begin().await?;
    store::insert(&transaction, services, &request).await?;
    transaction.commit().await?;
    Ok((MobileSignature { id, verification_code, expires_at }, browser))
}

/// How far it is. The first time that it is found signed the citizen is signed in; after that it is over.
async fn look(services: &Services, id: Uuid, browser: Option<&Browser>, address: &str) -> Result<Found, Error> {
    let signatures = services.signatures.as_ref().ok_or(Error::WayOff)?;
    let request = store::find(services, id).await?;
    let is_its_browser = |request: &Request| browser.is_some_and(|browser| browser.is_of(services, request));
    let request = request.filter(is_its_browser).ok_or(Error::NotFound)?;
    if request.ended_at.is_some() || request.expires_at <= services.clock.now() {
        return Ok(Found::without_session(MobileSignatureState::Expired));
    }
    take_look(services, id).await?;
    let signed = match signatures.provider.look(&request.reference).await? {
        Progress::Pending => return Ok(Found::without_session(MobileSignatureState::Pending)),
        Progress::Refused => None,
        Progress::Signed(signed) => Some(signed),
    };
    if !end(services, id).await? {
        return Ok(Found::without_session(MobileSignatureState::Expired));
    }
    let text = text_to_sign(services, id, &verification_code(services, id));
    let number = signed.and_then(|signed| {
        let proved = signatures.authorities.owner(services, &signed, text.as_bytes());
        proved.inspect_err(|refusal| tracing::warn!(%refusal, "a phone's signature is not believed")).ok()
    });
    let standing = match number {
        Some(number) => accounts::standing_of(services.database.reader(), services, &number).await?,
        None => None,
    };
    match standing.filter(|standing| !standing.is_closed()) {
        Some(standing) => Ok(Found::signed(sign_in::grant(services, &standing, None, address).await?)),
        None => Ok(Found::without_session(MobileSignatureState::Refused)),
    }
}

/// Takes the outcome, for whoever comes first.
async fn end(services: &Services, id: Uuid) -> Result<bool, Fault> {
    let transaction = services.database.begin().await?;
    let is_first = store::end(&transaction, id, services.clock.now()).await?;
    transaction.commit().await?;
    Ok(is_first)
}

/// Forgets those that are long over.
pub(super) async fn sweep(transaction: &Transaction, services: &Services) -> Result<u64, Fault> {
    store::sweep(transaction, services.clock.now() - Duration::hours(1)).await
}

async fn take_caps(services: &Services, phone: &PhoneNumber, address: &str) -> Result<(), Error> {
    let settings = &services.settings.citizens.mobile_signature;
    let hourly = |name, max| [Cap { name, max, window: Duration::hours(1) }];
    let transaction = services.database.begin().await?;
    let now = services.clock.now();
    let by_phone = Key(services.vault.index("mobile signature phone", phone.as_e164()));
    let caps = hourly("per_phone_hour", settings.per_phone_hour);
    limits::take(&transaction, services, by_phone, &caps).await?.map_err(|full| Error::too_many(full, now))?;
    let by_address = Key(services.vault.index("mobile signature address", address));
    let caps = hourly("per_address_hour", settings.per_address_hour);
    limits::take(&transaction, services, by_address, &caps).await?.map_err(|full| Error::too_many(full, now))?;
    Ok(transaction.commit().await?)
}

/// Each look is a call to the provider.
async fn take_look(services: &Services, id: Uuid) -> Result<(), Error> {
    let caps = [Cap { name: "looks_minute", max: LOOKS_A_MINUTE, window: Duration::minutes(1) }];
    let by_request = Key(services.vault.index("mobile signature looks", &id.to_string()));
    let transaction = services.database.begin().await?;
    let taken = limits::take(&transaction, services, by_request, &caps).await?;
    taken.map_err(|full| Error::too_many(full, services.clock.now()))?;
    Ok(transaction.commit().await?)
}

/// Four digits that page and phone both show: nobody signs for somebody else's request. Not a secret.
fn verification_code(services: &Services, id: Uuid) -> String {
    let [a, b, c, d, ..] = services.vault.mac("mobile signature verification code", &[id.as_bytes()]);
    format!("{:04}", u32::from_be_bytes([a, b, c, d]) % 10_000)
}

/// What the phone signs. It names this request, so that a signature is good for no other.
fn text_to_sign(services: &Services, id: Uuid, verification_code: &str) -> String {
    format!("Dang nhap {}, ma {verification_code}. {}", services.settings.citizens.domain, id.simple())
}
