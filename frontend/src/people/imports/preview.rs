//! What applying the list would do, row by row.

use std::rc::Rc;

use motcua_frontend::administration::{Table, said, said::typed};
use motcua_frontend::components::{Button, IconName, SelectField, icon, remote_view};
use motcua_frontend::hooks::{use_act, use_remote};
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::use_workplace;
use motcua_openapi::officer_imports::{CellChange, ListRow, OfficerImport, RowCounts, RowOutcome};
use yew::prelude::*;

const OUTCOMES: [(RowOutcome, &str); 3] = [
    (RowOutcome::New, "import.new"),
    (RowOutcome::Changed, "import.changed"),
    (RowOutcome::Unchanged, "import.unchanged"),
];

/// What [`Preview`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct PreviewProps {
    /// The list.
    pub list: Rc<OfficerImport>,
}

/// The rows, of one outcome or of all.
#[component]
pub(super) fn Preview(props: &PreviewProps) -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let chosen = use_state(String::new);
    let handle = use_remote((props.list.id, (*chosen).clone()), move |(id, chosen)| {
        let (api, id, outcome) = (api.clone(), *id, outcome_named(chosen));
        async move { api.officer_import(id, outcome, 0).await }
    });
    let options = OUTCOMES.map(|(outcome, key)| (AttrValue::from(outcome.as_str()), i18n.t(key)));
    html! {
        <section class="results" aria-labelledby="rows-title">
            <h2 id="rows-title">{ i18n.t("import.preview") }</h2>
            <div class="choices">
                <SelectField
                    id="outcome" label={i18n.t("import.outcome")} none={i18n.t("officers.any")} options={options.to_vec()}
                    value={AttrValue::from(chosen.to_string())} on_choose={typed(&chosen)}
                />
            </div>
            { remote_view(&handle, |list| html! { <Rows list={Rc::clone(list)} outcome={(*chosen).clone()} /> }) }
        </section>
    }
}

fn outcome_named(text: &str) -> Option<RowOutcome> {
    OUTCOMES.into_iter().map(|(outcome, _)| outcome).find(|outcome| outcome.as_str() == text)
}

/// How many rows of an outcome there are.
fn how_many(counts: RowCounts, outcome: Option<RowOutcome>) -> u32 {
    match outcome {
        None => counts.new + counts.changed + counts.unchanged,
        Some(RowOutcome::New) => counts.new,
        Some(RowOutcome::Changed) => counts.changed,
        Some(RowOutcome::Unchanged) => counts.unchanged,
    }
}

#[derive(Properties, PartialEq)]
struct RowsProps {
    list: Rc<OfficerImport>,
    outcome: String,
}

#[component]
fn Rows(props: &RowsProps) -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let more = use_state(Vec::<ListRow>::new);
    {
        let more = more.setter();
        use_effect_with(props.list.clone(), move |_| more.set(vec![]));
    }
    let outcome = outcome_named(&props.outcome);
    let on_rows = {
        let more = more.clone();
        Callback::from(move |list: OfficerImport| more.set([(*more).clone(), list.rows].concat()))
    };
    let act = {
        let id = props.list.id;
        use_act(
            move |offset: u32| {
                let api = api.clone();
                async move { api.officer_import(id, outcome, offset).await }
            },
            on_rows,
        )
    };
    let seen = u32::try_from(props.list.rows.len() + more.len()).unwrap_or(u32::MAX);
    let in_all = how_many(props.list.counts, outcome);
    html! {
        <>
            <p role="status" class="hint">{ i18n.with("import.seen", &[("seen", &i18n.count(seen)), ("count", &i18n.count(in_all))]) }</p>
            { table(&i18n, props.list.rows.iter().chain(more.iter())) }
            { said::refusal(&i18n, act.failed.as_ref()) }
            if seen < in_all {
                <p class="more"><Button label={i18n.t("list.more")} busy={act.busy} on_press={act.go.reform(move |()| seen)} /></p>
            }
        </>
    }
}

fn table<'a>(i18n: &I18n, rows: impl Iterator<Item = &'a ListRow>) -> Html {
    let labels = [
        "import.row",
        "import.outcome",
        "officer.full_name",
        "officer.username",
        "officer.phone",
        "officer.units",
        "officer.role",
        "import.changes",
    ];
    let labels = labels.map(|key| i18n.t(key));
    let table = Table { title: "rows-title", labels: &labels, numbers: labels.len(), empty: i18n.t("import.no_rows") };
    table.of(rows.map(|row| {
        let made = if row.username_made { i18n.t("import.username_made") } else { AttrValue::default() };
        vec![
            html! { row.row },
            tag(i18n, row.outcome),
            html! { <strong>{ &row.full_name }</strong> },
            html! { <span>{ &row.username }{ " " }<span class="hint">{ made }</span></span> },
            html! { <span class="number">{ &row.phone }</span> },
            html! { if row.units.is_empty() { { "—" } } else { { row.units.join("; ") } } },
            html! { &row.role },
            changes(&row.changes),
        ]
    }))
}

fn tag(i18n: &I18n, outcome: RowOutcome) -> Html {
    let (class, name) = match outcome {
        RowOutcome::New => ("tag tag-good", IconName::Plus),
        RowOutcome::Changed => ("tag tag-waiting", IconName::Alert),
        RowOutcome::Unchanged => ("tag tag-over", IconName::Check),
    };
    let key = OUTCOMES.into_iter().find(|one| one.0 == outcome).map_or("import.unchanged", |one| one.1);
    html! { <span {class}>{ icon(name) }{ i18n.t(key) }</span> }
}

fn changes(changes: &[CellChange]) -> Html {
    if changes.is_empty() {
        return html! { "—" };
    }
    let or_dash = |text: &str| if text.is_empty() { "—".to_owned() } else { text.to_owned() };
    html! {
        <ul>
            for change in changes {
                <li>{ format!("{}: {} → {}", change.column.header(), or_dash(&change.before), or_dash(&change.after)) }</li>
            }
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_by_what_is_done_with_them() {
        let counts = RowCounts { new: 3, changed: 2, unchanged: 1 };
        let named = ["", "new", "changed", "unchanged"].map(outcome_named);
        assert_eq!(named.map(|outcome| how_many(counts, outcome)), [6, 3, 2, 1]);
    }
}
