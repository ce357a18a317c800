//! What is held about a citizen, and who had to do with it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::DataRequest;
use crate::messages::TextLanguage;
use crate::problem::{FieldError, IntoFieldError};
use crate::registrations::Scan;
use crate::values::{BirthDate, Email, IdNumber, PersonName, PhoneNumber};

/// `GET /citizen/me`, and as an attachment `GET /citizen/me/export`: all that is held about the citizen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CitizenMe {
    /// The account's id.
    pub account_id: Uuid,
    /// CCCD or CMND.
    pub id_number: IdNumber,
    /// The old CMND beside a CCCD.
    pub previous_id_number: Option<IdNumber>,
    /// As on the card.
    pub full_name: PersonName,
    /// Date of birth.
    pub birth_date: BirthDate,
    /// The phone that gets the texts.
    pub phone: PhoneNumber,
    /// E-mail, where given.
    pub email: Option<Email>,
    /// The language of the texts.
    pub language: TextLanguage,
    /// The scan of the card: what is known of it.
    pub scan: Scan,
    /// When the account was created.
    pub created_at: DateTime<Utc>,
    /// The name of the officer who created it.
    pub created_by: String,
    /// The name of the unit where.
    pub created_at_unit: String,
    /// When the citizen first signed in.
    pub first_signed_in_at: Option<DateTime<Utc>>,
    /// When the password was last set by the citizen.
    pub password_set_at: Option<DateTime<Utc>>,
    /// Whoever had to do with the account and its registration, newest first; at most 500.
    pub accesses: Vec<Access>,
    /// What the citizen has asked for, newest first.
    pub requests: Vec<DataRequest>,
}

/// One act on the account or on the registration that it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Access {
    /// When.
    pub at: DateTime<Utc>,
    /// What was done.
    pub act: AccessAct,
    /// By whom: the officer's name; `None` for the citizen's own acts and the system's.
    pub officer: Option<String>,
    /// Where the officer works: the units' names, or the agency's.
    pub unit: Option<String>,
    /// Whether the citizen did it.
    pub by_citizen: bool,
}

/// What was done with an account or its registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum AccessAct {
    /// The registration was opened with its numbers.
    RegistrationRead,
    /// The scan of the card was attached.
    ScanAttached,
    /// The scan of the card was looked at.
    ScanRead,
    /// The request form was made.
    RequestFormMade,
    /// A code was sent to the phone.
    OtpRequested,
    /// The phone was confirmed.
    PhoneVerified,
    /// The account was created.
    AccountCreated,
    /// The account was opened with its numbers.
    AccountRead,
    /// Another first password was sent.
    PasswordResent,
    /// Signed in.
    SignedIn,
    /// A stolen sign-in was noticed and ended.
    SessionReused,
    /// The password was changed.
    PasswordChanged,
    /// The password was reset by a code.
    PasswordReset,
    /// The citizen looked at what is held.
    DataRead,
    /// The citizen downloaded what is held.
    DataExported,
    /// The e-mail address was changed.
    EmailChanged,
    /// The phone was changed.
    PhoneChanged,
    /// Something was asked for.
    DataRequested,
    /// A request was answered.
    DataRequestAnswered,
    /// The account was closed.
    AccountClosed,
    /// Something else.
    Other,
}

/// `PUT /citizen/me/email`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ChangeEmail {
    /// As typed; empty takes it away.
    pub email: String,
}

impl ChangeEmail {
    /// The address, `None` to take it away, or the field's error.
    pub fn parse(&self) -> Result<Option<Email>, Vec<FieldError>> {
        if self.email.trim().is_empty() {
            return Ok(None);
        }
        Email::parse(&self.email).map(Some).map_err(|error| vec![error.under("email")])
    }
}
