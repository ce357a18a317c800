//! A registration: from the first digits typed to the account.
//!
//! A draft may be incomplete; what is in it is valid. *Tải xuống*, *Gửi mã OTP* and *Tạo tài khoản*
//! need it whole.

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use crate::desk::{OfficerRef, UnitRef, Warning};
use crate::messages::TextLanguage;
use crate::problem::{FieldCode, FieldError, IntoFieldError, birth_date_disagreement};
use crate::values::{BirthDate, Email, IdNumber, OtpCode, PersonName, PhoneNumber};

/// `POST /registrations`, and as `changes` in `PATCH /registrations/{id}`: what was typed.
///
/// A field left out keeps its value; an empty text clears it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DetailsInput {
    /// CCCD or CMND.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_number: Option<String>,
    /// The citizen's old CMND beside a CCCD, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_id_number: Option<String>,
    /// As on the card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
    /// ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<String>,
    /// The account holder's own phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Optional all the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// One of the officer's selectable units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_id: Option<Uuid>,
    /// The language of the texts that the citizen gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<TextLanguage>,
}

/// `PATCH /registrations/{id}`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UpdateRegistration {
    /// The version that was read; another one on the server answers 409 `stale_version`.
    pub version: i32,
    /// What to change.
    #[serde(deserialize_with = "object")]
    pub changes: DetailsInput,
}

/// An object and nothing else: serde would read an array as a struct's fields in order.
fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<T, D::Error> {
    let fields = serde_json::Map::deserialize(deserializer)?;
    serde_json::from_value(fields.into()).map_err(D::Error::custom)
}

/// A change of one value: leave it, clear it, or set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change<T> {
    /// The field was left out.
    Keep,
    /// The field was empty.
    Clear,
    /// The field held a value.
    Set(T),
}

impl<T: Clone> Change<T> {
    /// The value after the change.
    #[must_use]
    pub fn apply(&self, current: Option<T>) -> Option<T> {
        match self {
            Self::Keep => current,
            Self::Clear => None,
            Self::Set(value) => Some(value.clone()),
        }
    }
}

/// Parsed [`DetailsInput`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetailsChange {
    /// See [`DetailsInput`].
    pub id_number: Change<IdNumber>,
    /// See [`DetailsInput`].
    pub previous_id_number: Change<IdNumber>,
    /// See [`DetailsInput`].
    pub full_name: Change<PersonName>,
    /// See [`DetailsInput`].
    pub birth_date: Change<BirthDate>,
    /// See [`DetailsInput`].
    pub phone: Change<PhoneNumber>,
    /// See [`DetailsInput`].
    pub email: Change<Email>,
    /// See [`DetailsInput`].
    pub unit_id: Change<Uuid>,
    /// See [`DetailsInput`].
    pub language: Change<TextLanguage>,
}

impl DetailsInput {
    /// Every field parsed, or every field's error. `today` is the desk's date.
    pub fn parse(&self, today: NaiveDate) -> Result<DetailsChange, Vec<FieldError>> {
        let mut errors = Vec::new();
        let change = DetailsChange {
            id_number: read("id_number", self.id_number.as_deref(), IdNumber::parse, &mut errors),
            previous_id_number: read(
                "previous_id_number",
                self.previous_id_number.as_deref(),
                IdNumber::parse,
                &mut errors,
            ),
            full_name: read("full_name", self.full_name.as_deref(), PersonName::parse, &mut errors),
            birth_date: read(
                "birth_date",
                self.birth_date.as_deref(),
                |text| BirthDate::parse_iso(text, today),
                &mut errors,
            ),
            phone: read("phone", self.phone.as_deref(), PhoneNumber::parse, &mut errors),
            email: read("email", self.email.as_deref(), Email::parse, &mut errors),
            unit_id: self.unit_id.map_or(Change::Keep, Change::Set),
            language: self.language.map_or(Change::Keep, Change::Set),
        };
        if errors.is_empty() { Ok(change) } else { Err(errors) }
    }
}

fn read<T, E: IntoFieldError>(
    field: &str,
    text: Option<&str>,
    parse: impl FnOnce(&str) -> Result<T, E>,
    errors: &mut Vec<FieldError>,
) -> Change<T> {
    match text {
        None => Change::Keep,
        Some(text) if text.trim().is_empty() => Change::Clear,
        Some(text) => parse(text).map_or_else(
            |error| {
                errors.push(error.under(field));
                Change::Keep
            },
            Change::Set,
        ),
    }
}

/// The details of a registration so far. Each is valid where it is present.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Details {
    /// CCCD or CMND.
    pub id_number: Option<IdNumber>,
    /// The citizen's old CMND beside a CCCD.
    pub previous_id_number: Option<IdNumber>,
    /// As on the card.
    pub full_name: Option<PersonName>,
    /// Agrees with the year that the number tells.
    pub birth_date: Option<BirthDate>,
    /// The account holder's own phone.
    pub phone: Option<PhoneNumber>,
    /// Optional all the way.
    pub email: Option<Email>,
    /// The language of the texts that the citizen gets.
    #[serde(default)]
    pub language: TextLanguage,
}

/// [`Details`] of which nothing that is required is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompleteDetails {
    /// CCCD or CMND.
    pub id_number: IdNumber,
    /// The citizen's old CMND beside a CCCD.
    pub previous_id_number: Option<IdNumber>,
    /// As on the card.
    pub full_name: PersonName,
    /// Agrees with the year that the number tells.
    pub birth_date: BirthDate,
    /// The account holder's own phone.
    pub phone: PhoneNumber,
    /// Optional all the way.
    pub email: Option<Email>,
    /// The language of the texts that the citizen gets.
    pub language: TextLanguage,
}

impl Details {
    /// These details after `change`.
    #[must_use]
    pub fn changed_by(&self, change: &DetailsChange) -> Self {
        Self {
            id_number: change.id_number.apply(self.id_number.clone()),
            previous_id_number: change.previous_id_number.apply(self.previous_id_number.clone()),
            full_name: change.full_name.apply(self.full_name.clone()),
            birth_date: change.birth_date.apply(self.birth_date),
            phone: change.phone.apply(self.phone.clone()),
            email: change.email.apply(self.email.clone()),
            language: change.language.apply(Some(self.language)).unwrap_or_default(),
        }
    }

    /// Errors between fields: a date of birth that the number contradicts, an old number that is not one.
    pub fn disagreements(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if let (Some(date), Some(number)) = (self.birth_date, &self.id_number) {
            errors.extend(birth_date_disagreement(date, number));
        }
        if let Some(previous) = &self.previous_id_number
            && (previous.birth_year().is_some() || Some(previous) == self.id_number.as_ref())
        {
            let detail = "the previous number is a CMND of 9 digits, other than the number itself";
            errors.push(FieldError::new("previous_id_number", FieldCode::IdNumberInvalid, detail));
        }
        errors
    }

    /// The whole, or every required field that is missing.
    pub fn complete(&self) -> Result<CompleteDetails, Vec<FieldError>> {
        let missing = [
            ("id_number", self.id_number.is_none()),
            ("full_name", self.full_name.is_none()),
            ("birth_date", self.birth_date.is_none()),
            ("phone", self.phone.is_none()),
        ];
        let mut errors: Vec<FieldError> = missing
            .into_iter()
            .filter(|(_, is_missing)| *is_missing)
            .map(|(field, _)| FieldError::new(field, FieldCode::Required, "required"))
            .collect();
        errors.extend(self.disagreements());
        match (&self.id_number, &self.full_name, self.birth_date, &self.phone) {
            (Some(id_number), Some(full_name), Some(birth_date), Some(phone)) if errors.is_empty() => {
                Ok(CompleteDetails {
                    id_number: id_number.clone(),
                    previous_id_number: self.previous_id_number.clone(),
                    full_name: full_name.clone(),
                    birth_date,
                    phone: phone.clone(),
                    email: self.email.clone(),
                    language: self.language,
                })
            }
            _ => Err(errors),
        }
    }

    /// Doubts that do not refuse.
    pub fn warnings(&self) -> Vec<Warning> {
        let mut warnings = self.id_number.as_ref().map(number_warnings).unwrap_or_default();
        #[cfg(feature = "server")]
        if self.phone.as_ref().is_some_and(|phone| !phone.is_known_mobile()) {
            warnings.push(Warning::PhonePrefixUnknown);
        }
        warnings.dedup();
        warnings
    }
}

/// Doubts about a number.
pub fn number_warnings(number: &IdNumber) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if number.birth_year().is_none() {
        warnings.push(Warning::CmndNoLongerValid);
    }
    if !number.place_is_known() {
        warnings.push(Warning::PlaceCodeUnknown);
    }
    warnings
}

/// Where a registration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum RegistrationState {
    /// Being filled in.
    Draft,
    /// The citizen has read out the newest code; the account can be created.
    PhoneVerified,
    /// The account exists.
    Completed,
    /// Given up by an officer; details and scan erased.
    Cancelled,
    /// Left for longer than drafts are kept; details and scan erased.
    Expired,
}

impl RegistrationState {
    /// As it stands on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::PhoneVerified => "phone_verified",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }
}

/// The types of scan that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum ScanKind {
    /// application/pdf
    Pdf,
    /// application/msword
    Doc,
    /// application/vnd.openxmlformats-officedocument.wordprocessingml.document
    Docx,
}

impl ScanKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Pdf, Self::Doc, Self::Docx];

    /// The extension, without a dot; also the form on the wire.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Doc => "doc",
            Self::Docx => "docx",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Doc => "application/msword",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }

    /// The kind that a file's name claims, by its extension in any case.
    pub fn of_file_name(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        Self::ALL.into_iter().find(|kind| kind.extension().eq_ignore_ascii_case(extension))
    }
}

/// The attached scan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Scan {
    /// The name of the file as it was uploaded, for the officer to recognise.
    pub file_name: String,
    /// What it is.
    pub kind: ScanKind,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// When it was attached.
    pub uploaded_at: DateTime<Utc>,
}

/// The request form that was last downloaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RequestFormRecord {
    /// The short code printed on it, which ties the paper to exactly these details.
    pub code: String,
    /// When it was made.
    pub downloaded_at: DateTime<Utc>,
    /// Whether the details were changed since: print it again.
    pub stale: bool,
}

/// The newest code of a registration, as far as the desk may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OtpStatus {
    /// The message that carries it.
    pub message_id: Uuid,
    /// When a gateway accepted it; `None` while it is on its way there.
    pub sent_at: Option<DateTime<Utc>>,
    /// Until when it works; `None` while it is on its way to the gateway.
    pub expires_at: Option<DateTime<Utc>>,
    /// From when another may be sent.
    pub resend_at: DateTime<Utc>,
    /// Wrong tries left.
    pub tries_left: u32,
    /// How many codes this registration has had so far.
    pub codes_sent: u32,
}

/// A registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Registration {
    /// Its id, a UUIDv7.
    pub id: Uuid,
    /// Grows with each change of the details, the scan or the state.
    pub version: i32,
    /// Where it stands.
    pub state: RegistrationState,
    /// What was entered. All empty once cancelled or expired.
    pub details: Details,
    /// The unit chosen.
    pub unit: Option<UnitRef>,
    /// Who began it.
    pub officer: OfficerRef,
    /// The scan, once attached.
    pub scan: Option<Scan>,
    /// The request form, once downloaded.
    pub request_form: Option<RequestFormRecord>,
    /// The newest code, once asked for.
    pub otp: Option<OtpStatus>,
    /// When the phone was confirmed.
    pub phone_verified_at: Option<DateTime<Utc>>,
    /// The account, once created.
    pub account_id: Option<Uuid>,
    /// Doubts that the officer should look at.
    pub warnings: Vec<Warning>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it will be erased if it is left.
    pub expires_at: DateTime<Utc>,
}

/// One row of the unfinished registrations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RegistrationSummary {
    /// Its id.
    pub id: Uuid,
    /// `draft` or `phone_verified`.
    pub state: RegistrationState,
    /// The name so far.
    pub full_name: Option<PersonName>,
    /// The number so far, all but the last four digits hidden.
    pub id_number_masked: Option<String>,
    /// Who began it.
    pub officer: OfficerRef,
    /// The unit chosen.
    pub unit: Option<UnitRef>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it will be erased if it is left.
    pub expires_at: DateTime<Utc>,
}

/// Answer of `GET /registrations`: unfinished ones that the officer may see, last changed first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RegistrationList {
    /// At most 100.
    pub items: Vec<RegistrationSummary>,
}

/// `GET /registrations/{id}/request-form?format=…`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum RequestFormFormat {
    /// PDF, to print.
    #[default]
    Pdf,
    /// Word, to correct by hand.
    Docx,
}

/// Answer of `POST /registrations/{id}/otp`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OtpQueued {
    /// The message to follow in `GET /registrations/{id}/messages`.
    pub message_id: Uuid,
    /// From when another may be sent.
    pub resend_at: DateTime<Utc>,
}

/// `POST /registrations/{id}/otp/verify`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct VerifyOtp {
    /// The newest code, as the citizen reads it out.
    pub code: String,
}

impl VerifyOtp {
    /// The code, or its field's error.
    pub fn parse(&self) -> Result<OtpCode, Vec<FieldError>> {
        OtpCode::parse(&self.code).map_err(|e| vec![e.under("code")])
    }
}
