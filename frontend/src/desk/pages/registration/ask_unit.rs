//! One press that tells the administrators which unit cannot be chosen; the server knows why.

use motcua_openapi::unit_requests::{CreateUnitRequest, UnitRequest};
use uuid::Uuid;
use yew::prelude::*;

use motcua_frontend::browser;
use motcua_frontend::components::{Button, ButtonKind};
use motcua_frontend::hooks::use_act;
use motcua_frontend::i18n::use_i18n;
use motcua_frontend::staff::use_workplace;
use motcua_frontend::wording;

/// What [`AskUnit`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct AskUnitProps {
    /// The unit.
    pub id: Uuid,
    /// Its name.
    pub name: AttrValue,
}

/// The button, and what became of the press.
#[component]
pub(crate) fn AskUnit(props: &AskUnitProps) -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let key = use_state(browser::random_key);
    let asked = use_state(|| false);
    let on_done = {
        let asked = asked.setter();
        Callback::from(move |_: UnitRequest| asked.set(true))
    };
    let act = {
        let (id, key) = (props.id, (*key).clone());
        use_act(
            move |()| {
                let (api, key) = (api.clone(), key.clone());
                let request = CreateUnitRequest { unit_id: Some(id), unit_name: None, why: String::new() };
                async move { api.ask_for_unit(&request, &key).await }
            },
            on_done,
        )
    };
    let said = act.failed.as_ref().map(|error| wording::api_error(&i18n, error));
    let said = said.or_else(|| asked.then(|| i18n.t("unit.asked")));
    html! {
        <>
            if !*asked {
                <Button
                    kind={ButtonKind::Quiet} label={i18n.t("unit.ask_for_it")} busy={act.busy} on_press={act.go}
                    name={format!("{}: {}", i18n.t("unit.ask_for_it"), props.name)}
                />
            }
            <p role="status">{ said.unwrap_or_default() }</p>
        </>
    }
}
