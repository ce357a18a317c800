//! `/registrations/{id}/otp`: the code, sent and verified.

use chrono::Duration;
use motcua_openapi::messages::MessageState;
use motcua_openapi::problem::{FieldCode, ProblemCode};
use motcua_openapi::registrations::{OtpQueued, Registration, RegistrationState};
use motcua_tests::Desk;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::people::citizen;
use rstest::rstest;

/// A code that is not this one.
pub(crate) fn other_than(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

#[rstest]
#[tokio::test]
async fn the_code_that_the_citizen_reads_out_confirms_the_phone(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let queued: OtpQueued = minh.send_otp(draft.id).await.json(202);
    assert_eq!(queued.resend_at, desk.now() + Duration::seconds(30));
    let text = desk.phones().text_of(queued.message_id).await;
    assert_eq!(text.to, "+84905000001");
    let spoken = text.body.replace(&text.code(), "042917");
    insta::allow_duplicates! {
        insta::assert_snapshot!(spoken, @"Ma OTP tao tai khoan cong dan: 042917. Hieu luc 2 phut, chi ma moi nhat dung duoc. Khong cung cap cho nguoi la. Neu khong yeu cau, bo qua tin nay.");
    }
    assert!(text.body.is_ascii() && text.body.len() <= 160, "one GSM-7 part");
    minh.message_in_state(draft.id, queued.message_id, MessageState::Sent).await;
    let verified: Registration = minh.verify_otp(draft.id, &text.code()).await.json(200);
    assert_eq!((verified.state, verified.phone_verified_at), (RegistrationState::PhoneVerified, Some(desk.now())));
    assert_eq!(desk.audited("phone_verified").await, 1);
}

#[rstest]
#[tokio::test]
async fn the_desk_sees_what_it_may_know_of_the_code(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    assert_eq!(draft.otp, None);
    let message = minh.sent_otp(draft.id).await;
    let code = desk.phones().text_of(message).await.code();
    minh.verify_otp(draft.id, &other_than(&code)).await.refused(ProblemCode::OtpWrong);
    let answer = minh.get_registration(draft.id).await;
    let otp = answer.json::<Registration>(200).otp.unwrap();
    assert_eq!(otp.message_id, message);
    assert_eq!(otp.sent_at, Some(desk.now()));
    assert_eq!(otp.expires_at, Some(desk.now() + Duration::seconds(120)));
    assert_eq!(otp.resend_at, desk.now() + Duration::seconds(30));
    assert_eq!((otp.tries_left, otp.codes_sent), (4, 1));
    assert!(!answer.text().contains(&code));
}

#[rstest]
#[tokio::test]
async fn a_code_is_accepted_at_119_seconds(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let code = minh.code(&desk, draft.id).await;
    desk.advance(Duration::seconds(119));
    minh.verify_otp(draft.id, &code).await.json::<Registration>(200);
}

#[rstest]
#[tokio::test]
async fn a_code_is_refused_at_121_seconds(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let code = minh.code(&desk, draft.id).await;
    desk.advance(Duration::seconds(121));
    let problem = minh.verify_otp(draft.id, &code).await.refused(ProblemCode::OtpExpired);
    assert_eq!(problem.params["expired_at"], "2026-03-02T02:02:00Z");
    assert_eq!(minh.registration(draft.id).await.state, RegistrationState::Draft);
}

#[rstest]
#[tokio::test]
async fn after_five_wrong_tries_even_the_right_code_is_refused(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let code = minh.code(&desk, draft.id).await;
    for left in ["4", "3", "2", "1", "0"] {
        let problem = minh.verify_otp(draft.id, &other_than(&code)).await.refused(ProblemCode::OtpWrong);
        assert_eq!(problem.params["tries_left"], left);
    }
    minh.verify_otp(draft.id, &other_than(&code)).await.refused(ProblemCode::OtpExhausted);
    minh.verify_otp(draft.id, &code).await.refused(ProblemCode::OtpExhausted);
    desk.advance(Duration::seconds(30));
    let fresh = minh.code(&desk, draft.id).await;
    minh.verify_otp(draft.id, &fresh).await.json::<Registration>(200);
}

#[rstest]
#[tokio::test]
async fn parallel_wrong_tries_are_counted_one_by_one(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let code = minh.code(&desk, draft.id).await;
    let wrong = other_than(&code);
    let tries = (0..12).map(|_| minh.verify_otp(draft.id, &wrong));
    let answers = futures_util::future::join_all(tries).await;
    let mut left: Vec<_> = answers
        .iter()
        .filter_map(|answer| answer.json::<motcua_openapi::problem::Problem>(422).params.get("tries_left").cloned())
        .collect();
    left.sort();
    assert_eq!(left, ["0", "1", "2", "3", "4"]);
    minh.verify_otp(draft.id, &code).await.refused(ProblemCode::OtpExhausted);
}

#[rstest]
#[tokio::test]
async fn the_older_code_is_refused_after_a_resend(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let older = minh.code(&desk, draft.id).await;
    desk.advance(Duration::seconds(30));
    let newest = minh.code(&desk, draft.id).await;
    assert_ne!(older, newest, "one in a million");
    let problem = minh.verify_otp(draft.id, &older).await.refused(ProblemCode::OtpSuperseded);
    assert_eq!(problem.params["sent_at"], "2026-03-02T02:00:30Z");
    minh.verify_otp(draft.id, &newest).await.json::<Registration>(200);
}

#[rstest]
#[tokio::test]
async fn the_older_code_dies_when_a_new_one_is_asked_for_not_when_it_arrives(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let older = minh.code(&desk, draft.id).await;
    desk.advance(Duration::seconds(30));
    minh.send_otp(draft.id).await.json::<OtpQueued>(202);
    minh.verify_otp(draft.id, &older).await.refused(ProblemCode::OtpSuperseded);
}

#[rstest]
#[tokio::test]
async fn a_code_belongs_to_its_registration(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let (one, other) = (minh.draft(&citizen(1)).await, minh.draft(&citizen(2)).await);
    let code = minh.code(&desk, one.id).await;
    minh.verify_otp(other.id, &code).await.refused(ProblemCode::OtpMissing);
    let own = minh.code(&desk, other.id).await;
    assert_ne!(code, own, "one in a million");
    minh.verify_otp(other.id, &code).await.refused(ProblemCode::OtpWrong);
}

#[rstest]
#[tokio::test]
async fn without_a_code_there_is_nothing_to_verify(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.verify_otp(draft.id, "000000").await.refused(ProblemCode::OtpMissing);
}

#[rstest]
#[case::too_short("12345")]
#[case::too_long("1234567")]
#[case::letters("12345a")]
#[case::other_digits("١٢٣٤٥٦")]
#[tokio::test]
async fn what_is_not_six_digits_is_no_try(#[case] typed: &str) {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.sent_otp(draft.id).await;
    let fields = minh.verify_otp(draft.id, typed).await.refused_fields(ProblemCode::BodyInvalid);
    assert_eq!((fields[0].field.as_str(), fields[0].code), ("code", FieldCode::OtpInvalid));
    assert_eq!(minh.registration(draft.id).await.otp.unwrap().tries_left, 5);
}

#[rstest]
#[tokio::test]
async fn a_code_may_be_pasted_with_spaces(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let code = minh.code(&desk, draft.id).await;
    let (head, tail) = code.split_at(3);
    minh.verify_otp(draft.id, &format!(" {head} {tail} ")).await.json::<Registration>(200);
}

#[rstest]
#[tokio::test]
async fn a_confirmed_phone_needs_no_further_code(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let code = minh.code(&desk, draft.id).await;
    minh.verify_otp(draft.id, &code).await.json::<Registration>(200);
    desk.advance(Duration::seconds(60));
    for answer in [minh.verify_otp(draft.id, &code).await, minh.send_otp(draft.id).await] {
        assert_eq!(answer.refused(ProblemCode::WrongState).params["state"], "phone_verified");
    }
}

#[rstest]
#[tokio::test]
async fn no_code_is_sent_for_a_number_that_got_an_account_meanwhile(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (minh, nam) = (desk.sign_in("minh").await, desk.sign_in("nam").await);
    let draft = minh.draft(&citizen(1)).await;
    nam.account(&desk, &citizen(1)).await;
    minh.send_otp(draft.id).await.refused(ProblemCode::AccountExists);
    assert_eq!(minh.registration_messages(draft.id).await, []);
}

#[rstest]
#[tokio::test]
async fn one_press_with_a_key_sends_one_text(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let pressed = minh.with_key("press-1");
    let first: OtpQueued = pressed.send_otp(draft.id).await.json(202);
    desk.advance(Duration::seconds(10));
    let repeated: OtpQueued = pressed.send_otp(draft.id).await.json(202);
    assert_eq!(repeated, first, "the repeat answers for the first press, its times included");
    minh.message_in_state(draft.id, first.message_id, MessageState::Sent).await;
    assert_eq!(desk.phones().texts().len(), 1);
}
