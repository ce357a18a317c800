//! The questions before something is lost. Each is asked once and says what is lost.

use yew::prelude::*;

use super::state::Act;
use super::work::Work;
use crate::route::Route;
use motcua_frontend::components::Question;
use motcua_frontend::i18n::use_i18n;

/// What a question takes.
#[derive(Properties, PartialEq)]
pub(crate) struct AskProps {
    /// The state and the calls.
    pub work: Work,
    /// The officer stays.
    pub on_stay: Callback<()>,
}

/// × or Esc while something typed cannot be saved.
#[component]
pub(crate) fn AskToLeave(props: &AskProps) -> Html {
    let i18n = use_i18n();
    let navigator = props.work.navigator.clone();
    let on_go = Callback::from(move |()| navigator.push(&Route::Accounts));
    let loss = if props.work.screen.saved.is_some() { "leave.loss_of_draft" } else { "leave.loss_of_all" };
    let [title, loss, stay, go] = ["leave.title", loss, "leave.stay", "leave.go"].map(|key| i18n.t(key));
    html! { <Question {title} {loss} {stay} {go} on_stay={props.on_stay.clone()} {on_go} /> }
}

/// HỦY: the draft is given up and erased; before there is a draft, the texts are lost.
#[component]
pub(crate) fn AskToCancel(props: &AskProps) -> Html {
    let i18n = use_i18n();
    let (work, on_stay) = (props.work.clone(), props.on_stay.clone());
    let on_go = Callback::from(move |()| {
        on_stay.emit(());
        if work.screen.saved.is_some() {
            work.press(Act::Cancel);
        } else {
            work.navigator.push(&Route::Accounts);
        }
    });
    let loss = if props.work.screen.saved.is_some() { "cancel.loss" } else { "leave.loss_of_all" };
    let [title, loss, stay, go] = ["cancel.title", loss, "cancel.stay", "cancel.go"].map(|key| i18n.t(key));
    html! { <Question {title} {loss} {stay} {go} on_stay={props.on_stay.clone()} {on_go} /> }
}
