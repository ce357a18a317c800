//! The events as a table: when, who, what, on what, from where, and what changed.

use motcua_frontend::administration::Table;
use motcua_frontend::clock;
use motcua_frontend::components::{Button, ButtonKind};
use motcua_frontend::i18n::I18n;
use motcua_openapi::audit::{Actor, AuditEvent, Change, ChangedField, Subject, SubjectKind};
use motcua_openapi::desk::OfficerRef;
use yew::prelude::*;

use super::filters::Chosen;

/// So much of an id tells it from the others on a page.
const SHORT_ID: usize = 8;

/// The events, newest first.
pub(super) fn table<'a>(
    i18n: &I18n,
    events: impl Iterator<Item = &'a AuditEvent>,
    chosen: &Chosen,
    on_choose: &Callback<Chosen>,
) -> Html {
    let labels =
        ["audit.at", "audit.actor", "audit.act", "audit.subject", "audit.unit", "audit.address", "audit.sequence"];
    let labels = labels.map(|key| i18n.t(key));
    let table = Table { title: "events-title", labels: &labels, numbers: labels.len(), empty: i18n.t("audit.empty") };
    table.of(events.map(|event| {
        let sealed = event.sequence.map_or_else(|| i18n.t("audit.unsealed"), |place| place.to_string().into());
        vec![
            html! { <span class="number">{ format!("{} {}", clock::time_to_the_second(event.at), clock::date(event.at)) }</span> },
            actor(i18n, &event.actor, chosen, on_choose),
            html! { <div>{ i18n.t(&format!("act.{}", event.act.as_str())) }{ changes(i18n, &event.changes) }</div> },
            event.subject.map_or_else(|| html! { "—" }, |one| subject(i18n, one, chosen, on_choose)),
            html! { event.unit.as_ref().map_or("—", |unit| unit.name.as_str()) },
            html! { event.remote_address.as_deref().unwrap_or("—") },
            html! { sealed },
        ]
    }))
}

fn actor(i18n: &I18n, actor: &Actor, chosen: &Chosen, on_choose: &Callback<Chosen>) -> Html {
    match actor {
        Actor::Officer { officer } => by_officer(i18n, officer, chosen, on_choose),
        Actor::Citizen { .. } => html! { i18n.t("audit.citizen") },
        Actor::System => html! { i18n.t("audit.system") },
    }
}

fn by_officer(i18n: &I18n, officer: &OfficerRef, chosen: &Chosen, on_choose: &Callback<Chosen>) -> Html {
    let on_press = {
        let chosen = Chosen { officer: Some(officer.clone()), ..chosen.clone() };
        on_choose.reform(move |()| chosen.clone())
    };
    let name = i18n.with("audit.choose_officer", &[("officer", &officer.full_name)]);
    html! { <Button kind={ButtonKind::Quiet} label={officer.full_name.clone()} {name} {on_press} /> }
}

fn subject(i18n: &I18n, subject: Subject, chosen: &Chosen, on_choose: &Callback<Chosen>) -> Html {
    let on_press = {
        let chosen = Chosen { subject: Some(subject), ..chosen.clone() };
        on_choose.reform(move |()| chosen.clone())
    };
    let label = format!("{} {}", i18n.t(subject_kind(subject.kind)), short(&subject.id.to_string()));
    let name = i18n.with("audit.choose_subject", &[("subject", &label)]);
    html! { <Button kind={ButtonKind::Quiet} {label} {name} {on_press} /> }
}

/// What kind of thing, in a word.
pub(super) fn subject_kind(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Session => "subject.session",
        SubjectKind::Registration => "subject.registration",
        SubjectKind::Account => "subject.account",
        SubjectKind::Officer => "subject.officer",
        SubjectKind::Unit => "subject.unit",
        SubjectKind::UnitRequest => "subject.unit_request",
        SubjectKind::OfficerImport => "subject.officer_import",
        SubjectKind::Audit => "subject.audit",
    }
}

fn changes(i18n: &I18n, changes: &[Change]) -> Html {
    if changes.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="hint">
            for change in changes {
                <li>{ told(i18n, change) }</li>
            }
        </ul>
    }
}

/// `Vai trò: Cán bộ → Quản trị viên`; of what is personal only that it changed.
fn told(i18n: &I18n, change: &Change) -> String {
    let field = i18n.t(field(change.field));
    let shown = |value: &Option<String>| value.as_deref().map(|value| readable(i18n, change.field, value));
    match (shown(&change.before), shown(&change.after)) {
        (None, None) => i18n.with("audit.changed", &[("field", &field)]).to_string(),
        (None, Some(after)) => format!("{field}: {after}"),
        (before, after) => {
            let or_none = |value: Option<String>| value.unwrap_or_else(|| "—".to_owned());
            format!("{field}: {} → {}", or_none(before), or_none(after))
        }
    }
}

fn field(field: ChangedField) -> &'static str {
    match field {
        ChangedField::Name => "changed.name",
        ChangedField::Phone => "changed.phone",
        ChangedField::Email => "changed.email",
        ChangedField::Role => "changed.role",
        ChangedField::State => "changed.state",
        ChangedField::Agency => "changed.agency",
        ChangedField::Units => "changed.units",
        ChangedField::Parent => "changed.parent",
        ChangedField::Rows => "changed.rows",
    }
}

/// Roles and states in words, ids short; where there is no word, as it is written.
fn readable(i18n: &I18n, field: ChangedField, value: &str) -> String {
    match field {
        ChangedField::Role => word(i18n, &format!("role.{value}"), value),
        ChangedField::State => word(i18n, &format!("state.{value}"), value),
        ChangedField::Agency | ChangedField::Units | ChangedField::Parent => {
            let ids: Vec<_> = value.split(',').filter(|id| !id.is_empty()).map(short).collect();
            if ids.is_empty() { "—".to_owned() } else { ids.join(", ") }
        }
        ChangedField::Name | ChangedField::Phone | ChangedField::Email | ChangedField::Rows => value.to_owned(),
    }
}

fn word(i18n: &I18n, key: &str, value: &str) -> String {
    if i18n.has(key) { i18n.t(key).to_string() } else { value.to_owned() }
}

/// The end of an id: its beginning is a time, which neighbours share.
fn short(id: &str) -> &str {
    id.len().checked_sub(SHORT_ID).and_then(|start| id.get(start..)).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use motcua_frontend::i18n::{Language, speak};

    use super::*;

    #[test]
    fn a_change_is_told_in_words_and_what_is_personal_only_that_it_changed() {
        speak(crate::WORDS);
        let i18n = I18n::new(Language::Vietnamese);
        let role = Change::between(ChangedField::Role, "officer", "administrator");
        assert_eq!(told(&i18n, &role), "Vai trò: Cán bộ một cửa → Quản trị viên");
        assert_eq!(told(&i18n, &Change::of(ChangedField::Phone)), "Số điện thoại: đã đổi");
        let units = Change::between(ChangedField::Units, "", "019ac0de-0000-7000-8000-00000000abcd");
        assert_eq!(told(&i18n, &units), "Đơn vị: — → 0000abcd");
    }
}
