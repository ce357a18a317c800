//! Citizens' requests about their data, answered at the page of an administrator.

use motcua_openapi::citizens::DataRequestKind;
use motcua_openapi::problem::ProblemCode;

use crate::every_page::Examiner;
use crate::page::Page;

#[tokio::test]
async fn an_account_is_closed_by_an_answer_that_is_asked_for_twice() {
    let (page, examiner) = (Page::open("data-requests").await, Examiner::default());
    let citizen = page.desk.resident(1).await.settled(&page.desk).await;
    citizen.create_data_request(DataRequestKind::CloseAccount, "Tôi chuyển đi nơi khác").await.bytes(201);
    page.sign_in_as_an("/admin/data-requests").await;
    page.reads_in("h2", "Đang chờ (1)").await;
    page.reads("Đóng tài khoản: Nguyễn Thị Ánh").await;
    page.reads("trả lời trước hết ngày 04/03/2026").await;
    page.reads("Tôi chuyển đi nơi khác").await;
    examiner.look(&page, "waiting").await;
    page.press("Trả lời").await;
    page.reads("Mục này là bắt buộc.").await;
    page.write("Đã đóng theo đề nghị.").await;
    page.press("Trả lời").await;
    page.reads_in("[role=alertdialog]", "không mở lại được").await;
    page.press("Đóng tài khoản").await;
    page.reads("Đã trả lời Nguyễn Thị Ánh.").await;
    page.reads_in("tbody", "Đã thực hiện").await;
    examiner.look(&page, "answered").await;
    citizen.export_citizen_me().await.refused(ProblemCode::Unauthenticated);
    examiner.end();
    page.end().await;
}
