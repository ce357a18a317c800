//! Step 2: the request form for the citizen to sign, and the code to the citizen's phone.

use motcua_openapi::registrations::RequestFormFormat;
use yew::prelude::*;

use super::send_otp::SendOtp;
use super::state::Act;
use super::work::Work;
use motcua_frontend::clock;
use motcua_frontend::components::{Banner, Button, ButtonKind, IconName, Tone, icon};
use motcua_frontend::i18n::I18n;

/// Step 2.
pub(crate) fn confirm(i18n: &I18n, work: &Work, closed: bool) -> Html {
    html! {
        <section class="card" aria-labelledby="confirm-title">
            <h3 id="confirm-title">{ i18n.t("form.step_confirm") }</h3>
            <fieldset disabled={closed} class="plain">
                { request_form(i18n, work) }
                <SendOtp work={work.clone()} />
            </fieldset>
        </section>
    }
}

/// A press of a button of the form.
pub(super) fn on_press(work: &Work, act: Act) -> Callback<()> {
    let work = work.clone();
    Callback::from(move |()| work.press(act))
}

fn request_form(i18n: &I18n, work: &Work) -> Html {
    let busy = |format| work.screen.acts.contains(&Act::Download(format));
    let form = work.screen.saved.as_ref().and_then(|saved| saved.request_form.as_ref());
    html! {
        <div class="act">
            <p>{ i18n.t("request_form.about") }</p>
            <div class="act-row">
                <Button
                    label={i18n.t("request_form.download")}
                    icon={IconName::Download}
                    busy={busy(RequestFormFormat::Pdf)}
                    on_press={on_press(work, Act::Download(RequestFormFormat::Pdf))}
                />
                <Button
                    kind={ButtonKind::Quiet}
                    label={i18n.t("request_form.docx")}
                    busy={busy(RequestFormFormat::Docx)}
                    on_press={on_press(work, Act::Download(RequestFormFormat::Docx))}
                />
            </div>
            if let Some(form) = form {
                if form.stale {
                    <Banner tone={Tone::Warning}><p>{ i18n.t("request_form.stale") }</p></Banner>
                } else {
                    <p class="finding finding-free" role="status">
                        { icon(IconName::Check) }
                        { i18n.with("request_form.done", &[("code", &form.code), ("time", &clock::time(form.downloaded_at))]) }
                    </p>
                }
            }
        </div>
    }
}
