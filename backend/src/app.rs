//! The house: its services, its routes, its start and its end.
//!
//! Owns the wiring. Refuses rules of any feature. Shutdown drains first (requests under way, the
//! message being sent), then ends.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::{Condition, DefaultHeaders, from_fn};
use actix_web::{App as ActixApp, HttpServer, web};
use anyhow::Context;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::citizens::Signatures;
use crate::clock::Clock;
use crate::dashboard::{self, Refusals};
use crate::database::Database;
use crate::messages::gateways::Gateways;
use crate::messages::{self, Outbox};
use crate::objects::Objects;
use crate::officer_imports::{self, Imports};
use crate::passwords::Passwords;
use crate::random::Random;
use crate::second_factors::Passkeys;
use crate::sessions::TokenKey;
use crate::settings::Settings;
use crate::vault::Vault;
use crate::{audit, citizens, demo, house_keeping, monitoring, openapi, public, telemetry};
use motcua_request_form::{Templates, Typesetter};

/// What every verb may use. Cheap to clone.
#[derive(Clone)]
pub struct Services {
    /// The settings.
    pub settings: Arc<Settings>,
    /// Time.
    pub clock: Clock,
    /// Randomness.
    pub random: Random,
    /// The database.
    pub database: Database,
    /// Sealing and indexing.
    pub vault: Arc<Vault>,
    /// Argon2id.
    pub passwords: Passwords,
    /// Who we are to passkeys.
    pub passkeys: Arc<Passkeys>,
    /// Access tokens.
    pub token_key: Arc<TokenKey>,
    /// Scans.
    pub objects: Objects,
    /// Who sends texts.
    pub gateways: Arc<Gateways>,
    /// The outbox's bells.
    pub outbox: Arc<Outbox>,
    /// The bell of the lists of officers.
    pub imports: Arc<Imports>,
    /// Refusals counted and not written yet.
    pub refusals: Arc<Refusals>,
    /// The request form.
    pub typesetter: Arc<Typesetter>,
    /// Phones that sign, where that way of signing in is on.
    pub signatures: Option<Arc<Signatures>>,
}

impl Services {
    /// Opens everything that the settings name; the database is brought up to date.
    ///
    /// # Errors
    /// The first thing that cannot be opened, by name.
    pub async fn open(settings: Settings, clock: Clock) -> anyhow::Result<Self> {
        let random = Random::system()?;
        let (keys, token_key) = settings.keys(&random)?;
        if settings.demo {
            std::fs::create_dir_all(&settings.data_dir)?;
        }
        let vault = Arc::new(Vault::new(&keys, random.clone())?);
        let database = Database::connect(&settings.database_url(), settings.database.max_connections)
            .await
            .context("the database cannot be opened")?;
        database.migrate().await.context("the tables cannot be brought up to date")?;
        Ok(Self {
            clock: clock.clone(),
            passwords: Passwords::new(&settings.passwords)?,
            passkeys: Arc::new(Passkeys::open(&settings).context("the settings of passkeys")?),
            token_key: Arc::new(TokenKey::new(&token_key)),
            objects: Objects::open(&settings, vault.clone()).context("the store of scans cannot be opened")?,
            gateways: Arc::new(Gateways::open(&settings, &clock).context("the gateways cannot be opened")?),
            outbox: Arc::default(),
            imports: Arc::default(),
            refusals: Arc::default(),
            typesetter: Arc::new(typesetter(&settings).context("the request form's template")?),
            signatures: Signatures::open(&settings.citizens.mobile_signature)?.map(Arc::new),
            settings: Arc::new(settings),
            random,
            database,
            vault,
        })
    }

    /// A new id.
    pub fn new_id(&self) -> Uuid {
        self.random.id(&self.clock)
    }
}

fn typesetter(settings: &Settings) -> anyhow::Result<Typesetter> {
    let mut templates = Templates::default();
    if let Some(path) = &settings.request_form.pdf_template {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        templates = templates.with_pdf(path.display().to_string(), text);
    }
    if let Some(path) = &settings.request_form.docx_template {
        let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
        templates = templates.with_word(path.display().to_string(), bytes);
    }
    Ok(Typesetter::new(templates)?)
}

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its services, for tests and the demo's seeding.
    pub services: Services,
    server: ServerHandle,
    metrics: Option<ServerHandle>,
    served: JoinHandle<std::io::Result<()>>,
    background: Vec<JoinHandle<()>>,
    stop: CancellationToken,
}

/// Opens the services, binds the address and starts everything.
///
/// # Errors
/// Whatever cannot be opened or bound, by name.
pub async fn start(settings: Settings, clock: Clock) -> anyhow::Result<Running> {
    let services = Services::open(settings, clock).await?;
    if services.settings.demo {
        demo::seed(&services).await.context("the demo's units and officers")?;
    }
    let server = &services.settings.server;
    let (listen, workers, grace) = (server.listen.clone(), server.workers, server.shutdown_seconds);
    let data = web::Data::new(services.clone());
    let methods = web::Data::new(openapi::Methods::of(&openapi::document()));
    let mut http = HttpServer::new(move || {
        let spa_dir = data.settings.server.spa_dir.clone();
        ActixApp::new()
            .app_data(data.clone())
            .app_data(methods.clone())
            .app_data(web::QueryConfig::default().error_handler(|error, _| public::bad_query(&error).into()))
            .wrap(security_headers())
            .wrap(Condition::new(data.settings.server.secure_cookies, transport_security()))
            .wrap(from_fn(dashboard::count))
            .wrap(telemetry::request_logger())
            .configure(openapi::mount)
            .configure(|config| public::mount(config, spa_dir.as_deref()))
            .default_service(web::to(public::no_such_path))
    })
    .disable_signals()
    .shutdown_timeout(grace)
    .keep_alive(Duration::from_secs(75))
    .client_request_timeout(Duration::from_secs(10))
    .bind(&listen)
    .with_context(|| format!("cannot listen on {listen}"))?;
    if workers > 0 {
        http = http.workers(workers);
    }
    let address = http.addrs().first().copied().context("no address was bound")?;
    let metrics = monitoring::serve(&services)?.map(|server| {
        let handle = server.handle();
        tokio::spawn(server);
        handle
    });
    let running = http.run();
    let stop = CancellationToken::new();
    let background = vec![
        tokio::spawn(messages::run(services.clone(), stop.clone())),
        tokio::spawn(citizens::run(services.clone(), stop.clone())),
        tokio::spawn(house_keeping::run(services.clone(), stop.clone())),
        tokio::spawn(audit::run(services.clone(), stop.clone())),
        tokio::spawn(officer_imports::run(services.clone(), stop.clone())),
        tokio::spawn(dashboard::run(services.clone(), stop.clone())),
    ];
    let server = running.handle();
    Ok(Running { address, services, server, metrics, served: tokio::spawn(running), background, stop })
}

fn security_headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("X-Content-Type-Options", "nosniff"))
        .add(("Referrer-Policy", "no-referrer"))
        .add(("X-Frame-Options", "DENY"))
        .add(("Cross-Origin-Opener-Policy", "same-origin"))
        .add(("Permissions-Policy", "camera=(), microphone=(), geolocation=()"))
        .add(("Content-Security-Policy", public::CONTENT_SECURITY_POLICY))
}

fn transport_security() -> DefaultHeaders {
    DefaultHeaders::new().add(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))
}

impl Running {
    /// Waits until the server ends by itself or `signal` comes, then stops.
    ///
    /// # Errors
    /// Where the server failed.
    pub async fn until(mut self, signal: impl Future<Output = ()>) -> anyhow::Result<()> {
        tokio::select! {
            served = &mut self.served => return Ok(served??),
            () = signal => {}
        }
        self.stop().await
    }

    /// Takes no new request, lets those under way end, finishes the message being sent, closes the pools.
    ///
    /// # Errors
    /// Where the server failed.
    pub async fn stop(self) -> anyhow::Result<()> {
        // Streams would go on for minutes: they end first, their callers come back to another instance.
        self.services.outbox.close();
        self.server.stop(true).await;
        if let Some(metrics) = self.metrics {
            metrics.stop(false).await;
        }
        self.stop.cancel();
        for task in self.background {
            task.await?;
        }
        if !self.served.is_finished() {
            self.served.await??;
        }
        self.services.database.close().await;
        Ok(())
    }
}
