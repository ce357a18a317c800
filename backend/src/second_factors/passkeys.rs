//! Passkeys: challenges that are good once, answers that are checked by webauthn-rs, counters that only rise.

use anyhow::Context;
use motcua_openapi::problem::ProblemCode;
use motcua_openapi::second_factors::{BeginSecondFactor, PasskeyAnswer, PasskeyChallenge, SecondFactorKind};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Webauthn,
    WebauthnBuilder,
};

use super::store::{self, Challenge, Purpose};
use super::{Factor, OPEN_FOR};
use crate::app::Services;
use crate::database::Transaction;
use crate::problem::{Failure, Fault};
use crate::settings::Settings;

/// Who we are to passkeys.
pub struct Passkeys(Webauthn);

impl Passkeys {
    /// By the settings.
    ///
    /// # Errors
    /// An origin that is no URL, or not of the relying party.
    pub fn open(settings: &Settings) -> anyhow::Result<Self> {
        let party = settings.passkeys.relying_party.as_str();
        let origin = Url::parse(&settings.passkeys.origin).context("passkeys.origin is no URL")?;
        let builder = WebauthnBuilder::new(party, &origin)
            .with_context(|| format!("passkeys.origin {origin} is not of passkeys.relying_party {party}"))?;
        // On one's own machine the page comes from whichever port is free.
        let builder = builder.rp_name(&settings.place.portal_name).allow_any_port(party == "localhost");
        Ok(Self(builder.build()?))
    }
}

/// Begins to enrol a passkey.
pub(super) async fn begin(
    services: &Services,
    officer: Uuid,
    username: &str,
    full_name: &str,
    body: &BeginSecondFactor,
) -> Result<PasskeyChallenge, Fault> {
    let transaction = services.database.begin().await?;
    let known = keys(&transaction, services, officer).await?;
    let known = known.iter().map(|(_, passkey)| passkey.cred_id().clone()).collect();
    let (options, state) = services
        .passkeys
        .0
        .start_passkey_registration(officer, username, full_name, Some(known))
        .map_err(Fault::new)?;
    let challenge = remember(&transaction, services, officer, Purpose::Enrol, &body.name, &options, &state).await?;
    transaction.commit().await?;
    Ok(challenge)
}

/// The passkey that answered an enrolment's challenge, ready to be kept; `None` where the answer is none. The
/// challenge is gone either way.
pub(super) async fn enrolled(
    transaction: &Transaction,
    services: &Services,
    officer: Uuid,
    answer: PasskeyAnswer,
) -> Result<Option<(Factor, Vec<u8>)>, Fault> {
    let Some(challenge) = store::take(transaction, services, officer, answer.challenge_id, Purpose::Enrol).await?
    else {
        return Ok(None);
    };
    let state: PasskeyRegistration = read(&challenge.state)?;
    let Ok(credential) = serde_json::from_value::<RegisterPublicKeyCredential>(answer.credential) else {
        return Ok(None);
    };
    let Ok(passkey) = services.passkeys.0.finish_passkey_registration(&credential, &state) else { return Ok(None) };
    let now = services.clock.now();
    let factor = Factor {
        id: services.new_id(),
        officer_id: officer,
        kind: SecondFactorKind::Passkey,
        name: challenge.name,
        secret: serde_json::to_vec(&passkey).map_err(Fault::new)?,
        counter: 0,
        created_at: now,
        confirmed_at: Some(now),
        last_used_at: None,
    };
    let index = services.vault.mac("passkey", &[passkey.cred_id().as_slice()]).to_vec();
    Ok(Some((factor, index)))
}

/// Begins to sign in.
pub(super) async fn challenge(services: &Services, officer: Uuid) -> Result<PasskeyChallenge, Failure> {
    let transaction = services.database.begin().await?;
    let keys = keys(&transaction, services, officer).await?;
    if keys.is_empty() {
        return Err(Failure::refused(ProblemCode::NotFound, "this account has no passkey"));
    }
    let keys: Vec<Passkey> = keys.into_iter().map(|(_, passkey)| passkey).collect();
    let (options, state) = services.passkeys.0.start_passkey_authentication(&keys).map_err(Fault::new)?;
    let challenge = remember(&transaction, services, officer, Purpose::SignIn, "", &options, &state).await?;
    transaction.commit().await?;
    Ok(challenge)
}

/// Whether a passkey of the officer's answered a challenge of theirs, with a counter above the newest (or none at
/// all, as synchronised passkeys have it). The challenge is gone either way.
pub(super) async fn prove(
    transaction: &Transaction,
    services: &Services,
    officer: Uuid,
    answer: PasskeyAnswer,
) -> Result<bool, Fault> {
    let Some(challenge) = store::take(transaction, services, officer, answer.challenge_id, Purpose::SignIn).await?
    else {
        return Ok(false);
    };
    let state: PasskeyAuthentication = read(&challenge.state)?;
    let Ok(credential) = serde_json::from_value::<PublicKeyCredential>(answer.credential) else { return Ok(false) };
    let Ok(result) = services.passkeys.0.finish_passkey_authentication(&credential, &state) else { return Ok(false) };
    for (factor, mut passkey) in keys(transaction, services, officer).await? {
        if passkey.cred_id() == result.cred_id() {
            let counter = i64::from(result.counter());
            passkey.update_credential(&result);
            let secret = serde_json::to_vec(&passkey).map_err(Fault::new)?;
            return store::advance_passkey(transaction, services, factor.id, counter, &secret).await;
        }
    }
    Ok(false)
}

async fn keys(transaction: &Transaction, services: &Services, officer: Uuid) -> Result<Vec<(Factor, Passkey)>, Fault> {
    let kept = store::kept(transaction, services, officer, SecondFactorKind::Passkey).await?;
    kept.into_iter().map(|factor| Ok((factor.clone(), read(&factor.secret)?))).collect()
}

async fn remember(
    transaction: &Transaction,
    services: &Services,
    officer: Uuid,
    purpose: Purpose,
    name: &str,
    options: &impl Serialize,
    state: &impl Serialize,
) -> Result<PasskeyChallenge, Fault> {
    let expires_at = services.clock.now() + OPEN_FOR;
    let state = serde_json::to_vec(state).map_err(Fault::new)?;
    let challenge = Challenge { name: name.to_owned(), state };
    let challenge_id = store::remember(transaction, services, officer, purpose, challenge, expires_at).await?;
    Ok(PasskeyChallenge { challenge_id, options: serde_json::to_value(options).map_err(Fault::new)?, expires_at })
}

fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(json).map_err(Fault::new)
}
