//! The top of screen 2: its title, the three steps, how far the saving is, ×.

use yew::prelude::*;

use super::state::{Act, Saving};
use super::work::Work;
use motcua_frontend::clock;
use motcua_frontend::components::{IconName, icon};
use motcua_frontend::i18n::I18n;
use motcua_frontend::wording;

/// The top of screen 2. `on_leave`: × was pressed.
pub(crate) fn header(i18n: &I18n, work: &Work, on_leave: Callback<()>) -> Html {
    let onclick = on_leave.reform(|_: MouseEvent| ());
    html! {
        <header class="form-header">
            <h2 id="form-title">{ i18n.t("form.title") }</h2>
            { steps(i18n, work) }
            { save_status(i18n, work) }
            <button type="button" class="close" aria-label={i18n.t("form.close")} title={i18n.t("form.close_hint")} {onclick}>
                { icon(IconName::Close) }
            </button>
        </header>
    }
}

fn steps(i18n: &I18n, work: &Work) -> Html {
    let current = current_step(work);
    let steps = ["form.step_enter", "form.step_confirm", "form.step_register"];
    html! {
        <ol class="steps" aria-label={i18n.t("form.steps")}>
            for (index, key) in steps.into_iter().enumerate() {
                <li class={classes!((index < current).then_some("done"))} aria-current={(index == current).then_some("step")}>
                    { i18n.t(key) }
                </li>
            }
        </ol>
    }
}

/// 0 while something is missing, 1 until a code was sent, then 2.
fn current_step(work: &Work) -> usize {
    let saved = work.screen.saved.as_ref();
    let has_scan = saved.is_some_and(|saved| saved.scan.is_some());
    if !work.screen.is_open() || !has_scan || !work.screen.wanting(Act::SendOtp, work.today()).is_empty() {
        return 0;
    }
    if saved.is_some_and(|saved| saved.otp.is_some()) || work.screen.is_verified() { 2 } else { 1 }
}

fn save_status(i18n: &I18n, work: &Work) -> Html {
    let screen = &work.screen;
    let (class, text) = match (&screen.saving, &screen.saved) {
        (Saving::Busy, _) => ("save-status", i18n.t("save.busy")),
        (Saving::Failed(error), _) if error.may_pass() => ("save-status save-waiting", i18n.t("save.waiting")),
        (Saving::Failed(error), _) => ("save-status save-failed", wording::api_error(i18n, error)),
        (Saving::Idle, Some(_)) if screen.wants_saving(work.today()) => ("save-status", i18n.t("save.pending")),
        (Saving::Idle, Some(saved)) => {
            ("save-status save-done", i18n.with("save.done", &[("time", &clock::time(saved.updated_at))]))
        }
        (Saving::Idle, None) => ("save-status", AttrValue::from("")),
    };
    html! { <p {class} role="status">{ text }</p> }
}
