//! Settings of the texts: what each says, in each language.
//!
//! Owns their checks at start: a text that does not fit one part of GSM-7, that does not say its secret, or says it
//! where receipts quote it, is refused by its key's name.

use anyhow::{Context, ensure};
use motcua_openapi::messages::{MessagePurpose, TextLanguage};
use secrecy::SecretString;
use serde::Deserialize;

use crate::random::TEMPORARY_PASSWORD_CHARS;

section! {
    /// The texts, each one part of GSM-7 when filled in: `{code}` and `{minutes}`; `{password}` and `{days}`.
    Texts {
        /// A code, in Vietnamese without accents.
        otp_vi: String = "Ma OTP tao tai khoan cong dan: {code}. Hieu luc {minutes} phut, chi ma moi nhat dung duoc. Khong cung cap cho nguoi la. Neu khong yeu cau, bo qua tin nay.".into(),
        /// A code, in English.
        otp_en: String = "Code to create your public service account: {code}. Valid {minutes} minutes, only the newest works. Never share it. Not asked for? Ignore this text.".into(),
        /// A password, in Vietnamese without accents.
        password_vi: String = "Tai khoan dich vu cong da duoc tao. Mat khau dang nhap lan dau: {password}. Han {days} ngay, doi ngay khi dang nhap. Khong cung cap cho nguoi la.".into(),
        /// A password, in English.
        password_en: String = "Your public service account was created. Password for the first sign-in: {password}. Valid {days} days, change it at once. Never share it.".into(),
        /// An officer's password, in Vietnamese without accents.
        officer_password_vi: String = "Tai khoan can bo mot cua. Mat khau dang nhap lan dau: {password}. Han {days} ngay, doi ngay khi dang nhap. Khong cung cap cho nguoi la.".into(),
        /// An officer's password, in English.
        officer_password_en: String = "Your one-stop desk staff account. Password for the next sign-in: {password}. Valid {days} days, change it at once. Never share it.".into(),
        /// The code of a forgotten password, in Vietnamese without accents. A last line, `@domain #code`, follows it.
        reset_vi: String = "Ma dat lai mat khau dich vu cong: {code}. Han {minutes} phut. Khong dua cho ai. Khong yeu cau thi bo qua.".into(),
        /// The same in English.
        reset_en: String = "Code to reset your public service password: {code}. Valid {minutes} min. Never share it. Not asked for? Ignore.".into(),
        /// The code of a change of the phone, in Vietnamese without accents. A last line, `@domain #code`, follows it.
        phone_change_vi: String = "Ma doi so dien thoai dich vu cong: {code}. Han {minutes} phut. Khong dua cho ai. Khong yeu cau thi bo qua.".into(),
        /// The same in English.
        phone_change_en: String = "Code to change your public service phone: {code}. Valid {minutes} min. Never share it. Not asked for? Ignore.".into(),
        /// Says to the old phone that the account left it, in Vietnamese without accents.
        phone_changed_vi: String = "Tai khoan dich vu cong khong con dung so dien thoai nay. Neu khong phai anh/chi doi, bao ngay cho bo phan mot cua.".into(),
        /// The same in English.
        phone_changed_en: String = "A public service account does not use this phone number any more. If it was not you who changed it, tell a one-stop desk at once.".into(),
        /// Says that a citizen's password was changed, in Vietnamese without accents.
        password_changed_vi: String = "Mat khau tai khoan dich vu cong cua anh/chi vua duoc doi. Neu khong phai anh/chi doi: bam Quen mat khau de dat lai ngay, va bao bo phan mot cua.".into(),
        /// The same in English.
        password_changed_en: String = "The password of your public service account was changed. If it was not you, reset it at once (Forgot password) and tell a one-stop desk.".into(),
    }
}

/// What stands for the secret in a text, and what for how long it works.
type Placeholders = (&'static str, &'static str);
const OF_CODE: Placeholders = ("{code}", "{minutes}");
const OF_PASSWORD: Placeholders = ("{password}", "{days}");

impl Texts {
    /// The text of a purpose in a language, with its secret and how long that works (minutes of a code, days of a password).
    pub fn filled(&self, purpose: MessagePurpose, language: TextLanguage, secret: &str, valid: u32) -> SecretString {
        fill(self.of(purpose, language), placeholders(purpose), secret, valid).into()
    }

    /// The text of a code that belongs to a page: its last line names the domain, so that a phone offers the code
    /// there and nowhere else (WICG, origin-bound one-time codes).
    pub fn bound_code(
        &self,
        purpose: MessagePurpose,
        language: TextLanguage,
        code: &str,
        minutes: u32,
        domain: &str,
    ) -> SecretString {
        let text = fill(self.of(purpose, language), placeholders(purpose), code, minutes);
        (text + &last_line(domain, code)).into()
    }

    /// The text of a purpose that carries no secret.
    pub fn notice(&self, purpose: MessagePurpose, language: TextLanguage) -> SecretString {
        self.of(purpose, language).to_owned().into()
    }

    fn of(&self, purpose: MessagePurpose, language: TextLanguage) -> &str {
        match (purpose, language) {
            (MessagePurpose::Otp, TextLanguage::Vi) => &self.otp_vi,
            (MessagePurpose::Otp, TextLanguage::En) => &self.otp_en,
            (MessagePurpose::TemporaryPassword, TextLanguage::Vi) => &self.password_vi,
            (MessagePurpose::TemporaryPassword, TextLanguage::En) => &self.password_en,
            (MessagePurpose::OfficerPassword, TextLanguage::Vi) => &self.officer_password_vi,
            (MessagePurpose::OfficerPassword, TextLanguage::En) => &self.officer_password_en,
            (MessagePurpose::ResetCode, TextLanguage::Vi) => &self.reset_vi,
            (MessagePurpose::ResetCode, TextLanguage::En) => &self.reset_en,
            (MessagePurpose::PasswordChanged, TextLanguage::Vi) => &self.password_changed_vi,
            (MessagePurpose::PasswordChanged, TextLanguage::En) => &self.password_changed_en,
            (MessagePurpose::PhoneChangeCode, TextLanguage::Vi) => &self.phone_change_vi,
            (MessagePurpose::PhoneChangeCode, TextLanguage::En) => &self.phone_change_en,
            (MessagePurpose::PhoneChanged, TextLanguage::Vi) => &self.phone_changed_vi,
            (MessagePurpose::PhoneChanged, TextLanguage::En) => &self.phone_changed_en,
        }
    }

    fn each(&self) -> impl Iterator<Item = (String, &str, MessagePurpose)> {
        let keys = [
            ("otp", MessagePurpose::Otp),
            ("password", MessagePurpose::TemporaryPassword),
            ("officer_password", MessagePurpose::OfficerPassword),
            ("reset", MessagePurpose::ResetCode),
            ("password_changed", MessagePurpose::PasswordChanged),
            ("phone_change", MessagePurpose::PhoneChangeCode),
            ("phone_changed", MessagePurpose::PhoneChanged),
        ];
        keys.into_iter().flat_map(move |(key, purpose)| {
            TextLanguage::ALL
                .map(|language| (format!("{key}_{}", language.as_str()), self.of(purpose, language), purpose))
        })
    }

    /// Everything that can be wrong with a text before the first one.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        for (key, text, purpose) in self.each() {
            let septets = check_text(text, purpose).with_context(|| format!("messages.texts.{key}"))?;
            ensure!(
                septets <= ONE_PART,
                "messages.texts.{key} is {septets} septets when filled in; one part holds {ONE_PART}"
            );
            let Some((placeholder, _)) = placeholders(purpose) else { continue };
            ensure!(
                text.find(placeholder).is_some_and(|at| at >= QUOTED),
                "messages.texts.{key} says {placeholder} among its first {QUOTED} characters, which delivery receipts quote"
            );
        }
        Ok(())
    }
}

/// How much of a text an SMPP 3.4 receipt gives back (appendix B, `Text:`): it travels and is logged beyond our reach.
const QUOTED: usize = 20;

/// The longest domain that a code's last line may name, characters.
pub(super) const LONGEST_DOMAIN: usize = 40;

/// How many septets one part of GSM-7 holds.
const ONE_PART: usize = 160;

/// How many septets a text takes when filled in, where it says what it must and no placeholder beside.
fn check_text(text: &str, purpose: MessagePurpose) -> anyhow::Result<usize> {
    let placeholders = placeholders(purpose);
    if let Some((placeholder, _)) = placeholders {
        ensure!(text.contains(placeholder), "it does not say {placeholder}");
    }
    let secret = if placeholders == Some(OF_PASSWORD) { "x".repeat(TEMPORARY_PASSWORD_CHARS) } else { "000000".into() };
    let mut filled = fill(text, placeholders, &secret, 30);
    ensure!(!filled.contains(['{', '}']), "it has an unknown placeholder");
    if is_bound(purpose) {
        filled += &last_line(&"x".repeat(LONGEST_DOMAIN), &secret);
    }
    septets(&filled)
}

/// Whether a last line follows the text.
fn is_bound(purpose: MessagePurpose) -> bool {
    match purpose {
        MessagePurpose::ResetCode | MessagePurpose::PhoneChangeCode => true,
        MessagePurpose::Otp
        | MessagePurpose::TemporaryPassword
        | MessagePurpose::OfficerPassword
        | MessagePurpose::PasswordChanged
        | MessagePurpose::PhoneChanged => false,
    }
}

fn last_line(domain: &str, code: &str) -> String {
    format!("\n@{domain} #{code}")
}

/// What a purpose's text says of its secret; `None` where it carries none.
fn placeholders(purpose: MessagePurpose) -> Option<Placeholders> {
    match purpose {
        MessagePurpose::Otp | MessagePurpose::ResetCode | MessagePurpose::PhoneChangeCode => Some(OF_CODE),
        MessagePurpose::TemporaryPassword | MessagePurpose::OfficerPassword => Some(OF_PASSWORD),
        MessagePurpose::PasswordChanged | MessagePurpose::PhoneChanged => None,
    }
}

/// A text with its secret and how long that works, minutes or days.
fn fill(text: &str, placeholders: Option<Placeholders>, secret: &str, valid: u32) -> String {
    match placeholders {
        Some((placeholder, validity)) => text.replace(placeholder, secret).replace(validity, &valid.to_string()),
        None => text.to_owned(),
    }
}

/// Septets of a text in GSM 03.38: an extended character takes two.
fn septets(text: &str) -> anyhow::Result<usize> {
    text.chars().try_fold(0, |count, c| {
        let mut writer = gsm7::Gsm7Writer::new(Vec::new());
        let bytes = writer.write_char(c).and_then(|()| writer.into_writer());
        // One septet flushes as one byte, two as two.
        let bytes =
            bytes.ok().with_context(|| format!("{c:?} is outside GSM-7: it would cut a part to 70 characters"))?;
        Ok(count + bytes.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::print_stdout, reason = "the parts are there to be read")]
    fn the_default_texts_are_one_part_each() {
        let texts = Texts::default();
        texts.check().unwrap();
        for (key, text, purpose) in texts.each() {
            let septets = check_text(text, purpose).unwrap();
            println!("messages.texts.{key}: {} part, {septets} of {ONE_PART} septets", septets.div_ceil(ONE_PART));
        }
    }

    #[test]
    fn a_bad_text_is_named_with_what_is_wrong() {
        let refused = |otp_vi: String| format!("{:#}", Texts { otp_vi, ..Texts::default() }.check().unwrap_err());
        assert!(refused("Ma: {otp}".into()).contains("messages.texts.otp_vi: it does not say {code}"));
        assert!(refused("Mã: {code}".into()).contains("'ã' is outside GSM-7"));
        assert!(refused("{code} {name}".into()).contains("unknown placeholder"));
        assert!(refused("{code} {password}".into()).contains("unknown placeholder"));
        assert!(refused(format!("{{code}}{}", "a".repeat(155))).contains("161 septets"));
        assert!(refused("Ma OTP: {code}".into()).contains("first 20 characters"));
    }

    #[test]
    fn an_extended_character_takes_two_septets() {
        assert_eq!((septets("a").unwrap(), septets("€").unwrap(), septets("è@").unwrap()), (1, 2, 2));
    }
}
