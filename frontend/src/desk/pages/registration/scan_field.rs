//! The scan's field: choose or drop a file, see it go, see what is attached.

use web_sys::{DragEvent, FileList, HtmlInputElement};
use yew::prelude::*;

use super::WorkProps;
use super::form::Field;
use super::form_field::shown_error;
use super::scan::{File, Refusal, Upload, refusal_text};
use super::state::Happening;
use super::work::Work;
use motcua_frontend::clock;
use motcua_frontend::components::{FieldFrame, IconName, described_by, icon};
use motcua_frontend::i18n::{I18n, use_i18n};

/// The scan's field.
#[component]
pub(crate) fn ScanField(props: &WorkProps) -> Html {
    let i18n = use_i18n();
    let work = &props.work;
    let over = use_state(|| false);
    let id = Field::Scan.id();
    let max = i18n.megabytes(work.place.desk.scan_max_bytes);
    let error = match &work.screen.upload {
        Upload::Refused(file, refusal) => Some(refusal_text(&i18n, file, refusal)),
        Upload::Idle | Upload::Sending { .. } => shown_error(work, Field::Scan, &i18n),
    };
    let drag = |is_over: bool| {
        let over = over.setter();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(is_over);
        })
    };
    html! {
        <FieldFrame {id} label={i18n.t("form.scan")} required=true hint={i18n.with("form.scan_hint", &[("max", &max)])} error={error.clone()}>
            <div
                class={classes!("drop", over.then_some("drop-over"))}
                ondragover={drag(true)}
                ondragleave={drag(false)}
                ondrop={on_drop(work, drag(false))}
            >
                { attached(&i18n, work) }
                <label class="button button-secondary" for={id}>
                    { icon(IconName::Upload) }<span>{ i18n.t("scan.choose") }</span>
                </label>
                <input
                    {id}
                    name={id}
                    type="file"
                    class="file-input"
                    accept=".pdf,.doc,.docx"
                    aria-required="true"
                    aria-invalid={error.is_some().then_some("true")}
                    aria-describedby={described_by(id, true, error.is_some())}
                    onchange={on_choose(work)}
                />
                <span class="drop-note">{ i18n.t("scan.or_drop") }</span>
            </div>
        </FieldFrame>
    }
}

/// What is attached, or on its way.
fn attached(i18n: &I18n, work: &Work) -> Html {
    let screen = &work.screen;
    if let Upload::Sending { name, percent } = &screen.upload {
        let text = i18n.with("scan.sending", &[("name", name), ("percent", &percent.to_string())]);
        return html! {
            <div class="attached" role="status">
                <p>{ icon(IconName::Upload) }{ &text }</p>
                <progress max="100" value={percent.to_string()} aria-label={text.clone()} />
            </div>
        };
    }
    let Some(scan) = screen.saved.as_ref().and_then(|saved| saved.scan.as_ref()) else { return Html::default() };
    let size = i18n.megabytes(scan.size_bytes);
    let about = i18n.with("scan.attached", &[("size", &size), ("time", &clock::time(scan.uploaded_at))]);
    html! {
        <p class="attached" role="status">
            { icon(IconName::Check) }<span><strong>{ &scan.file_name }</strong>{ " " }{ about }</span>
        </p>
    }
}

fn on_choose(work: &Work) -> Callback<Event> {
    let work = work.clone();
    Callback::from(move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        take(&work, input.files());
        // The same file may be chosen again after it was mended.
        input.set_value("");
    })
}

fn on_drop(work: &Work, end: Callback<DragEvent>) -> Callback<DragEvent> {
    let work = work.clone();
    Callback::from(move |event: DragEvent| {
        let files = event.data_transfer().and_then(|transfer| transfer.files());
        end.emit(event);
        if work.screen.is_open() {
            take(&work, files);
        }
    })
}

fn take(work: &Work, files: Option<FileList>) {
    let one = files.filter(|files| files.length() == 1).and_then(|files| files.get(0));
    match one {
        Some(file) => work.attach(file),
        None => {
            let none = File { name: String::new(), bytes: 0 };
            work.tell(Happening::Upload(Upload::Refused(none, Refusal::NotOne)));
        }
    }
}
