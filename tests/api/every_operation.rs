//! One sweep over every operation of the document: without a token, and as an officer who has nothing to do
//! with the thing. An operation that the sweep does not list fails it.

use motcua_openapi::problem::ProblemCode;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::documents;
use motcua_tests::people::{citizen, id_number};
use motcua_tests::{Answer, Client, Desk};
use reqwest::Method;
use rstest::rstest;
use serde_json::json;
use uuid::Uuid;

/// Who may call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// Anybody; what a visitor gets.
    Anybody(u16),
    /// Any officer: it is on no thing of anybody's.
    AnyOfficer,
    /// Those whose thing it is; a stranger gets 404.
    ItsDesk,
    /// Administrators only; another officer gets 403.
    Administrators,
    /// A gateway that proves itself, of whoever's message; without its proof 401.
    Gateways,
}

/// The things of `minh` that the sweep knocks at.
struct Things {
    registration: Uuid,
    account: Uuid,
}

const OPERATIONS: &[(&str, Who)] = &[
    ("get_desk", Who::Anybody(200)),
    ("create_session", Who::Anybody(401)),
    ("refresh_session", Who::Anybody(401)),
    ("delete_session", Who::AnyOfficer),
    ("get_me", Who::AnyOfficer),
    ("look_up", Who::AnyOfficer),
    ("create_registration", Who::AnyOfficer),
    ("list_registrations", Who::AnyOfficer),
    ("get_registration", Who::ItsDesk),
    ("update_registration", Who::ItsDesk),
    ("cancel_registration", Who::ItsDesk),
    ("upload_scan", Who::ItsDesk),
    ("download_scan", Who::ItsDesk),
    ("download_request_form", Who::ItsDesk),
    ("send_otp", Who::ItsDesk),
    ("verify_otp", Who::ItsDesk),
    ("create_account", Who::ItsDesk),
    ("list_registration_messages", Who::ItsDesk),
    ("follow_registration_messages", Who::ItsDesk),
    ("search_accounts", Who::AnyOfficer),
    ("get_account", Who::ItsDesk),
    ("list_account_messages", Who::ItsDesk),
    ("follow_account_messages", Who::ItsDesk),
    ("resend_password", Who::ItsDesk),
    ("get_message_statistics", Who::Administrators),
    ("get_dashboard", Who::Administrators),
    ("receive_delivery_report", Who::Gateways),
    ("receive_delivery_report_by_url", Who::Gateways),
];

/// Where the demo's gateway would report, if it did.
const REPORTS: &str = "/gateways/file/reports";

/// Calls an operation with a request that is good in itself.
async fn call(client: &Client, operation: &str, things: &Things) -> Answer {
    let id = things.registration;
    match operation {
        "get_desk" => client.get_desk().await,
        "create_session" => client.create_session("minh", "not the password").await,
        "refresh_session" => client.call(Method::POST, "/sessions/refresh").send().await,
        "delete_session" => client.delete_session().await,
        "get_me" => client.get_me().await,
        "look_up" => client.look_up(&id_number(1)).await,
        "create_registration" => client.create_registration(&citizen(3)).await,
        "list_registrations" => client.call(Method::GET, "/registrations").send().await,
        "get_registration" => client.get_registration(id).await,
        "update_registration" => client.update_registration(id, 1, citizen(3)).await,
        "cancel_registration" => client.cancel_registration(id).await,
        "upload_scan" => client.upload_scan(id, &documents::pdf("stranger")).await,
        "download_scan" => client.download_scan(id).await,
        "download_request_form" => client.download_request_form(id, "pdf").await,
        "send_otp" => client.send_otp(id).await,
        "verify_otp" => client.verify_otp(id, "000000").await,
        "create_account" => client.create_account(id).await,
        "list_registration_messages" => client.call(Method::GET, &format!("/registrations/{id}/messages")).send().await,
        "search_accounts" => client.call(Method::POST, "/accounts/search").json(&json!({})).send().await,
        "get_account" => client.get_account(things.account).await,
        "follow_registration_messages" => {
            client.call(Method::GET, &format!("/registrations/{id}/messages/events")).send().await
        }
        "list_account_messages" => {
            client.call(Method::GET, &format!("/accounts/{}/messages", things.account)).send().await
        }
        "follow_account_messages" => {
            client.call(Method::GET, &format!("/accounts/{}/messages/events", things.account)).send().await
        }
        "resend_password" => client.resend_password(things.account).await,
        "get_message_statistics" => client.call(Method::GET, "/messages/statistics").send().await,
        "get_dashboard" => client.get_dashboard(&[]).await,
        "receive_delivery_report" => client.call(Method::POST, REPORTS).malformed().send().await,
        "receive_delivery_report_by_url" => client.call(Method::GET, REPORTS).send().await,
        other => panic!("the sweep does not know how to call {other}"),
    }
}

async fn things(desk: &Desk) -> Things {
    let minh = desk.sign_in("minh").await;
    let account = minh.account(desk, &citizen(1)).await;
    let draft = minh.draft(&citizen(2)).await;
    minh.sent_otp(draft.id).await;
    Things { registration: draft.id, account: account.id }
}

#[tokio::test]
async fn the_sweep_lists_every_operation_of_the_document() {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let mut documented: Vec<&str> = desk.contract().operations().iter().map(|one| one.id.as_str()).collect();
    let mut listed: Vec<&str> = OPERATIONS.iter().map(|(id, _)| *id).collect();
    documented.sort_unstable();
    listed.sort_unstable();
    assert_eq!(documented, listed);
}

#[rstest]
#[tokio::test]
async fn without_a_token_only_what_is_public_answers(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let things = things(&desk).await;
    let ended = desk.sign_in("minh").await;
    ended.delete_session().await.bytes(204);
    for (operation, who) in OPERATIONS {
        let documented = desk.contract().operations().iter().find(|one| one.id == *operation).unwrap();
        let is_protected = !matches!(who, Who::Anybody(_) | Who::Gateways);
        assert_eq!(documented.is_protected, is_protected, "{operation} as documented");
        for visitor in [&desk.visitor(), &ended] {
            let answer = call(visitor, operation, &things).await;
            match who {
                Who::Anybody(status) => assert_eq!(answer.status, *status, "{operation}"),
                Who::AnyOfficer | Who::ItsDesk | Who::Administrators | Who::Gateways => {
                    answer.refused(ProblemCode::Unauthenticated);
                }
            }
        }
    }
}

#[rstest]
#[tokio::test]
async fn a_stranger_gets_404_for_every_thing_and_changes_nothing(
    #[values(Sqlite, Postgres)] engine: Engine,
    #[values("nam", "hoa")] stranger: &str,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let things = things(&desk).await;
    let minh = desk.sign_in("minh").await;
    let (registration, messages) =
        (minh.registration(things.registration).await, minh.registration_messages(things.registration).await);
    for (operation, who) in OPERATIONS {
        let stranger = desk.sign_in(stranger).await;
        let answer = call(&stranger, operation, &things).await;
        match who {
            Who::Anybody(status) => assert_eq!(answer.status, *status, "{operation}"),
            Who::AnyOfficer => assert!((200..300).contains(&answer.status), "{operation}: {}", answer.text()),
            Who::ItsDesk => {
                answer.refused(ProblemCode::NotFound);
            }
            Who::Administrators => {
                answer.refused(ProblemCode::Forbidden);
            }
            Who::Gateways => {
                answer.refused(ProblemCode::Unauthenticated);
            }
        }
    }
    assert_eq!(minh.registration(things.registration).await, registration);
    assert_eq!(minh.registration_messages(things.registration).await, messages);
}
