//! **Usb ký số**: the certificate that the browser shows when the connection is made.

use yew::prelude::*;

use motcua_frontend::components::{Banner, Button, ButtonKind, Tone};
use motcua_frontend::i18n::use_i18n;

use crate::attempt::use_attempt;
use crate::session::Doors;

#[derive(Properties, PartialEq)]
pub(super) struct ByCertificateProps {
    pub(super) doors: Doors,
    pub(super) is_open: bool,
}

#[component]
pub(super) fn ByCertificate(props: &ByCertificateProps) -> Html {
    let i18n = use_i18n();
    html! {
        <>
            <p>{ i18n.t("sign_in.certificate_about") }</p>
            <ol class="needs">
                <li>{ i18n.t("sign_in.certificate_token") }</li>
                <li>{ i18n.t("sign_in.certificate_driver") }</li>
                <li>{ i18n.t("sign_in.certificate_account") }</li>
            </ol>
            if props.is_open {
                <CertificateForm doors={props.doors.clone()} />
            } else {
                <Banner tone={Tone::Info}><p>{ i18n.t("sign_in.way_closed") }</p></Banner>
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct CertificateFormProps {
    doors: Doors,
}

#[component]
fn CertificateForm(props: &CertificateFormProps) -> Html {
    let i18n = use_i18n();
    let attempt = use_attempt();
    let on_press = {
        let (attempt, doors) = (attempt.clone(), props.doors.clone());
        Callback::from(move |()| {
            let (doors, api) = (doors.clone(), doors.api().clone());
            attempt.send(Ok(async move { api.sign_in_by_certificate().await }), move |result| {
                if let Ok(first) = result {
                    doors.enter(first);
                }
            });
        })
    };
    html! {
        <>
            { attempt.banner(&i18n) }
            <Button kind={ButtonKind::Primary} label={i18n.t("sign_in.submit")} busy={attempt.is_busy()} {on_press} />
        </>
    }
}
