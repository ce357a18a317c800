//! What the citizen has asked for, and what became of it.

use motcua_openapi::citizens::{DataRequest, DataRequestKind, DataRequestOutcome};
use motcua_openapi::values::format_typed_date;
use yew::prelude::*;

use motcua_frontend::clock;
use motcua_frontend::i18n::I18n;

/// The name of what can be asked for.
pub(super) fn kind(kind: DataRequestKind) -> &'static str {
    match kind {
        DataRequestKind::WithdrawConsent => "requests.withdraw_consent",
        DataRequestKind::CloseAccount => "requests.close_account",
    }
}

/// The requests, newest first.
pub(super) fn requests(i18n: &I18n, requests: &[DataRequest]) -> Html {
    if requests.is_empty() {
        return html! { <p class="empty">{ i18n.t("requests.none") }</p> };
    }
    html! {
        <ul class="requests">
            for request in requests {
                <li>
                    <p><strong>{ i18n.t(kind(request.kind)) }</strong>{ " · " }{ clock::date_time(request.made_at) }</p>
                    if !request.words.is_empty() {
                        <p class="hint">{ &request.words }</p>
                    }
                    { fate(i18n, request) }
                </li>
            }
        </ul>
    }
}

fn fate(i18n: &I18n, request: &DataRequest) -> Html {
    let Some(answer) = &request.answer else {
        let key = if request.is_overdue { "requests.overdue" } else { "requests.waits" };
        return html! { <p>{ i18n.with(key, &[("date", &format_typed_date(request.due_on))]) }</p> };
    };
    let outcome = i18n.t(match answer.outcome {
        DataRequestOutcome::Accepted => "requests.accepted",
        DataRequestOutcome::Declined => "requests.declined",
    });
    let by = [("name", answer.by.as_str()), ("time", &clock::date_time(answer.at))];
    html! {
        <p><strong>{ outcome }</strong>{ ": " }{ &answer.words }{ " " }<span class="hint">{ i18n.with("requests.by", &by) }</span></p>
    }
}
