//! Accounts: the result of a registration.
//!
//! Owns the accounts, their numbers (one number, one account), search and detail, the drawing of the first
//! password, and what the citizen's own is. Refuses to change an account at the desk: what is wrong is mended
//! elsewhere.

mod detail;
mod own;
mod password;
pub mod routes;
mod search;
mod statistics;
mod store;

use chrono::{DateTime, Utc};
use motcua_openapi::lookups::ExistingAccount;
use motcua_openapi::registrations::CompleteDetails;
use motcua_openapi::values::{BirthDate, Email, IdNumber, PhoneNumber};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use detail::detail;
pub use own::{
    Standing, candidate, close, draw_password_notice, lock, of_citizen, of_number, save_personal, set_own_password,
    signed_in, standing, standing_of, tell_of_password,
};
pub use password::draw_password;
pub use statistics::{created_by_day, last_created};
pub use store::{existing_by_id, existing_within, scan_of};

use crate::app::Services;
use crate::database::Transaction;
use crate::messages::{self, NewMessage};
use crate::problem::Fault;
use crate::registrations::ScanRecord;
use motcua_openapi::messages::{MessagePurpose, TextLanguage};

/// What is sealed of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Personal {
    /// CCCD or CMND.
    pub id_number: IdNumber,
    /// The citizen's old CMND beside a CCCD.
    pub previous_id_number: Option<IdNumber>,
    /// Date of birth.
    pub birth_date: BirthDate,
    /// The account holder's phone.
    pub phone: PhoneNumber,
    /// E-mail.
    pub email: Option<Email>,
    /// The language of the texts; Vietnamese for accounts from before it was asked.
    #[serde(default)]
    pub language: TextLanguage,
}

/// An account as kept.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its id.
    pub id: Uuid,
    /// The registration it came from.
    pub registration_id: Uuid,
    /// Who created it.
    pub officer_id: Uuid,
    /// Where.
    pub unit_id: Uuid,
    /// As on the card.
    pub full_name: String,
    /// What is sealed.
    pub personal: Personal,
    /// The scan.
    pub scan: ScanRecord,
    /// Raised with each password drawn.
    pub password_sequence: i32,
    /// The message that carries the newest password.
    pub password_message_id: Uuid,
    /// Until when the password sent works.
    pub password_expires_at: Option<DateTime<Utc>>,
    /// When the citizen first signed in.
    pub first_signed_in_at: Option<DateTime<Utc>>,
    /// When the citizen last chose a password.
    pub password_set_at: Option<DateTime<Utc>>,
    /// Since when it is closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
}

impl Account {
    /// Whether a texted password may be drawn no more: the citizen has signed in or chosen one, or it is closed.
    fn is_in_use(&self) -> bool {
        self.first_signed_in_at.or(self.password_set_at).or(self.closed_at).is_some()
    }
}

/// What a registration hands over.
pub struct NewAccount {
    /// The account's id.
    pub id: Uuid,
    /// The registration.
    pub registration_id: Uuid,
    /// Who creates it.
    pub officer_id: Uuid,
    /// Where.
    pub unit_id: Uuid,
    /// All that was entered.
    pub details: CompleteDetails,
    /// The scan.
    pub scan: ScanRecord,
}

/// Creates an account and asks for its password to be sent, within the caller's transaction; or the
/// account that one of its numbers has already.
///
/// # Errors
/// Where the database fails.
pub async fn create(
    transaction: &Transaction,
    services: &Services,
    new: NewAccount,
) -> Result<Result<(), ExistingAccount>, Fault> {
    let now = services.clock.now();
    let message_id = services.new_id();
    let phone = new.details.phone.clone();
    let account = Account {
        id: new.id,
        registration_id: new.registration_id,
        officer_id: new.officer_id,
        unit_id: new.unit_id,
        full_name: new.details.full_name.as_str().to_owned(),
        personal: Personal {
            id_number: new.details.id_number,
            previous_id_number: new.details.previous_id_number,
            birth_date: new.details.birth_date,
            phone: new.details.phone,
            email: new.details.email,
            language: new.details.language,
        },
        scan: new.scan,
        password_sequence: 0,
        password_message_id: message_id,
        password_expires_at: None,
        first_signed_in_at: None,
        password_set_at: None,
        closed_at: None,
        created_at: now,
    };
    store::insert(transaction, services, &account).await?;
    // In one order everywhere: two creations that take the same two numbers cross-wise wait for each
    // other, and do not block each other for good.
    let personal = &account.personal;
    let mut numbers: Vec<&IdNumber> =
        std::iter::once(&personal.id_number).chain(&personal.previous_id_number).collect();
    numbers.sort_by_key(|number| number.as_str());
    for number in numbers {
        if !store::take_number(transaction, services, number, account.id).await? {
            let existing = existing_within(transaction, services, number).await?;
            return Ok(Err(existing.unwrap_or(ExistingAccount { created_at: now, unit_name: String::new() })));
        }
    }
    let message = NewMessage {
        id: message_id,
        purpose: MessagePurpose::TemporaryPassword,
        subject_id: account.id,
        officer_id: account.officer_id,
        unit_id: account.unit_id,
        phone: &phone,
        use_until: password::use_until(services),
    };
    messages::enqueue(transaction, services, message).await?;
    Ok(Ok(()))
}

/// The account of a number, if there is one, whichever unit made it.
///
/// # Errors
/// Where the database fails.
pub async fn existing(services: &Services, number: &IdNumber) -> Result<Option<ExistingAccount>, Fault> {
    existing_within(services.database.reader(), services, number).await
}
