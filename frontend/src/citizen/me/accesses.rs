//! Whoever had to do with the account: a table in words.

use motcua_openapi::citizens::{Access, AccessAct};
use yew::prelude::*;

use motcua_frontend::clock;
use motcua_frontend::i18n::I18n;

/// The table, newest first.
pub(super) fn accesses(i18n: &I18n, accesses: &[Access]) -> Html {
    let [when, what, who, place] =
        ["accesses.when", "accesses.what", "accesses.who", "accesses.where"].map(|key| i18n.t(key));
    html! {
        <table class="rows">
            <thead>
                <tr>
                    for head in [&when, &what, &who, &place] {
                        <th scope="col">{ head }</th>
                    }
                </tr>
            </thead>
            <tbody>
                for access in accesses {
                    <tr>
                        <td data-label={&when}>{ clock::date_time(access.at) }</td>
                        <td data-label={&what}>{ i18n.t(act(access.act)) }</td>
                        <td data-label={&who}>{ whom(i18n, access) }</td>
                        <td data-label={&place}>{ access.unit.clone().unwrap_or_else(|| "—".to_owned()) }</td>
                    </tr>
                }
            </tbody>
        </table>
    }
}

fn whom(i18n: &I18n, access: &Access) -> AttrValue {
    match (&access.officer, access.by_citizen) {
        (Some(officer), _) => officer.clone().into(),
        (None, true) => i18n.t("accesses.you"),
        (None, false) => i18n.t("accesses.system"),
    }
}

fn act(act: AccessAct) -> &'static str {
    match act {
        AccessAct::RegistrationRead => "accesses.registration_read",
        AccessAct::ScanAttached => "accesses.scan_attached",
        AccessAct::ScanRead => "accesses.scan_read",
        AccessAct::RequestFormMade => "accesses.request_form_made",
        AccessAct::OtpRequested => "accesses.otp_requested",
        AccessAct::PhoneVerified => "accesses.phone_verified",
        AccessAct::AccountCreated => "accesses.account_created",
        AccessAct::AccountRead => "accesses.account_read",
        AccessAct::PasswordResent => "accesses.password_resent",
        AccessAct::SignedIn => "accesses.signed_in",
        AccessAct::SessionReused => "accesses.session_reused",
        AccessAct::PasswordChanged => "accesses.password_changed",
        AccessAct::PasswordReset => "accesses.password_reset",
        AccessAct::DataRead => "accesses.data_read",
        AccessAct::DataExported => "accesses.data_exported",
        AccessAct::EmailChanged => "accesses.email_changed",
        AccessAct::PhoneChanged => "accesses.phone_changed",
        AccessAct::DataRequested => "accesses.data_requested",
        AccessAct::DataRequestAnswered => "accesses.data_request_answered",
        AccessAct::AccountClosed => "accesses.account_closed",
        AccessAct::Other => "accesses.other",
    }
}
