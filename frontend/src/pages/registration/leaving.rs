//! The questions before something is lost. Each is asked once and says what is lost.

use yew::prelude::*;

use super::state::Act;
use super::work::Work;
use crate::components::{Button, ButtonKind, Dialog};
use crate::i18n::use_i18n;
use crate::route::Route;

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
    let navigator = props.work.navigator.clone();
    let on_go = Callback::from(move |()| navigator.push(&Route::Accounts));
    html! {
        <Question
            title="leave.title" loss={if props.work.screen.saved.is_some() { "leave.loss_of_draft" } else { "leave.loss_of_all" }}
            stay="leave.stay" go="leave.go" on_stay={props.on_stay.clone()} {on_go}
        />
    }
}

/// HỦY: the draft is given up and erased; before there is a draft, the texts are lost.
#[component]
pub(crate) fn AskToCancel(props: &AskProps) -> Html {
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
    html! {
        <Question title="cancel.title" {loss} stay="cancel.stay" go="cancel.go" on_stay={props.on_stay.clone()} {on_go} />
    }
}

#[derive(Properties, PartialEq)]
struct QuestionProps {
    title: &'static str,
    loss: &'static str,
    stay: &'static str,
    go: &'static str,
    on_stay: Callback<()>,
    on_go: Callback<()>,
}

#[component]
fn Question(props: &QuestionProps) -> Html {
    let i18n = use_i18n();
    html! {
        <Dialog role="alertdialog" labelled_by="question-title" class="question" on_escape={props.on_stay.clone()}>
            <h2 id="question-title">{ i18n.t(props.title) }</h2>
            <p>{ i18n.t(props.loss) }</p>
            <div class="act-row act-end">
                <Button label={i18n.t(props.stay)} on_press={props.on_stay.clone()} />
                <Button kind={ButtonKind::Danger} label={i18n.t(props.go)} on_press={props.on_go.clone()} />
            </div>
        </Dialog>
    }
}
