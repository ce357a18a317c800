//! `/citizen/sessions/mobile-signatures`: signing in by a signature that the phone makes, and what is not believed.

use std::path::PathBuf;

use chrono::Duration;
use motcua_openapi::citizens::{MobileSignature, MobileSignatureProgress, MobileSignatureState};
use motcua_openapi::problem::ProblemCode;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::authority::{Authority, uid};
use motcua_tests::people::{id_number, phone};
use motcua_tests::signatures::{Phones, Signatures};
use motcua_tests::{Answer, Client, Desk, log};
use rstest::rstest;
use tempfile::TempDir;
use uuid::Uuid;

/// A desk whose citizens sign by phone, the provider, and the one authority that is accepted.
struct Scene {
    desk: Desk,
    provider: Signatures,
    authority: Authority,
    _folder: TempDir,
}

async fn scene(engine: Engine) -> Option<Scene> {
    let (provider, authority) = (Signatures::open().await, Authority::named("CA cong cong"));
    let folder = tempfile::tempdir().unwrap();
    let issuers: PathBuf = folder.path().join("issuers.pem");
    std::fs::write(&issuers, &authority.pem).unwrap();
    let desk = Desk::open_with(engine, provider.through(issuers)).await?;
    Some(Scene { desk, provider, authority, _folder: folder })
}

/// A browser that has asked a phone to sign.
struct Browser {
    visitor: Client,
    asked: MobileSignature,
    cookie: String,
}

impl Browser {
    async fn asks(desk: &Desk, phone: &str) -> Self {
        let visitor = desk.visitor();
        let answer = visitor.create_mobile_signature(phone).await;
        let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        Self { visitor, asked: answer.json(201), cookie }
    }

    async fn looks(&self) -> Answer {
        self.visitor.look_at_mobile_signature(self.asked.id, &self.cookie).await
    }

    async fn state(&self) -> MobileSignatureState {
        let progress: MobileSignatureProgress = self.looks().await.json(200);
        assert!(progress.session.is_none());
        progress.state
    }
}

#[rstest]
#[tokio::test]
async fn a_phone_signs_what_the_page_shows_and_its_owner_is_signed_in_once(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(Scene { desk, provider, authority, _folder }) = scene(engine).await else { return };
    let resident = desk.resident(1).await;
    resident.settled(&desk).await;
    let browser = Browser::asks(&desk, &resident.phone).await;
    let asked = provider.asked().pop().unwrap();
    assert_eq!(asked.phone, "+84905000001");
    assert_eq!(asked.verification_code, browser.asked.verification_code);
    assert!(asked.text.contains(&asked.verification_code) && asked.text.contains("dichvucong.example"), "{asked:?}");
    assert_eq!(browser.state().await, MobileSignatureState::Pending);

    provider.will(Phones::Sign(authority.issue(&resident.number)));
    let answer = browser.looks().await;
    assert!(answer.citizen_refresh_token().is_some(), "the session lasts");
    let progress: MobileSignatureProgress = answer.json(200);
    assert_eq!(progress.state, MobileSignatureState::Signed);
    let session = progress.session.unwrap();
    assert!(!session.password_change_needed);
    let citizen = browser.visitor.with_token(&session.access_token);
    assert_eq!(citizen.citizen_me().await.account_id, resident.account);
    assert_eq!(browser.state().await, MobileSignatureState::Expired, "its outcome was taken");
    assert!(!log::holds(&resident.number) && !log::holds(&asked.text));
}

#[rstest]
#[tokio::test]
async fn only_the_browser_that_asked_gets_the_session(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(Scene { desk, provider, authority, _folder }) = scene(engine).await else { return };
    let resident = desk.resident(1).await;
    let (browser, other) = (Browser::asks(&desk, &resident.phone).await, Browser::asks(&desk, &phone(2)).await);
    provider.will(Phones::Sign(authority.issue(&resident.number)));
    let stolen = other.visitor.look_at_mobile_signature(browser.asked.id, &other.cookie).await;
    stolen.refused(ProblemCode::NotFound);
    let without = browser.visitor.look_at_mobile_signature(browser.asked.id, "a=b").await;
    without.refused(ProblemCode::NotFound);
    let progress: MobileSignatureProgress = browser.looks().await.json(200);
    assert_eq!(progress.state, MobileSignatureState::Signed);
}

#[rstest]
#[tokio::test]
async fn a_signature_over_another_text_of_another_authority_or_of_nobody_here_is_refused(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(Scene { desk, provider, authority, _folder }) = scene(engine).await else { return };
    let resident = desk.resident(1).await;
    let forged = Authority::named("CA cong cong");
    let untrue = [
        Phones::SignAnother(authority.issue(&resident.number)),
        Phones::Sign(forged.issue(&resident.number)),
        Phones::Sign(authority.issue_saying(uid(), &resident.number, 2024..2025)),
        Phones::Sign(authority.issue(&id_number(77))),
        Phones::Sign(authority.issue("not a number")),
        Phones::Refuse,
    ];
    for phones in untrue {
        let browser = Browser::asks(&desk, &resident.phone).await;
        provider.will(phones);
        assert_eq!(browser.state().await, MobileSignatureState::Refused);
        provider.will(Phones::Sign(authority.issue(&resident.number)));
        assert_eq!(browser.state().await, MobileSignatureState::Expired, "there is no second try");
        desk.advance(Duration::hours(1));
    }
    assert_eq!(desk.audited("citizen_signed_in").await, 0);
}

#[rstest]
#[tokio::test]
async fn two_looks_at_once_give_one_session(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(Scene { desk, provider, authority, _folder }) = scene(engine).await else { return };
    let resident = desk.resident(1).await;
    let browser = Browser::asks(&desk, &resident.phone).await;
    provider.will(Phones::Sign(authority.issue(&resident.number)));
    let looks = futures_util::future::join_all((0..8).map(|_| browser.looks())).await;
    let sessions = looks.iter().filter(|look| look.json::<MobileSignatureProgress>(200).session.is_some()).count();
    assert_eq!(sessions, 1);
}

#[rstest]
#[tokio::test]
async fn a_phone_that_signs_too_late_signs_nobody_in(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(Scene { desk, provider, authority, _folder }) = scene(engine).await else { return };
    let resident = desk.resident(1).await;
    let browser = Browser::asks(&desk, &resident.phone).await;
    desk.advance(Duration::seconds(120));
    provider.will(Phones::Sign(authority.issue(&resident.number)));
    assert_eq!(browser.state().await, MobileSignatureState::Expired);
}

#[rstest]
#[tokio::test]
async fn a_provider_in_trouble_is_said_and_the_next_look_goes_on(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(Scene { desk, provider, authority, _folder }) = scene(engine).await else { return };
    let resident = desk.resident(1).await;
    let browser = Browser::asks(&desk, &resident.phone).await;
    provider.will(Phones::Break(500));
    browser.looks().await.refused(ProblemCode::Unavailable);
    desk.visitor().create_mobile_signature(&phone(3)).await.refused(ProblemCode::Unavailable);
    provider.will(Phones::Sign(authority.issue(&resident.number)));
    let progress: MobileSignatureProgress = browser.looks().await.json(200);
    assert_eq!(progress.state, MobileSignatureState::Signed);
}

#[rstest]
#[tokio::test]
async fn nobody_can_make_a_phone_ring_for_long(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(Scene { desk, provider, .. }) = scene(engine).await else { return };
    for _ in 0..5 {
        desk.visitor().create_mobile_signature(&phone(1)).await.bytes(201);
    }
    let refused = desk.visitor().create_mobile_signature(&phone(1)).await;
    assert_eq!(refused.refused(ProblemCode::TooManyRequests).params["cap"], "per_phone_hour");
    assert_eq!(provider.asked().len(), 5);
    desk.visitor().create_mobile_signature(&phone(2)).await.bytes(201);
}

#[rstest]
#[tokio::test]
async fn where_the_way_is_closed_it_says_so(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let visitor = desk.visitor();
    visitor.create_mobile_signature(&phone(1)).await.refused(ProblemCode::SignInWayOff);
    visitor.look_at_mobile_signature(Uuid::nil(), "a=b").await.refused(ProblemCode::SignInWayOff);
}
