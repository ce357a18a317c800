//! One sweep over every operation of the document, as every role: a visitor, an officer and an administrator of
//! another agency, who have nothing to do with the thing, an auditor, and a citizen. What each gets is printed as a
//! table. An operation that the sweep does not list fails it.

use motcua_openapi::audit::SearchAuditEvents;
use motcua_openapi::citizens::{
    CaptchaAnswer, CaptchaForm, DataRequest, DataRequestKind, DataRequestOutcome, PhoneChange,
};
use motcua_openapi::officer_imports::OfficerImport;
use motcua_openapi::officers::{CreateOfficer, UpdateOfficer};
use motcua_openapi::problem::{Problem, ProblemCode};
use motcua_openapi::second_factors::PasskeyAnswer;
use motcua_openapi::sessions::Role;
use motcua_openapi::unit_requests::{AnswerUnitRequest, CreateUnitRequest, UnitRequest};
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::citizens::OWN_PASSWORD;
use motcua_tests::documents;
use motcua_tests::people::{citizen, id_number, phone};
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
    /// Anybody who has signed in, on a thing of their own; what they get.
    Staff(u16),
    /// Any officer: it is on no thing of anybody's. An auditor gets 403.
    AnyOfficer,
    /// Those whose thing it is; a stranger gets 404.
    ItsDesk,
    /// Administrators only, on no thing of anybody's; another officer gets 403.
    Administrators,
    /// Administrators whose thing it is; one of another agency gets 404, an officer 403.
    ItsAdministrators,
    /// Any citizen who has signed in, on a thing of their own; what they get. Staff get 401: their tokens are none here.
    Citizens(u16),
    /// Auditors only, on no thing of anybody's; others of the staff get 403.
    Auditors,
    /// A gateway that proves itself, of whoever's message; without its proof 401.
    Gateways,
}

/// The things of `minh` that the sweep knocks at.
struct Things {
    registration: Uuid,
    account: Uuid,
    officer: Uuid,
    unit: Uuid,
    unit_request: Uuid,
    /// A list of `an`'s.
    list: Uuid,
    /// The agency of the administrator who knocks.
    other_agency: Uuid,
    /// The number of another citizen than the one of the account, who has asked for something.
    citizen: String,
    data_request: Uuid,
    /// A change of the phone of the account's citizen.
    phone_change: Uuid,
}

const OPERATIONS: &[(&str, Who)] = &[
    ("get_desk", Who::Anybody(200)),
    ("create_session", Who::Anybody(401)),
    ("refresh_session", Who::Anybody(401)),
    ("create_passkey_challenge", Who::Anybody(401)),
    ("delete_session", Who::Staff(204)),
    ("get_me", Who::Staff(200)),
    ("change_password", Who::Staff(422)),
    ("list_second_factors", Who::Staff(200)),
    ("begin_totp", Who::Staff(422)),
    ("confirm_totp", Who::Staff(404)),
    ("begin_passkey", Who::Staff(422)),
    ("confirm_passkey", Who::Staff(422)),
    ("remove_second_factor", Who::Staff(404)),
    ("list_units", Who::Administrators),
    ("create_unit", Who::Administrators),
    ("rename_unit", Who::ItsAdministrators),
    ("retire_unit", Who::ItsAdministrators),
    ("create_officer_import", Who::Administrators),
    ("get_officer_import", Who::ItsAdministrators),
    ("apply_officer_import", Who::ItsAdministrators),
    ("export_officers", Who::Administrators),
    ("search_officers", Who::Administrators),
    ("create_officer", Who::Administrators),
    ("get_officer", Who::ItsAdministrators),
    ("update_officer", Who::ItsAdministrators),
    ("assign_units", Who::ItsAdministrators),
    ("suspend_officer", Who::ItsAdministrators),
    ("resume_officer", Who::ItsAdministrators),
    ("send_officer_password", Who::ItsAdministrators),
    ("remove_second_factors", Who::ItsAdministrators),
    ("create_unit_request", Who::AnyOfficer),
    ("list_unit_requests", Who::AnyOfficer),
    ("answer_unit_request", Who::ItsAdministrators),
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
    ("create_captcha", Who::Anybody(201)),
    ("create_citizen_session", Who::Anybody(422)),
    ("create_citizen_session_by_certificate", Who::Anybody(409)),
    ("create_mobile_signature", Who::Anybody(409)),
    ("look_at_mobile_signature", Who::Anybody(409)),
    ("refresh_citizen_session", Who::Anybody(401)),
    ("delete_citizen_session", Who::Citizens(204)),
    ("change_citizen_password", Who::Citizens(422)),
    ("create_password_reset", Who::Anybody(422)),
    ("complete_password_reset", Who::Anybody(404)),
    ("get_citizen_me", Who::Citizens(200)),
    ("export_citizen_me", Who::Citizens(200)),
    ("change_citizen_email", Who::Citizens(204)),
    ("create_phone_change", Who::Citizens(400)),
    ("complete_phone_change", Who::Citizens(404)),
    ("create_data_request", Who::Citizens(409)),
    ("list_data_requests", Who::Administrators),
    ("answer_data_request", Who::ItsAdministrators),
    ("get_dashboard", Who::Administrators),
    ("search_audit_events", Who::Auditors),
    ("export_audit_events", Who::Auditors),
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
        "create_passkey_challenge" => client.create_passkey_challenge("minh", "not the password").await,
        "change_password" => client.change_password("not the password", "con mèo nhà tôi màu xám").await,
        "list_second_factors" => client.call(Method::GET, "/me/second-factors").send().await,
        "begin_totp" => client.begin_totp("not the password").await,
        "confirm_totp" => client.confirm_totp(Uuid::nil(), "000000").await,
        "begin_passkey" => client.begin_passkey("not the password").await,
        "confirm_passkey" => client.confirm_passkey(&no_answer()).await,
        "remove_second_factor" => client.remove_second_factor(Uuid::nil()).await,
        "list_units" => client.call(Method::GET, "/units").send().await,
        "create_unit" => client.create_unit(things.other_agency, "Bộ phận một cửa mới").await,
        "rename_unit" => client.rename_unit(things.unit, 1, "Bộ phận một cửa khác").await,
        "retire_unit" => client.retire_unit(things.unit, 1).await,
        "create_officer_import" => client.upload_list(&documents::list("Họ và tên,Số điện thoại\n")).await,
        "get_officer_import" => client.get_list(things.list, &[]).await,
        "apply_officer_import" => client.apply_list(things.list).await,
        "export_officers" => client.export_officers("csv").await,
        "search_officers" => client.call(Method::POST, "/officers/search").json(&json!({})).send().await,
        "create_officer" => client.create_officer(&new_officer()).await,
        "get_officer" => client.get_officer(things.officer).await,
        "update_officer" => client.update_officer(things.officer, &UpdateOfficer::default()).await,
        "assign_units" => client.assign_units(things.officer, 1, Vec::new()).await,
        "suspend_officer" => client.suspend_officer(things.officer).await,
        "resume_officer" => client.resume_officer(things.officer).await,
        "send_officer_password" => client.send_officer_password(things.officer).await,
        "remove_second_factors" => client.remove_second_factors(things.officer).await,
        "create_unit_request" => client.ask_for_unit(&request_for_unit("Một cửa nơi khác")).await,
        "list_unit_requests" => client.call(Method::GET, "/unit-requests").send().await,
        "answer_unit_request" => {
            let declined = AnswerUnitRequest::Declined { words: "Không".into() };
            client.answer_unit_request(things.unit_request, &declined).await
        }
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
        "create_captcha" => client.create_captcha(CaptchaForm::SignIn).await,
        "create_citizen_session" => {
            client.create_citizen_session_with(&id_number(1), "not the password", &unsolved()).await
        }
        "create_password_reset" => client.create_password_reset_with(&id_number(1), &phone(1), &unsolved()).await,
        "complete_password_reset" => client.complete_password_reset(Uuid::nil(), "000000", OWN_PASSWORD).await,
        "create_citizen_session_by_certificate" => {
            client.call(Method::POST, "/citizen/sessions/certificate").send().await
        }
        "create_mobile_signature" => client.create_mobile_signature(&phone(1)).await,
        "look_at_mobile_signature" => client.look_at_mobile_signature(Uuid::nil(), "none=none").await,
        "refresh_citizen_session" => client.call(Method::POST, "/citizen/sessions/refresh").send().await,
        "delete_citizen_session" => client.delete_citizen_session().await,
        "get_citizen_me" => client.call(Method::GET, "/citizen/me").send().await,
        "export_citizen_me" => client.export_citizen_me().await,
        "change_citizen_email" => client.change_citizen_email("").await,
        "create_phone_change" => client.create_phone_change(&phone(4)).await,
        "complete_phone_change" => client.complete_phone_change(things.phone_change, "000000", "000000").await,
        "create_data_request" => client.create_data_request(DataRequestKind::WithdrawConsent, "").await,
        "list_data_requests" => client.call(Method::GET, "/data-requests").send().await,
        "answer_data_request" => {
            client.answer_data_request(things.data_request, DataRequestOutcome::Declined, "Không").await
        }
        "change_citizen_password" => client.change_citizen_password("not the password", OWN_PASSWORD).await,
        "get_dashboard" => client.get_dashboard(&[]).await,
        "search_audit_events" => client.search_audit(&SearchAuditEvents::default()).await,
        "export_audit_events" => client.export_audit(&[]).await,
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
    let rows = desk.rows("SELECT id, agency_id FROM officers WHERE username IN ('minh', 'nam') ORDER BY username", []);
    let rows = rows.await;
    let id = |row: usize, column: &str| -> Uuid { rows[row].try_get("", column).unwrap() };
    let (officer, other_agency) = (id(0, "id"), id(1, "agency_id"));
    let asked: UnitRequest = minh.ask_for_unit(&request_for_unit("Một cửa của minh")).await.json(201);
    let unit = minh.unit().await;
    let an = desk.sign_in("an").await;
    let list: OfficerImport = an.upload_list(&documents::list("Họ và tên,Số điện thoại\n")).await.json(202);
    let citizen = desk.resident(4).await;
    let asking = citizen.settled(desk).await;
    let data_request: DataRequest = asking.create_data_request(DataRequestKind::WithdrawConsent, "").await.json(201);
    let changing = desk.resident(5).await.settled(desk).await;
    let phone_change: PhoneChange = changing.create_phone_change(&phone(55)).await.json(202);
    Things {
        registration: draft.id,
        account: account.id,
        officer,
        unit,
        unit_request: asked.id,
        list: list.id,
        other_agency,
        citizen: citizen.number,
        data_request: data_request.id,
        phone_change: phone_change.id,
    }
}

fn request_for_unit(name: &str) -> CreateUnitRequest {
    CreateUnitRequest { unit_id: None, unit_name: Some(name.to_owned()), why: String::new() }
}

fn new_officer() -> CreateOfficer {
    CreateOfficer {
        username: "can.bo.moi".into(),
        full_name: "Cán Bộ Mới".into(),
        phone: "0905437250".into(),
        role: Role::Officer,
        agency_id: None,
        units: Vec::new(),
    }
}

fn unsolved() -> CaptchaAnswer {
    CaptchaAnswer { id: Uuid::nil(), text: None, solution: None }
}

fn no_answer() -> PasskeyAnswer {
    PasskeyAnswer { challenge_id: Uuid::nil(), credential: json!({}) }
}

/// An administrator of another agency than `minh`'s.
async fn other_administrator(desk: &Desk) -> Client {
    if desk.rows("SELECT id FROM officers WHERE username = 'chi'", []).await.is_empty() {
        desk.add_officer("chi", "Vũ Thị Chi", "nam", vec![]).await;
        desk.rows("UPDATE officers SET role = $1 WHERE username = 'chi'", ["administrator".into()]).await;
    }
    desk.sign_in("chi").await
}

/// The roles of the table, in its order.
const ROLES: [&str; 5] = ["visitor", "officer", "administrator", "auditor", "citizen"];

async fn somebody(desk: &Desk, role: &str, things: &Things) -> Client {
    match role {
        "visitor" => desk.visitor(),
        "officer" => desk.sign_in("nam").await,
        "administrator" => other_administrator(desk).await,
        "auditor" => desk.sign_in("binh").await,
        "citizen" => desk.visitor().as_citizen(&things.citizen, OWN_PASSWORD).await,
        other => panic!("nobody is {other}"),
    }
}

/// What a role gets of an operation: a status, or any that says that it was done.
fn expected(who: Who, role: &str) -> Option<u16> {
    const DONE: Option<u16> = None;
    match (who, role) {
        (Who::Anybody(status), _) => Some(status),
        (Who::Citizens(status), "citizen") => Some(status),
        (Who::Citizens(_), _) | (_, "visitor" | "citizen") | (Who::Gateways, _) => Some(401),
        (Who::Staff(status), _) => Some(status),
        (Who::AnyOfficer, "officer" | "administrator")
        | (Who::Administrators, "administrator")
        | (Who::Auditors, "auditor") => DONE,
        (Who::ItsDesk, "officer" | "administrator") | (Who::ItsAdministrators, "administrator") => Some(404),
        (Who::AnyOfficer | Who::ItsDesk | Who::Administrators | Who::ItsAdministrators | Who::Auditors, _) => Some(403),
    }
}

#[rstest]
#[tokio::test]
async fn every_role_gets_of_every_operation_what_the_table_says(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open_with(engine, many_tries).await else { return };
    let things = things(&desk).await;
    let (mut table, mut wrong) = (Vec::new(), Vec::new());
    for (operation, who) in OPERATIONS {
        let mut cells = Vec::new();
        for role in ROLES {
            let answer = call(&somebody(&desk, role, &things).await, operation, &things).await;
            let is_right = match expected(*who, role) {
                Some(status) => answer.status == status,
                None => (200..300).contains(&answer.status),
            };
            if !is_right {
                wrong.push(format!("{role} {operation}: {}", answer.text()));
            }
            cells.push(said(&answer));
        }
        table.push(row(operation, &cells));
    }
    eprintln!("{}\n{}", row("operation", &ROLES.map(str::to_owned)), table.join("\n"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// One line of the table, its cells of one width.
fn row(operation: &str, cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| format!("{cell:<28}")).collect();
    format!("| {operation:<32} | {} |", cells.join(" | "))
}

/// Everybody signs in once an operation: the throttle is another test's.
fn many_tries(settings: &mut motcua::settings::Settings) {
    settings.sessions.tries_per_account = 10_000;
    settings.sessions.tries_per_address = 10_000;
    settings.citizens.captcha.per_address_minute = 10_000;
    settings.citizens.sign_in.per_address_minute = 10_000;
    settings.citizens.sign_in.per_address_hour = 10_000;
    settings.citizens.sign_in.free_tries = 10_000;
}

/// A status, and the code where it is a refusal.
fn said(answer: &Answer) -> String {
    match serde_json::from_slice::<Problem>(&answer.body) {
        Ok(problem) if answer.status >= 400 => format!("{} {}", answer.status, problem.code.as_str()),
        _ => answer.status.to_string(),
    }
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
                Who::Staff(_)
                | Who::AnyOfficer
                | Who::ItsDesk
                | Who::Administrators
                | Who::ItsAdministrators
                | Who::Citizens(_)
                | Who::Auditors
                | Who::Gateways => {
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
            Who::Staff(status) => assert_eq!(answer.status, *status, "{operation}"),
            Who::AnyOfficer => assert!((200..300).contains(&answer.status), "{operation}: {}", answer.text()),
            Who::ItsDesk => {
                answer.refused(ProblemCode::NotFound);
            }
            Who::Administrators | Who::ItsAdministrators | Who::Auditors => {
                answer.refused(ProblemCode::Forbidden);
            }
            Who::Citizens(_) | Who::Gateways => {
                answer.refused(ProblemCode::Unauthenticated);
            }
        }
    }
    assert_eq!(minh.registration(things.registration).await, registration);
    assert_eq!(minh.registration_messages(things.registration).await, messages);
}
