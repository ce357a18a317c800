//! The units of the administrator's agency: the tree, whether each can be chosen and why not, with the fix beside it.

mod assign;
mod dialogs;
mod picker;
mod tree;

use std::rc::Rc;

use motcua_frontend::components::{Page, TextField, remote_view};
use motcua_frontend::hooks::{RemoteHandle, use_remote};
use motcua_frontend::i18n::use_i18n;
use motcua_frontend::staff::{is_administrator, use_workplace};
use motcua_openapi::units::{Unit, UnitTree};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use self::assign::AssignDialog;
use self::dialogs::{NameDialog, Naming, RetireQuestion};
use motcua_frontend::administration::said::{self, not_yours, typed};

pub(crate) use self::dialogs::{quoted, with_marker};
pub(crate) use self::picker::{UnitPicker, unit_options};

/// What stands over the tree.
#[derive(Clone, Debug, PartialEq)]
enum Over {
    Nothing,
    Naming(Naming),
    Assigning(Unit),
    Retiring(Unit),
}

/// The units.
#[component]
pub(crate) fn UnitsPage() -> Html {
    let (i18n, me) = (use_i18n(), use_workplace().me);
    html! {
        <Page title={i18n.t("units.title")}>
            if is_administrator(&me) {
                <Units />
            } else {
                { not_yours(&i18n, "units.no_permission") }
            }
        </Page>
    }
}

/// The tree of the administrator's agency, read anew when the line is back.
#[hook]
pub(crate) fn use_units() -> RemoteHandle<UnitTree> {
    let api = use_workplace().api;
    use_remote((), move |()| {
        let api = api.clone();
        async move { api.units().await }
    })
}

#[component]
fn Units() -> Html {
    let i18n = use_i18n();
    let handle = use_units();
    let (words, only_open, over) = (use_state(String::new), use_state(|| false), use_state(|| Over::Nothing));
    let told = use_state(|| None::<AttrValue>);
    let on_close = {
        let over = over.setter();
        Callback::from(move |()| over.set(Over::Nothing))
    };
    let on_done = {
        let (on_close, told, reload) = (on_close.clone(), told.setter(), handle.reload.clone());
        Callback::from(move |text: AttrValue| {
            on_close.emit(());
            told.set(Some(text));
            reload.emit(());
        })
    };
    let open = {
        let (over, told) = (over.setter(), told.setter());
        Callback::from(move |what: Over| {
            told.set(None);
            over.set(what);
        })
    };
    let on_only_open = {
        let only_open = only_open.setter();
        Callback::from(move |event: Event| only_open.set(event.target_unchecked_into::<HtmlInputElement>().checked()))
    };
    html! {
        <>
            <p>{ i18n.t("units.about") }</p>
            { said::done((*told).clone()) }
            <div class="choices">
                <TextField
                    id="unit_words" label={i18n.t("units.filter")} value={AttrValue::from(words.to_string())}
                    on_type={typed(&words)}
                />
                <label class="check"><input type="checkbox" checked={*only_open} onchange={on_only_open} />{ i18n.t("units.only_open") }</label>
            </div>
            { remote_view(&handle, |units| tree::table(&i18n, units, &words, *only_open, &open)) }
            { handle.remote.ready().map(|units| opened(&over, units, &on_done, &on_close)) }
        </>
    }
}

fn opened(over: &Over, tree: &Rc<UnitTree>, on_done: &Callback<AttrValue>, on_close: &Callback<()>) -> Html {
    let (on_done, on_close) = (on_done.clone(), on_close.clone());
    match over {
        Over::Nothing => Html::default(),
        Over::Naming(naming) => html! { <NameDialog naming={naming.clone()} {on_done} {on_close} /> },
        Over::Assigning(unit) => {
            html! { <AssignDialog unit={unit.clone()} tree={Rc::clone(tree)} {on_done} {on_close} /> }
        }
        Over::Retiring(unit) => html! { <RetireQuestion unit={unit.clone()} {on_done} {on_close} /> },
    }
}
