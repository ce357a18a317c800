//! "Thông tin công dân" below the number.

use motcua_openapi::desk::Warning;
use motcua_openapi::messages::TextLanguage;
use motcua_openapi::values::IdNumberKind;
use yew::prelude::*;

use super::form::Field;
use super::form_field::{Look, doubt, form_field, on_leave, on_type};
use super::scan_field::ScanField;
use super::work::Work;
use motcua_frontend::components::SelectField;
use motcua_frontend::i18n::I18n;
use motcua_frontend::wording;

/// The citizen's fields below the number.
pub(crate) fn citizen_fields(i18n: &I18n, work: &Work) -> Html {
    let has_cccd = work.screen.typed.id_number().is_some_and(|number| number.kind() == IdNumberKind::Cccd);
    let field = |field, hint, look| form_field(i18n, work, field, hint, look);
    html! {
        <>
            { field(Field::FullName, "form.full_name_hint", Look::Text) }
            { field(Field::BirthDate, "form.birth_date_hint", Look::Text) }
            { field(Field::Phone, "form.phone_hint", Look::Phone) }
            { doubt(i18n, work, Field::Phone, Warning::PhonePrefixUnknown) }
            { field(Field::Email, "form.email_hint", Look::Email) }
            if has_cccd {
                { field(Field::PreviousIdNumber, "form.previous_id_number_hint", Look::Digits) }
            }
            { language_field(i18n, work) }
            <ScanField work={work.clone()} />
            { doubt(i18n, work, Field::Scan, Warning::ScanIsLegacyDoc) }
        </>
    }
}

/// The language of the texts that the citizen gets.
fn language_field(i18n: &I18n, work: &Work) -> Html {
    let option = |language: TextLanguage| (language.as_str().into(), wording::text_language(language).into());
    html! {
        <SelectField
            id={Field::Language.id()}
            label={i18n.t(Field::Language.label())}
            hint={i18n.t("form.language_hint")}
            value={AttrValue::from(work.screen.typed.get(Field::Language).to_owned())}
            options={TextLanguage::ALL.map(option).to_vec()}
            on_choose={on_type(work, Field::Language)}
            on_leave={on_leave(work, Field::Language)}
        />
    }
}
