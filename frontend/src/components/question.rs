//! The question before something is lost: asked once, and it says what is lost.

use yew::prelude::*;

use super::{Button, ButtonKind, Dialog};

/// What a [`Question`] takes.
#[derive(Properties, PartialEq)]
pub struct QuestionProps {
    /// What is asked.
    pub title: AttrValue,
    /// What is lost.
    pub loss: AttrValue,
    /// Not to do it.
    pub stay: AttrValue,
    /// To do it.
    pub go: AttrValue,
    /// It is not to be done.
    pub on_stay: Callback<()>,
    /// It is to be done.
    pub on_go: Callback<()>,
}

/// A question over the page.
#[component]
pub fn Question(props: &QuestionProps) -> Html {
    html! {
        <Dialog role="alertdialog" labelled_by="question-title" class="question" on_escape={props.on_stay.clone()}>
            <h2 id="question-title">{ &props.title }</h2>
            <p>{ &props.loss }</p>
            <div class="act-row act-end">
                <Button label={props.stay.clone()} on_press={props.on_stay.clone()} />
                <Button kind={ButtonKind::Danger} label={props.go.clone()} on_press={props.on_go.clone()} />
            </div>
        </Dialog>
    }
}
