//! Chooses the words for the contract's codes, states and reasons.
//!
//! Owns the way from a code and its params to a key of `translations/` and readable values.
//! Refuses texts of its own: every word is in the translations.

use motcua_openapi::desk::Warning;
use motcua_openapi::messages::{MessagePurpose, MessageReason, MessageState, TextLanguage};
use motcua_openapi::officer_imports::CellError;
use motcua_openapi::problem::{FieldCode, FieldError, Params, ProblemCode};
use motcua_openapi::sessions::UnselectableReason;
use motcua_openapi::values::format_typed_date;
use yew::AttrValue;

use crate::api::ApiError;
use crate::clock;
use crate::i18n::{I18n, Language};

/// Why a call failed, and what to do.
pub fn api_error(i18n: &I18n, error: &ApiError) -> AttrValue {
    match error {
        ApiError::Unreachable => i18n.t("error.unreachable"),
        ApiError::Unreadable { status } => i18n.with("error.unreadable", &[("status", &status.to_string())]),
        ApiError::SignedOut => i18n.t("error.signed_out"),
        ApiError::Refused(problem) => {
            let key = cap_key(i18n, &problem.params).unwrap_or_else(|| problem_key(problem.code));
            fill(i18n, &key, "", &problem.params)
        }
    }
}

/// What is wrong with a field, and what to do.
pub fn field_error(i18n: &I18n, error: &FieldError) -> AttrValue {
    fill(i18n, &format!("field.{}", field_code(error.code)), &error.field, &error.params)
}

/// What is wrong with a cell of a list, and what to do.
pub fn cell_error(i18n: &I18n, error: &CellError) -> AttrValue {
    fill(i18n, &format!("cell.{}", error.code.as_str()), "", &error.params)
}

fn problem_key(code: ProblemCode) -> String {
    format!("problem.{}", code.as_str())
}

/// The words of a cap are the same whatever ran into it.
fn cap_key(i18n: &I18n, params: &Params) -> Option<String> {
    let key = format!("cap.{}", params.get("cap")?);
    i18n.has(&key).then_some(key)
}

macro_rules! field_codes {
    ($($code:ident = $text:literal),+ $(,)?) => {
        fn field_code(code: FieldCode) -> &'static str {
            match code { $(FieldCode::$code => $text),+ }
        }

        #[cfg(test)]
        const FIELD_CODES: &[FieldCode] = &[$(FieldCode::$code),+];
    };
}

field_codes! {
    Required = "required",
    IdNumberInvalid = "id_number_invalid",
    NameInvalid = "name_invalid",
    DateInvalid = "date_invalid",
    DateTooEarly = "date_too_early",
    DateInFuture = "date_in_future",
    BirthDateDisagrees = "birth_date_disagrees",
    PhoneInvalid = "phone_invalid",
    EmailInvalid = "email_invalid",
    OtpInvalid = "otp_invalid",
    PasswordLength = "password_length",
    PasswordCommon = "password_common",
    PasswordPersonal = "password_personal",
    Unchanged = "unchanged",
    UnitNotSelectable = "unit_not_selectable",
    OutOfRange = "out_of_range",
    RangeReversed = "range_reversed",
    UsernameInvalid = "username_invalid",
    UnitUnknown = "unit_unknown",
    UnitMarkerMissing = "unit_marker_missing",
}

/// The text of `key` with its params. A text may have finer variants, chosen by the field's name,
/// by a param's value (`…unit_not_selectable.not_assigned`) or by its presence (`….count`).
fn fill(i18n: &I18n, key: &str, field: &str, params: &Params) -> AttrValue {
    let finer = params.iter().flat_map(|(name, value)| [value.as_str(), name.as_str()]);
    let finer = std::iter::once(field).chain(finer).map(|variant| format!("{key}.{variant}"));
    let key = finer.into_iter().find(|key| i18n.has(key)).unwrap_or_else(|| key.to_owned());
    let values: Vec<_> = params.iter().map(|(name, value)| (name.as_str(), readable(i18n, name, value))).collect();
    let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    without_gaps(&i18n.with(&key, &values))
}

/// A param as it reads at a desk: times, dates and sizes are told by their names.
fn readable(i18n: &I18n, name: &str, value: &str) -> String {
    let readable = match name {
        "sent_at" | "expired_at" => value.parse().ok().map(clock::time),
        "created_at" => value.parse().ok().map(clock::date),
        "updated_at" => value.parse().ok().map(clock::date_time),
        "date" => value.parse().ok().map(format_typed_date),
        "max_bytes" => value.parse().ok().map(|bytes| i18n.megabytes(bytes)),
        "retry_after" => value.parse().ok().map(clock::minutes_and_seconds),
        _ => None,
    };
    readable.unwrap_or_else(|| value.to_owned())
}

/// A param that the server did not send leaves a dash, not a brace.
fn without_gaps(text: &str) -> AttrValue {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, gap)) = rest.split_once('{') {
        whole.push_str(before);
        whole.push('—');
        rest = gap.split_once('}').map_or("", |(_, after)| after);
    }
    whole.push_str(rest);
    AttrValue::from(whole)
}

/// The key of a message's state.
pub fn message_state(state: MessageState) -> &'static str {
    match state {
        MessageState::Queued => "message.queued",
        MessageState::Sent => "message.sent",
        MessageState::Delivered => "message.delivered",
        MessageState::Failed => "message.failed",
        MessageState::Dropped => "message.dropped",
    }
}

/// The key of what a message carries.
pub fn message_purpose(purpose: MessagePurpose) -> &'static str {
    match purpose {
        MessagePurpose::Otp => "message.otp",
        MessagePurpose::TemporaryPassword => "message.password",
        MessagePurpose::OfficerPassword => "message.officer_password",
        MessagePurpose::ResetCode => "message.reset_code",
        MessagePurpose::PasswordChanged => "message.password_changed",
        MessagePurpose::PhoneChangeCode => "message.phone_change_code",
        MessagePurpose::PhoneChanged => "message.phone_changed",
    }
}

/// The key of why a message is late, failed or was dropped.
pub fn message_reason(reason: MessageReason) -> &'static str {
    match reason {
        MessageReason::GatewayUnreachable => "message.gateway_unreachable",
        MessageReason::GatewayFault => "message.gateway_fault",
        MessageReason::GatewayRefused => "message.gateway_refused",
        MessageReason::Superseded => "message.superseded",
        MessageReason::TooLate => "message.too_late",
        MessageReason::NoLongerNeeded => "message.no_longer_needed",
        MessageReason::NumberUnknown => "message.number_unknown",
        MessageReason::PhoneUnreachable => "message.phone_unreachable",
        MessageReason::Blocked => "message.blocked",
        MessageReason::NetworkFault => "message.network_fault",
        MessageReason::NoReport => "message.no_report",
        MessageReason::PhoneCapReached => "message.phone_cap_reached",
    }
}

/// The key of what to do about it: while a message is queued it is tried again by itself; an account's phone cannot
/// be corrected as a draft's can.
pub fn message_advice(purpose: MessagePurpose, state: MessageState, reason: MessageReason) -> &'static str {
    use MessageReason as Reason;
    match (reason, state, purpose) {
        (Reason::GatewayUnreachable | Reason::GatewayFault | Reason::NetworkFault, MessageState::Queued, _) => {
            "message.do_wait"
        }
        (Reason::PhoneCapReached, _, _) => "message.do_wait_for_cap",
        (Reason::GatewayUnreachable | Reason::GatewayFault | Reason::NetworkFault, _, _) => "message.do_send_later",
        (Reason::GatewayRefused | Reason::NumberUnknown, _, MessagePurpose::Otp) => "message.do_check_number",
        (
            Reason::GatewayRefused | Reason::NumberUnknown,
            _,
            MessagePurpose::TemporaryPassword
            | MessagePurpose::OfficerPassword
            | MessagePurpose::ResetCode
            | MessagePurpose::PasswordChanged
            | MessagePurpose::PhoneChangeCode
            | MessagePurpose::PhoneChanged,
        ) => "message.do_check_account",
        (Reason::PhoneUnreachable, _, _) => "message.do_turn_on",
        (Reason::Blocked, _, _) => "message.do_unblock",
        (Reason::NoReport, _, _) => "message.do_ask",
        (Reason::Superseded, _, _) => "message.do_use_newest",
        (Reason::TooLate, _, _) => "message.do_send_again",
        (Reason::NoLongerNeeded, _, _) => "message.do_nothing",
    }
}

/// The name of a text's language, in itself.
pub fn text_language(language: TextLanguage) -> &'static str {
    match language {
        TextLanguage::Vi => Language::Vietnamese.name(),
        TextLanguage::En => Language::English.name(),
    }
}

/// `2 phút`, or `90 giây` where it is no whole number of minutes.
pub fn duration(i18n: &I18n, seconds: u32) -> AttrValue {
    let (key, count) = match seconds {
        60 => ("time.minute", 1),
        seconds if seconds > 0 && seconds.is_multiple_of(60) => ("time.minutes", seconds / 60),
        seconds => ("time.seconds", seconds),
    };
    i18n.with(key, &[("count", &count.to_string())])
}

/// The key of a doubt.
pub fn warning(warning: Warning) -> &'static str {
    match warning {
        Warning::CmndNoLongerValid => "warning.cmnd_no_longer_valid",
        Warning::PlaceCodeUnknown => "warning.place_code_unknown",
        Warning::PhonePrefixUnknown => "warning.phone_prefix_unknown",
        Warning::ScanIsLegacyDoc => "warning.scan_is_legacy_doc",
    }
}

/// The key of why a unit cannot be chosen.
pub fn unselectable(reason: UnselectableReason) -> &'static str {
    match reason {
        UnselectableReason::NotAssigned => "unit.not_assigned",
        UnselectableReason::NameLacksMarker => "unit.name_lacks_marker",
    }
}

#[cfg(test)]
mod tests {
    use motcua_openapi::audit::Act;
    use motcua_openapi::officer_imports::CellCode;
    use motcua_openapi::problem::Problem;

    use super::*;
    use crate::i18n::Language;

    fn vietnamese() -> I18n {
        I18n::new(Language::Vietnamese)
    }

    #[test]
    fn every_code_has_words_in_both_languages() {
        for i18n in Language::ALL.map(I18n::new) {
            for code in ProblemCode::ALL {
                assert!(i18n.has(&problem_key(*code)), "{}", code.as_str());
            }
            for code in FIELD_CODES {
                assert!(i18n.has(&format!("field.{}", field_code(*code))), "{code:?}");
            }
            for act in Act::ALL {
                assert!(i18n.has(&format!("act.{}", act.as_str())), "{}", act.as_str());
            }
            for code in CellCode::ALL {
                assert!(i18n.has(&format!("cell.{}", code.as_str())), "{}", code.as_str());
            }
        }
    }

    #[test]
    fn field_codes_are_those_of_the_wire() {
        for code in FIELD_CODES {
            assert_eq!(serde_json::to_value(code).unwrap(), field_code(*code));
        }
    }

    #[test]
    fn params_read_as_at_a_desk() {
        let problem = Problem::new(ProblemCode::AccountExists, "")
            .with([("created_at", "2021-11-16T03:02:00Z".into()), ("unit", "Bộ phận một cửa".into())]);
        let text = api_error(&vietnamese(), &ApiError::Refused(Box::new(problem)));
        assert!(text.contains("16/11/2021") && text.contains("Bộ phận một cửa"), "{text}");
    }

    #[test]
    fn every_cap_says_which_it_is_and_when_it_opens() {
        let caps = ["hour", "day"]
            .into_iter()
            .flat_map(|window| ["per_phone", "per_officer", "per_unit", "in_all"].map(|who| format!("{who}_{window}")))
            .chain(["resend", "per_registration_hour", "password_account_day"].map(str::to_owned));
        let mut said = Vec::new();
        for cap in caps {
            for code in [ProblemCode::OtpTooSoon, ProblemCode::TooManyRequests] {
                let problem = Problem::new(code, "").with([
                    ("cap", cap.clone()),
                    ("retry_after", "90".into()),
                    ("opens_at", "10:01 24/11/2026".into()),
                ]);
                let text = api_error(&vietnamese(), &ApiError::Refused(Box::new(problem)));
                assert!(text.contains("10:01 24/11/2026") || text.contains("1:30"), "{cap}: {text}");
                said.push(text);
            }
        }
        said.dedup();
        assert_eq!(said.len(), 11, "the same words for both codes, others for each cap: {said:#?}");
    }

    #[test]
    fn a_time_is_said_in_minutes_where_it_is_whole_ones() {
        let said = [120, 60, 90, 3].map(|seconds| duration(&vietnamese(), seconds));
        assert_eq!(said.each_ref().map(AttrValue::as_str), ["2 phút", "1 phút", "90 giây", "3 giây"]);
    }

    #[test]
    fn a_finer_text_is_taken_where_its_param_is_there() {
        let plain = FieldError::new("phone", FieldCode::PhoneInvalid, "");
        let counted = plain.clone().with([("count", "9".into())]);
        let (plain, counted) = (field_error(&vietnamese(), &plain), field_error(&vietnamese(), &counted));
        assert!(counted.contains('9') && plain != counted, "{plain} / {counted}");
    }

    #[test]
    fn a_missing_param_leaves_no_brace() {
        let error = ApiError::Refused(Box::new(Problem::new(ProblemCode::OtpWrong, "")));
        assert!(!api_error(&vietnamese(), &error).contains('{'));
    }
}
