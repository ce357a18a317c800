//! One's own account, for everybody of the staff: the password and the second factors. It is also what stands before
//! every other page while one of the two is still asked for.

mod factors;
mod passkey;
mod password;
mod qr;
mod totp;
mod unit_requests;

use motcua_frontend::api::Api;
use motcua_frontend::components::{Banner, Page, Tone, text_fact};
use motcua_frontend::hooks::use_act;
use motcua_frontend::i18n::use_i18n;
use motcua_frontend::staff::{Workplace, use_workplace};
use motcua_openapi::sessions::{Me, Role};
use yew::prelude::*;

use self::factors::Factors;
use self::password::OwnPassword;
use self::unit_requests::OwnRequests;
use motcua_frontend::administration::{asked_first, said};

/// One's own account.
#[component]
pub(crate) fn MePage() -> Html {
    let i18n = use_i18n();
    let Workplace { api, me, on_me, .. } = use_workplace();
    let changed = use_state(|| false);
    let told = use_act(move |()| asked_again(api.clone()), on_me.reform(leave_where_done));
    let on_password = {
        let (changed, go) = (changed.setter(), told.go.clone());
        Callback::from(move |()| {
            changed.set(true);
            go.emit(());
        })
    };
    html! {
        <Page title={i18n.t("me.title")}>
            <div class="sheet">
                { asked_first(&me).map(|key| html! { <Banner tone={Tone::Warning}><p>{ i18n.t(key) }</p></Banner> }) }
                { said::refusal(&i18n, told.failed.as_ref()) }
                if !me.password_change_needed {
                    <Factors on_change={told.go.clone()} />
                }
                <OwnPassword on_done={on_password} is_done={*changed} />
                if asked_first(&me).is_none() && me.roles == [Role::Officer] {
                    <OwnRequests />
                }
                if asked_first(&me).is_none() {
                    <section class="card" aria-labelledby="me-title">
                        <h2 id="me-title">{ i18n.t("me.about") }</h2>
                        <dl class="facts">
                            { text_fact(i18n.t("officer.full_name"), me.full_name.clone()) }
                            { text_fact(i18n.t("officer.username"), me.username.clone()) }
                            { text_fact(i18n.t("officer.phone"), if me.phone.is_empty() { "—".to_owned() } else { me.phone.clone() }) }
                        </dl>
                        <p class="hint">{ i18n.t("me.ask_administrator") }</p>
                    </section>
                }
            </div>
        </Page>
    }
}

async fn asked_again(api: Api) -> Result<Me, motcua_frontend::api::ApiError> {
    api.me().await
}

/// An officer who came here from the desk for a password of their own goes back to it.
fn leave_where_done(me: Me) -> Me {
    if asked_first(&me).is_none() && me.roles == [Role::Officer] && !motcua_frontend::browser::path().ends_with("/me") {
        motcua_frontend::browser::go("/");
    }
    me
}
