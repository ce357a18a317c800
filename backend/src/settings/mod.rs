//! What differs from place to place: one file, the environment, and files for secrets.
//!
//! Owns the reading and the checking. Refuses unknown keys and silent defaults for secrets: outside
//! the demo every secret must be given. Order: built-in defaults, then the TOML file, then variables
//! `MOTCUA__SECTION__KEY`. A secret may be given as `…_file`, the path of a file that holds it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use chrono::NaiveDate;
use data_encoding::BASE64;
use motcua_openapi::messages::TextLanguage;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::random::Random;
use crate::vault::Keys;

/// Everything that can be set. See `settings.example.toml` for each key with its words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// A folder for what the demo keeps: database, scans, messages, keys.
    pub data_dir: PathBuf,
    /// Made-up units and officers, keys generated on first start.
    pub demo: bool,
    /// The HTTP server.
    pub server: Server,
    /// The database.
    pub database: Database,
    /// Where scans are kept.
    pub store: Store,
    /// Keys.
    pub secrets: Secrets,
    /// Cost of password hashes.
    pub passwords: Passwords,
    /// Sign-in.
    pub sessions: Sessions,
    /// Passkeys of staff.
    pub passkeys: Passkeys,
    /// The place: its names and rules.
    pub place: Place,
    /// Drafts and scans.
    pub registrations: Registrations,
    /// One-time codes.
    pub otp: Otp,
    /// Text messages.
    pub messages: Messages,
    /// The request form.
    pub request_form: RequestForm,
    /// The citizens' own side.
    pub citizens: Citizens,
    /// The audit's chain.
    pub audit: Audit,
    /// Counts for administrators.
    pub dashboard: Dashboard,
    /// Uploaded lists of officers.
    pub imports: Imports,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data_dir: ".motcua".into(),
            demo: true,
            server: Server::default(),
            database: Database::default(),
            store: Store::default(),
            secrets: Secrets::default(),
            passwords: Passwords::default(),
            sessions: Sessions::default(),
            passkeys: Passkeys::default(),
            place: Place::default(),
            registrations: Registrations::default(),
            otp: Otp::default(),
            messages: Messages::default(),
            request_form: RequestForm::default(),
            citizens: Citizens::default(),
            audit: Audit::default(),
            dashboard: Dashboard::default(),
            imports: Imports::default(),
        }
    }
}

macro_rules! section {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $field_doc:literal])+ $field:ident: $type:ty = $default:expr,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name { $($(#[doc = $field_doc])+ pub $field: $type,)+ }
        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)+ }
            }
        }
    };
}

mod citizens;
mod messages;
mod texts;

pub use citizens::{Captchas, Certificate, Citizens, MobileSignature, NumberField, Resets, SignIn};
pub use messages::{Breaker, Caps, File, Gateway, JsonApi, JsonReports, Kannel, Messages, Twilio};
pub use texts::Texts;

section! {
    /// The HTTP server.
    Server {
        /// Address and port of the API.
        listen: String = "127.0.0.1:8080".into(),
        /// Worker threads; 0 = one a core.
        workers: usize = 0,
        /// The built SPA to serve beside the API; none = somebody else serves it.
        spa_dir: Option<PathBuf> = None,
        /// Address and port of `/metrics`, for Prometheus only; empty = nowhere.
        metrics_listen: String = String::new(),
        /// Whether a proxy in front sets X-Forwarded-For (then it is believed).
        behind_proxy: bool = false,
        /// Whether cookies are for HTTPS only. Off for plain HTTP on one machine.
        secure_cookies: bool = true,
        /// Seconds that requests under way get at shutdown.
        shutdown_seconds: u64 = 20,
    }
}

section! {
    /// The database.
    Database {
        /// `sqlite://…` or `postgres://…`; empty = SQLite in the data folder.
        url: SecretString = SecretString::default(),
        /// A file that holds the URL.
        url_file: Option<PathBuf> = None,
        /// Connections at most (PostgreSQL) or readers at most (SQLite).
        max_connections: u32 = 16,
    }
}

section! {
    /// Where scans are kept.
    Store {
        /// `file:///path`, `s3://bucket/prefix`, `memory:///`; empty = a folder in the data folder.
        url: String = String::new(),
        /// Options of the store by object_store's names, e.g. `aws_endpoint`, `aws_access_key_id`.
        options: BTreeMap<String, SecretString> = BTreeMap::new(),
        /// A file that holds `aws_secret_access_key`.
        secret_access_key_file: Option<PathBuf> = None,
    }
}

section! {
    /// Keys, each 32 bytes as base64. In the demo they are generated into the data folder.
    Secrets {
        /// The ring of sealing keys: id → key.
        seal: BTreeMap<u32, SecretString> = BTreeMap::new(),
        /// Key of blind indexes.
        index: SecretString = SecretString::default(),
        /// Key of one-time codes and form codes.
        mac: SecretString = SecretString::default(),
        /// Key that signs access tokens.
        token: SecretString = SecretString::default(),
        /// A TOML file with these keys instead.
        file: Option<PathBuf> = None,
    }
}

section! {
    /// Cost of Argon2id (OWASP's first choice by default) and how many run at once.
    Passwords {
        /// Memory a hash, KiB.
        memory_kib: u32 = 19_456,
        /// Passes.
        passes: u32 = 2,
        /// Hashes at once; 0 = one a core.
        at_once: usize = 0,
    }
}

section! {
    /// Sign-in of officers.
    Sessions {
        /// Minutes of an access token.
        access_minutes: i64 = 15,
        /// Hours of a session, however often it is refreshed.
        session_hours: i64 = 12,
        /// Sign-in tries an account in 15 minutes.
        tries_per_account: u32 = 10,
        /// Sign-in tries an address in 15 minutes.
        tries_per_address: u32 = 100,
        /// Whether an administrator must have a second factor: without one, the page leads them to enrol it and they
        /// can do nothing else.
        administrators_need_second_factor: bool = true,
        /// Days that a password sent to an officer works.
        sent_password_days: u32 = 7,
        /// The language of the texts that officers get.
        text_language: TextLanguage = TextLanguage::Vi,
    }
}

section! {
    /// Who we are to the passkeys of staff. Changing either makes every enrolled passkey useless.
    Passkeys {
        /// The domain that passkeys belong to.
        relying_party: String = "localhost".into(),
        /// The page's origin, of that domain or below; of `localhost` any port is taken.
        origin: String = "http://localhost:8080".into(),
    }
}

section! {
    /// The place: its names and rules.
    Place {
        /// Title bar.
        portal_name: String = "Cổng Dịch vụ công Quốc gia".into(),
        /// Under the title.
        portal_motto: String = "Kết nối, cung cấp thông tin và dịch vụ công mọi lúc, mọi nơi".into(),
        /// Printed before the date on the request form.
        locality: String = "Khánh Hòa".into(),
        /// A unit's name must contain one of these to be chosen for an account.
        unit_markers: Vec<String> = vec!["Bộ phận một cửa".into(), "Trung tâm phục vụ hành chính công".into()],
        /// Days on which no office works besides Saturday and Sunday, `2027-01-01`.
        holidays: Vec<NaiveDate> = Vec::new(),
        /// Whom to ask: name and office.
        helper_name: String = String::new(),
        /// Whom to ask: phone.
        helper_phone: String = String::new(),
        /// Whom to ask: e-mail.
        helper_email: String = String::new(),
    }
}

section! {
    /// Drafts and scans.
    Registrations {
        /// Hours that a draft is kept.
        draft_hours: u32 = 24,
        /// Largest scan in bytes.
        scan_max_bytes: u64 = 5 * 1024 * 1024,
        /// `host:port` of a clamd that looks at each scan; empty = none. Set, it must answer.
        clamd: String = String::new(),
        /// Seconds that the check of a scan may take.
        scan_check_seconds: u64 = 10,
        /// Days that the password sent to the citizen works.
        temporary_password_days: u32 = 7,
    }
}

section! {
    /// One-time codes: rules of `2-rules.md`.
    Otp {
        /// Seconds that a code is valid from when the gateway accepted it.
        valid_seconds: u32 = 120,
        /// Seconds before another code may be sent.
        resend_seconds: u32 = 30,
        /// Wrong tries that a code survives.
        max_tries: u32 = 5,
        /// Codes a registration an hour.
        per_registration_hour: u32 = 5,
        /// Codes a phone a day.
        per_phone_day: u32 = 10,
        /// Codes an officer an hour.
        per_officer_hour: u32 = 60,
    }
}

section! {
    /// The request form: replaced templates.
    RequestForm {
        /// A Typst file instead of the built-in one.
        pdf_template: Option<PathBuf> = None,
        /// A Word file with placeholders instead of the built-in one.
        docx_template: Option<PathBuf> = None,
    }
}

section! {
    /// The audit's chain.
    Audit {
        /// Seconds that an event waits before it is sealed, so that a slower one of the same moment goes first.
        lag_seconds: u32 = 5,
        /// Milliseconds between looks for events to seal.
        poll_millis: u64 = 1_000,
    }
}

section! {
    /// Counts for administrators.
    Dashboard {
        /// Seconds that refusals are counted in memory before they are written.
        flush_seconds: u32 = 5,
    }
}

section! {
    /// Uploaded lists of officers.
    Imports {
        /// Hours after which the rows of a list that was not applied are erased.
        keep_hours: u32 = 24,
        /// Passwords a minute that go to officers whom a list brings: all at once they would hold up citizens' codes.
        texts_per_minute: u32 = 300,
        /// Milliseconds between looks for a list to check or apply where nothing wakes it.
        poll_millis: u64 = 2_000,
    }
}

impl Settings {
    /// Reads the defaults, the file where one is named, and the environment.
    ///
    /// # Errors
    /// An unreadable file, an unknown key, a value of the wrong type: each names the key.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Self> {
        let mut builder = config::Config::builder();
        if let Some(file) = file {
            builder = builder.add_source(config::File::from(file).format(config::FileFormat::Toml));
        }
        let environment = config::Environment::with_prefix("MOTCUA")
            .prefix_separator("__")
            .separator("__")
            .try_parsing(true)
            .list_separator(",")
            .with_list_parse_key("messages.order")
            .with_list_parse_key("place.holidays")
            .with_list_parse_key("place.unit_markers");
        let settings: Self = builder
            .add_source(environment)
            .build()
            .and_then(config::Config::try_deserialize)
            .context("the settings cannot be read")?;
        let settings = settings.with_secret_files()?;
        settings.messages.check()?;
        settings.citizens.check(settings.server.behind_proxy)?;
        Ok(settings)
    }

    /// The settings of a demo that keeps everything in `data_dir`.
    pub fn demo(data_dir: &Path) -> Self {
        let mut settings = Self { data_dir: data_dir.to_owned(), ..Self::default() };
        settings.server.secure_cookies = false;
        settings
    }

    /// The database's URL.
    pub fn database_url(&self) -> String {
        match self.database.url.expose_secret() {
            "" => format!("sqlite://{}?mode=rwc", self.data_dir.join("motcua.db").display()),
            url => url.to_owned(),
        }
    }

    /// The folder where a `file` gateway without a folder of its own writes.
    pub fn message_folder(&self) -> PathBuf {
        self.data_dir.join("messages")
    }

    /// The keys of the vault; in the demo they are made on first use and kept in the data folder.
    ///
    /// # Errors
    /// A key that is missing, or not 32 bytes in base64.
    pub fn keys(&self, random: &Random) -> anyhow::Result<(Keys, [u8; 32])> {
        let secrets = match &self.secrets.file {
            Some(file) => read_secrets(file)?,
            None if self.demo && self.secrets.seal.is_empty() => self.demo_secrets(random)?,
            None => self.secrets.clone(),
        };
        if secrets.seal.is_empty() {
            bail!("secrets.seal is missing: give at least one sealing key (`motcua keys` prints fresh ones)");
        }
        let seal = secrets
            .seal
            .iter()
            .map(|(id, key)| Ok((*id, key_bytes(&format!("secrets.seal.{id}"), key)?)))
            .collect::<anyhow::Result<_>>()?;
        let keys = Keys {
            seal,
            index: key_bytes("secrets.index", &secrets.index)?,
            mac: key_bytes("secrets.mac", &secrets.mac)?,
        };
        Ok((keys, key_bytes("secrets.token", &secrets.token)?))
    }

    fn demo_secrets(&self, random: &Random) -> anyhow::Result<Secrets> {
        let file = self.data_dir.join("keys.toml");
        if !file.exists() {
            std::fs::create_dir_all(&self.data_dir)
                .with_context(|| format!("the data folder {} cannot be made", self.data_dir.display()))?;
            write_private(&file, &fresh_secrets(random))
                .with_context(|| format!("{} cannot be written", file.display()))?;
        }
        read_secrets(&file)
    }

    fn with_secret_files(mut self) -> anyhow::Result<Self> {
        if let Some(url) = read_secret(self.database.url_file.as_deref())? {
            self.database.url = url;
        }
        self.messages.read_secret_files()?;
        self.citizens.read_secret_files()?;
        if let Some(key) = read_secret(self.store.secret_access_key_file.as_deref())? {
            self.store.options.insert("aws_secret_access_key".into(), key);
        }
        Ok(self)
    }
}

fn read_secret(path: Option<&Path>) -> anyhow::Result<Option<SecretString>> {
    path.map(|path| {
        std::fs::read_to_string(path)
            .map(|text| SecretString::from(text.trim().to_owned()))
            .with_context(|| format!("the secret file {} cannot be read", path.display()))
    })
    .transpose()
}

/// A fresh set of keys as TOML.
pub fn fresh_secrets(random: &Random) -> String {
    let key = || BASE64.encode(&random.bytes::<32>());
    format!("index = \"{}\"\nmac = \"{}\"\ntoken = \"{}\"\n\n[seal]\n1 = \"{}\"\n", key(), key(), key(), key())
}

fn read_secrets(file: &Path) -> anyhow::Result<Secrets> {
    config::Config::builder()
        .add_source(config::File::from(file).format(config::FileFormat::Toml))
        .build()
        .and_then(config::Config::try_deserialize)
        .with_context(|| format!("the keys in {} cannot be read", file.display()))
}

fn key_bytes(name: &str, key: &SecretString) -> anyhow::Result<[u8; 32]> {
    let bytes = BASE64.decode(key.expose_secret().trim().as_bytes()).ok();
    bytes.and_then(|bytes| bytes.try_into().ok()).with_context(|| format!("{name} must be 32 bytes in base64"))
}

/// Writes a file that only its owner can read.
pub fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let folder = std::env::temp_dir().join(format!("motcua-settings-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("settings.toml");
        std::fs::write(&file, "[otp]\nvalid_second = 60\n").unwrap();
        let error = format!("{:#}", Settings::load(Some(&file)).unwrap_err());
        assert!(error.contains("valid_second"), "{error}");
        std::fs::remove_dir_all(&folder).unwrap();
    }

    fn example(path: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
    }

    /// The example's values are the defaults, key by key as far as Debug shows them.
    #[test]
    fn the_example_file_says_the_defaults() {
        let settings = Settings::load(Some(&example("settings.example.toml"))).unwrap();
        assert_eq!(format!("{settings:#?}"), format!("{:#?}", Settings::default()));
    }

    #[test]
    fn the_example_gateways_are_read_and_opened() {
        for name in ["key-in-body", "bearer-and-callback"] {
            let text = std::fs::read_to_string(example(&format!("deploy/gateways/{name}.toml"))).unwrap();
            let without_files: String =
                text.lines().filter(|line| !line.starts_with("secret_file")).collect::<Vec<_>>().join("\n");
            let with_secrets = without_files
                .replace("header =", "secret = \"bi mat\"\nheader =")
                .replace("timeout_seconds", "secret = \"khoa\"\ntimeout_seconds");
            let settings = read_toml(&with_secrets);
            settings.messages.check().unwrap();
            let clock = crate::clock::Clock::system();
            let gateways = crate::messages::gateways::Gateways::open(&settings, &clock).unwrap();
            assert!(gateways.named("domestic").unwrap().reports(), "{name}");
        }
    }

    #[test]
    fn a_gateway_is_told_from_another_by_its_kind() {
        let settings = read_toml("[messages]\norder = [\"a\"]\n[messages.gateways.a.kannel]\nfrom = 8088\n");
        assert!(matches!(&settings.messages.gateways["a"], Gateway::Kannel(kannel) if kannel.from == "8088"));
    }

    fn read_toml(text: &str) -> Settings {
        let source = config::File::from_str(text, config::FileFormat::Toml);
        config::Config::builder().add_source(source).build().unwrap().try_deserialize().unwrap()
    }

    #[test]
    fn outside_the_demo_a_missing_key_is_named() {
        let settings = Settings { demo: false, ..Settings::default() };
        let error = settings.keys(&Random::system().unwrap()).err().unwrap();
        assert!(error.to_string().contains("secrets.seal"), "{error}");
    }
}
