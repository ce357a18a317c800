//! The second factors that one has, and the ways to another.

use motcua_frontend::clock;
use motcua_frontend::components::{Button, ButtonKind, IconName, Question, remote_view};
use motcua_frontend::hooks::{use_act, use_remote};
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::use_workplace;
use motcua_openapi::second_factors::{SecondFactor, SecondFactorKind, SecondFactorList};
use uuid::Uuid;
use yew::prelude::*;

use super::passkey::EnrolPasskey;
use super::totp::EnrolTotp;
use motcua_frontend::administration::said;
use motcua_frontend::administration::{Table, factor_kind};

/// What [`Factors`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct FactorsProps {
    /// One was enrolled or removed: what is asked of its owner may be another thing now.
    pub on_change: Callback<()>,
}

/// Which of them is being enrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Enrolling {
    Nothing,
    Kind(SecondFactorKind),
}

/// The second factors.
#[component]
pub(super) fn Factors(props: &FactorsProps) -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let enrolling = use_state(|| Enrolling::Nothing);
    let removing = use_state(|| None::<SecondFactor>);
    let done = use_state(|| None::<&'static str>);
    let handle = {
        let api = api.clone();
        use_remote((), move |()| {
            let api = api.clone();
            async move { api.second_factors().await }
        })
    };
    let changed = {
        let (reload, on_change, done) = (handle.reload.clone(), props.on_change.clone(), done.setter());
        Callback::from(move |what: &'static str| {
            done.set(Some(what));
            reload.emit(());
            on_change.emit(());
        })
    };
    let remove = use_act(
        move |id: Uuid| {
            let api = api.clone();
            async move { api.remove_second_factor(id).await }
        },
        changed.reform(|()| "me.factor_removed"),
    );
    let open = |what: Enrolling| {
        let (enrolling, done, forget) = (enrolling.setter(), done.setter(), remove.forget.clone());
        Callback::from(move |()| {
            enrolling.set(what);
            done.set(None);
            forget.emit(());
        })
    };
    let on_close = open(Enrolling::Nothing);
    let on_enrolled = {
        let enrolling = enrolling.setter();
        changed.reform(move |()| {
            enrolling.set(Enrolling::Nothing);
            "me.factor_added"
        })
    };
    let ask = {
        let removing = removing.setter();
        Callback::from(move |factor: Option<SecondFactor>| removing.set(factor))
    };
    html! {
        <section class="card" aria-labelledby="factors-title">
            <h2 id="factors-title">{ i18n.t("me.factors") }</h2>
            <p>{ i18n.t("me.factors_about") }</p>
            { said::done(done.map(|key| i18n.t(key))) }
            { said::refusal(&i18n, remove.failed.as_ref()) }
            { remote_view(&handle, |list| shown(&i18n, list, &ask)) }
            if *enrolling == Enrolling::Nothing {
                <div class="act-row">
                    <Button
                        label={i18n.t("me.add_totp")} icon={IconName::Plus}
                        on_press={open(Enrolling::Kind(SecondFactorKind::Totp))}
                    />
                    <Button
                        label={i18n.t("me.add_passkey")} icon={IconName::Plus}
                        on_press={open(Enrolling::Kind(SecondFactorKind::Passkey))}
                    />
                </div>
            }
            if *enrolling == Enrolling::Kind(SecondFactorKind::Totp) {
                <EnrolTotp on_done={on_enrolled.clone()} on_close={on_close.clone()} />
            }
            if *enrolling == Enrolling::Kind(SecondFactorKind::Passkey) {
                <EnrolPasskey on_done={on_enrolled} {on_close} />
            }
            if let Some(factor) = &*removing {
                { question(&i18n, factor, &ask, &remove.go) }
            }
        </section>
    }
}

fn shown(i18n: &I18n, list: &SecondFactorList, ask: &Callback<Option<SecondFactor>>) -> Html {
    let labels = ["me.factor_name", "me.factor_kind", "me.factor_since", "me.factor_used", "list.actions"];
    let labels = labels.map(|key| i18n.t(key));
    let table = Table { title: "factors-title", labels: &labels, numbers: labels.len(), empty: i18n.t("me.no_factor") };
    table.of(list.items.iter().map(|factor| {
        let used = factor.last_used_at.map_or_else(|| "—".to_owned(), clock::date_time);
        let on_press = {
            let factor = factor.clone();
            ask.reform(move |()| Some(factor.clone()))
        };
        let name = i18n.with("me.remove_named", &[("name", &factor.name)]);
        vec![
            html! { &factor.name },
            html! { factor_kind(i18n, factor.kind) },
            html! { clock::date_time(factor.created_at) },
            html! { used },
            html! { <Button kind={ButtonKind::Quiet} label={i18n.t("me.remove")} {name} {on_press} /> },
        ]
    }))
}

fn question(i18n: &I18n, factor: &SecondFactor, ask: &Callback<Option<SecondFactor>>, go: &Callback<Uuid>) -> Html {
    let on_stay = ask.reform(|()| None);
    let on_go = {
        let (id, on_stay, go) = (factor.id, on_stay.clone(), go.clone());
        Callback::from(move |()| {
            on_stay.emit(());
            go.emit(id);
        })
    };
    html! {
        <Question
            title={i18n.with("me.remove_title", &[("name", &factor.name)])} loss={i18n.t("me.remove_loss")}
            stay={i18n.t("act.keep")} go={i18n.t("me.remove")} {on_stay} {on_go}
        />
    }
}
