//! Naming a unit, a new one or one that is there, and retiring one.

use motcua_frontend::browser;
use motcua_frontend::components::{Button, ButtonKind, Dialog, Question, TextField, offline_banner};
use motcua_frontend::hooks::use_act;
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::{Workplace, use_workplace};
use motcua_openapi::problem::FieldError;
use motcua_openapi::units::{CreateUnit, RenameUnit, Unit, parse_unit_name};
use motcua_openapi::values::text::contains_ignoring_case;
use yew::prelude::*;

use motcua_frontend::administration::said::{self, typed};

/// What gets a name.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Naming {
    /// A new unit below this one.
    Below(Unit),
    /// This one gets another.
    Renaming(Unit),
    /// This one gets one that can be chosen.
    Marking(Unit),
}

impl Naming {
    fn title(&self) -> &'static str {
        match self {
            Self::Below(_) => "units.create_title",
            Self::Renaming(_) | Self::Marking(_) => "units.rename_title",
        }
    }

    fn unit(&self) -> &Unit {
        match self {
            Self::Below(unit) | Self::Renaming(unit) | Self::Marking(unit) => unit,
        }
    }

    /// What stands in the field at first.
    fn suggestion(&self, marker: &str) -> String {
        match self {
            Self::Below(_) => String::new(),
            Self::Renaming(unit) => unit.name.clone(),
            Self::Marking(unit) => with_marker(&unit.name, marker),
        }
    }
}

/// A name that can be chosen, made of one that cannot.
pub(crate) fn with_marker(name: &str, marker: &str) -> String {
    format!("{marker} {name}")
}

/// What [`NameDialog`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct NameDialogProps {
    /// What gets a name.
    pub naming: Naming,
    /// It has it; what to tell.
    pub on_done: Callback<AttrValue>,
    /// Given up.
    pub on_close: Callback<()>,
}

/// The dialog with the one field.
#[component]
pub(super) fn NameDialog(props: &NameDialogProps) -> Html {
    let i18n = use_i18n();
    let Workplace { api, desk, offline, .. } = use_workplace();
    let markers = desk.unit_markers.clone();
    let marker = markers.first().cloned().unwrap_or_default();
    let name = use_state(|| props.naming.suggestion(&marker));
    let errors = use_state(Vec::<FieldError>::new);
    let key = use_state(browser::random_key);
    let act = {
        let (naming, key) = (props.naming.clone(), (*key).clone());
        use_act(
            move |name: String| {
                let (api, naming, key) = (api.clone(), naming.clone(), key.clone());
                async move {
                    let unit = naming.unit();
                    match naming {
                        Naming::Below(_) => api.create_unit(&CreateUnit { parent_id: unit.id, name }, &key).await,
                        Naming::Renaming(_) | Naming::Marking(_) => {
                            api.rename_unit(unit.id, &RenameUnit { version: unit.version, name }).await
                        }
                    }
                }
            },
            tell(&i18n, "units.saved", &props.on_done),
        )
    };
    let onsubmit = {
        let (name, errors, go) = (name.clone(), errors.setter(), act.go.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            browser::focus("unit_name");
            match parse_unit_name("name", &name) {
                Ok(name) => {
                    errors.set(vec![]);
                    go.emit(name);
                }
                Err(error) => errors.set(vec![error]),
            }
        })
    };
    let failed = act.failed.as_ref();
    let lacks = !name.trim().is_empty() && !markers.iter().any(|marker| contains_ignoring_case(&name, marker));
    let said_markers = quoted(&i18n, &markers);
    html! {
        <Dialog labelled_by="name-title" class="question" on_escape={props.on_close.clone()}>
            <h2 id="name-title">{ i18n.with(props.naming.title(), &[("unit", &props.naming.unit().name)]) }</h2>
            { offline_banner(&i18n, offline) }
            { said::refusal(&i18n, failed) }
            <form class="stack" novalidate=true {onsubmit}>
                <TextField
                    id="unit_name" label={i18n.t("units.name")} required=true autofocus=true
                    hint={i18n.with("units.name_hint", &[("markers", &said_markers)])}
                    value={AttrValue::from(name.to_string())} error={said::wrong(&i18n, "name", &errors, failed)}
                    on_type={typed(&name)}
                />
                <p class="hint" role="status">
                    if lacks {
                        { i18n.t("units.still_lacks") }
                    }
                </p>
                <div class="act-row act-end">
                    <Button label={i18n.t("act.cancel")} on_press={props.on_close.clone()} />
                    <Button submit=true kind={ButtonKind::Primary} label={i18n.t("act.save")} busy={act.busy} />
                </div>
            </form>
        </Dialog>
    }
}

/// “Bộ phận một cửa” hoặc “Trung tâm …”
pub(crate) fn quoted(i18n: &I18n, markers: &[String]) -> String {
    let quoted: Vec<_> = markers.iter().map(|marker| format!("“{marker}”")).collect();
    quoted.join(i18n.t("unit.or").as_str())
}

/// Says of which unit it is done.
fn tell(i18n: &I18n, key: &'static str, on_done: &Callback<AttrValue>) -> Callback<Unit> {
    let i18n = i18n.clone();
    on_done.reform(move |unit: Unit| i18n.with(key, &[("unit", &unit.name)]))
}

/// What [`RetireQuestion`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct RetireQuestionProps {
    /// Which unit.
    pub unit: Unit,
    /// It is retired; what to tell.
    pub on_done: Callback<AttrValue>,
    /// It stays.
    pub on_close: Callback<()>,
}

/// Asks before a unit is retired, and says why it cannot be.
#[component]
pub(super) fn RetireQuestion(props: &RetireQuestionProps) -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let (id, version) = (props.unit.id, props.unit.version);
    let act = use_act(
        move |()| {
            let api = api.clone();
            async move { api.retire_unit(id, version).await }
        },
        tell(&i18n, "units.retired_done", &props.on_done),
    );
    let title = i18n.with("units.retire_title", &[("unit", &props.unit.name)]);
    if act.failed.is_some() {
        return html! {
            <Dialog role="alertdialog" labelled_by="question-title" class="question" on_escape={props.on_close.clone()}>
                <h2 id="question-title">{ title }</h2>
                { said::refusal(&i18n, act.failed.as_ref()) }
                <div class="act-row act-end"><Button label={i18n.t("act.close")} on_press={props.on_close.clone()} /></div>
            </Dialog>
        };
    }
    html! {
        <Question
            {title} loss={i18n.t("units.retire_loss")} stay={i18n.t("act.keep")} go={i18n.t("units.retire")}
            on_stay={props.on_close.clone()} on_go={act.go}
        />
    }
}
