//! A field that chooses one of several.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::{FieldFrame, described_by};

/// What a [`SelectField`] takes.
#[derive(Properties, PartialEq)]
pub struct SelectFieldProps {
    /// The field's id.
    pub id: AttrValue,
    /// The label.
    pub label: AttrValue,
    /// The chosen value; empty where none is chosen.
    pub value: AttrValue,
    /// What stands for none chosen; left out where one always is.
    #[prop_or_default]
    pub none: Option<AttrValue>,
    /// Values and their names.
    pub options: Vec<(AttrValue, AttrValue)>,
    /// Whether it must be chosen.
    #[prop_or_default]
    pub required: bool,
    /// How to choose.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is wrong, and what to do.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Another choice.
    pub on_choose: Callback<String>,
    /// The field was left.
    #[prop_or_default]
    pub on_leave: Callback<()>,
}

/// A field that chooses one of several.
#[component]
pub fn SelectField(props: &SelectFieldProps) -> Html {
    let SelectFieldProps { id, label, value, none, options, required, hint, error, .. } = props;
    let onchange = props.on_choose.reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value());
    let onblur = props.on_leave.reform(|_: FocusEvent| ());
    html! {
        <FieldFrame {id} {label} required={*required} hint={hint.clone()} error={error.clone()}>
            <select
                {id}
                name={id}
                aria-required={required.then_some("true")}
                aria-invalid={error.is_some().then_some("true")}
                aria-describedby={described_by(id, hint.is_some(), error.is_some())}
                {onchange}
                {onblur}
            >
                if let Some(none) = none {
                    <option value="" selected={value.is_empty()}>{ none }</option>
                }
                for (option, name) in options.iter() {
                    <option value={option} selected={option == value}>{ name }</option>
                }
            </select>
        </FieldFrame>
    }
}
