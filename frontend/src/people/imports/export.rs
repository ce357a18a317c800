//! The officers as a list, which can be changed and uploaded again.

use motcua_frontend::administration::said;
use motcua_frontend::api::Download;
use motcua_frontend::browser;
use motcua_frontend::components::{Button, IconName};
use motcua_frontend::hooks::use_act;
use motcua_frontend::i18n::use_i18n;
use motcua_frontend::staff::use_workplace;
use motcua_openapi::officer_imports::ListFormat;
use yew::prelude::*;

/// Two buttons.
#[component]
pub(super) fn Export() -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let act = use_act(
        move |format: ListFormat| {
            let api = api.clone();
            async move { api.export_officers(format).await }
        },
        Callback::from(|file: Download| {
            let name = file.name.unwrap_or_else(|| "danh-sach-can-bo.xlsx".to_owned());
            let _ = browser::save_file(&name, &file.media_type, &file.bytes);
        }),
    );
    html! {
        <section class="card" aria-labelledby="export-title">
            <h2 id="export-title">{ i18n.t("import.export") }</h2>
            <p>{ i18n.t("import.export_about") }</p>
            { said::refusal(&i18n, act.failed.as_ref()) }
            <div class="act-row">
                for format in ListFormat::ALL {
                    <Button
                        icon={IconName::Download} busy={act.busy}
                        label={i18n.with("import.download", &[("format", format.extension())])}
                        on_press={act.go.reform(move |()| format)}
                    />
                }
            </div>
        </section>
    }
}
