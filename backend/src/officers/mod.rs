//! Officers (cán bộ một cửa), administrators and auditors: who may sign in, under which name, for which agency.
//!
//! Owns the `officers` table: authorising, changing, suspending, and the password that travels by text. An
//! administrator acts within their agency and below; others' officers are not there for them. Refuses sessions and
//! second factors, which are next door, and to show a password to anybody.

mod authorise;
mod changes;
mod detail;
mod error;
pub mod lists;
mod own_password;
mod password;
pub mod routes;
mod search;
pub(crate) mod store;

use chrono::{DateTime, Utc};
use motcua_openapi::sessions::Role;
use motcua_openapi::values::{PersonName, PhoneNumber};
use secrecy::SecretString;
use uuid::Uuid;

pub use changes::assign_within;
pub use error::Error;
pub use own_password::change_own_password;
pub use password::draw_password;

use crate::app::Services;
use crate::database::Transaction;
use crate::problem::Fault;

/// An officer as kept.
#[derive(Clone, Debug)]
pub struct Officer {
    /// The id.
    pub id: Uuid,
    /// Sign-in name, lower case.
    pub username: String,
    /// Full name.
    pub full_name: String,
    /// Own phone, where recorded.
    pub phone: Option<PhoneNumber>,
    /// PHC string; empty where no password works.
    pub password_hash: String,
    /// What they may do.
    pub role: Role,
    /// The unit at the top of their agency.
    pub agency_id: Uuid,
    /// Whether the password was sent by text and is to be changed.
    pub password_change_needed: bool,
    /// The message that carries the newest password; none for one of their own.
    pub password_message_id: Option<Uuid>,
    /// Until when the password sent works.
    pub password_expires_at: Option<DateTime<Utc>>,
    /// Raised by each change.
    pub version: i32,
    /// When they were authorised.
    pub created_at: DateTime<Utc>,
    /// Since when they may not sign in.
    pub suspended_at: Option<DateTime<Utc>>,
    /// When they were last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// By whom.
    pub updated_by: Option<Uuid>,
}

impl Officer {
    /// Whether they may not sign in for now.
    pub fn is_suspended(&self) -> bool {
        self.suspended_at.is_some()
    }

    /// The hash that a password is held against, where any works.
    pub fn hash(&self) -> Option<&str> {
        Some(self.password_hash.as_str()).filter(|hash| !hash.is_empty())
    }
}

/// What is needed to authorise an officer from the command line.
pub struct NewOfficer {
    /// Sign-in name; kept in lower case.
    pub username: String,
    /// Full name.
    pub full_name: PersonName,
    /// Own phone.
    pub phone: Option<PhoneNumber>,
    /// First password.
    pub password: SecretString,
    /// What they may do.
    pub role: Role,
    /// The unit at the top of their agency.
    pub agency_id: Uuid,
    /// The units they work in.
    pub units: Vec<Uuid>,
}

/// Authorises an officer whose first password is known, and assigns the units, in one transaction.
///
/// # Errors
/// Where the database fails, or the username is taken.
pub async fn authorise(services: &Services, new: NewOfficer) -> Result<Uuid, Fault> {
    let password_hash = services.passwords.hash(new.password).await?;
    let officer = Officer {
        id: services.new_id(),
        username: new.username.trim().to_lowercase(),
        full_name: new.full_name.as_str().to_owned(),
        phone: new.phone,
        password_hash,
        role: new.role,
        agency_id: new.agency_id,
        password_change_needed: false,
        password_message_id: None,
        password_expires_at: None,
        version: 1,
        created_at: services.clock.now(),
        suspended_at: None,
        updated_at: None,
        updated_by: None,
    };
    let transaction = services.database.begin().await?;
    if !store::insert(&transaction, services, &officer).await? {
        return Err(Fault::new(anyhow::anyhow!("the sign-in name {} is taken", officer.username)));
    }
    for unit in new.units {
        crate::units::store::assign(&transaction, officer.id, unit).await?;
    }
    transaction.commit().await?;
    Ok(officer.id)
}

/// The officer of an id within the administrator's reach, locked until the transaction ends.
async fn lock_within(
    transaction: &Transaction,
    services: &Services,
    administrator: &crate::sessions::Caller,
    id: Uuid,
) -> Result<Officer, Error> {
    let found = store::lock(transaction, services, id).await?.ok_or(Error::NotFound)?;
    let reach = crate::units::reach(transaction, administrator.agency_id).await?;
    if reach.contains(&found.agency_id) { Ok(found) } else { Err(Error::NotFound) }
}
