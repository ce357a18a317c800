//! A registration and its life: `Draft → PhoneVerified → Completed`, or `Cancelled`, or `Expired`.
//!
//! Every transition consumes the registration and returns the next one, or the state that forbids it.

use chrono::{DateTime, Duration, Utc};
use motcua_openapi::registrations::{Change, Details, DetailsChange, RegistrationState, ScanKind};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A registration as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Its id.
    pub id: Uuid,
    /// The version as read; saving raises it by one.
    pub version: i32,
    /// Who began it.
    pub officer_id: Uuid,
    /// The unit chosen.
    pub unit_id: Option<Uuid>,
    /// What was entered.
    pub details: Details,
    /// The scan, once attached.
    pub scan: Option<ScanRecord>,
    /// The request form, once made.
    pub form: Option<FormRecord>,
    /// The newest code.
    pub otp: OtpCursor,
    /// Where it stands.
    pub state: State,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Who changed it last.
    pub updated_by: Uuid,
    /// When it will be erased if it is left.
    pub expires_at: DateTime<Utc>,
}

/// Where a registration stands, with what belongs to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Being filled in.
    Draft,
    /// The phone was confirmed.
    PhoneVerified {
        /// When.
        at: DateTime<Utc>,
    },
    /// The account exists.
    Completed {
        /// Which.
        account_id: Uuid,
    },
    /// Given up; erased.
    Cancelled,
    /// Left too long; erased.
    Expired,
}

impl State {
    /// The state without what belongs to it.
    pub fn name(self) -> RegistrationState {
        match self {
            Self::Draft => RegistrationState::Draft,
            Self::PhoneVerified { .. } => RegistrationState::PhoneVerified,
            Self::Completed { .. } => RegistrationState::Completed,
            Self::Cancelled => RegistrationState::Cancelled,
            Self::Expired => RegistrationState::Expired,
        }
    }
}

/// The scan as recorded beside its sealed bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanRecord {
    /// Its name in the object store.
    pub object: Uuid,
    /// The file's name as uploaded.
    pub file_name: String,
    /// What it is.
    pub kind: ScanKind,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// When it was attached.
    pub uploaded_at: DateTime<Utc>,
}

/// The request form last made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormRecord {
    /// The code printed on it.
    pub code: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Which code is the newest: decided by `sequence`, never by a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OtpCursor {
    /// Codes of a lower sequence are dead.
    pub sequence: i32,
    /// The message that carries, or will carry, the newest code.
    pub message_id: Option<Uuid>,
}

impl OtpCursor {
    /// Kills every code so far; the next is carried by `message_id`, or none is on its way.
    #[must_use]
    pub fn superseded_by(self, message_id: Option<Uuid>) -> Self {
        Self { sequence: self.sequence + 1, message_id }
    }
}

/// The state forbids it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongState(pub State);

/// Who does something, and when.
#[derive(Clone, Copy, Debug)]
pub struct By {
    /// The officer.
    pub officer_id: Uuid,
    /// The instant.
    pub at: DateTime<Utc>,
}

impl Registration {
    /// An empty draft that is kept for `kept`.
    pub fn begin(id: Uuid, by: By, kept: Duration) -> Self {
        Self {
            id,
            version: 1,
            officer_id: by.officer_id,
            unit_id: None,
            details: Details::default(),
            scan: None,
            form: None,
            otp: OtpCursor::default(),
            state: State::Draft,
            created_at: by.at,
            updated_at: by.at,
            updated_by: by.officer_id,
            expires_at: by.at + kept,
        }
    }

    /// Whether it is still being worked on.
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Draft | State::PhoneVerified { .. })
    }

    /// Changes details and unit. Another phone drops the phone check and kills its codes.
    ///
    /// # Errors
    /// Where it is no longer open.
    pub fn change(self, change: &DetailsChange, by: By) -> Result<Self, WrongState> {
        let mut next = self.open()?.touched(by);
        let details = next.details.changed_by(change);
        if details.phone != next.details.phone {
            next.state = State::Draft;
            next.otp = next.otp.superseded_by(None);
        }
        next.details = details;
        if let Change::Set(unit) = change.unit_id {
            next.unit_id = Some(unit);
        }
        Ok(next)
    }

    /// Attaches a scan in place of the one before.
    ///
    /// # Errors
    /// Where it is no longer open.
    pub fn attach_scan(self, scan: ScanRecord, by: By) -> Result<Self, WrongState> {
        Ok(Self { scan: Some(scan), ..self.open()?.touched(by) })
    }

    /// Asks for a code, to be carried by `message_id`: every code before it is dead from now on.
    ///
    /// # Errors
    /// Where the phone is confirmed already, or it is no longer open.
    pub fn request_code(self, message_id: Uuid) -> Result<Self, WrongState> {
        match self.state {
            State::Draft => Ok(Self { otp: self.otp.superseded_by(Some(message_id)), ..self }),
            state => Err(WrongState(state)),
        }
    }

    /// The citizen has read out the newest code.
    ///
    /// # Errors
    /// Where the phone is confirmed already, or it is no longer open.
    pub fn verify_phone(self, by: By) -> Result<Self, WrongState> {
        match self.state {
            State::Draft => Ok(Self { state: State::PhoneVerified { at: by.at }, ..self.touched(by) }),
            state => Err(WrongState(state)),
        }
    }

    /// The account exists. Details and scan are its own from now on and are not kept here.
    ///
    /// # Errors
    /// Where the phone is not confirmed.
    pub fn complete(self, account_id: Uuid, by: By) -> Result<Self, WrongState> {
        match self.state {
            State::PhoneVerified { .. } => Ok(self.erased(State::Completed { account_id }, by)),
            state => Err(WrongState(state)),
        }
    }

    /// Gives it up and erases it.
    ///
    /// # Errors
    /// Where it is no longer open.
    pub fn cancel(self, by: By) -> Result<Self, WrongState> {
        Ok(self.open()?.erased(State::Cancelled, by))
    }

    /// Erases it because it was left too long. Its last change stays its last officer's.
    ///
    /// # Errors
    /// Where it is no longer open.
    pub fn expire(self, at: DateTime<Utc>) -> Result<Self, WrongState> {
        let by = By { officer_id: self.updated_by, at };
        Ok(self.open()?.erased(State::Expired, by))
    }

    fn open(self) -> Result<Self, WrongState> {
        if self.is_open() { Ok(self) } else { Err(WrongState(self.state)) }
    }

    fn touched(self, by: By) -> Self {
        Self { updated_at: by.at, updated_by: by.officer_id, ..self }
    }

    fn erased(self, state: State, by: By) -> Self {
        let otp = self.otp.superseded_by(None);
        Self { state, otp, details: Details::default(), scan: None, ..self.touched(by) }
    }
}

#[cfg(test)]
mod tests {
    use motcua_openapi::registrations::DetailsInput;

    use super::*;

    fn by() -> By {
        By { officer_id: Uuid::from_u128(1), at: DateTime::from_timestamp(1_800_000_000, 0).unwrap() }
    }

    fn draft() -> Registration {
        Registration::begin(Uuid::from_u128(2), by(), Duration::hours(24))
    }

    fn phone(text: &str) -> DetailsChange {
        let input = DetailsInput { phone: Some(text.into()), ..DetailsInput::default() };
        input.parse(by().at.date_naive()).unwrap()
    }

    #[test]
    fn another_phone_drops_the_phone_check_and_kills_the_codes() {
        let verified = draft().change(&phone("0905437123"), by()).unwrap().verify_phone(by()).unwrap();
        let same = verified.clone().change(&phone("+84 905 437 123"), by()).unwrap();
        assert_eq!((same.state, same.otp), (verified.state, verified.otp));
        let other = verified.clone().change(&phone("0905437124"), by()).unwrap();
        assert_eq!((other.state, other.otp.sequence), (State::Draft, verified.otp.sequence + 1));
    }

    #[test]
    fn a_new_code_kills_the_older_at_once() {
        let first = draft().request_code(Uuid::from_u128(7)).unwrap();
        let second = first.clone().request_code(Uuid::from_u128(8)).unwrap();
        assert!(second.otp.sequence > first.otp.sequence);
        assert_eq!(second.otp.message_id, Some(Uuid::from_u128(8)));
    }

    #[test]
    fn nothing_happens_to_what_has_ended() {
        let completed = draft().verify_phone(by()).unwrap().complete(Uuid::from_u128(9), by()).unwrap();
        let ended = [completed, draft().cancel(by()).unwrap(), draft().expire(by().at).unwrap()];
        for over in ended {
            let refused = WrongState(over.state);
            assert_eq!(over.clone().change(&phone("0905437123"), by()), Err(refused));
            assert_eq!(over.clone().request_code(Uuid::nil()), Err(refused));
            assert_eq!(over.clone().verify_phone(by()), Err(refused));
            assert_eq!(over.clone().complete(Uuid::nil(), by()), Err(refused));
            assert_eq!(over.clone().cancel(by()), Err(refused));
            assert_eq!(over.details, Details::default());
            assert_eq!(over.scan, None);
        }
    }

    #[test]
    fn an_account_needs_a_confirmed_phone() {
        assert_eq!(draft().complete(Uuid::nil(), by()), Err(WrongState(State::Draft)));
    }
}
