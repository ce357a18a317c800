//! `/desk`: the rules of the place, for a page before anybody signs in.

use chrono::Duration;
use motcua_openapi::desk::Desk as Rules;
use motcua_tests::Desk;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use rstest::rstest;

#[rstest]
#[tokio::test]
async fn anybody_may_know_the_rules_of_the_place(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let rules: Rules = desk.visitor().get_desk().await.json(200);
    insta::allow_duplicates! {
        insta::assert_json_snapshot!(rules, @r#"
        {
          "portal_name": "Cổng Dịch vụ công Quốc gia",
          "portal_motto": "Kết nối, cung cấp thông tin và dịch vụ công mọi lúc, mọi nơi",
          "unit_markers": [
            "Bộ phận một cửa",
            "Trung tâm phục vụ hành chính công"
          ],
          "scan_max_bytes": 5242880,
          "otp_valid_seconds": 120,
          "otp_resend_seconds": 30,
          "otp_max_tries": 5,
          "draft_hours": 24,
          "temporary_password_days": 7,
          "citizen_sign_in": {
            "password": true,
            "certificate": false,
            "mobile_signature": false
          },
          "demo": true,
          "now": "2026-03-02T02:00:00Z"
        }
        "#);
    }
}

#[rstest]
#[tokio::test]
async fn the_time_told_is_the_servers(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    desk.advance(Duration::seconds(61));
    assert_eq!(desk.visitor().get_desk().await.json::<Rules>(200).now, desk.now());
}
