//! One open request, and its answer.

use std::rc::Rc;

use motcua_frontend::administration::said::{self, typed};
use motcua_frontend::browser;
use motcua_frontend::clock;
use motcua_frontend::components::{Button, ButtonKind, Question, SelectField, TextField};
use motcua_frontend::hooks::use_act;
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::use_workplace;
use motcua_openapi::citizens::{AccountDataRequest, AnswerDataRequest, DataRequestKind, DataRequestOutcome};
use motcua_openapi::problem::{FieldCode, FieldError};
use yew::prelude::*;

use super::{deadline, kind};

const OUTCOMES: [(DataRequestOutcome, &str, &str); 2] = [
    (DataRequestOutcome::Accepted, "accepted", "data.accept"),
    (DataRequestOutcome::Declined, "declined", "data.decline"),
];

/// What an [`AnswerForm`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct AnswerFormProps {
    /// What is asked.
    pub one: Rc<AccountDataRequest>,
    /// It is answered; what to tell.
    pub on_done: Callback<AttrValue>,
}

/// The request with its answer.
#[component]
pub(super) fn AnswerForm(props: &AnswerFormProps) -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let (outcome, words) = (use_state(|| DataRequestOutcome::Accepted), use_state(String::new));
    let errors = use_state(Vec::<FieldError>::new);
    let asking = use_state(|| false);
    let request = &props.one.request;
    let act = {
        let (id, told) = (request.id, i18n.with("data.done", &[("citizen", props.one.full_name.as_str())]));
        use_act(
            move |answer: AnswerDataRequest| {
                let api = api.clone();
                async move { api.answer_data_request(id, &answer).await }
            },
            props.on_done.reform(move |_| told.clone()),
        )
    };
    let answer = AnswerDataRequest { outcome: *outcome, words: words.trim().to_owned() };
    // Closing an account cannot be undone: it is asked once more.
    let loses = request.kind == DataRequestKind::CloseAccount && *outcome == DataRequestOutcome::Accepted;
    let words_id = format!("words-{}", request.id);
    let onsubmit = {
        let (errors, go, asking, words_id) = (errors.setter(), act.go.clone(), asking.setter(), words_id.clone());
        let answer = answer.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if answer.words.is_empty() {
                browser::focus(&words_id);
                return errors.set(vec![FieldError::new("words", FieldCode::Required, "say what the citizen reads")]);
            }
            errors.set(vec![]);
            if loses { asking.set(true) } else { go.emit(answer.clone()) }
        })
    };
    let set_asking = {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(false))
    };
    let on_go = {
        let (close, go) = (set_asking.clone(), act.go.clone());
        Callback::from(move |()| {
            close.emit(());
            go.emit(answer.clone());
        })
    };
    let on_choose = {
        let outcome = outcome.setter();
        Callback::from(move |text: String| {
            outcome
                .set(OUTCOMES.into_iter().find(|one| one.1 == text).map_or(DataRequestOutcome::Accepted, |one| one.0));
        })
    };
    let failed = act.failed.as_ref();
    let chosen = OUTCOMES.into_iter().find(|one| one.0 == *outcome).map_or("", |one| one.1);
    let heading = format!("request-{}", request.id);
    html! {
        <article class="card stack" aria-labelledby={heading.clone()}>
            <h3 id={heading}>{ i18n.t(kind(request.kind)) }{ ": " }{ props.one.full_name.as_str() }</h3>
            { asked(&i18n, &props.one) }
            { said::refusal(&i18n, failed) }
            <form class="stack narrow" novalidate=true {onsubmit}>
                <SelectField
                    id={format!("outcome-{}", request.id)} label={i18n.t("data.answer")} value={chosen}
                    options={OUTCOMES.map(|(_, value, key)| (value.into(), i18n.t(key))).to_vec()} {on_choose}
                />
                <TextField
                    id={words_id} label={i18n.t("data.words")} hint={i18n.t("data.words_hint")} required=true
                    value={AttrValue::from(words.to_string())} error={said::wrong(&i18n, "words", &errors, failed)}
                    on_type={typed(&words)}
                />
                <div class="act-row">
                    <Button submit=true kind={ButtonKind::Primary} label={i18n.t("data.send")} busy={act.busy} />
                </div>
            </form>
            if *asking {
                <Question
                    title={i18n.with("data.close_title", &[("citizen", props.one.full_name.as_str())])}
                    loss={i18n.t("data.close_loss")} stay={i18n.t("act.keep")} go={i18n.t("data.close_account")}
                    on_stay={set_asking} {on_go}
                />
            }
        </article>
    }
}

fn asked(i18n: &I18n, one: &AccountDataRequest) -> Html {
    let at = clock::date_time(one.request.made_at);
    let values = [("number", one.id_number_masked.as_str()), ("unit", one.unit_name.as_str()), ("time", at.as_str())];
    html! {
        <>
            <p>{ deadline(i18n, &one.request) }</p>
            <p>{ i18n.with("data.by", &values) }</p>
            if !one.request.words.is_empty() {
                <blockquote class="quoted">{ &one.request.words }</blockquote>
            }
        </>
    }
}
