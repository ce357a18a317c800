//! Changing an officer's name, phone and role.

use std::rc::Rc;

use motcua_frontend::components::{Button, SelectField, TextField};
use motcua_frontend::hooks::use_act;
use motcua_frontend::i18n::use_i18n;
use motcua_frontend::staff::{Workplace, use_workplace};
use motcua_openapi::officers::{Officer, UpdateOfficer};
use motcua_openapi::problem::FieldError;
use motcua_openapi::values::PhoneNumber;
use yew::prelude::*;

use super::{role_named, role_options};
use motcua_frontend::administration::said::{self, typed};

/// What every part of an officer's page takes.
#[derive(Properties, PartialEq)]
pub(super) struct PartProps {
    /// The officer as read.
    pub officer: Rc<Officer>,
    /// What was done here last.
    pub done: Option<AttrValue>,
    /// Something was changed; what to tell.
    pub on_done: Callback<AttrValue>,
}

/// The form.
#[component]
pub(super) fn Edit(props: &PartProps) -> Html {
    let i18n = use_i18n();
    let Workplace { api, me, .. } = use_workplace();
    let officer = &props.officer;
    let kept_phone = officer.phone.as_ref().map(PhoneNumber::national).unwrap_or_default();
    let full_name = use_state(|| officer.full_name.clone());
    let phone = use_state(|| kept_phone.clone());
    let role = use_state(|| officer.role.as_str().to_owned());
    let errors = use_state(Vec::<FieldError>::new);
    let act = {
        let id = officer.id;
        let saved = i18n.t("officer.saved");
        use_act(
            move |update: UpdateOfficer| {
                let api = api.clone();
                async move { api.update_officer(id, &update).await }
            },
            props.on_done.reform(move |_: Officer| saved.clone()),
        )
    };
    let onsubmit = {
        let changed = |text: &str, kept: &str| Some(text.to_owned()).filter(|text| text != kept);
        let update = UpdateOfficer {
            version: officer.version,
            full_name: changed(&full_name, &officer.full_name),
            phone: changed(&phone, &kept_phone),
            role: role_named(&role).filter(|role| *role != officer.role),
        };
        let (errors, go) = (errors.setter(), act.go.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let wrong = update.parse().err().unwrap_or_default();
            match wrong.first() {
                Some(first) => motcua_frontend::browser::focus(&first.field),
                None => go.emit(update.clone()),
            }
            errors.set(wrong);
        })
    };
    let failed = act.failed.as_ref();
    let wrong = |field| said::wrong(&i18n, field, &errors, failed);
    let value = |text: &UseStateHandle<String>| AttrValue::from(text.to_string());
    html! {
        <section class="card" aria-labelledby="edit-title">
            <h2 id="edit-title">{ i18n.t("officer.edit") }</h2>
            { said::done(props.done.clone().filter(|_| failed.is_none())) }
            { said::refusal(&i18n, failed) }
            <form class="stack" novalidate=true {onsubmit}>
                <TextField
                    id="full_name" label={i18n.t("officer.full_name")} required=true value={value(&full_name)}
                    error={wrong("full_name")} on_type={typed(&full_name)}
                />
                <TextField
                    id="phone" label={i18n.t("officer.phone")} hint={i18n.t("officer.phone_hint")} required=true kind="tel"
                    size="medium" value={value(&phone)} error={wrong("phone")} on_type={typed(&phone)}
                />
                if me.id != officer.id {
                    <SelectField
                        id="role" label={i18n.t("officer.role")} hint={i18n.t("officer.role_hint")} required=true
                        value={value(&role)} options={role_options(&i18n)} on_choose={typed(&role)}
                    />
                }
                <div class="act-row"><Button submit=true label={i18n.t("act.save")} busy={act.busy} /></div>
            </form>
        </section>
    }
}
