//! What runs beside the operations: health, the document, its page, the headers of every answer.

use motcua_openapi::problem::ProblemCode;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::{Answer, Client, Desk};
use reqwest::Method;
use rstest::rstest;

async fn get(client: &Client, path: &str) -> Answer {
    client.call_anything(Method::GET, path).outside_the_contract().send().await
}

#[rstest]
#[tokio::test]
async fn the_process_says_that_it_lives_and_that_it_can_serve(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    for path in ["/livez", "/readyz"] {
        assert_eq!(get(&desk.visitor(), path).await.bytes(200), b"ok\n");
    }
}

#[rstest]
#[tokio::test]
async fn a_server_without_its_database_lives_and_cannot_serve(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    desk.services().database.clone().close().await;
    get(&desk.visitor(), "/livez").await.bytes(200);
    get(&desk.visitor(), "/readyz").await.refused(ProblemCode::Unavailable);
    for answer in [minh.get_me().await, desk.visitor().create_session("minh", desk.password()).await] {
        let problem = answer.refused(ProblemCode::Unavailable);
        assert_eq!(problem.detail, "nothing was changed; it is safe to try again", "a fault tells nothing");
    }
}

#[tokio::test]
async fn the_page_of_the_document_loads_nothing_from_elsewhere() {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let visitor = desk.visitor();
    let moved = get(&visitor, "/docs").await;
    assert!((300..400).contains(&moved.status));
    assert_eq!(moved.header("location"), Some("/docs/"));
    let page = get(&visitor, "/docs/").await;
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    let html = String::from_utf8(page.bytes(200).to_vec()).unwrap();
    let sources = regex_captures(r#"(?:src|href)="([^"]+)""#, &html);
    assert!(!sources.is_empty());
    for source in sources {
        assert!(!source.contains("//"), "{source} is elsewhere");
        get(&visitor, &format!("/docs/{}", source.trim_start_matches("./"))).await.bytes(200);
    }
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("http"), "{policy}");
}

fn regex_captures(pattern: &str, text: &str) -> Vec<String> {
    let pattern = regex::Regex::new(pattern).unwrap();
    pattern.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await;
    let answers = [
        minh.get_me().await,
        desk.visitor().get_me().await,
        get(&minh, "/api/v1/nothing").await,
        get(&minh, "/nothing").await,
        get(&minh, "/livez").await,
        get(&minh, "/openapi.json").await,
    ];
    for answer in answers {
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("x-frame-options"), Some("DENY"));
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(answer.header("server"), None, "what serves is nobody's business");
    }
}

#[rstest]
#[tokio::test]
async fn nothing_personal_is_left_in_a_cache(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let account = minh.account(&desk, &motcua_tests::people::citizen(1)).await;
    let answers = [
        minh.get_me().await,
        minh.get_account(account.id).await,
        minh.get_registration(account.registration_id).await,
        minh.look_up("079190000001").await,
        minh.search_accounts(&motcua_openapi::accounts::SearchAccounts::default()).await,
        minh.download_scan(account.registration_id).await,
    ];
    for answer in answers {
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{}", answer.text());
    }
}
