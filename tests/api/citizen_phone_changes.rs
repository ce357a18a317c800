//! `/citizen/phone-changes`: another phone, by a code on both.

use chrono::Duration;
use motcua_openapi::citizens::PhoneChange;
use motcua_openapi::problem::{FieldCode, ProblemCode};
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::people::phone;
use motcua_tests::{Client, Desk};
use rstest::rstest;

const TEXT: &str = "Ma doi so dien thoai dich vu cong: ";

/// A citizen who has asked for the phone of citizen 9, and the codes of both phones.
async fn asked(desk: &Desk) -> (Client, PhoneChange, String, String) {
    let citizen = desk.resident(1).await.settled(desk).await;
    let change: PhoneChange = citizen.create_phone_change(&phone(9)).await.json(202);
    let current = desk.phones().texts_to(&phone(1), TEXT, 1).await[0].code();
    let new = desk.phones().texts_to(&phone(9), TEXT, 1).await[0].code();
    (citizen, change, current, new)
}

fn other(code: &str) -> String {
    if code == "000000" { "000001".into() } else { "000000".into() }
}

#[rstest]
#[tokio::test]
async fn both_codes_change_the_phone_and_the_old_one_is_told(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (citizen, change, current, new) = asked(&desk).await;
    assert_eq!(change.expires_at, desk.now() + Duration::minutes(3));
    assert!(change.current_phone_masked.ends_with("0001") && !change.current_phone_masked.contains("0905"));
    assert!(change.new_phone_masked.ends_with("0009"));
    let text = desk.phones().texts_to(&phone(9), TEXT, 1).await.remove(0);
    assert_eq!(text.body.lines().last(), Some(format!("@dichvucong.example #{new}").as_str()));
    citizen.complete_phone_change(change.id, &current, &new).await.bytes(204);
    assert_eq!(citizen.citizen_me().await.phone.national(), phone(9));
    desk.phones().texts_to(&phone(1), "Tai khoan dich vu cong khong con dung so dien thoai nay.", 1).await;
    assert_eq!(desk.audited("citizen_phone_changed").await, 1);
    let again = citizen.complete_phone_change(change.id, &current, &new).await;
    again.refused(ProblemCode::OtpExhausted);
    let minh = desk.sign_in("minh").await;
    let found: motcua_openapi::accounts::AccountPage = minh
        .call(reqwest::Method::POST, "/accounts/search")
        .json(&serde_json::json!({"phone": phone(9)}))
        .send()
        .await
        .json(200);
    assert_eq!(found.items.len(), 1, "the desk finds it by the new phone");
}

#[rstest]
#[tokio::test]
async fn one_right_code_is_not_enough_and_which_is_wrong_is_not_said(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (citizen, change, current, new) = asked(&desk).await;
    let tries = [
        (current.clone(), other(&new)),
        (other(&current), new.clone()),
        (other(&current), other(&new)),
        (new.clone(), current.clone()),
    ];
    for ((current, new), left) in tries.iter().zip((1..5).rev()) {
        let wrong = citizen.complete_phone_change(change.id, current, new).await;
        assert_eq!(wrong.refused(ProblemCode::OtpWrong).params["tries_left"], left.to_string());
    }
    citizen.complete_phone_change(change.id, &other(&current), &new).await.refused(ProblemCode::OtpWrong);
    citizen.complete_phone_change(change.id, &current, &new).await.refused(ProblemCode::OtpExhausted);
    assert_eq!(citizen.citizen_me().await.phone.national(), phone(1));
}

#[rstest]
#[tokio::test]
async fn only_the_newest_change_counts_and_only_for_three_minutes(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (citizen, first, current, new) = asked(&desk).await;
    let early = citizen.create_phone_change(&phone(9)).await;
    assert_eq!(early.refused(ProblemCode::OtpTooSoon).params["cap"], "resend");
    desk.advance(Duration::seconds(30));
    let second: PhoneChange = citizen.create_phone_change(&phone(8)).await.json(202);
    citizen.complete_phone_change(first.id, &current, &new).await.refused(ProblemCode::OtpSuperseded);
    let current = desk.phones().texts_to(&phone(1), TEXT, 2).await[1].code();
    let new = desk.phones().texts_to(&phone(8), TEXT, 1).await[0].code();
    desk.advance(Duration::seconds(181));
    citizen.complete_phone_change(second.id, &current, &new).await.refused(ProblemCode::OtpExpired);
}

#[rstest]
#[tokio::test]
async fn another_citizens_change_is_not_there(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (_, change, current, new) = asked(&desk).await;
    let stranger = desk.resident(2).await.settled(&desk).await;
    stranger.complete_phone_change(change.id, &current, &new).await.refused(ProblemCode::NotFound);
}

#[rstest]
#[tokio::test]
async fn the_same_phone_is_no_change(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let citizen = desk.resident(1).await.settled(&desk).await;
    let fields = citizen.create_phone_change("0905 000 001").await.refused_fields(ProblemCode::BodyInvalid);
    assert_eq!((fields[0].field.as_str(), fields[0].code), ("phone", FieldCode::Unchanged));
    let fields = citizen.create_phone_change("123").await.refused_fields(ProblemCode::BodyInvalid);
    assert_eq!(fields[0].code, FieldCode::PhoneInvalid);
}

#[rstest]
#[tokio::test]
async fn a_code_for_a_forgotten_password_dies_with_the_phone_it_went_to(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (citizen, change, current, new) = asked(&desk).await;
    let reset: motcua_openapi::citizens::PasswordReset =
        desk.visitor().create_password_reset("079190000001", &phone(1)).await.json(202);
    let code = desk.phones().texts_to(&phone(1), "Ma dat lai mat khau dich vu cong: ", 1).await[0].code();
    citizen.complete_phone_change(change.id, &current, &new).await.bytes(204);
    let refused = desk.visitor().complete_password_reset(reset.id, &code, "một mật khẩu khác hẳn").await;
    refused.refused(ProblemCode::OtpExhausted);
}
