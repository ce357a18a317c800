//! Officers (cán bộ một cửa): who may sign in, under which name, for which agency.
//!
//! Owns the `officers` table and the adding of officers. Refuses sessions, which are next door.

pub(crate) mod store;

use secrecy::SecretString;
use uuid::Uuid;

use crate::app::Services;
use crate::problem::Fault;
use motcua_openapi::values::{PersonName, PhoneNumber};

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
    /// PHC string.
    pub password_hash: String,
    /// Whether they administer their agency.
    pub is_administrator: bool,
    /// The unit at the top of their agency.
    pub agency_id: Uuid,
    /// Whether they may not sign in for now.
    pub is_suspended: bool,
}

/// What is needed to authorise an officer.
pub struct NewOfficer {
    /// Sign-in name; kept in lower case.
    pub username: String,
    /// Full name.
    pub full_name: PersonName,
    /// Own phone.
    pub phone: Option<PhoneNumber>,
    /// First password.
    pub password: SecretString,
    /// Whether they administer their agency.
    pub is_administrator: bool,
    /// The unit at the top of their agency.
    pub agency_id: Uuid,
    /// The units they work in.
    pub units: Vec<Uuid>,
}

/// Authorises an officer and assigns the units, in one transaction.
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
        is_administrator: new.is_administrator,
        agency_id: new.agency_id,
        is_suspended: false,
    };
    let transaction = services.database.begin().await?;
    store::insert(&transaction, services, &officer).await?;
    for unit in new.units {
        crate::units::store::assign(&transaction, officer.id, unit).await?;
    }
    transaction.commit().await?;
    Ok(officer.id)
}
