//! One open request: what is asked, and the three answers, of which two mend.

use std::rc::Rc;

use motcua_frontend::browser;
use motcua_frontend::clock;
use motcua_frontend::components::{Button, ButtonKind, SelectField, TextField};
use motcua_frontend::hooks::use_act;
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::{Workplace, use_workplace};
use motcua_openapi::problem::{FieldCode, FieldError};
use motcua_openapi::sessions::UnselectableReason;
use motcua_openapi::unit_requests::{AnswerUnitRequest, UnitRequest};
use motcua_openapi::units::{Unit, UnitTree};
use uuid::Uuid;
use yew::prelude::*;

use super::why_not;
use crate::units::{unit_options, with_marker};
use motcua_frontend::administration::requested_unit;
use motcua_frontend::administration::said::{self, typed};

/// Which answer is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    Assign,
    Rename,
    Decline,
}

impl Choice {
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Assign, "assigned", "requests.assign"),
        (Self::Rename, "renamed", "requests.rename"),
        (Self::Decline, "declined", "requests.decline"),
    ];

    /// What mends what the request says.
    fn fitting(request: &UnitRequest) -> Self {
        match request.reason {
            Some(UnselectableReason::NameLacksMarker) => Self::Rename,
            Some(UnselectableReason::NotAssigned) | None => Self::Assign,
        }
    }

    fn named(text: &str) -> Self {
        Self::ALL.into_iter().find(|choice| choice.1 == text).map_or(Self::Assign, |choice| choice.0)
    }

    fn value(self) -> &'static str {
        Self::ALL.into_iter().find(|choice| choice.0 == self).map_or("", |choice| choice.1)
    }
}

/// What an [`AnswerForm`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct AnswerFormProps {
    /// What is asked.
    pub request: Rc<UnitRequest>,
    /// The units that can be assigned or renamed.
    pub tree: Rc<UnitTree>,
    /// It is answered; what to tell.
    pub on_done: Callback<AttrValue>,
}

/// The request with its answers.
#[component]
pub(super) fn AnswerForm(props: &AnswerFormProps) -> Html {
    let i18n = use_i18n();
    let Workplace { api, desk, .. } = use_workplace();
    let request = &props.request;
    let marker = desk.unit_markers.first().cloned().unwrap_or_default();
    let choice = use_state(|| Choice::fitting(request));
    let unit = use_state(|| request.unit.as_ref().map(|unit| unit.id.to_string()).unwrap_or_default());
    let name = use_state(|| request.unit.as_ref().map(|unit| with_marker(&unit.name, &marker)).unwrap_or_default());
    let words = use_state(String::new);
    let errors = use_state(Vec::<FieldError>::new);
    let chosen: Option<&Unit> =
        unit.parse().ok().and_then(|id: Uuid| props.tree.items.iter().find(|unit| unit.id == id));
    let act = {
        let id = request.id;
        let told = i18n.with("requests.done", &[("officer", &request.officer.full_name)]);
        use_act(
            move |answer: AnswerUnitRequest| {
                let api = api.clone();
                async move { api.answer_unit_request(id, &answer).await }
            },
            props.on_done.reform(move |_| told.clone()),
        )
    };
    let id = |field: &str| format!("{field}-{}", request.id);
    let onsubmit = {
        let answer = answer(*choice, chosen, &name, &words);
        let (errors, go, request) = (errors.setter(), act.go.clone(), request.id);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match &answer {
                Ok(answer) => {
                    errors.set(vec![]);
                    go.emit(answer.clone());
                }
                Err(wrong) => {
                    browser::focus(&format!("{}-{request}", wrong.field));
                    errors.set(vec![wrong.clone()]);
                }
            }
        })
    };
    let on_unit = {
        let (unit, name, tree, marker) = (unit.setter(), name.setter(), Rc::clone(&props.tree), marker.clone());
        Callback::from(move |id: String| {
            let chosen = tree.items.iter().find(|unit| unit.id.to_string() == id);
            name.set(chosen.map(|unit| with_marker(&unit.name, &marker)).unwrap_or_default());
            unit.set(id);
        })
    };
    let on_choice = {
        let (choice, errors) = (choice.setter(), errors.setter());
        Callback::from(move |text: String| {
            errors.set(vec![]);
            choice.set(Choice::named(&text));
        })
    };
    let failed = act.failed.as_ref();
    let wrong = |field| said::wrong(&i18n, field, &errors, failed);
    let value = |text: &UseStateHandle<String>| AttrValue::from(text.to_string());
    let heading = id("request");
    let choices = Choice::ALL.map(|(_, value, key)| (AttrValue::from(value), i18n.t(key)));
    html! {
        <article class="card request" aria-labelledby={heading.clone()}>
            <h3 id={heading}>{ requested_unit(&i18n, request) }</h3>
            { asked(&i18n, request, &desk.unit_markers) }
            { said::refusal(&i18n, failed) }
            <form class="stack" novalidate=true {onsubmit}>
                <SelectField
                    id={id("choice")} label={i18n.t("requests.answer")} value={choice.value()} options={choices.to_vec()}
                    on_choose={on_choice}
                />
                if request.unit.is_none() && *choice != Choice::Decline {
                    <SelectField
                        id={id("unit_id")} label={i18n.t("requests.which")} none={i18n.t("requests.choose_unit")} required=true
                        value={value(&unit)} options={unit_options(&props.tree)} error={wrong("unit_id")} on_choose={on_unit}
                    />
                }
                if *choice == Choice::Rename {
                    <TextField
                        id={id("name")} label={i18n.t("units.name")} required=true value={value(&name)} error={wrong("name")}
                        on_type={typed(&name)}
                    />
                }
                <TextField
                    id={id("words")} label={i18n.t("requests.words")} required={*choice == Choice::Decline}
                    hint={i18n.t("requests.words_hint")} value={value(&words)} error={wrong("words")} on_type={typed(&words)}
                />
                <div class="act-row">
                    <Button submit=true kind={ButtonKind::Primary} label={i18n.t("requests.send")} busy={act.busy} />
                </div>
            </form>
        </article>
    }
}

fn asked(i18n: &I18n, request: &UnitRequest, markers: &[String]) -> Html {
    let at = clock::date_time(request.created_at);
    html! {
        <>
            <p>{ i18n.with("requests.by", &[("officer", &request.officer.full_name), ("time", &at)]) }</p>
            <p class="message-reason">{ why_not(i18n, request, markers) }</p>
            if !request.why.is_empty() {
                <blockquote class="quoted">{ &request.why }</blockquote>
            }
        </>
    }
}

/// The answer as it is sent, or the first field that keeps it from being sent.
fn answer(choice: Choice, unit: Option<&Unit>, name: &str, words: &str) -> Result<AnswerUnitRequest, FieldError> {
    let required = |field: &str| FieldError::new(field, FieldCode::Required, "say which");
    let words = words.to_owned();
    let answer = match choice {
        Choice::Decline => AnswerUnitRequest::Declined { words },
        Choice::Assign => {
            AnswerUnitRequest::Assigned { unit_id: Some(unit.ok_or_else(|| required("unit_id"))?.id), words }
        }
        Choice::Rename => {
            let unit = unit.ok_or_else(|| required("unit_id"))?;
            let name = motcua_openapi::units::parse_unit_name("name", name)?;
            AnswerUnitRequest::Renamed { unit_id: Some(unit.id), name, version: unit.version, words }
        }
    };
    answer.parse_words()?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_keeps_an_answer_from_being_sent_is_told_at_its_field() {
        let field = |choice, words| answer(choice, None, "", words).unwrap_err().field;
        assert_eq!(field(Choice::Assign, ""), "unit_id");
        assert_eq!(field(Choice::Rename, ""), "unit_id");
        assert_eq!(field(Choice::Decline, " "), "words");
        assert!(answer(Choice::Decline, None, "", "Không thuộc Sở.").is_ok());
    }
}
