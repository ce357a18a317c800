//! Settings of text messages: which gateways there are and in which order they are tried, the texts,
//! the caps.
//!
//! Owns their checks at start: an order that names a gateway that is not there, a text that does not fit
//! one part, a claim shorter than the calls it covers, each is refused by its key's name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context, ensure};
use motcua_openapi::messages::{MessagePurpose, MessageReason, TextLanguage};
use secrecy::SecretString;
use serde::Deserialize;

use super::read_secret;
use crate::random::TEMPORARY_PASSWORD_CHARS;

section! {
    /// Text messages.
    Messages {
        /// The gateways by name in the order in which they are tried.
        order: Vec<String> = vec!["file".into()],
        /// The gateways by name.
        gateways: BTreeMap<String, Gateway> = BTreeMap::from([("file".into(), Gateway::File(File::default()))]),
        /// Where gateways reach this API, e.g. `https://motcua.example`; empty = no delivery reports are asked for.
        report_url: String = String::new(),
        /// Seconds after which a report that was asked for is overdue.
        report_seconds: u32 = 180,
        /// The texts.
        texts: Texts = Texts::default(),
        /// How many texts may be asked for.
        caps: Caps = Caps::default(),
        /// When a gateway is left alone for a while.
        breaker: Breaker = Breaker::default(),
        /// Hours that a password message is tried for.
        password_hours: u32 = 24,
        /// Passwords that may be sent again for an account in a day.
        password_resends_day: u32 = 3,
        /// Milliseconds between looks into the outbox where nothing wakes it.
        poll_millis: u64 = 1_000,
        /// Seconds after which another instance may take over a message that one has claimed.
        claim_seconds: u32 = 60,
        /// First pause after a fault, milliseconds; it doubles up to a minute, with jitter.
        retry_millis: u64 = 1_000,
    }
}

/// One gateway.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gateway {
    /// One file a message, for the demo and for tests.
    File(File),
    /// Kannel's `sendsms` over HTTP.
    Kannel(Kannel),
    /// A Twilio-shaped API.
    Twilio(Twilio),
    /// Any API that takes JSON, by templates.
    Json(Box<JsonApi>),
}

section! {
    /// A folder of messages.
    File {
        /// Where; empty = `messages` in the data folder.
        folder: PathBuf = PathBuf::new(),
    }
}

section! {
    /// Kannel's sendsms box.
    Kannel {
        /// E.g. `http://kannel:13013/cgi-bin/sendsms`.
        url: String = String::new(),
        /// The sendsms-user's name.
        username: String = String::new(),
        /// Its password.
        password: SecretString = SecretString::default(),
        /// A file that holds the password.
        password_file: Option<PathBuf> = None,
        /// The sender that phones show.
        from: String = "DICHVUCONG".into(),
        /// Seconds to wait for a connection and for an answer.
        timeout_seconds: u64 = 10,
    }
}

section! {
    /// A Twilio-shaped API: `POST {url}/2010-04-01/Accounts/{account}/Messages.json`.
    Twilio {
        /// E.g. `https://api.example`.
        url: String = String::new(),
        /// The account's SID.
        account: String = String::new(),
        /// The account's token: it authenticates calls and signs reports.
        token: SecretString = SecretString::default(),
        /// A file that holds the token.
        token_file: Option<PathBuf> = None,
        /// The sender: a number or a name.
        from: String = String::new(),
        /// Seconds to wait for a connection and for an answer.
        timeout_seconds: u64 = 10,
    }
}

section! {
    /// An API that takes JSON. In `url`, `headers` and the strings of `body` stand `{phone}` (E.164), `{phone_digits}`
    /// (84…), `{phone_national}` (0…), `{text}`, `{message_id}`, `{secret}`, `{report_url}`.
    JsonApi {
        /// Where to post.
        url: String = String::new(),
        /// Headers by name.
        headers: BTreeMap<String, String> = BTreeMap::new(),
        /// The body: a JSON document.
        body: String = String::new(),
        /// What `{secret}` stands for.
        secret: SecretString = SecretString::default(),
        /// A file that holds it.
        secret_file: Option<PathBuf> = None,
        /// JSON pointer to what says whether it was accepted; empty = the status alone says so.
        success_pointer: String = String::new(),
        /// The values there that mean accepted.
        success_values: Vec<String> = Vec::new(),
        /// The values there that mean refused for good, and why; any other value is a fault of the gateway's.
        refusals: BTreeMap<String, MessageReason> = BTreeMap::new(),
        /// JSON pointer to the gateway's own id of the message; empty = it gives none.
        reference_pointer: String = String::new(),
        /// Its delivery reports; none = it sends none.
        reports: Option<JsonReports> = None,
        /// Seconds to wait for a connection and for an answer.
        timeout_seconds: u64 = 10,
    }
}

section! {
    /// Reports of an API that takes JSON: a POST of JSON. Either `{report_url}` was given to the gateway with the message
    /// (then the URL itself names the message and proves it), or the header and one of the two pointers do.
    JsonReports {
        /// The header that carries the secret, e.g. `authorization`; empty = only signed URLs are believed.
        header: String = String::new(),
        /// What must stand in it.
        secret: SecretString = SecretString::default(),
        /// A file that holds that.
        secret_file: Option<PathBuf> = None,
        /// JSON pointer to the gateway's own id of the message.
        reference_pointer: String = String::new(),
        /// JSON pointer to our id of the message, where the gateway gives it back.
        message_pointer: String = String::new(),
        /// JSON pointer to what became of it.
        status_pointer: String = "/status".into(),
        /// The values there that mean delivered.
        delivered: Vec<String> = Vec::new(),
        /// The values there that mean it will not arrive, and why. Any other value means nothing yet.
        failed: BTreeMap<String, MessageReason> = BTreeMap::new(),
    }
}

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

section! {
    /// How many texts, besides the caps of `[otp]`. 0 = none at all.
    Caps {
        /// Texts to a phone in an hour, of every purpose, repeated attempts included.
        per_phone_hour: u32 = 12,
        /// Texts to a phone in a day.
        per_phone_day: u32 = 30,
        /// Texts that an officer asks for in a day.
        per_officer_day: u32 = 400,
        /// Texts asked for at a unit in an hour.
        per_unit_hour: u32 = 300,
        /// Texts asked for at a unit in a day.
        per_unit_day: u32 = 2_000,
        /// Texts asked for in an hour in all.
        in_all_hour: u32 = 5_000,
        /// Texts asked for in a day in all.
        in_all_day: u32 = 40_000,
    }
}

section! {
    /// The circuit breaker of each gateway.
    Breaker {
        /// How many of the last calls are looked at, once more were made.
        calls: usize = 10,
        /// The share of them that must have failed, 0 to 1.
        failure_share: f32 = 0.5,
        /// Seconds that the gateway is left alone then.
        rest_seconds: u64 = 30,
        /// More than so many calls must go well after that, before it is trusted again.
        probes: usize = 2,
    }
}

impl Gateway {
    /// Seconds that a call may take.
    pub fn timeout_seconds(&self) -> u64 {
        match self {
            Self::File(_) => 0,
            Self::Kannel(it) => it.timeout_seconds,
            Self::Twilio(it) => it.timeout_seconds,
            Self::Json(it) => it.timeout_seconds,
        }
    }

    fn read_secret_files(&mut self) -> anyhow::Result<()> {
        match self {
            Self::File(_) => Ok(()),
            Self::Kannel(it) => keep(&mut it.password, it.password_file.as_ref()),
            Self::Twilio(it) => keep(&mut it.token, it.token_file.as_ref()),
            Self::Json(it) => {
                keep(&mut it.secret, it.secret_file.as_ref())?;
                it.reports.as_mut().map_or(Ok(()), |reports| keep(&mut reports.secret, reports.secret_file.as_ref()))
            }
        }
    }
}

fn keep(secret: &mut SecretString, file: Option<&PathBuf>) -> anyhow::Result<()> {
    if let Some(read) = read_secret(file.map(PathBuf::as_path))? {
        *secret = read;
    }
    Ok(())
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
}

impl Messages {
    pub(super) fn read_secret_files(&mut self) -> anyhow::Result<()> {
        self.gateways.iter_mut().try_for_each(|(name, gateway)| {
            gateway.read_secret_files().with_context(|| format!("messages.gateways.{name}"))
        })
    }

    /// Everything that can be wrong before the first message.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        self.check_order()?;
        // Else a message that hangs would be claimed again and sent twice.
        let longest: u64 =
            self.order.iter().filter_map(|name| self.gateways.get(name)).map(Gateway::timeout_seconds).sum();
        ensure!(
            u64::from(self.claim_seconds) > longest,
            "messages.claim_seconds must be more than {longest}, the timeout_seconds of all gateways together"
        );
        for (key, text, purpose) in self.texts.each() {
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
        let breaker = &self.breaker;
        ensure!(breaker.calls > 0 && breaker.probes > 0, "messages.breaker: calls and probes must be at least 1");
        ensure!((0.0..=1.0).contains(&breaker.failure_share), "messages.breaker.failure_share is from 0 to 1");
        Ok(())
    }

    fn check_order(&self) -> anyhow::Result<()> {
        ensure!(!self.order.is_empty(), "messages.order names no gateway");
        let named: BTreeSet<&str> = self.order.iter().map(String::as_str).collect();
        ensure!(named.len() == self.order.len(), "messages.order names a gateway twice");
        for name in named {
            ensure!(
                self.gateways.contains_key(name),
                "messages.order names {name}, but messages.gateways.{name} is missing"
            );
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
            ensure!(name.chars().all(plain), "a gateway's name is made of a-z, 0-9, - and _: {name:?}");
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
        let messages = Messages::default();
        messages.check().unwrap();
        for (key, text, purpose) in messages.texts.each() {
            let septets = check_text(text, purpose).unwrap();
            println!("messages.texts.{key}: {} part, {septets} of {ONE_PART} septets", septets.div_ceil(ONE_PART));
        }
    }

    #[test]
    fn a_bad_text_is_named_with_what_is_wrong() {
        let refused = |otp_vi: String| {
            let texts = Texts { otp_vi, ..Texts::default() };
            format!("{:#}", Messages { texts, ..Messages::default() }.check().unwrap_err())
        };
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

    #[test]
    fn a_claim_must_outlast_the_calls_of_every_gateway() {
        let kannel = |timeout_seconds| Gateway::Kannel(Kannel { timeout_seconds, ..Kannel::default() });
        let messages = Messages {
            order: vec!["a".into(), "b".into()],
            gateways: BTreeMap::from([("a".into(), kannel(30)), ("b".into(), kannel(30))]),
            ..Messages::default()
        };
        assert!(messages.check().unwrap_err().to_string().contains("claim_seconds must be more than 60"));
    }

    #[test]
    fn an_order_that_names_no_such_gateway_is_refused() {
        let refused = |order: &[&str]| {
            let order = order.iter().map(|name| (*name).to_owned()).collect();
            Messages { order, ..Messages::default() }.check().unwrap_err().to_string()
        };
        assert!(refused(&["file", "other"]).contains("messages.gateways.other is missing"));
        assert!(refused(&["file", "file"]).contains("twice"));
        assert!(refused(&[]).contains("no gateway"));
    }
}
