//! An account in full: numbers that can be copied, the scan, what became of its messages.

mod messages;

use std::rc::Rc;

use motcua_openapi::accounts::Account;
use motcua_openapi::values::IdNumber;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use self::messages::AccountMessages;
use crate::route::Route;
use motcua_frontend::api::ApiError;
use motcua_frontend::browser;
use motcua_frontend::clock;
use motcua_frontend::components::{
    Banner, Button, CopyableNumber, Crumb, IconName, Page, Tone, fact, remote_view, text_fact,
};
use motcua_frontend::hooks::use_remote;
use motcua_frontend::i18n::use_i18n;
use motcua_frontend::staff::use_workplace;
use motcua_frontend::wording;

/// What [`AccountPage`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct AccountPageProps {
    /// The account.
    pub id: Uuid,
}

/// An account in full.
#[component]
pub(crate) fn AccountPage(props: &AccountPageProps) -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let handle = use_remote(props.id, move |id| {
        let (api, id) = (api.clone(), *id);
        async move { api.account(id).await }
    });
    let title =
        handle.remote.ready().map_or_else(|| i18n.t("account.title"), |account| account.full_name.to_string().into());
    html! {
        <Page {title} crumbs={vec![Crumb::to(i18n.t("list.title"), &Route::Accounts)]}>
            { remote_view(&handle, |account| html! { <Detail account={Rc::clone(account)} /> }) }
        </Page>
    }
}

#[derive(Properties, PartialEq)]
struct DetailProps {
    account: Rc<Account>,
}

#[component]
fn Detail(props: &DetailProps) -> Html {
    let i18n = use_i18n();
    let account = &props.account;
    let number = |number: &IdNumber, key: &str| {
        fact(
            i18n.t(key),
            html! { <CopyableNumber shown={number.grouped()} plain={number.to_string()} name={i18n.t(key)} /> },
        )
    };
    let phone = html! {
        <CopyableNumber shown={account.phone.grouped()} plain={account.phone.national()} name={i18n.t("form.phone")} />
    };
    let email = account.email.as_ref().map_or_else(|| "—".to_owned(), ToString::to_string);
    html! {
        <div class="detail">
            <section class="card" aria-labelledby="citizen-title">
                <h2 id="citizen-title">{ i18n.t("form.citizen") }</h2>
                <dl class="facts">
                    { number(&account.id_number, "form.id_number") }
                    if let Some(previous) = &account.previous_id_number {
                        { number(previous, "form.previous_id_number") }
                    }
                    { text_fact(i18n.t("form.full_name"), account.full_name.to_string()) }
                    { text_fact(i18n.t("form.birth_date"), account.birth_date.typed()) }
                    { fact(i18n.t("form.phone"), phone) }
                    { text_fact(i18n.t("form.email"), email) }
                    { text_fact(i18n.t("form.language"), wording::text_language(account.language)) }
                    { fact(i18n.t("form.scan"), html! { <ScanDownload account={Rc::clone(account)} /> }) }
                </dl>
            </section>
            <section class="card" aria-labelledby="officer-title">
                <h2 id="officer-title">{ i18n.t("form.officer_section") }</h2>
                <dl class="facts">
                    { text_fact(i18n.t("list.officer"), account.officer.full_name.clone()) }
                    { text_fact(i18n.t("list.unit"), account.unit.name.clone()) }
                    { text_fact(i18n.t("form.created_at"), clock::date_time(account.created_at)) }
                </dl>
            </section>
            <AccountMessages account={Rc::clone(account)} />
        </div>
    }
}

/// The scan, read only when it is asked for: each reading is on record.
#[component]
fn ScanDownload(props: &DetailProps) -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let (busy, failed) = (use_state(|| false), use_state(|| None::<ApiError>));
    let on_press = {
        let (account, busy, failed) = (Rc::clone(&props.account), busy.setter(), failed.setter());
        Callback::from(move |()| {
            let (api, account, busy, failed) = (api.clone(), Rc::clone(&account), busy.clone(), failed.clone());
            busy.set(true);
            spawn_local(async move {
                let file = api.scan(account.registration_id).await;
                busy.set(false);
                failed.set(file.as_ref().err().cloned());
                if let Ok(file) = file {
                    let name = file.name.unwrap_or_else(|| account.scan.file_name.clone());
                    let _ = browser::save_file(&name, &file.media_type, &file.bytes);
                }
            });
        })
    };
    let scan = &props.account.scan;
    html! {
        <>
            <p>{ &scan.file_name }{ " · " }{ i18n.megabytes(scan.size_bytes) }{ " MB" }</p>
            <Button label={i18n.t("account.scan")} icon={IconName::Download} busy={*busy} {on_press} />
            if let Some(error) = &*failed {
                <Banner tone={Tone::Danger}><p>{ wording::api_error(&i18n, error) }</p></Banner>
            }
        </>
    }
}
