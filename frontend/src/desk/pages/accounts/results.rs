//! The list's pages, put one under the other as the officer asks for more.

use std::rc::Rc;

use motcua_openapi::accounts::{AccountPage, AccountSummary, SearchAccounts, Total};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::table::AccountTable;
use motcua_frontend::api::ApiError;
use motcua_frontend::components::{Banner, Button, Tone, remote_view};
use motcua_frontend::hooks::use_remote;
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::use_workplace;
use motcua_frontend::wording;

/// What [`Results`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct ResultsProps {
    /// What is searched.
    pub filters: SearchAccounts,
    /// Changes whenever the list should be read again.
    pub visit: (u32, bool),
}

/// What was found.
#[component]
pub(crate) fn Results(props: &ResultsProps) -> Html {
    let api = use_workplace().api;
    let handle = use_remote((props.filters.clone(), props.visit), move |(filters, _)| {
        let (api, filters) = (api.clone(), filters.clone());
        async move { api.search_accounts(&filters).await }
    });
    html! {
        <section class="results" aria-labelledby="results-title">
            { remote_view(&handle, |first| html! { <Pages first={Rc::clone(first)} filters={props.filters.clone()} /> }) }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct PagesProps {
    first: Rc<AccountPage>,
    filters: SearchAccounts,
}

/// The rows read so far after the first page, and where the next ones begin.
#[derive(Clone, Debug, Default, PartialEq)]
struct More {
    rows: Vec<AccountSummary>,
    next: Option<String>,
    busy: bool,
    failed: Option<ApiError>,
}

impl More {
    fn after(first: &AccountPage) -> Self {
        Self { next: first.next.clone(), ..Self::default() }
    }

    fn asking(&self) -> Self {
        Self { busy: true, failed: None, ..self.clone() }
    }

    fn with(&self, answer: Result<AccountPage, ApiError>) -> Self {
        match answer {
            Ok(page) => {
                Self { rows: [self.rows.clone(), page.items].concat(), next: page.next, busy: false, failed: None }
            }
            Err(error) => Self { busy: false, failed: Some(error), ..self.clone() },
        }
    }
}

#[component]
fn Pages(props: &PagesProps) -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let more = use_state(|| More::after(&props.first));
    {
        let more = more.setter();
        use_effect_with(props.first.clone(), move |first| more.set(More::after(first)));
    }
    let on_more = {
        let (more, filters) = (more.clone(), props.filters.clone());
        Callback::from(move |()| {
            let (api, more) = (api.clone(), more.clone());
            let search = SearchAccounts { cursor: more.next.clone(), ..filters.clone() };
            more.set(more.asking());
            spawn_local(async move {
                let answer = api.search_accounts(&search).await;
                more.set(more.with(answer));
            });
        })
    };
    let rows = [props.first.items.clone(), more.rows.clone()].concat();
    html! {
        <>
            <div role="status"><h2 id="results-title">{ total(&i18n, props.first.total) }</h2></div>
            <AccountTable {rows} />
            if let Some(error) = &more.failed {
                <Banner tone={Tone::Danger}><p>{ wording::api_error(&i18n, error) }</p></Banner>
            }
            if more.next.is_some() {
                <p class="more"><Button label={i18n.t("list.more")} busy={more.busy} on_press={on_more} /></p>
            }
        </>
    }
}

fn total(i18n: &I18n, total: Total) -> AttrValue {
    let count = i18n.count(total.count);
    i18n.with(if total.exact { "list.total" } else { "list.total_over" }, &[("count", &count)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use motcua_frontend::i18n::{Language, speak};

    #[test]
    fn the_total_is_said_exactly_and_past_its_limit_as_more() {
        speak(crate::WORDS);
        let i18n = I18n::new(Language::Vietnamese);
        assert_eq!(total(&i18n, Total { count: 1234, exact: true }), "Tìm thấy 1.234 kết quả");
        assert_eq!(total(&i18n, Total { count: 10_000, exact: false }), "Tìm thấy hơn 10.000 kết quả");
    }

    #[test]
    fn a_page_that_did_not_come_keeps_the_rows_and_its_place() {
        let first = AccountPage { items: vec![], next: Some("a".into()), total: Total { count: 0, exact: true } };
        let more = More::after(&first).asking().with(Err(ApiError::Unreachable));
        assert_eq!((more.next.as_deref(), more.busy), (Some("a"), false));
        assert!(more.failed.is_some());
    }
}
