//! A draft to test with.

use chrono::{DateTime, NaiveDate, Utc};
use motcua_openapi::desk::{OfficerRef, UnitRef};
use motcua_openapi::messages::TextLanguage;
use motcua_openapi::registrations::{Details, Registration, RegistrationState};
use motcua_openapi::values::{BirthDate, Email, IdNumber, PersonName, PhoneNumber};
use uuid::Uuid;

/// The day of all tests.
pub(super) fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).unwrap()
}

/// An instant of that day.
pub(super) fn instant(time: &str) -> DateTime<Utc> {
    format!("2026-11-24T{time}Z").parse().unwrap()
}

/// A draft with every field of the citizen.
pub(super) fn draft() -> Registration {
    Registration {
        id: Uuid::from_u128(1),
        version: 3,
        state: RegistrationState::Draft,
        details: Details {
            id_number: IdNumber::parse("079090001234").ok(),
            previous_id_number: None,
            full_name: PersonName::parse("Nguyễn Văn An").ok(),
            birth_date: BirthDate::parse_typed("01/02/1990", today()).ok(),
            phone: PhoneNumber::parse("0905437123").ok(),
            email: Email::parse("an@example.vn").ok(),
            language: TextLanguage::Vi,
        },
        unit: Some(UnitRef { id: Uuid::from_u128(9), name: "Bộ phận một cửa phường Lộc Thọ".into() }),
        officer: OfficerRef { id: Uuid::from_u128(2), full_name: "Đặng Quang Minh".into() },
        scan: None,
        request_form: None,
        otp: None,
        phone_verified_at: None,
        account_id: None,
        warnings: vec![],
        created_at: instant("03:00:00"),
        updated_at: instant("03:02:00"),
        expires_at: instant("23:00:00"),
    }
}
