//! What is done to an officer's sign-in: suspend and resume, another password, second factors that were lost.

use motcua_frontend::api::{Api, ApiError};
use motcua_frontend::browser;
use motcua_frontend::components::{Button, ButtonKind, IconName, Question};
use motcua_frontend::hooks::use_act;
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::{Workplace, use_workplace};
use motcua_openapi::officers::{Officer, OfficerState};
use motcua_openapi::values::PhoneNumber;
use uuid::Uuid;
use yew::prelude::*;

use super::edit::PartProps;
use motcua_frontend::administration::said;

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Suspend,
    Resume,
    SendPassword,
    RemoveFactors,
}

impl Act {
    /// The button, what is asked before, what is lost, and what is told after.
    fn keys(self) -> [&'static str; 4] {
        match self {
            Self::Suspend => {
                ["officer.suspend", "officer.suspend_title", "officer.suspend_loss", "officer.suspend_done"]
            }
            Self::Resume => ["officer.resume", "officer.resume_title", "officer.resume_loss", "officer.resume_done"],
            Self::SendPassword => {
                ["officer.send_password", "officer.send_title", "officer.send_loss", "officer.send_done"]
            }
            Self::RemoveFactors => {
                ["officer.remove_factors", "officer.remove_title", "officer.remove_loss", "officer.remove_done"]
            }
        }
    }
}

/// Those that make sense now. Nobody suspends or resets themselves: for that there is one's own page.
fn possible(officer: &Officer, me: Uuid) -> Vec<Act> {
    if officer.id == me {
        return vec![];
    }
    let factors = (!officer.second_factors.is_empty()).then_some(Act::RemoveFactors);
    match officer.state {
        OfficerState::Suspended => [Act::Resume].into_iter().chain(factors).collect(),
        OfficerState::Active => [Act::SendPassword].into_iter().chain(factors).chain([Act::Suspend]).collect(),
    }
}

async fn perform(api: Api, id: Uuid, act: Act, key: String) -> Result<Act, ApiError> {
    match act {
        Act::Suspend => api.let_officer_work(id, false).await.map(|_| ()),
        Act::Resume => api.let_officer_work(id, true).await.map(|_| ()),
        Act::SendPassword => api.send_officer_password(id, &key).await.map(|_| ()),
        Act::RemoveFactors => api.remove_second_factors(id).await,
    }?;
    Ok(act)
}

/// The buttons, each with its question.
#[component]
pub(super) fn Acts(props: &PartProps) -> Html {
    let i18n = use_i18n();
    let Workplace { api, me, .. } = use_workplace();
    let asking = use_state(|| None::<Act>);
    let key = use_state(browser::random_key);
    let officer = &props.officer;
    let on_done = {
        let (i18n, name, key) = (i18n.clone(), officer.full_name.clone(), key.setter());
        props.on_done.reform(move |act: Act| {
            key.set(browser::random_key());
            i18n.with(act.keys()[3], &[("officer", &name)])
        })
    };
    let doing = {
        let (id, key) = (officer.id, (*key).clone());
        use_act(move |act: Act| perform(api.clone(), id, act, key.clone()), on_done)
    };
    let ask = {
        let (asking, forget) = (asking.setter(), doing.forget.clone());
        Callback::from(move |act: Option<Act>| {
            forget.emit(());
            asking.set(act);
        })
    };
    let acts = possible(officer, me.id);
    html! {
        <section class="card" aria-labelledby="acts-title">
            <h2 id="acts-title">{ i18n.t("officer.acts") }</h2>
            { said::done(props.done.clone().filter(|_| doing.failed.is_none())) }
            { said::refusal(&i18n, doing.failed.as_ref()) }
            if acts.is_empty() {
                <p>{ i18n.t("officer.is_you") }</p>
            } else {
                <div class="act-row">
                    for act in acts {
                        <Button
                            kind={if act == Act::Suspend { ButtonKind::Danger } else { ButtonKind::Secondary }}
                            icon={(act == Act::SendPassword).then_some(IconName::Sms)}
                            label={i18n.t(act.keys()[0])} busy={doing.busy} on_press={ask.reform(move |()| Some(act))}
                        />
                    }
                </div>
            }
            if let Some(act) = *asking {
                { question(&i18n, officer, act, &ask, &doing.go) }
            }
        </section>
    }
}

fn question(i18n: &I18n, officer: &Officer, act: Act, ask: &Callback<Option<Act>>, go: &Callback<Act>) -> Html {
    let [label, title, loss, _] = act.keys();
    let phone = officer.phone.as_ref().map_or_else(|| "—".to_owned(), PhoneNumber::masked);
    let values = [("officer", officer.full_name.as_str()), ("phone", phone.as_str())];
    let on_stay = ask.reform(|()| None);
    let on_go = {
        let (on_stay, go) = (on_stay.clone(), go.clone());
        Callback::from(move |()| {
            on_stay.emit(());
            go.emit(act);
        })
    };
    html! {
        <Question
            title={i18n.with(title, &values)} loss={i18n.with(loss, &values)} stay={i18n.t("act.keep")}
            go={i18n.t(label)} {on_stay} {on_go}
        />
    }
}
