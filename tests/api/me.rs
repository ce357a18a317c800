//! `/me`: who the officer is, which units can be chosen, and for each other one why not and whom to ask.

use motcua_openapi::sessions::{Role, UnselectableReason};
use motcua_tests::Desk;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use rstest::rstest;

#[rstest]
#[tokio::test]
async fn an_officer_sees_who_they_are_and_each_unit_with_its_reason(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let me = desk.sign_in("minh").await.me().await;
    assert_eq!((me.full_name.as_str(), me.phone.as_str()), ("Đặng Quang Minh", "0905 437 123"));
    assert_eq!(me.roles, [Role::Officer]);
    let units: Vec<_> = me.units.iter().map(|unit| unit.name.as_str()).collect();
    assert_eq!(units, ["Bộ phận một cửa UBND thành phố Nha Trang"]);
    let mut others: Vec<_> = me.unselectable_units.iter().map(|unit| (unit.name.as_str(), unit.reason)).collect();
    others.sort_by_key(|(name, _)| *name);
    let expected = [
        ("Bộ phận một cửa phường Vĩnh Hải", UnselectableReason::NotAssigned),
        ("Văn phòng tiếp dân phường Phước Long", UnselectableReason::NameLacksMarker),
    ];
    assert_eq!(others, expected);
}

#[rstest]
#[tokio::test]
async fn whom_to_ask_comes_from_the_settings(#[values(Sqlite, Postgres)] engine: Engine) {
    let helped = |settings: &mut motcua::settings::Settings| {
        settings.place.helper_name = "Nguyễn Văn Bình, Sở Thông tin và Truyền thông".into();
        settings.place.helper_phone = "0258 3562 999".into();
        settings.place.helper_email = "hotro@khanhhoa.gov.vn".into();
    };
    let Some(desk) = Desk::open_with(engine, helped).await else { return };
    let helper = desk.sign_in("minh").await.me().await.helper;
    assert_eq!(helper.name, "Nguyễn Văn Bình, Sở Thông tin và Truyền thông");
    assert_eq!((helper.phone.as_str(), helper.email.as_str()), ("0258 3562 999", "hotro@khanhhoa.gov.vn"));
}

#[rstest]
#[tokio::test]
async fn the_marker_is_found_in_any_case_and_normal_form(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    // "BỘ PHẬN MỘT CỬA" with combining marks, as some keyboards type it.
    let decomposed = "BO\u{323}\u{302} PHA\u{323}\u{302}N MO\u{323}\u{302}T CU\u{31b}\u{309}A xã Ninh Hòa";
    let decomposed = desk.add_unit(decomposed).await;
    let without = desk.add_unit("Bo phan mot cua xã Ninh Ích").await;
    desk.add_officer("lan", "Phạm Thị Lan", "minh", vec![decomposed, without]).await;
    let me = desk.sign_in("lan").await.me().await;
    assert_eq!(me.units.iter().map(|unit| unit.id).collect::<Vec<_>>(), [decomposed]);
    let reason = me.unselectable_units.iter().find(|unit| unit.id == without).map(|unit| unit.reason);
    assert_eq!(reason, Some(UnselectableReason::NameLacksMarker));
}

#[rstest]
#[tokio::test]
async fn the_accepted_markers_are_settings(#[values(Sqlite, Postgres)] engine: Engine) {
    let other = |settings: &mut motcua::settings::Settings| {
        settings.place.unit_markers = vec!["Văn phòng tiếp dân".into()];
    };
    let Some(desk) = Desk::open_with(engine, other).await else { return };
    let me = desk.sign_in("minh").await.me().await;
    let units: Vec<_> = me.units.iter().map(|unit| unit.name.as_str()).collect();
    assert_eq!(units, ["Văn phòng tiếp dân phường Phước Long"]);
}
