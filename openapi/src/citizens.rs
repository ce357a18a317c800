//! The citizen's own side: signing in, the password, what is held about them, what they ask for.
//!
//! A citizen's session has its own cookie (path `/api/v1/citizen/sessions`) and its own audience: neither works for
//! an officer's operations, nor an officer's here.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::messages::TextLanguage;
use crate::problem::{FieldCode, FieldError, IntoFieldError};
use crate::registrations::Scan;
use crate::values::{BirthDate, Email, IdNumber, NewPassword, OtpCode, PersonName, PhoneNumber};

/// The form that a captcha is for. It is good for no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum CaptchaForm {
    /// Signing in, by whichever way asks for one.
    SignIn,
    /// **Quên mật khẩu**
    PasswordReset,
}

/// `POST /citizen/captchas`
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CreateCaptcha {
    /// What it is for.
    pub form: CaptchaForm,
}

/// Answer of `POST /citizen/captchas`: a picture for those who see it, a calculation for those who do not. Either
/// one answers it; once, and within two minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Captcha {
    /// The captcha's id, to be sent back with the answer.
    pub id: Uuid,
    /// The picture: a PNG in base64 (`data:image/png;base64,` goes before it).
    pub image: String,
    /// How many characters the picture shows.
    pub characters: u32,
    /// The calculation.
    pub proof: ProofChallenge,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// A proof of work as ALTCHA's second version has it. Wanted is the `counter`, counting up from 0, whose derived key
/// begins with `key_prefix`. The derived key: SHA-256 of `salt · nonce · counter` (the counter as four bytes, big
/// endian), then SHA-256 of that again until `cost` hashes were made, cut to `key_length` bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ProofChallenge {
    /// Always `SHA-256`.
    pub algorithm: String,
    /// Hashes a try.
    pub cost: u32,
    /// Bytes of the derived key.
    pub key_length: u32,
    /// What the derived key must begin with, in hexadecimal.
    pub key_prefix: String,
    /// 16 bytes in hexadecimal.
    pub nonce: String,
    /// 16 bytes in hexadecimal.
    pub salt: String,
    /// The counter is below this.
    pub max_counter: u32,
}

/// The answer to a captcha: its text or its proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CaptchaAnswer {
    /// The captcha's id.
    pub id: Uuid,
    /// What the picture says, in any case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_length = 32))]
    pub text: Option<String>,
    /// Or what was calculated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solution: Option<ProofSolution>,
}

/// The solution of a [`ProofChallenge`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ProofSolution {
    /// The counter that was found.
    pub counter: u32,
    /// Its derived key in hexadecimal.
    #[cfg_attr(feature = "server", schema(max_length = 128))]
    pub derived_key: String,
}

/// `POST /citizen/sessions`
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct CreateCitizenSession {
    /// CCCD or CMND as typed.
    pub id_number: String,
    /// The password, 1 to 256 characters.
    #[cfg_attr(feature = "server", validate(length(min = 1, max = 256)), schema(min_length = 1, max_length = 256))]
    pub password: String,
    /// Of a captcha for `sign_in`.
    pub captcha: CaptchaAnswer,
}

impl CreateCitizenSession {
    /// The number, or its field's error.
    pub fn parse(&self) -> Result<IdNumber, Vec<FieldError>> {
        IdNumber::parse(&self.id_number).map_err(|error| vec![error.under("id_number")])
    }
}

/// Answer of a citizen's sign-in and of `POST /citizen/sessions/refresh`. The refresh token travels as an HttpOnly
/// cookie beside it and is never in a body.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CitizenSession {
    /// A JWT for `Authorization: Bearer`; keep it in memory only.
    pub access_token: String,
    /// Seconds until it expires.
    pub expires_in: u32,
    /// The password was texted by the system: until an own one is set (`PUT /citizen/password`), every other
    /// operation is refused with `password_change_needed`.
    pub password_change_needed: bool,
}

/// `POST /citizen/sessions/mobile-signatures`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CreateMobileSignature {
    /// The phone whose SIM signs, as typed.
    pub phone: String,
    /// Of a captcha for `sign_in`.
    pub captcha: CaptchaAnswer,
}

impl CreateMobileSignature {
    /// The phone, or its field's error.
    pub fn parse(&self) -> Result<PhoneNumber, Vec<FieldError>> {
        PhoneNumber::parse(&self.phone).map_err(|error| vec![error.under("phone")])
    }
}

/// Answer of `POST /citizen/sessions/mobile-signatures`. A cookie beside it ties what follows to this browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct MobileSignature {
    /// Its id, to ask after it.
    pub id: Uuid,
    /// To be compared with what the phone shows: nobody signs for somebody else's request.
    pub verification_code: String,
    /// Until when the phone may sign.
    pub expires_at: DateTime<Utc>,
}

/// How far a signature on the phone has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum MobileSignatureState {
    /// The phone has not signed yet.
    Pending,
    /// Signed: the session is in the same answer, the first time it is asked for.
    Signed,
    /// Refused on the phone, by the provider, or by us because no account goes with the signer.
    Refused,
    /// Not signed in time, or asked for once more after it was signed.
    Expired,
}

/// Answer of `GET /citizen/sessions/mobile-signatures/{id}`
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct MobileSignatureProgress {
    /// How far it has come.
    pub state: MobileSignatureState,
    /// The session, once it is signed.
    pub session: Option<CitizenSession>,
}

/// `PUT /citizen/password`
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct ChangePassword {
    /// The password until now.
    #[cfg_attr(feature = "server", validate(length(min = 1, max = 256)), schema(min_length = 1, max_length = 256))]
    pub current_password: String,
    /// The password from now on, 8 to 128 characters.
    pub new_password: String,
}

impl ChangePassword {
    /// The new password, or what is wrong with it as far as the page can tell.
    pub fn parse(&self) -> Result<NewPassword, Vec<FieldError>> {
        let new = NewPassword::parse(&self.new_password).map_err(|error| vec![error.under("new_password")])?;
        if self.current_password == self.new_password {
            return Err(vec![FieldError::new("new_password", FieldCode::Unchanged, "the same as before")]);
        }
        Ok(new)
    }
}

/// `POST /citizen/password-resets`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CreatePasswordReset {
    /// CCCD or CMND as typed.
    pub id_number: String,
    /// The account's phone as typed.
    pub phone: String,
    /// Of a captcha for `password_reset`.
    pub captcha: CaptchaAnswer,
}

impl CreatePasswordReset {
    /// The number and the phone, or every field's error.
    pub fn parse(&self) -> Result<(IdNumber, PhoneNumber), Vec<FieldError>> {
        match (IdNumber::parse(&self.id_number), PhoneNumber::parse(&self.phone)) {
            (Ok(id_number), Ok(phone)) => Ok((id_number, phone)),
            (id_number, phone) => {
                let id_number = id_number.err().map(|error| error.under("id_number"));
                let phone = phone.err().map(|error| error.under("phone"));
                Err(id_number.into_iter().chain(phone).collect())
            }
        }
    }
}

/// Answer of `POST /citizen/password-resets`, the same whether there is such an account or not: where number and
/// phone belong to one account, a code is on its way to that phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PasswordReset {
    /// The reset's id, to complete it.
    pub id: Uuid,
    /// Until when it can be completed.
    pub expires_at: DateTime<Utc>,
    /// From when another may be asked for.
    pub resend_at: DateTime<Utc>,
    /// Wrong codes that it survives.
    pub tries: u32,
}

/// `POST /citizen/password-resets/{id}/completion`
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CompletePasswordReset {
    /// The code of the text, as typed.
    pub code: String,
    /// The password from now on, 8 to 128 characters.
    pub new_password: String,
}

impl CompletePasswordReset {
    /// The code and the password, or every field's error.
    pub fn parse(&self) -> Result<(OtpCode, NewPassword), Vec<FieldError>> {
        match (OtpCode::parse(&self.code), NewPassword::parse(&self.new_password)) {
            (Ok(code), Ok(new)) => Ok((code, new)),
            (code, new) => {
                let code = code.err().map(|error| error.under("code"));
                let new = new.err().map(|error| error.under("new_password"));
                Err(code.into_iter().chain(new).collect())
            }
        }
    }
}

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

/// `POST /citizen/phone-changes`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CreatePhoneChange {
    /// The phone from now on, as typed.
    pub phone: String,
}

impl CreatePhoneChange {
    /// The phone, or its field's error.
    pub fn parse(&self) -> Result<PhoneNumber, Vec<FieldError>> {
        PhoneNumber::parse(&self.phone).map_err(|error| vec![error.under("phone")])
    }
}

/// Answer of `POST /citizen/phone-changes`: a code is on its way to both phones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PhoneChange {
    /// Its id, to complete it.
    pub id: Uuid,
    /// The phone until now, all but the last four digits hidden.
    pub current_phone_masked: String,
    /// The phone from then on, all but the last four digits hidden.
    pub new_phone_masked: String,
    /// Until when it can be completed.
    pub expires_at: DateTime<Utc>,
    /// From when another may be asked for.
    pub resend_at: DateTime<Utc>,
    /// Wrong tries that it survives.
    pub tries: u32,
}

/// `POST /citizen/phone-changes/{id}/completion`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CompletePhoneChange {
    /// The code that the phone until now got.
    pub current_phone_code: String,
    /// The code that the new phone got.
    pub new_phone_code: String,
}

impl CompletePhoneChange {
    /// Both codes (of the phone until now, of the new one), or every field's error.
    pub fn parse(&self) -> Result<(OtpCode, OtpCode), Vec<FieldError>> {
        match (OtpCode::parse(&self.current_phone_code), OtpCode::parse(&self.new_phone_code)) {
            (Ok(current), Ok(new)) => Ok((current, new)),
            (current, new) => {
                let current = current.err().map(|error| error.under("current_phone_code"));
                let new = new.err().map(|error| error.under("new_phone_code"));
                Err(current.into_iter().chain(new).collect())
            }
        }
    }
}

/// What a citizen may ask for about their data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum DataRequestKind {
    /// Withdraw the consent to keep and use the data.
    WithdrawConsent,
    /// Close the account.
    CloseAccount,
}

/// How a request was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum DataRequestOutcome {
    /// Done as asked. For `close_account` the account is closed with the answer.
    Accepted,
    /// Not done; the words say why.
    Declined,
}

/// `POST /citizen/data-requests`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct CreateDataRequest {
    /// What is asked for.
    pub kind: DataRequestKind,
    /// Why, in the citizen's words; may be empty.
    #[serde(default)]
    #[cfg_attr(feature = "server", validate(length(max = 2000)), schema(max_length = 2000))]
    pub words: String,
}

/// A request about data, as the citizen sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DataRequest {
    /// Its id.
    pub id: Uuid,
    /// What is asked for.
    pub kind: DataRequestKind,
    /// Why, in the citizen's words.
    pub words: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// The last day for the answer: the second working day after the day it was made, in Asia/Ho_Chi_Minh.
    pub due_on: NaiveDate,
    /// Whether that day is over without an answer.
    pub is_overdue: bool,
    /// The answer, once there is one.
    pub answer: Option<DataRequestAnswer>,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DataRequestAnswer {
    /// How.
    pub outcome: DataRequestOutcome,
    /// In the administrator's words.
    pub words: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The administrator's name.
    pub by: String,
}

/// `GET /data-requests`: of the administrator's agency and below, open ones first, the oldest first; then those
/// answered, the newest first; at most 200.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DataRequestList {
    /// The requests.
    pub items: Vec<AccountDataRequest>,
}

/// A request as the administrator sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AccountDataRequest {
    /// The request.
    pub request: DataRequest,
    /// Whose account.
    pub account_id: Uuid,
    /// The citizen's name.
    pub full_name: PersonName,
    /// The citizen's number, all but the last four digits hidden.
    pub id_number_masked: String,
    /// The name of the unit that created the account.
    pub unit_name: String,
}

/// `POST /data-requests/{id}/answer`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct AnswerDataRequest {
    /// How it is answered.
    pub outcome: DataRequestOutcome,
    /// What the citizen reads.
    #[cfg_attr(feature = "server", validate(length(min = 1, max = 2000)), schema(min_length = 1, max_length = 2000))]
    pub words: String,
}
