//! What is looked for: an act, a person, a thing, days; and taking along what fits.

use motcua_frontend::administration::said::{self, typed};
use motcua_frontend::api::Download;
use motcua_frontend::browser;
use motcua_frontend::components::{
    Button, ButtonKind, DateField, IconName, NotADate, SelectField, TextField, optional_date,
};
use motcua_frontend::hooks::use_act;
use motcua_frontend::i18n::use_i18n;
use motcua_frontend::staff::use_workplace;
use motcua_openapi::audit::{Act, ExportAuditEvents, SearchAuditEvents, Subject};
use motcua_openapi::desk::OfficerRef;
use motcua_openapi::problem::{FieldCode, FieldError};
use yew::prelude::*;

use super::table::subject_kind;

/// Who and what was chosen from the rows that were found.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Chosen {
    /// Only what this officer did.
    pub officer: Option<OfficerRef>,
    /// Only what was done on this.
    pub subject: Option<Subject>,
}

/// What [`Filters`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct FiltersProps {
    /// Who and what is chosen.
    pub chosen: Chosen,
    /// Another choice.
    pub on_choose: Callback<Chosen>,
    /// A search to make.
    pub on_search: Callback<SearchAuditEvents>,
}

/// The form.
#[component]
pub(super) fn Filters(props: &FiltersProps) -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let [act, name, from, to] =
        [use_state(String::new), use_state(String::new), use_state(String::new), use_state(String::new)];
    let errors = use_state(Vec::<FieldError>::new);
    let read = {
        let (act, name, from, to) = (act.clone(), name.clone(), from.clone(), to.clone());
        let (chosen, errors) = (props.chosen.clone(), errors.setter());
        move || {
            let search = read(&chosen, &act, &name, &from, &to);
            if let Some(first) = search.as_ref().err().and_then(|wrong| wrong.first()) {
                browser::focus(&first.field);
            }
            errors.set(search.as_ref().err().cloned().unwrap_or_default());
            search.ok()
        }
    };
    // Who or what was chosen in the rows, or no longer is, is searched at once; the page has begun with a search.
    let has_begun = use_mut_ref(|| false);
    {
        let (read, on_search) = (read.clone(), props.on_search.clone());
        use_effect_with(props.chosen.clone(), move |_| {
            let is_another = std::mem::replace(&mut *has_begun.borrow_mut(), true);
            if let Some(search) = is_another.then(read).flatten() {
                on_search.emit(search);
            }
        });
    }
    let onsubmit = {
        let (read, on_search) = (read.clone(), props.on_search.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(search) = read() {
                on_search.emit(search);
            }
        })
    };
    let export = use_act(
        move |export: ExportAuditEvents| {
            let api = api.clone();
            async move { api.export_audit(&export).await }
        },
        Callback::from(|file: Download| {
            let name = file.name.unwrap_or_else(|| "audit-events.csv".to_owned());
            let _ = browser::save_file(&name, &file.media_type, &file.bytes);
        }),
    );
    let on_export = {
        let go = export.go.clone();
        Callback::from(move |()| {
            if let Some(search) = read() {
                go.emit(without_names(&search));
            }
        })
    };
    let value = |text: &UseStateHandle<String>| AttrValue::from(text.to_string());
    let wrong = |field| said::wrong(&i18n, field, &errors, export.failed.as_ref());
    let mut acts: Vec<(AttrValue, AttrValue)> =
        Act::ALL.iter().map(|act| (act.as_str().into(), i18n.t(&format!("act.{}", act.as_str())))).collect();
    acts.sort_by(|left, right| left.1.cmp(&right.1));
    html! {
        <form class="filters card" role="search" aria-labelledby="filters-title" novalidate=true {onsubmit}>
            <h2 id="filters-title">{ i18n.t("audit.filters") }</h2>
            <div class="filter-grid">
                <SelectField
                    id="act" label={i18n.t("audit.act")} none={i18n.t("officers.any")} value={value(&act)} options={acts}
                    on_choose={typed(&act)}
                />
                <TextField
                    id="officer_name" label={i18n.t("audit.officer_name")} value={value(&name)} on_type={typed(&name)}
                />
                <div class="filter-dates">
                    <DateField id="from" label={i18n.t("audit.from")} value={value(&from)} error={wrong("from")} on_type={typed(&from)} />
                    <DateField id="to" label={i18n.t("audit.to")} value={value(&to)} error={wrong("to")} on_type={typed(&to)} />
                </div>
            </div>
            <ChosenOnes chosen={props.chosen.clone()} on_choose={props.on_choose.clone()} />
            { said::refusal(&i18n, export.failed.as_ref()) }
            <div class="act-row act-end">
                <Button
                    icon={IconName::Download} label={i18n.t("audit.export")} busy={export.busy} on_press={on_export}
                    described_by="export-hint"
                />
                <Button kind={ButtonKind::Primary} submit=true icon={IconName::Search} label={i18n.t("audit.search")} />
            </div>
            <p class="hint" id="export-hint">{ i18n.t("audit.export_hint") }</p>
        </form>
    }
}

#[derive(Properties, PartialEq)]
struct ChosenProps {
    chosen: Chosen,
    on_choose: Callback<Chosen>,
}

/// Who and what is chosen, each with a way out of it.
#[component]
fn ChosenOnes(props: &ChosenProps) -> Html {
    let i18n = use_i18n();
    let without = |chosen: Chosen| props.on_choose.reform(move |()| chosen.clone());
    html! {
        <>
            if let Some(officer) = &props.chosen.officer {
                <p class="act-row">
                    { i18n.with("audit.only_by", &[("officer", &officer.full_name)]) }
                    <Button
                        kind={ButtonKind::Quiet} icon={IconName::Close} label={i18n.t("audit.everybody")}
                        on_press={without(Chosen { officer: None, ..props.chosen.clone() })}
                    />
                </p>
            }
            if let Some(subject) = &props.chosen.subject {
                <p class="act-row">
                    { i18n.with("audit.only_on", &[("subject", &format!("{} {}", i18n.t(subject_kind(subject.kind)), subject.id))]) }
                    <Button
                        kind={ButtonKind::Quiet} icon={IconName::Close} label={i18n.t("audit.everything")}
                        on_press={without(Chosen { subject: None, ..props.chosen.clone() })}
                    />
                </p>
            }
        </>
    }
}

/// The search, or every field's error.
fn read(chosen: &Chosen, act: &str, name: &str, from: &str, to: &str) -> Result<SearchAuditEvents, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut date = |field: &str, text: &str| {
        optional_date(text).unwrap_or_else(|NotADate| {
            errors.push(FieldError::new(field, FieldCode::DateInvalid, "not a date"));
            None
        })
    };
    let search = SearchAuditEvents {
        acts: Act::named(act).into_iter().collect(),
        officer_id: chosen.officer.as_ref().map(|officer| officer.id),
        officer_name: Some(name.trim().to_owned()).filter(|name| !name.is_empty()),
        subject_id: chosen.subject.map(|subject| subject.id),
        from: date("from", from),
        to: date("to", to),
        ..SearchAuditEvents::default()
    };
    errors.extend(search.parse().err().unwrap_or_default());
    if errors.is_empty() { Ok(search) } else { Err(errors) }
}

/// What is taken along is told by ids: no name stands in an address.
fn without_names(search: &SearchAuditEvents) -> ExportAuditEvents {
    ExportAuditEvents {
        act: search.acts.first().copied(),
        officer_id: search.officer_id,
        subject_id: search.subject_id,
        from: search.from,
        to: search.to,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_typed_and_a_reversed_range_is_told_at_its_end() {
        let none = Chosen::default();
        let search = read(&none, "account_read", " an ", "1/2/2026", "").unwrap();
        assert_eq!(
            (search.acts.as_slice(), search.officer_name.as_deref()),
            ([Act::AccountRead].as_slice(), Some("an"))
        );
        assert_eq!(without_names(&search).from.unwrap().to_string(), "2026-02-01");
        let wrong = |from, to| read(&none, "", "", from, to).unwrap_err().remove(0);
        assert_eq!((wrong("31/02/2026", "").field, wrong("2/2/2026", "1/2/2026").field), ("from".into(), "to".into()));
    }
}
