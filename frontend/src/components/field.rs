//! A labelled field: label above, hint under it, error between hint and field.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{IconName, icon};
use crate::i18n::I18n;

/// The ids of the texts that describe the field `id`.
pub fn described_by(id: &str, has_hint: bool, has_error: bool) -> Option<AttrValue> {
    let ids: Vec<_> = [(has_hint, "hint"), (has_error, "error")]
        .into_iter()
        .filter(|(is_there, _)| *is_there)
        .map(|(_, part)| format!("{id}-{part}"))
        .collect();
    (!ids.is_empty()).then(|| AttrValue::from(ids.join(" ")))
}

/// What a [`FieldFrame`] takes.
#[derive(Properties, PartialEq)]
pub struct FieldFrameProps {
    /// The control's id.
    pub id: AttrValue,
    /// The label.
    pub label: AttrValue,
    /// Whether it must be filled in.
    #[prop_or_default]
    pub required: bool,
    /// How to fill it in.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is wrong, and what to do.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// The control, with this id.
    pub children: Html,
}

/// A control with its label, hint and error.
#[component]
pub fn FieldFrame(props: &FieldFrameProps) -> Html {
    let FieldFrameProps { id, label, required, hint, error, children } = props;
    html! {
        <div class={classes!("field", error.is_some().then_some("field-wrong"))}>
            <label for={id}>
                { label }
                if *required {
                    <span class="required" aria-hidden="true">{ " *" }</span>
                }
            </label>
            if let Some(hint) = hint {
                <p class="hint" id={format!("{id}-hint")}>{ hint }</p>
            }
            <div class="field-error" aria-live="polite">
                if let Some(error) = error {
                    <p id={format!("{id}-error")}>{ icon(IconName::Alert) }<span>{ error }</span></p>
                }
            </div>
            { children.clone() }
        </div>
    }
}

/// What a [`TextField`] takes.
#[derive(Properties, PartialEq, Clone)]
pub struct TextFieldProps {
    /// The field's id.
    pub id: AttrValue,
    /// The label.
    pub label: AttrValue,
    /// The text in it.
    pub value: AttrValue,
    /// Whether it must be filled in.
    #[prop_or_default]
    pub required: bool,
    /// How to fill it in.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is wrong, and what to do.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// An example inside it; never the only label.
    #[prop_or_default]
    pub placeholder: Option<AttrValue>,
    /// `text`, `password`, `tel` or `email`.
    #[prop_or("text")]
    pub kind: &'static str,
    /// Which keyboard a touch screen shows.
    #[prop_or_default]
    pub input_mode: Option<&'static str>,
    /// What the browser may fill in. A citizen's data: nothing.
    #[prop_or("off")]
    pub autocomplete: &'static str,
    /// The size of what goes in, as a class: `short`, `medium`; the whole width where left out.
    #[prop_or_default]
    pub size: Option<&'static str>,
    /// Whether the text can only be read.
    #[prop_or_default]
    pub readonly: bool,
    /// Whether it takes the focus when its dialog opens.
    #[prop_or_default]
    pub autofocus: bool,
    /// Every change of the text.
    pub on_type: Callback<String>,
    /// The field was left.
    #[prop_or_default]
    pub on_leave: Callback<()>,
    /// What stands beside the field, e.g. a button.
    #[prop_or_default]
    pub children: Html,
}

/// A field for one line of text.
#[component]
pub fn TextField(props: &TextFieldProps) -> Html {
    let p = props.clone();
    let oninput = p.on_type.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    let onblur = p.on_leave.reform(|_: FocusEvent| ());
    html! {
        <FieldFrame id={p.id.clone()} label={p.label} required={p.required} hint={p.hint.clone()} error={p.error.clone()}>
            <div class="field-row">
                <input
                    id={p.id.clone()}
                    name={p.id.clone()}
                    class={p.size}
                    type={p.kind}
                    value={p.value}
                    placeholder={p.placeholder}
                    inputmode={p.input_mode}
                    autocomplete={p.autocomplete}
                    autofocus={p.autofocus}
                    readonly={p.readonly}
                    spellcheck="false"
                    aria-required={p.required.then_some("true")}
                    aria-invalid={p.error.is_some().then_some("true")}
                    aria-describedby={described_by(&p.id, p.hint.is_some(), p.error.is_some())}
                    {oninput}
                    {onblur}
                />
                { p.children }
            </div>
        </FieldFrame>
    }
}

/// What the star means; said once a form.
pub fn required_note(i18n: &I18n) -> Html {
    html! { <p class="required-note"><span class="required">{ "*" }</span>{ " " }{ i18n.t("form.required_note") }</p> }
}
