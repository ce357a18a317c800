//! Accounts that officers created: the list of screen 1 and the detail.

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::desk::{OfficerRef, UnitRef};
use crate::messages::{MessageStatus, TextLanguage};
use crate::problem::{FieldCode, FieldError, IntoFieldError};
use crate::registrations::Scan;
use crate::values::{BirthDate, Email, IdNumber, PersonName, PhoneNumber};

/// The years that a search takes.
const YEARS: RangeInclusive<i32> = 1900..=9999;

/// `POST /accounts/search`: the seven filters of screen 1. Those left out or empty do not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct SearchAccounts {
    /// **Tên công dân**: any part of the name, any case, with or without diacritics; whole words in any order.
    #[cfg_attr(feature = "server", validate(length(max = 100)), schema(max_length = 100))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// **Số điện thoại**: exact, in any written form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// **CMND/CCCD**: exact, in any written form; finds an old CMND too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_number: Option<String>,
    /// **Cán bộ tạo**: as `name`.
    #[cfg_attr(feature = "server", validate(length(max = 100)), schema(max_length = 100))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub officer_name: Option<String>,
    /// **Đơn vị tạo**.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_id: Option<Uuid>,
    /// **Từ ngày**, inclusive, in Asia/Ho_Chi_Minh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// **Đến ngày**, inclusive, in Asia/Ho_Chi_Minh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// `next` of the page before.
    #[cfg_attr(feature = "server", validate(length(max = 200)), schema(max_length = 200))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows a page, 1 to 100; 20 where left out.
    #[cfg_attr(feature = "server", validate(range(min = 1, max = 100)), schema(minimum = 1, maximum = 100))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Parsed [`SearchAccounts`]; `cursor` and `limit` are the server's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountFilter {
    /// Folded words of the citizen's name; empty = any.
    pub name_words: Vec<String>,
    /// The phone.
    pub phone: Option<PhoneNumber>,
    /// The number.
    pub id_number: Option<IdNumber>,
    /// Folded words of the officer's name; empty = any.
    pub officer_words: Vec<String>,
    /// The unit.
    pub unit_id: Option<Uuid>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
}

impl SearchAccounts {
    /// The filters, or every field's error.
    pub fn parse(&self) -> Result<AccountFilter, Vec<FieldError>> {
        let errors = self.errors();
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(AccountFilter {
            name_words: words(self.name.as_deref()),
            phone: given(self.phone.as_deref()).and_then(|text| PhoneNumber::parse(text).ok()),
            id_number: given(self.id_number.as_deref()).and_then(|text| IdNumber::parse(text).ok()),
            officer_words: words(self.officer_name.as_deref()),
            unit_id: self.unit_id,
            from: self.from,
            to: self.to,
        })
    }

    /// Every field's error, without folding any words: the page asks this, and its download goes
    /// without the tables that folding needs.
    pub fn errors(&self) -> Vec<FieldError> {
        let phone = given(self.phone.as_deref()).and_then(|text| PhoneNumber::parse(text).err());
        let id_number = given(self.id_number.as_deref()).and_then(|text| IdNumber::parse(text).err());
        let reversed = matches!((self.from, self.to), (Some(from), Some(to)) if to < from)
            .then(|| FieldError::new("to", FieldCode::RangeReversed, "the last day is before the first"));
        let errors = [
            phone.map(|error| error.under("phone")),
            id_number.map(|error| error.under("id_number")),
            far_out("from", self.from),
            far_out("to", self.to),
            reversed,
        ];
        errors.into_iter().flatten().collect()
    }
}

/// A day that no database can compare with: nobody means it.
pub(crate) fn far_out(field: &str, day: Option<NaiveDate>) -> Option<FieldError> {
    let year = day?.year();
    (!YEARS.contains(&year)).then(|| {
        FieldError::new(field, FieldCode::OutOfRange, format!("the year is {} to {}", YEARS.start(), YEARS.end()))
            .with([("min", YEARS.start().to_string()), ("max", YEARS.end().to_string())])
    })
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn words(text: Option<&str>) -> Vec<String> {
    crate::values::text::fold(text.unwrap_or_default()).split_whitespace().map(str::to_owned).collect()
}

/// Answer of `POST /accounts/search`, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AccountPage {
    /// The rows.
    pub items: Vec<AccountSummary>,
    /// The cursor of the next page; `None` on the last.
    pub next: Option<String>,
    /// How many there are in all.
    pub total: Total,
}

/// A count that stops counting at a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Total {
    /// At most 10,000.
    pub count: u32,
    /// `false`: there are more than `count`.
    pub exact: bool,
}

/// One row of the list. Numbers are masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AccountSummary {
    /// The account's id.
    pub id: Uuid,
    /// **Tên công dân**
    pub full_name: PersonName,
    /// **CMND/CCCD**, all but the last four digits hidden.
    pub id_number_masked: String,
    /// **Số điện thoại**, all but the last four digits hidden.
    pub phone_masked: String,
    /// **Cán bộ tạo**
    pub officer: OfficerRef,
    /// **Đơn vị**
    pub unit: UnitRef,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// What became of the newest password message.
    pub password_message: Option<MessageStatus>,
}

/// `GET /accounts/{id}` and the answer of `POST /registrations/{id}/account`. Reading it is an audit event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Account {
    /// The account's id.
    pub id: Uuid,
    /// The registration it came from.
    pub registration_id: Uuid,
    /// CCCD or CMND: also the name to sign in with.
    pub id_number: IdNumber,
    /// The citizen's old CMND beside a CCCD.
    pub previous_id_number: Option<IdNumber>,
    /// As on the card.
    pub full_name: PersonName,
    /// Date of birth.
    pub birth_date: BirthDate,
    /// The phone that gets the password.
    pub phone: PhoneNumber,
    /// E-mail, where given.
    pub email: Option<Email>,
    /// Who created it.
    pub officer: OfficerRef,
    /// Where.
    pub unit: UnitRef,
    /// The scan of the card.
    pub scan: Scan,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// The language of the texts that the citizen gets.
    pub language: TextLanguage,
    /// What became of the newest password message.
    pub password_message: Option<MessageStatus>,
    /// Until when the password sent works; `None` before it was drawn.
    pub password_expires_at: Option<DateTime<Utc>>,
    /// When the citizen first signed in; from then on they reset the password themselves.
    pub first_signed_in_at: Option<DateTime<Utc>>,
}

/// Answer of `POST /accounts/{id}/password-messages`: another password is on its way, and the one before is dead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PasswordQueued {
    /// The message that will carry it.
    pub message_id: Uuid,
}
