//! A list of officers at the page: faults by row and cell, what it would do, applying it, and taking it along.

use crate::page::Page;

const HEADER: &str = "STT,Họ và tên,Tên đăng nhập,Số điện thoại,Đơn vị,Cơ quan,Vai trò";

impl Page {
    async fn upload(&self, name: &str, rows: &[&str]) {
        let list = format!("\u{feff}{HEADER}\n{}\n", rows.join("\n"));
        let file = self.chromium.file(name, list.as_bytes());
        self.type_into("list", file.to_str().unwrap()).await;
        self.press("Tải lên và kiểm tra").await;
    }
}

#[tokio::test]
async fn a_list_with_faults_says_each_by_row_and_cell_and_one_without_is_applied() {
    let page = Page::open("import").await;
    page.sign_in_as_an("/people/officers").await;
    page.reads_in("h2", "Tìm thấy 4 kết quả").await;
    page.press("Nhập danh sách").await;
    page.reads_in("h1", "Nhập danh sách cán bộ").await;
    page.press("Tải lên và kiểm tra").await;
    page.refuses("list", "Chọn tệp danh sách trước.").await;
    page.keep_picture("upload").await;
    page.upload("loi.csv", &["1,Phạm Thị Lan,,09054,,,", "2,Lê Văn Tám,tam,0905437201,Đâu đó,,"]).await;
    page.reads("Danh sách có 2 lỗi").await;
    page.reads_in("[aria-labelledby=errors-title] tbody", "2 D2 Số điện thoại").await;
    page.reads_in("[aria-labelledby=errors-title] tbody", "3 E3 Đơn vị Không có đơn vị “Đâu đó”").await;
    page.keep_picture("errors").await;

    page.press("Tải danh sách khác").await;
    let ward = "Bộ phận một cửa phường Vĩnh Hải";
    let rows = [format!("1,Phạm Thị Lan,,0905437200,{ward},,"), format!("2,Trần Thị Hòa,hoa,,{ward},,")];
    page.upload("dung.csv", &rows.each_ref().map(String::as_str)).await;
    page.reads("Danh sách không có lỗi.").await;
    page.reads("Thêm 1, sửa 1, giữ nguyên 0.").await;
    page.reads_in("[aria-labelledby=rows-title] tbody", "Họ và tên: Trần Thị Hoa → Trần Thị Hòa").await;
    page.keep_picture("preview").await;
    page.type_into("outcome", "Thêm").await;
    page.reads("Đang hiện 1 trong 1 dòng.").await;
    page.press("Áp dụng").await;
    page.reads_in("[role=alertdialog]", "Mật khẩu được nhắn tới từng cán bộ mới.").await;
    page.press("Áp dụng").await;
    page.reads("Đã áp dụng toàn bộ danh sách").await;
    page.keep_picture("applied").await;
    assert_eq!(page.text_number(1).await.to, "+84905437200");
    assert_eq!(page.desk.sign_in("an").await.officer("hoa").await.full_name, "Trần Thị Hòa");

    page.press("Tải danh sách khác").await;
    page.press("Tải xuống .csv").await;
    let (name, list) = page.chromium.download().await;
    assert_eq!(name, "officers.csv");
    assert!(String::from_utf8(list).unwrap().contains("Phạm Thị Lan"));
    page.end().await;
}

#[tokio::test]
async fn what_is_no_list_is_refused_with_what_it_is() {
    let page = Page::open("import-refused").await;
    page.sign_in_as_an("/people/import").await;
    let file = page.chromium.file("anh.xlsx", b"%PDF-1.7\n");
    page.type_into("list", file.to_str().unwrap()).await;
    page.press("Tải lên và kiểm tra").await;
    page.reads("Chỉ nhận tệp .xlsx hoặc .csv.").await;
    page.end().await;
}
