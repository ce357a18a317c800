//! A password of one's own: by the one so far, for length only, with how hard it is to guess.

use motcua_frontend::components::{Button, ButtonKind, TextField, required_note};
use motcua_frontend::hooks::use_act;
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::use_workplace;
use motcua_openapi::problem::{FieldCode, FieldError, IntoFieldError, ProblemCode};
use motcua_openapi::sessions::ChangePassword;
use motcua_openapi::values::{NewPassword, PasswordStrength};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use motcua_frontend::administration::said::{self, typed};

/// What [`OwnPassword`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct OwnPasswordProps {
    /// It has been changed.
    pub on_done: Callback<()>,
    /// Whether it was changed just now.
    pub is_done: bool,
}

/// The form.
#[component]
pub(super) fn OwnPassword(props: &OwnPasswordProps) -> Html {
    let i18n = use_i18n();
    let workplace = use_workplace();
    let (current, new, shown) = (use_state(String::new), use_state(String::new), use_state(|| false));
    let errors = use_state(Vec::<FieldError>::new);
    let on_done = {
        let (current, new, on_done) = (current.setter(), new.setter(), props.on_done.clone());
        Callback::from(move |()| {
            current.set(String::new());
            new.set(String::new());
            on_done.emit(());
        })
    };
    let api = workplace.api.clone();
    let act = use_act(
        move |change: ChangePassword| {
            let api = api.clone();
            async move { api.change_password(&change).await }
        },
        on_done,
    );
    let onsubmit = {
        let (current, new, errors, go) = (current.clone(), new.clone(), errors.setter(), act.go.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let wrong = wrong_fields(&current, &new);
            if let Some(first) = wrong.first() {
                motcua_frontend::browser::focus(&first.field);
            } else {
                go.emit(ChangePassword { current_password: (*current).clone(), new_password: (*new).clone() });
            }
            errors.set(wrong);
        })
    };
    let failed = act.failed.as_ref();
    let is_wrong_now = failed.is_some_and(|error| error.is(ProblemCode::PasswordWrong));
    let wrong = |field| said::wrong(&i18n, field, &errors, failed);
    let kind = if *shown { "text" } else { "password" };
    let on_show = {
        let shown = shown.setter();
        Callback::from(move |event: Event| shown.set(event.target_unchecked_into::<HtmlInputElement>().checked()))
    };
    html! {
        <section class="card" aria-labelledby="password-title">
            <h2 id="password-title">{ i18n.t("me.password") }</h2>
            { said::done((props.is_done && failed.is_none()).then(|| i18n.t("me.password_done"))) }
            if !is_wrong_now {
                { said::refusal(&i18n, failed) }
            }
            <form class="stack" novalidate=true {onsubmit}>
                { required_note(&i18n) }
                // For password managers, which keep a password by its name.
                <input class="said" type="text" autocomplete="username" value={workplace.me.username.clone()} readonly=true tabindex="-1" aria-hidden="true" />
                <TextField
                    id="current_password" label={i18n.t("me.current_password")} {kind} autocomplete="current-password"
                    required=true value={AttrValue::from(current.to_string())} on_type={typed(&current)}
                    error={if is_wrong_now { Some(i18n.t("problem.password_wrong")) } else { wrong("current_password") }}
                />
                <TextField
                    id="new_password" label={i18n.t("me.new_password")} {kind} autocomplete="new-password"
                    hint={i18n.t("me.new_password_hint")} required=true value={AttrValue::from(new.to_string())}
                    error={wrong("new_password")} on_type={typed(&new)}
                />
                <p class="strength" role="status">{ strength(&i18n, &new) }</p>
                <label class="check"><input type="checkbox" checked={*shown} onchange={on_show} />{ i18n.t("me.show_password") }</label>
                <div class="act-row">
                    <Button submit=true kind={ButtonKind::Primary} label={i18n.t("me.change_password")} busy={act.busy} />
                </div>
            </form>
        </section>
    }
}

/// What can be known to be wrong before it is sent.
fn wrong_fields(current: &str, new: &str) -> Vec<FieldError> {
    let missing = current.is_empty().then(|| FieldError::new("current_password", FieldCode::Required, "type it first"));
    let unfit = NewPassword::parse(new).err().map(|error| error.under("new_password"));
    missing.into_iter().chain(unfit).collect()
}

fn strength(i18n: &I18n, new: &str) -> AttrValue {
    if new.is_empty() {
        return AttrValue::default();
    }
    i18n.t(match PasswordStrength::of(new) {
        PasswordStrength::Weak => "me.strength_weak",
        PasswordStrength::Fair => "me.strength_fair",
        PasswordStrength::Good => "me.strength_good",
        PasswordStrength::Strong => "me.strength_strong",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_fields_are_looked_at_before_anything_is_sent() {
        let fields: Vec<_> = wrong_fields("", "ngắn").into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["current_password", "new_password"]);
        assert!(wrong_fields("cũ", "một mật khẩu dài").is_empty());
    }
}
