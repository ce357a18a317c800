//! "Thông tin tìm kiếm": the seven filters, read by the contract's parsers before they are sent.

use std::collections::BTreeMap;

use motcua_openapi::accounts::SearchAccounts;
use motcua_openapi::desk::UnitRef;
use motcua_openapi::problem::{FieldCode, FieldError};
use motcua_openapi::sessions::{Me, UnselectableReason};
use yew::prelude::*;

use motcua_frontend::components::{
    Button, ButtonKind, DateField, IconName, NotADate, SelectField, TextField, optional_date,
};
use motcua_frontend::hooks::use_shortcut;
use motcua_frontend::i18n::use_i18n;
use motcua_frontend::wording;

/// The filters' names on the wire. Their ids on the page begin with `search_`, for screen 2 over
/// this page has fields of the same names.
const FIELDS: [&str; 7] = ["name", "phone", "id_number", "officer_name", "unit_id", "from", "to"];

/// The filters as typed, by their names on the wire.
#[derive(Clone, Debug, Default, PartialEq)]
struct Filters(BTreeMap<&'static str, String>);

impl Filters {
    fn get(&self, field: &str) -> &str {
        self.0.get(field).map_or("", String::as_str)
    }

    /// The search, or every filter's error.
    fn read(&self) -> Result<SearchAccounts, Vec<FieldError>> {
        let text = |field: &str| Some(self.get(field).trim().to_owned()).filter(|text| !text.is_empty());
        let mut errors = Vec::new();
        let mut date = |field: &str| {
            optional_date(self.get(field)).unwrap_or_else(|NotADate| {
                errors.push(FieldError::new(field, FieldCode::DateInvalid, "not a date"));
                None
            })
        };
        let search = SearchAccounts {
            name: text("name"),
            phone: text("phone"),
            id_number: text("id_number"),
            officer_name: text("officer_name"),
            unit_id: text("unit_id").and_then(|id| id.parse().ok()),
            from: date("from"),
            to: date("to"),
            ..SearchAccounts::default()
        };
        errors.extend(search.errors());
        if errors.is_empty() { Ok(search) } else { Err(errors) }
    }
}

/// The units whose accounts the officer sees: those to choose, and those whose name is not right yet.
pub(crate) fn searchable_units(me: &Me) -> Vec<UnitRef> {
    let misnamed = me.unselectable_units.iter().filter(|unit| unit.reason == UnselectableReason::NameLacksMarker);
    let misnamed = misnamed.map(|unit| UnitRef { id: unit.id, name: unit.name.clone() });
    me.units.iter().cloned().chain(misnamed).collect()
}

/// What [`FilterForm`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct FilterFormProps {
    /// The units to choose from.
    pub units: Vec<UnitRef>,
    /// Whether nothing stands over the page: its keys act only then.
    pub is_free: bool,
    /// A search to make.
    pub on_search: Callback<SearchAccounts>,
    /// THÊM MỚI
    pub on_new: Callback<()>,
}

/// The search form.
#[component]
pub(crate) fn FilterForm(props: &FilterFormProps) -> Html {
    let i18n = use_i18n();
    let filters = use_state(Filters::default);
    let errors = use_state(Vec::<FieldError>::new);
    let search = {
        let (filters, errors, on_search) = (filters.clone(), errors.setter(), props.on_search.clone());
        Callback::from(move |()| match filters.read() {
            Ok(search) => {
                errors.set(vec![]);
                on_search.emit(search);
            }
            Err(wrong) => {
                if let Some(first) = wrong.first() {
                    motcua_frontend::browser::focus(&format!("search_{}", first.field));
                }
                errors.set(wrong);
            }
        })
    };
    use_shortcut("F8", props.is_free, search.clone());
    use_shortcut("F2", props.is_free, props.on_new.clone());
    let value = |field: &str| AttrValue::from(filters.get(field).to_owned());
    let error =
        |field: &str| errors.iter().find(|error| error.field == field).map(|error| wording::field_error(&i18n, error));
    let on_type = |field: &'static str| {
        let filters = filters.clone();
        Callback::from(move |text: String| {
            let mut next = (*filters).clone();
            next.0.insert(field, text);
            filters.set(next);
        })
    };
    let text_field = |field: &'static str, label: &str, placeholder: &str, input_mode: Option<&'static str>| {
        html! {
            <TextField
                id={format!("search_{field}")} label={i18n.t(label)} placeholder={i18n.t(placeholder)} {input_mode}
                value={value(field)} error={error(field)} on_type={on_type(field)}
            />
        }
    };
    let date_field = |field: &'static str, label: &str| {
        html! {
            <DateField
                id={format!("search_{field}")} label={i18n.t(label)}
                value={value(field)} error={error(field)} on_type={on_type(field)}
            />
        }
    };
    let [name, phone, id_number, officer_name, unit_id, from, to] = FIELDS;
    let unit = |unit: &UnitRef| (unit.id.to_string().into(), unit.name.clone().into());
    let onsubmit = search.reform(|event: SubmitEvent| event.prevent_default());
    html! {
        <form class="filters card" role="search" aria-labelledby="filters-title" novalidate=true {onsubmit}>
            <h2 id="filters-title">{ i18n.t("filters.title") }</h2>
            <div class="filter-grid">
                { text_field(name, "filters.name", "filters.name_placeholder", None) }
                { text_field(phone, "filters.phone", "filters.phone_placeholder", Some("tel")) }
                { text_field(id_number, "filters.id_number", "filters.id_number_placeholder", Some("numeric")) }
                { text_field(officer_name, "filters.officer_name", "filters.officer_name_placeholder", None) }
                <SelectField
                    id={format!("search_{unit_id}")} label={i18n.t("filters.unit")} none={i18n.t("filters.unit_none")}
                    options={props.units.iter().map(unit).collect::<Vec<_>>()}
                    value={value(unit_id)} on_choose={on_type(unit_id)}
                />
                <div class="filter-dates">
                    { date_field(from, "filters.from") }
                    { date_field(to, "filters.to") }
                </div>
            </div>
            <div class="act-row act-end">
                <Button submit=true icon={IconName::Search} label={i18n.t("filters.search")} shortcut="F8" />
                <Button
                    kind={ButtonKind::Primary} icon={IconName::Plus} label={i18n.t("filters.new")} shortcut="F2"
                    on_press={props.on_new.clone()}
                />
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn filters(pairs: &[(&'static str, &str)]) -> Filters {
        Filters(pairs.iter().map(|(field, text)| (*field, (*text).to_owned())).collect())
    }

    #[test]
    fn empty_filters_do_not_filter() {
        assert_eq!(filters(&[("name", "  ")]).read(), Ok(SearchAccounts::default()));
    }

    #[test]
    fn dates_are_read_as_typed() {
        let search = filters(&[("from", "1/2/2026"), ("to", "28/02/2026")]).read().unwrap();
        assert_eq!(search.from, NaiveDate::from_ymd_opt(2026, 2, 1));
        assert_eq!(search.to, NaiveDate::from_ymd_opt(2026, 2, 28));
    }

    #[test]
    fn every_wrong_filter_is_told_at_once() {
        let errors = filters(&[("phone", "12"), ("id_number", "1"), ("from", "31/02/2026")]).read().unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["from", "phone", "id_number"]);
    }

    #[test]
    fn a_range_that_runs_backwards_is_told_at_its_end() {
        let errors = filters(&[("from", "02/02/2026"), ("to", "01/02/2026")]).read().unwrap_err();
        assert_eq!((errors[0].field.as_str(), errors[0].code), ("to", FieldCode::RangeReversed));
    }
}
