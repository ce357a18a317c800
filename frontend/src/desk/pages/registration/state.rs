//! Screen 2 as one state and what can happen to it.
//!
//! Pure: a reducer without a browser. Owns when an error is shown, what an act needs, what stays
//! typed when the server has something newer, and what would be lost. Refuses calls (`work`).

use std::collections::BTreeSet;
use std::rc::Rc;

use chrono::{DateTime, NaiveDate, Utc};
use motcua_openapi::lookups::ExistingAccount;
use motcua_openapi::problem::{FieldCode, FieldError};
use motcua_openapi::registrations::{DetailsInput, Registration, RegistrationState, RequestFormFormat};
use motcua_openapi::values::IdNumber;
use yew::Reducible;

use super::form::{Field, Typed, is_certain};
use super::refused::{Spot, refusals, spot_of, taken_by};
use super::scan::Upload;
use motcua_frontend::api::ApiError;

/// What is known of the number: the rest of the form opens only where it is free.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Number {
    /// Not looked up: incomplete, or just changed.
    #[default]
    Unknown,
    /// The server is being asked.
    Asking(IdNumber),
    /// It has no account.
    Free(IdNumber),
    /// It has one.
    Taken(IdNumber, ExistingAccount),
    /// The server could not be asked.
    Failed(IdNumber, ApiError),
}

impl Number {
    /// The number that this is about.
    pub(crate) fn number(&self) -> Option<&IdNumber> {
        match self {
            Self::Unknown => None,
            Self::Asking(number) | Self::Free(number) | Self::Taken(number, _) | Self::Failed(number, _) => {
                Some(number)
            }
        }
    }
}

/// How far the saving of the draft is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Saving {
    /// Nothing under way.
    #[default]
    Idle,
    /// Under way.
    Busy,
    /// It failed; what is typed waits here.
    Failed(ApiError),
}

/// How far the opening of a draft is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Opening {
    /// The form can be worked on.
    #[default]
    Ready,
    /// The draft was asked for.
    Loading,
    /// It did not come.
    Failed(ApiError),
}

/// Somebody else changed the draft.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Conflict {
    /// Who.
    pub officer: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What both changed; the officer decides.
    pub contested: Vec<Field>,
}

/// A press of a button that asks the server for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// TẢI XUỐNG
    Download(RequestFormFormat),
    /// GỬI MÃ OTP
    SendOtp,
    /// TẠO TÀI KHOẢN
    Create,
    /// HỦY
    Cancel,
}

/// Screen 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Screen {
    /// How far the opening is.
    pub opening: Opening,
    /// The texts as typed.
    pub typed: Typed,
    /// What is known of the number.
    pub number: Number,
    /// The server's last word.
    pub saved: Option<Rc<Registration>>,
    /// How far the saving is.
    pub saving: Saving,
    /// Somebody else's change that the officer has not looked at yet.
    pub conflict: Option<Conflict>,
    /// The presses under way. Another one waits for them, and the same one is not taken again.
    pub acts: Vec<Act>,
    /// Why the last press failed.
    pub trouble: Option<ApiError>,
    /// What the last press found missing or wrong, for the summary.
    pub summary: Vec<FieldError>,
    /// How many presses have found something wrong: each shows the summary anew.
    pub failed_presses: u32,
    /// The scan on its way.
    pub upload: Upload,
    left: BTreeSet<Field>,
    revealed: bool,
    refusals: Vec<FieldError>,
}

/// What can happen on screen 2.
pub(crate) enum Happening {
    /// A draft was asked for, or did not come.
    Opening(Opening),
    /// Another registration, or none, is opened.
    Open(Option<Registration>),
    /// A field was typed into.
    Type(Field, String),
    /// A field was left.
    Leave(Field),
    /// The look-up moved on. What is about another number than the typed one is ignored.
    LookUp(Number),
    /// Saving moved on.
    Saving(Saving),
    /// The server's newest word.
    Update(Registration),
    /// Somebody else's newer word, and who.
    Overtaken(Registration, String, DateTime<Utc>),
    /// The officer keeps their own texts.
    KeepMine,
    /// The officer takes the server's texts.
    TakeTheirs,
    /// A press began.
    Press(Act),
    /// A press found the form wanting.
    Wanting(Vec<FieldError>),
    /// A press came to its end.
    Done(Act, Result<(), ApiError>),
    /// The scan's way moved on.
    Upload(Upload),
}

impl Reducible for Screen {
    type Action = Happening;

    fn reduce(self: Rc<Self>, happening: Happening) -> Rc<Self> {
        let mut screen = Rc::unwrap_or_clone(self);
        screen.apply(happening);
        Rc::new(screen)
    }
}

impl Screen {
    fn apply(&mut self, happening: Happening) {
        match happening {
            Happening::Opening(opening) => *self = Self::opening(opening),
            Happening::Open(registration) => *self = Self::opened(registration),
            Happening::Type(field, text) => self.type_into(field, text),
            Happening::Leave(field) => _ = self.left.insert(field),
            Happening::LookUp(number) if number.number() == self.typed.id_number().as_ref() => self.number = number,
            Happening::LookUp(_) => {}
            Happening::Saving(saving) => self.save(saving),
            Happening::Update(registration) => self.update(registration),
            Happening::Overtaken(theirs, officer, at) => self.overtaken(theirs, officer, at),
            Happening::KeepMine => self.conflict = None,
            Happening::TakeTheirs => self.take_theirs(),
            Happening::Press(act) => self.press(act),
            Happening::Wanting(errors) => self.want(errors),
            Happening::Done(act, result) => self.done(act, result.err()),
            Happening::Upload(upload) => self.attach(upload),
        }
    }

    /// A form that is not open to work on yet.
    pub(crate) fn opening(opening: Opening) -> Self {
        Self { opening, ..Self::default() }
    }

    fn opened(registration: Option<Registration>) -> Self {
        let Some(registration) = registration else { return Self::default() };
        let typed = Typed::of(&registration);
        let number = registration.details.id_number.clone().map_or(Number::Unknown, Number::Free);
        Self { typed, number, saved: Some(Rc::new(registration)), ..Self::default() }
    }

    fn type_into(&mut self, field: Field, text: String) {
        self.typed = std::mem::take(&mut self.typed).with(field, text);
        self.forgive(field);
        self.trouble = None;
        if matches!(&self.saving, Saving::Failed(error) if !error.may_pass()) {
            self.saving = Saving::Idle;
        }
        if field == Field::IdNumber && self.typed.id_number().as_ref() != self.number.number() {
            self.number = Number::Unknown;
        }
    }

    /// A field that was changed is no longer what was refused.
    fn forgive(&mut self, field: Field) {
        let others = |error: &FieldError| Field::of_wire(&error.field) != Some(field);
        self.refusals.retain(others);
        self.summary.retain(others);
    }

    fn save(&mut self, saving: Saving) {
        if let Saving::Failed(error) = &saving {
            self.refuse(error);
        }
        self.saving = saving;
    }

    fn attach(&mut self, upload: Upload) {
        self.upload = upload;
        self.forgive(Field::Scan);
    }

    fn update(&mut self, registration: Registration) {
        // Answers can overtake each other on the line: an older one tells nothing new.
        if self.saved.as_ref().is_none_or(|saved| registration.version >= saved.version) {
            self.saved = Some(Rc::new(registration));
        }
        self.saving = Saving::Idle;
    }

    fn overtaken(&mut self, theirs: Registration, officer: String, at: DateTime<Utc>) {
        let Some(saved) = self.saved.take() else { return };
        let (typed, contested) = self.typed.rebased(&saved, &theirs);
        // Where only the version grew, as by our own upload, there is nothing to look at.
        let seen = typed != self.typed || !contested.is_empty();
        self.conflict = seen.then_some(Conflict { officer, at, contested });
        self.typed = typed;
        self.update(theirs);
    }

    fn take_theirs(&mut self) {
        if let Some(saved) = &self.saved {
            let contested = self.conflict.take().map(|conflict| conflict.contested).unwrap_or_default();
            let theirs = |field| super::form::saved_text(saved, field);
            self.typed =
                contested.into_iter().fold(self.typed.clone(), |typed, field| typed.with(field, theirs(field)));
        }
    }

    fn press(&mut self, act: Act) {
        self.acts.push(act);
        self.trouble = None;
        self.summary.clear();
    }

    fn want(&mut self, errors: Vec<FieldError>) {
        self.revealed = true;
        self.failed_presses += 1;
        self.summary = errors;
    }

    fn done(&mut self, act: Act, trouble: Option<ApiError>) {
        self.acts.retain(|under_way| *under_way != act);
        let Some(trouble) = trouble else { return };
        self.refuse(&trouble);
        if !self.refusals.is_empty() {
            self.want(self.refusals.clone());
        }
        self.trouble = Some(trouble);
    }

    fn refuse(&mut self, error: &ApiError) {
        if let (Some(number), Some(account)) = (self.typed.id_number(), taken_by(error)) {
            self.number = Number::Taken(number, account);
        }
        self.refusals = refusals(error);
    }

    /// Whether the rest of the form is open.
    pub(crate) fn is_open(&self) -> bool {
        matches!(&self.number, Number::Free(number) if Some(number) == self.typed.id_number().as_ref())
    }

    /// Whether the citizen's phone has been confirmed.
    pub(crate) fn is_verified(&self) -> bool {
        self.saved.as_ref().is_some_and(|saved| saved.state == RegistrationState::PhoneVerified)
    }

    /// What would be saved now.
    pub(crate) fn pending(&self, today: NaiveDate) -> Option<DetailsInput> {
        self.typed.changes(self.saved.as_ref()?, self.is_open(), today)
    }

    /// Whether somebody else changed what the officer changed too, and nobody has decided yet.
    pub(crate) fn is_undecided(&self) -> bool {
        self.conflict.as_ref().is_some_and(|conflict| !conflict.contested.is_empty())
    }

    /// Whether there is something to save now, and it is the officer's to decide that it is.
    pub(crate) fn wants_saving(&self, today: NaiveDate) -> bool {
        let begins = self.saved.is_none() && self.is_open();
        !self.is_undecided() && self.saving != Saving::Busy && (begins || self.pending(today).is_some())
    }

    /// The error that stands under a field now.
    pub(crate) fn shown_error(&self, field: Field, today: NaiveDate) -> Option<FieldError> {
        let refused = self.refusals.iter().find(|error| Field::of_wire(&error.field) == Some(field));
        if let Some(refused) = refused {
            return Some(refused.clone());
        }
        match self.typed.error(field, today) {
            Some(error) if self.shows(field) || is_certain(&error, self.typed.get(field)) => Some(error),
            Some(_) => None,
            None => self.summary.iter().find(|error| Field::of_wire(&error.field) == Some(field)).cloned(),
        }
    }

    fn shows(&self, field: Field) -> bool {
        self.revealed || self.left.contains(&field)
    }

    /// The refusal to show at a spot.
    pub(crate) fn trouble_at(&self, spot: Spot) -> Option<&ApiError> {
        self.trouble.as_ref().filter(|trouble| spot_of(trouble) == spot)
    }

    /// What `act` still needs, in the order of the page.
    pub(crate) fn wanting(&self, act: Act, today: NaiveDate) -> Vec<FieldError> {
        let needed = |field: Field| match field {
            Field::Scan => act == Act::Create && self.saved.as_ref().is_none_or(|saved| saved.scan.is_none()),
            Field::Otp => act == Act::Create && !self.is_verified(),
            _ => field.is_required(),
        };
        let concerns = |field: &Field| *field != Field::Otp || act == Act::Create;
        let wanting = |field: Field| {
            self.typed.error(field, today).or_else(|| {
                let missing = needed(field) && self.typed.get(field).trim().is_empty();
                missing.then(|| FieldError::new(field.id(), FieldCode::Required, "required"))
            })
        };
        Field::ALL.into_iter().filter(concerns).filter_map(wanting).collect()
    }

    /// Whether something is typed that the server does not have.
    pub(crate) fn is_unsaved(&self, today: NaiveDate) -> bool {
        if matches!(self.upload, Upload::Sending { .. }) {
            return true;
        }
        match &self.saved {
            None => !self.typed.is_empty(),
            Some(saved) => {
                let invalid = |field: Field| field != Field::Otp && self.typed.error(field, today).is_some();
                self.typed.changes(saved, true, today).is_some() || Field::ALL.into_iter().any(invalid)
            }
        }
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
