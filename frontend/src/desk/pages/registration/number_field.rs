//! The number, typed first and looked up as soon as it is whole; what is known stands beside it.

use motcua_openapi::registrations::number_warnings;
use motcua_openapi::values::{IdNumber, IdNumberKind, Sex};
use yew::prelude::*;

use super::WorkProps;
use super::form::Field;
use super::form_field::{on_type, shown_error};
use super::state::{Happening, Number};
use motcua_frontend::browser;
use motcua_frontend::clock;
use motcua_frontend::components::{Banner, Button, IconName, TextField, Tone, icon};
use motcua_frontend::hooks::{use_shortcut, use_timeout};
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::wording;

/// Nine digits may be a whole CMND or the beginning of a CCCD: wait whether more come.
const NINE_DIGITS_MILLIS: u32 = 1_200;

/// The number's field.
#[component]
pub(crate) fn NumberField(props: &WorkProps) -> Html {
    let i18n = use_i18n();
    let work = &props.work;
    let number = work.screen.typed.id_number();
    // While another act or an earlier look-up of this number is known, nothing is asked again.
    let delay = number.as_ref().filter(|number| work.screen.number.number() != Some(number)).map(pause_of);
    use_timeout(delay, number, {
        let work = work.clone();
        move || work.look_up()
    });
    let on_look_up = {
        let work = work.clone();
        Callback::from(move |()| {
            work.tell(Happening::Leave(Field::IdNumber));
            if work.screen.typed.id_number().is_none() {
                browser::focus(Field::IdNumber.id());
            }
            work.look_up();
        })
    };
    use_shortcut("F8", true, on_look_up.clone());
    let on_leave = {
        let work = work.clone();
        Callback::from(move |()| {
            if !work.screen.typed.get(Field::IdNumber).is_empty() {
                work.tell(Happening::Leave(Field::IdNumber));
                work.look_up();
            }
        })
    };
    html! {
        <div class="number-field" onkeydown={on_enter(on_look_up.clone())}>
            <TextField
                id={Field::IdNumber.id()}
                label={i18n.t("form.id_number")}
                hint={i18n.t("form.id_number_hint")}
                error={shown_error(work, Field::IdNumber, &i18n)}
                value={AttrValue::from(work.screen.typed.get(Field::IdNumber).to_owned())}
                required=true
                autofocus=true
                input_mode="numeric"
                size="medium"
                on_type={on_type(work, Field::IdNumber)}
                {on_leave}
            >
                <Button
                    label={i18n.t("form.look_up")}
                    icon={IconName::Search}
                    shortcut="F8"
                    busy={matches!(work.screen.number, Number::Asking(_))}
                    on_press={on_look_up}
                />
            </TextField>
            <div aria-live="polite">{ finding(&i18n, &work.screen.number) }</div>
        </div>
    }
}

fn pause_of(number: &IdNumber) -> u32 {
    match number.kind() {
        IdNumberKind::Cccd => 0,
        IdNumberKind::Cmnd => NINE_DIGITS_MILLIS,
    }
}

/// Enter in the number's field looks it up, as a code reader's closing Enter does.
fn on_enter(look_up: Callback<()>) -> Callback<KeyboardEvent> {
    Callback::from(move |event: KeyboardEvent| {
        let in_field = browser::focused_id().as_deref() == Some(Field::IdNumber.id());
        if event.key() == "Enter" && in_field {
            event.prevent_default();
            look_up.emit(());
        }
    })
}

fn finding(i18n: &I18n, number: &Number) -> Html {
    match number {
        Number::Unknown => html! { <p class="finding">{ i18n.t("number.first") }</p> },
        Number::Asking(_) => html! { <p class="finding">{ i18n.t("number.asking") }</p> },
        Number::Failed(_, error) => html! {
            <Banner tone={Tone::Warning} icon={IconName::Offline}><p>{ wording::api_error(i18n, error) }</p></Banner>
        },
        Number::Taken(number, account) => html! {
            <Banner tone={Tone::Warning}>
                <p><strong>{ i18n.with("number.taken", &[
                    ("number", &number.grouped()),
                    ("date", &clock::date(account.created_at)),
                    ("unit", &account.unit_name),
                ]) }</strong></p>
                <p>{ i18n.t("number.taken_advice") }</p>
            </Banner>
        },
        Number::Free(number) => html! {
            <>
                <p class="finding finding-free">{ icon(IconName::Check) }{ i18n.with("number.free", &[("number", &told(i18n, number))]) }</p>
                for warning in number_warnings(number) {
                    <p class="finding finding-doubt">{ icon(IconName::Alert) }{ i18n.t(wording::warning(warning)) }</p>
                }
            </>
        },
    }
}

/// `CCCD 079 090 001 234 · Nam · sinh năm 1990`
fn told(i18n: &I18n, number: &IdNumber) -> String {
    let kind = match number.kind() {
        IdNumberKind::Cccd => "CCCD",
        IdNumberKind::Cmnd => "CMND",
    };
    let sex = number.sex().map(|sex| match sex {
        Sex::Male => i18n.t("number.male").to_string(),
        Sex::Female => i18n.t("number.female").to_string(),
    });
    let year = number.birth_year().map(|year| i18n.with("number.born", &[("year", &year.to_string())]).to_string());
    [Some(format!("{kind} {}", number.grouped())), sex, year].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
