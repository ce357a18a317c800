//! A press that is sent to the server: whether one is under way, and what was found wrong with it.
//!
//! One way for every form of these pages: what the page itself finds wrong and what the server refuses are shown at
//! the same fields, and the first of them takes the focus.

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;

use motcua_openapi::problem::FieldError;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use motcua_frontend::api::ApiError;
use motcua_frontend::browser;
use motcua_frontend::components::{Banner, IconName, Tone};
use motcua_frontend::i18n::I18n;
use motcua_frontend::wording;

#[derive(Clone, PartialEq)]
enum State {
    Idle,
    Busy,
    /// Found by the page, before anything was sent.
    Wrong(Vec<FieldError>),
    Failed(ApiError),
}

/// A press and what became of it.
#[derive(Clone, PartialEq)]
pub(crate) struct Attempt {
    state: UseStateHandle<State>,
    /// Beside the state, which a second press before the next drawing would not see.
    taken: Rc<RefCell<bool>>,
}

/// A press and what became of it; none yet.
#[hook]
pub(crate) fn use_attempt() -> Attempt {
    Attempt { state: use_state(|| State::Idle), taken: use_mut_ref(|| false) }
}

impl Attempt {
    /// Whether a press is under way.
    pub(crate) fn is_busy(&self) -> bool {
        *self.state == State::Busy
    }

    /// Why the last press failed.
    pub(crate) fn failure(&self) -> Option<&ApiError> {
        match &*self.state {
            State::Failed(error) => Some(error),
            State::Idle | State::Busy | State::Wrong(_) => None,
        }
    }

    /// Sends what `parsed` made of the form, unless a press is under way or something is wrong with it.
    /// `then` hears how it went.
    pub(crate) fn send<T, A: Future<Output = Result<T, ApiError>> + 'static>(
        &self,
        parsed: Result<A, Vec<FieldError>>,
        then: impl FnOnce(Result<T, &ApiError>) + 'static,
    ) {
        if *self.taken.borrow() {
            return;
        }
        let act = match parsed {
            Ok(act) => act,
            Err(errors) => {
                focus_first(&errors);
                return self.state.set(State::Wrong(errors));
            }
        };
        let (state, taken) = (self.state.setter(), Rc::clone(&self.taken));
        taken.replace(true);
        state.set(State::Busy);
        spawn_local(async move {
            let answer = act.await;
            taken.replace(false);
            match answer {
                Ok(done) => {
                    state.set(State::Idle);
                    then(Ok(done));
                }
                Err(error) => {
                    then(Err(&error));
                    focus_first(error.fields());
                    state.set(State::Failed(error));
                }
            }
        });
    }

    /// What is wrong with a field, and what to do.
    pub(crate) fn error(&self, i18n: &I18n, field: &str) -> Option<AttrValue> {
        let errors = match &*self.state {
            State::Wrong(errors) => errors.as_slice(),
            State::Failed(error) => error.fields(),
            State::Idle | State::Busy => &[],
        };
        errors.iter().find(|error| error.field == field).map(|error| wording::field_error(i18n, error))
    }

    /// Why the press failed, where no field says it.
    pub(crate) fn banner(&self, i18n: &I18n) -> Html {
        match self.failure() {
            Some(error) if error.fields().is_empty() => {
                let drawing = (*error == ApiError::Unreachable).then_some(IconName::Offline);
                html! { <Banner tone={Tone::Danger} icon={drawing}><p>{ wording::api_error(i18n, error) }</p></Banner> }
            }
            _ => Html::default(),
        }
    }
}

fn focus_first(errors: &[FieldError]) {
    if let Some(error) = errors.first() {
        browser::focus(&error.field);
    }
}

/// What is typed into a field, kept.
pub(crate) fn typed(text: &UseStateHandle<String>) -> Callback<String> {
    let text = text.setter();
    Callback::from(move |typed| text.set(typed))
}

/// Every field's error, or both values.
pub(crate) fn both<A, B>(
    a: Result<A, Vec<FieldError>>,
    b: Result<B, Vec<FieldError>>,
) -> Result<(A, B), Vec<FieldError>> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (a, b) => Err(a.err().into_iter().chain(b.err()).flatten().collect()),
    }
}
