//! A whole server in this process, on a free port, with a fresh database and a clock that the test moves.
//!
//! Owns starting, stopping and what a test may reach behind the API: its clock, its data folder, its
//! database's bytes. Refuses to call an operation: that is [`Client`]'s.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use motcua::app::{self, Running, Services};
use motcua::clock::Clock;
use motcua::officers::{self, NewOfficer};
use motcua::settings::Settings;
use motcua_openapi::messages::Message;
use motcua_openapi::sessions::Role;
use motcua_openapi::values::{PersonName, PhoneNumber};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};
use secrecy::SecretString;
use tempfile::TempDir;
use uuid::Uuid;

use crate::authenticator::{App, Apps};
use crate::client::Client;
use crate::contract::Contract;
use crate::engine::{Engine, Fresh, PostgresDatabase};
use crate::log;
use crate::phone::Phones;

/// When every test begins: Monday 2 March 2026, 09:00 at the desk.
pub const START: &str = "2026-03-02T02:00:00Z";

/// A server that runs for one test.
pub struct Desk {
    running: Option<Running>,
    clock: Clock,
    settings: Settings,
    http: reqwest::Client,
    contract: Arc<Contract>,
    password: String,
    apps: Apps,
    // Dropped after everything that uses them.
    _database: Option<PostgresDatabase>,
    folder: TempDir,
}

impl Desk {
    /// A server with the demo's officers, or `None` where this engine is left out of the run.
    pub async fn open(engine: Engine) -> Option<Self> {
        Self::open_with(engine, |_| {}).await
    }

    /// The same with other settings.
    pub async fn open_with(engine: Engine, change: impl FnOnce(&mut Settings)) -> Option<Self> {
        prepare_process();
        let database = engine.fresh_database().await?;
        let folder = tempfile::Builder::new().prefix("motcua-test-").tempdir().expect("a folder");
        let mut settings = fast_settings(folder.path());
        let database = match database {
            Fresh::InTheDataFolder => None,
            Fresh::OnPostgres(database) => {
                settings.database.url = database.url().into();
                Some(database)
            }
        };
        change(&mut settings);
        let clock = Clock::manual(START.parse().expect("a time"));
        let running = app::start(settings.clone(), clock.clone()).await.expect("the server starts");
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let contract = Arc::new(Contract::served_at(&http, &base(&running)).await);
        let sign_in = std::fs::read_to_string(motcua::demo::sign_in_file(&settings)).expect("the demo's sign-in");
        let password = sign_in.lines().nth(1).expect("a password").to_owned();
        let running = Some(running);
        Some(Self {
            running,
            clock,
            settings,
            http,
            contract,
            password,
            apps: Apps::default(),
            _database: database,
            folder,
        })
    }

    /// Stops the server as SIGTERM would.
    ///
    /// # Panics
    /// Where it does not end well.
    pub async fn stop(&mut self) {
        // Idle connections would keep the server waiting.
        self.http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        self.running.take().expect("it runs").stop().await.expect("it stops");
    }

    /// Starts it again on the same data, after `change`.
    ///
    /// # Panics
    /// Where it does not start.
    pub async fn start_again(&mut self, change: impl FnOnce(&mut Settings)) {
        assert!(self.running.is_none(), "stop it first");
        change(&mut self.settings);
        self.running =
            Some(app::start(self.settings.clone(), self.clock.clone()).await.expect("the server starts again"));
    }

    fn running(&self) -> &Running {
        self.running.as_ref().expect("it runs")
    }

    /// What the server is made of, for what no operation does.
    pub fn services(&self) -> &Services {
        &self.running().services
    }

    /// The server's time.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The server's clock, for another server beside it.
    pub fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// Moves the server's clock forward.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Moves the server's clock to the next attempt at a message.
    ///
    /// # Panics
    /// Where none is planned.
    pub fn advance_to_next_attempt(&self, message: &Message) {
        let next = message.next_attempt_at.unwrap_or_else(|| panic!("no other attempt is planned: {message:?}"));
        self.advance(next - self.now());
    }

    /// The contract that answers are held against.
    pub fn contract(&self) -> &Contract {
        &self.contract
    }

    /// The settings it was started with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The phones of the citizens: what the `file` gateway wrote.
    pub fn phones(&self) -> Phones {
        Phones::of(self.settings.message_folder())
    }

    /// The password of every officer.
    pub fn password(&self) -> &str {
        &self.password
    }

    /// `http://127.0.0.1:port`
    pub fn base(&self) -> String {
        base(self.running())
    }

    /// Somebody who is not signed in.
    pub fn visitor(&self) -> Client {
        self.visitor_at(&self.base())
    }

    /// The same at another server on the same data.
    pub fn visitor_at(&self, base: &str) -> Client {
        Client::new(self.http.clone(), base.to_owned(), self.contract.clone())
    }

    /// A second server on the same data, with the same clock.
    ///
    /// # Panics
    /// Where it does not start.
    pub async fn second_server(&self) -> Running {
        app::start(self.settings.clone(), self.clock.clone()).await.expect("the second server starts")
    }

    /// An officer who is: `minh` and `hoa` of one agency, two desks; `nam` of another agency; `an` administers
    /// the agency of the first two; `binh` audits it. Who must have a second factor enrols an authenticator app the
    /// first time and signs in by it from then on.
    pub async fn sign_in(&self, username: &str) -> Client {
        if let Some(app) = self.apps.of(username) {
            return self.visitor().signed_in_with_code(username, &self.password, &self.code(&app).await).await;
        }
        let client = self.visitor().signed_in(username, &self.password).await;
        let role = self.rows("SELECT role FROM officers WHERE username = $1", [username.into()]).await;
        let role: String = role.first().expect("that officer").try_get("", "role").unwrap();
        if role == Role::Administrator.as_str() && self.settings.sessions.administrators_need_second_factor {
            self.apps.keep(username, client.enrolled_app(&self.password, self.now()).await);
        }
        client
    }

    /// What the app of somebody who has signed in here before shows now.
    ///
    /// # Panics
    /// Where they have none.
    pub async fn app_code(&self, username: &str) -> String {
        let app = self.apps.of(username).unwrap_or_else(|| panic!("{username} has no app yet"));
        self.code(&app).await
    }

    /// What an app shows now. The clock of a test stands still, so the steps that were used are forgotten first.
    async fn code(&self, app: &App) -> String {
        self.rows("UPDATE second_factors SET counter = -1 WHERE kind = 'totp'", []).await;
        app.code_at(self.now())
    }

    /// A further officer in the agency of `like`, assigned to `units`; sign in by the common password.
    pub async fn add_officer(&self, username: &str, full_name: &str, like: &str, units: Vec<Uuid>) -> Uuid {
        let agency = self.rows("SELECT agency_id FROM officers WHERE username = $1", [like.into()]).await;
        let new = NewOfficer {
            username: username.to_owned(),
            full_name: PersonName::parse(full_name).unwrap(),
            phone: Some(PhoneNumber::parse("0905437199").unwrap()),
            password: SecretString::from(self.password.clone()),
            role: Role::Officer,
            agency_id: agency.first().expect("that officer").try_get("", "agency_id").unwrap(),
            units,
        };
        officers::authorise(self.services(), new).await.expect("an officer is authorised")
    }

    /// A further unit at the top.
    pub async fn add_unit(&self, name: &str) -> Uuid {
        motcua::units::add(self.services(), None, name).await.expect("a unit is added")
    }

    /// The rows of a query, for what no operation shows.
    pub async fn rows(&self, query: &str, values: impl IntoIterator<Item = sea_orm::Value> + Send) -> Vec<QueryResult> {
        let reader = self.services().database.reader();
        let statement = Statement::from_sql_and_values(reader.get_database_backend(), query, values);
        reader.query_all_raw(statement).await.expect("a query of the test")
    }

    /// Writes behind the server's back, as far as the database lets anybody.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn write(
        &self,
        statement: &str,
        values: impl IntoIterator<Item = sea_orm::Value> + Send,
    ) -> Result<(), sea_orm::DbErr> {
        let transaction = self.services().database.begin().await?;
        let engine = transaction.get_database_backend();
        transaction.execute_raw(Statement::from_sql_and_values(engine, statement, values)).await?;
        transaction.commit().await
    }

    /// The same as somebody who owns the database and has taken the guards off the audit.
    pub async fn tamper(&self, statements: &[&str]) {
        let guards: &[&str] = if self.is_postgres() {
            &["ALTER TABLE audit_events DISABLE TRIGGER USER"]
        } else {
            &["DROP TRIGGER IF EXISTS audit_events_no_delete", "DROP TRIGGER IF EXISTS audit_events_no_update"]
        };
        let transaction = self.services().database.begin().await.expect("a transaction");
        for statement in guards.iter().chain(statements) {
            transaction.execute_unprepared(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
        transaction.commit().await.expect("what was tampered with is committed");
    }

    /// How many audit events of an act there are.
    pub async fn audited(&self, act: &str) -> usize {
        self.rows("SELECT id FROM audit_events WHERE act = $1", [act.into()]).await.len()
    }

    /// Whether it runs on PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.services().database.reader().get_database_backend() == DbBackend::Postgres
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Every file below the data folder.
    pub fn files(&self) -> Vec<PathBuf> {
        files_below(self.folder())
    }
}

fn base(running: &Running) -> String {
    format!("http://{}", running.address)
}

/// The demo's settings, made quick: Argon2 costs next to nothing, the outbox is looked into often.
fn fast_settings(folder: &Path) -> Settings {
    let mut settings = Settings::demo(folder);
    settings.server.listen = "127.0.0.1:0".into();
    settings.server.workers = 2;
    settings.server.shutdown_seconds = 2;
    settings.database.max_connections = 8;
    settings.passwords = motcua::settings::Passwords { memory_kib: 64, passes: 1, at_once: 0 };
    settings.messages.poll_millis = 20;
    settings.citizens.reset.poll_millis = 20;
    settings.citizens.captcha.proof_cost = 2;
    settings.citizens.captcha.proof_tries = 20;
    settings
}

/// What is done once a process: two TLS stacks are linked, so one is chosen; the log is caught.
fn prepare_process() {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    log::catch();
}

/// Every file below a folder.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry")) {
        if entry.file_type().expect("a type").is_dir() {
            found.extend(files_below(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}
