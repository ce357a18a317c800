//! Parts of the house out of order: nothing is half done, the caller learns that it was not their fault.

use chrono::Duration;
use motcua_openapi::messages::{MessageReason, MessageState};
use motcua_openapi::problem::ProblemCode;
use motcua_openapi::registrations::{OtpQueued, Registration};
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::people::citizen;
use motcua_tests::{Desk, documents, log, wait};
use rstest::rstest;

#[rstest]
#[tokio::test]
async fn a_store_that_cannot_be_written_leaves_the_registration_as_it_was(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let begun: Registration = minh.create_registration(&citizen(1)).await.json(201);
    let folder = desk.folder().join("scans");
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::write(&folder, "in the way").unwrap();
    minh.upload_scan(begun.id, &documents::pdf("card")).await.refused(ProblemCode::Unavailable);
    assert_eq!(minh.registration(begun.id).await, begun);
    std::fs::remove_file(&folder).unwrap();
    std::fs::create_dir(&folder).unwrap();
    minh.upload_scan(begun.id, &documents::pdf("card")).await.json::<Registration>(200);
}

#[rstest]
#[tokio::test]
async fn a_scan_that_was_changed_on_disk_is_a_fault_and_not_served(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let kept = motcua_tests::desk::files_below(&desk.folder().join("scans"));
    let mut bytes = std::fs::read(&kept[0]).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&kept[0], bytes).unwrap();
    let problem = minh.download_scan(draft.id).await.refused(ProblemCode::Internal);
    assert_eq!(problem.params.len() + problem.fields.len(), 0, "a fault tells nothing: {problem:?}");
    assert_eq!(log::errors().map_or(1, |lines| lines.len()), 1, "and is logged once");
}

#[rstest]
#[tokio::test]
async fn a_message_folder_that_cannot_be_written_is_tried_again(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let folder = desk.settings().message_folder();
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::write(&folder, "in the way").unwrap();
    let queued: OtpQueued = minh.send_otp(draft.id).await.json(202);
    wait::until("the fault to be seen", || async {
        let message = minh.registration_messages(draft.id).await.remove(0);
        (message.reason == Some(MessageReason::GatewayFault)).then_some(())
    })
    .await;
    std::fs::remove_file(&folder).unwrap();
    std::fs::create_dir(&folder).unwrap();
    desk.advance(Duration::seconds(2));
    minh.message_in_state(draft.id, queued.message_id, MessageState::Sent).await;
    let code = desk.phones().text_of(queued.message_id).await.code();
    minh.verify_otp(draft.id, &code).await.json::<Registration>(200);
}

#[rstest]
#[tokio::test]
async fn an_ordinary_day_logs_no_error(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let account = minh.account(&desk, &citizen(1)).await;
    minh.password_message(account.id).await;
    minh.create_registration(&citizen(1)).await.refused(ProblemCode::AccountExists);
    motcua::house_keeping::once(desk.services()).await.unwrap();
    assert_eq!(log::errors().unwrap_or_default(), Vec::<String>::new());
}
