//! Many at once: of any number of tries exactly one succeeds, and the older code is never accepted.

use motcua::settings::{Caps, Settings};
use motcua_openapi::problem::{Problem, ProblemCode};
use motcua_openapi::registrations::{OtpQueued, Registration, RegistrationState};
use motcua_tests::Desk;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::people::citizen;
use rstest::rstest;

#[rstest]
#[tokio::test]
async fn of_eight_parallel_verifies_of_one_code_exactly_one_succeeds_twenty_times(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    for n in 0..20 {
        let draft = minh.draft(&citizen(n)).await;
        let code = minh.code(&desk, draft.id).await;
        let answers = futures_util::future::join_all((0..8).map(|_| minh.verify_otp(draft.id, &code))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "code {n}");
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            answer.refused(ProblemCode::WrongState);
        }
        let verified = minh.registration(draft.id).await;
        assert_eq!((verified.state, verified.version), (RegistrationState::PhoneVerified, draft.version + 1));
    }
    assert_eq!(desk.audited("phone_verified").await, 20);
}

#[rstest]
#[tokio::test]
async fn over_300_resends_back_to_back_the_older_code_is_never_accepted(#[values(Sqlite, Postgres)] engine: Engine) {
    let uncapped = |settings: &mut Settings| {
        settings.otp.resend_seconds = 0;
        settings.otp.per_registration_hour = 1_000;
        settings.otp.per_phone_day = 1_000;
        settings.otp.per_officer_hour = 1_000;
        settings.messages.caps = Caps { per_phone_hour: 1_000, per_phone_day: 1_000, ..Caps::default() };
        settings.messages.caps.per_unit_hour = 1_000;
    };
    let Some(desk) = Desk::open_with(engine, uncapped).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let mut older = minh.code(&desk, draft.id).await;
    let mut fresh = None;
    for n in 0..300 {
        let queued: OtpQueued = minh.send_otp(draft.id).await.json(202);
        // At once, then again when the newer code is there: both within the same instant of the clock.
        let early = minh.verify_otp(draft.id, &older).await;
        let newer = desk.phones().text_of(queued.message_id).await.code();
        let late = minh.verify_otp(draft.id, &older).await;
        if newer != older {
            for answer in [early, late] {
                let problem: Problem = answer.json(422);
                assert_eq!(problem.code, ProblemCode::OtpSuperseded, "resend {n}");
            }
        }
        older.clone_from(&newer);
        fresh = Some(newer);
    }
    assert_eq!(minh.registration(draft.id).await.state, RegistrationState::Draft);
    minh.verify_otp(draft.id, &fresh.unwrap()).await.json::<Registration>(200);
}

#[rstest]
#[tokio::test]
async fn a_resend_that_races_a_verify_leaves_one_truth(#[values(Sqlite, Postgres)] engine: Engine) {
    let quick = |settings: &mut Settings| settings.otp.resend_seconds = 0;
    let Some(desk) = Desk::open_with(engine, quick).await else { return };
    let minh = desk.sign_in("minh").await;
    for n in 0..10 {
        let draft = minh.draft(&citizen(n)).await;
        let code = minh.code(&desk, draft.id).await;
        let (resent, verified) = tokio::join!(minh.send_otp(draft.id), minh.verify_otp(draft.id, &code));
        let outcome = (resent.status, verified.status);
        // Verified first: the resend comes too late. Resent first: the code is an older one.
        assert!(outcome == (409, 200) || outcome == (202, 422), "{outcome:?}");
    }
}
