//! A request about the data: to withdraw the consent, or to close the account. Asked once more before it is sent.

use motcua_openapi::citizens::{CreateDataRequest, DataRequestKind};
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use motcua_frontend::browser;
use motcua_frontend::components::{Button, ButtonKind, FieldFrame, Question, described_by};
use motcua_frontend::i18n::use_i18n;

use super::{Done, requests};
use crate::attempt::use_attempt;
use crate::frame::Page;
use crate::session::use_visit;

const KINDS: [DataRequestKind; 2] = [DataRequestKind::WithdrawConsent, DataRequestKind::CloseAccount];
/// As many characters as the contract takes.
const MOST_WORDS: &str = "2000";

/// The page of a request.
#[component]
pub(crate) fn RequestPage() -> Html {
    let (i18n, doors) = (use_i18n(), use_visit().doors);
    let (kind, words) = (use_state(|| KINDS[0]), use_state(String::new));
    let (asking, done) = (use_state(|| false), use_state(|| false));
    let attempt = use_attempt();
    // One request, however often the press is sent.
    let key = use_memo((*kind, (*words).clone()), |_| browser::random_key());
    let onsubmit = {
        let asking = asking.setter();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            asking.set(true);
        })
    };
    let on_stay = {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(false))
    };
    let on_go = {
        let (attempt, asking, done) = (attempt.clone(), asking.setter(), done.setter());
        let request = CreateDataRequest { kind: *kind, words: words.trim().to_owned() };
        Callback::from(move |()| {
            asking.set(false);
            let (api, request, key) = (doors.api().clone(), request.clone(), key.to_string());
            let (doors, done) = (doors.clone(), done.clone());
            attempt.send(Ok(async move { api.ask_about_data(&request, &key).await }), move |result| {
                if result.is_ok() {
                    done.set(true);
                    doors.look();
                }
            });
        })
    };
    let oninput = {
        let words = words.setter();
        Callback::from(move |event: InputEvent| words.set(event.target_unchecked_into::<HtmlTextAreaElement>().value()))
    };
    let chosen = i18n.t(requests::kind(*kind));
    html! {
        <Page title={i18n.t("requests.new")}>
            if *done {
                <Done text={i18n.t("requests.done")} />
            } else {
                <form class="narrow" novalidate=true {onsubmit}>
                    <p>{ i18n.t("requests.about") }</p>
                    { attempt.banner(&i18n) }
                    <fieldset class="choice">
                        <legend>{ i18n.t("requests.kind") }</legend>
                        for each in KINDS {
                            { option(each, *kind, i18n.t(requests::kind(each)), &kind.setter()) }
                        }
                    </fieldset>
                    <FieldFrame
                        id="words" label={i18n.t("requests.words")} hint={i18n.t("requests.words_hint")}
                        error={attempt.error(&i18n, "words")}
                    >
                        <textarea
                            id="words" name="words" rows="4" maxlength={MOST_WORDS} value={words.to_string()}
                            aria-describedby={described_by("words", true, false)} {oninput}
                        />
                    </FieldFrame>
                    <Button submit=true kind={ButtonKind::Primary} label={i18n.t("requests.send")} busy={attempt.is_busy()} />
                </form>
            }
            if *asking {
                <Question
                    title={chosen} loss={i18n.t(loss(*kind))} stay={i18n.t("requests.stay")} go={i18n.t("requests.go")}
                    {on_stay} {on_go}
                />
            }
        </Page>
    }
}

fn loss(kind: DataRequestKind) -> &'static str {
    match kind {
        DataRequestKind::WithdrawConsent => "requests.withdraw_loss",
        DataRequestKind::CloseAccount => "requests.close_loss",
    }
}

fn option(
    each: DataRequestKind,
    chosen: DataRequestKind,
    name: AttrValue,
    choose: &UseStateSetter<DataRequestKind>,
) -> Html {
    let id = match each {
        DataRequestKind::WithdrawConsent => "kind-withdraw",
        DataRequestKind::CloseAccount => "kind-close",
    };
    let onchange = {
        let choose = choose.clone();
        Callback::from(move |event: Event| {
            if event.target_unchecked_into::<HtmlInputElement>().checked() {
                choose.set(each);
            }
        })
    };
    html! {
        <div class="check">
            <input type="radio" name="kind" {id} checked={each == chosen} {onchange} />
            <label for={id}>{ name }</label>
        </div>
    }
}
