//! Refusals: RFC 9457 problem details with a stable `code`.
//!
//! Owns every code that a caller may meet. `title` and `detail` are English, for integrators and
//! logs; a screen words them itself from `code` and `params` (the page's translations).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::values::{
    BirthDate, BirthDateError, EmailError, IdNumber, IdNumberError, NewPassword, NewPasswordError, OtpCodeError,
    PersonNameError, PhoneNumberError,
};

/// What a problem is about in machine-readable form: `{"tries_left": "3"}`. Values are texts;
/// times are RFC 3339 in UTC, dates ISO 8601, counts decimal.
pub type Params = BTreeMap<String, String>;

/// Builds [`Params`] from pairs.
pub fn params<const N: usize>(pairs: [(&str, String); N]) -> Params {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// The body of every answer of 400 and above, as `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `urn:motcua:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the code means, the same for every occurrence.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time.
    pub detail: String,
    /// The stable code.
    pub code: ProblemCode,
    /// What the detail's words are about; see each code.
    #[serde(default)]
    pub params: Params,
    /// Every field that was refused, all at once. Empty where the problem is not about fields.
    #[serde(default)]
    pub fields: Vec<FieldError>,
}

/// One refused field of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The field's name on the wire, e.g. `birth_date`.
    pub field: String,
    /// The stable code.
    pub code: FieldCode,
    /// What is wrong, in English.
    pub detail: String,
    /// What the detail's words are about; see each code.
    #[serde(default)]
    pub params: Params,
}

impl FieldError {
    /// A field's error without params.
    pub fn new(field: &str, code: FieldCode, detail: impl ToString) -> Self {
        Self { field: field.to_owned(), code, detail: detail.to_string(), params: Params::new() }
    }

    /// The same with params.
    #[must_use]
    pub fn with<const N: usize>(mut self, pairs: [(&str, String); N]) -> Self {
        self.params = params(pairs);
        self
    }
}

/// A value's error that knows how to stand under a field.
pub trait IntoFieldError {
    /// The error as it stands under `field`.
    fn under(self, field: &str) -> FieldError;
}

impl IntoFieldError for IdNumberError {
    fn under(self, field: &str) -> FieldError {
        let error = FieldError::new(field, FieldCode::IdNumberInvalid, self);
        match self {
            Self::NotDigits => error,
            Self::Length { count } => error.with([("count", count.to_string())]),
        }
    }
}

impl IntoFieldError for PhoneNumberError {
    fn under(self, field: &str) -> FieldError {
        let error = FieldError::new(field, FieldCode::PhoneInvalid, self);
        match self {
            Self::NotDigits => error,
            Self::Shape { count } => error.with([("count", count.to_string())]),
        }
    }
}

impl IntoFieldError for PersonNameError {
    fn under(self, field: &str) -> FieldError {
        let error = FieldError::new(field, FieldCode::NameInvalid, self);
        match self {
            Self::Length { count } => error.with([("count", count.to_string())]),
            Self::Character { character } => error.with([("character", character.to_string())]),
        }
    }
}

impl IntoFieldError for BirthDateError {
    fn under(self, field: &str) -> FieldError {
        let code = match self {
            Self::NotADate => FieldCode::DateInvalid,
            Self::TooEarly => FieldCode::DateTooEarly,
            Self::InFuture => FieldCode::DateInFuture,
        };
        FieldError::new(field, code, self)
    }
}

impl IntoFieldError for EmailError {
    fn under(self, field: &str) -> FieldError {
        FieldError::new(field, FieldCode::EmailInvalid, self)
    }
}

impl IntoFieldError for OtpCodeError {
    fn under(self, field: &str) -> FieldError {
        FieldError::new(field, FieldCode::OtpInvalid, self)
    }
}

impl IntoFieldError for NewPasswordError {
    fn under(self, field: &str) -> FieldError {
        FieldError::new(field, FieldCode::PasswordLength, self).with([
            ("count", self.count.to_string()),
            ("min", NewPassword::MIN_CHARS.to_string()),
            ("max", NewPassword::MAX_CHARS.to_string()),
        ])
    }
}

/// The refusal of a date of birth that the number contradicts; `None` where they agree.
pub fn birth_date_disagreement(date: BirthDate, number: &IdNumber) -> Option<FieldError> {
    let year = date.disagreeing_year(number)?;
    let detail = format!("by the number the year of birth is {year}; the date given is {}", date.date());
    Some(
        FieldError::new("birth_date", FieldCode::BirthDateDisagrees, detail)
            .with([("year", year.to_string()), ("date", date.date().to_string())]),
    )
}

/// Codes of a refused field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum FieldCode {
    /// Needed for this act and not given.
    Required,
    /// Not 9 or 12 digits. Params: `count` where it was digits.
    IdNumberInvalid,
    /// Not a name. Params: `count` or `character`.
    NameInvalid,
    /// Not a date, or not in ISO 8601 on the wire.
    DateInvalid,
    /// Before 1900.
    DateTooEarly,
    /// After today.
    DateInFuture,
    /// The number tells another year of birth. Params: `year`, `date`.
    BirthDateDisagrees,
    /// Not a Vietnamese mobile number. Params: `count` where it was digits.
    PhoneInvalid,
    /// Not an e-mail address.
    EmailInvalid,
    /// Not six digits.
    OtpInvalid,
    /// Not 8 to 128 characters. Params: `count`, `min`, `max`.
    PasswordLength,
    /// A password that very many people use.
    PasswordCommon,
    /// A password that says its owner's number or phone, or the portal's name.
    PasswordPersonal,
    /// The same as before: there is nothing to change.
    Unchanged,
    /// Not a unit that this officer can choose. Params: `reason` (`not_assigned` or `name_lacks_marker`), `unit`.
    UnitNotSelectable,
    /// Too long or out of its range. Params: `min`, `max` where there are any.
    OutOfRange,
    /// `to` is before `from`.
    RangeReversed,
    /// Not 2 to 64 of a–z, 0–9, `.`, `_`, `-`, `@`.
    UsernameInvalid,
    /// No unit of the administrator's agency or below that is not retired.
    UnitUnknown,
    /// The name holds none of the accepted markers.
    UnitMarkerMissing,
}

macro_rules! problem_codes {
    ($($(#[doc = $doc:literal])+ $code:ident = $text:literal, $status:literal, $title:literal;)+) => {
        /// Codes of a refusal. Stable: a code's meaning and status never change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ProblemCode {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $code,)+
        }

        impl ProblemCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$code),+];

            /// The code as it stands on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$code => $text),+ }
            }

            /// The HTTP status that goes with it, always the same.
            pub fn status(self) -> u16 {
                match self { $(Self::$code => $status),+ }
            }

            /// What it means.
            pub fn title(self) -> &'static str {
                match self { $(Self::$code => $title),+ }
            }
        }
    };
}

/// By hand: the derive does not see a rename that a macro writes.
#[cfg(feature = "server")]
impl utoipa::PartialSchema for ProblemCode {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .enum_values(Some(Self::ALL.iter().map(|code| code.as_str())))
            .into()
    }
}

#[cfg(feature = "server")]
impl utoipa::ToSchema for ProblemCode {}

problem_codes! {
    /// Malformed JSON or multipart, an unknown field, or refused fields (then `fields` lists them).
    BodyInvalid = "body_invalid", 400, "The request body is not valid";
    /// A path, query or header that cannot be read.
    RequestInvalid = "request_invalid", 400, "The request is not valid";
    /// No token, or one that is expired, forged or of an ended session.
    Unauthenticated = "unauthenticated", 401, "Sign in first";
    /// Unknown name or wrong password: which of the two is not said.
    CredentialsInvalid = "credentials_invalid", 401, "The name or the password is wrong";
    /// The password is right; a second factor is needed too. Params: `methods` (of `totp` and `passkey`, a space between).
    SecondFactorRequired = "second_factor_required", 401, "A second factor is required";
    /// Not the code, a code that was used before, or not the passkey's answer.
    SecondFactorWrong = "second_factor_wrong", 401, "The second factor is wrong";
    /// The right password, but the text that brought it is past its days: an administrator (for a citizen, a desk)
    /// sends another; a citizen can reset it too. Params: `expired_at`, and `side` = `citizen` for a citizen's.
    PasswordExpired = "password_expired", 401, "The password has expired";
    /// The captcha was not solved, is older than its two minutes, was used already or belongs to another form: get
    /// a new one.
    CaptchaWrong = "captcha_wrong", 422, "The captcha was not solved";
    /// The current password that was given with the new one is wrong.
    PasswordWrong = "password_wrong", 422, "The current password is wrong";
    /// This way of signing in is switched off here.
    SignInWayOff = "sign_in_way_off", 409, "This way of signing in is switched off";
    /// No client certificate came, or none that was verified.
    CertificateMissing = "certificate_missing", 401, "No verified certificate came";
    /// The certificate is of an issuer that is not accepted here, is not in its time, names no identity number, or
    /// one that no account goes with. Params: `reason` (`issuer`, `expired`, `number` or `account`).
    CertificateRefused = "certificate_refused", 401, "The certificate is not accepted";
    /// The request has been answered already. Params: `answered_at`.
    AlreadyAnswered = "already_answered", 409, "Answered already";
    /// The same request is open already.
    AlreadyRequested = "already_requested", 409, "Requested already";
    /// Signed in, but this act belongs to another role.
    Forbidden = "forbidden", 403, "Not allowed";
    /// The password was sent by text: choose one of your own first.
    PasswordChangeNeeded = "password_change_needed", 403, "Change the password first";
    /// An administrator without a second factor: enrol one first.
    SecondFactorNeeded = "second_factor_needed", 403, "Enrol a second factor first";
    /// Nothing here for you: no such path, or no such thing that you may see.
    NotFound = "not_found", 404, "Not found";
    /// The path exists, the method does not.
    MethodNotAllowed = "method_not_allowed", 405, "Method not allowed";
    /// The number has an account. Params: `created_at`, `unit`.
    AccountExists = "account_exists", 409, "An account exists for this number";
    /// Somebody changed it since it was read. Params: `officer`, `updated_at`, `version`.
    StaleVersion = "stale_version", 409, "Changed by somebody else meanwhile";
    /// The registration's state does not allow this act. Params: `state`.
    WrongState = "wrong_state", 409, "Not in this state";
    /// No scan is attached yet.
    ScanMissing = "scan_missing", 409, "The scan of the card is missing";
    /// The phone has not been confirmed by a code.
    PhoneNotVerified = "phone_not_verified", 409, "The phone number is not verified";
    /// The citizen has signed in already: from then on they reset the password themselves.
    AccountInUse = "account_in_use", 409, "The citizen has signed in already";
    /// The unit cannot be retired yet. Params: `drafts` (how many are open there), `units` (names of those below it).
    UnitInUse = "unit_in_use", 409, "The unit is in use";
    /// Somebody has this sign-in name, maybe of another agency.
    UsernameTaken = "username_taken", 409, "The sign-in name is taken";
    /// Nobody suspends or demotes themselves.
    OwnAccount = "own_account", 409, "Not to your own account";
    /// The agency would be left without an administrator who may sign in.
    LastAdministrator = "last_administrator", 409, "The last administrator of the agency";
    /// No phone is recorded that a password could go to.
    PhoneMissing = "phone_missing", 409, "No phone is recorded";
    /// The officer has asked for this unit already and waits for an answer.
    UnitRequestOpen = "unit_request_open", 409, "Asked for already";
    /// The unit can be chosen already.
    UnitSelectable = "unit_selectable", 409, "The unit can be chosen already";
    /// The same Idempotency-Key came with another request.
    IdempotencyKeyReused = "idempotency_key_reused", 409, "The idempotency key was used for another request";
    /// The list is not ready to be applied. Params: `state`.
    ImportNotReady = "import_not_ready", 409, "The list is not ready to be applied";
    /// The body is larger than the path takes. Params: `max_bytes`.
    BodyTooLarge = "body_too_large", 413, "The body is too large";
    /// The scan is larger than 5 MiB (or the setting). Params: `max_bytes`.
    ScanTooLarge = "scan_too_large", 413, "The scan is too large";
    /// The list of officers is larger than 5 MiB. Params: `max_bytes`.
    ListTooLarge = "list_too_large", 413, "The list is too large";
    /// The Content-Type is not the one that the path takes. Params: `expected`.
    MediaTypeUnsupported = "media_type_unsupported", 415, "Unsupported content type";
    /// The file is none of .pdf, .doc, .docx, or its name, type and content disagree, or it holds
    /// what a scan must not. Params: `kind` (what the content is), `reason`.
    ScanTypeRefused = "scan_type_refused", 415, "The scan is not of an accepted type";
    /// The list of officers is neither .xlsx nor .csv, or its name and content disagree. Params: `kind` (what the
    /// content is).
    ListTypeRefused = "list_type_refused", 415, "The list is not of an accepted type";
    /// A whole registration is needed and some of it is missing or wrong: `fields` says what.
    DetailsIncomplete = "details_incomplete", 422, "The details are incomplete";
    /// Not the code, or not the passkey's answer: nothing was enrolled.
    SecondFactorUnfit = "second_factor_unfit", 422, "The second factor was not enrolled";
    /// Not the code. Params: `tries_left`.
    OtpWrong = "otp_wrong", 422, "Not the right code";
    /// An older code than the newest. Params: `sent_at` (of the newest, where it is known).
    OtpSuperseded = "otp_superseded", 422, "An older code";
    /// The newest code is past its two minutes. Params: `expired_at`.
    OtpExpired = "otp_expired", 422, "The code has expired";
    /// Too many wrong tries at this code: send a new one.
    OtpExhausted = "otp_exhausted", 422, "Too many tries at this code";
    /// No code was sent yet.
    OtpMissing = "otp_missing", 422, "No code was sent";
    /// A code may be sent again after a while. Params: `retry_after` (seconds), `cap` (which one). Also Retry-After.
    OtpTooSoon = "otp_too_soon", 429, "Too soon for another code";
    /// Too many requests of another kind. Params: `retry_after` (seconds), `cap` (which one, where it has a name).
    /// Also Retry-After.
    TooManyRequests = "too_many_requests", 429, "Too many requests";
    /// A fault of ours. Nothing was half done; it is safe to try again.
    Internal = "internal", 500, "Something failed on our side";
    /// The server cannot do it just now (database or store out of reach). Try again.
    Unavailable = "unavailable", 503, "Unavailable for the moment";
}

impl Problem {
    /// A problem of `code` with what happened this time.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:motcua:problem:{}", code.as_str()),
            title: code.title().to_owned(),
            status: code.status(),
            detail: detail.into(),
            code,
            params: Params::new(),
            fields: Vec::new(),
        }
    }

    /// The same with params.
    #[must_use]
    pub fn with<const N: usize>(mut self, pairs: [(&str, String); N]) -> Self {
        self.params.extend(params(pairs));
        self
    }

    /// The same with the refused fields.
    #[must_use]
    pub fn with_fields(mut self, fields: Vec<FieldError>) -> Self {
        self.fields = fields;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_the_same_on_the_wire_and_in_words() {
        for code in ProblemCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }
}
