//! What is remembered: who did what on whom, when and from where. By ids, nothing personal.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::desk::{OfficerRef, UnitRef};
use crate::problem::{FieldCode, FieldError};

macro_rules! acts {
    ($($(#[doc = $doc:literal])+ $act:ident = $text:literal on $subject:ident;)+) => {
        /// An act worth remembering. Stable: an act's name never changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Act {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $act,)+
        }

        impl Act {
            /// Every act.
            pub const ALL: &'static [Self] = &[$(Self::$act),+];

            /// As it stands on the wire and in the table.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$act => $text),+ }
            }

            /// The act of a name.
            pub fn named(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$act),)+ _ => None }
            }

            /// What kind of thing it is done on.
            pub fn subject(self) -> SubjectKind {
                match self { $(Self::$act => SubjectKind::$subject),+ }
            }
        }
    };
}

/// By hand: the derive does not see a rename that a macro writes.
#[cfg(feature = "server")]
impl utoipa::PartialSchema for Act {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .enum_values(Some(Self::ALL.iter().map(|act| act.as_str())))
            .into()
    }
}

#[cfg(feature = "server")]
impl utoipa::ToSchema for Act {}

acts! {
    /// An officer signed in.
    SessionCreated = "session_created" on Session;
    /// A refresh token came back after it was used: the session was ended.
    SessionReused = "session_reused" on Session;
    /// A registration was opened with its numbers unmasked.
    RegistrationRead = "registration_read" on Registration;
    /// A registration was given up.
    RegistrationCancelled = "registration_cancelled" on Registration;
    /// A registration was left too long and erased.
    RegistrationExpired = "registration_expired" on Registration;
    /// A scan was attached.
    ScanAttached = "scan_attached" on Registration;
    /// A scan was looked at.
    ScanRead = "scan_read" on Registration;
    /// A request form was made.
    RequestFormMade = "request_form_made" on Registration;
    /// A code was asked for.
    OtpRequested = "otp_requested" on Registration;
    /// A phone was confirmed.
    PhoneVerified = "phone_verified" on Registration;
    /// An account was created.
    AccountCreated = "account_created" on Account;
    /// An account was opened with its numbers unmasked.
    AccountRead = "account_read" on Account;
    /// Another password was sent for an account.
    PasswordResent = "password_resent" on Account;
    /// A citizen signed in.
    CitizenSignedIn = "citizen_signed_in" on Account;
    /// A refresh token of a citizen's came back after it was used: the session was ended.
    CitizenSessionReused = "citizen_session_reused" on Account;
    /// A citizen changed the password.
    CitizenPasswordChanged = "citizen_password_changed" on Account;
    /// A citizen set another password by a code.
    CitizenPasswordReset = "citizen_password_reset" on Account;
    /// A citizen looked at what is held about them.
    CitizenDataRead = "citizen_data_read" on Account;
    /// A citizen downloaded what is held about them.
    CitizenDataExported = "citizen_data_exported" on Account;
    /// A citizen changed the e-mail address.
    CitizenEmailChanged = "citizen_email_changed" on Account;
    /// A citizen changed the phone, confirmed by a code on both.
    CitizenPhoneChanged = "citizen_phone_changed" on Account;
    /// A citizen asked for something about their data.
    DataRequested = "data_requested" on Account;
    /// What a citizen asked for was answered.
    DataRequestAnswered = "data_request_answered" on Account;
    /// An account was closed.
    AccountClosed = "account_closed" on Account;
    /// The audit was searched.
    AuditRead = "audit_read" on Audit;
    /// The audit was exported.
    AuditExported = "audit_exported" on Audit;
    /// A list of officers was uploaded and checked.
    ImportChecked = "import_checked" on OfficerImport;
    /// A list of officers was applied.
    ImportApplied = "import_applied" on OfficerImport;
    /// The list of officers was exported.
    OfficersExported = "officers_exported" on Unit;
    /// An officer was authorised by an import.
    OfficerImported = "officer_imported" on Officer;
    /// An officer was changed by an import.
    OfficerChangedByImport = "officer_changed_by_import" on Officer;
    /// A unit was created.
    UnitCreated = "unit_created" on Unit;
    /// A unit got another name.
    UnitRenamed = "unit_renamed" on Unit;
    /// A unit was retired.
    UnitRetired = "unit_retired" on Unit;
    /// An officer was authorised.
    OfficerAuthorised = "officer_authorised" on Officer;
    /// An officer was opened with the phone unmasked.
    OfficerRead = "officer_read" on Officer;
    /// An officer's name, phone or role was changed.
    OfficerChanged = "officer_changed" on Officer;
    /// An officer was assigned to other units.
    OfficerUnitsAssigned = "officer_units_assigned" on Officer;
    /// An officer was suspended, and their sessions ended.
    OfficerSuspended = "officer_suspended" on Officer;
    /// An officer may sign in again.
    OfficerResumed = "officer_resumed" on Officer;
    /// Another password was sent to an officer.
    OfficerPasswordSent = "officer_password_sent" on Officer;
    /// An officer changed their own password.
    OwnPasswordChanged = "own_password_changed" on Officer;
    /// An officer enrolled a second factor.
    SecondFactorEnrolled = "second_factor_enrolled" on Officer;
    /// An officer removed one of their second factors.
    SecondFactorRemoved = "second_factor_removed" on Officer;
    /// Somebody else removed an officer's second factors.
    SecondFactorsReset = "second_factors_reset" on Officer;
    /// An officer asked for a unit.
    UnitRequested = "unit_requested" on UnitRequest;
    /// A request for a unit was answered.
    UnitRequestAnswered = "unit_request_answered" on UnitRequest;
}

/// What kind of thing an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum SubjectKind {
    /// Somebody's session.
    Session,
    /// A registration, until it is an account.
    Registration,
    /// A citizen's account.
    Account,
    /// An officer, administrator or auditor.
    Officer,
    /// A unit.
    Unit,
    /// An officer's request for a unit.
    UnitRequest,
    /// An uploaded list of officers.
    OfficerImport,
    /// The audit itself.
    Audit,
}

impl SubjectKind {
    /// As it stands on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Registration => "registration",
            Self::Account => "account",
            Self::Officer => "officer",
            Self::Unit => "unit",
            Self::UnitRequest => "unit_request",
            Self::OfficerImport => "officer_import",
            Self::Audit => "audit",
        }
    }
}

/// What an event is about, by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Subject {
    /// What kind of thing.
    pub kind: SubjectKind,
    /// Its id.
    pub id: Uuid,
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum Actor {
    /// An officer, administrator or auditor.
    Officer {
        /// Who.
        officer: OfficerRef,
    },
    /// A citizen, on their own account.
    Citizen {
        /// The account.
        account_id: Uuid,
    },
    /// The system by itself, or whoever runs its commands.
    System,
}

/// A field that an act changed; only such whose value tells nothing about a person have values here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Change {
    /// Which.
    pub field: ChangedField,
    /// Its value before; `None` where there was none or it is personal.
    pub before: Option<String>,
    /// Its value after; `None` where there is none or it is personal.
    pub after: Option<String>,
}

impl Change {
    /// That a field changed, and nothing of how.
    pub fn of(field: ChangedField) -> Self {
        Self { field, before: None, after: None }
    }

    /// What a field of something new is.
    pub fn to(field: ChangedField, after: impl Into<String>) -> Self {
        Self { field, before: None, after: Some(after.into()) }
    }

    /// What a field was and is.
    pub fn between(field: ChangedField, before: impl Into<String>, after: impl Into<String>) -> Self {
        Self { field, before: Some(before.into()), after: Some(after.into()) }
    }

    /// Which units there were and are.
    pub fn units(before: &[Uuid], after: &[Uuid]) -> Self {
        Self::between(ChangedField::Units, ids(before), ids(after))
    }
}

/// Each once, in order, with commas between.
fn ids(units: &[Uuid]) -> String {
    let mut ids: Vec<String> = units.iter().map(Uuid::to_string).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.join(",")
}

/// A field that an act can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum ChangedField {
    /// A person's or a unit's name: that it changed, not what it was.
    Name,
    /// A phone: that it changed, not what it was.
    Phone,
    /// An e-mail: that it changed, not what it was.
    Email,
    /// A role, by its name on the wire.
    Role,
    /// A state, by its name on the wire.
    State,
    /// The unit at the top of an agency, by id.
    Agency,
    /// Units, by ids with commas between.
    Units,
    /// The unit above, by id.
    Parent,
    /// How many rows a list had.
    Rows,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AuditEvent {
    /// Its id.
    pub id: Uuid,
    /// Its place in the sealed chain; `None` until it is sealed, seconds after it was written.
    pub sequence: Option<u64>,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: Actor,
    /// What.
    pub act: Act,
    /// On whom or what.
    pub subject: Option<Subject>,
    /// The unit that the subject belongs to, where it is known.
    pub unit: Option<UnitRef>,
    /// From where: the address of the caller.
    pub remote_address: Option<String>,
    /// What changed.
    pub changes: Vec<Change>,
}

/// `POST /audit-events/search`. Filters left out or empty do not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct SearchAuditEvents {
    /// Any of these acts.
    #[cfg_attr(feature = "server", validate(length(max = 100)), schema(max_items = 100))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub acts: Vec<Act>,
    /// The officer who did it, by id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub officer_id: Option<Uuid>,
    /// The officer who did it: any part of the name, any case, with or without diacritics.
    #[cfg_attr(feature = "server", validate(length(max = 100)), schema(max_length = 100))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub officer_name: Option<String>,
    /// What it was done on, by id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_id: Option<Uuid>,
    /// First day, in Asia/Ho_Chi_Minh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day, inclusive, in Asia/Ho_Chi_Minh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// `next` of the page before.
    #[cfg_attr(feature = "server", validate(length(max = 200)), schema(max_length = 200))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows a page, 1 to 100; 50 where left out.
    #[cfg_attr(feature = "server", validate(range(min = 1, max = 100)), schema(minimum = 1, maximum = 100))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// The query of `GET /audit-events/export`: as the search, but nothing in it is anybody's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "server", into_params(parameter_in = Query))]
pub struct ExportAuditEvents {
    /// This act only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<Act>,
    /// The officer who did it, by id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub officer_id: Option<Uuid>,
    /// What it was done on, by id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_id: Option<Uuid>,
    /// First day, in Asia/Ho_Chi_Minh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day, inclusive, in Asia/Ho_Chi_Minh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

/// Answer of `POST /audit-events/search`, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AuditPage {
    /// The events.
    pub items: Vec<AuditEvent>,
    /// The cursor of the next page; `None` on the last.
    pub next: Option<String>,
}

/// Parsed filters of a search or an export.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Any of these acts; empty = any.
    pub acts: Vec<Act>,
    /// The officer.
    pub officer_id: Option<Uuid>,
    /// What is looked for in the officer's name; empty = any.
    pub officer_name: String,
    /// The subject.
    pub subject_id: Option<Uuid>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
}

impl SearchAuditEvents {
    /// The filters, or every field's error. The officer's name is folded by the server.
    pub fn parse(&self) -> Result<AuditFilter, Vec<FieldError>> {
        let errors = day_errors(self.from, self.to);
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(AuditFilter {
            acts: self.acts.clone(),
            officer_id: self.officer_id,
            officer_name: self.officer_name.clone().unwrap_or_default(),
            subject_id: self.subject_id,
            from: self.from,
            to: self.to,
        })
    }
}

impl ExportAuditEvents {
    /// The filters, or every field's error.
    pub fn parse(&self) -> Result<AuditFilter, Vec<FieldError>> {
        let errors = day_errors(self.from, self.to);
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(AuditFilter {
            acts: self.act.into_iter().collect(),
            officer_id: self.officer_id,
            officer_name: String::new(),
            subject_id: self.subject_id,
            from: self.from,
            to: self.to,
        })
    }
}

fn day_errors(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Vec<FieldError> {
    let reversed = matches!((from, to), (Some(from), Some(to)) if to < from)
        .then(|| FieldError::new("to", FieldCode::RangeReversed, "the last day is before the first"));
    let errors = [crate::accounts::far_out("from", from), crate::accounts::far_out("to", to), reversed];
    errors.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_reads_the_same_on_the_wire_and_in_words() {
        for act in Act::ALL {
            assert_eq!(serde_json::to_value(act).unwrap(), act.as_str());
            assert_eq!(Act::named(act.as_str()), Some(*act));
            let subject = act.subject();
            assert_eq!(serde_json::to_value(subject).unwrap(), subject.as_str());
        }
    }

    #[test]
    fn a_range_that_is_reversed_or_far_out_is_refused_at_its_field() {
        let day = |year| NaiveDate::from_ymd_opt(year, 3, 2);
        let search = SearchAuditEvents { from: day(2026), to: day(2025), ..SearchAuditEvents::default() };
        assert_eq!(search.parse().unwrap_err()[0].code, FieldCode::RangeReversed);
        let export = ExportAuditEvents { from: day(-4000), ..ExportAuditEvents::default() };
        assert_eq!(export.parse().unwrap_err()[0].field, "from");
    }
}
