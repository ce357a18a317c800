//! Second factors of staff: codes of an authenticator app (TOTP, RFC 6238) and passkeys (WebAuthn).
//!
//! Owns enrolling, proving and removing. A TOTP secret is shown once and sealed from then on; a step that was used
//! is never taken again; a passkey's challenge is good once, for five minutes, and is kept in the database, so that
//! any instance may finish what another began. Refuses sessions and who must have a factor, which are next door.

mod enrol;
mod passkeys;
pub mod routes;
mod store;
mod totp;

use chrono::{DateTime, Duration, Utc};
use motcua_openapi::second_factors::{PasskeyAnswer, PasskeyChallenge, SecondFactor, SecondFactorKind};
use uuid::Uuid;

pub use enrol::remove_by_username;
pub use passkeys::Passkeys;
pub use store::{has_any, of, remove_all, sweep, whose};

use crate::app::Services;
use crate::database::{Connection, Transaction};
use crate::problem::{Failure, Fault};

/// The most factors of one officer.
const MOST: usize = 10;

/// How long an enrolment or a challenge may take.
const OPEN_FOR: Duration = Duration::minutes(5);

/// A factor as kept.
#[derive(Clone, Debug)]
struct Factor {
    id: Uuid,
    officer_id: Uuid,
    kind: SecondFactorKind,
    name: String,
    /// The TOTP secret, or the passkey as JSON.
    secret: Vec<u8>,
    /// The newest step that was used, or the passkey's counter.
    counter: i64,
    created_at: DateTime<Utc>,
    confirmed_at: Option<DateTime<Utc>>,
    last_used_at: Option<DateTime<Utc>>,
}

impl Factor {
    fn shown(&self) -> SecondFactor {
        SecondFactor {
            id: self.id,
            kind: self.kind,
            name: self.name.clone(),
            created_at: self.confirmed_at.unwrap_or(self.created_at),
            last_used_at: self.last_used_at,
        }
    }
}

/// What somebody who signs in sends beside name and password.
pub enum Proof {
    /// Six digits.
    Totp(String),
    /// A passkey's answer.
    Passkey(PasskeyAnswer),
}

/// The kinds of factor that an officer can sign in with; empty where name and password are enough.
///
/// # Errors
/// Where the database fails.
pub async fn methods(connection: &impl Connection, officer: Uuid) -> Result<Vec<SecondFactorKind>, Fault> {
    let factors = store::of(connection, officer).await?;
    let has = |kind: &SecondFactorKind| factors.iter().any(|factor| factor.kind == *kind);
    Ok(SecondFactorKind::ALL.into_iter().filter(has).collect())
}

/// Whether the proof is right. What it used up, a step or a challenge, is used up in this transaction.
///
/// # Errors
/// Where the database fails.
pub async fn prove(transaction: &Transaction, services: &Services, officer: Uuid, proof: Proof) -> Result<bool, Fault> {
    match proof {
        Proof::Totp(code) => totp::prove(transaction, services, officer, &code).await,
        Proof::Passkey(answer) => passkeys::prove(transaction, services, officer, answer).await,
    }
}

/// A challenge to the passkeys of an officer who has just shown name and password.
///
/// # Errors
/// Where there is no passkey, or the database fails.
pub async fn challenge(services: &Services, officer: Uuid) -> Result<PasskeyChallenge, Failure> {
    passkeys::challenge(services, officer).await
}
