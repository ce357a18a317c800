//! `/citizen/sessions/certificate`: **Usb ký số**, with certificates of an authority that the test makes.

use std::ops::Range;

use motcua::settings::{NumberField, Settings};
use motcua_openapi::citizens::CitizenSession;
use motcua_openapi::problem::ProblemCode;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::authority::{Authority, GOOD, uid};
use motcua_tests::people::id_number;
use motcua_tests::{Answer, Client, Desk};
use rcgen::DnType;
use reqwest::Method;
use rstest::rstest;

const ISSUER: &str = "C=VN, O=Motcua Test, CN=Motcua Test CA";

/// The certificate of a citizen, as nginx hands it on.
fn certificate(authority: &Authority, field: DnType, says: &str) -> String {
    good_in(authority, field, says, GOOD)
}

fn good_in(authority: &Authority, field: DnType, says: &str, years: Range<i32>) -> String {
    let pem = authority.issue_saying(field, says, years).pem;
    url::form_urlencoded::byte_serialize(pem.as_bytes()).collect::<String>().replace('+', "%20")
}

fn switched_on(settings: &mut Settings) {
    settings.server.behind_proxy = true;
    settings.citizens.certificate.enabled = true;
    settings.citizens.certificate.issuers = vec![ISSUER.into()];
}

async fn sign_in(client: &Client, verdict: &str, certificate: &str) -> Answer {
    let call = client.call(Method::POST, "/citizen/sessions/certificate");
    call.header("X-Client-Verify", verdict).header("X-Client-Certificate", certificate).send().await
}

#[rstest]
#[tokio::test]
async fn a_verified_certificate_signs_its_owner_in(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open_with(engine, switched_on).await else { return };
    let resident = desk.resident(1).await;
    resident.settled(&desk).await;
    let certificate = certificate(&Authority::named("Motcua Test CA"), uid(), &format!("CCCD:{}", resident.number));
    let answer = sign_in(&desk.visitor(), "SUCCESS", &certificate).await;
    let session: CitizenSession = answer.json(201);
    assert!(!session.password_change_needed && answer.citizen_refresh_token().is_some());
    let me = desk.visitor().with_token(&session.access_token).citizen_me().await;
    assert_eq!(me.account_id, resident.account);
    assert_eq!(desk.audited("citizen_signed_in").await, 2);
}

#[rstest]
#[case::serial_number(NumberField::SerialNumber, DnType::CustomDnType(vec![2, 5, 4, 5]))]
#[case::common_name(NumberField::CommonName, DnType::CommonName)]
#[tokio::test]
async fn the_number_stands_where_the_settings_say(#[case] field: NumberField, #[case] in_certificate: DnType) {
    let on = |settings: &mut Settings| {
        switched_on(settings);
        settings.citizens.certificate.number_field = field;
    };
    let Some(desk) = Desk::open_with(Sqlite, on).await else { return };
    let resident = desk.resident(1).await;
    let issuer = Authority::named("Motcua Test CA");
    let right = certificate(&issuer, in_certificate, &resident.number);
    sign_in(&desk.visitor(), "SUCCESS", &right).await.bytes(201);
    let elsewhere = certificate(&issuer, uid(), &resident.number);
    let refused = sign_in(&desk.visitor(), "SUCCESS", &elsewhere).await;
    assert_eq!(refused.refused(ProblemCode::CertificateRefused).params["reason"], "number");
}

#[rstest]
#[tokio::test]
async fn another_issuer_another_year_and_nobodys_number_are_refused_with_why(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open_with(engine, switched_on).await else { return };
    let resident = desk.resident(1).await;
    let closed = desk.resident(2).await;
    desk.rows("UPDATE accounts SET closed_at = $1 WHERE id = $2", [desk.now().into(), closed.account.into()]).await;
    let (ours, other) = (Authority::named("Motcua Test CA"), Authority::named("Another CA"));
    for (certificate, reason) in [
        (certificate(&other, uid(), &resident.number), "issuer"),
        (good_in(&ours, uid(), &resident.number, 2024..2025), "expired"),
        (good_in(&ours, uid(), &resident.number, 2027..2028), "expired"),
        (certificate(&ours, uid(), "MST:0101234567"), "number"),
        (certificate(&ours, uid(), &id_number(9)), "account"),
        (certificate(&ours, uid(), &closed.number), "account"),
    ] {
        let answer = sign_in(&desk.visitor(), "SUCCESS", &certificate).await;
        assert_eq!(answer.refused(ProblemCode::CertificateRefused).params["reason"], reason);
        assert_eq!(answer.header("set-cookie"), None);
    }
}

#[rstest]
#[case::none("NONE")]
#[case::failed("FAILED:certificate has expired")]
#[case::nothing("")]
#[tokio::test]
async fn what_the_proxy_has_not_verified_is_none(#[case] verdict: &str) {
    let Some(desk) = Desk::open_with(Sqlite, switched_on).await else { return };
    let resident = desk.resident(1).await;
    let certificate = certificate(&Authority::named("Motcua Test CA"), uid(), &resident.number);
    sign_in(&desk.visitor(), verdict, &certificate).await.refused(ProblemCode::CertificateMissing);
    sign_in(&desk.visitor(), "SUCCESS", "nonsense").await.refused(ProblemCode::CertificateMissing);
    let twice = desk.visitor();
    let twice = twice.call(Method::POST, "/citizen/sessions/certificate").header("X-Client-Verify", verdict);
    let twice = twice.header("X-Client-Verify", "SUCCESS").header("X-Client-Certificate", &certificate);
    twice.send().await.refused(ProblemCode::CertificateMissing);
}

#[rstest]
#[tokio::test]
async fn without_a_proxy_no_header_is_believed(#[values(Sqlite, Postgres)] engine: Engine) {
    let alone = |settings: &mut Settings| {
        switched_on(settings);
        settings.server.behind_proxy = false;
    };
    let Some(desk) = Desk::open_with(engine, alone).await else { return };
    let resident = desk.resident(1).await;
    let certificate = certificate(&Authority::named("Motcua Test CA"), uid(), &resident.number);
    sign_in(&desk.visitor(), "SUCCESS", &certificate).await.refused(ProblemCode::CertificateMissing);
}

#[rstest]
#[tokio::test]
async fn switched_off_it_says_so(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    sign_in(&desk.visitor(), "SUCCESS", "anything").await.refused(ProblemCode::SignInWayOff);
}
