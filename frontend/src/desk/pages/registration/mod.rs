//! Screen 2: from the first digits typed to the account, as a dialog over the list.
//!
//! `form` and `state` are pure and decide; `work` calls the server; the rest draws.

mod advice;
mod ask_unit;
mod citizen;
mod confirm;
mod conflict;
mod create;
mod ended;
#[cfg(test)]
mod examples;
mod form;
mod form_field;
mod header;
mod leaving;
mod number_field;
mod officer;
mod otp;
mod otp_status;
mod refused;
mod scan;
mod scan_field;
mod send_otp;
mod state;
mod work;

use motcua_openapi::problem::FieldError;
use motcua_openapi::registrations::RegistrationState;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use self::create::Create;
use self::form::Field;
use self::number_field::NumberField;
use self::refused::Spot;
use self::state::{Opening, Saving, Screen};
use self::work::Work;
use motcua_frontend::components::{
    BackHome, Banner, Dialog, ErrorSummary, SummaryItem, Tone, offline_banner, required_note,
};
use motcua_frontend::hooks::{use_timeout, use_title};
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::use_workplace;
use motcua_frontend::wording;

/// The officer has stopped typing for this long: save.
const SAVE_AFTER_MILLIS: u32 = 800;
/// The last save failed for a reason that may pass: try again.
const SAVE_AGAIN_AFTER_MILLIS: u32 = 4_000;

/// What a piece of screen 2 takes.
#[derive(Properties, Clone, PartialEq)]
pub(crate) struct WorkProps {
    /// The state and the calls.
    pub work: Work,
}

/// What [`RegistrationDialog`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct RegistrationDialogProps {
    /// The draft; `None` for a new one.
    pub id: Option<Uuid>,
}

/// Screen 2.
#[component]
pub(crate) fn RegistrationDialog(props: &RegistrationDialogProps) -> Html {
    let id = props.id;
    let work = use_work();
    let i18n = use_i18n();
    use_title(&i18n.t("form.title"));
    use_effect_with(id, {
        let work = work.clone();
        move |id| work.open(*id)
    });
    // The form is drawn after the dialog has opened, when the browser no longer looks for a first field.
    use_effect_with(work.screen.opening == Opening::Ready, |ready| {
        if *ready {
            motcua_frontend::browser::focus(Field::IdNumber.id());
        }
    });
    use_autosave(&work);
    let asks = use_state(|| false);
    let on_leave = {
        let (work, asks) = (work.clone(), asks.setter());
        Callback::from(move |()| {
            let (work, asks) = (work.clone(), asks.clone());
            spawn_local(async move { asks.set(!work.leave().await) });
        })
    };
    html! {
        <Dialog labelled_by="form-title" class="form-dialog" on_escape={on_leave.clone()}>
            { header::header(&i18n, &work, on_leave.clone()) }
            { body(&i18n, &work) }
            if *asks {
                <leaving::AskToLeave work={work.clone()} on_stay={Callback::from(move |()| asks.set(false))} />
            }
        </Dialog>
    }
}

#[hook]
fn use_work() -> Work {
    let screen = use_reducer(|| Screen::opening(Opening::Loading));
    let place = use_workplace();
    let navigator = use_router_navigator();
    let turns = use_memo((), |()| work::Turns::default());
    Work { screen, place, navigator, turns }
}

#[hook]
#[expect(clippy::expect_used, reason = "a page outside the router is a mistake in app.rs, not of the officer")]
fn use_router_navigator() -> Navigator {
    use_navigator().expect("the page stands inside the router")
}

/// Saves what was typed when the typing pauses, and again after a fault, sooner when the line is back.
#[hook]
fn use_autosave(work: &Work) {
    let screen = &work.screen;
    let delay = match &screen.saving {
        _ if !screen.wants_saving(work.today()) => None,
        Saving::Failed(error) => error.may_pass().then_some(SAVE_AGAIN_AFTER_MILLIS),
        Saving::Idle | Saving::Busy => Some(SAVE_AFTER_MILLIS),
    };
    let save = work.clone();
    use_timeout(delay, (screen.typed.clone(), work.place.offline), move || save.save_soon());
}

/// What stands under the header: the form, or why there is none.
fn body(i18n: &I18n, work: &Work) -> Html {
    let state = work.screen.saved.as_ref().map(|saved| saved.state);
    match (&work.screen.opening, state) {
        (Opening::Loading, _) => html! { <p class="loading" role="status">{ i18n.t("app.loading") }</p> },
        (Opening::Failed(error), _) => html! {
            <div class="form-body form-ended">
                <Banner tone={Tone::Danger}><p>{ wording::api_error(i18n, error) }</p></Banner>
                <BackHome />
            </div>
        },
        (Opening::Ready, None | Some(RegistrationState::Draft | RegistrationState::PhoneVerified)) => form(i18n, work),
        (Opening::Ready, Some(_)) => ended::ended(i18n, work),
    }
}

fn form(i18n: &I18n, work: &Work) -> Html {
    let closed = !work.screen.is_open();
    html! {
        <>
            <div class="form-messages">
                { offline_banner(i18n, work.place.offline) }
                { conflict::conflict_banner(i18n, work) }
                { trouble(i18n, work) }
            </div>
            <form class="form-body" novalidate=true onsubmit={|event: SubmitEvent| event.prevent_default()}>
                <div class="form-summary">{ summary(i18n, work) }</div>
                <div class="form-details">
                    <section aria-labelledby="citizen-title">
                        <h3 id="citizen-title">{ i18n.t("form.citizen") }</h3>
                        { required_note(i18n) }
                        <NumberField work={work.clone()} />
                        <fieldset disabled={closed} class="plain">{ citizen::citizen_fields(i18n, work) }</fieldset>
                    </section>
                    <section aria-labelledby="officer-title">
                        <h3 id="officer-title">{ i18n.t("form.officer_section") }</h3>
                        { officer::officer_section(i18n, work, closed) }
                    </section>
                </div>
                <div class="form-acts">
                    { confirm::confirm(i18n, work, closed) }
                    <Create work={work.clone()} />
                </div>
            </form>
        </>
    }
}

/// Why the last press failed, where no field and no button is the place to say it.
fn trouble(i18n: &I18n, work: &Work) -> Html {
    // Refused fields have the summary, a taken number its own place.
    let is_elsewhere = !work.screen.summary.is_empty() || !work.screen.is_open();
    match work.screen.trouble_at(Spot::Top) {
        Some(error) if !is_elsewhere => html! {
            <Banner tone={Tone::Danger}>
                <p>{ wording::api_error(i18n, error) }</p>
                if error.may_pass() {
                    <p>{ i18n.t("form.nothing_lost") }</p>
                }
            </Banner>
        },
        _ => Html::default(),
    }
}

fn summary(i18n: &I18n, work: &Work) -> Html {
    let item = |error: &FieldError| SummaryItem {
        field: Field::of_wire(&error.field).map_or_else(|| error.field.clone(), |field| field.id().to_owned()).into(),
        text: wording::field_error(i18n, error),
    };
    let items: Vec<_> = work.screen.summary.iter().map(item).collect();
    html! { <ErrorSummary {items} press={work.screen.failed_presses} /> }
}
