//! The calls that screen 2 makes, each told to its state.
//!
//! Owns their order: writes of one registration go one after the other, so that no version is
//! stale by our own doing. Refuses markup, and rules that `state` can decide without a server.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::lock::Mutex;
use motcua_openapi::problem::ProblemCode;
use motcua_openapi::registrations::{
    DetailsInput, Registration, RegistrationState, RequestFormFormat, UpdateRegistration,
};
use motcua_openapi::values::{IdNumber, OtpCode};
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use super::form::Field;
use super::scan::{self, Refusal, Upload};
use super::state::{Act, Happening, Number, Opening, Saving, Screen};
use crate::route::Route;
use motcua_frontend::api::ApiError;
use motcua_frontend::browser;
use motcua_frontend::staff::Workplace;

/// How often a save is tried again at once when only the version was old.
const CATCH_UPS: u32 = 3;

/// Screen 2 at work: its state, and the calls that change it.
#[derive(Clone)]
pub(crate) struct Work {
    /// The state. A handle reads the newest, also inside a call that began long before.
    pub screen: UseReducerHandle<Screen>,
    /// The workplace.
    pub place: Workplace,
    pub(super) navigator: Navigator,
    pub(super) turns: Rc<Turns>,
}

/// What calls share that is not drawn.
#[derive(Default)]
pub(super) struct Turns {
    writing: Mutex<()>,
    acting: Mutex<()>,
    /// The number that a draft is begun with and its idempotency key: a repeated try is one act.
    beginning: RefCell<Option<(IdNumber, String)>>,
}

impl PartialEq for Work {
    fn eq(&self, other: &Self) -> bool {
        self.screen == other.screen && self.place == other.place
    }
}

impl Work {
    /// Tells the state.
    pub(crate) fn tell(&self, happening: Happening) {
        self.screen.dispatch(happening);
    }

    /// The desk's date.
    pub(crate) fn today(&self) -> chrono::NaiveDate {
        self.place.clock.today()
    }

    /// Opens a draft, or an empty form; what is open already stays as it is.
    pub(crate) fn open(&self, id: Option<Uuid>) {
        if self.screen.saved.as_ref().map(|saved| saved.id) == id && self.screen.opening == Opening::Ready {
            return;
        }
        let Some(id) = id else { return self.open_empty() };
        self.tell(Happening::Opening(Opening::Loading));
        let work = self.clone();
        spawn_local(async move {
            work.tell(match work.place.api.registration(id).await {
                Ok(registration) => Happening::Open(Some(registration)),
                Err(error) => Happening::Opening(Opening::Failed(error)),
            });
            work.choose_only_unit();
        });
    }

    fn open_empty(&self) {
        self.tell(Happening::Open(None));
        self.choose_only_unit();
    }

    /// Where there is one unit to choose from it is chosen.
    fn choose_only_unit(&self) {
        if let [unit] = self.place.me.units.as_slice()
            && self.screen.typed.get(Field::Unit).is_empty()
        {
            self.tell(Happening::Type(Field::Unit, unit.id.to_string()));
        }
    }

    /// Looks the typed number up, unless that has been done; then begins the draft.
    pub(crate) fn look_up(&self) {
        let Some(number) = self.screen.typed.id_number() else { return };
        let known = &self.screen.number;
        if known.number() == Some(&number) && !matches!(known, Number::Failed(..)) {
            return;
        }
        self.tell(Happening::LookUp(Number::Asking(number.clone())));
        let work = self.clone();
        spawn_local(async move {
            let answer = work.place.api.look_up(&number).await;
            work.tell(Happening::LookUp(match answer.map(|answer| answer.account) {
                Ok(None) => Number::Free(number),
                Ok(Some(account)) => Number::Taken(number, account),
                Err(error) => Number::Failed(number, error),
            }));
            work.save_soon();
        });
    }

    /// Saves what there is to save, without waiting for it.
    pub(crate) fn save_soon(&self) {
        if self.screen.wants_saving(self.today()) {
            let work = self.clone();
            spawn_local(async move {
                // The state was told why, and tries again by itself.
                let _ = work.save().await;
            });
        }
    }

    /// Saves what is valid and new. What fails is told to the state.
    pub(crate) async fn save(&self) -> Result<(), ApiError> {
        let _turn = self.turns.writing.lock().await;
        for _ in 0..CATCH_UPS {
            match self.write().await {
                Ok(None) => return Ok(()),
                Ok(Some(registration)) => self.tell(Happening::Update(registration)),
                Err(error) if error.is(ProblemCode::StaleVersion) => self.catch_up(&error).await?,
                Err(error) => return Err(self.saving_failed(error).await),
            }
        }
        Ok(())
    }

    /// One write; `None` where there is nothing to write.
    async fn write(&self) -> Result<Option<Registration>, ApiError> {
        if !self.screen.wants_saving(self.today()) {
            return Ok(None);
        }
        let saved = self.screen.saved.clone();
        let changes = self.screen.pending(self.today()).unwrap_or_default();
        self.tell(Happening::Saving(Saving::Busy));
        match saved {
            None => self.begin().await.map(Some),
            Some(saved) => {
                let update = UpdateRegistration { version: saved.version, changes };
                self.place.api.update_registration(saved.id, &update).await.map(Some)
            }
        }
    }

    /// Begins the draft with the number alone; the rest follows as changes. From now on the address
    /// names the draft, so that a reload finds it.
    async fn begin(&self) -> Result<Registration, ApiError> {
        let number = self.screen.typed.id_number().ok_or(ApiError::SignedOut)?;
        let key = self.key_of_beginning(&number);
        let details = DetailsInput { id_number: Some(number.to_string()), ..DetailsInput::default() };
        let registration = self.place.api.create_registration(&details, &key).await?;
        self.navigator.replace(&Route::Registration { id: registration.id });
        Ok(registration)
    }

    fn key_of_beginning(&self, number: &IdNumber) -> String {
        let mut beginning = self.turns.beginning.borrow_mut();
        match &*beginning {
            Some((begun, key)) if begun == number => key.clone(),
            _ => beginning.insert((number.clone(), browser::random_key())).1.clone(),
        }
    }

    /// Takes over what somebody else saved.
    async fn catch_up(&self, stale: &ApiError) -> Result<(), ApiError> {
        let Some(saved) = self.screen.saved.clone() else { return Ok(()) };
        match self.place.api.registration(saved.id).await {
            Ok(theirs) => {
                let officer = stale.param("officer").unwrap_or_default().to_owned();
                let at = stale.param("updated_at").and_then(|at| at.parse().ok()).unwrap_or(theirs.updated_at);
                self.tell(Happening::Overtaken(theirs, officer, at));
                Ok(())
            }
            Err(error) => Err(self.saving_failed(error).await),
        }
    }

    async fn saving_failed(&self, error: ApiError) -> ApiError {
        if error.is(ProblemCode::WrongState) {
            self.refresh().await;
        }
        self.tell(Happening::Saving(Saving::Failed(error.clone())));
        error
    }

    /// Reads the registration anew; where that fails the state stays as it is.
    pub(crate) async fn refresh(&self) {
        let Some(saved) = self.screen.saved.clone() else { return };
        if let Ok(registration) = self.place.api.registration(saved.id).await {
            self.tell(Happening::Update(registration));
        }
    }

    /// Attaches a file as the scan, after saying what can be said of it before it is sent.
    pub(crate) fn attach(&self, file: web_sys::File) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a file's size is a whole number")]
        let about = scan::File { name: file.name(), bytes: file.size() as u64 };
        if let Err(refusal) = scan::check(&about, self.place.desk.scan_max_bytes) {
            return self.tell(Happening::Upload(Upload::Refused(about, refusal)));
        }
        self.tell(Happening::Upload(Upload::Sending { name: about.name.clone(), percent: 0 }));
        let work = self.clone();
        spawn_local(async move {
            let result = work.upload(&file).await;
            work.tell(Happening::Upload(match result {
                Ok(()) => Upload::Idle,
                Err(error) => Upload::Refused(about, Refusal::Answer(error)),
            }));
        });
    }

    async fn upload(&self, file: &web_sys::File) -> Result<(), ApiError> {
        self.save().await?;
        let id = self.saved_id()?;
        let (screen, name) = (self.screen.dispatcher(), file.name());
        let on_progress = Callback::from(move |percent| {
            screen.dispatch(Happening::Upload(Upload::Sending { name: name.clone(), percent }));
        });
        let registration = self.place.api.attach_scan(id, file, on_progress).await?;
        self.tell(Happening::Update(registration));
        Ok(())
    }

    /// The draft's id. There is one as soon as the rest of the form is open and the line holds.
    fn saved_id(&self) -> Result<Uuid, ApiError> {
        self.screen.saved.as_ref().map(|saved| saved.id).ok_or(ApiError::Unreachable)
    }

    /// Takes a press: lists what it still needs, or does it, after those that came before.
    pub(crate) fn press(&self, act: Act) {
        if self.screen.acts.contains(&act) {
            return;
        }
        if self.screen.is_undecided() && act != Act::Cancel {
            return browser::focus(super::conflict::ID);
        }
        let wanting = if act == Act::Cancel { vec![] } else { self.screen.wanting(act, self.today()) };
        if !wanting.is_empty() {
            return self.tell(Happening::Wanting(wanting));
        }
        self.tell(Happening::Press(act));
        let work = self.clone();
        spawn_local(async move {
            let _turn = work.turns.acting.lock().await;
            let result = work.perform(act).await;
            work.tell(Happening::Done(act, result));
        });
    }

    async fn perform(&self, act: Act) -> Result<(), ApiError> {
        if act != Act::Cancel {
            self.save().await?;
        }
        let id = self.saved_id()?;
        match act {
            Act::Download(format) => self.download(id, format).await,
            Act::SendOtp => {
                self.place.api.send_otp(id, &browser::random_key()).await?;
                self.refresh().await;
                Ok(())
            }
            Act::Create => self.create(id).await,
            Act::Cancel => {
                self.place.api.cancel_registration(id).await?;
                self.navigator.push(&Route::Accounts);
                Ok(())
            }
        }
    }

    async fn download(&self, id: Uuid, format: RequestFormFormat) -> Result<(), ApiError> {
        let file = self.place.api.request_form(id, format).await?;
        let name = file.name.unwrap_or_else(|| match format {
            RequestFormFormat::Pdf => "giay-de-nghi.pdf".to_owned(),
            RequestFormFormat::Docx => "giay-de-nghi.docx".to_owned(),
        });
        // Only a browser without memory fails here, and it says so itself.
        let _ = browser::save_file(&name, &file.media_type, &file.bytes);
        self.refresh().await;
        Ok(())
    }

    /// Verifies the code, unless the phone is confirmed already, and makes the account.
    async fn create(&self, id: Uuid) -> Result<(), ApiError> {
        // An earlier press whose answer was lost on the line may have gone through.
        self.refresh().await;
        if !self.is_past(RegistrationState::Draft)
            && let Ok(code) = OtpCode::parse(self.screen.typed.get(Field::Otp))
        {
            let verified = self.place.api.verify_otp(id, &code).await?;
            self.tell(Happening::Update(verified));
        }
        let account = match self.screen.saved.as_ref().and_then(|saved| saved.account_id) {
            Some(account) => account,
            // The act is "the account of this registration": the same key however often it is pressed.
            None => self.place.api.create_account(id, &format!("account-of-{id}")).await?.id,
        };
        self.navigator.push(&Route::Created { id: account });
        Ok(())
    }

    fn is_past(&self, state: RegistrationState) -> bool {
        self.screen.saved.as_ref().is_some_and(|saved| saved.state != state)
    }

    /// Leaves the form. `false`: something would be lost; the officer must be asked first.
    pub(crate) async fn leave(&self) -> bool {
        // What can be saved is, so that only the rest has to be asked about. A line that failed
        // just now is not waited for.
        if !matches!(self.screen.saving, Saving::Failed(_)) {
            let _ = self.save().await;
        }
        let leaves = !self.screen.is_unsaved(self.today());
        if leaves {
            self.navigator.push(&Route::Accounts);
        }
        leaves
    }
}
