//! Step 3: the newest code, and the account.

use motcua_openapi::problem::ProblemCode;
use yew::prelude::*;

use super::WorkProps;
use super::confirm::on_press;
use super::form::Field;
use super::form_field::{on_leave, on_type, shown_error};
use super::leaving::AskToCancel;
use super::otp_status::expired;
use super::refused::Spot;
use super::state::Act;
use super::work::Work;
use motcua_frontend::api::ApiError;
use motcua_frontend::browser;
use motcua_frontend::components::{Button, ButtonKind, TextField};
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::wording;

/// Step 3.
#[component]
pub(crate) fn Create(props: &WorkProps) -> Html {
    let i18n = use_i18n();
    let work = &props.work;
    let closed = !work.screen.is_open();
    let valid_seconds = work.place.desk.otp_valid_seconds;
    let asks = use_state(|| false);
    let create = on_press(work, Act::Create);
    let error = work
        .screen
        .trouble_at(Spot::Otp)
        .map(|error| refusal(&i18n, work, error))
        .or_else(|| shown_error(work, Field::Otp, &i18n));
    let ask = {
        let asks = asks.setter();
        Callback::from(move |()| asks.set(true))
    };
    let stay = {
        let asks = asks.setter();
        Callback::from(move |()| asks.set(false))
    };
    html! {
        <section class="card" aria-labelledby="create-title" onkeydown={on_enter(create.clone())}>
            <h3 id="create-title">{ i18n.t("form.step_register") }</h3>
            <fieldset disabled={closed} class="plain">
                if !work.screen.is_verified() {
                    <TextField
                        id={Field::Otp.id()}
                        label={i18n.t("form.otp")}
                        hint={i18n.with("form.otp_hint", &[("time", &wording::duration(&i18n, valid_seconds))])}
                        {error}
                        value={AttrValue::from(work.screen.typed.get(Field::Otp).to_owned())}
                        required=true
                        input_mode="numeric"
                        autocomplete="one-time-code"
                        size="code"
                        on_type={on_type(work, Field::Otp)}
                        on_leave={on_leave(work, Field::Otp)}
                    />
                }
            </fieldset>
            <div class="act-row act-end">
                <Button
                    label={i18n.t("form.cancel")}
                    busy={work.screen.acts.contains(&Act::Cancel)}
                    on_press={ask}
                />
                <Button
                    kind={ButtonKind::Primary}
                    label={i18n.t("form.create")}
                    busy={work.screen.acts.contains(&Act::Create)}
                    disabled={closed}
                    on_press={create}
                />
            </div>
            if *asks {
                <AskToCancel work={work.clone()} on_stay={stay} />
            }
        </section>
    }
}

/// How long a code works is the desk's rule, which a refusal does not bring.
fn refusal(i18n: &I18n, work: &Work, error: &ApiError) -> AttrValue {
    if error.is(ProblemCode::OtpExpired) {
        return expired(i18n, work.place.desk.otp_valid_seconds);
    }
    wording::api_error(i18n, error)
}

/// Enter in the code's field creates the account.
fn on_enter(create: Callback<()>) -> Callback<KeyboardEvent> {
    Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Enter" && browser::focused_id().as_deref() == Some(Field::Otp.id()) {
            event.prevent_default();
            create.emit(());
        }
    })
}
