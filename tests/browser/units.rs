//! The units at the page of an administrator: what keeps each from being chosen, and the fix beside it.

use motcua_tests::people::citizen;

use crate::page::Page;

#[tokio::test]
async fn a_unit_that_cannot_be_chosen_is_mended_beside_its_reason() {
    let page = Page::open("units").await;
    page.sign_in_as_an("/people/units").await;
    page.reads_in("h2", "4 đơn vị").await;
    page.reads("Tên chưa đúng").await;
    page.keep_picture("tree").await;
    page.press("Sửa tên: Văn phòng tiếp dân phường Phước Long").await;
    page.is_focused("unit_name").await;
    page.holds("unit_name", "Bộ phận một cửa Văn phòng tiếp dân phường Phước Long").await;
    page.keep_picture("marker-suggested").await;
    page.retype("unit_name", "Văn phòng").await;
    page.reads_in("dialog", "Tên này chưa có cụm từ đó").await;
    page.retype("unit_name", "Bộ phận một cửa phường Phước Long").await;
    page.press("Lưu").await;
    page.reads("Đã lưu đơn vị “Bộ phận một cửa phường Phước Long”.").await;
    page.reads_in("tbody", "Bộ phận một cửa phường Phước Long Chọn được").await;

    page.press("Thêm đơn vị trực thuộc: UBND thành phố Nha Trang").await;
    page.type_into("unit_name", "B").await;
    page.press("Lưu").await;
    page.refuses("unit_name", "Giá trị ngoài khoảng cho phép.").await;
    page.retype("unit_name", "Bộ phận một cửa phường Lộc Thọ").await;
    page.press("Lưu").await;
    page.reads("Đã lưu đơn vị “Bộ phận một cửa phường Lộc Thọ”.").await;
    page.reads_in("tbody", "Bộ phận một cửa phường Lộc Thọ Chưa gán cán bộ").await;
    page.press("Gán cán bộ: Bộ phận một cửa phường Lộc Thọ").await;
    page.reads_in(".found", "Trần Thị Hoa").await;
    page.type_into("assign_words", "hoa").await;
    page.press("Tìm kiếm").await;
    page.keep_picture("assign").await;
    page.press("Gán: Trần Thị Hoa").await;
    page.reads("Đã gán Trần Thị Hoa vào Bộ phận một cửa phường Lộc Thọ.").await;
    page.reads_in("tbody", "Bộ phận một cửa phường Lộc Thọ Chọn được Trần Thị Hoa").await;
    let names: Vec<String> =
        page.desk.sign_in("hoa").await.me().await.units.into_iter().map(|unit| unit.name).collect();
    assert_eq!(names.len(), 2, "what she had stays: {names:?}");
    page.keep_picture("mended").await;
    page.end().await;
}

#[tokio::test]
async fn a_unit_in_use_is_not_retired_and_one_out_of_use_is() {
    let page = Page::open("units-retire").await;
    page.sign_in_as_an("/people/units").await;
    let hoa = page.desk.sign_in("hoa").await;
    let draft = hoa.draft(&citizen(1)).await;
    page.press("Đóng đơn vị: Bộ phận một cửa phường Vĩnh Hải").await;
    page.reads_in("[role=alertdialog]", "không mở lại được").await;
    page.press("Đóng đơn vị").await;
    page.reads_in("[role=alertdialog]", "còn 1 hồ sơ đang làm").await;
    page.keep_picture("in-use").await;
    page.press("Đóng").await;
    hoa.cancel_registration(draft.id).await.bytes(204);
    page.press("Đóng đơn vị: Bộ phận một cửa phường Vĩnh Hải").await;
    page.reads_in("[role=alertdialog]", "không mở lại được").await;
    page.press("Đóng đơn vị").await;
    page.reads("Đã đóng đơn vị “Bộ phận một cửa phường Vĩnh Hải”.").await;
    page.reads_in("h2", "3 đơn vị").await;
    page.type_into("unit_words", "vinh hai").await;
    page.reads_in("tbody", "Đã đóng").await;
    page.end().await;
}

#[tokio::test]
async fn two_administrators_do_not_overwrite_each_other() {
    let page = Page::open("units-stale").await;
    page.sign_in_as_an("/people/units").await;
    page.press("Đổi tên: Bộ phận một cửa phường Vĩnh Hải").await;
    page.is_focused("unit_name").await;
    let an = page.desk.sign_in("an").await;
    let ward = an.unit_named("Bộ phận một cửa phường Vĩnh Hải").await;
    an.rename_unit(ward.id, ward.version, "Bộ phận một cửa Vĩnh Hải").await.bytes(200);
    page.retype("unit_name", "Bộ phận một cửa phường Vĩnh Hòa").await;
    page.press("Lưu").await;
    page.reads_in("dialog", "Phạm Thị An vừa sửa").await;
    page.keep_picture("said").await;
    page.end().await;
}
