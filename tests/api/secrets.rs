//! What must lie nowhere: codes, passwords and their texts; and what must not lie in the open: personal data.

use motcua_openapi::citizens::PasswordReset;
use motcua_openapi::registrations::DetailsInput;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::citizens::OWN_PASSWORD;
use motcua_tests::people::{citizen, old_number, phone};
use motcua_tests::{Desk, log};
use rstest::rstest;

/// Everything that the database holds, as bytes that a secret would be found in.
async fn everything_kept(desk: &Desk) -> Vec<u8> {
    if !desk.is_postgres() {
        let files = desk.files().into_iter().filter(|path| path.to_string_lossy().contains("motcua.db"));
        return files.flat_map(|path| std::fs::read(path).unwrap()).collect();
    }
    let tables = desk.rows("SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'", []).await;
    let mut kept = Vec::new();
    for table in tables {
        let name: String = table.try_get("", "name").unwrap();
        for row in desk.rows(&format!("SELECT t::text AS row FROM {name} AS t"), []).await {
            let text: String = row.try_get("", "row").unwrap();
            // Bytes are shown as \x… in hexadecimal: read them back, so that a text among them is found.
            for part in text.split("\\\\x").skip(1) {
                let digits: Vec<u8> = part.bytes().take_while(u8::is_ascii_hexdigit).collect();
                kept.extend(
                    digits
                        .chunks_exact(2)
                        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()),
                );
            }
            kept.extend(text.into_bytes());
        }
    }
    kept
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[rstest]
#[tokio::test]
async fn no_code_no_password_and_no_text_is_kept_or_logged(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let code = minh.code(&desk, draft.id).await;
    minh.verify_otp(draft.id, &code).await.bytes(200);
    let account: motcua_openapi::accounts::Account = minh.create_account(draft.id).await.json(201);
    let message = minh.password_message(account.id).await;
    let password = desk.phones().text_of(message.id).await.password();

    let kept = everything_kept(&desk).await;
    assert!(holds(&kept, "minh"), "this looks where the data is");
    assert!(log::holds("a message"), "this looks where the log is");
    for secret in [&code, &password, "Ma OTP tao", "Mat khau dang nhap", desk.password(), minh.token()] {
        assert!(!holds(&kept, secret), "{secret:?} is kept");
        assert!(!log::holds(secret), "{secret:?} is logged");
    }
}

#[rstest]
#[tokio::test]
async fn personal_data_is_sealed_and_never_logged(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let details = DetailsInput {
        previous_id_number: Some(old_number(7)),
        email: Some("anh.rieng@example.vn".into()),
        ..citizen(7)
    };
    let account = minh.account(&desk, &details).await;
    minh.get_account(account.id).await.bytes(200);
    minh.look_up("079 190 000 007").await.bytes(200);
    minh.draft(&citizen(8)).await;
    minh.create_registration(&DetailsInput { phone: Some("09050000".into()), ..citizen(9) }).await.bytes(400);

    let kept = everything_kept(&desk).await;
    let logged = log::caught();
    let personal = ["079190000007", "225000007", "905000007", "anh.rieng", "1990-02-01", "079190000008", "905000008"];
    for text in personal {
        assert!(!holds(&kept, text), "{text} is kept in the open");
        assert!(!logged.contains(text), "{text} is logged");
    }
    for text in ["09050000", "Nguyễn Thị Ánh"] {
        assert!(!logged.contains(text), "{text} is logged");
    }
    assert!(holds(&kept, "nguyen thi anh"), "the name of an account is folded for search");
}

#[rstest]
#[tokio::test]
async fn the_name_in_a_draft_is_sealed_like_the_rest(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    minh.draft(&DetailsInput { full_name: Some("Chu Thị Kín Đáo".into()), ..citizen(1) }).await;
    let kept = everything_kept(&desk).await;
    assert!(!holds(&kept, "Kín Đáo") && !holds(&kept, "kin dao"));
}

#[tokio::test]
async fn the_files_with_keys_and_the_sign_in_are_their_owners_only() {
    use std::os::unix::fs::PermissionsExt;
    let Some(desk) = Desk::open(Sqlite).await else { return };
    for name in ["keys.toml", "demo-sign-in.txt"] {
        let mode = std::fs::metadata(desk.folder().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}: {mode:o}");
    }
}

#[rstest]
#[tokio::test]
async fn no_code_and_no_password_of_a_citizens_own_is_kept_or_logged(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    let citizen = resident.settled(&desk).await;
    citizen.create_phone_change(&phone(60)).await.bytes(202);
    let reset: PasswordReset = desk.visitor().create_password_reset(&resident.number, &phone(1)).await.json(202);
    let phones = desk.phones();
    let of_reset = phones.texts_to(&phone(1), "Ma dat lai mat khau", 1).await[0].code();
    let of_phones = [
        phones.texts_to(&phone(1), "Ma doi so dien thoai", 1).await[0].code(),
        phones.texts_to(&phone(60), "Ma doi so dien thoai", 1).await[0].code(),
    ];
    let kept = everything_kept(&desk).await;
    for code in of_phones.iter().chain([&of_reset]) {
        assert!(!holds(&kept, code), "{code} is kept");
        assert!(!log::holds(code), "{code} is logged");
    }
    let new = "một mật khẩu khác hẳn";
    desk.visitor().complete_password_reset(reset.id, &of_reset, new).await.bytes(204);
    let kept = everything_kept(&desk).await;
    for secret in [OWN_PASSWORD, new, resident.texted.as_str(), "905000060", "905000001"] {
        assert!(!holds(&kept, secret), "{secret} is kept");
        assert!(!log::holds(secret), "{secret} is logged");
    }
}
