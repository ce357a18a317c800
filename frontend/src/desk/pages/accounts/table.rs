//! The list's table. On a narrow screen each row becomes a card, and the roles keep it a table for
//! screen readers.

use motcua_openapi::accounts::AccountSummary;
use motcua_openapi::messages::MessageStatus;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::route::Route;
use motcua_frontend::components::message_tag;
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::wording;

const COLUMNS: [&str; 7] =
    ["list.index", "list.name", "list.id_number", "list.phone", "list.officer", "list.unit", "list.actions"];

/// What [`AccountTable`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct AccountTableProps {
    /// The rows, newest first.
    pub rows: Vec<AccountSummary>,
}

/// The list.
#[component]
pub(crate) fn AccountTable(props: &AccountTableProps) -> Html {
    let i18n = use_i18n();
    let labels = COLUMNS.map(|key| i18n.t(key));
    html! {
        <table class="rows" role="table" aria-labelledby="results-title">
            <thead role="rowgroup">
                <tr role="row">
                    for label in labels.iter() {
                        <th role="columnheader" scope="col">{ label }</th>
                    }
                </tr>
            </thead>
            <tbody role="rowgroup">
                if props.rows.is_empty() {
                    <tr role="row"><td role="cell" class="empty" colspan="7">{ i18n.t("list.empty") }</td></tr>
                }
                for (index, row) in props.rows.iter().enumerate() {
                    <Row key={row.id.to_string()} index={index + 1} row={row.clone()} labels={labels.clone()} />
                }
            </tbody>
        </table>
    }
}

#[derive(Properties, PartialEq)]
struct RowProps {
    index: usize,
    row: AccountSummary,
    labels: [AttrValue; 7],
}

#[component]
fn Row(props: &RowProps) -> Html {
    let i18n = use_i18n();
    let RowProps { index, row, labels } = props;
    let [index_label, name, id_number, phone, officer, unit, actions] = labels.clone();
    html! {
        <tr role="row">
            <td role="cell" data-label={index_label}>{ *index }</td>
            <td role="cell" data-label={name} class="cell-name">{ row.full_name.as_str() }</td>
            <td role="cell" data-label={id_number} class="number">{ &row.id_number_masked }</td>
            <td role="cell" data-label={phone}>
                <div>
                    <span class="number">{ &row.phone_masked }</span>
                    { password_message(&i18n, row.password_message) }
                </div>
            </td>
            <td role="cell" data-label={officer}>{ &row.officer.full_name }</td>
            <td role="cell" data-label={unit}>{ &row.unit.name }</td>
            <td role="cell" data-label={actions}>
                <Link<Route> to={Route::Account { id: row.id }}>
                    { i18n.t("list.open") }<span class="said">{ format!(" {}", row.full_name) }</span>
                </Link<Route>>
            </td>
        </tr>
    }
}

/// What became of the password that was texted to that phone: in a word, and why where it is late or did not arrive.
fn password_message(i18n: &I18n, status: Option<MessageStatus>) -> Html {
    let Some(status) = status else { return Html::default() };
    html! {
        <div class="password-fate">
            <span class="hint">{ i18n.t("list.password_message") }</span>
            { message_tag(i18n, status.state) }
            if let Some(reason) = status.reason {
                <p class="message-reason">{ i18n.t(wording::message_reason(reason)) }</p>
            }
        </div>
    }
}
