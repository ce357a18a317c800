//! Ending and beginning again on the same data, and two servers on one database.

use chrono::Duration;
use motcua_openapi::messages::MessageState;
use motcua_openapi::registrations::{OtpQueued, Registration};
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::gateway::{Behaviour, Scripted, through};
use motcua_tests::people::citizen;
use motcua_tests::{Desk, documents, wait};
use rstest::rstest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[rstest]
#[tokio::test]
async fn sessions_scans_and_queued_texts_survive_a_restart(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = Scripted::kannel(Behaviour::Answer(500)).await;
    let Some(mut desk) = Desk::open_with(engine, through(&[&gateway])).await else { return };
    let signed_in = desk.visitor().create_session("minh", desk.password()).await;
    let refresh_token = signed_in.refresh_token().unwrap();
    let token = signed_in.json::<motcua_openapi::sessions::Session>(201).access_token;
    let minh = desk.visitor().with_token(&token);
    let draft = minh.draft(&citizen(1)).await;
    let queued: OtpQueued = minh.send_otp(draft.id).await.json(202);
    wait::until("a failed attempt", || async { minh.registration_messages(draft.id).await[0].reason.map(|_| ()) })
        .await;
    drop(minh);
    desk.stop().await;

    gateway.will(Behaviour::Accept);
    desk.start_again(|_| {}).await;
    let minh = desk.visitor().with_token(&token);
    desk.advance(Duration::seconds(2));
    minh.message_in_state(draft.id, queued.message_id, MessageState::Sent).await;
    let code = gateway.attempts().last().unwrap().text.code();
    minh.verify_otp(draft.id, &code).await.json::<Registration>(200);
    assert_eq!(minh.download_scan(draft.id).await.bytes(200), documents::pdf("the card").content);
    desk.visitor().refresh_session(&refresh_token).await.bytes(200);
}

#[rstest]
#[tokio::test]
async fn a_text_that_a_dead_server_had_claimed_is_taken_over(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = Scripted::kannel(Behaviour::Answer(500)).await;
    let Some(mut desk) = Desk::open_with(engine, through(&[&gateway])).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let queued: OtpQueued = minh.send_otp(draft.id).await.json(202);
    wait::until("a failed attempt", || async { minh.registration_messages(draft.id).await[0].reason.map(|_| ()) })
        .await;
    // What a server that was killed between claiming and recording leaves behind.
    let lease = desk.now() + Duration::seconds(60);
    desk.rows("UPDATE messages SET claimed_until = $1", [lease.into()]).await;
    let token = minh.token().to_owned();
    drop(minh);
    desk.stop().await;

    gateway.will(Behaviour::Accept);
    desk.start_again(|_| {}).await;
    let minh = desk.visitor().with_token(&token);
    desk.advance(Duration::seconds(59));
    minh.me().await;
    assert_eq!(gateway.attempts().len(), 1, "another server may still be sending it");
    desk.advance(Duration::seconds(1));
    minh.message_in_state(draft.id, queued.message_id, MessageState::Sent).await;
    assert_eq!(gateway.attempts().len(), 2);
}

#[rstest]
#[tokio::test]
async fn two_servers_on_one_database_send_each_text_once_and_share_sessions(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let gateway = Scripted::kannel(Behaviour::Accept).await;
    let Some(desk) = Desk::open_with(engine, through(&[&gateway])).await else { return };
    let second = desk.second_server().await;
    let minh = desk.sign_in("minh").await;
    let elsewhere = desk.visitor_at(&format!("http://{}", second.address)).with_token(minh.token());
    elsewhere.me().await;
    let mut drafts = Vec::new();
    for n in 0..20 {
        drafts.push(minh.draft(&citizen(n)).await.id);
    }
    let sends =
        drafts.iter().enumerate().map(|(n, id)| if n % 2 == 0 { minh.send_otp(*id) } else { elsewhere.send_otp(*id) });
    for answer in futures_util::future::join_all(sends).await {
        answer.bytes(202);
    }
    for id in &drafts {
        let message = minh.registration_messages(*id).await[0].id;
        elsewhere.message_in_state(*id, message, MessageState::Sent).await;
    }
    assert_eq!(gateway.attempts().len(), 20);
}

#[rstest]
#[tokio::test]
async fn a_request_under_way_gets_its_answer_when_the_server_stops(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(mut desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let address = desk.base().trim_start_matches("http://").to_owned();
    let mut line = TcpStream::connect(&address).await.unwrap();
    let body = r#"{"id_number": "079190000001"}"#;
    let head = format!(
        "POST /api/v1/lookups HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        minh.token(),
        body.len()
    );
    line.write_all(head.as_bytes()).await.unwrap();
    let mut proceed = [0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
    line.read_exact(&mut proceed).await.unwrap();
    drop(minh);
    let rest = async {
        line.write_all(body.as_bytes()).await.unwrap();
        let mut answer = String::new();
        line.read_to_string(&mut answer).await.unwrap();
        answer
    };
    let (answer, ()) = tokio::join!(rest, desk.stop());
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(TcpStream::connect(&address).await.is_err(), "and nobody is let in any more");
}
