//! A walk past every page of the administration and its states: axe's rules, 320 pixels.

use motcua_openapi::unit_requests::CreateUnitRequest;
use motcua_tests::people::citizen;
use uuid::Uuid;

use crate::every_page::Examiner;
use crate::page::Page;

#[tokio::test]
async fn every_page_of_the_administration_is_accessible_and_fits_320_pixels() {
    let (page, examiner) = (Page::open("administration").await, Examiner::default());
    let minh = page.minh().await;
    minh.account(&page.desk, &citizen(1)).await;
    minh.look_up("12").await;
    let missing = minh.me().await.unselectable_units;
    let ask = |unit: Option<Uuid>, name: Option<&str>| CreateUnitRequest {
        unit_id: unit,
        unit_name: name.map(str::to_owned),
        why: "Tôi được điều về đây từ thứ Hai".into(),
    };
    for unit in &missing {
        minh.ask_for_unit(&ask(Some(unit.id), None)).await.bytes(201);
    }
    minh.ask_for_unit(&ask(None, Some("Bộ phận một cửa phường Lộc Thọ"))).await.bytes(201);
    page.visit("/admin/me").await;
    page.type_name_and_password("an").await;
    page.reads("Quản trị viên cần có bước xác thực thứ hai.").await;
    examiner.look(&page, "factor-first").await;
    page.press("Thêm ứng dụng xác thực").await;
    page.type_into("factor_password", page.desk.password()).await;
    examiner.look(&page, "begin-app").await;
    page.press("Tiếp tục").await;
    page.reads_in(".enrol", "quét hình này").await;
    examiner.look(&page, "app").await;
    page.press("Hủy").await;
    page.press("Đăng xuất").await;
    page.reads_in("h1", "Đăng nhập").await;
    page.sign_in_as_an("/admin/me").await;
    page.reads_in("tbody", "Ứng dụng xác thực").await;
    examiner.look(&page, "me").await;

    page.press("Tổng quan").await;
    page.reads_in("[aria-labelledby=units-title] tbody", "Nha Trang").await;
    page.press("Bảng số liệu theo ngày").await;
    examiner.look(&page, "overview").await;
    page.visit("/people/units").await;
    page.reads("Tên chưa đúng").await;
    examiner.look(&page, "units").await;
    page.press("Sửa tên: Văn phòng tiếp dân phường Phước Long").await;
    page.is_focused("unit_name").await;
    examiner.look(&page, "unit-name").await;
    page.press("Hủy").await;
    page.press("Gán cán bộ: Bộ phận một cửa phường Vĩnh Hải").await;
    page.reads_in(".found", "Trần Thị Hoa").await;
    examiner.look(&page, "unit-assign").await;
    page.press("Đóng").await;
    page.press("Cán bộ").await;
    page.reads_in("tbody", "Đặng Quang Minh").await;
    examiner.look(&page, "officers").await;
    page.press("Mở Đặng Quang Minh").await;
    page.reads_in("h1", "Đặng Quang Minh").await;
    page.reads("Lưu đơn vị").await;
    examiner.look(&page, "officer").await;
    page.press("Tạm khóa").await;
    page.reads_in("[role=alertdialog]", "Tạm khóa Đặng Quang Minh?").await;
    examiner.look(&page, "officer-question").await;
    page.press("Không, giữ nguyên").await;
    page.visit("/people/officers/new").await;
    page.press("CẤP QUYỀN").await;
    page.is_focused("error-summary").await;
    examiner.look(&page, "officer-new").await;
    page.visit("/people/unit-requests").await;
    page.reads_in("h2", "Đang chờ").await;
    examiner.look(&page, "requests").await;
    page.visit("/people/import").await;
    page.reads("Lấy danh sách hiện có").await;
    examiner.look(&page, "import").await;
    let list = "\u{feff}Họ và tên,Số điện thoại\nPhạm Thị Lan,0905437200\nLê Văn Tám,09054\n";
    let file = page.chromium.file("danh-sach.csv", list.as_bytes());
    page.type_into("list", file.to_str().unwrap()).await;
    page.press("Tải lên và kiểm tra").await;
    page.reads("Danh sách có 1 lỗi").await;
    examiner.look(&page, "import-errors").await;
    let file = page.chromium.file("danh-sach-2.csv", list.replace(",09054\n", ",0905437201\n").as_bytes());
    page.press("Tải danh sách khác").await;
    page.type_into("list", file.to_str().unwrap()).await;
    page.press("Tải lên và kiểm tra").await;
    page.reads("Thêm 2, sửa 0, giữ nguyên 0.").await;
    page.reads_in("[aria-labelledby=rows-title] tbody", "Lê Văn Tám").await;
    examiner.look(&page, "import-ready").await;
    page.visit("/people/unit-requests").await;
    page.reads_in("h2", "Đang chờ").await;
    page.press("English").await;
    page.reads_in("h1", "Requests for units").await;
    page.visit("/admin/").await;
    page.reads_in("h1", "Overview").await;
    examiner.look(&page, "english").await;
    examiner.end();
    page.end().await;
}

#[tokio::test]
async fn the_audit_is_accessible_and_fits_320_pixels() {
    let (page, examiner) = (Page::open("administration-audit").await, Examiner::default());
    let minh = page.minh().await;
    minh.account(&page.desk, &citizen(1)).await;
    page.visit("/admin/audit").await;
    page.type_name_and_password("binh").await;
    page.reads_in("tbody", "Tạo tài khoản").await;
    examiner.look(&page, "audit").await;
    examiner.end();
    page.end().await;
}

#[tokio::test]
async fn a_page_that_does_not_come_says_so_and_comes_when_the_server_is_back() {
    let mut page = Page::open("administration-offline").await;
    page.sign_in_as_an("/people/units").await;
    page.reads_in("h2", "4 đơn vị").await;
    page.desk.stop().await;
    page.press("Cán bộ").await;
    page.reads("Mất kết nối.").await;
    page.reads("Không kết nối được với máy chủ.").await;
    page.keep_picture("said").await;
    page.end().await;
}
