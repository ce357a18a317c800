//! A real nginx in front, as a province has it: client certificates that it verifies, and headers that only it writes.

use motcua_openapi::problem::{Problem, ProblemCode};
use motcua_tests::Desk;
use motcua_tests::Engine::Sqlite;
use motcua_tests::authority::{Authority, Signer};
use motcua_tests::nginx::Nginx;
use reqwest::{Certificate, Client, Identity, Response, StatusCode};

const ISSUER: &str = "C=VN, O=Motcua Test, CN=Motcua Test CA";

/// A browser with or without a token, which accepts the province's own certificate.
fn browser(authority: &Authority, token: Option<&Signer>) -> Client {
    let root = Certificate::from_pem(authority.pem.as_bytes()).unwrap();
    let builder = Client::builder().no_proxy().tls_certs_only([root]);
    let identity = |token: &Signer| Identity::from_pem(format!("{}{}", token.key_pem(), token.pem).as_bytes()).unwrap();
    match token {
        Some(token) => builder.identity(identity(token)).build().unwrap(),
        None => builder.build().unwrap(),
    }
}

/// Signs in by certificate and claims besides to have been verified as whoever `claimed` is.
async fn sign_in(nginx: &Nginx, browser: &Client, claimed: &Signer) -> Response {
    let escaped = url::form_urlencoded::byte_serialize(claimed.pem.as_bytes()).collect::<String>().replace('+', "%20");
    let call = browser.post(format!("{}/api/v1/citizen/sessions/certificate", nginx.base()));
    call.header("X-Client-Verify", "SUCCESS").header("X-Client-Certificate", escaped).send().await.unwrap()
}

#[tokio::test]
async fn nginx_verifies_the_token_and_nobodys_claim_is_believed() {
    let desk = Desk::open_with(Sqlite, |settings| {
        settings.server.behind_proxy = true;
        settings.citizens.certificate.enabled = true;
        settings.citizens.certificate.issuers = vec![ISSUER.into()];
    });
    let desk = desk.await.unwrap();
    let (resident, other) = (desk.resident(1).await, desk.resident(2).await);
    let authority = Authority::named("Motcua Test CA");
    let nginx = Nginx::before(&desk.base(), &authority).await;
    let (hers, his) = (authority.issue(&resident.number), authority.issue(&other.number));

    let answer = sign_in(&nginx, &browser(&authority, Some(&hers)), &his).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    let events = desk.rows("SELECT subject_id FROM audit_events WHERE act = 'citizen_signed_in'", []).await;
    let who: Vec<Option<uuid::Uuid>> = events.iter().map(|row| row.try_get("", "subject_id").unwrap()).collect();
    assert_eq!(who, [Some(resident.account)], "who holds the key, not who was claimed");

    let without = sign_in(&nginx, &browser(&authority, None), &his).await;
    let problem: Problem = serde_json::from_str(&without.text().await.unwrap()).unwrap();
    assert_eq!(problem.code, ProblemCode::CertificateMissing);

    let forged = Authority::named("Motcua Test CA").issue(&other.number);
    let refused = sign_in(&nginx, &browser(&authority, Some(&forged)), &his).await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "nginx itself refuses a certificate of somebody else's");
    assert_eq!(desk.audited("citizen_signed_in").await, 1);
}
