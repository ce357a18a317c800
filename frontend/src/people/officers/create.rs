//! Authorising an officer: who, as what, where; the password goes by text to their own phone.

use std::rc::Rc;

use motcua_frontend::api::ApiError;
use motcua_frontend::browser;
use motcua_frontend::components::{
    Button, ButtonKind, Crumb, ErrorSummary, Page, SelectField, SummaryItem, TextField, remote_view, required_note,
};
use motcua_frontend::hooks::use_act;
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::{is_administrator, use_workplace};
use motcua_frontend::wording;
use motcua_openapi::officers::{CreateOfficer, Officer};
use motcua_openapi::problem::FieldError;
use motcua_openapi::sessions::Role;
use motcua_openapi::units::UnitTree;
use uuid::Uuid;
use yew::prelude::*;
use yew_router::prelude::*;

use super::{role_named, role_options};
use crate::route::Route;
use crate::units::{UnitPicker, unit_options, use_units};
use motcua_frontend::administration::said::{self, not_yours, typed};

/// A new officer.
#[component]
pub(crate) fn NewOfficerPage() -> Html {
    let (i18n, me) = (use_i18n(), use_workplace().me);
    let crumbs = vec![Crumb::to(i18n.t("officers.title"), &Route::Officers)];
    html! {
        <Page title={i18n.t("officers.new_title")} {crumbs}>
            if is_administrator(&me) {
                <Units />
            } else {
                { not_yours(&i18n, "officers.no_permission") }
            }
        </Page>
    }
}

#[component]
fn Units() -> Html {
    let handle = use_units();
    remote_view(&handle, |tree| html! { <Form tree={Rc::clone(tree)} /> })
}

#[derive(Properties, PartialEq)]
struct FormProps {
    tree: Rc<UnitTree>,
}

#[component]
fn Form(props: &FormProps) -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let navigator = use_navigator();
    let [full_name, username, phone] = [use_state(String::new), use_state(String::new), use_state(String::new)];
    let role = use_state(|| Role::Officer.as_str().to_owned());
    let agency = use_state(|| props.tree.agency_id.to_string());
    let units = use_state(Vec::<Uuid>::new);
    let errors = use_state(Vec::<FieldError>::new);
    let press = use_state(|| 0_u32);
    let key = use_state(browser::random_key);
    let on_done = Callback::from(move |officer: Officer| {
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Officer { id: officer.id });
        }
    });
    let act = {
        let key = (*key).clone();
        use_act(
            move |new: CreateOfficer| {
                let (api, key) = (api.clone(), key.clone());
                async move { api.create_officer(&new, &key).await }
            },
            on_done,
        )
    };
    // What the server refused takes the focus too. Another request then: another key.
    {
        let (press, key) = (press.clone(), key.setter());
        use_effect_with(act.failed.clone(), move |failed| {
            if failed.as_ref().is_some_and(|error| !error.may_pass()) {
                key.set(browser::random_key());
                press.set(*press + 1);
            }
        });
    }
    let onsubmit = {
        let new = CreateOfficer {
            username: username.trim().to_owned(),
            full_name: (*full_name).clone(),
            phone: (*phone).clone(),
            role: role_named(&role).unwrap_or(Role::Officer),
            agency_id: agency.parse().ok(),
            units: (*units).clone(),
        };
        let (errors, press, go) = (errors.setter(), press.clone(), act.go.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let wrong = new.parse().err().unwrap_or_default();
            if wrong.is_empty() {
                go.emit(new.clone());
            } else {
                press.set(*press + 1);
            }
            errors.set(wrong);
        })
    };
    let failed = act.failed.as_ref();
    let wrong = |field| said::wrong(&i18n, field, &errors, failed);
    let value = |text: &UseStateHandle<String>| AttrValue::from(text.to_string());
    let on_units = {
        let units = units.setter();
        Callback::from(move |chosen: Vec<Uuid>| units.set(chosen))
    };
    html! {
        <form class="stack narrow" novalidate=true {onsubmit}>
            <p>{ i18n.t("officers.new_about") }</p>
            { required_note(&i18n) }
            <ErrorSummary items={summary(&i18n, &errors, failed.map(ApiError::fields).unwrap_or_default())} press={*press} />
            { said::refusal(&i18n, failed) }
            <TextField
                id="full_name" label={i18n.t("officer.full_name")} required=true value={value(&full_name)}
                error={wrong("full_name")} on_type={typed(&full_name)}
            />
            <TextField
                id="username" label={i18n.t("officer.username")} hint={i18n.t("officer.username_hint")} required=true
                size="medium" value={value(&username)} error={wrong("username")} on_type={typed(&username)}
            />
            <TextField
                id="phone" label={i18n.t("officer.phone")} hint={i18n.t("officer.phone_hint")} required=true kind="tel"
                size="medium" value={value(&phone)} error={wrong("phone")} on_type={typed(&phone)}
            />
            <SelectField
                id="role" label={i18n.t("officer.role")} hint={i18n.t("officer.role_hint")} required=true
                value={value(&role)} options={role_options(&i18n)} on_choose={typed(&role)}
            />
            <SelectField
                id="agency_id" label={i18n.t("officer.agency")} hint={i18n.t("officer.agency_hint")} required=true
                value={value(&agency)} options={unit_options(&props.tree)} error={wrong("agency_id")} on_choose={typed(&agency)}
            />
            <UnitPicker tree={Rc::clone(&props.tree)} chosen={(*units).clone()} error={wrong("units")} on_choose={on_units} />
            <div class="act-row">
                <Button submit=true kind={ButtonKind::Primary} label={i18n.t("officers.authorise")} busy={act.busy} />
                <Link<Route> to={Route::Officers} classes="button button-secondary">{ i18n.t("act.cancel") }</Link<Route>>
            </div>
        </form>
    }
}

/// What is wrong, by field, in the order of the form.
fn summary(i18n: &I18n, here: &[FieldError], there: &[FieldError]) -> Vec<SummaryItem> {
    let order = ["full_name", "username", "phone", "role", "agency_id", "units"];
    let at = |error: &&FieldError| order.iter().position(|field| *field == error.field).unwrap_or(order.len());
    let mut all: Vec<&FieldError> = here.iter().chain(there).collect();
    all.sort_by_key(at);
    let item =
        |error: &FieldError| SummaryItem { field: error.field.clone().into(), text: wording::field_error(i18n, error) };
    all.into_iter().map(item).collect()
}
