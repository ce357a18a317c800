//! Screen 1: the unfinished registrations, the search, the list. Screen 2 opens over it.

mod drafts;
mod filters;
mod results;
mod table;

use motcua_openapi::accounts::SearchAccounts;
use uuid::Uuid;
use yew::prelude::*;
use yew_router::prelude::*;

use self::drafts::Drafts;
use self::filters::FilterForm;
use self::results::Results;
use super::registration::RegistrationDialog;
use crate::route::Route;
use motcua_frontend::components::Page;
use motcua_frontend::i18n::use_i18n;
use motcua_frontend::staff::use_workplace;

/// What stands over the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// Nothing.
    Nothing,
    /// Screen 2, on a draft or empty.
    Registration(Option<Uuid>),
}

/// What [`AccountsPage`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct AccountsPageProps {
    /// What stands over the list.
    pub over: Over,
}

/// Screen 1.
#[component]
pub(crate) fn AccountsPage(props: &AccountsPageProps) -> Html {
    let i18n = use_i18n();
    let units = filters::searchable_units(&use_workplace().me);
    let searched = use_state(Searched::default);
    let is_free = props.over == Over::Nothing;
    let on_search = {
        let searched = searched.clone();
        Callback::from(move |filters: SearchAccounts| searched.set(Searched { filters, times: searched.times + 1 }))
    };
    let navigator = use_navigator();
    let on_new = Callback::from(move |()| {
        if let Some(navigator) = &navigator {
            navigator.push(&Route::NewRegistration);
        }
    });
    // A number of times that also counts the closing of screen 2, which may have changed both lists.
    let visit = (searched.times, is_free);
    html! {
        <>
            <Page title={i18n.t("list.title")}>
                <FilterForm {units} {is_free} {on_search} {on_new} />
                <Drafts {visit} />
                <Results filters={searched.filters.clone()} {visit} />
            </Page>
            if let Over::Registration(id) = props.over {
                <RegistrationDialog {id} />
            }
        </>
    }
}

/// What was last searched, and how often: the same search again is another look.
#[derive(Clone, Debug, Default, PartialEq)]
struct Searched {
    filters: SearchAccounts,
    times: u32,
}
