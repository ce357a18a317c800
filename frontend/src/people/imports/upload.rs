//! Choosing a list and sending it.

use motcua_frontend::administration::said;
use motcua_frontend::browser;
use motcua_frontend::components::{Button, ButtonKind, FieldFrame, IconName, described_by};
use motcua_frontend::hooks::use_act;
use motcua_frontend::i18n::use_i18n;
use motcua_frontend::staff::use_workplace;
use motcua_openapi::officer_imports::{MAX_BYTES, MAX_ROWS, OfficerImport};
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::route::Route;

const FIELD: &str = "list";

/// The form.
#[component]
pub(super) fn Upload() -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let navigator = use_navigator();
    let file = use_state(|| None::<File>);
    let missing = use_state(|| false);
    let percent = use_state(|| 0_u32);
    let key = use_state(browser::random_key);
    let act = {
        let (key, percent) = ((*key).clone(), percent.setter());
        use_act(
            move |file: File| {
                let (api, key, percent) = (api.clone(), key.clone(), percent.clone());
                async move { api.upload_officers(&file, &key, Callback::from(move |done: u32| percent.set(done))).await }
            },
            Callback::from(move |list: OfficerImport| {
                if let Some(navigator) = &navigator {
                    navigator.push(&Route::ImportOne { id: list.id });
                }
            }),
        )
    };
    let onchange = {
        // Another file is another act.
        let (file, key, missing, forget) = (file.setter(), key.setter(), missing.setter(), act.forget.clone());
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            file.set(input.files().and_then(|files| files.get(0)));
            key.set(browser::random_key());
            missing.set(false);
            forget.emit(());
        })
    };
    let onsubmit = {
        let (file, missing, percent, go) = (file.clone(), missing.setter(), percent.setter(), act.go.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            percent.set(0);
            match &*file {
                Some(file) => go.emit(file.clone()),
                None => {
                    missing.set(true);
                    browser::focus(FIELD);
                }
            }
        })
    };
    let (rows, size) = (i18n.count(MAX_ROWS), i18n.megabytes(MAX_BYTES));
    html! {
        <section class="card" aria-labelledby="upload-title">
            <h2 id="upload-title">{ i18n.t("import.upload") }</h2>
            <p>{ i18n.t("import.about") }</p>
            { said::refusal(&i18n, act.failed.as_ref()) }
            <form class="stack" novalidate=true {onsubmit}>
                <FieldFrame
                    id={FIELD} label={i18n.t("import.file")} required=true
                    hint={i18n.with("import.file_hint", &[("rows", &rows), ("size", &size)])}
                    error={missing.then(|| i18n.t("import.file_missing"))}
                >
                    <input
                        id={FIELD} type="file" accept=".xlsx,.csv" aria-required="true"
                        aria-invalid={missing.then_some("true")} aria-describedby={described_by(FIELD, true, *missing)}
                        {onchange}
                    />
                </FieldFrame>
                if act.busy {
                    <label class="hint">
                        { i18n.t("import.uploading") }
                        <progress max="100" value={percent.to_string()} />
                    </label>
                }
                <div class="act-row">
                    <Button
                        submit=true kind={ButtonKind::Primary} icon={IconName::Upload} label={i18n.t("import.send")}
                        busy={act.busy}
                    />
                </div>
            </form>
        </section>
    }
}
