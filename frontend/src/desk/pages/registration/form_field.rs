//! A text field of screen 2, bound to the state: typing, leaving, its error.

use motcua_openapi::desk::Warning;
use yew::prelude::*;

use super::form::Field;
use super::state::Happening;
use super::work::Work;
use motcua_frontend::components::{DateField, IconName, TextField, icon};
use motcua_frontend::i18n::I18n;
use motcua_frontend::wording;

/// How a text field looks and which keyboard it shows.
#[derive(Clone, Copy)]
pub(crate) enum Look {
    /// Any text, over the whole width.
    Text,
    /// A phone number.
    Phone,
    /// An e-mail address.
    Email,
    /// Digits alone.
    Digits,
}

impl Look {
    /// Type, keyboard and size, see [`TextField`].
    fn parts(self) -> (&'static str, Option<&'static str>, Option<&'static str>) {
        match self {
            Self::Text => ("text", None, None),
            Self::Phone => ("tel", Some("tel"), Some("medium")),
            Self::Email => ("email", Some("email"), None),
            Self::Digits => ("text", Some("numeric"), Some("medium")),
        }
    }
}

/// A text or date field of screen 2.
pub(crate) fn form_field(i18n: &I18n, work: &Work, field: Field, hint: &str, look: Look) -> Html {
    let (id, label, hint) = (field.id(), i18n.t(field.label()), i18n.t(hint));
    let value = AttrValue::from(work.screen.typed.get(field).to_owned());
    let required = field.is_required();
    let error = shown_error(work, field, i18n);
    let (on_type, on_leave) = (on_type(work, field), on_leave(work, field));
    if field == Field::BirthDate {
        return html! { <DateField {id} {label} {value} {required} {hint} {error} {on_type} {on_leave} /> };
    }
    let (kind, input_mode, size) = look.parts();
    html! { <TextField {id} {label} {value} {required} {hint} {error} {kind} {input_mode} {size} {on_type} {on_leave} /> }
}

/// The words of the error that stands under a field now.
pub(crate) fn shown_error(work: &Work, field: Field, i18n: &I18n) -> Option<AttrValue> {
    work.screen.shown_error(field, work.today()).map(|error| wording::field_error(i18n, &error))
}

/// A doubt of the server's, as long as its value is the one in the field.
pub(crate) fn doubt(i18n: &I18n, work: &Work, field: Field, doubt: Warning) -> Html {
    let Some(saved) = &work.screen.saved else { return Html::default() };
    let is_meant = saved.warnings.contains(&doubt) && work.screen.shown_error(field, work.today()).is_none();
    html! {
        if is_meant {
            <p class="finding finding-doubt" role="status">{ icon(IconName::Alert) }{ i18n.t(wording::warning(doubt)) }</p>
        }
    }
}

/// Typing into a field.
pub(crate) fn on_type(work: &Work, field: Field) -> Callback<String> {
    let work = work.clone();
    Callback::from(move |text| work.tell(Happening::Type(field, text)))
}

/// Leaving a field: its error shows, and what is valid is saved.
pub(crate) fn on_leave(work: &Work, field: Field) -> Callback<()> {
    let work = work.clone();
    Callback::from(move |()| {
        if !work.screen.typed.get(field).is_empty() {
            work.tell(Happening::Leave(field));
            work.save_soon();
        }
    })
}
