//! What is typed into screen 2, and what of it is valid, missing, or changed against the server.
//!
//! Pure: texts in, errors and changes out, by the contract's own parsers. Refuses to know when an
//! error is shown (`state`) and how it is worded (`wording`).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use motcua_openapi::messages::TextLanguage;
use motcua_openapi::problem::{FieldCode, FieldError, IntoFieldError, birth_date_disagreement};
use motcua_openapi::registrations::{Details, DetailsInput, Registration};
use motcua_openapi::values::{BirthDate, Email, IdNumber, OtpCode, PersonName, PhoneNumber};

/// A field of screen 2, in the order in which they stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    /// Số CMND/CCCD
    IdNumber,
    /// Họ và tên
    FullName,
    /// Ngày sinh
    BirthDate,
    /// Số điện thoại
    Phone,
    /// Email
    Email,
    /// The old CMND beside a CCCD.
    PreviousIdNumber,
    /// Ngôn ngữ tin nhắn
    Language,
    /// Đính kèm CCCD/CMND
    Scan,
    /// Đơn vị
    Unit,
    /// Nhập OTP
    Otp,
}

impl Field {
    /// Every field.
    pub(crate) const ALL: [Self; 10] = [
        Self::IdNumber,
        Self::FullName,
        Self::BirthDate,
        Self::Phone,
        Self::Email,
        Self::PreviousIdNumber,
        Self::Language,
        Self::Scan,
        Self::Unit,
        Self::Otp,
    ];

    /// Those that are kept in the draft as they are typed.
    const SAVED: [Self; 8] = [
        Self::IdNumber,
        Self::FullName,
        Self::BirthDate,
        Self::Phone,
        Self::Email,
        Self::PreviousIdNumber,
        Self::Language,
        Self::Unit,
    ];

    /// Its name on the wire, which is also its id on the page.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::IdNumber => "id_number",
            Self::FullName => "full_name",
            Self::BirthDate => "birth_date",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::PreviousIdNumber => "previous_id_number",
            Self::Language => "language",
            Self::Scan => "scan",
            Self::Unit => "unit_id",
            Self::Otp => "otp",
        }
    }

    /// The key of its label.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::IdNumber => "form.id_number",
            Self::FullName => "form.full_name",
            Self::BirthDate => "form.birth_date",
            Self::Phone => "form.phone",
            Self::Email => "form.email",
            Self::PreviousIdNumber => "form.previous_id_number",
            Self::Language => "form.language",
            Self::Scan => "form.scan",
            Self::Unit => "form.unit",
            Self::Otp => "form.otp",
        }
    }

    /// Whether no account can be made without it.
    pub(crate) fn is_required(self) -> bool {
        !matches!(self, Self::Email | Self::PreviousIdNumber | Self::Language)
    }

    /// What stands in it before anything is typed or chosen.
    fn untouched(self) -> &'static str {
        if self == Self::Language { TextLanguage::default().as_str() } else { "" }
    }

    /// The field of a name on the wire.
    pub(crate) fn of_wire(name: &str) -> Option<Self> {
        // `code` is what the verify call names its one field.
        let name = if name == "code" { "otp" } else { name };
        Self::ALL.into_iter().find(|field| field.id() == name)
    }
}

/// The texts as typed. A field never typed into is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Typed(BTreeMap<Field, String>);

impl Typed {
    /// What the server has, as it would be typed.
    pub(crate) fn of(registration: &Registration) -> Self {
        let typed = Field::SAVED.into_iter().map(|field| (field, saved_text(registration, field)));
        Self(typed.filter(|(_, text)| !text.is_empty()).collect())
    }

    /// The text of a field.
    pub(crate) fn get(&self, field: Field) -> &str {
        self.0.get(&field).map_or(field.untouched(), String::as_str)
    }

    /// The same with another text in a field.
    #[must_use]
    pub(crate) fn with(mut self, field: Field, text: String) -> Self {
        self.0.insert(field, text);
        self
    }

    /// Whether nothing was typed. A unit and a language are chosen, often by the page itself, and do not count.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|(field, text)| matches!(field, Field::Unit | Field::Language) || text.trim().is_empty())
    }

    /// The number, where it is one.
    pub(crate) fn id_number(&self) -> Option<IdNumber> {
        IdNumber::parse(self.get(Field::IdNumber)).ok()
    }

    /// The phone, where it is one.
    pub(crate) fn phone(&self) -> Option<PhoneNumber> {
        PhoneNumber::parse(self.get(Field::Phone)).ok()
    }

    /// What is wrong with what is typed in a field. An empty field is not wrong, only missing.
    pub(crate) fn error(&self, field: Field, today: NaiveDate) -> Option<FieldError> {
        let text = self.get(field);
        if text.trim().is_empty() {
            return None;
        }
        match field {
            Field::IdNumber => refused(field, IdNumber::parse(text)),
            Field::FullName => refused(field, PersonName::parse(text)),
            Field::Phone => refused(field, PhoneNumber::parse(text)),
            Field::Email => refused(field, Email::parse(text)),
            Field::Otp => refused(field, OtpCode::parse(text)),
            Field::BirthDate => match BirthDate::parse_typed(text, today) {
                Ok(date) => birth_date_disagreement(date, &self.id_number()?),
                Err(error) => Some(error.under(field.id())),
            },
            Field::PreviousIdNumber => refused(field, IdNumber::parse(text)).or_else(|| self.old_number_error()),
            Field::Scan | Field::Unit | Field::Language => None,
        }
    }

    fn old_number_error(&self) -> Option<FieldError> {
        let previous_id_number = IdNumber::parse(self.get(Field::PreviousIdNumber)).ok();
        let pair = Details { id_number: self.id_number(), previous_id_number, ..Details::default() };
        pair.disagreements().into_iter().next()
    }

    /// The valid changes against what the server has; `None` where there are none. `number_is_free`:
    /// the number was looked up and has no account.
    pub(crate) fn changes(&self, saved: &Registration, number_is_free: bool, today: NaiveDate) -> Option<DetailsInput> {
        let change = |field: Field| self.change(field, saved, today);
        let changes = DetailsInput {
            id_number: change(Field::IdNumber).filter(|text| number_is_free && !text.is_empty()),
            previous_id_number: change(Field::PreviousIdNumber),
            full_name: change(Field::FullName),
            birth_date: change(Field::BirthDate),
            phone: change(Field::Phone),
            email: change(Field::Email),
            unit_id: change(Field::Unit).and_then(|text| text.parse().ok()),
            language: change(Field::Language).and_then(|text| language(&text)),
        };
        (changes != DetailsInput::default()).then_some(changes)
    }

    /// The new value of one field in the wire's form, empty to clear it; `None` to leave it.
    fn change(&self, field: Field, saved: &Registration, today: NaiveDate) -> Option<String> {
        let text = self.get(field).trim();
        let old = wire_form(field, &saved_text(saved, field), today);
        let error = self.error(field, today);
        // The server would refuse the new number beside the old date: it goes until it is right.
        let contradicts = error.is_some_and(|error| error.code == FieldCode::BirthDateDisagrees);
        let new = if text.is_empty() || contradicts { Some(String::new()) } else { wire_form(field, text, today) };
        new.filter(|new| *new != old.unwrap_or_default())
    }

    /// What is typed, moved onto a newer state of the server: a field that was typed into since
    /// `old` stays as typed, any other takes the value of `new`. Also those changed on both sides.
    pub(crate) fn rebased(&self, old: &Registration, new: &Registration) -> (Self, Vec<Field>) {
        let (mut rebased, mut contested) = (self.clone(), Vec::new());
        for field in Field::SAVED {
            let (before, theirs, mine) = (saved_text(old, field), saved_text(new, field), self.get(field));
            if theirs == before || theirs == mine {
                continue;
            }
            if mine == before {
                rebased = rebased.with(field, theirs);
            } else {
                contested.push(field);
            }
        }
        (rebased, contested)
    }
}

fn refused<T, E: IntoFieldError>(field: Field, parsed: Result<T, E>) -> Option<FieldError> {
    parsed.err().map(|error| error.under(field.id()))
}

/// The language of a text as it stands on the wire.
pub(crate) fn language(text: &str) -> Option<TextLanguage> {
    TextLanguage::ALL.into_iter().find(|language| language.as_str() == text)
}

/// A saved value as it would be typed; empty where there is none.
pub(crate) fn saved_text(registration: &Registration, field: Field) -> String {
    let details = &registration.details;
    match field {
        Field::IdNumber => details.id_number.as_ref().map(ToString::to_string),
        Field::PreviousIdNumber => details.previous_id_number.as_ref().map(ToString::to_string),
        Field::FullName => details.full_name.as_ref().map(ToString::to_string),
        Field::BirthDate => details.birth_date.map(BirthDate::typed),
        Field::Phone => details.phone.as_ref().map(PhoneNumber::national),
        Field::Email => details.email.as_ref().map(ToString::to_string),
        Field::Unit => registration.unit.as_ref().map(|unit| unit.id.to_string()),
        Field::Language => Some(details.language.as_str().to_owned()),
        Field::Scan | Field::Otp => None,
    }
    .unwrap_or_default()
}

/// A typed text in the wire's one form; `None` where it is not valid.
fn wire_form(field: Field, text: &str, today: NaiveDate) -> Option<String> {
    match field {
        Field::IdNumber => IdNumber::parse(text).ok().map(|value| value.to_string()),
        Field::PreviousIdNumber => {
            IdNumber::parse(text).ok().filter(|value| value.birth_year().is_none()).map(|value| value.to_string())
        }
        Field::FullName => PersonName::parse(text).ok().map(|value| value.to_string()),
        Field::BirthDate => BirthDate::parse_typed(text, today).ok().map(|value| value.date().to_string()),
        Field::Phone => PhoneNumber::parse(text).ok().map(|value| value.to_string()),
        Field::Email => Email::parse(text).ok().map(|value| value.to_string()),
        Field::Unit | Field::Language | Field::Scan | Field::Otp => Some(text.to_owned()),
    }
}

/// Whether more typing cannot mend it: such an error is shown at once, others when the field is left.
pub(crate) fn is_certain(error: &FieldError, text: &str) -> bool {
    let count = error.params.get("count").and_then(|count| count.parse::<usize>().ok());
    match error.code {
        FieldCode::IdNumberInvalid => count.is_none_or(|count| count > 12),
        FieldCode::PhoneInvalid => count.is_none_or(|count| count > 11),
        FieldCode::NameInvalid => count.is_none_or(|count| count > PersonName::MAX_CHARS),
        FieldCode::OtpInvalid => !text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace()) || text.len() > 6,
        FieldCode::DateInvalid | FieldCode::DateTooEarly => text.trim().len() >= 10,
        FieldCode::BirthDateDisagrees | FieldCode::DateInFuture | FieldCode::UnitNotSelectable => true,
        // Fields of other forms.
        FieldCode::UsernameInvalid | FieldCode::UnitUnknown | FieldCode::UnitMarkerMissing => false,
        FieldCode::Required
        | FieldCode::EmailInvalid
        | FieldCode::OutOfRange
        | FieldCode::RangeReversed
        | FieldCode::PasswordLength
        | FieldCode::PasswordCommon
        | FieldCode::PasswordPersonal
        | FieldCode::Unchanged => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples::{draft, today};
    use super::*;

    fn typed(pairs: &[(Field, &str)]) -> Typed {
        pairs.iter().fold(Typed::default(), |typed, (field, text)| typed.with(*field, (*text).to_owned()))
    }

    #[test]
    fn what_the_server_has_reads_as_typed_and_is_no_change() {
        let saved = draft();
        let typed = Typed::of(&saved);
        assert_eq!(typed.get(Field::BirthDate), "01/02/1990");
        assert_eq!(typed.get(Field::Phone), "0905437123");
        assert_eq!(typed.changes(&saved, true, today()), None);
    }

    #[test]
    fn another_written_form_of_the_same_value_is_no_change() {
        let saved = draft();
        let typed = Typed::of(&saved)
            .with(Field::Phone, "+84 905 437 123".into())
            .with(Field::BirthDate, "1/2/1990".into())
            .with(Field::FullName, " Nguyễn  Văn An ".into());
        assert_eq!(typed.changes(&saved, true, today()), None);
    }

    #[test]
    fn only_valid_changes_are_sent_and_an_emptied_field_is_cleared() {
        let saved = draft();
        let typed = Typed::of(&saved)
            .with(Field::FullName, "Nguyễn Văn Bình".into())
            .with(Field::Phone, "090543".into())
            .with(Field::Email, String::new());
        let changes = typed.changes(&saved, true, today()).unwrap();
        assert_eq!(changes.full_name.as_deref(), Some("Nguyễn Văn Bình"));
        assert_eq!((changes.phone, changes.email.as_deref()), (None, Some("")));
    }

    #[test]
    fn a_number_is_sent_only_once_it_is_known_to_be_free() {
        let saved = draft();
        let typed = Typed::of(&saved).with(Field::IdNumber, "079090009999".into());
        assert_eq!(typed.changes(&saved, false, today()), None);
        let changes = typed.changes(&saved, true, today()).unwrap();
        assert_eq!(changes.id_number.as_deref(), Some("079090009999"));
    }

    #[test]
    fn the_texts_are_vietnamese_until_another_language_is_chosen() {
        let mut saved = draft();
        assert_eq!((Typed::default().get(Field::Language), Typed::default().is_empty()), ("vi", true));
        assert_eq!(Typed::of(&saved).changes(&saved, true, today()), None);
        let typed = Typed::of(&saved).with(Field::Language, "en".into());
        assert_eq!(typed.changes(&saved, true, today()).unwrap().language, Some(TextLanguage::En));
        saved.details.language = TextLanguage::En;
        let (rebased, contested) = Typed::default().rebased(&draft(), &saved);
        assert_eq!((rebased.get(Field::Language), contested.contains(&Field::Language)), ("en", false));
    }

    #[test]
    fn a_date_that_the_new_number_contradicts_is_cleared_with_it() {
        let saved = draft();
        let typed = Typed::of(&saved).with(Field::IdNumber, "079085001234".into());
        let error = typed.error(Field::BirthDate, today()).unwrap();
        assert_eq!(error.code, FieldCode::BirthDateDisagrees);
        assert_eq!(typed.changes(&saved, true, today()).unwrap().birth_date.as_deref(), Some(""));
    }

    #[test]
    fn an_old_number_has_nine_digits() {
        let both = [(Field::IdNumber, "079090001234"), (Field::PreviousIdNumber, "079090001235")];
        assert!(typed(&both).error(Field::PreviousIdNumber, today()).is_some());
        let right = [(Field::IdNumber, "079090001234"), (Field::PreviousIdNumber, "225123456")];
        assert_eq!(typed(&right).error(Field::PreviousIdNumber, today()), None);
    }

    #[test]
    fn errors_that_more_typing_can_mend_are_not_certain() {
        let certain = |field, text: &str| {
            let error = typed(&[(field, text)]).error(field, today()).unwrap();
            is_certain(&error, text)
        };
        assert!(!certain(Field::IdNumber, "0790"));
        assert!(certain(Field::IdNumber, "07909O"));
        assert!(certain(Field::IdNumber, "0790900012345"));
        assert!(!certain(Field::BirthDate, "31/02/"));
        assert!(certain(Field::BirthDate, "31/02/1990"));
        assert!(!certain(Field::Email, "an@"));
        assert!(!certain(Field::Otp, "0429"));
    }

    #[test]
    fn a_newer_state_of_the_server_keeps_what_was_typed_and_takes_the_rest() {
        let (old, mut new) = (draft(), draft());
        new.details.full_name = PersonName::parse("Nguyễn Văn Ân").ok();
        new.details.phone = PhoneNumber::parse("0911222333").ok();
        let typed = Typed::of(&old).with(Field::Phone, "0905437999".into());
        let (rebased, contested) = typed.rebased(&old, &new);
        assert_eq!(rebased.get(Field::FullName), "Nguyễn Văn Ân");
        assert_eq!(rebased.get(Field::Phone), "0905437999");
        assert_eq!(contested, [Field::Phone]);
    }
}
