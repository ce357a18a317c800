//! **Mã xác thực**: a picture to read, or for those who cannot see it a calculation that the page does.
//!
//! Owns getting one, its time, and getting another once it was spent. An answer is good for one press, right or wrong.

mod proof;

use gloo_timers::future::TimeoutFuture;
use motcua_openapi::citizens::{Captcha, CaptchaAnswer, CaptchaForm, ProofChallenge, ProofSolution};
use motcua_openapi::problem::{FieldCode, FieldError, ProblemCode};
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use motcua_frontend::api::ApiError;
use motcua_frontend::clock::seconds_until;
use motcua_frontend::components::{Button, ButtonKind, TextField, remote_view};
use motcua_frontend::hooks::{RemoteHandle, use_remote, use_timeout};
use motcua_frontend::i18n::use_i18n;
use motcua_frontend::opening::use_opened;
use motcua_frontend::wording;

use self::proof::{Search, Step};

/// The id of its field.
pub(crate) const FIELD: &str = "captcha";

/// Tries between two looks at what else the page has to do: some milliseconds.
const TRIES_AT_ONCE: u32 = 200;
/// It is taken for over this long before it is, for the answer to arrive in time.
const MARGIN_SECONDS: u32 = 5;

/// How far the calculation is.
#[derive(Clone, Debug, PartialEq)]
enum Proof {
    /// The picture is read instead.
    NotWanted,
    /// Under way; per cent.
    Going(u32),
    /// Done, for this captcha.
    Done(Uuid, ProofSolution),
    /// It cannot be done.
    Impossible,
}

/// A form's captcha and the answer to it.
#[derive(Clone, PartialEq)]
pub(crate) struct CaptchaHandle {
    captcha: RemoteHandle<Captcha>,
    text: UseStateHandle<String>,
    proof: UseStateHandle<Proof>,
}

/// The captcha of a form: got now, and again when its time is over.
#[hook]
pub(crate) fn use_captcha(form: CaptchaForm) -> CaptchaHandle {
    let opened = use_opened();
    let api = opened.api;
    let captcha = use_remote(form, move |form| {
        let (api, form) = (api.clone(), *form);
        async move { api.captcha(form).await }
    });
    let text = use_state(String::new);
    let proof = use_state(|| Proof::NotWanted);
    let handle = CaptchaHandle { captcha, text, proof };
    let current = handle.captcha.remote.ready().cloned();
    let seconds = current.as_ref().map(|captcha| seconds_until(captcha.expires_at, opened.clock.now()));
    let millis = seconds.map(|seconds| seconds.saturating_sub(MARGIN_SECONDS).max(1) * 1_000);
    let id = current.as_ref().map(|captcha| captcha.id);
    // The time is measured once a captcha, not at each drawing.
    let millis = *use_memo(id, |_| millis);
    use_timeout(millis, id, {
        let handle = handle.clone();
        move || handle.renew()
    });
    let is_wanted = handle.is_calculating();
    use_effect_with((is_wanted, id), {
        let proof = handle.proof.setter();
        move |(is_wanted, _)| {
            let is_over = std::rc::Rc::new(std::cell::Cell::new(false));
            if let (true, Some(captcha)) = (*is_wanted, current) {
                let is_over = std::rc::Rc::clone(&is_over);
                spawn_local(async move { solve(captcha.id, &captcha.proof, &proof, || is_over.get()).await });
            }
            move || is_over.set(true)
        }
    });
    handle
}

async fn solve(id: Uuid, challenge: &ProofChallenge, proof: &UseStateSetter<Proof>, is_over: impl Fn() -> bool) {
    let Some(mut search) = Search::begin(challenge) else { return proof.set(Proof::Impossible) };
    proof.set(Proof::Going(0));
    while !is_over() {
        match search.step(TRIES_AT_ONCE) {
            Step::Going(percent) => proof.set(Proof::Going(percent)),
            Step::Found(solution) => return proof.set(Proof::Done(id, solution)),
            Step::Impossible => return proof.set(Proof::Impossible),
        }
        TimeoutFuture::new(0).await;
    }
}

impl CaptchaHandle {
    /// The answer, or what is missing for one.
    pub(crate) fn answer(&self) -> Result<CaptchaAnswer, Vec<FieldError>> {
        let missing = || vec![FieldError::new(FIELD, FieldCode::Required, "not answered yet")];
        let captcha = self.captcha.remote.ready().ok_or_else(missing)?;
        match &*self.proof {
            Proof::Done(id, solution) if *id == captcha.id => {
                Ok(CaptchaAnswer { id: captcha.id, text: None, solution: Some(solution.clone()) })
            }
            Proof::Going(_) | Proof::Done(..) => Err(missing()),
            Proof::NotWanted | Proof::Impossible if self.text.trim().is_empty() => Err(missing()),
            Proof::NotWanted | Proof::Impossible => {
                Ok(CaptchaAnswer { id: captcha.id, text: Some(self.text.trim().to_owned()), solution: None })
            }
        }
    }

    /// Gets another.
    pub(crate) fn renew(&self) {
        self.text.set(String::new());
        if self.is_calculating() {
            self.proof.set(Proof::Going(0));
        }
        self.captcha.reload.emit(());
    }

    /// Whether the calculation stands for the picture.
    fn is_calculating(&self) -> bool {
        matches!(*self.proof, Proof::Going(_) | Proof::Done(..))
    }

    fn want_proof(&self, is_wanted: bool) {
        self.proof.set(if is_wanted { Proof::Going(0) } else { Proof::NotWanted });
    }
}

/// What a [`CaptchaField`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct CaptchaFieldProps {
    /// The captcha.
    pub(crate) captcha: CaptchaHandle,
    /// What the page found missing.
    pub(crate) error: Option<AttrValue>,
    /// Why the last press failed, for it may have been the captcha.
    pub(crate) failure: Option<ApiError>,
}

/// The picture and its field, or the calculation in their place.
#[component]
pub(crate) fn CaptchaField(props: &CaptchaFieldProps) -> Html {
    let i18n = use_i18n();
    let handle = &props.captcha;
    let is_wanted = handle.is_calculating();
    let another = {
        let handle = handle.clone();
        Callback::from(move |()| handle.renew())
    };
    let want = {
        let handle = handle.clone();
        Callback::from(move |event: Event| {
            handle.want_proof(event.target_unchecked_into::<web_sys::HtmlInputElement>().checked());
        })
    };
    let on_type = {
        let text = handle.text.setter();
        Callback::from(move |typed: String| text.set(typed))
    };
    let is_wrong = |error: &&ApiError| error.is(ProblemCode::CaptchaWrong);
    let wrong = props.failure.as_ref().filter(is_wrong).map(|error| wording::api_error(&i18n, error));
    let error = props.error.clone().or(wrong);
    html! {
        <div class="captcha">
            { remote_view(&handle.captcha, |captcha| html! {
                if !is_wanted {
                    <div class="captcha-picture">
                        <img src={format!("data:image/png;base64,{}", captcha.image)} alt={i18n.t("captcha.picture")} />
                        <Button kind={ButtonKind::Quiet} label={i18n.t("captcha.another")} on_press={another} />
                    </div>
                    <TextField
                        id={FIELD} label={i18n.t("captcha.label")} required=true size="short" error={error.clone()}
                        hint={i18n.with("captcha.hint", &[("count", &captcha.characters.to_string())])}
                        value={AttrValue::from(handle.text.to_string())} {on_type}
                    />
                }
            }) }
            <div class="check">
                <input type="checkbox" id="captcha-proof" checked={is_wanted} onchange={want} />
                <label for="captcha-proof">{ i18n.t("captcha.instead") }</label>
            </div>
            <div role="status" class="captcha-proof">{ match &*handle.proof {
                Proof::NotWanted => Html::default(),
                Proof::Going(percent) => html! {
                    <>
                        <progress max="100" value={percent.to_string()} aria-label={i18n.t("captcha.calculating")} />
                        <span aria-hidden="true">{ i18n.t("captcha.calculating") }</span>
                    </>
                },
                Proof::Done(..) => html! { <p>{ i18n.t("captcha.done") }</p> },
                Proof::Impossible => html! { <p>{ i18n.t("captcha.impossible") }</p> },
            } }</div>
            if let (true, Some(error)) = (is_wanted, error) {
                <p class="field-error">{ error }</p>
            }
        </div>
    }
}
