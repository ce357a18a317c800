//! Step 2: the request form for the citizen to sign, and the code to the citizen's phone.

use motcua_openapi::registrations::RequestFormFormat;
use yew::prelude::*;

use super::otp_status::OtpStatus;
use super::state::{Act, Spot};
use super::work::Work;
use super::{WorkProps, otp};
use crate::clock;
use crate::components::{Banner, Button, ButtonKind, IconName, Tone, icon};
use crate::hooks::use_now;
use crate::i18n::{I18n, use_i18n};
use crate::wording;

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
    let busy = |format| work.screen.act == Some(Act::Download(format));
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

#[component]
fn SendOtp(props: &WorkProps) -> Html {
    let i18n = use_i18n();
    let work = &props.work;
    let saved = work.screen.saved.clone();
    let now = use_now(work.place.clock, saved.as_ref().is_some_and(|saved| saved.otp.is_some()));
    let wait = saved.as_ref().map_or(0, |saved| otp::resend_in(saved, now));
    let phone = work.screen.typed.phone().map(|phone| phone.grouped());
    if work.screen.is_verified() {
        return html! { <OtpStatus work={work.clone()} {now} /> };
    }
    html! {
        <div class="act">
            <p>
                { match &phone {
                    Some(phone) => i18n.with("otp.to", &[("phone", phone)]),
                    None => i18n.t("otp.to_nobody"),
                } }
                <Button kind={ButtonKind::Quiet} label={i18n.t("otp.mend_phone")} on_press={|()| crate::browser::focus("phone")} />
            </p>
            <div class="act-row">
                <Button
                    label={i18n.t("otp.send")}
                    icon={IconName::Sms}
                    busy={work.screen.act == Some(Act::SendOtp)}
                    disabled={wait > 0}
                    described_by="otp-wait"
                    on_press={on_press(work, Act::SendOtp)}
                />
                <p id="otp-wait" class="hint">
                    if wait > 0 {
                        { i18n.with("otp.wait", &[("time", &clock::minutes_and_seconds(wait))]) }
                    }
                </p>
            </div>
            if let Some(error) = work.screen.trouble_at(Spot::SendOtp) {
                <Banner tone={Tone::Danger}><p>{ wording::api_error(&i18n, error) }</p></Banner>
            }
            <OtpStatus work={work.clone()} {now} />
        </div>
    }
}
