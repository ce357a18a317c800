//! A date that is typed: dd/mm/yyyy, the separators filled in.

use chrono::NaiveDate;
use motcua_openapi::values::{format_typed_date, parse_typed_date};
use yew::prelude::*;

use super::TextField;
use crate::i18n::use_i18n;

/// The text after typing: `/` is put in after day and month while digits are added at the end.
/// Whatever is done in the middle, deleted or pasted in another form stays as it is.
fn with_separators(before: &str, typed: &str) -> String {
    let grows = typed.len() > before.len() && typed.starts_with(before);
    if !grows || !typed.chars().all(|c| c.is_ascii_digit() || c == '/') {
        return typed.to_owned();
    }
    let mut text = String::with_capacity(10);
    for c in typed.chars() {
        let part = text.rsplit('/').next().unwrap_or_default().len();
        let separators = text.matches('/').count();
        match c {
            '/' if part == 0 || separators == 2 => continue,
            '/' => text.push('/'),
            digit => {
                if separators < 2 && part == 2 {
                    text.push('/');
                }
                text.push(digit);
            }
        }
        if text.matches('/').count() < 2 && text.rsplit('/').next().is_some_and(|part| part.len() == 2) {
            text.push('/');
        }
    }
    text
}

/// The text when the field is left: a date in its full form, anything else as it is.
pub fn full_form(text: &str) -> String {
    parse_typed_date(text).map_or_else(|| text.to_owned(), format_typed_date)
}

/// What a [`DateField`] takes.
#[derive(Properties, PartialEq)]
pub struct DateFieldProps {
    /// The field's id.
    pub id: AttrValue,
    /// The label.
    pub label: AttrValue,
    /// The text in it.
    pub value: AttrValue,
    /// Whether it must be filled in.
    #[prop_or_default]
    pub required: bool,
    /// How to fill it in.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is wrong, and what to do.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Every change of the text.
    pub on_type: Callback<String>,
    /// The field was left.
    #[prop_or_default]
    pub on_leave: Callback<()>,
}

/// A field for a date.
#[component]
pub fn DateField(props: &DateFieldProps) -> Html {
    let i18n = use_i18n();
    let on_type = {
        let before = props.value.clone();
        props.on_type.reform(move |typed: String| with_separators(&before, &typed))
    };
    let on_leave = {
        let (value, on_type, on_leave) = (props.value.clone(), props.on_type.clone(), props.on_leave.clone());
        Callback::from(move |()| {
            let full = full_form(&value);
            if full != *value {
                on_type.emit(full);
            }
            on_leave.emit(());
        })
    };
    html! {
        <TextField
            id={props.id.clone()}
            label={props.label.clone()}
            value={props.value.clone()}
            required={props.required}
            hint={props.hint.clone()}
            error={props.error.clone()}
            placeholder={i18n.t("form.date_placeholder")}
            input_mode="numeric"
            size="short"
            {on_type}
            {on_leave}
        />
    }
}

/// A text that is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADate;

/// The date of a field that may be empty: `Err` where there is a text and it is none.
pub fn optional_date(text: &str) -> Result<Option<NaiveDate>, NotADate> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    parse_typed_date(text).map(Some).ok_or(NotADate)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Types one character after the other.
    fn typed(text: &str) -> String {
        text.chars().fold(String::new(), |before, c| with_separators(&before, &format!("{before}{c}")))
    }

    #[test]
    fn digits_alone_make_a_date() {
        assert_eq!(typed("01021990"), "01/02/1990");
    }

    #[test]
    fn separators_that_are_typed_anyway_are_not_doubled() {
        assert_eq!(typed("01/02/1990"), "01/02/1990");
        assert_eq!(typed("1/2/1990"), "1/2/1990");
    }

    #[test]
    fn eight_digits_at_once_are_separated() {
        assert_eq!(with_separators("", "01021990"), "01/02/1990");
    }

    #[test]
    fn deleting_a_separator_does_not_bring_it_back() {
        assert_eq!(with_separators("01/", "01"), "01");
        assert_eq!(with_separators("01", "013"), "01/3");
    }

    #[test]
    fn changes_in_the_middle_and_other_forms_stay_as_typed() {
        assert_eq!(with_separators("01/02/1990", "01/2/1990"), "01/2/1990");
        assert_eq!(with_separators("", "1.2.1990"), "1.2.1990");
    }

    #[test]
    fn leaving_the_field_fills_the_zeros_in() {
        assert_eq!((full_form("1/2/1990"), full_form("1.2.1990")), ("01/02/1990".into(), "01/02/1990".into()));
        assert_eq!(full_form("31/02/1990"), "31/02/1990");
    }

    #[test]
    fn an_empty_date_is_none_and_a_wrong_one_is_wrong() {
        assert_eq!((optional_date(" "), optional_date("31/02/1990")), (Ok(None), Err(NotADate)));
    }
}
